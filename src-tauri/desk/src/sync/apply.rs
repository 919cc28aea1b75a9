//! What comes from the server, taken in: changes not known are logged and their records projected again,
//! records that left this office's scope are taken away.

use crate::desk::Inner;
use crate::store::packed::pack;
use crate::store::{StoreError, change, conflict, elder, key, number, quarantine, refused, row};
use jiff::civil::DateTime;
use rusqlite::Transaction;
use shared::conflict::conflicts;
use shared::crdt::{self, History};
use shared::kinds::{ElderStatus, RecordKind};
use shared::schema::{Fields, KindId, RecordId};
use shared::seal;
use shared::sync::ahead::read_ahead;
use shared::sync::client_store::Unsent;
use shared::sync::{ChangeId, SetDigest, set_digest};
use shared::wire::WireChange;
use std::collections::{BTreeSet, HashMap};

type Name = (KindId, RecordId);

/// What one answer asks for, in its order; `C` is a change, as it came or read.
enum Step<'a, C> {
    Withdraw(Name),
    Key(RecordId, &'a [u8]),
    /// Changes of one record: it is read and written once.
    Changes(Name, Vec<C>),
}

/// A change that was read, as it will lie in the log.
struct Ready<'a> {
    bytes: &'a [u8],
    name: ChangeId,
    packed: Vec<u8>,
    /// The record, where it came with this change alone.
    alone: Option<Fields>,
}

/// The steps of an answer. Changes are gathered by record as far as nothing leaves in between, and keys go before what they open.
fn steps(changes: &[WireChange]) -> Vec<Step<'_, &[u8]>> {
    let (mut steps, mut gathered, mut indices) = (Vec::new(), Vec::new(), HashMap::new());
    for wire in changes {
        let Some(kind) = KindId::of_code(&wire.kind) else {
            tracing::warn!("left out a change of something that is no kind of record");
            continue;
        };
        let name = (kind, RecordId(uuid::Uuid::from_bytes(wire.record)));
        if wire.bytes.is_empty() {
            indices.clear();
            steps.append(&mut gathered);
            steps.push(Step::Withdraw(name));
        } else if kind == RecordKind::ElderKey {
            steps.push(Step::Key(name.1, &wire.bytes));
        } else if let Some(Step::Changes(_, of_record)) = indices.get(&name).and_then(|at| gathered.get_mut(*at)) {
            of_record.push(wire.bytes.as_slice());
        } else {
            indices.insert(name, gathered.len());
            gathered.push(Step::Changes(name, vec![&wire.bytes]));
        }
    }
    steps.append(&mut gathered);
    steps
}

/// Work for a second core, without the store. Bytes that are no change are left out and named in the program's log; those of a kind
/// that this version does not know are kept as they are, whatever they say.
fn read<'a>(step: Step<'a, &'a [u8]>) -> Step<'a, Ready<'a>> {
    let (name, changes) = match step {
        Step::Withdraw(name) => return Step::Withdraw(name),
        Step::Key(elder, bytes) => return Step::Key(elder, bytes),
        Step::Changes(name, changes) => (name, changes),
    };
    let ((kind, record), single) = (name, changes.len() == 1);
    let ready = changes.into_iter().filter_map(|bytes| match crdt::decode(bytes) {
        _ if kind.known().is_none() => {
            Some(Ready { bytes, name: set_digest::id(kind, record.bytes(), bytes), packed: pack(bytes), alone: None })
        }
        Ok(decoded) => {
            let name = set_digest::id_of_hash(kind, record.bytes(), &decoded.hash);
            Some(Ready { bytes, name, packed: pack(bytes), alone: single.then(|| decoded.alone(decoded.touched())) })
        }
        Err(error) => {
            tracing::warn!(kind = kind.code(), %error, "left out a change that this version does not understand");
            None
        }
    });
    Step::Changes(name, ready.collect())
}

/// One answer on its way into the store.
pub(super) struct ApplyBatch<'t> {
    desk: &'t Inner,
    store: &'t Transaction<'t>,
    now: DateTime,
    /// The last position in the log.
    last: i64,
    /// The sum of all that both ends should hold.
    pub(super) digest: SetDigest,
    /// Records that were written apart: what was said alike is settled when all is here.
    apart: BTreeSet<(RecordKind, RecordId)>,
    /// Elders whose file another desk took back.
    withdrawn: BTreeSet<RecordId>,
    /// Some of that was: there is something new to send.
    pub(super) settled: bool,
}

impl<'t> ApplyBatch<'t> {
    pub(super) fn begin(desk: &'t Inner, store: &'t Transaction<'t>, now: DateTime) -> Result<Self, StoreError> {
        let (last, digest) = (change::last(store)?.0, change::digest(store)?);
        Ok(Self { desk, store, now, last, digest, apart: BTreeSet::new(), withdrawn: BTreeSet::new(), settled: false })
    }

    /// Takes changes in; gives how many were new.
    pub(super) fn take(&mut self, changes: &[WireChange]) -> Result<u64, StoreError> {
        let mut taken = 0;
        read_ahead(steps(changes), read, |step| {
            taken += self.write(step)?;
            Ok::<_, StoreError>(())
        })?;
        for (kind, record) in std::mem::take(&mut self.apart) {
            self.settled |= self.desk.settle_alike(self.store, kind, record)?;
        }
        for elder in std::mem::take(&mut self.withdrawn) {
            self.settled |= self.desk.stay_listed(self.store, elder)?;
        }
        Ok(taken)
    }

