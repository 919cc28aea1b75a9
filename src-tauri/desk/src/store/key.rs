//! `elder_key` and `town_key`: the keys that this desk can open sealed values with. The file is encrypted.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension, params};
use shared::crypto::SecretKey;
use shared::record::RecordId;

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

/// The key of a town.
pub(crate) fn of_town(connection: &Connection, town: &str) -> Result<Option<SecretKey>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM town_key WHERE town = ?1")?;
    Ok(statement.query_row([town], |row| row.get(0).map(SecretKey::from_bytes)).optional()?)
}

/// Keeps the key of a town.
pub(crate) fn keep_town(connection: &Connection, town: &str, key: &SecretKey) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO town_key (town, key) VALUES (?1, ?2)")?;
    statement.execute(params![town, key.as_bytes()])?;
    Ok(())
}
