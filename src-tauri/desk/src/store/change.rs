//! `change_log` and what stands around it: every change this desk made or received, in order; what
//! waits for the server, and what it refused. A change is own or not; own ones wait until they went up.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, params};
use shared::record::{RecordId, RecordKind};
use shared::sync::desk::{DeskLine, Unsent};
use shared::sync::{ChangeName, SetSum, set_sum};
use shared::wire::WireChange;
use std::collections::HashSet;

/// Appends a change and gives its place.
pub(crate) fn append(connection: &Connection, kind: RecordKind, record: RecordId, bytes: &[u8], own: bool) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached("INSERT INTO change_log (kind, record, bytes, own) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![kind.code(), record.bytes(), bytes, own])?;
    Ok(connection.last_insert_rowid())
}

/// The place of the latest change in the log.
pub(crate) fn last(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM change_log")?.query_row([], |row| row.get(0))?)
}

/// The elders that were changed after that place, or whose key came.
pub(crate) fn elders_since(connection: &Connection, seq: i64) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT record FROM change_log WHERE seq > ?1 AND kind IN (?2, ?3)")?;
    let kinds = [RecordKind::Elder, RecordKind::ElderKey].map(RecordKind::code);
    let rows = statement.query_map(params![seq, kinds[0], kinds[1]], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All changes of one record, in the order of the log.
pub(crate) fn history(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM change_log WHERE record = ?1 AND kind = ?2 ORDER BY seq")?;
    let rows = statement.query_map(params![record.bytes(), kind.code()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All changes of an order and its receipt, which share their id, and whether each waits for the server.
pub(crate) fn with_receipt(connection: &Connection, record: RecordId) -> Result<Vec<(RecordKind, Vec<u8>, bool)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT l.kind, l.bytes, l.seq IN (SELECT seq FROM outbox) FROM change_log l WHERE l.record = ?1 ORDER BY l.seq")?;
    let rows = statement.query_map([record.bytes()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut changes = Vec::new();
    for row in rows {
        let (kind, bytes, unsent) = row?;
        changes.extend(RecordKind::of_code(&kind).map(|kind| (kind, bytes, unsent)));
    }
    Ok(changes)
}

/// The head of the outbox, at most so many changes and about so many bytes.
pub(crate) fn unsent(connection: &Connection, most: usize, most_bytes: usize) -> Result<Vec<Unsent>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT o.seq, l.kind, l.record, l.bytes FROM outbox o JOIN change_log l ON l.seq = o.seq ORDER BY o.seq LIMIT ?1",
    )?;
    let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
    let (mut unsent, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let change = WireChange { kind: row.get(1)?, record: row.get(2)?, bytes: row.get(3)? };
        bytes += change.bytes.len() + 64;
        if bytes > most_bytes && !unsent.is_empty() {
            break;
        }
        unsent.push(Unsent { seq: row.get(0)?, change });
    }
    Ok(unsent)
}

/// Records with a change in the outbox.
pub(crate) fn unsent_records(connection: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT l.record FROM outbox o JOIN change_log l ON l.seq = o.seq")?;
    let rows = statement.query_map([], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes changes out of the outbox: the server has them, or refused them.
pub(crate) fn leave_outbox(connection: &Connection, sent: &[Unsent]) -> Result<(), StoreError> {
    let mut again = connection.prepare_cached("DELETE FROM send_again WHERE seq = ?1")?;
    let mut upto = connection.prepare_cached("UPDATE sync_state SET sent_upto = ?1 WHERE sent_upto < ?1")?;
    let mut last = None;
    for unsent in sent {
        if again.execute([unsent.seq])? == 0 {
            last = last.max(Some(unsent.seq));
        }
    }
    if let Some(last) = last {
        upto.execute([last])?;
    }
    Ok(())
}

/// Puts changes that the server lost into the outbox again, out of what both ends hold.
pub(crate) fn send_again(connection: &Connection, names: &HashSet<ChangeName>) -> Result<(), StoreError> {
    let mut found = Vec::new();
    walk(connection, &mut |seq, name| {
        if names.contains(&name) {
            found.push((seq, name));
        }
    })?;
    let mut sum = sum(connection)?;
    let mut insert = connection.prepare_cached("INSERT INTO send_again (seq) VALUES (?1) ON CONFLICT DO NOTHING")?;
    for (seq, name) in found {
        if insert.execute([seq])? > 0 {
            sum.take_off(&name);
        }
    }
    put_sum(connection, &sum)
}

/// Takes changes of one record out of the log, for good; gives the names of those that the server was to hold as well.
pub(crate) fn forget(
    connection: &Connection,
    kind: RecordKind,
    record: RecordId,
    which: impl Fn(&[u8]) -> bool,
) -> Result<Vec<ChangeName>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, bytes, seq IN (SELECT seq FROM outbox) OR seq IN (SELECT seq FROM refused_change) FROM change_log \
         WHERE record = ?1 AND kind = ?2",
    )?;
    let rows = statement.query_map(params![record.bytes(), kind.code()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, bool>(2)?))
    })?;
    let mut held = Vec::new();
    for row in rows.collect::<Result<Vec<_>, _>>()? {
        let (seq, bytes, ours_alone) = row;
        if !which(&bytes) {
            continue;
        }
        for table in ["send_again", "refused_change", "change_log"] {
            connection.execute(&format!("DELETE FROM {table} WHERE seq = ?1"), [seq])?;
        }
        if !ours_alone {
            held.push(set_sum::name(kind, record.bytes(), &bytes));
        }
    }
    Ok(held)
}

/// Sets a change aside, with the reason.
pub(crate) fn refuse(connection: &Connection, seq: i64, reason: &str, at: DateTime) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO refused_change (seq, reason, at) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![seq, reason, at.to_string()])?;
    Ok(())
}

