//! 账号 of the console, as whoever sits at the machine makes, disables and mends them; and the one-time link to the first one. What
//! administrators do at the console stands in `others`, what somebody does who was invited in `invited`. Signing in stands in `console`.

mod common;
mod factor;
mod invited;
mod key;
mod name;
mod others;
mod person;

pub(crate) use key::{Bound, key_name, signature_in};

use crate::admin::check_seen;
use crate::audit::{Actor, Place};
use crate::city;
use crate::console::{LONGEST_LOCK, open_sessions};
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::store::Tx;
use crate::{Parts, Server, secret};
use serde::Serialize;
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Account, AuditDetail, AuditEvent, NoticeOf, RecordKind, Role};
use shared::rule::password::{self, PasswordProblem};
use shared::schema::{Fields, RecordId, Value};

const FIRST_LINK_LIVES: i64 = 86_400;

/// Where the hash of a link's token stands, with the time it ends: in the store, so that any server on
/// one database knows the links of the others.
const FIRST_LINK: &str = "first_link/";

fn first_link_of(token: &str) -> String {
    format!("{FIRST_LINK}{}", hex::encode(secret::hash(token)))
}

/// An account, for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountListed {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Division of the scope, or the canteen's code.
    pub division: String,
    /// Nobody signs in with it.
    pub disabled: bool,
    /// It is locked at some place just now, after wrong tries.
    pub locked: bool,
    /// Its rights wait for a security administrator.
    pub waits: bool,
    /// Sessions that are open.
    pub sessions: usize,
}

/// A new password, told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PasswordGiven {
    /// Where it was made here; none where it was brought.
    pub password: Option<String>,
}

impl Server {
    /// Adds an account of the console.
    ///
    /// # Errors
    /// A [`Fault`] names what is wrong.
    pub fn add_account(&self, name: &str, role: impl Into<Role>, division: &str, password: &str) -> Result<(), Fault> {
        self.0.add_account(name, role.into(), division, password)?;
        Ok(())
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn accounts(&self) -> Result<Vec<AccountListed>, Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let listed: Result<_, Refusal> = parts.commanded(AuditEvent::AccountsListed, |tx, _| {
            let listed = tx.accounts()?.into_iter().map(|(account, disabled)| {
                Ok::<_, Refusal>(AccountListed {
                    locked: tx.is_locked(&account.name, now, now + LONGEST_LOCK)?,
                    waits: tx.account_kept(&account.id)?.is_some_and(|(account, _)| account.waits),
                    sessions: open_sessions(tx, &account.id, now)?.len(),
                    name: account.name,
                    role: account.role,
                    division: account.division,
                    disabled,
                })
            });
            listed.collect::<Result<Vec<_>, _>>()
        });
        Ok(listed?)
    }

