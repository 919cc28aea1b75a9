//! The epoch of the database: so often was it put back from a backup, and one. That it was is seen by a mark beside the database that
//! knows more of the audit log than the database does, and by session tokens of desks that were given later than all that it knows; or whoever put
//! it back says so. Sessions, enrolment codes and links end then, everybody is told (`notice`), and the auditors until somebody at the machine settles it.

use crate::audit::{Actor, Event};
use crate::clock::civil;
use crate::fault::Refusal;
use crate::journal::Journal;
use crate::key_provider::KeyProvider;
use crate::private_file;
use crate::store::{EndName, StoreError, Tx};
use crate::{Parts, Server};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent, Notice, NoticeOf};
use shared::sync::SessionToken;

const EPOCH: &str = "epoch";
/// When it was seen that the database went back, until somebody settles it.
const UNSETTLED: &str = "went_back_at";
/// In the data folder.
const MARK: &str = "database-mark.json";
/// Numbers of devices that were enrolled in what was lost are not given again: so many at most.
const LOST_NUMBERS: i64 = 100;

/// How far the database had come, beside it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    epoch: u16,
    /// The last row of the audit log.
    number: i64,
    seal: String,
}

/// What settling found.
#[derive(Clone, Debug, Serialize)]
pub struct RestoreSettled {
    /// The epoch that began.
    pub epoch: u16,
}

/// What a session token says: in which epoch it was given, and as how many-th of its device.
type Given = (u16, u32);

impl Parts {
    fn epoch(&self, tx: &Tx<'_>) -> Result<u16, StoreError> {
        Ok(tx.setting(EPOCH)?.and_then(|epoch| epoch.parse().ok()).unwrap_or(1))
    }

    fn token(&self, device: &[u8], (epoch, count): Given) -> SessionToken {
        let proof = self.key_provider.derive(&format!("session token {} {epoch} {count}", hex::encode(device)));
        let mut token = [0; 16];
        token[..2].copy_from_slice(&epoch.to_be_bytes());
        token[2..6].copy_from_slice(&count.to_be_bytes());
        token[6..].copy_from_slice(&proof[..10]);
        SessionToken(token)
    }

