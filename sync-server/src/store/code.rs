//! One-time codes by which devices enrol; only their hashes.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension, params};

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
    pub fn put_code(&self, hash: &[u8; 32], place: &CodeFor, expires_at: i64) -> Result<(), StoreError> {
        let mut insert = self.0.prepare_cached(
            "INSERT INTO enrol_code (hash, canteen, division, expires_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (hash) DO UPDATE SET canteen = excluded.canteen, division = excluded.division, \
             expires_at = excluded.expires_at, used_at = NULL",
        )?;
        insert.execute(params![hash, place.canteen, place.division, expires_at])?;
        Ok(())
    }

    /// Uses up a code that is neither used nor over.
    pub fn use_code(&self, hash: &[u8; 32], now: i64) -> Result<Option<CodeFor>, StoreError> {
        let mut update = self.0.prepare_cached(
            "UPDATE enrol_code SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING canteen, division",
        )?;
        let place = update.query_row(params![now, hash], |row| Ok(CodeFor { canteen: row.get(0)?, division: row.get(1)? }));
        Ok(place.optional()?)
    }
}
