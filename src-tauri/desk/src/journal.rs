//! The journal: the one way in which records change. An act becomes changes; changes and rows are
//! committed in one fsynced transaction, and only then is anybody told. What waits for the server
//! follows from the log itself.

use crate::desk::Inner;
use crate::fault::{OrBroken, broken, of_store};
use crate::store::{StoreError, change, elder, quarantine, row};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use shared::crdt::{self, CrdtError};
use shared::fault::Fault;
use shared::record::{Fields, Record, RecordId, RecordKind};
use shared::zh;

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
        let done = write(&transaction).map_err(of_store)?;
        transaction.commit().or_broken()?;
        Ok(done)
    }

    /// Writes an act: its change and its row.
    pub(crate) fn write(&self, transaction: &Connection, act: &Act) -> Result<(), StoreError> {
        let time = self.clock.timestamp().as_second();
        let history = change::history(transaction, act.kind, act.record)?;
        let (made, fields) = match &act.what {
            What::Create(fields) if history.is_empty() => (crdt::first_change(&self.actor, fields, time), fields.clone()),
            What::Create(fields) | What::Edit(fields) => match self.onto(history, fields, time) {
                Err(StoreError::Crdt(CrdtError::Unchanged)) => return Ok(()),
                made => made?,
            },
        };
        change::append(transaction, act.kind, act.record, &made.bytes, true)?;
        row::write(transaction, act.kind, act.record, &fields)
    }

    /// A change on top of history, and the fields after it.
    fn onto(&self, mut history: Vec<Vec<u8>>, changes: &Fields, time: i64) -> Result<(crdt::RecordChange, Fields), StoreError> {
        let made = crdt::next_change(&self.actor, &history, changes, time)?;
        history.push(made.bytes.clone());
        let fields = crdt::fields(&history)?;
        Ok((made, fields))
    }

    /// Logs a change that this desk did not make now and projects its record; `false` when it is known already.
    pub(crate) fn log_foreign(
        &self,
        transaction: &Connection,
        kind: RecordKind,
        record: RecordId,
        bytes: &[u8],
    ) -> Result<bool, StoreError> {
        let mut history = change::history(transaction, kind, record)?;
        if history.iter().any(|known| known == bytes) {
            return Ok(false);
        }
        history.push(bytes.to_vec());
        let seq = change::append(transaction, kind, record, bytes, false)?;
        self.project(transaction, kind, record, &history, seq)?;
        Ok(true)
    }

    /// Writes the row of a record after all of its changes. Where they do not merge it stays as it was: one
    /// record is put aside, and the rest goes on.
    fn project(
        &self,
        transaction: &Connection,
        kind: RecordKind,
        record: RecordId,
        history: &[Vec<u8>],
        seq: i64,
    ) -> Result<(), StoreError> {
        match crdt::fields(history) {
            Ok(fields) => {
                row::write(transaction, kind, record, &fields)?;
                if history.len() > 1 { quarantine::release(transaction, kind, record) } else { Ok(()) }
            }
            Err(error) => {
                tracing::error!(%error, kind = kind.code(), %record, "a record is put aside, its changes do not merge");
                quarantine::put(transaction, kind, record, seq, zh::put_aside(error), self.clock.now())
            }
        }
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
        let millis = u64::try_from(self.clock.timestamp().as_millisecond()).unwrap_or_default();
        let mut random = [0; 10];
        self.crypto.random(&mut random);
        RecordId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}
