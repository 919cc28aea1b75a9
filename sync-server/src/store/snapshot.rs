//! `snapshot`: the old part of what a place reads, packed in pages. Every page stands for itself: it is
//! right or it is not there, and where none is the feeds are read.

use super::engine::put;
use super::sealed::SNAPSHOT;
use super::{EVERYBODY, StoreError, Tx};

/// A page as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotPage {
    /// It begins behind this position.
    pub after: i64,
    /// The position where it ends.
    pub upto: i64,
    /// Packed changes.
    pub page: Vec<u8>,
}

impl Tx<'_> {
    /// The page of a place that begins behind `after`.
    pub fn snapshot_page(&self, scope: i64, after: i64) -> Result<Option<SnapshotPage>, StoreError> {
        let condition = "scope = $1 AND after = $2";
        self.sealed_one(&SNAPSHOT, condition, put![scope, after], |row| Ok(SnapshotPage { after, upto: row.get(2)?, page: row.get(3)? }))
    }

    /// The end of the page of a place that begins behind `after`.
    pub fn snapshot_upto(&self, scope: i64, after: i64) -> Result<Option<i64>, StoreError> {
        self.value("SELECT upto FROM snapshot WHERE scope = $1 AND after = $2", put![scope, after])
    }

    /// Where the next page of a place begins behind `after`.
    pub fn next_snapshot(&self, scope: i64, after: i64) -> Result<Option<i64>, StoreError> {
        self.value("SELECT after FROM snapshot WHERE scope = $1 AND after > $2 ORDER BY after LIMIT 1", put![scope, after])
    }

    /// Puts a page where none is; tells whether it went in.
    pub fn put_snapshot(&self, scope: i64, page: &SnapshotPage) -> Result<bool, StoreError> {
        let taken = "SELECT 1 FROM snapshot WHERE scope = $1 AND after < $2 AND upto > $3";
        if self.exists(taken, put![scope, page.upto, page.after])? {
            return Ok(false);
        }
        self.put_sealed(&SNAPSHOT, put![scope, page.after, page.upto, &page.page])?;
        Ok(true)
    }

    /// Takes away the pages that hold that position of a place's feed. What everybody reads stands in the pages of all.
    pub fn spoil_snapshot(&self, scope: i64, position: i64) -> Result<(), StoreError> {
        let condition = "after < $1 AND upto >= $1 AND \
             (scope = $2 OR EXISTS (SELECT 1 FROM scope p WHERE p.id = $2 AND p.name = $3))";
        self.take_sealed(&SNAPSHOT, condition, put![position, scope, EVERYBODY], |_| Ok(()))?;
        Ok(())
    }

    /// Takes away one page.
    pub fn drop_snapshot(&self, scope: i64, after: i64) -> Result<(), StoreError> {
        self.take_sealed(&SNAPSHOT, "scope = $1 AND after = $2", put![scope, after], |_| Ok(()))?;
        Ok(())
    }

    /// Where the pages of a place begin, in order; also those of a place that has no feed any more.
    pub fn snapshots(&self, scope: i64) -> Result<Vec<i64>, StoreError> {
        self.all("SELECT after FROM snapshot WHERE scope = $1 ORDER BY after", put![scope], |row| row.get(0))
    }

    /// How many changes two feeds hold behind `after` up to `upto`. There are only ever fewer of them, so that the same number
    /// means the same changes.
    pub fn held_between(&self, scopes: [i64; 2], after: i64, upto: i64) -> Result<i64, StoreError> {
        let mut held = 0;
        for scope in scopes {
            // Ranges that end in between; and the one that goes on behind the end, for its part.
            let sql = "SELECT f.upto, f.changes FROM feed f WHERE f.scope = $1 AND f.upto > $2 AND f.upto <= $3 UNION ALL \
                 SELECT n.upto, n.changes FROM (SELECT upto, changes FROM feed WHERE scope = $1 AND upto > $3 ORDER BY upto LIMIT 1) n";
            self.0.query(sql, put![scope, after, upto], &mut |row| {
                let (end, changes) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
                held += (end.min(upto) - (end - changes).max(after)).max(0);
                Ok(true)
            })?;
        }
        Ok(held)
    }
}
