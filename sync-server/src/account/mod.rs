//! 账号 of the console, as whoever sits at the machine makes, disables and mends them. The first one stands in `first`. What
//! administrators do at the console stands in `others`, what somebody does who was invited in `invited`. Signing in stands in `console`.

mod common;
mod context;
mod factor;
mod first;
mod in_use;
mod invited;
mod key;
mod name;
mod others;
mod person;

pub(crate) use in_use::{UNUSED_DAYS, is_unused, watch_on};
pub(crate) use key::{Bound, key_name, signature_in};

use crate::admin::check_seen;
use crate::audit::Place;
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
use shared::schema::RecordId;

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
        let event = if disabled { AuditEvent::AccountDisabled } else { AuditEvent::AccountEnabled };
        let done: Result<(), Refusal> = parts.commanded(event, |tx, noted| {
            noted.object(name);
            let (id, stands) = account_named(tx, name)?;
            noted.record(RecordKind::Account, &id).at(place_of(tx, &id)?);
            match (stands, disabled) {
                (true, false) => parts.enable_now(tx, &id),
                (false, true) => parts.disable_now(tx, &id),
                _ => Ok(()),
            }
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

/// The hash of a password that keeps the rule, is none that everybody tries first, and is not made of what the place is called.
pub(crate) fn hash_strong(seat: &Seat, name: &str, password: &str) -> Result<String, Refusal> {
    password::check(name, password).map_err(Fault::from)?;
    if common::is_common(password) || context::is_mostly_of_place(password) {
        return Err(Fault::from(PasswordProblem::Guessed).into());
    }
    Ok(secret::hash_password(seat, password).map_err(|_| Fault::broken())?)
}
