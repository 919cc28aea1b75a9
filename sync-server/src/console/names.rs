//! Who can put a name to codes and ids at the server.

use crate::store::Tx;
use shared::kinds::RecordKind;
use shared::schema::{Language, Names, RecordId, Unnamed, name};

/// The names that the server's rows know.
pub struct Named<'a, 't>(pub &'a Tx<'t>);

impl Names for Named<'_, '_> {
    fn canteen(&self, code: &str) -> Option<String> {
        self.0.canteen(code).ok()?.map(|site| site.name)
    }

    fn record(&self, kind: RecordKind, id: RecordId) -> Option<String> {
        let fields = self.0.row(kind, id.bytes()).ok()??;
        // What is named in a name is not named in turn: records may refer to each other.
        Some(name(&kind, &fields, Language::Zh, &Unnamed)).filter(|name| !name.is_empty())
    }
}