    /// Nobody signs in with the account any more, and its sessions end; or it may be used again.
    ///
    /// # Errors
    /// A [`Fault`] when there is no such account.
    pub fn disable_account(&self, name: &str, disabled: bool) -> Result<(), Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let event = if disabled { AuditEvent::AccountDisabled } else { AuditEvent::AccountEnabled };
        let done: Result<(), Refusal> = parts.commanded(event, |tx, noted| {
            noted.object(name);
            let (id, stands) = account_named(tx, name)?;
            noted.record(RecordKind::Account, &id).at(place_of(tx, &id)?);
            if stands != disabled {
                let changes = Fields::from([("disabled".into(), Value::Bool(disabled))]);
                parts.centre.change(tx, RecordKind::Account, &id, &changes, now)?;
            }
            if disabled {
                tx.end_sessions(&id)?;
                parts.revoke(tx, NoticeOf::Account, &id)?;
            }
            Ok(())
        });
        Ok(done?)
    }

    /// Forgets the wrong tries by an account's name, wherever they came from.
    ///
    /// # Errors
    /// A [`Fault`] when there is no such account.
    pub fn unlock_account(&self, name: &str) -> Result<(), Fault> {
        let done: Result<(), Refusal> = self.0.commanded(AuditEvent::AccountUnlocked, |tx, noted| {
            noted.object(name);
            let (id, _) = account_named(tx, name)?;
            noted.record(RecordKind::Account, &id).at(place_of(tx, &id)?);
            Ok(tx.unlock(name.trim())?)
        });
        Ok(done?)
    }

    /// Gives an account another password, the one that is brought or a new random one: another one has to be chosen with the next sign-in. Its
    /// sessions, its locks and its second factors end.
    ///
    /// # Errors
    /// A [`Fault`] when there is no such account, or the password is weak.
    pub fn reset_password(&self, name: &str, brought: Option<&str>) -> Result<PasswordGiven, Fault> {
        let parts = &self.0;
        let made = brought.is_none().then(secret::password);
        let now = parts.clock.seconds();
        let password = brought.or(made.as_deref()).unwrap_or_default();
        // Hashed before the transaction: that takes a while.
        let known = parts.store.read(|tx| account_named(tx, name)).is_ok();
        let password_hash = known.then(|| hash_strong(&Seat::at_the_machine(), name.trim(), password));
        let done: Result<(), Refusal> = parts.commanded(AuditEvent::PasswordReset, |tx, noted| {
            noted.object(name);
            let (id, _) = account_named(tx, name)?;
            noted.record(RecordKind::Account, &id).at(place_of(tx, &id)?);
            let password_hash = hashed(password_hash.as_ref())?;
            // Whoever gave it knows it.
            tx.put_password(&id, password_hash, now, true)?;
            tx.end_sessions(&id)?;
            tx.end_factors(&id)?;
            tx.unlock(name.trim())?;
            parts.revoke(tx, NoticeOf::Password, &id)?;
            Ok(parts.revoke(tx, NoticeOf::Factor, &id)?)
        });
        done?;
        Ok(PasswordGiven { password: made })
    }

    /// While there is no account: the token of the one-time link to the first one.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn first_link(&self) -> Result<Option<String>, Fault> {
        let parts = &self.0;
        let token = secret::token();
        let until = (parts.clock.seconds() + FIRST_LINK_LIVES).to_string();
        let given: Result<bool, Refusal> = parts.store.write(|tx| {
            let first = !tx.any_account()?;
            if first {
                tx.set_once(&first_link_of(&token), &until)?;
            }
            Ok(first)
        });
        Ok(given?.then_some(token))
    }
}

/// Where an account belongs.
fn place_of(tx: &Tx<'_>, id: &[u8]) -> Result<Place, Refusal> {
    let found = tx.accounts()?.into_iter().find(|(account, _)| account.id == id);
    Ok(found.map_or_else(Place::default, |(account, _)| Place::of_account(&account)))
}

/// The id of the account of a name, and whether it is disabled.
fn account_named(tx: &Tx<'_>, name: &str) -> Result<(Vec<u8>, bool), Refusal> {
    let found = tx.accounts()?.into_iter().find(|(account, _)| account.name == name.trim());
    found.map(|(account, disabled)| (account.id, disabled)).ok_or_else(|| fault!(Code::NotFound, account::no_such_account(name)).into())
}

impl Parts {
    /// Adds an account; gives its id.
    pub fn add_account(&self, name: &str, role: Role, division: &str, password: &str) -> Result<RecordId, Refusal> {
        let password_hash = good_name(name).and_then(|name| hash_strong(&Seat::at_the_machine(), name, password));
        let now = self.clock.seconds();
        self.commanded(AuditEvent::AccountAdded, |tx, noted| {
            noted.object(name).said(AuditDetail::Role, role.code());
            let id = self.put_account(tx, good_name(name)?, role, division, hashed(Some(&password_hash))?, now)?;
            noted.record(RecordKind::Account, id.bytes()).at(place_of(tx, id.bytes())?);
            Ok(id)
        })
    }

