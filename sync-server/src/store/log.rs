//! The change log: every change once, in the order of its commit.

use super::engine::put;
use super::{StoreError, Tx};
use shared::record::RecordKind;

/// A logged change of one record.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its place in the log.
    pub seq: i64,
    /// Its automerge bytes.
    pub bytes: Vec<u8>,
    /// The device that brought it; none for the centre.
    pub device: Option<Vec<u8>>,
    /// When the server got it, in seconds.
    pub received_at: i64,
}

impl Tx<'_> {
    /// Puts a change behind the end and gives its place.
    pub fn append(&self, kind: RecordKind, record: &[u8], bytes: &[u8], device: Option<&[u8]>, at: i64) -> Result<i64, StoreError> {
        let seq = self.value(
            "INSERT INTO log (kind, record, bytes, device, received_at) VALUES ($1, $2, $3, $4, $5) RETURNING seq",
            put![kind.code(), record, bytes, device, at],
        )?;
        seq.ok_or(StoreError::Overlooked)
    }

    /// The changes of a record, oldest first.
    pub fn history(&self, kind: RecordKind, record: &[u8]) -> Result<Vec<Logged>, StoreError> {
        self.all(
            "SELECT seq, bytes, device, received_at FROM log WHERE record = $1 AND kind = $2 ORDER BY seq",
            put![record, kind.code()],
            |row| Ok(Logged { seq: row.get(0)?, bytes: row.get(1)?, device: row.get(2)?, received_at: row.get(3)? }),
        )
    }
}
