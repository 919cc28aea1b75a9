//! `conflict`: fields in which different values stand until a person decides. Made from the log; the values stay there.

use super::StoreError;
use rusqlite::{Connection, params};
use shared::conflict::FieldConflict;
use shared::kinds::RecordKind;
use shared::schema::RecordId;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What is sealed under keys that were destroyed nobody can decide any more.
static OPEN: LazyLock<String> = LazyLock::new(|| {
    let closed = RecordKind::ALL.iter().filter_map(|kind| {
        let sealed: Vec<String> = kind.sealed().map(|field| format!("'{}'", field.name)).collect();
        let owned = match kind.key_owner() {
            None => "record IN (SELECT elder FROM erased_elder)".to_owned(),
            Some(owner) => format!("record IN (SELECT id FROM {} WHERE \"{owner}\" IN (SELECT elder FROM erased_elder))", kind.code()),
        };
        (!sealed.is_empty()).then(|| format!("(kind = '{}' AND field IN ({}) AND {owned})", kind.code(), sealed.join(", ")))
    });
    format!("FROM conflict WHERE NOT ({})", closed.collect::<Vec<_>>().join(" OR "))
});

/// Writes what is open in a record, in place of what stood there.
pub(crate) fn put(connection: &Connection, kind: RecordKind, record: RecordId, open: &[FieldConflict]) -> Result<(), StoreError> {
    remove(connection, kind, record)?;
    let mut insert = connection.prepare_cached("INSERT INTO conflict (record, kind, field, at) VALUES (?1, ?2, ?3, ?4)")?;
    for conflict in open {
        insert.execute(params![record.bytes(), kind.code(), conflict.field.name, conflict.at()])?;
    }
    Ok(())
}

/// Takes away what stands there of a record.
pub(crate) fn remove(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM conflict WHERE record = ?1 AND kind = ?2")?.execute(params![record.bytes(), kind.code()])?;
    Ok(())
}

/// Takes all away.
pub(crate) fn clear(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM conflict", [])?;
    Ok(())
}

/// Record, field and time of all.
pub(crate) type Row = (RecordKind, RecordId, String, i64);

/// All, to be held against the log.
pub(crate) fn all(connection: &Connection) -> Result<BTreeSet<Row>, StoreError> {
    rows(connection, "SELECT kind, record, field, at FROM conflict", params![]).map(|rows| rows.into_iter().collect())
}

/// A page of those that wait for a person, the latest first.
pub(crate) fn page(connection: &Connection, limit: u32, offset: u32) -> Result<Vec<Row>, StoreError> {
    let sql = format!("SELECT kind, record, field, at {} ORDER BY at DESC, record, kind, field LIMIT ?1 OFFSET ?2", *OPEN);
    rows(connection, &sql, params![limit, offset])
}

fn rows(connection: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(values, |row| {
        let kind = RecordKind::of_code(&row.get::<_, String>(0)?);
        Ok(kind.map(|kind| Ok::<_, rusqlite::Error>((kind, RecordId(uuid::Uuid::from_bytes(row.get(1)?)), row.get(2)?, row.get(3)?))))
    })?;
    let mut rows = Vec::new();
    for row in found {
        rows.extend(row?.transpose()?);
    }
    Ok(rows)
}

/// How many wait for a person.
pub(crate) fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached(&format!("SELECT count(*) {}", *OPEN))?.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, Inner};
    use crate::features::status::status;
    use shared::crdt::{self, ActorId};
    use shared::schema::{Fields, Value};
    use shared::sync::client_store::{Arrived, ClientStore};
    use shared::wire::WireChange;

    fn order(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).into(), Value::Text((*value).into()))).collect()
    }

    /// An order of which three offices said three things apart.
    fn apart(record: RecordId) -> Vec<WireChange> {
        let first = crdt::first_change(&ActorId::from([7; 16]), &order(&[("number", "1-0019"), ("state", "placed")]), 5).bytes;
        let edit = |by: u8, pairs: &[(&str, &str)]| {
            crdt::next_change(&ActorId::from([by; 16]), std::slice::from_ref(&first), &order(pairs), i64::from(by)).unwrap().bytes
        };
        let said = [edit(8, &[("note", "甲"), ("state", "out")]), edit(9, &[("note", "乙")]), edit(10, &[("state", "cancelled")])];
        let wire = |bytes: Vec<u8>| WireChange { kind: "meal_order".into(), record: *record.0.as_bytes(), bytes };
        std::iter::once(first.clone()).chain(said).map(wire).collect()
    }

    fn apply(desk: &Inner, changes: &[WireChange]) {
        desk.apply(&Arrived { sent: &[], refused: &[], changes, session: None }).unwrap();
    }

    #[test]
    fn made_anew_from_the_log_the_list_is_the_same_whatever_the_order() {
        let record = RecordId(uuid::Uuid::from_bytes([3; 16]));
        let changes = apart(record);
        let name = |field: &str, at| (RecordKind::Order, record, field.to_owned(), at);
        let expect = BTreeSet::from([name("note", 9), name("state", 10)]);
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            for piece in [1, 2, 4] {
                let folder = tempfile::tempdir().unwrap();
                let desk = Desk::open(folder.path()).unwrap();
                let shuffled: Vec<WireChange> = order.iter().map(|at| changes[*at].clone()).collect();
                shuffled.chunks(piece).for_each(|some| apply(&desk.0, some));
                assert_eq!(desk.0.read(all).unwrap(), expect);
                assert_eq!((desk.check().unwrap().len(), status(&desk.0.look()).unwrap().conflicts), (0, 2));
                desk.0.transact(|store| Ok(store.execute("UPDATE conflict SET at = 1 WHERE field = 'note'", [])?)).unwrap();
                assert_eq!((desk.check().unwrap().len(), desk.rebuild().unwrap()), (1, 1));
                desk.0.transact(|store| clear(store)).unwrap();
                assert_eq!((desk.check().unwrap().len(), desk.rebuild().unwrap()), (1, 1));
                assert_eq!(desk.0.read(all).unwrap(), expect);
            }
        }
    }

    #[test]
    fn what_leaves_takes_its_conflicts_along() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let record = RecordId(uuid::Uuid::from_bytes([3; 16]));
        let mut changes = apart(record);
        changes.push(WireChange { bytes: Vec::new(), ..changes[0].clone() });
        apply(&desk.0, &changes);
        assert_eq!(desk.0.read(all).unwrap(), BTreeSet::new());
        assert_eq!(desk.check().unwrap(), Vec::<String>::new());
    }
}
