//! `change_log` and what stands around it: every change this desk made or received, in order; what
//! waits for the server, and what it refused. A change is own or not; own ones wait until they went up.

use super::packed::{pack, unpack};
use super::{StoreError, row};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, params};
use shared::kinds::RecordKind;
use shared::schema::{KindId, RecordId};
use shared::sync::client_store::{ClientSession, Unsent};
use shared::sync::{ChangeId, SetDigest, set_digest};
use shared::wire::WireChange;
use std::collections::{BTreeSet, HashSet};

/// A kind as it stands in the log: the number of a declared one, the code word of one that this program does not know.
struct Stored(KindId);

impl ToSql for Stored {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            KindId::Known(kind) => ToSqlOutput::Owned(i64::from(kind.number).into()),
            open @ KindId::Open(_) => ToSqlOutput::Borrowed(ValueRef::Text(open.code().as_bytes())),
        })
    }
}

impl FromSql for Stored {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let kind = match value {
            ValueRef::Integer(number) => RecordKind::ALL.iter().find(|kind| i64::from(kind.number) == number).map(|kind| (*kind).into()),
            value => KindId::of_code(value.as_str()?),
        };
        kind.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// A change as it lies in the log.
pub(super) struct StoredChange {
    pub(super) seq: i64,
    pub(super) kind: KindId,
    pub(super) record: [u8; 16],
    bytes: Vec<u8>,
}

impl StoredChange {
    /// From the columns seq, kind, record, packed.
    pub(super) fn of(row: &Row<'_>) -> Result<Self, StoreError> {
        let Stored(kind) = row.get(1)?;
        Ok(Self { seq: row.get(0)?, kind, record: row.get(2)?, bytes: unpack(row.get_ref(3)?.as_blob().unwrap_or_default())? })
    }

    pub(super) fn name(&self) -> ChangeId {
        set_digest::id(self.kind, &self.record, &self.bytes)
    }

    fn wire(self) -> WireChange {
        WireChange { kind: self.kind.code().to_owned(), record: self.record, bytes: self.bytes }
    }
}

/// Appends a change and gives its position.
pub(crate) fn append(
    connection: &Connection,
    kind: impl Into<KindId>,
    record: RecordId,
    bytes: &[u8],
    own: bool,
) -> Result<i64, StoreError> {
    let seq = last(connection)?.0 + 1;
    append_at(connection, seq, kind.into(), record, &pack(bytes), own)?;
    Ok(seq)
}

/// Appends a change that is packed already, at the position behind [`last`].
pub(crate) fn append_at(
    connection: &Connection,
    seq: i64,
    kind: KindId,
    record: RecordId,
    packed: &[u8],
    own: bool,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT INTO change_log (seq, kind, record, packed, own) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    statement.execute(params![seq, Stored(kind), record.bytes(), packed, own])?;
    Ok(())
}

/// The position of the latest change in the log, and how often an elder left: one who is back at once counts as well, since the
/// changes that were withdrawn meanwhile may not be written again under the same author.
pub(crate) fn last(connection: &Connection) -> Result<(i64, i64), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT max(coalesce((SELECT max(seq) FROM change_log), 0), given_upto), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'former_elder'), 0) FROM sync_state",
    )?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The elders that were changed, whose key came, or who left after those positions.
pub(crate) fn searched_since(connection: &Connection, (seq, left): (i64, i64)) -> Result<BTreeSet<RecordId>, StoreError> {
    // The plus keeps SQLite from running through the index of records instead of the end of the log.
    let mut statement = connection.prepare_cached(
        "SELECT +record FROM change_log WHERE seq > ?1 AND kind IN (?2, ?3) UNION ALL SELECT id FROM former_elder WHERE seq > ?4",
    )?;
    let kinds = [RecordKind::Elder, RecordKind::ElderKey].map(|kind| kind.number);
    let rows = statement.query_map(params![seq, kinds[0], kinds[1], left], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// In SQL, the position of a record's first change; none where the log has no change of it.
pub(super) fn first_seq(kind: RecordKind, record: &str) -> String {
    format!("(SELECT min(seq) FROM change_log WHERE record = {record} AND kind = {})", kind.number)
}

/// All changes of one record, in the order of the log.
pub(crate) fn history(connection: &Connection, kind: impl Into<KindId>, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT packed FROM change_log WHERE record = ?1 AND kind = ?2 ORDER BY seq")?;
    let mut rows = statement.query(params![record.bytes(), Stored(kind.into())])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        history.push(unpack(row.get_ref(0)?.as_blob().unwrap_or_default())?);
    }
    Ok(history)
}

/// All changes under an id, of all known kinds that share it, and whether each waits for the server.
pub(crate) fn under_id(connection: &Connection, record: RecordId) -> Result<Vec<(RecordKind, Vec<u8>, bool)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, kind, record, packed, seq IN (SELECT seq FROM outbox) FROM change_log WHERE record = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([record.bytes()])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        changes.extend(stored.kind.with_row().map(|kind| Ok::<_, StoreError>((kind, stored.bytes, row.get(4)?))).transpose()?);
    }
    Ok(changes)
}

