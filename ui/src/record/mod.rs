//! How records read on every program: an order in words, the tags of its state, who said a value. Nothing here asks
//! anybody for anything.

pub mod facts;
pub mod ledger;
pub mod meals;
pub mod tag;
pub mod version_origin;

use shared::kinds::RecordKind;

/// What a field is called, as its kind declares it.
pub fn field_said(kind: RecordKind, name: &str) -> &'static str {
    kind.label_of(name).said()
}
