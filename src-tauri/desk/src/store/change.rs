//! `change_log`, `outbox` and `refused_change`: every change this desk made or received, in order.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, params};
use shared::record::{RecordId, RecordKind};
use shared::wire::WireChange;

/// A change in the log.
pub(crate) struct Logged {
    pub(crate) seq: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) change: WireChange,
}

/// Appends a change; `None` when the log has it already.
pub(crate) fn append(
    connection: &Connection,
    hash: &[u8; 32],
    kind: RecordKind,
    record: RecordId,
    bytes: &[u8],
    at: DateTime,
    own: bool,
) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO change_log (hash, kind, record, bytes, at, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (record, kind, hash) DO NOTHING",
    )?;
    let added = statement.execute(params![hash, kind.code(), record.bytes(), bytes, at.to_string(), own])?;
    Ok((added == 1).then(|| connection.last_insert_rowid()))
}

/// The place of the latest change in the log.
pub(crate) fn last(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM change_log")?.query_row([], |row| row.get(0))?)
}

/// The elders that were changed after that place.
pub(crate) fn elders_since(connection: &Connection, seq: i64) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT record FROM change_log WHERE seq > ?1 AND kind = ?2")?;
    let rows = statement.query_map(params![seq, RecordKind::Elder.code()], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts a change of our own in line for the server.
pub(crate) fn enqueue(connection: &Connection, seq: i64) -> Result<(), StoreError> {
    connection.prepare_cached("INSERT INTO outbox (seq) VALUES (?1)")?.execute([seq])?;
    Ok(())
}

/// All changes of one record, in the order of the log.
pub(crate) fn history(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM change_log WHERE record = ?1 AND kind = ?2 ORDER BY seq")?;
    let rows = statement.query_map(params![record.bytes(), kind.code()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All changes of an order and its receipt, which share their id, and whether each waits for the server.
pub(crate) fn with_receipt(connection: &Connection, record: RecordId) -> Result<Vec<(RecordKind, Vec<u8>, bool)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.kind, l.bytes, o.seq IS NOT NULL FROM change_log l LEFT JOIN outbox o ON o.seq = l.seq WHERE l.record = ?1 ORDER BY l.seq",
    )?;
    let rows = statement.query_map([record.bytes()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut changes = Vec::new();
    for row in rows {
        let (kind, bytes, unsent) = row?;
        changes.extend(RecordKind::of_code(&kind).map(|kind| (kind, bytes, unsent)));
    }
    Ok(changes)
}

/// The head of the outbox, at most `limit` changes.
pub(crate) fn outbox_head(connection: &Connection, limit: usize) -> Result<Vec<Logged>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.seq, l.hash, l.kind, l.record, l.bytes FROM outbox o JOIN change_log l ON l.seq = o.seq ORDER BY o.seq LIMIT ?1",
    )?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(Logged {
            seq: row.get(0)?,
            hash: row.get(1)?,
            change: WireChange { kind: row.get(2)?, record: row.get(3)?, bytes: row.get(4)? },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes changes out of the outbox: the server has them, or refused them.
pub(crate) fn leave_outbox(connection: &Connection, seqs: impl IntoIterator<Item = i64>) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?;
    for seq in seqs {
        statement.execute([seq])?;
    }
    Ok(())
}

/// Sets a change aside, with the reason.
pub(crate) fn refuse(connection: &Connection, seq: i64, reason: &str, at: DateTime) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO refused_change (seq, reason, at) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![seq, reason, at.to_string()])?;
    Ok(())
}

/// Hash, kind, record and reason of a refused change.
pub(crate) type SetAside = (Vec<u8>, String, [u8; 16], String);

/// Refused changes: hash, kind, record and reason, the latest first.
pub(crate) fn refused(connection: &Connection) -> Result<Vec<SetAside>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.hash, l.kind, l.record, r.reason FROM refused_change r JOIN change_log l ON l.seq = r.seq ORDER BY r.seq DESC LIMIT 500",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes waiting, and changes refused.
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let mut statement = connection.prepare_cached("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM refused_change)")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Number and XOR of the hashes of all changes that the server should hold as well.
pub(crate) fn totals(connection: &Connection) -> Result<(u64, [u8; 32]), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT hash FROM change_log WHERE seq NOT IN (SELECT seq FROM outbox) AND seq NOT IN (SELECT seq FROM refused_change)",
    )?;
    let mut rows = statement.query([])?;
    let (mut count, mut digest) = (0, [0u8; 32]);
    while let Some(row) = rows.next()? {
        let hash: [u8; 32] = row.get(0)?;
        digest.iter_mut().zip(hash).for_each(|(sum, byte)| *sum ^= byte);
        count += 1;
    }
    Ok((count, digest))
}
