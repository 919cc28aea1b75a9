//! The desk's store as the sync core sees it.

use crate::desk::Inner;
use crate::store::{StoreError, change, elder, key, photo, row};
use rusqlite::Transaction;
use shared::crdt::{self, Decoded};
use shared::fault::Fault;
use shared::record::{RecordId, RecordKind};
use shared::seal;
use shared::sync::desk::{Arrived, DeskLine, Office, Unsent};
use shared::sync::{ChangeName, SetSum, set_sum};
use shared::wire::{DeviceReport, RefusedReason, WireChange};
use shared::zh;
use std::collections::{HashMap, HashSet};

impl Office for Inner {
    type Error = Fault;

    fn line(&self) -> Result<DeskLine, Fault> {
        self.read(change::line)
    }

    fn unsent(&self, most: usize, bytes: usize) -> Result<Vec<Unsent>, Fault> {
        self.read(|store| change::unsent(store, most, bytes))
    }

    fn report(&self, travelling: usize) -> Result<DeviceReport, Fault> {
        let (unsent, refused) = self.read(change::counts)?;
        let (_, agrees) = self.last_sync()?;
        Ok(DeviceReport {
            unsent: unsent.saturating_sub(travelling as u64),
            unsent_photos: self.read(photo::unsent_count)?,
            refused,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            agrees: agrees.unwrap_or(true),
        })
    }

    fn take_in(&self, arrived: &Arrived<'_>) -> Result<u64, Fault> {
        let now = self.clock.now();
        let taken = self.transact_and_show(|transaction| {
            let mut sum = change::sum(transaction)?;
            let mut refused = arrived.refused.iter().peekable();
            for (index, unsent) in arrived.sent.iter().enumerate() {
                match refused.next_if(|(refused, _)| *refused == index) {
                    // The tombstone itself goes only to places that see the elder.
                    Some((_, RefusedReason::Erased)) => {
                        let elder = RecordId(uuid::Uuid::from_bytes(unsent.change.record));
                        self.erase(transaction, elder)?.iter().for_each(|gone| sum.take_off(gone));
                    }
                    Some((_, reason)) => change::refuse(transaction, unsent.seq, zh::refused(*reason), now)?,
                    None => sum.add(&name_of(unsent)),
                }
            }
            change::leave_outbox(transaction, arrived.sent)?;
            let taken = take_changes(self, transaction, arrived.changes, &mut sum)?;
            change::put_sum(transaction, &sum)?;
            if let Some(line) = &arrived.line {
                change::put_line(transaction, line)?;
            }
            Ok(taken)
        })?;
        if arrived.changes.iter().any(|change| seal::proof_of(&change.bytes).is_some()) {
            self.scrub()?;
        }
        self.touched();
        Ok(taken)
    }

    fn sum(&self) -> Result<SetSum, Fault> {
        self.read(change::sum)
    }

    fn walk(&self, visit: &mut dyn FnMut(ChangeName)) -> Result<(), Fault> {
        self.read(|store| change::walk(store, &mut |_, name| visit(name)))
    }

    fn send_again(&self, names: &HashSet<ChangeName>) -> Result<(), Fault> {
        self.transact(|transaction| change::send_again(transaction, names))
    }

    fn unsent_photos(&self, most: usize) -> Result<Vec<[u8; 32]>, Fault> {
        let hashes = self.read(|store| photo::unsent(store, u32::try_from(most).unwrap_or(u32::MAX)))?;
        Ok(hashes.iter().filter_map(|hash| hex::decode(hash).ok()?.try_into().ok()).collect())
    }

    fn photo(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, Fault> {
        let hash = hex::encode(hash);
        let bytes = self.photo_path(&hash, false).and_then(|path| std::fs::read(path).ok());
        if bytes.is_none() {
            tracing::error!(hash, "a photo is missing on this disk");
        }
        Ok(bytes)
    }

    fn shut_out(&self) -> Result<(), Fault> {
        self.wipe()
    }

    fn photo_sent(&self, hash: &[u8; 32]) -> Result<(), Fault> {
        self.transact(|transaction| photo::mark_sent(transaction, &hex::encode(hash)))?;
        self.touched();
        Ok(())
    }
}

/// Takes in changes from the server: those not known are logged and their records projected again. Bytes that are
/// no change are left out and named in the program's log; the rest goes on. Gives how many were new.
fn take_changes(desk: &Inner, store: &Transaction<'_>, changes: &[WireChange], sum: &mut SetSum) -> Result<u64, StoreError> {
    let mut taken = 0;
    let mut gathered = Gathered::default();
    for wire in changes {
        let Some(kind) = RecordKind::of_code(&wire.kind) else {
            tracing::warn!(kind = wire.kind, "left out a change of a kind that this version does not know");
            continue;
        };
        let record = RecordId(uuid::Uuid::from_bytes(wire.record));
        if wire.bytes.is_empty() {
            taken += gathered.write(desk, store, sum)?;
            withdraw(desk, store, kind, record, sum)?;
            continue;
        }
        if kind == RecordKind::ElderKey {
            taken += u64::from(take_key(desk, store, record, &wire.bytes, sum)?);
            continue;
        }
        match crdt::admit(&wire.bytes) {
            Ok(decoded) => gathered.add(kind, record, &wire.bytes, decoded),
            Err(error) => tracing::warn!(kind = wire.kind, %error, "left out a change that this version does not understand"),
        }
    }
    Ok(taken + gathered.write(desk, store, sum)?)
}

/// Changes of one record, as they came and as they were read.
type OfRecord<'a> = Vec<(&'a [u8], Decoded)>;

