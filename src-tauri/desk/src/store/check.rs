//! Whether the file is whole, and what is needed to hold rows against the log.

use super::{StoreError, row};
use rusqlite::Connection;
use rusqlite::types::Value;
use shared::kinds::RecordKind;
use shared::schema::RecordId;

/// The pages of the file whose sum does not fit, by number. After a power cut or on a full disk the file may hold half a page that
/// the log of writes holds whole: that has to be in the file before.
pub(crate) fn rotten_pages(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(found.iter().map(|line| line.rsplit(' ').next().unwrap_or(line).to_owned()).collect())
}

/// Brings the log of writes into the file; tells whether all of it is there now.
pub(crate) fn log_is_in_the_file(connection: &Connection) -> bool {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)).is_ok_and(|busy| !busy)
}

/// What SQLite finds damaged; nothing where all is well.
pub(crate) fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// The row of a record as it stands, column by column.
pub(crate) fn row(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<Vec<Value>, StoreError> {
    let (column, value) = row::key(kind);
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {} WHERE {column} = {value}", kind.code()))?;
    let columns = statement.column_count();
    let mut rows = statement.query([record.bytes()])?;
    match rows.next()? {
        Some(row) => Ok((0..columns).map(|at| row.get(at)).collect::<Result<_, _>>()?),
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::tests::{apply, price};
    use crate::desk::{Desk, Inner};
    use crate::journal::Mutation;
    use shared::kinds::Operator;
    use shared::sync::client_store::ClientStore;
    use shared::wire::WireChange;

    fn all_rows(desk: &Inner) -> Vec<Vec<Value>> {
        let mut rows = Vec::new();
        for kind in RecordKind::ALL.iter().filter(|kind| kind.has_row() && kind.leaves_the_server()) {
            let read = |store: &Connection| {
                let mut statement = store.prepare(&format!("SELECT * FROM {} ORDER BY id", kind.code()))?;
                let columns = statement.column_count();
                let found = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>())?;
                Ok(found.collect::<Result<Vec<_>, _>>()?)
            };
            rows.extend(desk.read(read).unwrap());
        }
        rows
    }

    #[test]
    fn rows_made_anew_from_the_log_are_the_same_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        desk.bench(40).unwrap();
        let operator = Operator { name: "康养".into(), licence: None, phone: None };
        desk.0.commit(&[Mutation::create(desk.0.new_id(), &operator)]).unwrap();
        let whole = all_rows(&desk.0);
        assert_eq!((whole.len(), desk.check().unwrap().len(), desk.rebuild().unwrap()), (42, 0, 0));

        let spoil = |store: &rusqlite::Transaction<'_>| {
            store.execute_batch(
                "UPDATE meal_order SET note = 'x' WHERE seq = (SELECT min(seq) FROM meal_order);
                 UPDATE meal_order SET seq = 1000 WHERE seq = (SELECT max(seq) FROM meal_order);
                 INSERT INTO operator (id, name) VALUES (x'00112233445566778899aabbccddeeff', 'nobody');",
            )?;
            Ok(())
        };
        desk.0.transact(spoil).unwrap();
        assert_eq!(desk.check().unwrap().len(), 3);
        assert_ne!(all_rows(&desk.0), whole, "looking changes nothing");
        assert_eq!(desk.rebuild().unwrap(), 3);
        assert_eq!((all_rows(&desk.0), desk.check().unwrap().len()), (whole, 0));
    }

    #[test]
    fn what_an_older_program_kept_is_shown_once_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let (record, bytes) = price();
        let desk = Desk::open(folder.path()).unwrap();
        apply(&desk, &WireChange { kind: "menu_price".into(), record: *record.0.as_bytes(), bytes });
        let row = |desk: &Desk| desk.0.read(|store| crate::store::row::read(store, RecordKind::MenuPrice, record)).unwrap();
        let (known, digest) = (row(&desk), desk.0.digest().unwrap());
        assert_eq!(known.as_ref().and_then(|fields| fields.get("price").cloned()), Some(shared::schema::Value::Int(1200)));
        // As a program leaves it that does not know the kind.
        let unlearn = |store: &rusqlite::Transaction<'_>| {
            store.execute("UPDATE change_log SET kind = 'menu_price' WHERE kind = ?1", [RecordKind::MenuPrice.number])?;
            store.execute("DELETE FROM menu_price", [])?;
            let mut last = shared::schema::digests();
            last.remove("menu_price");
            crate::store::fact::set_declared(store, &last)
        };
        desk.0.transact(unlearn).unwrap();
        assert_eq!((row(&desk), desk.0.digest().unwrap()), (None, digest));
        drop(desk);
        let desk = Desk::open(folder.path()).unwrap();
        assert_eq!((row(&desk), desk.0.digest().unwrap()), (known, digest));
        assert_eq!(desk.check().unwrap(), Vec::<String>::new());
        // A field that an older program did not know: its rows are made anew too.
        desk.0.transact(|store| Ok(store.execute("UPDATE menu_price SET name = NULL", [])?)).unwrap();
        let forget = |store: &rusqlite::Transaction<'_>| {
            let mut last = shared::schema::digests();
            last.insert("menu_price".into(), "another".into());
            crate::store::fact::set_declared(store, &last)
        };
        desk.0.transact(forget).unwrap();
        drop(desk);
        let desk = Desk::open(folder.path()).unwrap();
        assert_eq!(row(&desk).and_then(|fields| fields.get("name").cloned()), Some(shared::schema::Value::Text("软饭".into())));
    }
}
