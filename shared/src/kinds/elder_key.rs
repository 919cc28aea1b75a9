//! 长者密钥: the key under which an elder's sealed fields lie, wrapped for the towns that may read them.

use super::RecordKind;
use crate::schema::{Kind, Label, Scope};

/// As declared: no document and no row, but wrapped keys (`shared::seal`) under the id of their elder.
pub(super) static DECLARED: Kind = Kind::new("elder_key", 11, Label { zh: "长者密钥", en: "Elder's key" }, &[])
    .scope(Scope::With(RecordKind::Elder))
    .titled_by(&[])
    .wrapped_keys();
