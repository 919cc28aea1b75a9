//! Accounts of the console, the hashes of their passwords, and wrong tries by name.

use super::engine::{Row, put};
use super::{StoreError, Tx};
use shared::kinds::Level;

/// An account that is in use.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Id of the account record.
    pub id: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Level,
    /// Division of the scope, or the canteen's code.
    pub division: String,
    /// Hash of the password.
    pub password_hash: String,
}

/// Wrong tries to sign in by one name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tries {
    /// How many in a row.
    pub failed: i64,
    /// Until when the name is locked, in seconds.
    pub locked_until: i64,
}

const ACCOUNT: &str = "SELECT a.id, a.name, a.role, a.division, s.password_hash FROM account a \
     JOIN account_secret s ON s.account = a.id WHERE coalesce(a.disabled, 0) = 0 AND ";

impl Tx<'_> {
    /// The account of a name.
    pub fn account_by_name(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        self.one(&format!("{ACCOUNT} a.name = $1"), put![name], account_of)
    }

    /// The account of an id.
    pub fn account(&self, id: &[u8]) -> Result<Option<AccountRow>, StoreError> {
        self.one(&format!("{ACCOUNT} a.id = $1"), put![id], account_of)
    }

    /// Whether a name is taken, in use or not.
    pub fn account_name_taken(&self, name: &str) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM account WHERE name = $1", put![name])
    }

    /// Whether there is any account.
    pub fn any_account(&self) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM account_secret LIMIT 1", put![])
    }

    /// Keeps the hash of a password.
    pub fn put_password(&self, account: &[u8], password_hash: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO account_secret (account, password_hash) VALUES ($1, $2) \
             ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash",
            put![account, password_hash],
        )?;
        Ok(())
    }

    /// The wrong tries by a name.
    pub fn tries(&self, name_hash: &[u8; 32]) -> Result<Tries, StoreError> {
        let tries = self.one("SELECT failed, locked_until FROM sign_in_try WHERE name_hash = $1", put![name_hash], |row| {
            Ok(Tries { failed: row.get(0)?, locked_until: row.get(1)? })
        })?;
        Ok(tries.unwrap_or_default())
    }

    /// Sets the wrong tries by a name and forgets those of the past day.
    pub fn put_tries(&self, name_hash: &[u8; 32], tries: Tries, now: i64) -> Result<(), StoreError> {
        self.execute("DELETE FROM sign_in_try WHERE last_at < $1", put![now - 86_400])?;
        self.execute(
            "INSERT INTO sign_in_try (name_hash, failed, last_at, locked_until) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name_hash) DO UPDATE SET failed = excluded.failed, last_at = excluded.last_at, locked_until = excluded.locked_until",
            put![name_hash, tries.failed, now, tries.locked_until],
        )?;
        Ok(())
    }
}

fn account_of(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    let role: Option<String> = row.get(2)?;
    Ok(AccountRow {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role.as_deref().and_then(Level::of_code).unwrap_or(Level::Canteen),
        division: row.get::<Option<String>>(3)?.unwrap_or_default(),
        password_hash: row.get(4)?,
    })
}
