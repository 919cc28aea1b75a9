//! The desk's keys at work: sealed fields are sealed on their way into a change and opened on their way
//! into a row. Keys of elders are made here, kept in the encrypted file and sent in parcels.

use crate::desk::Inner;
use crate::store::{StoreError, change, elder, key, row};
use rusqlite::Connection;
use shared::crdt;
use shared::crypto::SecretKey;
use shared::division;
use shared::record::{Fields, RecordId, RecordKind, Value};
use shared::seal::{ElderKeys, Parcel, is_sealed};
use shared::sync::ChangeName;

impl Inner {
    /// The keys that this desk has of an elder.
    pub(crate) fn elder_keys(&self, store: &Connection, elder: RecordId) -> Result<ElderKeys, StoreError> {
        let mut keys = ElderKeys::default();
        for key in key::of_elder(store, elder)? {
            keys.add(self.crypto.as_ref(), key);
        }
        Ok(keys)
    }

    /// The fields of a record as they go into a change. The first to seal something of an elder makes the key; of one who
    /// was erased nothing more is sealed.
    pub(crate) fn sealed(
        &self,
        transaction: &Connection,
        kind: RecordKind,
        record: RecordId,
        fields: &Fields,
    ) -> Result<Fields, StoreError> {
        if kind != RecordKind::Elder || !fields.iter().any(|(name, value)| is_sealed(name) && *value != Value::Null) {
            return Ok(fields.clone());
        }
        if key::is_erased(transaction, record)? {
            return Ok(fields.iter().filter(|(name, _)| !is_sealed(name)).map(|(name, value)| (name.clone(), value.clone())).collect());
        }
        let keys = self.keys_to_seal(transaction, record, fields)?;
        Ok(keys.seal(self.crypto.as_ref(), record, fields)?)
    }

    /// The keys of an elder; the first is made where there is none.
    pub(crate) fn keys_to_seal(&self, transaction: &Connection, elder: RecordId, fields: &Fields) -> Result<ElderKeys, StoreError> {
        let mut keys = self.elder_keys(transaction, elder)?;
        if keys.is_empty() {
            keys.add(self.crypto.as_ref(), self.make_key(transaction, elder, fields)?);
        }
        Ok(keys)
    }

    /// The fields of a record as they go into its row.
    pub(crate) fn opened(&self, store: &Connection, kind: RecordKind, record: RecordId, fields: Fields) -> Result<Fields, StoreError> {
        if kind != RecordKind::Elder || !fields.values().any(|value| matches!(value, Value::Bytes(_))) {
            return Ok(fields);
        }
        Ok(self.elder_keys(store, record)?.open(self.crypto.as_ref(), record, fields))
    }

    /// Of changes on top of `history`, those that change something: a sealed value differs from itself each time
    /// it is sealed, so what is inside is compared.
    pub(crate) fn telling(
        &self,
        store: &Connection,
        kind: RecordKind,
        record: RecordId,
        history: &[Vec<u8>],
        changes: &Fields,
    ) -> Result<Fields, StoreError> {
        if kind != RecordKind::Elder || !changes.keys().any(|name| is_sealed(name)) {
            return Ok(changes.clone());
        }
        let standing = self.opened(store, kind, record, crdt::fields(history)?)?;
        let differs = |name: &String, value: &Value| !is_sealed(name) || standing.get(name) != Some(value);
        Ok(changes.iter().filter(|(name, value)| differs(name, value)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// A new key of an elder, kept, and packed for the elder's town.
    fn make_key(&self, transaction: &Connection, record: RecordId, fields: &Fields) -> Result<SecretKey, StoreError> {
        let filed = match fields.get("division") {
            Some(Value::Text(division)) => Some(division.clone()),
            _ => elder::division(transaction, record)?,
        };
        let own = self.facts().enrolled.map(|enrolled| enrolled.division);
        // A town whose key is not here gets the parcel from the server, which opens that of this desk's own town.
        for code in [filed, own].into_iter().flatten() {
            let town = division::town_of(&code);
            if let Some(town_key) = key::of_town(transaction, town)? {
                let made = SecretKey::draw(self.crypto.as_ref());
                let parcel = Parcel::pack(self.crypto.as_ref(), record, town, &town_key, &made)?;
                key::keep(transaction, record, &made)?;
                change::append(transaction, RecordKind::ElderKey, record, &parcel, true)?;
                return Ok(made);
            }
        }
        Err(StoreError::NoTownKey)
    }

    /// Takes in a parcel that was logged: when it gives a new key, what was sealed with it is opened now.
    pub(crate) fn unpack(&self, transaction: &Connection, record: RecordId, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(parcel) = Parcel::read(bytes) else { return Ok(()) };
        let Some(town_key) = key::of_town(transaction, parcel.town)? else { return Ok(()) };
        let Some(made) = parcel.open(self.crypto.as_ref(), record, &town_key) else {
            tracing::warn!(%record, "a parcel does not open");
            return Ok(());
        };
        if !key::keep(transaction, record, &made)? {
            return Ok(());
        }
        let history = change::history(transaction, RecordKind::Elder, record)?;
        if history.is_empty() { Ok(()) } else { self.project(transaction, RecordKind::Elder, record, crdt::fields(&history)?) }
    }

    /// Destroys the keys of an elder: what is sealed stays closed. Gives the names of the parcels that the server had.
    pub(crate) fn erase(&self, transaction: &Connection, elder: RecordId) -> Result<Vec<ChangeName>, StoreError> {
        let gone = change::forget(transaction, RecordKind::ElderKey, elder, |bytes| Parcel::read(bytes).is_some())?;
        key::erase(transaction, elder)?;
        let history = change::history(transaction, RecordKind::Elder, elder)?;
        if !history.is_empty() {
            self.project(transaction, RecordKind::Elder, elder, crdt::fields(&history)?)?;
        }
        Ok(gone)
    }

    /// Writes the row of a record as its changes make it.
    pub(crate) fn project(&self, transaction: &Connection, kind: RecordKind, record: RecordId, fields: Fields) -> Result<(), StoreError> {
        let fields = self.opened(transaction, kind, record, fields)?;
        row::write(transaction, kind, record, &fields)
    }
}
