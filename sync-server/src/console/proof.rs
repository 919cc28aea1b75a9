//! That somebody is who they say: a password, a code of the second factor. Every try is counted before it is known to be wrong, and noted when it
//! is; equal answers for unknown names and wrong passwords, in equal time.

use super::tries::{self, Counted};
use crate::audit::{Actor, Event};
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::store::{AccountRow, StoreError, Tx};
use crate::{Parts, secret};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent};

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

/// Whether the account has a second factor that counts.
pub fn has_factor(tx: &Tx<'_>, account: &[u8]) -> Result<bool, StoreError> {
    Ok(tx.factor(account)?.is_some_and(|factor| factor.since.is_some()))
}

/// Uses up a code of a try that was counted.
pub fn code(parts: &Parts, account: &AccountRow, code: &str, (counted, by): (&Counted, &Actor)) -> Result<(), Refusal> {
    let now = parts.clock.seconds();
    if parts.store.write(|tx| parts.use_code(tx, &account.id, code, now))? {
        return Ok(());
    }
    parts.noted(by, &wrong(counted, AuditEvent::WrongCode))?;
    Err(fault!(Code::SecondFactor, account::WRONG_CODE).into())
}

/// Uses up a code of somebody who is signed in, and then acts.
pub fn with_code<T>(
    parts: &Parts,
    (account, by): (&AccountRow, &Actor),
    typed: &str,
    event: AuditEvent,
    mut act: impl FnMut(&Tx<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let now = parts.clock.seconds();
    let counted = parts.store.write(|tx| tries::count(tx, &account.name, &by.source, now))??;
    code(parts, account, typed, (&counted, by))?;
    parts.audited(by, event, |tx, noted| {
        counted.take_back(tx, now)?;
        noted.object(&account.name);
        act(tx)
    })
}
