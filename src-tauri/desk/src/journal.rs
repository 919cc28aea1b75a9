//! The journal: the one way in which records change. An act becomes changes; changes, rows and
//! outbox entries are committed in one fsynced transaction, and only then is anybody told.

use crate::desk::Inner;
use crate::fault::{OrBroken, broken};
use crate::store::{StoreError, change, elder, row};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use shared::crdt::{self, CrdtError};
use shared::fault::Fault;
use shared::record::{Fields, Record, RecordId, RecordKind};
use shared::wire::WireChange;

/// One change of one record, before it is one.
#[derive(Debug)]
pub(crate) struct Act {
    pub(crate) kind: RecordKind,
    pub(crate) record: RecordId,
    pub(crate) what: What,
}

/// A new record, or new values of a known one.
#[derive(Debug)]
pub(crate) enum What {
    Create(Fields),
    Edit(Fields),
}

impl Act {
    /// A new record.
    pub(crate) fn create<R: Record>(record: RecordId, value: &R) -> Self {
        Self { kind: R::KIND, record, what: What::Create(value.to_fields()) }
    }

    /// New values of a known record; a `Null` clears.
    pub(crate) fn edit(kind: RecordKind, record: RecordId, changes: Fields) -> Self {
        Self { kind, record, what: What::Edit(changes) }
    }
}

impl Inner {
    /// Commits acts in one transaction.
    pub(crate) fn commit(&self, acts: &[Act]) -> Result<(), Fault> {
        self.commit_with(acts, |_| Ok(()))
    }

    /// As [`Inner::commit`], with more writes of this desk's own in the same transaction.
    pub(crate) fn commit_with<T>(&self, acts: &[Act], also: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        self.commit_made(|transaction| {
            for act in acts {
                self.write(transaction, act)?;
            }
            also(transaction)
        })
    }

    /// Commits what `make` writes: an act that depends on the store as it stands in its own transaction.
    pub(crate) fn commit_made<T>(&self, make: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        let done = self.transact(make)?;
        self.catch_up()?;
        self.line.wake();
        Ok(done)
    }

    /// One transaction on the writing connection.
    pub(crate) fn transact<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        let mut writer = self.writer.lock().map_err(broken)?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).or_broken()?;
        let done = write(&transaction).or_broken()?;
        transaction.commit().or_broken()?;
        Ok(done)
    }

    /// Writes an act: its change, its row and its place in the outbox.
    pub(crate) fn write(&self, transaction: &Connection, act: &Act) -> Result<(), StoreError> {
        let now = self.clock.now();
        let time = self.clock.timestamp().as_second();
        let history = change::history(transaction, act.kind, act.record)?;
        let (made, fields) = match &act.what {
            What::Create(fields) if history.is_empty() => (crdt::first_change(&self.actor, fields, time), fields.clone()),
            What::Create(fields) | What::Edit(fields) => match self.onto(history, fields, time) {
                Err(StoreError::Crdt(CrdtError::Unchanged)) => return Ok(()),
                made => made?,
            },
        };
        if let Some(seq) = change::append(transaction, &made.hash, act.kind, act.record, &made.bytes, now, true)? {
            change::enqueue(transaction, seq)?;
            row::write(transaction, act.kind, act.record, &fields)?;
        }
        Ok(())
    }

    /// A change on top of history, and the fields after it.
    fn onto(&self, mut history: Vec<Vec<u8>>, changes: &Fields, time: i64) -> Result<(crdt::RecordChange, Fields), StoreError> {
        let made = crdt::next_change(&self.actor, &history, changes, time)?;
        history.push(made.bytes.clone());
        let fields = crdt::fields(&history)?;
        Ok((made, fields))
    }

    /// Takes changes from the server: those not known are logged and their records projected again.
    /// Bytes that are no change are left out and named in the log; the rest goes on.
    pub(crate) fn take_in(
        &self,
        changes: &[WireChange],
        also: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<u64, Fault> {
        let now = self.clock.now();
        let mut taken = 0;
        self.transact(|transaction| {
            for wire in changes {
                let (Some(kind), Ok(hash)) = (RecordKind::of_code(&wire.kind), crdt::admit(&wire.bytes)) else {
                    tracing::warn!(kind = wire.kind, "left out a change that this version does not understand");
                    continue;
                };
                let record = RecordId(uuid::Uuid::from_bytes(wire.record));
                if change::append(transaction, &hash, kind, record, &wire.bytes, now, false)?.is_none() {
                    continue;
                }
                let fields = crdt::fields(&change::history(transaction, kind, record)?)?;
                row::write(transaction, kind, record, &fields)?;
                taken += 1;
            }
            also(transaction)
        })?;
        self.catch_up()?;
        Ok(taken)
    }

    /// Brings search and screens up to what the log holds, whoever wrote it: this process or another
    /// one on the same folder.
    pub(crate) fn catch_up(&self) -> Result<(), Fault> {
        let mut seen = self.seen.lock().map_err(broken)?;
        let reader = self.reader()?;
        let last = change::last(&reader).or_broken()?;
        if last == *seen {
            return Ok(());
        }
        let mut elders = self.elders.write().map_err(broken)?;
        for record in change::elders_since(&reader, *seen).or_broken()? {
            for found in elder::searchables(&reader, Some(record)).or_broken()? {
                elders.put(found);
            }
        }
        *seen = last;
        self.touched();
        Ok(())
    }

    /// A new record id.
    pub(crate) fn new_id(&self) -> RecordId {
        let now = self.clock.timestamp();
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
        RecordId(uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos)))
    }
}
