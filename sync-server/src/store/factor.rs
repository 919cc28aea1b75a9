//! The second factors of accounts: a secret that an app holds, which comes and goes sealed; keys, by their public half; and what is to be signed by
//! those, once and soon.

use super::engine::put;
use super::sealed::{FACTOR_CHALLENGE, FACTOR_KEY, SECOND_FACTOR};
use super::{StoreError, Tx};

/// A secret that an app holds.
#[derive(Debug)]
pub struct FactorRow {
    /// The secret, sealed.
    pub secret: Vec<u8>,
    /// Since when it counts, in seconds; none before a first code fitted.
    pub since: Option<i64>,
    /// The step whose code was used last.
    pub last_step: Option<i64>,
    /// The secret for another phone, until a first code of that fitted.
    pub next_secret: Option<Vec<u8>>,
}

impl FactorRow {
    /// The secret that was begun, and waits for a first code.
    #[must_use]
    pub fn begun(self) -> Option<Vec<u8>> {
        if self.since.is_none() { Some(self.secret) } else { self.next_secret }
    }
}

/// A key.
#[derive(Debug)]
pub struct KeyRow {
    /// Its public half.
    pub public_key: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// Since when it counts, in seconds.
    pub since: i64,
}

/// What is to be signed.
#[derive(Debug)]
pub struct ChallengeRow {
    /// What is in this one alone.
    pub nonce: Vec<u8>,
    /// The address of the server, as who asked for it sees it.
    pub origin: String,
    /// Until when it is good, in seconds.
    pub expires_at: i64,
}

impl Tx<'_> {
    /// The secret of an account.
    pub fn factor(&self, account: &[u8]) -> Result<Option<FactorRow>, StoreError> {
        let read = |row: &super::Row<'_>| {
            Ok(FactorRow { secret: row.get(1)?, since: row.get(2)?, last_step: row.get(3)?, next_secret: row.get(4)? })
        };
        self.sealed_one(&SECOND_FACTOR, "account = $1", put![account], read)
    }

    /// Begins one, over another that did not count.
    pub fn begin_factor(&self, account: &[u8], secret: &[u8]) -> Result<(), StoreError> {
        let (nothing, no_secret): (Option<i64>, Option<Vec<u8>>) = (None, None);
        self.put_sealed(&SECOND_FACTOR, put![account, secret, nothing, nothing, no_secret.as_deref()])
    }

    /// Begins one for another phone; that of before counts until a code of this one fitted.
    pub fn begin_next_factor(&self, account: &[u8], secret: &[u8]) -> Result<(), StoreError> {
        self.change_sealed(&SECOND_FACTOR, put![account], &[("next_secret", secret.into())])?;
        Ok(())
    }

    /// It counts from a first code on, of that step.
    pub fn count_factor(&self, account: &[u8], secret: &[u8], since: i64, step: i64) -> Result<(), StoreError> {
        let nothing: Option<&[u8]> = None;
        self.put_sealed(&SECOND_FACTOR, put![account, secret, since, step, nothing])
    }

    /// Notes that the code of a step was used.
    pub fn use_factor(&self, account: &[u8], step: i64) -> Result<(), StoreError> {
        self.change_sealed(&SECOND_FACTOR, put![account], &[("last_step", step.into())])?;
        Ok(())
    }

    /// Ends it.
    pub fn end_factor(&self, account: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&SECOND_FACTOR, "account = $1", put![account], |_| Ok(()))?;
        Ok(())
    }

    /// Ends all second factors of an account, and what was to be signed.
    pub fn end_factors(&self, account: &[u8]) -> Result<(), StoreError> {
        for of in [&SECOND_FACTOR, &FACTOR_KEY, &FACTOR_CHALLENGE] {
            self.take_sealed(of, "account = $1", put![account], |_| Ok(()))?;
        }
        Ok(())
    }

    /// The keys of an account, the oldest first.
    pub fn keys(&self, account: &[u8]) -> Result<Vec<KeyRow>, StoreError> {
        let read = |row: &super::Row<'_>| Ok(KeyRow { public_key: row.get(1)?, name: row.get(2)?, since: row.get(3)? });
        self.sealed(&FACTOR_KEY, "account = $1 ORDER BY since, public_key", put![account], read)
    }

    /// Whether some account has this key.
    pub fn is_key_taken(&self, public_key: &[u8]) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM factor_key WHERE public_key = $1", put![public_key])
    }

    /// Adds a key.
    pub fn put_factor_key(&self, account: &[u8], key: &KeyRow) -> Result<(), StoreError> {
        self.put_sealed(&FACTOR_KEY, put![account, &key.public_key, &key.name, key.since])
    }

    /// Ends a key.
    pub fn end_key(&self, account: &[u8], public_key: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&FACTOR_KEY, "account = $1 AND public_key = $2", put![account, public_key], |_| Ok(()))?;
        Ok(())
    }

    /// Keeps what an account is to sign there, over what stood there, and forgets what is over. Where one of them all went or came back, none
    /// is good any more.
    pub fn put_challenge(&self, account: &[u8], bound: &[u8; 32], challenge: &ChallengeRow, now: i64) -> Result<(), StoreError> {
        self.empty_unless_whole(&FACTOR_CHALLENGE)?;
        self.take_sealed(&FACTOR_CHALLENGE, "expires_at <= $1", put![now], |_| Ok(()))?;
        self.put_sealed(&FACTOR_CHALLENGE, put![account, bound, &challenge.nonce, &challenge.origin, challenge.expires_at])
    }

    /// Takes what an account is to sign there, so that nobody gets it again; none where it is over.
    pub fn take_challenge(&self, account: &[u8], bound: &[u8; 32], now: i64) -> Result<Option<ChallengeRow>, StoreError> {
        let whole = self.is_whole(&FACTOR_CHALLENGE)?;
        let read = |row: &super::Row<'_>| Ok(ChallengeRow { nonce: row.get(2)?, origin: row.get(3)?, expires_at: row.get(4)? });
        let taken = self.take_sealed(&FACTOR_CHALLENGE, "account = $1 AND bound = $2", put![account, bound], read)?.pop();
        Ok(taken.filter(|challenge| whole && challenge.expires_at > now))
    }
}
