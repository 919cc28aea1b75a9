//! The server's store as the sync core sees it, for one device in one transaction.

use super::admit;
use crate::audit::{Actor, Event};
use crate::journal::Journal;
use crate::store::{EVERYBODY, Identity, Pushed, PushedPart, StoreError, Tx};
use crate::{Parts, photo};
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent};
use shared::schema::KindId;
use shared::sync::envelope::{Proof, change_digest};
use shared::sync::message::MAX_CHANGES;
use shared::sync::server::{PAGE_BYTES, Page, PhotoPiece, ServerStore};
use shared::sync::{ChangeId, DeviceSession, SessionToken, SetDigest, set_digest};
use shared::wire::{DeviceReport, RefusedChange, RefusedReason, WireChange};

/// A report is kept again after so many seconds, though nothing in it changed: it says when the device was last here.
const REPORT_AGES: i64 = 60;

/// How the reasons of a refusal are noted.
const REASONS: [(RefusedReason, AuditDetail); RefusedReason::ALL.len()] = [
    (RefusedReason::Malformed, AuditDetail::Malformed),
    (RefusedReason::TooLarge, AuditDetail::TooLarge),
    (RefusedReason::ForeignKind, AuditDetail::ForeignKind),
    (RefusedReason::ForeignScope, AuditDetail::ForeignScope),
    (RefusedReason::Erased, AuditDetail::Erased),
    (RefusedReason::Asked, AuditDetail::Asked),
];

/// One device at the counter.
pub struct DeviceTx<'a, 'c> {
    parts: &'a Parts,
    tx: &'a Tx<'c>,
    device: &'a Identity,
    journal: Option<Journal<'a, 'c>>,
    /// Who is noted for what it brings, and what was signed.
    by: Option<(&'a Actor, Proof)>,
    /// Where the changes that it brought stand in the log.
    parts_pushed: Vec<PushedPart>,
    refused: Vec<RefusedReason>,
    at: i64,
}

impl<'a, 'c> DeviceTx<'a, 'c> {
    /// For looking only.
    pub fn looking(parts: &'a Parts, tx: &'a Tx<'c>, device: &'a Identity) -> Self {
        Self { parts, tx, device, journal: None, by: None, parts_pushed: Vec::new(), refused: Vec::new(), at: parts.clock.seconds() }
    }

    /// For writing.
    pub fn writing(parts: &'a Parts, tx: &'a Tx<'c>, device: &'a Identity, by: (&'a Actor, Proof)) -> Result<Self, StoreError> {
        Ok(Self { journal: Some(Journal::open(tx)?), by: Some(by), ..Self::looking(parts, tx, device) })
    }

    /// Writes what is left to write, and goes on looking.
    fn settle(&mut self) -> Result<(), StoreError> {
        self.journal.as_mut().map_or(Ok(()), Journal::flush)
    }

    /// Ends the transaction's work, and notes it where it brought or refused something.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.settle()?;
        let (Some(journal), Some((by, proof))) = (&self.journal, self.by) else { return Ok(()) };
        let (first, last) = journal.written();
        // What the server wrote by itself is no push.
        let brought_nothing = self.parts_pushed.is_empty() || last < first;
        if brought_nothing && self.refused.is_empty() {
            return Ok(());
        }
        // What is held may be logged later, in the name of who signed it now.
        if last >= first || self.refused.contains(&RefusedReason::Asked) {
            self.tx.put_push(&Pushed { number: self.tx.next_push()?, proof, parts: self.parts_pushed })?;
        }
        let mut event = Event::of(AuditEvent::Pushed);
        if last >= first {
            event.made(AuditDetail::Changes, last - first + 1).made(AuditDetail::First, first).made(AuditDetail::Last, last);
        } else {
            event.refused(Code::Refused);
        }
        for (reason, detail) in REASONS {
            let many = self.refused.iter().filter(|refused| **refused == reason).count();
            if many > 0 {
                event.made(detail, many);
            }
        }
        self.parts.note(self.tx, by, &event)
    }

    /// The device's own scope and that of everybody; 0 where a scope has nothing yet.
    fn scopes(&self) -> Result<[(i64, SetDigest); 2], StoreError> {
        let scope = |name: &str| Ok::<_, StoreError>(self.tx.scope_of(name)?.unwrap_or_default());
        Ok([scope(&self.device.scope().key())?, scope(EVERYBODY)?])
    }

    fn scope_ids(&self) -> Result<[i64; 2], StoreError> {
        Ok(self.scopes()?.map(|(id, _)| id))
    }
}

impl ServerStore for DeviceTx<'_, '_> {
    type Error = StoreError;

    fn may_write(&self) -> bool {
        self.journal.is_some()
    }

    fn session(&mut self) -> Result<DeviceSession, StoreError> {
        self.tx.device_session(&self.device.id)
    }

    fn keep_session(&mut self, session: &DeviceSession) -> Result<(), StoreError> {
        self.tx.put_device_session(&self.device.id, session)
    }

