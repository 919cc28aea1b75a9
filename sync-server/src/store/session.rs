//! Sessions of the console, by the hash of their cookie.

use super::engine::put;
use super::sealed::SESSION;
use super::{StoreError, Tx};

/// A session that is open.
#[derive(Debug)]
pub struct SessionRow {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// When it began.
    pub started_at: i64,
    /// When it was last seen.
    pub seen_at: i64,
    /// From where it was opened; empty where nobody noted it.
    pub source: String,
}

impl Tx<'_> {
    /// Opens a session.
    pub fn put_session(&self, token_hash: &[u8; 32], account: &[u8], source: &str, now: i64) -> Result<(), StoreError> {
        self.put_sealed(&SESSION, put![token_hash, account, now, now, source])
    }

    /// The account of a session that began after `oldest` and was last seen after `idle`, with the time it was seen.
    pub fn session(&self, token_hash: &[u8; 32], oldest: i64, idle: i64) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        let condition = "token_hash = $1 AND started_at > $2 AND seen_at > $3";
        self.sealed_one(&SESSION, condition, put![token_hash, oldest, idle], |row| Ok((row.get(1)?, row.get(3)?)))
    }

    /// Ends the sessions that began at `oldest` or before, or were last seen at `idle` or before; gives the account of each, when it
    /// began and when it was last seen.
    pub fn end_old_sessions(&self, oldest: i64, idle: i64) -> Result<Vec<(Vec<u8>, i64, i64)>, StoreError> {
        let condition = "started_at <= $1 OR seen_at <= $2";
        self.take_sealed(&SESSION, condition, put![oldest, idle], |row| Ok((row.get(1)?, row.get(2)?, row.get(3)?)))
    }

    /// Whether no session went or came back.
    pub fn sessions_are_whole(&self) -> Result<bool, StoreError> {
        self.is_whole(&SESSION)
    }

    /// Ends all sessions, where one went or came back.
    pub fn end_doubtful_sessions(&self) -> Result<(), StoreError> {
        self.empty_unless_whole(&SESSION)
    }

    /// Whether there is such a session, over or not.
    pub fn has_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM session WHERE token_hash = $1", put![token_hash])
    }

    /// Notes that a session was seen.
    pub fn touch_session(&self, token_hash: &[u8; 32], now: i64) -> Result<(), StoreError> {
        self.change_sealed(&SESSION, put![token_hash], &[("seen_at", now.into())])?;
        Ok(())
    }

    /// The sessions of an account that began after `oldest` and were last seen after `idle`.
    pub fn sessions(&self, account: &[u8], oldest: i64, idle: i64) -> Result<Vec<SessionRow>, StoreError> {
        let condition = "account = $1 AND started_at > $2 AND seen_at > $3";
        self.sealed(&SESSION, condition, put![account, oldest, idle], |row| {
            let source: Option<String> = row.get(4)?;
            Ok(SessionRow { token_hash: row.get(0)?, started_at: row.get(2)?, seen_at: row.get(3)?, source: source.unwrap_or_default() })
        })
    }

    /// Ends all sessions of an account.
    pub fn end_sessions(&self, account: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&SESSION, "account = $1", put![account], |_| Ok(()))?;
        Ok(())
    }

    /// Ends all sessions of all accounts.
    pub fn end_all_sessions(&self) -> Result<(), StoreError> {
        self.take_sealed(&SESSION, "account IS NOT NULL", put![], |_| Ok(()))?;
        Ok(())
    }

    /// Ends a session; gives its account, where there was one.
    pub fn end_session(&self, token_hash: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.take_sealed(&SESSION, "token_hash = $1", put![token_hash], |row| row.get(1))?.pop())
    }
}
