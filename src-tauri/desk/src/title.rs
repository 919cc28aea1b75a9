//! What records are called in front of people, and who can put a name to codes and ids on this desk.

use crate::desk::Inner;
use crate::store::{StoreError, elder, master, row, staff};
use rusqlite::Connection;
use shared::kinds::RecordKind;
use shared::say;
use shared::schema::{IdFrom, KindId, Names, RecordId, Scope, name, title};
use shared::words::language;

/// The names that this desk's store knows.
pub(crate) struct Named<'a>(pub(crate) &'a Connection);

impl Names for Named<'_> {
    fn canteen(&self, code: &str) -> Option<String> {
        master::canteen(self.0, code).ok()?.map(|canteen| canteen.name)
    }

    fn record(&self, kind: RecordKind, id: RecordId) -> Option<String> {
        let Some(fields) = row::read(self.0, kind, id).ok()? else { return elder::former_name(self.0, id).ok()? };
        // What is named in a name is not named in turn: records may refer to each other.
        Some(name(&kind, &fields, language(), &shared::schema::Unnamed)).filter(|name| !name.is_empty())
    }

    fn person(&self, mark: &[u8; 4], made_at: i64) -> Option<String> {
        staff::called(self.0, mark, made_at).ok()?
    }
}

/// The kind by whose row a record is called: its own, or that of the record to which it belongs.
fn called_by(kind: RecordKind) -> RecordKind {
    match (kind.scope, kind.id) {
        (Scope::With(owner), _) | (_, IdFrom::Kind(owner)) => owner,
        _ => kind,
    }
}

impl Inner {
    /// What a record is called in front of people: 订单 12-0173 · 王桂英 · 11月22日午餐.
    pub(crate) fn title(&self, kind: Option<KindId>, record: RecordId) -> String {
        let Some(kind) = kind.and_then(KindId::known) else { return say!(record::untitled(record)) };
        let read = |store: &Connection| {
            let by = called_by(kind);
            let titled = row::read(store, by, record)?.map(|fields| title(&by, kind.title, &fields, language(), &Named(store)));
            Ok::<_, StoreError>(match titled {
                Some(titled) => Some(titled),
                None => elder::former_name(store, record)?.map(|name| format!("{} {name}", kind.said())),
            })
        };
        self.read(read).ok().flatten().filter(|titled| titled != kind.said()).unwrap_or_else(|| format!("{} {record}", kind.said()))
    }
}
