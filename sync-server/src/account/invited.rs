//! One-time links: an administrator gives one, and whoever holds it chooses the password of an account by it, once. Only the hash of what it
//! carries is kept.

use super::hash_strong;
use crate::audit::Actor;
use crate::clock::civil;
use crate::console::shown_place;
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::store::{AccountRow, Tx};
use crate::{Parts, secret};
use shared::console::{INVITED_PLACE, Invitation, InvitationTaken, LinkGiven};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, RecordKind};

/// For so many seconds a link may be used.
const LINK_LIVES: i64 = 72 * 3600;

impl Parts {
    /// A new link of an account, whose password is chosen by it from then on.
    pub(super) fn new_link(&self, tx: &Tx<'_>, account: &[u8], by: &AccountRow, now: i64) -> Result<LinkGiven, Refusal> {
        let (token, until) = (secret::token(), now + LINK_LIVES);
        tx.await_password(account, &by.id)?;
        tx.put_invitation(account, &secret::hash(&token), until)?;
        Ok(LinkGiven { link: format!("{INVITED_PLACE}#{token}"), until: civil(until) })
    }

    /// To whom a link was given.
    pub fn invitation(&self, tx: &Tx<'_>, token: &str) -> Result<Invitation, Refusal> {
        let (account, until) = self.invited(tx, token)?;
        Ok(Invitation { place: shown_place(tx, &account)?, name: account.name, role: account.role, until: civil(until) })
    }

    /// The account of a link that may be used now, and until when.
    fn invited(&self, tx: &Tx<'_>, token: &str) -> Result<(AccountRow, i64), Refusal> {
        let found = match tx.invited(&secret::hash(token), self.clock.seconds())? {
            Some((id, until)) => tx.account(&id)?.map(|account| (account, until)),
            None => None,
        };
        found.ok_or_else(|| fault!(Code::Forbidden, accounts::LINK_OVER).into())
    }

    /// Chooses a password by a link, once. Nobody is signed in by it: of an account that has a second factor the link alone opens nothing.
    pub fn take_invitation(&self, by: &Actor, seat: &Seat, ask: &InvitationTaken) -> Result<(), Refusal> {
        // Looked at before as well: hashing a password is dear, and not for strangers.
        let (account, _) = self.store.read(|tx| self.invited(tx, &ask.token))?;
        let password_hash = hash_strong(seat, &account.name, &ask.password)?;
        self.audited(&by.clone().account(&account), AuditEvent::InvitationTaken, |tx, noted| {
            let (account, _) = self.invited(tx, &ask.token)?;
            noted.object(&account.name).record(RecordKind::Account, &account.id);
            tx.put_password(&account.id, &password_hash, self.clock.seconds(), false)?;
            Ok(tx.end_invitation(&account.id)?)
        })
    }
}
