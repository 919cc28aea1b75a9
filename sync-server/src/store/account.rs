//! Accounts of the console, and the hashes of their passwords.

use super::engine::{Row, put};
use super::{StoreError, Tx};
use shared::kinds::Role;

/// An account that is in use.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Id of the account record.
    pub id: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Division of the scope, or the canteen's code.
    pub division: String,
    /// Hash of the password.
    pub password_hash: String,
}

const ALL: &str = "SELECT a.id, a.name, a.role, a.division, s.password_hash, coalesce(a.disabled, 0) FROM account a \
     JOIN account_secret s ON s.account = a.id";
const IN_USE: &str = "WHERE coalesce(a.disabled, 0) = 0 AND";

impl Tx<'_> {
    /// The account of a name.
    pub fn account_by_name(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        self.one(&format!("{ALL} {IN_USE} a.name = $1"), put![name], account_of)
    }

    /// The account of an id.
    pub fn account(&self, id: &[u8]) -> Result<Option<AccountRow>, StoreError> {
        self.one(&format!("{ALL} {IN_USE} a.id = $1"), put![id], account_of)
    }

    /// All accounts by name, and whether each is disabled.
    pub fn accounts(&self) -> Result<Vec<(AccountRow, bool)>, StoreError> {
        self.all(&format!("{ALL} ORDER BY a.name"), put![], |row| Ok((account_of(row)?, row.get(5)?)))
    }

    /// The names of all accounts, in use or not.
    pub fn account_names(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT name FROM account", put![], |row| row.get(0))
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
}

fn account_of(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    let role: Option<String> = row.get(2)?;
    Ok(AccountRow {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role.as_deref().and_then(Role::of_code).unwrap_or(Role::Canteen),
        division: row.get::<Option<String>>(3)?.unwrap_or_default(),
        password_hash: row.get(4)?,
    })
}
