//! The desk's SQLite file: opening, migrating, and one module a table. All SQL of the desk stands
//! below this module; no rule does.

pub(crate) mod calendar;
pub(crate) mod change;
pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod concern;
pub(crate) mod conflict;
pub(crate) mod disclosure;
pub(crate) mod doubt;
pub(crate) mod elder;
pub(crate) mod fact;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod kitchen;
pub(crate) mod list;
pub(crate) mod master;
pub(crate) mod menu;
pub(crate) mod notice;
pub(crate) mod number;
pub(crate) mod order;
pub(crate) mod packed;
pub(crate) mod photo;
pub(crate) mod quarantine;
pub(crate) mod recover;
pub(crate) mod refused;
pub(crate) mod row;
pub(crate) mod run;
pub(crate) mod staff;
pub(crate) mod standing;
mod table;
pub(crate) mod transfer;

use crate::vault::FileKey;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Why the store did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store failed")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the key does not open the store")]
    WrongKey,
    #[error("the store could not be brought to this version")]
    Migration(#[from] refinery::Error),
    #[error("the store was made by another version of the program")]
    Newer,
    #[error("a record in the store does not merge")]
    Crdt(#[from] shared::crdt::CrdtError),
    #[error("a value could not be sealed")]
    Crypto(#[from] shared::crypto::CryptoError),
    #[error("nothing says under whose key the value is to be sealed")]
    NoKeyOwner,
    #[error("the key of the town is not here")]
    NoTownKey,
    #[error("a stored change does not unpack")]
    Packed,
    #[error("a record in the store is malformed")]
    Record(#[from] shared::schema::Malformed),
}

mod embedded {
    refinery::embed_migrations!("../../migrations/desk");
}

const FILE: &str = "desk.sqlite";

/// Whether a desk's file is there.
pub(crate) fn is_there(dir: &Path) -> bool {
    dir.join(FILE).exists()
}

/// Opens the one writing connection, with all tables. "Saved" means fsynced: WAL with FULL.
pub(crate) fn open_writer(dir: &Path, key: &FileKey) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(dir.join(FILE))?;
    unlock(&connection, key)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    tune(&connection)?;
    migrate(&mut connection)?;
    table::follow(&mut connection)?;
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
pub(crate) fn open_reader(dir: &Path, key: &FileKey) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(dir.join(FILE), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    unlock(&connection, key)?;
    tune(&connection)?;
    connection.pragma_update(None, "query_only", "ON")?;
    Ok(connection)
}

/// The rotten pages of a file that does not open, by number: it is not read otherwise.
pub(crate) fn rotten_pages(dir: &Path, key: &FileKey) -> Result<Vec<String>, StoreError> {
    let connection = Connection::open(dir.join(FILE))?;
    give_key(&connection, key)?;
    check::rotten_pages(&connection)
}

/// Gives the key before anything else, and reads once: a wrong one is noticed before anything is written.
fn unlock(connection: &Connection, key: &FileKey) -> Result<(), StoreError> {
    give_key(connection, key)?;
    // What does not fit into memory would else stand in plain files beside the encrypted one.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Err(rusqlite::Error::SqliteFailure(error, _)) if error.code == rusqlite::ErrorCode::NotADatabase => Err(StoreError::WrongKey),
        read => Ok(read.map(drop)?),
    }
}

fn give_key(connection: &Connection, key: &FileKey) -> Result<(), StoreError> {
    connection.pragma_update(None, "key", format!("x'{}'", hex::encode(key)))?;
    // As strong for a page of four kilobytes as the one it has by itself, and made by the processor: a save seals four pages.
    connection.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
    Ok(())
}

/// Brings the write-ahead log into the file, where deleted bytes are overwritten, and empties it.
pub(crate) fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
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

    #[test]
    fn f44_a_store_of_a_newer_program_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let key = crate::vault::key(dir.path(), false, &shared::crypto::SoftProvider::new(), None).unwrap();
        let newer = open_writer(dir.path(), &key).unwrap();
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
    fn another_key_opens_nothing_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(open_writer(dir.path(), &[7; 32]).unwrap());
        let before = std::fs::read(dir.path().join(FILE)).unwrap();
        assert!(!before.starts_with(b"SQLite format 3"), "not encrypted");
        for open in [open_writer, open_reader] {
            assert!(matches!(open(dir.path(), &[8; 32]), Err(StoreError::WrongKey)));
        }
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), before);
        assert!(open_reader(dir.path(), &[7; 32]).is_ok());
    }
}
