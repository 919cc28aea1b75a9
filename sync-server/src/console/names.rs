//! Who can put a name to codes and ids at the server.

use crate::store::{Scope, Tx};
use shared::kinds::RecordKind;
use shared::schema::{Names, RecordId, Scope as Placed, Unnamed, language, name};

/// The names that the server's rows know, of what that scope sees: an id that somebody wrote somewhere does not open a record.
pub struct Named<'a, 't>(pub &'a Tx<'t>, pub &'a Scope);

impl Names for Named<'_, '_> {
    fn canteen(&self, code: &str) -> Option<String> {
        self.0.canteen(code).ok()?.map(|site| site.name)
    }

    fn record(&self, kind: RecordKind, id: RecordId) -> Option<String> {
        let seen = kind.scope == Placed::Everybody || self.0.granted(kind, id.bytes(), self.1).unwrap_or(false);
        let fields = seen.then(|| self.0.row(kind, id.bytes()).ok().flatten())??;
        // What is named in a name is not named in turn: records may refer to each other.
        Some(name(&kind, &fields, language(), &Unnamed)).filter(|name| !name.is_empty())
    }

    fn person(&self, mark: &[u8; 4], made_at: i64) -> Option<String> {
        let all = self.0.staff_marked(mark).ok()?.into_iter().filter_map(|id| RecordId::from_bytes(&id));
        all.filter(|id| id.made_at().is_none_or(|made| made <= made_at)).find_map(|id| self.record(RecordKind::Staff, id))
    }
}
