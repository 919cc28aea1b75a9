//! The desk's SQLite file: opening, migrating, and one module a table. All SQL of the desk stands
//! below this module; no rule does.

pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod elder;
pub(crate) mod fact;
pub(crate) mod import;
pub(crate) mod master;
pub(crate) mod order;
mod packed;
pub(crate) mod photo;
pub(crate) mod quarantine;
pub(crate) mod row;
pub(crate) mod wipe;

use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Why the store did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store failed")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the store could not be brought to this version")]
    Migration(#[from] refinery::Error),
    #[error("the store was made by another version of the program")]
    Newer,
    #[error("a record in the store does not merge")]
    Crdt(#[from] shared::crdt::CrdtError),
    #[error("a stored change does not unpack")]
    Packed,
    #[error("a record in the store is malformed")]
    Record(#[from] shared::record::Malformed),
}

mod embedded {
    refinery::embed_migrations!("../../migrations/desk");
}

const FILE: &str = "desk.sqlite";

/// Opens the one writing connection, migrated. "Saved" means fsynced: WAL with FULL.
pub(crate) fn open_writer(dir: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(dir.join(FILE))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    tune(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// Each migration and the note that it was done in one transaction: between two, a power cut would leave a store that
/// never opens again.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let done = embedded::migrations::runner().set_grouped(true).run(connection);
    done.map(drop).map_err(|error| match error.kind() {
        refinery::error::Kind::MissingVersion(_) | refinery::error::Kind::DivergentVersion(..) => StoreError::Newer,
        _ => StoreError::Migration(error),
    })
}

/// Opens a connection for reading beside the writer.
pub(crate) fn open_reader(dir: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(dir.join(FILE), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    tune(&connection)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

fn tune(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::record::{Author, Column, RecordKind};

    #[test]
    fn f44_a_store_of_a_newer_program_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let newer = open_writer(dir.path()).unwrap();
        newer
            .execute_batch("INSERT INTO refinery_schema_history SELECT 99, 'later', applied_on, '7' FROM refinery_schema_history LIMIT 1")
            .unwrap();
        drop(newer);
        let bytes = || std::fs::read(dir.path().join(FILE)).unwrap();
        let before = bytes();
        let fault = crate::Desk::open(dir.path()).unwrap_err();
        assert!(fault.happened.contains("更新的程序"), "{fault}");
        assert!(bytes() == before, "nothing is written");
    }

    #[test]
    fn tables_and_declarations_hold_together() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open_writer(dir.path()).unwrap();
        for kind in RecordKind::ALL.iter().filter(|kind| kind.author() != Author::Server) {
            let mut columns = connection.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
            let columns: Vec<(String, String)> =
                columns.query_map([kind.code()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
            let declared = kind.fields().iter().map(|field| {
                (
                    field.name.to_owned(),
                    match field.column {
                        Column::Integer => "INTEGER",
                        Column::Id => "BLOB",
                        _ => "TEXT",
                    }
                    .to_owned(),
                )
            });
            let expect: Vec<(String, String)> = std::iter::once(("id".to_owned(), "BLOB".to_owned())).chain(declared).collect();
            assert_eq!(columns, expect, "{kind:?}");
        }
    }
}
