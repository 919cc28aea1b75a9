//! Master data that the server authors itself, through the same log as all changes. The actor is
//! made anew at every start of the process.

use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::store::{StoreError, Tx};
use shared::crdt::{self, ActorId, RecordChange};
use shared::kinds::RecordKind;
use shared::schema::{Fields, Record, RecordId};

/// The centre as an author.
#[derive(Clone, Debug)]
pub struct Centre {
    actor: ActorId,
}

impl Centre {
    /// A new actor.
    #[must_use]
    pub fn new() -> Self {
        Self { actor: ActorId::from(*uuid::Uuid::new_v4().as_bytes()) }
    }

    /// Writes a new record under a new id.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn create<R: Record>(&self, tx: &Tx<'_>, record: &R, at: i64) -> Result<RecordId, JournalError> {
        let id = RecordId(uuid::Uuid::now_v7());
        self.create_as(tx, id, record, at)?;
        Ok(id)
    }

    /// Writes a new record under that id.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn create_as<R: Record>(&self, tx: &Tx<'_>, id: RecordId, record: &R, at: i64) -> Result<(), JournalError> {
        let change = crdt::first_change(&self.actor, &record.to_fields(), at);
        log(tx, R::KIND, id.bytes(), &change, at)
    }

    /// Writes a new elder with a key of its own, sealed as desks do it: for what is made up.
    ///
    /// # Errors
    /// [`JournalError`]
    #[cfg(any(test, feature = "drill"))]
    pub fn create_elder(
        &self,
        tx: &Tx<'_>,
        keys: crate::sync::Keys<'_>,
        elder: &shared::kinds::Elder,
        at: i64,
    ) -> Result<RecordId, JournalError> {
        let id = RecordId(uuid::Uuid::now_v7());
        let (wrapped_key, sealed) = keys.seal_new(id, elder)?;
        let change = crdt::first_change(&self.actor, &sealed, at);
        log(tx, RecordKind::Elder, id.bytes(), &change, at)?;
        let mut journal = Journal::open(tx)?;
        journal.append_key(*id.0.as_bytes(), &wrapped_key, Writer { device: None, at })?;
        journal.flush()?;
        Ok(id)
    }

    /// Writes a new record under that id, with what else stands in an open journal.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn append_first<R: Record>(&self, journal: &mut Journal<'_, '_>, id: RecordId, record: &R, at: i64) -> Result<(), JournalError> {
        let change = crdt::first_change(&self.actor, &record.to_fields(), at);
        append(journal, (R::KIND, *id.0.as_bytes()), &change, at)
    }

    /// Changes some fields of a record, with what else stands in an open journal.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn append_next(
        &self,
        journal: &mut Journal<'_, '_>,
        kind: RecordKind,
        record: [u8; 16],
        changes: &Fields,
        at: i64,
    ) -> Result<(), JournalError> {
        let change = crdt::next_change(&self.actor, &journal.logged((kind, record))?, changes, at).map_err(StoreError::from)?;
        append(journal, (kind, record), &change, at)
    }

    /// Changes some fields of a record.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn change(&self, tx: &Tx<'_>, kind: RecordKind, id: &[u8], changes: &Fields, at: i64) -> Result<(), JournalError> {
        let change = crdt::next_change(&self.actor, &tx.history(kind, id)?, changes, at).map_err(StoreError::from)?;
        log(tx, kind, id, &change, at)
    }
}

fn log(tx: &Tx<'_>, kind: RecordKind, record: &[u8], change: &RecordChange, at: i64) -> Result<(), JournalError> {
    let record = record.try_into().map_err(|_| JournalError::Unmergeable)?;
    let mut journal = Journal::open(tx)?;
    append(&mut journal, (kind, record), change, at)?;
    Ok(journal.flush()?)
}

fn append(journal: &mut Journal<'_, '_>, name: (RecordKind, [u8; 16]), change: &RecordChange, at: i64) -> Result<(), JournalError> {
    let change = Incoming::read(name, &change.bytes).map_err(StoreError::from)?;
    journal.append(change, Writer { device: None, at })
}

impl Default for Centre {
    fn default() -> Self {
        Self::new()
    }
}