/// The outbox behind that position, at most so many changes and about so many bytes.
pub(crate) fn unsent(connection: &Connection, behind: i64, most: usize, most_bytes: usize) -> Result<Vec<Unsent>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT l.seq, l.kind, l.record, l.packed FROM outbox o JOIN change_log l ON l.seq = o.seq WHERE o.seq > ?1 ORDER BY o.seq LIMIT ?2",
    )?;
    let mut rows = statement.query([behind, i64::try_from(most).unwrap_or(i64::MAX)])?;
    let (mut unsent, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        bytes += stored.bytes.len() + 64;
        if bytes > most_bytes && !unsent.is_empty() {
            break;
        }
        unsent.push(Unsent { seq: stored.seq, change: stored.wire() });
    }
    Ok(unsent)
}

/// Records with a change in the outbox.
pub(crate) fn unsent_records(connection: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT l.record FROM outbox o JOIN change_log l ON l.seq = o.seq")?;
    let rows = statement.query_map([], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes the changes of a record out of the log, but for those that wait or are refused: the server should hold
/// none of them for this desk any more. Gives their names.
pub(crate) fn withdraw(connection: &Connection, kind: KindId, record: RecordId) -> Result<Vec<ChangeId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, kind, record, packed FROM change_log WHERE record = ?1 AND kind = ?2 \
         AND seq NOT IN (SELECT seq FROM outbox) AND seq NOT IN (SELECT seq FROM refused_change)",
    )?;
    let mut rows = statement.query(params![record.bytes(), Stored(kind)])?;
    let (mut names, mut seqs) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        seqs.push(stored.seq);
        names.push(stored.name());
    }
    take_away(connection, &seqs)?;
    Ok(names)
}

fn take_away(connection: &Connection, seqs: &[i64]) -> Result<(), StoreError> {
    let mut delete = connection.prepare_cached("DELETE FROM change_log WHERE seq = ?1")?;
    for seq in seqs {
        delete.execute([seq])?;
    }
    // A place is never given twice: what comes next would seem to have gone up already.
    let mut given = connection.prepare_cached("UPDATE sync_state SET given_upto = ?1 WHERE given_upto < ?1")?;
    given.execute([seqs.iter().max()])?;
    Ok(())
}

/// Takes changes of one record out of the log, those that wait or are refused as well; gives the names of those that
/// the server was to hold.
pub(crate) fn forget(
    connection: &Connection,
    kind: RecordKind,
    record: RecordId,
    which: impl Fn(&[u8]) -> bool,
) -> Result<Vec<ChangeId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, kind, record, packed, seq IN (SELECT seq FROM outbox) OR seq IN (SELECT seq FROM refused_change) \
         FROM change_log WHERE record = ?1 AND kind = ?2",
    )?;
    let mut rows = statement.query(params![record.bytes(), Stored(kind.into())])?;
    let (mut names, mut seqs) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        if !which(&stored.bytes) {
            continue;
        }
        seqs.push(stored.seq);
        let ours_alone: bool = row.get(4)?;
        if !ours_alone {
            names.push(stored.name());
        }
    }
    for seq in &seqs {
        connection.prepare_cached("DELETE FROM send_again WHERE seq = ?1")?.execute([seq])?;
        connection.prepare_cached("DELETE FROM refused_change WHERE seq = ?1")?.execute([seq])?;
    }
    take_away(connection, &seqs)?;
    Ok(names)
}

