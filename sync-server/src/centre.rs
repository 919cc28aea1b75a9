//! Master data that the server authors itself, through the same log as all changes. The actor is
//! made anew at every start of the process.

use crate::journal::{Bearer, Journal, JournalError};
use crate::store::{StoreError, Tx};
use crate::sync::Keys;
use shared::crdt::{self, ActorId};
use shared::record::{Elder, Fields, Record, RecordId, RecordKind};

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
        log(tx, R::KIND, id.bytes(), &change.bytes, at)
    }

    /// Writes a new elder with a key of its own, sealed as desks do it.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn create_elder(&self, tx: &Tx<'_>, keys: Keys<'_>, elder: &Elder, at: i64) -> Result<RecordId, JournalError> {
        let id = RecordId(uuid::Uuid::now_v7());
        let (parcel, sealed) = keys.seal_new(id, elder)?;
        let change = crdt::first_change(&self.actor, &sealed, at);
        log(tx, RecordKind::Elder, id.bytes(), &change.bytes, at)?;
        log(tx, RecordKind::ElderKey, id.bytes(), &parcel, at)?;
        Ok(id)
    }

    /// Changes some fields of a record.
    ///
    /// # Errors
    /// [`JournalError`]
    pub fn change(&self, tx: &Tx<'_>, kind: RecordKind, id: &[u8], changes: &Fields, at: i64) -> Result<(), JournalError> {
        let history: Vec<Vec<u8>> = tx.history(kind, id)?.into_iter().map(|logged| logged.bytes).collect();
        let change = crdt::next_change(&self.actor, &history, changes, at).map_err(StoreError::from)?;
        log(tx, kind, id, &change.bytes, at)
    }
}

fn log(tx: &Tx<'_>, kind: RecordKind, record: &[u8], bytes: &[u8], at: i64) -> Result<(), JournalError> {
    let mut journal = Journal::open(tx)?;
    journal.append(kind, record, bytes, Bearer { device: None, grant: None, at })?;
    Ok(journal.close()?)
}

impl Default for Centre {
    fn default() -> Self {
        Self::new()
    }
}
