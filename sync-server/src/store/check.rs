//! What it takes to hold the tables against the log, and to mend them: read piece by piece, whatever there is.

use super::engine::put;
use super::sealed::SNAPSHOT;
use super::{RecordName, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::KindId;

/// So many records are looked at at a time.
pub const RECORDS: usize = 512;

/// A piece of a feed with changes: the position where it ends, the first in the log, how many.
pub type Piece = (i64, i64, i64);

impl Tx<'_> {
    /// Records of the log behind an id, of whatever kind, in the order of their ids.
    pub fn records_after(&self, record: &[u8]) -> Result<Vec<[u8; 16]>, StoreError> {
        let sql = format!("SELECT DISTINCT record FROM log WHERE record > $1 ORDER BY record LIMIT {RECORDS}");
        self.all(&sql, put![record], |row| row.get(0))
    }

    /// The records of one kind, of which there are few.
    pub fn records_of(&self, kind: impl Into<KindId>) -> Result<Vec<[u8; 16]>, StoreError> {
        let kind = kind.into();
        self.all("SELECT DISTINCT record FROM log WHERE kind = $1 ORDER BY record", put![kind.code()], |row| row.get(0))
    }

    /// Which record the change at a position of the log is of.
    pub fn record_at(&self, seq: i64) -> Result<Option<RecordName>, StoreError> {
        let found = self.one("SELECT kind, record FROM log WHERE seq = $1", put![seq], |row| Ok((row.get::<String>(0)?, row.get(1)?)))?;
        Ok(found.and_then(|(kind, record)| Some((KindId::of_code(&kind)?, record))))
    }

    /// The last position in the log, and the last position of any feed, as they stand there.
    pub fn last_positions(&self) -> Result<(i64, i64), StoreError> {
        let pos = self.value::<i64>("SELECT coalesce(max(upto), 0) FROM feed", put![])?.unwrap_or(0);
        Ok((pos, self.value("SELECT coalesce(max(seq), 0) FROM log", put![])?.unwrap_or(0)))
    }

    /// Rows of a kind of which the log knows nothing.
    pub fn rows_without(&self, kind: RecordKind) -> Result<Vec<[u8; 16]>, StoreError> {
        let sql = format!(
            "SELECT t.id FROM {} t WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.record = t.id AND l.kind = $1) ORDER BY t.id",
            kind.code()
        );
        self.all(&sql, put![kind.code()], |row| row.get(0))
    }

    /// Takes a row away.
    pub fn remove_row(&self, kind: RecordKind, record: &[u8]) -> Result<(), StoreError> {
        self.execute(&format!("DELETE FROM {} WHERE id = $1", kind.code()), put![record])?;
        self.no_standing(kind, record)
    }

    /// Shows the pieces of a feed that hold changes, in the order of the feed.
    pub fn pieces(&self, scope: i64, visit: &mut dyn FnMut(Piece)) -> Result<(), StoreError> {
        let sql =
            format!("SELECT upto, seq, changes FROM feed WHERE scope = $1 AND upto > $2 AND kind IS NULL ORDER BY upto LIMIT {RECORDS}");
        let mut after = -1;
        loop {
            let some = self.all(&sql, put![scope, after], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let Some((last, ..)) = some.last() else { return Ok(()) };
            after = *last;
            some.into_iter().for_each(&mut *visit);
        }
    }

    /// Takes all changes out of a feed; what has left stays told.
    pub fn empty_feed(&self, scope: i64) -> Result<(), StoreError> {
        self.execute("DELETE FROM feed WHERE scope = $1 AND kind IS NULL", put![scope])?;
        self.take_sealed(&SNAPSHOT, "scope = $1", put![scope], |_| Ok(()))?;
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