/// Whether the change at that place of the log was written here.
pub(crate) fn is_own(connection: &Connection, seq: i64) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT own FROM change_log WHERE seq = ?1")?.query_row([seq], |row| row.get(0))?)
}

/// Takes changes out of the outbox: the server has them, or refused them.
pub(crate) fn leave_outbox(connection: &Connection, sent: &[Unsent]) -> Result<(), StoreError> {
    let mut again = connection.prepare_cached("DELETE FROM send_again WHERE seq = ?1")?;
    let mut upto = connection.prepare_cached("UPDATE sync_state SET sent_upto = ?1 WHERE sent_upto < ?1")?;
    let some_again: bool = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM send_again)")?.query_row([], |row| row.get(0))?;
    let mut last = None;
    for unsent in sent {
        if !some_again || again.execute([unsent.seq])? == 0 {
            last = last.max(Some(unsent.seq));
        }
    }
    if let Some(last) = last {
        upto.execute([last])?;
    }
    Ok(())
}

/// Begins the outbox behind everything that is not this desk's own, so that what waits is found without running through all that
/// ever came.
pub(crate) fn pass_over_received(connection: &Connection) -> Result<(), StoreError> {
    let mut pass = connection.prepare_cached(
        "UPDATE sync_state SET sent_upto = max(sent_upto, coalesce(
            (SELECT min(seq) - 1 FROM change_log WHERE own = 1 AND seq > sent_upto), (SELECT max(seq) FROM change_log), 0))",
    )?;
    pass.execute([])?;
    Ok(())
}

/// Puts changes that the server lost into the outbox again, out of what both ends hold.
pub(crate) fn send_again(connection: &Connection, names: &HashSet<ChangeId>) -> Result<(), StoreError> {
    let mut found = Vec::new();
    walk(connection, &mut |seq, name| {
        if names.contains(&name) {
            found.push((seq, name));
        }
    })?;
    let mut digest = digest(connection)?;
    let mut insert = connection.prepare_cached("INSERT INTO send_again (seq) VALUES (?1) ON CONFLICT DO NOTHING")?;
    for (seq, name) in found {
        if insert.execute([seq])? > 0 {
            digest.take_off(&name);
        }
    }
    put_digest(connection, &digest)
}

/// Forgets all changes but those that wait, and with them the session with the server.
pub(crate) fn keep_unsent(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(
        "UPDATE sync_state SET given_upto = max(given_upto, coalesce((SELECT max(seq) FROM change_log), 0)), digest = zeroblob(24), session = '{}';
         DELETE FROM refused_change;
         DELETE FROM change_log WHERE seq NOT IN (SELECT seq FROM outbox);",
    )?;
    Ok(())
}

/// All records of which the log has changes.
pub(crate) fn records(connection: &Connection) -> Result<BTreeSet<(KindId, RecordId)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT kind, record FROM change_log")?;
    let mut rows = statement.query([])?;
    let mut records = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let Stored(kind) = row.get(0)?;
        records.insert((kind, RecordId(uuid::Uuid::from_bytes(row.get(1)?))));
    }
    Ok(records)
}

/// The records of one kind.
pub(crate) fn records_of(connection: &Connection, kind: RecordKind) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT record FROM change_log WHERE kind = ?1")?;
    let rows = statement.query_map([kind.number], |row| row.get(0).map(|id| RecordId(uuid::Uuid::from_bytes(id))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was logged under the code word of a kind that this program did not know then stands under the kind's number from now on.
pub(crate) fn know(connection: &Connection, kind: RecordKind) -> Result<(), StoreError> {
    connection.execute("UPDATE change_log SET kind = ?1 WHERE kind = ?2", params![kind.number, kind.code()])?;
    Ok(())
}

/// Takes away rows of which the log knows nothing; gives whose they were.
pub(crate) fn remove_strays(connection: &Connection) -> Result<Vec<(RecordKind, RecordId)>, StoreError> {
    let mut strays = Vec::new();
    for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.leaves_the_server()) {
        let (names, known) = if row::key(kind).0 == "id" { ("id", "record") } else { ("seq, id", "min(seq), record") };
        let sql = format!(
            "DELETE FROM {} WHERE ({names}) NOT IN (SELECT {known} FROM change_log WHERE kind = {} GROUP BY record) RETURNING id",
            kind.code(),
            kind.number
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| Ok((kind, RecordId(uuid::Uuid::from_bytes(row.get(0)?)))))?;
        strays.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(strays)
}

/// The position of a change in the log.
pub(crate) fn seq_of(connection: &Connection, kind: impl Into<KindId>, record: RecordId, bytes: &[u8]) -> Result<Option<i64>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT seq, kind, record, packed FROM change_log WHERE record = ?1 AND kind = ?2 ORDER BY seq")?;
    let mut rows = statement.query(params![record.bytes(), Stored(kind.into())])?;
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        if stored.bytes == bytes {
            return Ok(Some(stored.seq));
        }
    }
    Ok(None)
}