/// Changes of one answer, by record: each is read and written once.
#[derive(Default)]
struct Gathered<'a> {
    order: Vec<(RecordKind, RecordId)>,
    changes: HashMap<(RecordKind, RecordId), OfRecord<'a>>,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, kind: RecordKind, record: RecordId, bytes: &'a [u8], decoded: Decoded) {
        let of_record = self.changes.entry((kind, record)).or_default();
        if of_record.is_empty() {
            self.order.push((kind, record));
        }
        of_record.push((bytes, decoded));
    }

    fn write(&mut self, desk: &Inner, store: &Transaction<'_>, sum: &mut SetSum) -> Result<u64, StoreError> {
        let mut taken = 0;
        for (kind, record) in std::mem::take(&mut self.order) {
            let changes = self.changes.remove(&(kind, record)).unwrap_or_default();
            taken += take_record(desk, store, kind, record, &changes, sum)?;
        }
        Ok(taken)
    }
}

fn take_record(
    desk: &Inner,
    store: &Transaction<'_>,
    kind: RecordKind,
    record: RecordId,
    changes: &[(&[u8], Decoded)],
    sum: &mut SetSum,
) -> Result<u64, StoreError> {
    let known = change::history(store, kind, record)?;
    let (mut taken, mut news) = (0, known.clone());
    for (bytes, decoded) in changes {
        let name = set_sum::name_of_hash(kind, record.bytes(), &decoded.hash);
        if !news.iter().any(|known| known == bytes) {
            change::append(store, kind, record, bytes, false)?;
            news.push(bytes.to_vec());
            sum.add(&name);
            taken += 1;
        } else if let Some(seq) = change::place(store, kind, record, bytes)?
            && change::accept_after_all(store, seq)?
        {
            sum.add(&name);
        }
    }
    if taken > 0 {
        let fields = match changes {
            [(_, only)] if known.is_empty() => only.alone(),
            _ => crdt::fields(&news)?,
        };
        desk.project(store, kind, record, fields)?;
        if kind == RecordKind::Elder {
            elder::is_back(store, record)?;
        }
    }
    Ok(taken)
}

/// Takes in a parcel or a tombstone of an elder's keys; tells whether it was new.
fn take_key(desk: &Inner, store: &Transaction<'_>, elder: RecordId, bytes: &[u8], sum: &mut SetSum) -> Result<bool, StoreError> {
    let (kind, name) = (RecordKind::ElderKey, set_sum::name(RecordKind::ElderKey, elder.bytes(), bytes));
    let tombstone = seal::proof_of(bytes).is_some();
    if seal::admit(kind, bytes).is_err() {
        tracing::warn!("left out a key that this version does not understand");
        return Ok(false);
    }
    if !tombstone && key::is_erased(store, elder)? {
        // From a server that was restored: it hears of the erasure from here.
        return Ok(false);
    }
    if let Some(seq) = change::place(store, kind, elder, bytes)? {
        if change::accept_after_all(store, seq)? {
            sum.add(&name);
        }
        return Ok(false);
    }
    change::append(store, kind, elder, bytes, false)?;
    sum.add(&name);
    if tombstone {
        desk.erase(store, elder)?.iter().for_each(|gone| sum.take_off(gone));
    } else {
        desk.unpack(store, elder, bytes)?;
    }
    Ok(true)
}

/// The record has left this office's scope. What this office has not sent yet, or what was refused, stays.
fn withdraw(desk: &Inner, store: &Transaction<'_>, kind: RecordKind, record: RecordId, sum: &mut SetSum) -> Result<(), StoreError> {
    for name in change::withdraw(store, kind, record)? {
        sum.take_off(&name);
    }
    if kind == RecordKind::Elder {
        elder::has_left(store, record)?;
    }
    match kind {
        RecordKind::ElderKey => desk.keys_left(store, record),
        kind => row::remove(store, kind, record),
    }
}

fn name_of(unsent: &Unsent) -> ChangeName {
    let kind = RecordKind::of_code(&unsent.change.kind);
    kind.map(|kind| set_sum::name(kind, &unsent.change.record, &unsent.change.bytes)).unwrap_or_default()
}
