//! Whether accounts are in use: they are disabled and enabled again by administrators or at the machine, and disabled by themselves where
//! nobody uses them, so that a password which its owner forgot is not found by somebody else years later.

use crate::audit::{Actor, Event, Place};
use crate::fault::Refusal;
use crate::store::{AccountRow, Tx};
use crate::{Parts, Server};
use shared::kinds::{AuditDetail, AuditEvent, NoticeOf, RecordKind};
use shared::schema::{Fields, Value};
use std::time::Duration;

/// So many days after somebody last signed in with it an account is disabled.
pub(crate) const UNUSED_DAYS: i64 = 90;
/// It is looked so often.
const PAUSE: Duration = Duration::from_secs(3600);

/// Whether nobody used it for so long. One of before anybody noted that is counted from its password.
pub(crate) fn is_unused(account: &AccountRow, now: i64) -> bool {
    let last = account.used_at.max(account.password_at);
    account.has_password() && last.is_some_and(|last| now - last > UNUSED_DAYS * 86_400)
}

/// Disables what nobody uses, as long as it is asked to.
pub(crate) async fn watch_on(server: Server) {
    loop {
        // What fails is tried again, and at the door.
        if let Err(refusal) = server.run(Parts::disable_unused).await {
            tracing::error!(fault = %refusal.fault, "accounts that nobody uses could not be disabled");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Parts {
    /// Nobody signs in with it any more, and its sessions and its link end.
    pub(super) fn disable_now(&self, tx: &Tx<'_>, account: &[u8]) -> Result<(), Refusal> {
        self.set_disabled(tx, account, true)?;
        tx.end_invitation(account)?;
        tx.end_sessions(account)?;
        Ok(self.revoke(tx, NoticeOf::Account, account)?)
    }

    /// It may be used again, with the rights that it had.
    pub(super) fn enable_now(&self, tx: &Tx<'_>, account: &[u8]) -> Result<(), Refusal> {
        tx.note_use(account, self.clock.seconds())?;
        self.set_disabled(tx, account, false)
    }

    fn set_disabled(&self, tx: &Tx<'_>, account: &[u8], disabled: bool) -> Result<(), Refusal> {
        let changes = Fields::from([("disabled".into(), Value::Bool(disabled))]);
        Ok(self.centre.change(tx, RecordKind::Account, account, &changes, self.clock.seconds())?)
    }

    /// Disables the accounts that nobody uses.
    pub(crate) fn disable_unused(&self) -> Result<(), Refusal> {
        let now = self.clock.seconds();
        let in_use = self.store.read(|tx| tx.accounts())?.into_iter().filter(|(_, disabled)| !disabled);
        for (AccountRow { id, .. }, _) in in_use {
            if !self.store.read(|tx| tx.account(&id))?.is_some_and(|account| is_unused(&account, now)) {
                continue;
            }
            self.store.write(|tx| {
                // Somebody may have come meanwhile.
                let Some(account) = tx.account(&id)?.filter(|account| is_unused(account, now)) else { return Ok(()) };
                self.disable_now(tx, &id)?;
                let mut event = Event::of(AuditEvent::AccountDisabled);
                event.object(&account.name).record(RecordKind::Account, &id).at(Place::of_account(&account));
                event.made(AuditDetail::Unused, UNUSED_DAYS);
                Ok::<_, Refusal>(self.note(tx, &Actor::itself(), &event)?)
            })?;
        }
        Ok(())
    }
}
