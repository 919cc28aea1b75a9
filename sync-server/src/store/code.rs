//! One-time codes by which devices enrol; only their hashes.

use super::engine::put;
use super::sealed::ENROL_CODE;
use super::{StoreError, Tx};

/// The place a code enrols for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFor {
    /// Code of the canteen; none for a township office.
    pub canteen: Option<String>,
    /// Division of the scope.
    pub division: String,
}

impl Tx<'_> {
    /// Keeps a new code.
    pub fn put_code(&self, hash: &[u8; 32], site: &CodeFor, expires_at: i64) -> Result<(), StoreError> {
        self.empty_unless_whole(&ENROL_CODE)?;
        self.put_sealed(&ENROL_CODE, put![hash, site.canteen.as_ref(), &site.division, expires_at, None::<i64>])
    }

    /// Uses up a code that is neither used nor over. Where one that was used may have been put back, none is good.
    pub fn use_code(&self, hash: &[u8; 32], now: i64) -> Result<Option<CodeFor>, StoreError> {
        let condition = "hash = $1 AND used_at IS NULL AND expires_at > $2";
        let found =
            self.sealed_one(&ENROL_CODE, condition, put![hash, now], |row| Ok(CodeFor { canteen: row.get(1)?, division: row.get(2)? }))?;
        let Some(site) = found else { return Ok(None) };
        if !self.is_whole(&ENROL_CODE)? {
            return Ok(None);
        }
        self.change_sealed(&ENROL_CODE, put![hash], &[("used_at", now.into())])?;
        Ok(Some(site))
    }

    /// No code that was given out is good any more.
    pub fn end_all_codes(&self) -> Result<(), StoreError> {
        self.take_sealed(&ENROL_CODE, "used_at IS NULL", put![], |_| Ok(()))?;
        Ok(())
    }

    /// Wrong tries of a window by one address, and by all.
    pub fn wrong_codes(&self, address: &str, window: i64) -> Result<(i64, i64), StoreError> {
        let counted = self.one(
            "SELECT CAST(coalesce(sum(CASE WHEN address = $1 THEN tries ELSE 0 END), 0) AS BIGINT), \
             CAST(coalesce(sum(tries), 0) AS BIGINT) FROM wrong_code WHERE time_window = $2",
            put![address, window],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(counted.unwrap_or_default())
    }

    /// Counts a wrong try and forgets those of other windows.
    pub fn wrong_code(&self, address: &str, window: i64) -> Result<(), StoreError> {
        self.execute("DELETE FROM wrong_code WHERE time_window <> $1", put![window])?;
        self.execute(
            "INSERT INTO wrong_code (address, time_window, tries) VALUES ($1, $2, 1) \
             ON CONFLICT (address) DO UPDATE SET tries = wrong_code.tries + 1",
            put![address, window],
        )?;
        Ok(())
    }
}