    fn put_account(&self, tx: &Tx<'_>, name: &str, role: Role, division: &str, password_hash: &str, now: i64) -> Result<RecordId, Refusal> {
        let account = Account { name: name.to_owned(), role, division: division.to_owned(), disabled: false, person: None, phone: None };
        let id = self.make_account(tx, &account, now)?;
        tx.put_password(id.bytes(), password_hash, now, false)?;
        Ok(id)
    }

    /// Makes an account with which nobody signs in yet.
    fn make_account(&self, tx: &Tx<'_>, account: &Account, now: i64) -> Result<RecordId, Refusal> {
        let Account { name, role, division, .. } = account;
        let role = *role;
        place_fits(tx, role, division)?;
        for other in tx.account_names()? {
            if other == *name {
                return Err(fault!(Code::BadInput, account::name_taken(name)).into());
            }
            if name::folded(&other) == name::folded(name) {
                return Err(fault!(Code::BadInput, account::name_alike(&other)).into());
            }
        }
        Ok(self.centre.create(tx, account, now)?)
    }

    /// Makes the first account of the city, once, for who holds the link.
    pub fn add_first_account(&self, by: &Actor, seat: &Seat, token: &str, name: &str, password: &str) -> Result<RecordId, Refusal> {
        let now = self.clock.seconds();
        let link = first_link_of(token);
        let check = |tx: &Tx<'_>| -> Result<(), Refusal> {
            let until = tx.setting(&link)?.and_then(|until| until.parse::<i64>().ok());
            if until.is_some_and(|until| until > now) && !tx.any_account()? {
                return Ok(());
            }
            Err(fault!(Code::Forbidden, account::FIRST_LINK_OVER).into())
        };
        // Looked at before as well: hashing a password is dear, and not for strangers.
        self.store.read(check)?;
        let name = good_name(name)?;
        let password_hash = hash_strong(seat, name, password)?;
        self.audited(by, AuditEvent::FirstAccount, |tx, noted| {
            check(tx)?;
            let id = self.put_account(tx, name, Role::City, &city::of(tx)?, &password_hash, now)?;
            noted.record(RecordKind::Account, id.bytes()).object(name);
            tx.unset_all(FIRST_LINK)?;
            Ok(id)
        })
    }
}

/// Whether there is such a role in such a place.
fn place_fits(tx: &Tx<'_>, role: Role, division: &str) -> Result<(), Refusal> {
    let known = match role {
        Role::Canteen => tx.canteen(division)?.is_some(),
        role => {
            let fits = role.level().is_none_or(|level| division::level(division) == level);
            division::find(division).is_some() && fits && division.len() <= 9
        }
    };
    if known { Ok(()) } else { Err(fault!(Code::BadInput, account::role_of_another_place(division, role)).into()) }
}

/// What hashing a password came to: told in the transaction, so that a refusal is noted.
fn hashed(made: Option<&Result<String, Refusal>>) -> Result<&str, Refusal> {
    match made {
        Some(Ok(hash)) => Ok(hash),
        Some(Err(refusal)) => Err(Refusal::from(refusal.fault.clone())),
        None => Err(Fault::broken().into()),
    }
}

/// The name without the spaces around it.
pub(crate) fn good_name(name: &str) -> Result<&str, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 30 {
        return Err(fault!(Code::BadInput, account::BAD_NAME).into());
    }
    check_seen(name)?;
    Ok(name)
}

/// The hash of a password that keeps the rule and is none that everybody tries first.
pub(crate) fn hash_strong(seat: &Seat, name: &str, password: &str) -> Result<String, Refusal> {
    password::check(name, password).map_err(Fault::from)?;
    if common::is_common(password) {
        return Err(Fault::from(PasswordProblem::Guessed).into());
    }
    Ok(secret::hash_password(seat, password).map_err(|_| Fault::broken())?)
}