    fn random(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.parts.crypto.random(&mut bytes);
        bytes
    }

    fn next_token(&mut self, last: SessionToken) -> Result<SessionToken, StoreError> {
        self.parts.next_token(self.tx, &self.device.id, last)
    }

    fn look_back(&mut self, presents: SessionToken, last: SessionToken) -> Result<(), StoreError> {
        match self.journal.as_mut() {
            Some(journal) => self.parts.look_back(self.tx, journal, &self.device.id, (presents, last)),
            None => Ok(()),
        }
    }

    fn admit(&mut self, changes: &[WireChange]) -> Result<Vec<RefusedChange>, StoreError> {
        let Some(journal) = self.journal.as_mut() else { return Ok(Vec::new()) };
        let Some((by, _)) = &self.by else { return Ok(Vec::new()) };
        let refused = admit::take(self.parts, self.tx, journal, self.device, changes, (self.at, by))?;
        for change in changes {
            match journal.wrote(change)? {
                Some(seq) => PushedPart::go_on(&mut self.parts_pushed, seq),
                None => {
                    let digest = change_digest(self.parts.crypto.as_ref(), &change.kind, &change.record, &change.bytes);
                    self.parts_pushed.push(PushedPart::Named(digest));
                }
            }
        }
        self.refused.extend(refused.iter().map(|refused| refused.reason));
        Ok(refused)
    }

    fn page(&mut self, after: u64, own_too: bool, snapshots: bool) -> Result<Page, StoreError> {
        self.settle()?;
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        // A position beyond the end: the server was restored from a backup since. The device begins anew.
        let after = if after > self.tx.ends()?.0 { 0 } else { after };
        let scopes = self.scope_ids()?;
        let snapshots = own_too && snapshots;
        if snapshots && let Some(page) = self.tx.snapshot_page(scopes[0], after)? {
            return Ok(Page { next: u64::try_from(page.upto).unwrap_or(0), more: true, packed: page.page, ..Page::default() });
        }
        // Who reads everything falls into step with the pages that are there.
        let until = if snapshots { self.tx.next_snapshot(scopes[0], after)? } else { None };
        let but = (!own_too).then_some(self.device.id.as_slice());
        self.tx.page(scopes, (after, until), (PAGE_BYTES, MAX_CHANGES), but)
    }

    fn digest(&mut self) -> Result<SetDigest, StoreError> {
        self.settle()?;
        let [(_, own), (_, everybody)] = self.scopes()?;
        Ok(own.with(everybody))
    }

    fn walk(&mut self, visit: &mut dyn FnMut(ChangeId, &WireChange)) -> Result<(), StoreError> {
        self.tx.walk(self.scope_ids()?, &mut |change| {
            if let Some(kind) = KindId::of_code(&change.kind) {
                visit(set_digest::id(kind, &change.record, &change.bytes), change);
            }
        })
    }

    fn news(&mut self, after: u64) -> Result<bool, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        // A position beyond the end is news too: the server was restored, and the device should come.
        Ok(after > self.tx.ends()?.0 || self.tx.news(self.scope_ids()?, after, &self.device.id)?)
    }

    fn wants_report(&mut self, report: &DeviceReport) -> Result<bool, StoreError> {
        let last = self.tx.last_report(&self.device.id)?;
        Ok(last.is_none_or(|(at, last)| last != *report || self.at >= at + REPORT_AGES || self.at < at))
    }

    fn keep_report(&mut self, report: &DeviceReport) -> Result<(), StoreError> {
        let report = DeviceReport { version: report.version.chars().take(40).collect(), ..report.clone() };
        self.tx.put_report(&self.device.id, &report, self.at)
    }

    fn put_photo(&mut self, hash: &[u8; 32], size: u32, at: u32, bytes: &[u8]) -> Result<PhotoPiece, StoreError> {
        let sender = photo::Sender { folder: &self.parts.folder, device: &self.device.id, now: self.at };
        sender.take_piece(self.tx, &hex::encode(hash), size, at, bytes)
    }

    fn lost_photos(&mut self, most: usize) -> Result<Vec<[u8; 32]>, StoreError> {
        let from = hex::encode(self.random());
        let lost = self.tx.lost_photos(&self.device.scope(), &from, most)?;
        Ok(lost.iter().filter_map(|hash| hex::decode(hash).ok()?.try_into().ok()).collect())
    }

    fn keys(&mut self) -> Result<Vec<u8>, StoreError> {
        let (device, key) = self.tx.device(&self.device.id)?.ok_or(StoreError::Overlooked)?;
        let keys = self.parts.keys().of_device(&device.division);
        Ok(keys.wrap(self.parts.crypto.as_ref(), &key)?)
    }

    fn photo(&mut self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let hash = hex::encode(hash);
        if !self.tx.has_photo(&hash)? || !self.tx.photo_in_scope(&hash, &self.device.scope())? {
            return Ok(None);
        }
        Ok(photo::read(&self.parts.folder, &hash))
    }
}
