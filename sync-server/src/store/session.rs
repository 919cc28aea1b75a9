//! Sessions of the console, by the hash of their cookie.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// Opens a session.
    pub fn put_session(&self, token_hash: &[u8; 32], account: &[u8], now: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO session (token_hash, account, started_at, seen_at) VALUES ($1, $2, $3, $3)",
            put![token_hash, account, now],
        )?;
        Ok(())
    }

    /// The account of a session that began after `oldest` and was last seen after `idle`, with the time it was seen.
    pub fn session(&self, token_hash: &[u8; 32], oldest: i64, idle: i64) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        self.one(
            "SELECT account, seen_at FROM session WHERE token_hash = $1 AND started_at > $2 AND seen_at > $3",
            put![token_hash, oldest, idle],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Ends the sessions that began at `oldest` or before, or were last seen at `idle` or before; gives the account of each, when it
    /// began and when it was last seen.
    pub fn end_old_sessions(&self, oldest: i64, idle: i64) -> Result<Vec<(Vec<u8>, i64, i64)>, StoreError> {
        let sql = "DELETE FROM session WHERE started_at <= $1 OR seen_at <= $2 RETURNING account, started_at, seen_at";
        self.all(sql, put![oldest, idle], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Whether there is such a session, over or not.
    pub fn has_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM session WHERE token_hash = $1", put![token_hash])
    }

    /// Notes that a session was seen.
    pub fn touch_session(&self, token_hash: &[u8; 32], now: i64) -> Result<(), StoreError> {
        self.execute("UPDATE session SET seen_at = $1 WHERE token_hash = $2", put![now, token_hash])?;
        Ok(())
    }

    /// How many sessions of an account began after `oldest` and were last seen after `idle`.
    pub fn sessions(&self, account: &[u8], oldest: i64, idle: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM session WHERE account = $1 AND started_at > $2 AND seen_at > $3";
        Ok(self.value(sql, put![account, oldest, idle])?.unwrap_or(0))
    }

    /// Ends all sessions of an account.
    pub fn end_sessions(&self, account: &[u8]) -> Result<(), StoreError> {
        self.execute("DELETE FROM session WHERE account = $1", put![account])?;
        Ok(())
    }

    /// Ends a session; gives its account, where there was one.
    pub fn end_session(&self, token_hash: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        self.value("DELETE FROM session WHERE token_hash = $1 RETURNING account", put![token_hash])
    }
}
