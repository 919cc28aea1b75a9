//! `photo`: which photos are here and which still have to go up.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, params};

/// Notes a photo; one that is known stays as it is.
pub(crate) fn keep(connection: &Connection, hash: &str, bytes: usize, at: DateTime) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("INSERT INTO photo (hash, bytes, at, sent) VALUES (?1, ?2, ?3, 0) ON CONFLICT (hash) DO NOTHING")?;
    statement.execute(params![hash, i64::try_from(bytes).unwrap_or(i64::MAX), at.to_string()])?;
    Ok(())
}

/// The server lost the photo: it waits again. One that came from there is noted now.
pub(crate) fn send_again(connection: &Connection, hash: &str, bytes: usize, at: DateTime) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO photo (hash, bytes, at, sent) VALUES (?1, ?2, ?3, 0) ON CONFLICT (hash) DO UPDATE SET sent = 0")?;
    statement.execute(params![hash, i64::try_from(bytes).unwrap_or(i64::MAX), at.to_string()])?;
    Ok(())
}

/// Hashes of photos that stand on a receipt and are not at the server yet.
pub(crate) fn unsent(connection: &Connection, limit: u32) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT hash FROM photo p WHERE sent = 0 AND EXISTS (SELECT 1 FROM receipt r WHERE instr(r.photos, p.hash) > 0) LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many photos wait.
pub(crate) fn unsent_count(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM photo p WHERE sent = 0 AND EXISTS (SELECT 1 FROM receipt r WHERE instr(r.photos, p.hash) > 0)",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The server has the photo.
pub(crate) fn mark_sent(connection: &Connection, hash: &str) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE photo SET sent = 1 WHERE hash = ?1")?.execute([hash])?;
    Ok(())
}