    /// What a token says that this server gave to the device.
    fn given(&self, device: &[u8], token: SessionToken) -> Option<Given> {
        let [a, b, c, d, e, f, ..] = token.0;
        let given = (u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f]));
        shared::chain::same(&self.token(device, given).0, &token.0).then_some(given)
    }

    /// The session token of a device that follows that one.
    pub fn next_token(&self, tx: &Tx<'_>, device: &[u8], last: SessionToken) -> Result<SessionToken, StoreError> {
        let count = self.given(device, last).map_or(0, |(_, count)| count);
        Ok(self.token(device, (self.epoch(tx)?, count.saturating_add(1))))
    }

    /// Looks whether a token was given later than all that the database knows of its device.
    pub fn look_back(
        &self,
        tx: &Tx<'_>,
        journal: &mut Journal<'_, '_>,
        device: &[u8],
        (presents, last): (SessionToken, SessionToken),
    ) -> Result<(), StoreError> {
        match self.given(device, presents) {
            Some(given) if given > self.given(device, last).unwrap_or_default() => self.went_back(tx, journal, given.0),
            _ => Ok(()),
        }
    }

    /// The database is older than something that was done in that epoch, which ends with that.
    pub fn went_back(&self, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, known: u16) -> Result<(), StoreError> {
        if self.epoch(tx)? > known {
            return Ok(());
        }
        let now = self.clock.seconds();
        let (epoch, back_to) = (known.saturating_add(1), tx.last_audit_at()?.map(civil));
        tx.set(EPOCH, &epoch.to_string())?;
        tx.set(UNSETTLED, &now.to_string())?;
        tx.end_all_sessions()?;
        tx.end_all_codes()?;
        tx.end_all_invitations()?;
        tx.skip_device_numbers(LOST_NUMBERS)?;
        let notice =
            Notice { about: NoticeOf::Restored, subject: None, at: civil(now), epoch: Some(epoch.into()), back_to, proof: String::new() };
        self.announce(journal, notice, now)?;
        let mut event = Event::of(AuditEvent::WentBack);
        event.made(AuditDetail::Amount, epoch);
        tracing::error!(epoch, "the database was put back from a backup");
        self.note(tx, &Actor::itself(), &event)
    }

    /// Since when it is known that the database went back, and nobody settled it.
    pub fn unsettled_since(&self, tx: &Tx<'_>) -> Result<Option<DateTime>, StoreError> {
        Ok(tx.setting(UNSETTLED)?.and_then(|at| at.parse().ok()).map(civil))
    }

    /// How far the database has come: its epoch, and the last row of the audit log.
    fn stands(&self) -> Result<(u16, i64), StoreError> {
        self.store.read(|tx| Ok((self.epoch(tx)?, tx.audit_end(EndName::Head)?.map_or(0, |head| head.number))))
    }

    /// The epoch of the mark, where the database is behind it. Asked before a start notes anything: each row would bring it nearer.
    pub(crate) fn behind_mark(&self) -> Result<Option<u16>, StoreError> {
        // The file first: of two servers the other one may write it meanwhile.
        let Some(mark) = self.mark() else { return Ok(None) };
        Ok(((mark.epoch, mark.number) > self.stands()?).then_some(mark.epoch))
    }

    /// Brings the mark up to the database; one that was behind it went back.
    pub(crate) fn keep_mark(&self, behind: Option<u16>) -> Result<(), StoreError> {
        if let Some(known) = behind {
            self.store.write(|tx| {
                let mut journal = Journal::open(tx)?;
                self.went_back(tx, &mut journal, known)?;
                journal.flush()
            })?;
        }
        let (epoch, number) = self.stands()?;
        if self.mark().is_none_or(|mark| (mark.epoch, mark.number) != (epoch, number)) {
            // A full disk keeps nobody from reading.
            if let Err(error) = self.write_mark(&Mark { epoch, number, seal: self.seal_of(epoch, number) }) {
                tracing::error!(%error, "the mark beside the database could not be written");
            }
        }
        Ok(())
    }

    fn seal_of(&self, epoch: u16, number: i64) -> String {
        hex::encode(self.key_provider.derive(&format!("database mark {epoch} {number}")))
    }

    /// The mark, where there is one that this server wrote.
    fn mark(&self) -> Option<Mark> {
        let text = std::fs::read(self.folder.join(MARK)).ok()?;
        let mark: Mark = serde_json::from_slice(&text).ok()?;
        (mark.seal == self.seal_of(mark.epoch, mark.number)).then_some(mark)
    }

    fn write_mark(&self, mark: &Mark) -> std::io::Result<()> {
        private_file::write(&self.folder.join(MARK), serde_json::to_string(mark).unwrap_or_default().as_bytes())
    }
}

impl Server {
    /// Says that the database was put back from a backup on purpose, or that somebody has seen that it was.
    ///
    /// # Errors
    /// A [`Fault`] when the store or the folder can't be written.
    pub fn settle_restore(&self) -> Result<RestoreSettled, Fault> {
        let parts = &self.0;
        let settled: Result<u16, Refusal> = parts.commanded(AuditEvent::RestoreSettled, |tx, noted| {
            if parts.unsettled_since(tx)?.is_none() {
                let mut journal = Journal::open(tx)?;
                let epoch = parts.epoch(tx)?;
                parts.went_back(tx, &mut journal, epoch)?;
                journal.flush()?;
            }
            tx.unset_all(UNSETTLED)?;
            let epoch = parts.epoch(tx)?;
            noted.made(AuditDetail::Amount, epoch);
            Ok(epoch)
        });
        let epoch = settled?;
        parts.audit_begins_anew().map_err(Refusal::from)?;
        Ok(RestoreSettled { epoch })
    }
}
