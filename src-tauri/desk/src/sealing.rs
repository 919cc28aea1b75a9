//! The desk's keys at work: sealed fields are sealed on their way into a change and opened on their way
//! into a row. Keys of elders are made here, kept in the encrypted file and sent in parcels.

use crate::desk::Inner;
use crate::journal::Act;
use crate::store::{StoreError, change, elder, key, row};
use rusqlite::Connection;
use shared::crdt::{self, History, Said};
use shared::crypto::SecretKey;
use shared::division;
use shared::record::{Fields, RecordId, RecordKind, Value};
use shared::seal::{DeviceKeys, ElderKeys, Parcel, is_sealed};
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
        if kind != RecordKind::Elder || !fields.iter().any(|(name, value)| is_sealed(name) && matches!(value, Value::Text(_))) {
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

    /// What stands in the place of sealed values that can't be read here; `None` where there are none of them.
    pub(crate) fn instead(&self, store: &Connection, elder: RecordId) -> Result<Option<&'static str>, StoreError> {
        if !key::of_elder(store, elder)?.is_empty() {
            return Ok(None);
        }
        if key::is_erased(store, elder)? {
            return Ok(Some("已删除"));
        }
        let fields = crdt::fields(&change::history(store, RecordKind::Elder, elder)?)?;
        Ok(fields.values().any(|value| matches!(value, Value::Bytes(_))).then_some("待解密"))
    }

    /// Of changes on top of `history`, those that change something: a sealed value differs from itself each time
    /// it is sealed, so what is inside is compared.
    pub(crate) fn telling(
        &self,
        store: &Connection,
        kind: RecordKind,
        record: RecordId,
        history: &History,
        changes: &Fields,
    ) -> Result<Fields, StoreError> {
        if kind != RecordKind::Elder || !changes.keys().any(|name| is_sealed(name)) {
            return Ok(changes.clone());
        }
        let standing = self.opened(store, kind, record, history.fields())?;
        let differs = |name: &str, value: &Value| !is_sealed(name) || standing.get(name) != Some(value);
        Ok(changes.iter().filter(|(name, value)| differs(name, value)).map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// A new key of an elder, kept, and packed for the elder's town.
    fn make_key(&self, transaction: &Connection, record: RecordId, fields: &Fields) -> Result<SecretKey, StoreError> {
        let filed = match fields.get("division") {
            Some(Value::Text(division)) => Some(division.to_string()),
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

    /// Keeps the keys of this desk's area, and takes in the parcels that lie here already.
    pub(crate) fn keep_keys(&self, transaction: &Connection, keys: &DeviceKeys) -> Result<(), StoreError> {
        for (town, key) in &keys.towns {
            key::keep_town(transaction, town, &SecretKey::from_bytes(*key))?;
        }
        self.open_parcels(transaction)
    }

    /// Takes in the parcels that lie in the log.
    pub(crate) fn open_parcels(&self, transaction: &Connection) -> Result<(), StoreError> {
        for (_, record) in change::records(transaction)?.into_iter().filter(|(kind, _)| *kind == RecordKind::ElderKey) {
            for parcel in change::history(transaction, RecordKind::ElderKey, record)? {
                self.unpack(transaction, record, &parcel)?;
            }
        }
        Ok(())
    }

    /// Takes in a parcel that was logged: when it gives a new key, what was sealed with it is opened now. Tells whether the
    /// file was written apart, so that what is opened now may be alike.
    pub(crate) fn unpack(&self, transaction: &Connection, record: RecordId, bytes: &[u8]) -> Result<bool, StoreError> {
        let Some(parcel) = Parcel::read(bytes) else { return Ok(false) };
        let Some(town_key) = key::of_town(transaction, parcel.town)? else { return Ok(false) };
        let Some(made) = parcel.open(self.crypto.as_ref(), record, &town_key) else {
            tracing::warn!(%record, "a parcel does not open");
            return Ok(false);
        };
        if !key::keep(transaction, record, &made)? {
            return Ok(false);
        }
        let history = change::history(transaction, RecordKind::Elder, record)?;
        if history.is_empty() {
            return Ok(false);
        }
        let history = History::of(&history)?;
        self.project(transaction, RecordKind::Elder, record, None, history.fields())?;
        Ok(history.forked())
    }

    /// Two offices that seal the same word apart write different bytes: nobody has to decide that. One of those whose word
    /// it is settles it as it stands; tells whether there was something to settle.
    pub(crate) fn settle_alike(&self, transaction: &Connection, elder: RecordId) -> Result<bool, StoreError> {
        let Ok(history) = History::of(&change::history(transaction, RecordKind::Elder, elder)?) else { return Ok(false) };
        let (number, keys) = (self.device_number(), self.elder_keys(transaction, elder)?);
        let mut alike = Fields::new();
        for (field, said) in history.conflicts().into_iter().filter(|(field, _)| is_sealed(field)) {
            let open =
                |said: &Said| keys.open(self.crypto.as_ref(), elder, Fields::from([(field.clone(), said.value.clone())])).remove(&field);
            let first = said.first().and_then(&open);
            if first.is_some() && said.iter().all(|said| open(said) == first) && said.iter().any(|said| Some(said.device()) == number) {
                alike.extend(said.into_iter().take(1).map(|said| (field.clone(), said.value)));
            }
        }
        if alike.is_empty() {
            return Ok(false);
        }
        self.write(transaction, &Act::edit(RecordKind::Elder, elder, alike))?;
        Ok(true)
    }

    /// The elder has left this office's scope, and the keys with it; those that wait go on waiting.
    pub(crate) fn keys_left(&self, transaction: &Connection, elder: RecordId) -> Result<(), StoreError> {
        if change::history(transaction, RecordKind::ElderKey, elder)?.is_empty() { key::forget(transaction, elder) } else { Ok(()) }
    }

    /// Destroys the keys of an elder: what is sealed stays closed. Gives the names of the parcels that the server had.
    pub(crate) fn erase(&self, transaction: &Connection, elder: RecordId) -> Result<Vec<ChangeName>, StoreError> {
        let gone = change::forget(transaction, RecordKind::ElderKey, elder, |bytes| Parcel::read(bytes).is_some())?;
        key::erase(transaction, elder)?;
        let history = change::history(transaction, RecordKind::Elder, elder)?;
        if !history.is_empty() {
            self.project(transaction, RecordKind::Elder, elder, None, crdt::fields(&history)?)?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;
    use crate::store;
    use shared::command::{ElderCard, FindElders};
    use shared::sync::office::{Arrived, Office};
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

    fn heard(desk: &Desk, change: &WireChange) {
        desk.0.take_in(&Arrived { sent: &[], refused: &[], changes: std::slice::from_ref(change), line: None }).unwrap();
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
        author.0.commit(&[Act { kind: RecordKind::Elder, record: elder, what: crate::journal::What::Create(first) }]).unwrap();
        for (field, value) in [("phone", text("13900000000")), ("address", text("细坑路 8 号"))] {
            author.0.commit(&[Act::edit(RecordKind::Elder, elder, Fields::from([(field.into(), value)]))]).unwrap();
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
                heard(&reader, &made[at]);
                let shown = reader.0.elder_card(&ElderCard { elder: Some(elder) });
                if let Ok(shown) = shown.as_ref().map(|shown| shown.hit.phone.clone()) {
                    assert!(shown.as_deref() == Some("待解密") || shown.is_some_and(|phone| phone.starts_with("139")), "{order:?}");
                }
            }
            assert_eq!(row(&reader), expect, "{order:?}");
            let found = reader.0.find_elders(&FindElders { text: "13900000000".into(), limit: 5 }).unwrap();
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
        author.0.commit(&[Act { kind: RecordKind::Elder, record: elder, what: crate::journal::What::Create(fields) }]).unwrap();
        for unsent in author.0.read(|store| change::unsent(store, 0, 9, 99_999)).unwrap() {
            heard(&reader, &unsent.change);
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
        author.0.commit(&[Act { kind: RecordKind::Elder, record: elder, what: crate::journal::What::Create(fields) }]).unwrap();
        for unsent in author.0.read(|store| change::unsent(store, 0, 9, 99_999)).unwrap() {
            heard(&reader, &unsent.change);
        }
        assert!(!reader.0.lacks_keys().unwrap(), "one that is not enrolled asks nobody");
        let crypto = std::sync::Arc::clone(&reader.0.crypto);
        let key = crypto.new_key().unwrap();
        let told = DeviceKeys { person_key: vec![1; 32], towns: vec![(TOWN.to_owned(), [7; 16])] };
        let wrapped = told.wrap(crypto.as_ref(), &crypto.public_key(&key).unwrap()).unwrap();
        let enrolled = shared::wire::Enrolled {
            device: RecordId(uuid::Uuid::nil()),
            device_number: 1,
            canteen: None,
            division: TOWN.to_owned(),
            keys: String::new(),
        };
        reader.0.change_facts(|facts| (facts.enrolled, facts.device_key) = (Some(enrolled), Some(key))).unwrap();
        let finds = || reader.0.find_elders(&FindElders { text: "13912345678".into(), limit: 5 }).unwrap().len();
        assert!(reader.0.lacks_keys().unwrap() && finds() == 0);
        assert!(reader.0.take_keys(&wrapped[1..]).is_err(), "not for this device");
        reader.0.take_keys(&wrapped).unwrap();
        assert!(!reader.0.lacks_keys().unwrap() && finds() == 1);
        assert!(reader.0.read(|store| store::elder::fields(store, elder)).unwrap().unwrap().contains_key("phone"));
    }
}
