//! What comes from the server, taken in: changes not known are logged and their records projected again,
//! records that left this office's scope are taken away.

use crate::desk::Inner;
use crate::store::{StoreError, change, conflict, elder, key, order, quarantine, row};
use jiff::civil::DateTime;
use rusqlite::Transaction;
use shared::conflict::questions;
use shared::crdt::{self, Decoded, History};
use shared::record::{Fields, RecordId, RecordKind, Value};
use shared::rule::order_number;
use shared::seal;
use shared::sync::{SetSum, set_sum};
use shared::wire::WireChange;
use shared::zh;
use std::collections::{BTreeSet, HashMap};

type Name = (RecordKind, RecordId);

/// One answer on its way into the store. Its changes are gathered by record: each record is read and written once.
pub(super) struct Intake<'t, 'a> {
    desk: &'t Inner,
    store: &'t Transaction<'t>,
    now: DateTime,
    /// The sum of all that both ends should hold.
    pub(super) sum: SetSum,
    /// Elders whose files were written apart: what was said alike is settled when all is here.
    apart: BTreeSet<RecordId>,
    /// Some of that was: there is something new to send.
    pub(super) settled: bool,
    /// What this device's order numbers begin with, and the greatest sequence of those that came back: a restored folder counts
    /// on behind them.
    own_numbers: String,
    given: u32,
    order: Vec<Name>,
    changes: HashMap<Name, Vec<(&'a [u8], Decoded)>>,
}

impl<'t, 'a> Intake<'t, 'a> {
    pub(super) fn begin(desk: &'t Inner, store: &'t Transaction<'t>, now: DateTime) -> Result<Self, StoreError> {
        let (sum, apart) = (change::sum(store)?, BTreeSet::new());
        let own_numbers = format!("{}-", desk.device_number().unwrap_or_default());
        Ok(Self { desk, store, now, sum, apart, settled: false, own_numbers, given: 0, order: Vec::new(), changes: HashMap::new() })
    }

    /// Takes changes in; gives how many were new. Bytes that are no change are left out and named in the program's log.
    pub(super) fn take(&mut self, changes: &'a [WireChange]) -> Result<u64, StoreError> {
        let mut taken = 0;
        for wire in changes {
            let Some(kind) = RecordKind::of_code(&wire.kind) else {
                tracing::warn!(kind = wire.kind, "left out a change of a kind that this version does not know");
                continue;
            };
            let name = (kind, RecordId(uuid::Uuid::from_bytes(wire.record)));
            if wire.bytes.is_empty() {
                taken += self.write()?;
                self.withdraw(name)?;
                continue;
            }
            if kind == RecordKind::ElderKey {
                taken += u64::from(self.take_key(name.1, &wire.bytes)?);
                continue;
            }
            match crdt::decode(&wire.bytes) {
                Ok(decoded) => self.gather(name, &wire.bytes, decoded),
                Err(error) => tracing::warn!(kind = wire.kind, %error, "left out a change that this version does not understand"),
            }
        }
        taken += self.write()?;
        for elder in std::mem::take(&mut self.apart) {
            self.settled |= self.desk.settle_alike(self.store, elder)?;
        }
        if let (1.., Some(device)) = (self.given, self.desk.device_number()) {
            order::go_on_behind(self.store, device, self.given)?;
        }
        Ok(taken)
    }

    fn gather(&mut self, name: Name, bytes: &'a [u8], decoded: Decoded) {
        let of_record = self.changes.entry(name).or_default();
        if of_record.is_empty() {
            self.order.push(name);
        }
        of_record.push((bytes, decoded));
    }

    fn write(&mut self) -> Result<u64, StoreError> {
        let mut taken = 0;
        for name in std::mem::take(&mut self.order) {
            let changes = self.changes.remove(&name).unwrap_or_default();
            taken += self.take_record(name, &changes)?;
        }
        Ok(taken)
    }