    fn write(&mut self, step: Step<'_, Ready<'_>>) -> Result<u64, StoreError> {
        match step {
            Step::Withdraw(name) => self.withdraw(name).map(|()| 0),
            Step::Key(elder, bytes) => self.take_key(elder, bytes).map(u64::from),
            Step::Changes(name, changes) => self.take_record(name, changes),
        }
    }

    fn append(&mut self, kind: KindId, record: RecordId, packed: &[u8]) -> Result<(), StoreError> {
        self.last += 1;
        change::append_at(self.store, self.last, kind, record, packed, false)
    }

    fn take_record(&mut self, (kind, record): Name, mut changes: Vec<Ready<'_>>) -> Result<u64, StoreError> {
        let store = self.store;
        let known = change::history(store, kind, record)?;
        let (mut taken, mut news) = (0, known.clone());
        for Ready { bytes, name, packed, .. } in &changes {
            if !news.iter().any(|known| known == bytes) {
                self.append(kind, record, packed)?;
                news.push(bytes.to_vec());
                self.digest.add(name);
                taken += 1;
            } else if let Some(seq) = change::seq_of(store, kind, record, bytes)?
                && refused::accept_after_all(store, seq)?
            {
                self.digest.add(name);
            }
        }
        if let Some(kind) = kind.with_row().filter(|_| taken > 0) {
            match changes.first_mut().and_then(|first| first.alone.take()).filter(|_| known.is_empty()) {
                Some(fields) => self.desk.project(store, kind, record, Some(self.last), fields)?,
                None => self.project(kind, record, &news)?,
            }
            if kind == RecordKind::Elder {
                elder::is_back(store, record)?;
            }
        }
        Ok(taken)
    }

    /// Writes the row of a record after all of its changes. Where they do not merge it stays as it was: one
    /// record is quarantined, and the rest goes on.
    fn project(&mut self, kind: RecordKind, record: RecordId, history: &[Vec<u8>]) -> Result<(), StoreError> {
        match History::of(history) {
            Ok(history) => {
                let fields = history.fields();
                if kind == RecordKind::Elder && ElderStatus::of(&fields) == Some(ElderStatus::Withdrawn) {
                    self.withdrawn.insert(record);
                }
                self.desk.project(self.store, kind, record, None, fields)?;
                if history.forked() {
                    conflict::put(self.store, kind, record, &conflicts(kind, &history))?;
                    self.apart.extend(kind.sealed().next().map(|_| (kind, record)));
                }
                quarantine::release(self.store, kind, record)
            }
            Err(error) => {
                conflict::remove(self.store, kind, record)?;
                tracing::error!(%error, kind = kind.code(), %record, "a record is quarantined, its changes do not merge");
                quarantine::put(self.store, kind, record, self.last, error.code(), self.now)
            }
        }
    }

    /// The record has left this office's scope. What this office has not sent yet, or what was refused, stays.
    fn withdraw(&mut self, (kind, record): Name) -> Result<(), StoreError> {
        match kind.known() {
            Some(RecordKind::Elder) => {
                elder::has_left(self.store, record)?;
                // At once: she may be back with the same answer, and what is settled then would be said under an author who spoke already.
                self.desk.new_author();
            }
            Some(RecordKind::Order) => {
                if let Some(device) = self.desk.device_number() {
                    number::note(self.store, device)?;
                }
            }
            _ => {}
        }
        if let Some(kind) = kind.with_row() {
            row::remove(self.store, kind, record)?;
            quarantine::release(self.store, kind, record)?;
            conflict::remove(self.store, kind, record)?;
        }
        for name in change::withdraw(self.store, kind, record)? {
            self.digest.take_off(&name);
        }
        if kind == RecordKind::ElderKey { self.desk.keys_left(self.store, record) } else { Ok(()) }
    }

    /// A record that the centre made is none any more.
    pub(super) fn forget(&mut self, unsent: &Unsent) -> Result<(), StoreError> {
        // It may be made anew, and what is said of it then would be said under an author who spoke of the old one already.
        self.desk.new_author();
        let Some(kind) = KindId::of_code(&unsent.change.kind) else { return Ok(()) };
        // Counted as held by both ends until it goes.
        self.digest.add(&set_digest::id(kind, &unsent.change.record, &unsent.change.bytes));
        self.withdraw((kind, RecordId(uuid::Uuid::from_bytes(unsent.change.record))))
    }

    /// Takes in a wrapped key or a tombstone of an elder's keys; tells whether it was new.
    fn take_key(&mut self, elder: RecordId, bytes: &[u8]) -> Result<bool, StoreError> {
        let (kind, store) = (KindId::from(RecordKind::ElderKey), self.store);
        let (name, tombstone) = (set_digest::id(kind, elder.bytes(), bytes), seal::proof_of(bytes).is_some());
        if seal::admit(kind, bytes).is_err() {
            tracing::warn!("left out a key that this version does not understand");
            return Ok(false);
        }
        if !tombstone && key::is_erased(store, elder)? {
            // From a server that was restored: it hears of the erasure from here.
            return Ok(false);
        }
        if let Some(seq) = change::seq_of(store, kind, elder, bytes)? {
            if refused::accept_after_all(store, seq)? {
                self.digest.add(&name);
            }
            return Ok(false);
        }
        self.append(kind, elder, &pack(bytes))?;
        self.digest.add(&name);
        if tombstone {
            self.erase(elder)?;
        } else {
            self.apart.extend(self.desk.unpack(store, elder, bytes)?);
        }
        Ok(true)
    }

    /// The keys of an elder were destroyed.
    pub(super) fn erase(&mut self, elder: RecordId) -> Result<(), StoreError> {
        self.desk.erase(self.store, elder)?.iter().for_each(|gone| self.digest.take_off(gone));
        Ok(())
    }
}
