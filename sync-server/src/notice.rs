//! 中心通告: revocations that outlive the database. Each is a record that every desk keeps, and a line of a file beside the database; a
//! server that was put back from a backup is told it again by either, and does it again. Only what carries the server's own proof counts.

use crate::audit::{Actor, Event};
use crate::clock::civil;
use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::key_provider::KeyProvider;
use crate::store::{StoreError, Tx};
use crate::{Parts, beside};
use shared::crdt::{self, ActorId};
use shared::kinds::{AuditEvent, Notice, NoticeOf, RecordKind};
use shared::schema::{Fields, Record, RecordId, Value};
use shared::wire::{RefusedReason, WireChange};

/// In the data folder.
const FILE: &str = "notices";

/// A notice as it stands in the log: its bytes follow from what it says, so that it is the same whoever brings it.
struct Sealed {
    id: RecordId,
    bytes: Vec<u8>,
}

impl Parts {
    /// The notice with its proof, and its id, which no other words have.
    fn proven(&self, notice: Notice) -> (RecordId, Notice) {
        let bare = Notice { proof: String::new(), ..notice };
        let said = format!("notice {:?}", bare.to_fields());
        let id = self.key_provider.derive(&format!("id of {said}"));
        let id = uuid::Builder::from_custom_bytes(std::array::from_fn(|at| id[at])).into_uuid();
        (RecordId(id), Notice { proof: hex::encode(self.key_provider.derive(&said)), ..bare })
    }

    fn sealed(&self, notice: Notice) -> Sealed {
        let (id, notice) = self.proven(notice);
        Sealed { bytes: crdt::first_change(&ActorId::from(*id.0.as_bytes()), &notice.to_fields(), 0).bytes, id }
    }

    /// Says for good that something counts no more: last in the act that makes it so, since the file beside the database knows it from here on.
    pub fn revoke(&self, tx: &Tx<'_>, about: NoticeOf, subject: &[u8]) -> Result<(), StoreError> {
        let mut journal = Journal::open(tx)?;
        let now = self.clock.seconds();
        let subject = Some(hex::encode(subject));
        self.announce(&mut journal, Notice { about, subject, at: civil(now), epoch: None, back_to: None, proof: String::new() }, now)?;
        journal.flush()
    }

    /// Says something for good, with what else stands in an open journal.
    pub fn announce(&self, journal: &mut Journal<'_, '_>, notice: Notice, now: i64) -> Result<(), StoreError> {
        let Sealed { id, bytes } = self.sealed(notice);
        beside::note(&self.folder, FILE, id, &bytes)?;
        log(journal, id, &bytes, Writer { device: None, at: now })
    }

    /// What these bytes say, where this server once said it.
    fn own_notice(&self, id: RecordId, bytes: &[u8]) -> Option<Notice> {
        let touched = crdt::decode(bytes).ok()?.touched();
        let notice = Notice::from_fields(&touched).ok()?;
        let sealed = self.sealed(notice.clone());
        (sealed.id == id && sealed.bytes == bytes).then_some(notice)
    }