    fn take_record(&mut self, (kind, record): Name, changes: &[(&[u8], Decoded)]) -> Result<u64, StoreError> {
        let store = self.store;
        let known = change::history(store, kind, record)?;
        let (mut taken, mut seq, mut news) = (0, 0, known.clone());
        for (bytes, decoded) in changes {
            let name = set_sum::name_of_hash(kind, record.bytes(), &decoded.hash);
            if !news.iter().any(|known| known == bytes) {
                seq = change::append(store, kind, record, bytes, false)?;
                news.push(bytes.to_vec());
                self.sum.add(&name);
                taken += 1;
            } else if let Some(seq) = change::place(store, kind, record, bytes)?
                && change::accept_after_all(store, seq)?
            {
                self.sum.add(&name);
            }
        }
        if taken > 0 {
            match changes {
                [(_, only)] if known.is_empty() => self.show((kind, record), only.alone())?,
                _ => self.project((kind, record), &news, seq)?,
            }
            if kind == RecordKind::Elder {
                elder::is_back(store, record)?;
            }
        }
        Ok(taken)
    }

    fn show(&mut self, (kind, record): Name, fields: Fields) -> Result<(), StoreError> {
        if let (RecordKind::Order, Some(Value::Text(number))) = (kind, fields.get("number"))
            && number.starts_with(&self.own_numbers)
            && let Some((_, sequence)) = order_number::parse(number)
        {
            self.given = self.given.max(sequence);
        }
        self.desk.project(self.store, kind, record, fields)
    }

    /// Writes the row of a record after all of its changes. Where they do not merge it stays as it was: one
    /// record is put aside, and the rest goes on.
    fn project(&mut self, (kind, record): Name, history: &[Vec<u8>], seq: i64) -> Result<(), StoreError> {
        match History::of(history) {
            Ok(history) => {
                self.show((kind, record), history.fields())?;
                if history.forked() {
                    conflict::put(self.store, kind, record, &questions(kind, &history))?;
                    self.apart.extend((kind == RecordKind::Elder).then_some(record));
                }
                quarantine::release(self.store, kind, record)
            }
            Err(error) => {
                conflict::remove(self.store, kind, record)?;
                tracing::error!(%error, kind = kind.code(), %record, "a record is put aside, its changes do not merge");
                quarantine::put(self.store, kind, record, seq, zh::put_aside(error), self.now)
            }
        }
    }

    /// The record has left this office's scope. What this office has not sent yet, or what was refused, stays.
    fn withdraw(&mut self, (kind, record): Name) -> Result<(), StoreError> {
        for name in change::withdraw(self.store, kind, record)? {
            self.sum.take_off(&name);
        }
        if kind == RecordKind::Elder {
            elder::has_left(self.store, record)?;
            // At once: she may be back with the same answer, and what is settled then would be said under an author who spoke already.
            self.desk.new_author();
        }
        quarantine::release(self.store, kind, record)?;
        conflict::remove(self.store, kind, record)?;
        match kind {
            RecordKind::ElderKey => self.desk.keys_left(self.store, record),
            kind => row::remove(self.store, kind, record),
        }
    }

    /// Takes in a parcel or a tombstone of an elder's keys; tells whether it was new.
    fn take_key(&mut self, elder: RecordId, bytes: &[u8]) -> Result<bool, StoreError> {
        let (kind, store) = (RecordKind::ElderKey, self.store);
        let (name, tombstone) = (set_sum::name(kind, elder.bytes(), bytes), seal::proof_of(bytes).is_some());
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
                self.sum.add(&name);
            }
            return Ok(false);
        }
        change::append(store, kind, elder, bytes, false)?;
        self.sum.add(&name);
        if tombstone {
            self.erase(elder)?;
        } else {
            let apart = self.desk.unpack(store, elder, bytes)?;
            self.apart.extend(apart.then_some(elder));
        }
        Ok(true)
    }

    /// The keys of an elder were destroyed.
    pub(super) fn erase(&mut self, elder: RecordId) -> Result<(), StoreError> {
        self.desk.erase(self.store, elder)?.iter().for_each(|gone| self.sum.take_off(gone));
        Ok(())
    }
}
