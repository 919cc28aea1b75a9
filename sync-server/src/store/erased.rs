//! `erased`: elders whose keys were destroyed; and what it takes to destroy them: a change taken out of
//! the log and out of every feed.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// Whether an elder was erased.
    pub fn is_erased(&self, elder: &[u8]) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM erased WHERE elder = $1", put![elder])
    }

    /// Notes that an elder was erased.
    pub fn put_erasure(&self, elder: &[u8], at: i64) -> Result<(), StoreError> {
        self.execute("INSERT INTO erased (elder, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![elder, at])?;
        Ok(())
    }

    /// Takes a change out of the log.
    pub fn forget(&self, seq: i64) -> Result<(), StoreError> {
        self.execute("DELETE FROM log WHERE seq = $1", put![seq])?;
        Ok(())
    }
}
