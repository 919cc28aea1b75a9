//! One-time codes by which devices enrol; only their hashes.

use super::engine::put;
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
        self.execute(
            "INSERT INTO enrol_code (hash, canteen, division, expires_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (hash) DO UPDATE SET canteen = excluded.canteen, division = excluded.division, \
             expires_at = excluded.expires_at, used_at = NULL",
            put![hash, site.canteen.as_ref(), &site.division, expires_at],
        )?;
        Ok(())
    }

    /// Uses up a code that is neither used nor over.
    pub fn use_code(&self, hash: &[u8; 32], now: i64) -> Result<Option<CodeFor>, StoreError> {
        self.one(
            "UPDATE enrol_code SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING canteen, division",
            put![now, hash],
            |row| Ok(CodeFor { canteen: row.get(0)?, division: row.get(1)? }),
        )
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
