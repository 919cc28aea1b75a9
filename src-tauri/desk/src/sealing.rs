//! The desk's keys at work: fields declared sealed are sealed on their way into a change and opened on their way
//! into a row. Keys of elders are made here, kept in the encrypted file and sent in wrapped keys.

use crate::desk::Inner;
use crate::journal::Mutation;
use crate::store::{StoreError, change, key, row};
use rusqlite::Connection;
use shared::crdt::{self, History, Version};
use shared::crypto::SecretKey;
use shared::division;
use shared::fault::{Code, Fault};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use shared::seal::{DeviceKeys, RecordKeys, WrappedKey, is_sealed, key_owner};
use shared::sync::ChangeId;
use shared::{fault, say};

/// Whose keys seal, and the records that carry them.
const OWNERS: RecordKind = RecordKind::Elder;
const KEYS: RecordKind = RecordKind::ElderKey;

/// What was erased is not written down again.
pub(crate) fn erased() -> Fault {
    fault!(Code::NotNow, elder::DATA_ERASED)
}

impl Inner {
    /// The keys that this desk has of an elder.
    pub(crate) fn elder_keys(&self, store: &Connection, elder: RecordId) -> Result<RecordKeys, StoreError> {
        let mut keys = RecordKeys::default();
        for key in key::of_elder(store, elder)? {
            keys.add(self.crypto.as_ref(), key);
        }
        Ok(keys)
    }

    /// The fields of a record as they go into a change on top of what stands. The first to seal something under somebody makes the key;
    /// of one who was erased nothing more is sealed.
    pub(crate) fn sealed(
        &self,
        transaction: &Connection,
        kind: RecordKind,
        record: RecordId,
        standing: &Fields,
        fields: &Fields,
    ) -> Result<Fields, StoreError> {
        if !fields.iter().any(|(name, value)| is_sealed(kind, name) && matches!(value, Value::Text(_))) {
            return Ok(fields.clone());
        }
        let owner = key_owner(kind, record, fields).or_else(|| key_owner(kind, record, standing)).ok_or(StoreError::NoKeyOwner)?;
        if key::is_erased(transaction, owner)? {
            return Ok(fields
                .iter()
                .filter(|(name, _)| !is_sealed(kind, name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect());
        }
        let filed = fields.get("division").filter(|_| owner == record);
        let keys = self.keys_to_seal(transaction, owner, filed)?;
        Ok(keys.seal(self.crypto.as_ref(), kind, record, fields)?)
    }

    /// The keys of an elder; the first is made where there is none, for the town of `filed`, else of the file.
    pub(crate) fn keys_to_seal(&self, transaction: &Connection, elder: RecordId, filed: Option<&Value>) -> Result<RecordKeys, StoreError> {
        let mut keys = self.elder_keys(transaction, elder)?;
        if keys.is_empty() {
            keys.add(self.crypto.as_ref(), self.make_key(transaction, elder, filed)?);
        }
        Ok(keys)
    }

    /// The fields of a record as they go into its row.
    pub(crate) fn opened(&self, store: &Connection, kind: RecordKind, record: RecordId, fields: Fields) -> Result<Fields, StoreError> {
        if !fields.iter().any(|(name, value)| matches!(value, Value::Bytes(_)) && is_sealed(kind, name)) {
            return Ok(fields);
        }
        let Some(owner) = key_owner(kind, record, &fields) else { return Ok(fields) };
        Ok(self.elder_keys(store, owner)?.open(self.crypto.as_ref(), kind, record, fields))
    }

    /// What stands in the place of sealed values that can't be read here; `None` where there are none of them.
    pub(crate) fn instead(&self, store: &Connection, elder: RecordId) -> Result<Option<&'static str>, StoreError> {
        if !key::of_elder(store, elder)?.is_empty() {
            return Ok(None);
        }
        if key::is_erased(store, elder)? {
            return Ok(Some(say!(record::ERASED)));
        }
        let fields = crdt::fields(&change::history(store, OWNERS, elder)?)?;
        Ok(fields.values().any(|value| matches!(value, Value::Bytes(_))).then(|| say!(record::AWAITS_ITS_KEY)))
    }

    /// One value of a record, opened; an error says what stands instead where it can't be.
    pub(crate) fn opened_value(
        &self,
        store: &Connection,
        (kind, record): (RecordKind, RecordId),
        standing: &Fields,
        field: &str,
        value: &Value,
    ) -> Result<Result<Value, &'static str>, StoreError> {
        let Some(owner) = key_owner(kind, record, standing) else { return Ok(Err(say!(record::AWAITS_ITS_KEY))) };
        let sealed = Fields::from([(field.into(), value.clone())]);
        let opened = self.elder_keys(store, owner)?.open(self.crypto.as_ref(), kind, record, sealed).remove(field);
        let instead = if opened.is_none() && key::is_erased(store, owner)? { say!(record::ERASED) } else { say!(record::AWAITS_ITS_KEY) };
        Ok(opened.ok_or(instead))
    }