    /// Hears a notice from a desk. One that the log lacks was lost with a database that was put back: it is done again.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn hear_notice(
        &self,
        tx: &Tx<'_>,
        journal: &mut Journal<'_, '_>,
        change: &WireChange,
        at: i64,
    ) -> Result<Result<(), RefusedReason>, StoreError> {
        let id = RecordId(uuid::Uuid::from_bytes(change.record));
        let Some(notice) = self.own_notice(id, &change.bytes) else { return Ok(Err(RefusedReason::ForeignKind)) };
        let known = journal.fields((RecordKind::Notice, change.record))?.is_some();
        // Whoever brings it, it is the server's own.
        log(journal, id, &change.bytes, Writer { device: None, at })?;
        if !known {
            self.do_again(tx, journal, &notice, at)?;
        }
        Ok(Ok(()))
    }

    /// Tells the database what the file knows.
    pub(crate) fn replay_notices(&self) -> Result<(), StoreError> {
        let known = beside::read(&self.folder, FILE)?;
        let lost = self.store.read(|tx| {
            let mut journal = Journal::looking(tx)?;
            let is_lost = |(id, _): &(RecordId, Vec<u8>)| Ok(journal.fields((RecordKind::Notice, *id.0.as_bytes()))?.is_none());
            known.iter().map(is_lost).collect::<Result<Vec<bool>, StoreError>>()
        })?;
        let lost: Vec<_> = known.iter().zip(lost).filter(|(_, lost)| *lost).map(|(line, _)| line).collect();
        if lost.is_empty() {
            return Ok(());
        }
        let now = self.clock.seconds();
        self.store.write(|tx| {
            let mut journal = Journal::open(tx)?;
            for (id, bytes) in &lost {
                if let Some(notice) = self.own_notice(*id, bytes) {
                    log(&mut journal, *id, bytes, Writer { device: None, at: now })?;
                    self.do_again(tx, &mut journal, &notice, now)?;
                }
            }
            journal.flush()
        })
    }

    /// Does once more what the notice said, where it is not so.
    fn do_again(&self, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, notice: &Notice, now: i64) -> Result<(), StoreError> {
        if notice.about == NoticeOf::Restored {
            return self.went_back(tx, journal, notice.epoch.and_then(|epoch| epoch.try_into().ok()).unwrap_or_default());
        }
        let subject = notice.subject.as_deref().and_then(|subject| <[u8; 16]>::try_from(hex::decode(subject).ok()?).ok());
        let Some(subject) = subject else { return Ok(()) };
        let account: &[u8] = &subject;
        let mut set = |kind, name: &str, value: Value| -> Result<(), StoreError> {
            let Some(stands) = journal.fields((kind, subject))? else { return Ok(()) };
            if stands.get(name) == Some(&value) {
                return Ok(());
            }
            match self.centre.append_next(journal, kind, subject, &Fields::from([(name.into(), value)]), now) {
                Err(JournalError::Store(error)) => Err(error),
                Err(JournalError::Unmergeable) | Ok(()) => Ok(()),
            }
        };
        let kind = match notice.about {
            NoticeOf::Device => {
                set(RecordKind::Device, "revoked", Value::Bool(true))?;
                RecordKind::Device
            }
            NoticeOf::Account => {
                set(RecordKind::Account, "disabled", Value::Bool(true))?;
                tx.end_sessions(account)?;
                tx.end_invitation(account)?;
                RecordKind::Account
            }
            NoticeOf::Password | NoticeOf::Factor => {
                // Where a second factor is void the password is as well: alone it would open the account.
                let stands = tx.account_kept(account)?.is_some_and(|(kept, _)| kept.password_at.is_none_or(|at| civil(at) <= notice.at));
                if stands {
                    tx.void_password(account)?;
                    if notice.about == NoticeOf::Factor {
                        tx.end_factors(account)?;
                    }
                    tx.end_sessions(account)?;
                }
                RecordKind::Account
            }
            NoticeOf::Staff => {
                set(RecordKind::Staff, "disabled", Value::Bool(true))?;
                RecordKind::Staff
            }
            NoticeOf::Pin | NoticeOf::Restored => {
                set(RecordKind::Staff, "pin_reset_at", Value::Text(notice.at.to_string().into()))?;
                RecordKind::Staff
            }
        };
        let mut event = Event::of(AuditEvent::Revoked);
        event.record(kind, &subject).object(notice.about.said());
        tracing::warn!(about = notice.about.code(), "what was revoked stood in the database again");
        self.note(tx, &Actor::itself(), &event)
    }
}

fn log(journal: &mut Journal<'_, '_>, id: RecordId, bytes: &[u8], by: Writer<'_>) -> Result<(), StoreError> {
    let incoming = Incoming::read((RecordKind::Notice, *id.0.as_bytes()), bytes)?;
    match journal.append(incoming, by) {
        Err(JournalError::Store(error)) => Err(error),
        // It is the record's only change.
        Err(JournalError::Unmergeable) | Ok(()) => Ok(()),
    }
}
