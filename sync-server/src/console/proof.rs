//! That somebody is who they say: a password, and a second factor, which is a code of an app or the signature of a key. Every try is counted before it is known to be wrong, and noted when it
//! is; equal answers for unknown names and wrong passwords, in equal time.

use super::clerk::Clerk;
use super::tries::{self, Counted};
use crate::account::{Bound, signature_in};
use crate::audit::{Actor, Event};
use crate::factors::{self, has_app, has_factor};
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::store::{AccountRow, StoreError, Tx};
use crate::{Parts, secret};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent, NoticeOf};

/// Whose password fitted, and the try, which is to be taken back or found to have gone well.
pub struct Proven {
    pub account: AccountRow,
    pub counted: Counted,
}

/// Whether that is the password of the account. Each wrong one is noted, but for those that a lock keeps out: of a lock there is a row when it begins.
pub fn password(parts: &Parts, seat: &mut Seat, name: &str, password: &str, by: &Actor) -> Result<Proven, Refusal> {
    let now = parts.clock.seconds();
    let counted = parts.store.write(|tx| tries::count(tx, name, &by.source, now))??;
    let (account, whole) = parts.store.read(|tx| Ok::<_, StoreError>((tx.account_by_name(name)?, tx.accounts_are_whole()?)))?;
    // Where none was chosen yet it takes as long as of an account that nobody knows.
    let stored = account.as_ref().filter(|account| account.has_password()).map(|account| account.password_hash.as_str());
    let fits = secret::password_fits(seat, stored, password);
    match account {
        // An old password may have been put back: nobody is let in until a person has looked.
        Some(account) if fits && !whole => {
            let mut event = Event::of(AuditEvent::WrongPassword);
            parts.noted(&by.clone().account(&account), event.refused(Code::Broken))?;
            Err(fault!(Code::Broken, database::FORGED).into())
        }
        Some(account) if fits => Ok(Proven { account, counted }),
        account => {
            let mut event = wrong(&counted, AuditEvent::WrongPassword);
            let by = match &account {
                Some(account) => by.clone().account(account),
                // What is no account may be a password that was typed into the wrong field.
                None => {
                    event.made(AuditDetail::UnknownName, parts.audit.mark(name));
                    by.clone()
                }
            };
            parts.noted(&by, &event)?;
            Err(fault!(Code::SignIn, account::WRONG_PASSWORD).into())
        }
    }
}

fn wrong(counted: &Counted, event: AuditEvent) -> Event {
    let mut event = Event::of(if counted.locks { AuditEvent::SignInLocked } else { event });
    event.refused(Code::SignIn);
    event
}

/// By what somebody proved who they are, beside a password.
pub enum Factor {
    App,
    /// The key of that name.
    Key(String),
}

impl Factor {
    /// Says of which key it was.
    pub fn say(&self, noted: &mut Event) {
        if let Self::Key(name) = self {
            noted.said(AuditDetail::Key, name);
        }
    }
}

/// Uses up a second factor of a try that was counted: a code of an app, or the signature of a key.
pub fn factor(parts: &Parts, account: &AccountRow, sent: &str, bound: Bound, (counted, by): (&Counted, &Actor)) -> Result<Factor, Refusal> {
    let (sent, now) = (sent.trim(), parts.clock.seconds());
    let signature = signature_in(sent);
    if signature.is_none() && parts.store.read(|tx| factors::is_key_wanted(tx, &account.id))? {
        parts.store.write(|tx| counted.take_back(tx, now))?;
        return Err(fault!(Code::SecondFactor, account::KEY_WANTED).into());
    }
    let used = match &signature {
        Some(signature) => parts.store.write(|tx| parts.use_signature(tx, &account.id, bound, signature))?.map(Factor::Key),
        None => parts.store.write(|tx| parts.use_code(tx, &account.id, sent, now))?.then_some(Factor::App),
    };
    match (used, signature) {
        (Some(used), _) => Ok(used),
        (None, Some(_)) => {
            parts.noted(by, &wrong(counted, AuditEvent::WrongKey))?;
            Err(fault!(Code::SecondFactor, account::WRONG_KEY).into())
        }
        (None, None) => {
            parts.noted(by, &wrong(counted, AuditEvent::WrongCode))?;
            Err(fault!(Code::SecondFactor, account::WRONG_CODE).into())
        }
    }
}

/// Uses up a second factor of somebody who is signed in, and then acts.
pub fn with_factor<T>(
    parts: &Parts,
    clerk: &Clerk,
    sent: &str,
    event: AuditEvent,
    mut act: impl FnMut(&Tx<'_>, &mut Event) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (account, by, now) = (&clerk.account, &clerk.actor, parts.clock.seconds());
    let counted = parts.store.write(|tx| tries::count(tx, &account.name, &by.source, now))??;
    let used = factor(parts, account, sent, Bound::session(&clerk.session), (&counted, by))?;
    // Whatever comes of the act.
    parts.store.write(|tx| counted.take_back(tx, now))?;
    parts.audited(by, event, |tx, noted| {
        noted.object(&account.name);
        used.say(noted);
        act(tx, noted)
    })
}

/// Acts once a second factor was used up, of an account that has one; at once, of one that has none yet.
pub fn where_there_is_one<T>(
    parts: &Parts,
    clerk: &Clerk,
    sent: &str,
    event: AuditEvent,
    mut act: impl FnMut(&Tx<'_>, &mut Event) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if parts.store.read(|tx| has_factor(tx, &clerk.account.id))? {
        if sent.trim().is_empty() {
            return Err(fault!(Code::SecondFactor, account::FACTOR_WANTED).into());
        }
        return with_factor(parts, clerk, sent, event, act);
    }
    parts.audited(&clerk.actor, event, |tx, noted| {
        noted.object(&clerk.account.name);
        // One that came meanwhile is asked for the next time.
        if has_factor(tx, &clerk.account.id)? {
            return Err(fault!(Code::SecondFactor, account::FACTOR_WANTED).into());
        }
        act(tx, noted)
    })
}

/// The first code of an app that was begun, a try like any other; it counts from then on.
pub fn first_code(parts: &Parts, clerk: &Clerk, code: &str) -> Result<(), Refusal> {
    let (account, by, now) = (&clerk.account, &clerk.actor, parts.clock.seconds());
    let counted = parts.store.write(|tx| tries::count(tx, &account.name, &by.source, now))??;
    let done = parts.audited(by, AuditEvent::FactorConfirmed, |tx, noted| {
        noted.object(&account.name);
        let had_one = has_app(tx, &account.id)?;
        if !parts.confirm_factor(tx, &account.id, code, now)? {
            return Err(fault!(Code::SecondFactor, account::WRONG_CODE).into());
        }
        counted.take_back(tx, now)?;
        // The phone of before may be lost: no backup brings it back.
        if had_one {
            parts.revoke(tx, NoticeOf::Factor, &account.id)?;
        }
        Ok(())
    });
    // That a wrong one locks is noted as at the door.
    if done.is_err() && counted.locks {
        parts.noted(by, &wrong(&counted, AuditEvent::WrongCode))?;
    }
    done
}