/// Takes a change back from those set aside, since the server has it after all; tells whether it was there.
pub(crate) fn accept_after_all(connection: &Connection, kind: RecordKind, record: RecordId, bytes: &[u8]) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM refused_change WHERE seq IN (SELECT seq FROM change_log WHERE record = ?1 AND kind = ?2 AND bytes = ?3)",
    )?;
    Ok(statement.execute(params![record.bytes(), kind.code(), bytes])? > 0)
}

/// Name, kind, record and reason of a refused change.
pub(crate) type SetAside = (ChangeName, String, [u8; 16], String);

/// Refused changes: name, kind, record and reason, the latest first.
pub(crate) fn refused(connection: &Connection) -> Result<Vec<SetAside>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.kind, l.record, l.bytes, r.reason FROM refused_change r JOIN change_log l ON l.seq = r.seq ORDER BY r.seq DESC LIMIT 500",
    )?;
    let rows = statement.query_map([], |row| {
        let (kind, record, bytes): (String, [u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((name(&kind, &record, &bytes), kind, record, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes waiting, and changes refused.
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let mut statement = connection.prepare_cached("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM refused_change)")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The sum of all changes that the server should hold as well.
pub(crate) fn sum(connection: &Connection) -> Result<SetSum, StoreError> {
    let bytes: Vec<u8> = connection.prepare_cached("SELECT sum FROM sync_state")?.query_row([], |row| row.get(0))?;
    Ok(SetSum::from_bytes(&bytes).unwrap_or_default())
}

/// Keeps that sum.
pub(crate) fn put_sum(connection: &Connection, sum: &SetSum) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE sync_state SET sum = ?1")?.execute([sum.to_bytes()])?;
    Ok(())
}

/// Shows all changes that the server should hold as well, by place and name.
pub(crate) fn walk(connection: &Connection, visit: &mut dyn FnMut(i64, ChangeName)) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, kind, record, bytes FROM change_log \
         WHERE seq NOT IN (SELECT seq FROM outbox) AND seq NOT IN (SELECT seq FROM refused_change)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (kind, record, bytes): (String, [u8; 16], Vec<u8>) = (row.get(1)?, row.get(2)?, row.get(3)?);
        visit(row.get(0)?, name(&kind, &record, &bytes));
    }
    Ok(())
}

/// The line to the server.
pub(crate) fn line(connection: &Connection) -> Result<DeskLine, StoreError> {
    let line: String = connection.prepare_cached("SELECT line FROM sync_state")?.query_row([], |row| row.get(0))?;
    Ok(serde_json::from_str(&line).unwrap_or_default())
}

/// Keeps the line to the server.
pub(crate) fn put_line(connection: &Connection, line: &DeskLine) -> Result<(), StoreError> {
    let line = serde_json::to_string(line).unwrap_or_default();
    connection.prepare_cached("UPDATE sync_state SET line = ?1")?.execute([line])?;
    Ok(())
}

fn name(kind: &str, record: &[u8], bytes: &[u8]) -> ChangeName {
    RecordKind::of_code(kind).map(|kind| set_sum::name(kind, record, bytes)).unwrap_or_default()
}
