//! Accounts of the console, the hashes of their passwords, and whether their rights wait.

use super::engine::{Put, Row, put};
use super::sealed::{ACCOUNT_SECRET, FACTOR_KEY, SECOND_FACTOR, STANDING};
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
    /// Its rights wait for a security administrator.
    pub waits: bool,
    /// The account that gave the last link to it.
    pub asked_by: Option<Vec<u8>>,
    /// Whose it is, where that was said.
    pub person: Option<String>,
    /// The person's telephone.
    pub phone: Option<String>,
    /// Other rights that wait to be confirmed.
    pub next: Option<NextRights>,
    /// When somebody last signed in with it, or it was enabled; none where that was before anybody noted it.
    pub used_at: Option<i64>,
}

/// Rights that an account is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextRights {
    /// The role.
    pub role: Role,
    /// Division of the scope, or the canteen's code.
    pub division: String,
    /// The account that asked for them.
    pub by: Vec<u8>,
}

impl AccountRow {
    /// Whether somebody chose a password, or was given one.
    #[must_use]
    pub fn has_password(&self) -> bool {
        !self.password_hash.is_empty()
    }
}

const ALL: &str = "SELECT a.id, a.name, a.role, a.division, coalesce(a.disabled, 0), a.person, a.phone FROM account a";
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

    /// All accounts by name, as far as it takes to choose among them: whatever somebody else wrote there. Who is shown or acted on is read by itself.
    pub fn accounts_in_short(&self) -> Result<Vec<(AccountRow, bool)>, StoreError> {
        let sql = "SELECT a.id, a.name, a.role, a.division, coalesce(a.disabled, 0), a.person, a.phone, coalesce(s.password_hash, ''), \
             coalesce(s.waits, 0), s.next_role \
             FROM account a LEFT JOIN account_secret s ON s.account = a.id ORDER BY a.name";
        self.all(sql, put![], |row| {
            let (waits, next): (i64, Option<String>) = (row.get(8)?, row.get(9)?);
            // What is asked for stands in the row that is read by itself.
            let next = next.map(|_| NextRights { role: Role::Canteen, division: String::new(), by: Vec::new() });
            Ok((AccountRow { password_hash: row.get(7)?, waits: waits != 0, next, ..account_of(row)? }, row.get(4)?))
        })
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
        let id = account.id.clone();
        let is = |row: &Row<'_>, at| Ok::<_, StoreError>(row.get::<Option<i64>>(at)?.is_some_and(|is| is != 0));
        self.sealed_one(&ACCOUNT_SECRET, "account = $1", put![&id], |row| {
            Ok(AccountRow {
                password_hash: row.get(1)?,
                password_at: row.get(2)?,
                password_due: is(row, 3)?,
                waits: is(row, 4)?,
                asked_by: row.get(5)?,
                next: next_of(row)?,
                used_at: row.get(9)?,
                ..account.clone()
            })
        })
    }

    /// An account of an id with what it signs in with, in use or not; and whether it is disabled.
    pub fn account_kept(&self, id: &[u8]) -> Result<Option<(AccountRow, bool)>, StoreError> {
        let found = self.one(&format!("{ALL} WHERE a.id = $1"), put![id], |row| Ok((account_of(row)?, row.get(4)?)))?;
        let Some((account, disabled)) = found else { return Ok(None) };
        Ok(self.as_written(account)?.map(|account| (account, disabled)))
    }

    /// Whether no row of what accounts sign in with, or of what they may, went or came back.
    pub fn accounts_are_whole(&self) -> Result<bool, StoreError> {
        for of in [&ACCOUNT_SECRET, &SECOND_FACTOR, &FACTOR_KEY, &STANDING] {
            if !self.is_whole(of)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The names of all accounts, in use or not.
    pub fn account_names(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT name FROM account", put![], |row| row.get(0))
    }

    /// Whether there is any account.
    pub fn any_account(&self) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM account_secret LIMIT 1", put![])
    }

    /// Keeps the hash of a password, when it was chosen, and whether another one has to be chosen first of all. Whether its rights wait stays as
    /// it is; those of an account that had no password yet do not.
    pub fn put_password(&self, account: &[u8], password_hash: &str, chosen_at: i64, due: bool) -> Result<(), StoreError> {
        let set: [(&str, Put<'_>); 3] =
            [("password_hash", password_hash.into()), ("chosen_at", chosen_at.into()), ("due", i64::from(due).into())];
        if self.change_sealed(&ACCOUNT_SECRET, put![account], &set)? {
            return Ok(());
        }
        let [hash, at, due] = set.map(|(_, value)| value);
        self.put_sealed(&ACCOUNT_SECRET, &[account.into(), hash, at, due, Put::Null, Put::Null, Put::Null, Put::Null, Put::Null, Put::Null])
    }

    /// Somebody signed in with the account, or it was enabled.
    pub fn note_use(&self, account: &[u8], at: i64) -> Result<(), StoreError> {
        self.change_sealed(&ACCOUNT_SECRET, put![account], &[("used_at", at.into())])?;
        Ok(())
    }

    /// No password opens the account until one is chosen by a link that `asked_by` gave, and its rights wait then.
    pub fn await_password(&self, account: &[u8], asked_by: &[u8]) -> Result<(), StoreError> {
        let (due, waits) = (0_i64, 1_i64);
        let row =
            [account.into(), "".into(), Put::Null, due.into(), waits.into(), asked_by.into(), Put::Null, Put::Null, Put::Null, Put::Null];
        self.put_sealed(&ACCOUNT_SECRET, &row)
    }

    /// No password opens the account until another one is chosen.
    pub fn void_password(&self, account: &[u8]) -> Result<(), StoreError> {
        self.change_sealed(&ACCOUNT_SECRET, put![account], &[("password_hash", "".into())])?;
        Ok(())
    }

    /// The rights of the account wait no more, and no other ones do.
    pub fn confirm_account(&self, account: &[u8]) -> Result<(), StoreError> {
        self.change_sealed(&ACCOUNT_SECRET, put![account], &[("waits", 0_i64.into())])?;
        self.put_next_rights(account, None)
    }

    /// Keeps other rights until they are confirmed, or that none are asked for.
    pub fn put_next_rights(&self, account: &[u8], next: Option<&NextRights>) -> Result<(), StoreError> {
        let set: [(&str, Put<'_>); 3] = [
            ("next_role", next.map(|next| next.role.code()).into()),
            ("next_division", next.map(|next| &next.division).into()),
            ("next_by", next.map(|next| &next.by).into()),
        ];
        self.change_sealed(&ACCOUNT_SECRET, put![account], &set)?;
        Ok(())
    }

    /// The accounts in use of the person with this telephone, whatever somebody else wrote there: each of them and its role.
    pub fn accounts_of_person(&self, phone: &str) -> Result<Vec<(Vec<u8>, Role)>, StoreError> {
        let found = self.all(&format!("{ALL} {IN_USE} a.phone = $1"), put![phone], account_of)?;
        Ok(found.into_iter().map(|account| (account.id, account.role)).collect())
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
        waits: false,
        asked_by: None,
        person: row.get(5)?,
        phone: row.get(6)?,
        next: None,
        used_at: None,
    })
}

/// Rights that are asked for, as they stand in a sealed row.
fn next_of(row: &Row<'_>) -> Result<Option<NextRights>, StoreError> {
    let (role, division, by): (Option<String>, Option<String>, Option<Vec<u8>>) = (row.get(6)?, row.get(7)?, row.get(8)?);
    let role = role.as_deref().and_then(Role::of_code);
    Ok(role.zip(division).zip(by).map(|((role, division), by)| NextRights { role, division, by }))
}
