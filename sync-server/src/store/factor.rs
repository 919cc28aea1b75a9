//! The second factors of accounts. Their secrets come and go sealed.

use super::engine::put;
use super::sealed::SECOND_FACTOR;
use super::{StoreError, Tx};

/// A second factor.
#[derive(Debug)]
pub struct FactorRow {
    /// The secret, sealed.
    pub secret: Vec<u8>,
    /// Since when it counts, in seconds; none before a first code fitted.
    pub since: Option<i64>,
    /// The step whose code was used last.
    pub last_step: Option<i64>,
}

impl Tx<'_> {
    /// The second factor of an account.
    pub fn factor(&self, account: &[u8]) -> Result<Option<FactorRow>, StoreError> {
        let read = |row: &super::Row<'_>| Ok(FactorRow { secret: row.get(1)?, since: row.get(2)?, last_step: row.get(3)? });
        self.sealed_one(&SECOND_FACTOR, "account = $1", put![account], read)
    }

    /// Begins one, over another that did not count.
    pub fn begin_factor(&self, account: &[u8], secret: &[u8]) -> Result<(), StoreError> {
        let nothing: Option<i64> = None;
        self.put_sealed(&SECOND_FACTOR, put![account, secret, nothing, nothing])
    }

    /// Notes that the code of a step was used; from the first one on it counts.
    pub fn use_factor(&self, account: &[u8], since: i64, step: i64) -> Result<(), StoreError> {
        self.change_sealed(&SECOND_FACTOR, put![account], &[("since", since.into()), ("last_step", step.into())])?;
        Ok(())
    }

    /// Ends it.
    pub fn end_factor(&self, account: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&SECOND_FACTOR, "account = $1", put![account], |_| Ok(()))?;
        Ok(())
    }
}