    /// Of changes on top of `history`, those that change something: a sealed value differs from itself each time
    /// it is sealed, so what is inside is compared.
    pub(crate) fn effective(
        &self,
        store: &Connection,
        kind: RecordKind,
        record: RecordId,
        standing: Fields,
        changes: &Fields,
    ) -> Result<Fields, StoreError> {
        if !changes.keys().any(|name| is_sealed(kind, name)) {
            return Ok(changes.clone());
        }
        let standing = self.opened(store, kind, record, standing)?;
        let differs = |name: &str, value: &Value| !is_sealed(kind, name) || standing.get(name) != Some(value);
        Ok(changes.iter().filter(|(name, value)| differs(name, value)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The records of which something is sealed under the keys of `owner`: those of that id, and those that name it.
    fn sealed_under(&self, store: &Connection, owner: RecordId) -> Result<Vec<(RecordKind, RecordId)>, StoreError> {
        let mut found = Vec::new();
        for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.sealed().next().is_some()) {
            match kind.key_owner() {
                None => found.push((kind, owner)),
                Some(field) => found.extend(row::referring(store, kind, field, owner)?.into_iter().map(|record| (kind, record))),
            }
        }
        Ok(found)
    }

    /// A new key of an elder, kept, and packed for the elder's town.
    fn make_key(&self, transaction: &Connection, record: RecordId, filed: Option<&Value>) -> Result<SecretKey, StoreError> {
        let filed = match filed {
            Some(Value::Text(division)) => Some(division.to_string()),
            _ => row::read(transaction, OWNERS, record)?.and_then(|fields| filed_in(&fields)),
        };
        let own = self.facts().enrolled.map(|enrolled| enrolled.division);
        // A town whose key is not here gets the wrapped key from the server, which opens that of this desk's own town.
        for code in [filed, own].into_iter().flatten() {
            let town = division::town_of(&code);
            if let Some(town_key) = key::of_town(transaction, town)? {
                let made = SecretKey::draw(self.crypto.as_ref());
                let wrapped_key = WrappedKey::pack(self.crypto.as_ref(), record, town, &town_key, &made)?;
                key::keep(transaction, record, &made)?;
                change::append(transaction, KEYS, record, &wrapped_key, true)?;
                return Ok(made);
            }
        }
        Err(StoreError::NoTownKey)
    }

    /// Keeps the keys of this desk's area, and takes in the wrapped keys that lie here already.
    pub(crate) fn keep_keys(&self, transaction: &Connection, keys: &DeviceKeys) -> Result<(), StoreError> {
        for (town, key) in &keys.towns {
            key::keep_town(transaction, town, &SecretKey::from_bytes(*key))?;
        }
        self.open_wrapped_keys(transaction)
    }

    /// Takes in the wrapped keys that lie in the log.
    pub(crate) fn open_wrapped_keys(&self, transaction: &Connection) -> Result<(), StoreError> {
        for (_, record) in change::records(transaction)?.into_iter().filter(|(kind, _)| *kind == KEYS) {
            for wrapped_key in change::history(transaction, KEYS, record)? {
                self.unpack(transaction, record, &wrapped_key)?;
            }
        }
        Ok(())
    }

    /// Takes in a wrapped key that was logged: when it gives a new key, what was sealed with it is opened now. Gives the records that
    /// were written apart, of which what is opened now may be alike.
    pub(crate) fn unpack(
        &self,
        transaction: &Connection,
        owner: RecordId,
        bytes: &[u8],
    ) -> Result<Vec<(RecordKind, RecordId)>, StoreError> {
        let Some(wrapped_key) = WrappedKey::read(bytes) else { return Ok(Vec::new()) };
        let Some(town_key) = key::of_town(transaction, wrapped_key.town)? else { return Ok(Vec::new()) };
        let Some(made) = wrapped_key.open(self.crypto.as_ref(), owner, &town_key) else {
            tracing::warn!(record = %owner, "a wrapped key does not open");
            return Ok(Vec::new());
        };
        if key::keep(transaction, owner, &made)? { self.project_sealed(transaction, owner) } else { Ok(Vec::new()) }
    }

    /// Writes the rows anew of what is sealed under the keys of `owner`; gives the records that were written apart.
    fn project_sealed(&self, transaction: &Connection, owner: RecordId) -> Result<Vec<(RecordKind, RecordId)>, StoreError> {
        let mut apart = Vec::new();
        for (kind, record) in self.sealed_under(transaction, owner)? {
            let history = change::history(transaction, kind, record)?;
            if history.is_empty() {
                continue;
            }
            let history = History::of(&history)?;
            self.project(transaction, kind, record, None, history.fields())?;
            apart.extend(history.forked().then_some((kind, record)));
        }
        Ok(apart)
    }

    /// Two offices that seal the same word apart write different bytes: nobody has to decide that. One of those whose word
    /// it is settles it as it stands; tells whether there was something to settle.
    pub(crate) fn settle_alike(&self, transaction: &Connection, kind: RecordKind, record: RecordId) -> Result<bool, StoreError> {
        let Ok(history) = History::of(&change::history(transaction, kind, record)?) else { return Ok(false) };
        let Some(owner) = key_owner(kind, record, &history.fields()) else { return Ok(false) };
        let (number, keys) = (self.device_number(), self.elder_keys(transaction, owner)?);
        let mut alike = Fields::new();
        for (field, versions) in history.conflicts().into_iter().filter(|(field, _)| is_sealed(kind, field)) {
            let open = |version: &Version| {
                let closed = Fields::from([(field.clone(), version.value.clone())]);
                keys.open(self.crypto.as_ref(), kind, record, closed).remove(&field)
            };
            let first = versions.first().and_then(&open);
            let own = versions.iter().any(|version| Some(version.device()) == number);
            if own && first.is_some() && versions.iter().all(|version| open(version) == first) {
                alike.extend(versions.into_iter().take(1).map(|version| (field.clone(), version.value)));
            }
        }
        if alike.is_empty() {
            return Ok(false);
        }
        self.write(transaction, &Mutation::edit(kind, record, alike))?;
        Ok(true)
    }

    /// The elder has left this office's scope, and the keys with it; those that wait go on waiting.
    pub(crate) fn keys_left(&self, transaction: &Connection, elder: RecordId) -> Result<(), StoreError> {
        if change::history(transaction, KEYS, elder)?.is_empty() { key::forget(transaction, elder) } else { Ok(()) }
    }

    /// Destroys the keys of an elder: what is sealed stays closed. Gives the names of the wrapped keys that the server had.
    pub(crate) fn erase(&self, transaction: &Connection, elder: RecordId) -> Result<Vec<ChangeId>, StoreError> {
        let gone = change::forget(transaction, KEYS, elder, |bytes| WrappedKey::read(bytes).is_some())?;
        key::erase(transaction, elder)?;
        self.project_sealed(transaction, elder)?;
        Ok(gone)
    }

    /// Writes the row of a record as its changes make it; the first of them lies at `first`, where that is known.
    pub(crate) fn project(
        &self,
        transaction: &Connection,
        kind: RecordKind,
        record: RecordId,
        first: Option<i64>,
        fields: Fields,
    ) -> Result<(), StoreError> {
        let fields = self.opened(transaction, kind, record, fields)?;
        row::write(transaction, kind, record, first, &fields)
    }
}

fn filed_in(owner: &Fields) -> Option<String> {
    match owner.get("division")? {
        Value::Text(division) => Some(division.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;
    use crate::features::elder;
    use crate::store;
    use shared::command::{ElderCard, FindElders};
    use shared::sync::client_store::{Arrived, ClientStore};
    use shared::wire::WireChange;

    const TOWN: &str = "445381001";

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    fn desk(dir: &std::path::Path, town_key: &SecretKey) -> Desk {
        let desk = Desk::open(dir).unwrap();
        desk.0.transact(|transaction| key::keep_town(transaction, TOWN, town_key)).unwrap();
        desk
    }

    fn receive(desk: &Desk, change: &WireChange) {
        desk.0.apply(&Arrived { sent: &[], refused: &[], changes: std::slice::from_ref(change), session: None }).unwrap();
    }

    #[test]
    fn changes_and_keys_give_one_row_in_any_order_and_wait_for_each_other_visibly() {
        let dirs: Vec<_> = (0..25).map(|_| tempfile::tempdir().unwrap()).collect();
        let town_key = SecretKey::from_bytes([7; 16]);
        let elder = RecordId(uuid::Uuid::from_bytes([9; 16]));
        let first = Fields::from([
            ("name".into(), text("王桂英")),
            ("division".into(), text("445381001008")),
            ("status".into(), text("active")),
            ("phone".into(), text("13912345678")),
        ]);
        let author = desk(dirs[0].path(), &town_key);
        author
            .0
            .commit(&[Mutation { kind: RecordKind::Elder, record: elder, change: crate::journal::MutationKind::Create(first) }])
            .unwrap();
        for (field, value) in [("phone", text("13900000000")), ("address", text("细坑路 8 号"))] {
            author.0.commit(&[Mutation::edit(RecordKind::Elder, elder, Fields::from([(field.into(), value)]))]).unwrap();
        }
        let made: Vec<WireChange> =
            author.0.read(|store| change::unsent(store, 0, 9, 99_999)).unwrap().into_iter().map(|one| one.change).collect();
        assert_eq!(made.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["elder_key", "elder", "elder", "elder"]);
        let row = |desk: &Desk| desk.0.read(|store| store::elder::fields(store, elder)).unwrap();
        let expect = row(&author);

        let orders = (0..24).map(|order: usize| {
            let mut left = vec![0, 1, 2, 3];
            [order / 6, order / 2 % 3, order % 2, 0].map(|at| left.remove(at))
        });
        for (dir, order) in dirs[1..].iter().zip(orders) {
            let reader = desk(dir.path(), &town_key);
            for at in order {
                receive(&reader, &made[at]);
                let shown = elder::card(&reader.0.look(), &ElderCard { elder: Some(elder) });
                if let Ok(shown) = shown.as_ref().map(|shown| shown.hit.phone.clone()) {
                    assert!(shown.as_deref() == Some("待解密") || shown.is_some_and(|phone| phone.starts_with("139")), "{order:?}");
                }
            }
            assert_eq!(row(&reader), expect, "{order:?}");
            let found = elder::find(&reader.0.look(), &FindElders { text: "13900000000".into(), limit: 5 }).unwrap();
            assert_eq!(found.len(), 1, "{order:?}");
        }
    }

    #[test]
    fn without_the_towns_key_nothing_opens_and_nothing_is_lost() {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (author, reader) = (desk(there.path(), &SecretKey::from_bytes([7; 16])), desk(here.path(), &SecretKey::from_bytes([8; 16])));
        let elder = RecordId(uuid::Uuid::from_bytes([9; 16]));
        let fields =
            Fields::from([("name".into(), text("王桂英")), ("division".into(), text(TOWN)), ("phone".into(), text("13912345678"))]);
        author
            .0
            .commit(&[Mutation { kind: RecordKind::Elder, record: elder, change: crate::journal::MutationKind::Create(fields) }])
            .unwrap();
        for unsent in author.0.read(|store| change::unsent(store, 0, 9, 99_999)).unwrap() {
            receive(&reader, &unsent.change);
        }
        let row = reader.0.read(|store| store::elder::fields(store, elder)).unwrap().unwrap();
        assert!(row.contains_key("name") && !row.contains_key("phone"));
        assert_eq!(reader.0.read(|store| reader.0.instead(store, elder)).unwrap(), Some("待解密"));
        let logged = reader.0.read(|store| change::history(store, RecordKind::ElderKey, elder)).unwrap();
        assert_eq!(logged.len(), 1, "the parcel is kept all the same");
    }

    #[test]
    fn a_desk_without_its_towns_key_asks_for_it_and_opens_what_lies_there() {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (author, reader) = (desk(there.path(), &SecretKey::from_bytes([7; 16])), Desk::open(here.path()).unwrap());
        let elder = RecordId(uuid::Uuid::from_bytes([9; 16]));
        let fields = [("name", "王桂英"), ("division", TOWN), ("status", "active"), ("phone", "13912345678")];
        let fields = fields.map(|(name, value)| (name.into(), text(value))).into();
        author
            .0
            .commit(&[Mutation { kind: RecordKind::Elder, record: elder, change: crate::journal::MutationKind::Create(fields) }])
            .unwrap();
        for unsent in author.0.read(|store| change::unsent(store, 0, 9, 99_999)).unwrap() {
            receive(&reader, &unsent.change);
        }
        assert!(!reader.0.lacks_keys().unwrap(), "one that is not enrolled asks nobody");
        let crypto = std::sync::Arc::clone(&reader.0.crypto);
        let key = crypto.new_key().unwrap();
        let told = DeviceKeys { person_keys: shared::seal::PersonKeys::default(), towns: vec![(TOWN.to_owned(), [7; 16])] };
        let wrapped = told.wrap(crypto.as_ref(), &crypto.public_key(&key).unwrap()).unwrap();
        let enrolled = shared::wire::Enrolled {
            device: RecordId(uuid::Uuid::nil()),
            device_number: 1,
            canteen: None,
            division: TOWN.to_owned(),
            keys: String::new(),
            server_key: String::new(),
        };
        reader.0.change_facts(|facts| (facts.enrolled, facts.device_key) = (Some(enrolled), Some(key))).unwrap();
        let finds = || elder::find(&reader.0.look(), &FindElders { text: "13912345678".into(), limit: 5 }).unwrap().len();
        assert!(reader.0.lacks_keys().unwrap() && finds() == 0);
        assert!(reader.0.take_keys(&wrapped[1..]).is_err(), "not for this device");
        reader.0.take_keys(&wrapped).unwrap();
        assert!(!reader.0.lacks_keys().unwrap() && finds() == 1);
        assert!(reader.0.read(|store| store::elder::fields(store, elder)).unwrap().unwrap().contains_key("phone"));
    }
}
