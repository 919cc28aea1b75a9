//! The change log: every change once, by hash, in the order of its commit.

use super::{Scope, StoreError, Tx};
use rusqlite::params;
use shared::crdt::RecordChange;
use shared::record::RecordKind;
use shared::wire::WireChange;

/// A logged change of one record.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its automerge bytes.
    pub bytes: Vec<u8>,
    /// When the server got it, in seconds.
    pub received_at: i64,
}

/// A piece of the feed.
#[derive(Clone, Debug)]
pub struct FeedPage {
    /// Changes in the order of the log.
    pub changes: Vec<WireChange>,
    /// Where the next piece begins.
    pub next: i64,
    /// Whether something waits behind.
    pub more: bool,
}

impl Tx<'_> {
    /// Whether the record has that change. A hash alone does not name the record.
    pub fn knows(&self, kind: RecordKind, record: &[u8], hash: &[u8; 32]) -> Result<bool, StoreError> {
        let mut find = self.0.prepare_cached("SELECT 1 FROM log WHERE hash = $1 AND record = $2 AND kind = $3")?;
        Ok(find.exists(params![hash, record, kind.code()])?)
    }

    /// Puts a change behind the end.
    pub fn append(&self, kind: RecordKind, record: &[u8], change: &RecordChange, device: Option<&[u8]>, at: i64) -> Result<(), StoreError> {
        let mut insert =
            self.0.prepare_cached("INSERT INTO log (hash, kind, record, bytes, device, received_at) VALUES ($1, $2, $3, $4, $5, $6)")?;
        insert.execute(params![change.hash, kind.code(), record, change.bytes, device, at])?;
        Ok(())
    }

    /// The changes of a record, oldest first.
    pub fn history(&self, kind: RecordKind, record: &[u8]) -> Result<Vec<Logged>, StoreError> {
        let mut select = self.0.prepare_cached("SELECT bytes, received_at FROM log WHERE record = $1 AND kind = $2 ORDER BY seq")?;
        let rows = select.query_map(params![record, kind.code()], |row| Ok(Logged { bytes: row.get(0)?, received_at: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Moves the changes of a record behind the end: those who may see it only now, read it whole.
    pub fn log_again(&self, kind: RecordKind, record: &[u8]) -> Result<(), StoreError> {
        let mut select =
            self.0.prepare_cached("SELECT hash, bytes, device, received_at FROM log WHERE record = $1 AND kind = $2 ORDER BY seq")?;
        type Row = (Vec<u8>, Vec<u8>, Option<Vec<u8>>, i64);
        let rows: Vec<Row> = select
            .query_map(params![record, kind.code()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_, _>>()?;
        self.0.prepare_cached("DELETE FROM log WHERE record = $1 AND kind = $2")?.execute(params![record, kind.code()])?;
        let mut insert =
            self.0.prepare_cached("INSERT INTO log (hash, kind, record, bytes, device, received_at) VALUES ($1, $2, $3, $4, $5, $6)")?;
        for (hash, bytes, device, at) in rows {
            insert.execute(params![hash, kind.code(), record, bytes, device, at])?;
        }
        let mut count = self.0.prepare_cached(
            "INSERT INTO setting (name, value) VALUES ($1, '1') \
             ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS INTEGER) + 1 AS TEXT)",
        )?;
        count.execute(params![LOGGED_AGAIN])?;
        Ok(())
    }

    /// The changes in `scope` behind `after`, up to about `most_bytes`, without those of `but` where given.
    pub fn feed(&self, scope: &Scope, after: i64, most_bytes: usize, most: usize, but: Option<&[u8]>) -> Result<FeedPage, StoreError> {
        let (condition, code) = scope.condition("$2");
        let sql = format!(
            "SELECT l.seq, l.kind, l.record, l.bytes FROM log l WHERE l.seq > $1 AND EXISTS \
             (SELECT 1 FROM scope s WHERE s.record = l.record AND s.kind = l.kind AND {condition}) \
             AND (l.device IS NULL OR $3 IS NULL OR l.device <> $3) ORDER BY l.seq"
        );
        let mut select = self.0.prepare_cached(&sql)?;
        let mut rows = select.query(params![after, code, but])?;
        let (mut changes, mut bytes, mut next) = (Vec::new(), 0, after);
        while let Some(row) = rows.next()? {
            let wire = wire_change(row)?;
            if changes.len() >= most || (!changes.is_empty() && bytes + wire.bytes.len() > most_bytes) {
                return Ok(FeedPage { changes, next, more: true });
            }
            bytes += wire.bytes.len() + 40;
            next = row.get(0)?;
            changes.push(wire);
        }
        Ok(FeedPage { changes, next: self.last_seq()?.max(after), more: false })
    }

    /// Number and XOR of the hashes of the changes in `scope` behind `after`, up to `upto`.
    pub fn totals(&self, scope: &Scope, after: i64, upto: i64) -> Result<(u64, [u8; 32]), StoreError> {
        let (condition, code) = scope.condition("$3");
        let sql = format!(
            "SELECT l.hash FROM log l WHERE l.seq > $1 AND l.seq <= $2 AND EXISTS \
             (SELECT 1 FROM scope s WHERE s.record = l.record AND s.kind = l.kind AND {condition})"
        );
        let mut select = self.0.prepare_cached(&sql)?;
        let mut rows = select.query(params![after, upto, code])?;
        let (mut count, mut digest) = (0, [0u8; 32]);
        while let Some(row) = rows.next()? {
            let hash: [u8; 32] = row.get(0)?;
            digest.iter_mut().zip(hash).for_each(|(into, byte)| *into ^= byte);
            count += 1;
        }
        Ok((count, digest))
    }

    /// The place of the last change.
    pub fn last_seq(&self) -> Result<i64, StoreError> {
        Ok(self.0.query_row("SELECT coalesce(max(seq), 0) FROM log", [], |row| row.get(0))?)
    }

    /// How often changes were moved behind the end.
    pub fn times_logged_again(&self) -> Result<i64, StoreError> {
        Ok(self.setting(LOGGED_AGAIN)?.and_then(|value| value.parse().ok()).unwrap_or(0))
    }
}

const LOGGED_AGAIN: &str = "logged_again";

fn wire_change(row: &rusqlite::Row<'_>) -> rusqlite::Result<WireChange> {
    Ok(WireChange { kind: row.get(1)?, record: row.get(2)?, bytes: row.get(3)? })
}
