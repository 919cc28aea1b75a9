//! The tables of records, made as their kinds are declared when a file is opened. Columns that stand in no declaration are left alone.

use super::{StoreError, fact};
use rusqlite::{Connection, TransactionBehavior};
use shared::kinds::RecordKind;
use shared::schema::{Column, IdFrom, Layout, Missing, Tables, index_name};

/// Makes what is declared and not there; a file in which nothing is missing is only looked at.
pub(super) fn follow(connection: &mut Connection) -> Result<(), StoreError> {
    if fact::declared(connection)?.keys().any(|code| RecordKind::of_code(code).is_none()) {
        return Err(StoreError::Newer);
    }
    if missing(connection)?.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut declared = fact::declared(&transaction)?;
    // Another program may have been here in between.
    for missing in missing(&transaction)? {
        transaction.execute_batch(&made(missing))?;
        if let Missing::Table(kind) | Missing::Column(kind, _) = missing
            && let Some(digest) = declared.get_mut(kind.code())
        {
            // The rows are not what the declaration makes of the log: they are made anew.
            digest.clear();
        }
    }
    if !declared.is_empty() {
        fact::set_declared(&transaction, &declared)?;
    }
    Ok(transaction.commit()?)
}

fn missing(connection: &Connection) -> Result<Vec<Missing>, StoreError> {
    let mut columns = connection.prepare(
        "SELECT t.name, coalesce(c.name, ''), coalesce(c.type, '') FROM sqlite_schema t LEFT JOIN pragma_table_info(t.name) c \
         WHERE t.type IN ('table', 'index')",
    )?;
    let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let tables: Tables = columns.collect::<Result<_, _>>()?;
    let kinds = RecordKind::ALL.iter().filter(|kind| kind.has_row() && kind.leaves_the_server());
    Ok(kinds.flat_map(|kind| tables.missing(*kind, kind.desk_indexes, ty)).collect())
}

const fn ty(column: Column) -> &'static str {
    match column {
        Column::Integer | Column::YesNo => "INTEGER",
        Column::Text | Column::Set => "TEXT",
        Column::Id => "BLOB",
    }
}

