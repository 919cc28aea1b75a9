//! `invitation`: one-time links by which somebody chooses the password of an account, by the hash of what they carry.

use super::engine::put;
use super::sealed::INVITATION;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// Gives an account a link, in the place of one that was given before. Where one of them all went or came back, none is good any more.
    pub fn put_invitation(&self, account: &[u8], token_hash: &[u8; 32], expires_at: i64) -> Result<(), StoreError> {
        self.empty_unless_whole(&INVITATION)?;
        self.put_sealed(&INVITATION, put![account, token_hash, expires_at])
    }

    /// The account of a link that may still be used, and until when.
    pub fn invited(&self, token_hash: &[u8; 32], now: i64) -> Result<Option<(Vec<u8>, i64)>, StoreError> {
        if !self.is_whole(&INVITATION)? {
            return Ok(None);
        }
        let condition = "token_hash = $1 AND expires_at > $2";
        self.sealed_one(&INVITATION, condition, put![token_hash, now], |row| Ok((row.get(0)?, row.get(2)?)))
    }

    /// Until when the link of an account may be used, where one was given.
    pub fn invitation(&self, account: &[u8]) -> Result<Option<i64>, StoreError> {
        self.sealed_one(&INVITATION, "account = $1", put![account], |row| row.get(2))
    }

    /// No link that was given out is good any more.
    pub fn end_all_invitations(&self) -> Result<(), StoreError> {
        self.take_sealed(&INVITATION, "account IS NOT NULL", put![], |_| Ok(()))?;
        Ok(())
    }

    /// The link of an account is no more.
    pub fn end_invitation(&self, account: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&INVITATION, "account = $1", put![account], |_| Ok(()))?;
        Ok(())
    }
}