/// Changes waiting, and changes refused that people here should know of ([`super::refused::all`]).
pub(crate) fn counts(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let waiting = connection.prepare_cached("SELECT count(*) FROM outbox")?.query_row([], |row| row.get(0))?;
    Ok((waiting, super::refused::count(connection)?))
}

/// The sum of all changes that the server should hold as well.
pub(crate) fn digest(connection: &Connection) -> Result<SetDigest, StoreError> {
    let bytes: Vec<u8> = connection.prepare_cached("SELECT digest FROM sync_state")?.query_row([], |row| row.get(0))?;
    Ok(SetDigest::from_bytes(&bytes).unwrap_or_default())
}

/// Keeps that sum.
pub(crate) fn put_digest(connection: &Connection, digest: &SetDigest) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE sync_state SET digest = ?1")?.execute([digest.to_bytes()])?;
    Ok(())
}

/// Shows all changes that the server should hold as well, by position and id.
pub(crate) fn walk(connection: &Connection, visit: &mut dyn FnMut(i64, ChangeId)) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, kind, record, packed FROM change_log \
         WHERE seq NOT IN (SELECT seq FROM outbox) AND seq NOT IN (SELECT seq FROM refused_change)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        visit(stored.seq, stored.name());
    }
    Ok(())
}

/// The session with the server.
pub(crate) fn session(connection: &Connection) -> Result<ClientSession, StoreError> {
    let session: String = connection.prepare_cached("SELECT session FROM sync_state")?.query_row([], |row| row.get(0))?;
    Ok(serde_json::from_str(&session).unwrap_or_default())
}

/// Keeps the session with the server.
pub(crate) fn put_session(connection: &Connection, session: &ClientSession) -> Result<(), StoreError> {
    let session = serde_json::to_string(session).unwrap_or_default();
    connection.prepare_cached("UPDATE sync_state SET session = ?1")?.execute([session])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open_writer;

    #[test]
    fn the_outbox_begins_behind_what_came_and_never_behind_what_waits() {
        let dir = tempfile::tempdir().unwrap();
        let store = open_writer(dir.path(), &[7; 32]).unwrap();
        let begins = || store.query_row("SELECT sent_upto FROM sync_state", [], |row| row.get::<_, i64>(0)).unwrap();
        let waits = || unsent(&store, 0, 10, 1_000).unwrap().iter().map(|unsent| unsent.seq).collect::<Vec<_>>();
        let log = |bytes: u8, own: bool| append(&store, RecordKind::Order, RecordId(uuid::Uuid::nil()), &[bytes], own).unwrap();
        pass_over_received(&store).unwrap();
        assert_eq!(begins(), 0, "nothing is here");
        for bytes in 0..3 {
            log(bytes, false);
        }
        pass_over_received(&store).unwrap();
        assert_eq!(begins(), 3);
        let own = log(3, true);
        for bytes in 4..6 {
            log(bytes, false);
        }
        pass_over_received(&store).unwrap();
        assert_eq!((begins(), waits()), (own - 1, vec![own]));
        leave_outbox(&store, &unsent(&store, 0, 10, 1_000).unwrap()).unwrap();
        pass_over_received(&store).unwrap();
        assert_eq!((begins(), waits()), (6, vec![]));
        let next = log(7, true);
        assert_eq!(waits(), [next]);
    }
}
