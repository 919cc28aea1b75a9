//! `photo`: which photos are here and which still have to go up.

use super::{StoreError, change};
use jiff::civil::DateTime;
use rusqlite::{Connection, OptionalExtension, params};
use shared::kinds::RecordKind;
use shared::schema::RecordId;

/// A photo that was taken here.
pub(crate) struct Taken<'a> {
    /// Of the sealed file.
    pub(crate) hash: &'a str,
    pub(crate) elder: RecordId,
    /// SHA-256 of the picture.
    pub(crate) plain: &'a [u8],
    pub(crate) bytes: usize,
    pub(crate) at: DateTime,
}

/// Notes a photo; one that is known stays as it is.
pub(crate) fn keep(connection: &Connection, photo: &Taken<'_>) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO photo (hash, elder, plain, bytes, at, sent) VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT (hash) DO NOTHING",
    )?;
    let bytes = i64::try_from(photo.bytes).unwrap_or(i64::MAX);
    statement.execute(params![photo.hash, photo.elder.bytes(), photo.plain, bytes, photo.at.to_string()])?;
    Ok(())
}

/// The hash under which the same picture of the same elder was sealed before.
pub(crate) fn same(connection: &Connection, elder: RecordId, plain: &[u8]) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT hash FROM photo WHERE plain = ?1 AND elder = ?2 LIMIT 1")?;
    Ok(statement.query_row(params![plain, elder.bytes()], |row| row.get(0)).optional()?)
}

/// Whose photo it is: as it was taken, or of the order on whose receipt it stands.
pub(crate) fn elder(connection: &Connection, hash: &str) -> Result<Option<RecordId>, StoreError> {
    let mut taken = connection.prepare_cached("SELECT elder FROM photo WHERE hash = ?1")?;
    if let Some(elder) = taken.query_row([hash], |row| row.get(0)).optional()? {
        return Ok(Some(RecordId(uuid::Uuid::from_bytes(elder))));
    }
    let sql = format!(
        "SELECT o.elder FROM receipt r JOIN meal_order o ON o.seq = {} WHERE instr(r.photos, ?1) > 0 LIMIT 1",
        change::first_seq(RecordKind::Order, "r.id")
    );
    let mut named = connection.prepare_cached(&sql)?;
    let elder: Option<[u8; 16]> = named.query_row([hash], |row| row.get(0)).optional()?.flatten();
    Ok(elder.map(|elder| RecordId(uuid::Uuid::from_bytes(elder))))
}

/// The server lost the photo: it waits again. One that came from there is noted now.
pub(crate) fn send_again(connection: &Connection, hash: &str, bytes: usize, at: DateTime) -> Result<(), StoreError> {
    let Some(elder) = elder(connection, hash)? else { return Ok(()) };
    keep(connection, &Taken { hash, elder, plain: &[], bytes, at })?;
    connection.prepare_cached("UPDATE photo SET sent = 0 WHERE hash = ?1")?.execute([hash])?;
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
