//! `elder_key`, `town_key` and `erased_elder`: the keys that this desk can open sealed values with. The file is encrypted.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension, params};
use shared::crypto::SecretKey;
use shared::schema::RecordId;
use std::collections::BTreeSet;

/// Keys of an elder.
pub(crate) fn of_elder(connection: &Connection, elder: RecordId) -> Result<Vec<SecretKey>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM elder_key WHERE elder = ?1")?;
    let rows = statement.query_map([elder.bytes()], |row| row.get(0).map(SecretKey::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a key of an elder; tells whether it is new here.
pub(crate) fn keep(connection: &Connection, elder: RecordId, key: &SecretKey) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("INSERT INTO elder_key (elder, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    Ok(statement.execute(params![elder.bytes(), key.as_bytes()])? > 0)
}

/// Forgets the keys of an elder who has left.
pub(crate) fn forget(connection: &Connection, elder: RecordId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM elder_key WHERE elder = ?1")?.execute([elder.bytes()])?;
    Ok(())
}

/// The key of a town.
pub(crate) fn of_town(connection: &Connection, town: &str) -> Result<Option<SecretKey>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM town_key WHERE town = ?1")?;
    Ok(statement.query_row([town], |row| row.get(0).map(SecretKey::from_bytes)).optional()?)
}

/// The towns whose keys are here.
pub(crate) fn towns(connection: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT town FROM town_key")?;
    let towns = statement.query_map([], |row| row.get(0))?;
    Ok(towns.collect::<Result<_, _>>()?)
}

/// Keeps the key of a town.
pub(crate) fn keep_town(connection: &Connection, town: &str, key: &SecretKey) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO town_key (town, key) VALUES (?1, ?2)")?;
    statement.execute(params![town, key.as_bytes()])?;
    Ok(())
}

/// Destroys the keys of an elder, and what an import remembered of it; there are to be no new ones.
pub(crate) fn erase(connection: &Connection, elder: RecordId) -> Result<(), StoreError> {
    connection.execute("INSERT INTO erased_elder (elder) VALUES (?1) ON CONFLICT DO NOTHING", [elder.bytes()])?;
    for table in ["elder_key", "import_elder", "photo"] {
        connection.execute(&format!("DELETE FROM {table} WHERE elder = ?1"), [elder.bytes()])?;
    }
    Ok(())
}

/// Whether the keys of an elder were destroyed.
pub(crate) fn is_erased(connection: &Connection, elder: RecordId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM erased_elder WHERE elder = ?1)")?;
    Ok(statement.query_row([elder.bytes()], |row| row.get(0))?)
}
