//! Accounts of the console, and the hashes of their passwords.

use super::engine::{Put, Row, put};
use super::sealed::{ACCOUNT_SECRET, SECOND_FACTOR, STANDING};
use super::{StoreError, Tx};
use shared::kinds::{RecordKind, Role};

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
    /// When it was chosen; none where that was before anybody noted it.
    pub password_at: Option<i64>,
    /// Somebody else gave it: another one has to be chosen.
    pub password_due: bool,
}

const ALL: &str = "SELECT a.id, a.name, a.role, a.division, coalesce(a.disabled, 0) FROM account a";
const IN_USE: &str = "WHERE coalesce(a.disabled, 0) = 0 AND";

impl Tx<'_> {
    /// The account of a name.
    pub fn account_by_name(&self, name: &str) -> Result<Option<AccountRow>, StoreError> {
        self.in_use("a.name = $1", put![name])
    }

    /// The account of an id.
    pub fn account(&self, id: &[u8]) -> Result<Option<AccountRow>, StoreError> {
        self.in_use("a.id = $1", put![id])
    }

    /// All accounts by name, without what they sign in with, and whether each is disabled.
    pub fn accounts(&self) -> Result<Vec<(AccountRow, bool)>, StoreError> {
        let all = self.all(&format!("{ALL} ORDER BY a.name"), put![], |row| Ok((account_of(row)?, row.get(4)?)))?;
        let mut whole = Vec::with_capacity(all.len());
        for (account, disabled) in all {
            if self.stands(RecordKind::Account, &account.id)? {
                whole.push((account, disabled));
            }
        }
        Ok(whole)
    }

    fn in_use(&self, condition: &str, values: &[Put<'_>]) -> Result<Option<AccountRow>, StoreError> {
        let found = self.one(&format!("{ALL} {IN_USE} {condition}"), values, account_of)?;
        found.map_or(Ok(None), |account| self.as_written(account))
    }

    /// An account with what it signs in with, where neither its rights nor that were changed by another hand.
    fn as_written(&self, account: AccountRow) -> Result<Option<AccountRow>, StoreError> {
        if !self.stands(RecordKind::Account, &account.id)? {
            return Ok(None);
        }
        let read = |row: &Row<'_>| Ok((row.get(1)?, row.get(2)?, row.get::<Option<i64>>(3)?.is_some_and(|due| due != 0)));
        let secret = self.sealed_one(&ACCOUNT_SECRET, "account = $1", put![&account.id], read)?;
        Ok(secret.map(|(password_hash, password_at, password_due)| AccountRow { password_hash, password_at, password_due, ..account }))
    }

    /// Whether no row of what accounts sign in with, or of what they may, went or came back.
    pub fn accounts_are_whole(&self) -> Result<bool, StoreError> {
        Ok(self.is_whole(&ACCOUNT_SECRET)? && self.is_whole(&SECOND_FACTOR)? && self.is_whole(&STANDING)?)
    }

    /// The names of all accounts, in use or not.
    pub fn account_names(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT name FROM account", put![], |row| row.get(0))
    }

    /// Whether there is any account.
    pub fn any_account(&self) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM account_secret LIMIT 1", put![])
    }

    /// Keeps the hash of a password, when it was chosen, and whether another one has to be chosen first of all.
    pub fn put_password(&self, account: &[u8], password_hash: &str, chosen_at: i64, due: bool) -> Result<(), StoreError> {
        self.put_sealed(&ACCOUNT_SECRET, put![account, password_hash, chosen_at, i64::from(due)])
    }
}

fn account_of(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    let role: Option<String> = row.get(2)?;
    Ok(AccountRow {
        id: row.get(0)?,
        name: row.get(1)?,
        role: role.as_deref().and_then(Role::of_code).unwrap_or(Role::Canteen),
        division: row.get::<Option<String>>(3)?.unwrap_or_default(),
        password_hash: String::new(),
        password_at: None,
        password_due: false,
    })
}