/// The statements that make it.
fn made(missing: Missing) -> String {
    match missing {
        Missing::Table(kind) => {
            let table = kind.code();
            let key = match kind.layout {
                Layout::ById => "id BLOB PRIMARY KEY",
                // Found by id through the log's own index.
                Layout::AsTheyCame => "seq INTEGER PRIMARY KEY, id BLOB NOT NULL",
            };
            // Whose id is another record's lies by id: no index beside the rows.
            let rest = if matches!((kind.id, kind.layout), (IdFrom::Kind(_), Layout::ById)) { " WITHOUT ROWID" } else { "" };
            let columns: String = kind.fields.iter().map(|field| format!(", \"{}\" {}", field.name, ty(field.ty.column()))).collect();
            format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({key}{columns}){rest}")
        }
        Missing::Column(kind, field) => format!("ALTER TABLE {} ADD COLUMN \"{}\" {}", kind.code(), field.name, ty(field.ty.column())),
        Missing::Index(kind, fields) => {
            format!("CREATE INDEX {} ON {} (\"{}\")", index_name(kind, fields), kind.code(), fields.join("\", \""))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::apply;
    use crate::desk::{Desk, Inner};
    use crate::store::{FILE, open_writer, row};
    use shared::crdt::{ActorId, first_change};
    use shared::schema::arbitrary::Seeded;
    use shared::schema::{Fields, digests};
    use shared::sync::client_store::ClientStore;
    use shared::wire::WireChange;
    use std::collections::BTreeSet;

    fn kinds() -> impl Iterator<Item = RecordKind> {
        RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.leaves_the_server())
    }

    fn rows(desk: &Inner) -> Vec<(RecordKind, Fields)> {
        let of = |store: &Connection, kind: RecordKind| {
            let mut rows = store.prepare(&format!("SELECT * FROM {} ORDER BY id", kind.code()))?;
            let rows = rows.query_map([], |row| Ok((kind, row::of(kind, row)?)))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        };
        kinds().flat_map(|kind| desk.read(|store| of(store, kind)).unwrap()).collect()
    }

    fn schema(desk: &Inner) -> BTreeSet<String> {
        let of = |store: &Connection| {
            let mut names = store.prepare(
                "SELECT t.name || '.' || coalesce(c.name || ' ' || c.type, '') FROM sqlite_schema t LEFT JOIN pragma_table_info(t.name) c",
            )?;
            let names = names.query_map([], |row| row.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        };
        desk.read(of).unwrap()
    }

    #[test]
    fn what_a_file_lacks_is_made_and_filled_from_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let mut seeded = Seeded(20_261_127);
        for (number, kind) in (0..3).flat_map(|number| kinds().map(move |kind| (number, kind))) {
            let bytes = first_change(&ActorId::from([7; 16]), &seeded.record(kind, "C001", "445381001"), 1).bytes;
            apply(&desk, &WireChange { kind: kind.code().into(), record: [number * 16 + kind.number; 16], bytes });
        }
        let (filled, whole, digest) = (rows(&desk.0), schema(&desk.0), desk.0.digest().unwrap());
        assert_eq!(filled.len(), 3 * kinds().count());
        let all: String = kinds().map(|kind| format!("DROP TABLE {};", kind.code())).collect();
        for lacks in [
            all.as_str(),
            "DROP INDEX binding_by_elder",
            "ALTER TABLE meal_order DROP COLUMN note; ALTER TABLE receipt DROP COLUMN photos; ALTER TABLE elder DROP COLUMN id_number",
            // Of another type.
            "DROP TABLE canteen; CREATE TABLE canteen (id BLOB PRIMARY KEY, operator TEXT); INSERT INTO canteen VALUES (x'07', 'x')",
        ] {
            let desk = Desk::open(folder.path()).unwrap();
            desk.0.transact(|store| Ok(store.execute_batch(lacks)?)).unwrap();
            assert_ne!(schema(&desk.0), whole);
            drop(desk);
            let desk = Desk::open(folder.path()).unwrap();
            assert_eq!((rows(&desk.0), schema(&desk.0), desk.0.digest().unwrap()), (filled.clone(), whole.clone(), digest), "{lacks}");
            assert_eq!(desk.check().unwrap(), Vec::<String>::new(), "{lacks}");
        }
        // A newer program's column stays, and what it holds.
        let newer = "ALTER TABLE operator ADD COLUMN later INTEGER; UPDATE operator SET later = 7; DROP TABLE canteen";
        desk.0.transact(|store| Ok(store.execute_batch(newer)?)).unwrap();
        drop(desk);
        let desk = Desk::open(folder.path()).unwrap();
        let later = |store: &Connection| Ok(store.query_row("SELECT sum(later) FROM operator", [], |row| row.get::<_, i64>(0))?);
        assert_eq!((desk.0.read(later).unwrap(), rows(&desk.0)), (21, filled));
    }

    #[test]
    fn a_file_in_which_nothing_is_missing_is_only_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = || std::fs::read(folder.path().join(FILE)).unwrap();
        drop(open_writer(folder.path(), &[7; 32]).unwrap());
        let before = bytes();
        let mut store = open_writer(folder.path(), &[7; 32]).unwrap();
        assert!(missing(&store).unwrap().is_empty() && store.total_changes() == 0 && bytes() == before);
        // Nor one that a program has written which knows more kinds, whatever else it lacks.
        let mut declared = digests();
        declared.insert("menu_of_2031".into(), "x".into());
        fact::set_declared(&store, &declared).unwrap();
        store.execute_batch("DROP TABLE meal_order").unwrap();
        assert!(matches!(follow(&mut store), Err(StoreError::Newer)));
        assert!(!missing(&store).unwrap().is_empty());
        drop(store);
        assert!(matches!(open_writer(folder.path(), &[7; 32]), Err(StoreError::Newer)));
    }

    #[test]
    fn no_kind_has_the_name_of_another_table() {
        let mut store = Connection::open_in_memory().unwrap();
        crate::store::migrate(&mut store).unwrap();
        let there =
            |kind: RecordKind| store.query_row("SELECT count(*) FROM sqlite_schema WHERE name = ?1", [kind.code()], |row| row.get(0));
        assert!(kinds().all(|kind| there(kind) == Ok(0)));
    }
}
