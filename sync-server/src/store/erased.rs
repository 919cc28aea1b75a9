//! `erased`: elders whose keys were destroyed; and what it takes to destroy them: a change taken out of
//! the log and out of every feed.

use super::engine::put;
use super::log::logged_of;
use super::sealed::{ERASED, LOG};
use super::{StoreError, Tx};

impl Tx<'_> {
    /// Whether an elder was erased.
    pub fn is_erased(&self, elder: &[u8]) -> Result<bool, StoreError> {
        Ok(self.sealed_one(&ERASED, "elder = $1", put![elder], |_| Ok(()))?.is_some())
    }

    /// Notes that an elder was erased.
    pub fn put_erasure(&self, elder: &[u8], at: i64) -> Result<(), StoreError> {
        self.add_sealed(&ERASED, put![elder, at])?;
        Ok(())
    }

    /// Takes a change out of the log.
    pub fn forget(&self, seq: i64) -> Result<(), StoreError> {
        let gone = self.take_sealed(&LOG, "seq = $1", put![seq], |row| logged_of(row, 0))?;
        gone.iter().try_for_each(|(kind, record, logged)| self.note_moved(kind, record, logged))
    }
}
