//! Sealed values: what touches a person enters a document only as SM4-GCM ciphertext under a key of that
//! one elder, and the key travels as a wrapped key under the key of a town. Formats and checks stand here;
//! who has which key is decided by desk and server.
//!
//! ```text
//! sealed value   01 | key id (4) | nonce (12) | ciphertext | tag (16)
//! wrapped key         "YLKEY1" 00 00 | key id (4) | length of the town's code (1) | the code | nonce (12) | ciphertext (16) | tag (16)
//! tombstone      "YLGONE1" 00 | the server's proof (32)
//! ```
//!
//! What is sealed is bound to its record, its field and its key: a server that moves it elsewhere is noticed.

use crate::crdt::{self, CrdtError};
use crate::crypto::{CryptoError, CryptoProvider, PublicKey, SecretKey, StoredKey};
use crate::kinds::RecordKind;
use crate::schema::{Content, Field, FieldName, Fields, KindId, RecordId, Value};
use serde::{Deserialize, Serialize};

/// Version of the layout of a sealed value.
const VERSION: u8 = 1;
/// Where the nonce begins.
const HEAD: usize = 1 + 4;
/// Sealed text is filled up to whole blocks, so that its length does not tell one code word from another.
const BLOCK: usize = 16;
/// Ends the text in the last block.
const END: u8 = 0x80;
/// The field name under which photos are sealed.
const PHOTO: &str = "photo";
/// Begins a wrapped key; as long as what stands before the hashed part of a change.
const MAGIC: &[u8; 8] = b"YLKEY1\0\0";

/// Begins a tombstone.
const GONE: &[u8; 8] = b"YLGONE1\0";

/// Names a key without telling it: the head of its HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// The name of a key.
    #[must_use]
    pub fn of(crypto: &dyn CryptoProvider, key: &SecretKey) -> Self {
        let mac = crypto.mac(key.as_bytes(), b"yinling key id");
        Self(std::array::from_fn(|at| mac[at]))
    }
}

/// The keys of one record, under which the sealed fields of its own and of others that name it lie: those of an elder. Two offices
/// that enrol the same person apart make one each.
#[derive(Clone, Debug, Default)]
pub struct RecordKeys(Vec<(KeyId, SecretKey)>);

impl RecordKeys {
    /// Adds a key; one that is there stays once.
    pub fn add(&mut self, crypto: &dyn CryptoProvider, key: SecretKey) {
        let id = KeyId::of(crypto, &key);
        if let Err(at) = self.0.binary_search_by_key(&id, |(known, _)| *known) {
            self.0.insert(at, (id, key));
        }
    }

    /// Whether none is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Seals the texts of sealed fields; the others, and what is cleared, stay as they are.
    ///
    /// # Errors
    /// [`CryptoError`]; also where there is something to seal and no key.
    pub fn seal(&self, crypto: &dyn CryptoProvider, kind: RecordKind, record: RecordId, fields: &Fields) -> Result<Fields, CryptoError> {
        let seal = |(name, value): (&FieldName, &Value)| match value {
            Value::Text(text) if is_sealed(kind, name) => {
                let mut plain = text.as_bytes().to_vec();
                plain.push(END);
                plain.resize(plain.len().next_multiple_of(BLOCK), 0);
                Ok((name.clone(), Value::Bytes(self.seal_bytes(crypto, record, name, &plain)?)))
            }
            value => Ok((name.clone(), value.clone())),
        };
        fields.iter().map(seal).collect()
    }

    /// Opens sealed fields. One that can't be opened, since its key is not here or gone, is left out; one
    /// that was written in plain by an old version reads as it is.
    #[must_use]
    pub fn open(&self, crypto: &dyn CryptoProvider, kind: RecordKind, record: RecordId, fields: Fields) -> Fields {
        let open = |(name, value): (FieldName, Value)| match value {
            Value::Bytes(bytes) if is_sealed(kind, &name) => {
                let mut plain = self.open_bytes(crypto, record, &name, &bytes)?;
                plain.truncate(plain.iter().rposition(|byte| *byte != 0)?);
                Some((name, Value::Text(std::str::from_utf8(&plain).ok()?.into())))
            }
            value => Some((name, value)),
        };
        fields.into_iter().filter_map(open).collect()
    }

    /// Seals the bytes of a photo that belongs to the elder.
    ///
    /// # Errors
    /// [`CryptoError`]; also where no key is here.
    pub fn seal_photo(&self, crypto: &dyn CryptoProvider, elder: RecordId, photo: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.seal_bytes(crypto, elder, PHOTO, photo)
    }

    /// Opens a photo; `None` when its key is not here, or it is no photo of this elder.
    #[must_use]
    pub fn open_photo(&self, crypto: &dyn CryptoProvider, elder: RecordId, sealed: &[u8]) -> Option<Vec<u8>> {
        self.open_bytes(crypto, elder, PHOTO, sealed)
    }

    fn seal_bytes(&self, crypto: &dyn CryptoProvider, record: RecordId, field: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        // The same choice at every office that has the same keys.
        let (id, key) = self.0.first().ok_or(CryptoError::BadStoredKey)?;
        let sealed = crypto.seal(key, &bound_to(record, field, *id), plain)?;
        Ok([&[VERSION][..], &id.0, &sealed].concat())
    }

    fn open_bytes(&self, crypto: &dyn CryptoProvider, record: RecordId, field: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (head, sealed) = bytes.split_at_checked(HEAD)?;
        let id = KeyId(head.get(1..)?.try_into().ok()?);
        let (_, key) = self.0.iter().find(|(known, _)| head[0] == VERSION && *known == id)?;
        crypto.open(key, &bound_to(record, field, id), sealed).ok()
    }
}

/// What a sealed value is bound to.
fn bound_to(record: RecordId, field: &str, key: KeyId) -> Vec<u8> {
    [record.bytes(), field.as_bytes(), &[0], &key.0].concat()
}

/// Whether bytes have the layout of something sealed; whether they open is for who has the key.
#[must_use]
pub fn looks_sealed(bytes: &[u8]) -> bool {
    bytes.first() == Some(&VERSION) && bytes.len() > HEAD + crate::crypto::SEAL_OVERHEAD
}

/// Whether a field of that kind is sealed.
#[must_use]
pub fn is_sealed(kind: RecordKind, field: &str) -> bool {
    kind.field(field).is_some_and(Field::is_sealed)
}

/// Whether everything in these fields that is to be sealed is sealed, or empty: nothing else of it may leave a desk or lie at the server.
#[must_use]
pub fn keeps_sealed(kind: RecordKind, touched: &Fields) -> bool {
    touched.iter().filter(|(name, _)| is_sealed(kind, name)).all(|(_, value)| match value {
        Value::Null => true,
        Value::Bytes(bytes) => looks_sealed(bytes),
        Value::Text(text) => text.is_empty(),
        _ => false,
    })
}

/// The record under whose keys the sealed fields of a record lie: itself, or the one that a field names; `None` where that
/// field is empty.
#[must_use]
pub fn key_owner(kind: RecordKind, record: RecordId, fields: &Fields) -> Option<RecordId> {
    match (kind.key_owner(), kind.key_owner().and_then(|owner| fields.get(owner))) {
        (None, _) => Some(record),
        (Some(_), Some(Value::Text(owner))) => owner.parse().ok(),
        (Some(_), _) => None,
    }
}

/// An elder's key under a town's key, as it stands in the log: the "change" of an [`RecordKind::ElderKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrappedKey<'a> {
    /// Which key is inside.
    pub key: KeyId,
    /// Code of the town whose key opens it.
    pub town: &'a str,
    sealed: &'a [u8],
}

impl<'a> WrappedKey<'a> {
    /// Packs an elder's key for a town.
    ///
    /// # Errors
    /// [`CryptoError`]; also for a code that is none.
    pub fn pack(
        crypto: &dyn CryptoProvider,
        elder: RecordId,
        town: &str,
        town_key: &SecretKey,
        key: &SecretKey,
    ) -> Result<Vec<u8>, CryptoError> {
        let id = KeyId::of(crypto, key);
        let length = u8::try_from(town.len()).map_err(|_| CryptoError::BadPlain)?;
        let sealed = crypto.seal(town_key, &Self::bound_to(elder, town, id), key.as_bytes())?;
        Ok([MAGIC, &id.0[..], &[length], town.as_bytes(), &sealed].concat())
    }

    /// Reads the parts of a wrapped key; `None` when the bytes are none.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (id, rest) = rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first()?;
        let (town, sealed) = rest.split_at_checked(usize::from(*length))?;
        let town = std::str::from_utf8(town).ok().filter(|town| matches!(town.len(), 4..=9) && town.bytes().all(|b| b.is_ascii_digit()))?;
        (sealed.len() == 16 + crate::crypto::SEAL_OVERHEAD).then_some(Self { key: KeyId(*id), town, sealed })
    }

    /// The key inside; `None` when it was packed for another elder, town or key.
    #[must_use]
    pub fn open(&self, crypto: &dyn CryptoProvider, elder: RecordId, town_key: &SecretKey) -> Option<SecretKey> {
        let plain = crypto.open(town_key, &Self::bound_to(elder, self.town, self.key), self.sealed).ok()?;
        let key = SecretKey::from_bytes(plain.try_into().ok()?);
        (KeyId::of(crypto, &key) == self.key).then_some(key)
    }

    fn bound_to(elder: RecordId, town: &str, key: KeyId) -> Vec<u8> {
        [elder.bytes(), town.as_bytes(), &[0], &key.0].concat()
    }
}

/// What stands in the place of an elder's keys after they were destroyed. Only the server's key provider makes and checks proofs.
#[must_use]
pub fn tombstone(proof: &[u8]) -> Vec<u8> {
    [GONE, proof].concat()
}

/// The proof in a tombstone; `None` when the bytes are none.
#[must_use]
pub fn proof_of(bytes: &[u8]) -> Option<&[u8]> {
    bytes.strip_prefix(GONE).filter(|proof| proof.len() == 32)
}

/// Checks bytes from outside before they are logged: a wrapped key or a tombstone where a key is meant, else a change.
///
/// # Errors
/// [`CrdtError`] says what is wrong with them.
pub fn admit(kind: KindId, bytes: &[u8]) -> Result<(), CrdtError> {
    if kind.known().is_some_and(|kind| kind.content == Content::WrappedKeys) {
        let known = WrappedKey::read(bytes).is_some() || proof_of(bytes).is_some();
        return if known { Ok(()) } else { Err(CrdtError::NotAChange) };
    }
    crdt::decode(bytes).map(drop)
}

/// Makes the ids of elders from their ID numbers: a key a county, so that no computer finds out by a number who is known elsewhere.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonKeys(pub Vec<(String, Vec<u8>)>);

impl std::fmt::Debug for PersonKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonKeys").field("counties", &self.0.len()).finish_non_exhaustive()
    }
}

impl PersonKeys {
    /// The key of the county in which a division lies; the first one where none of them fits.
    #[must_use]
    pub fn of(&self, division: &str) -> &[u8] {
        let fits = self.0.iter().find(|(county, _)| crate::division::within(division, county));
        fits.or(self.0.first()).map_or(&[], |(_, key)| key)
    }
}

/// What a device needs to read its scope, wrapped for the device alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceKeys {
    /// The keys of the elders' ids in the counties of its scope.
    pub person_keys: PersonKeys,
    /// The towns of its scope, by code, and their keys.
    pub towns: Vec<(String, [u8; 16])>,
}

impl std::fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceKeys").field("towns", &self.towns.len()).finish_non_exhaustive()
    }
}

impl DeviceKeys {
    /// Wraps the keys for a device.
    ///
    /// # Errors
    /// [`CryptoError`] for a public key that is none.
    pub fn wrap(&self, crypto: &dyn CryptoProvider, to: &PublicKey) -> Result<Vec<u8>, CryptoError> {
        crypto.wrap(to, &postcard::to_stdvec(self).map_err(|_| CryptoError::BadPlain)?)
    }

    /// The keys that were wrapped for this device.
    ///
    /// # Errors
    /// [`CryptoError::BadSeal`] when they were not.
    pub fn unwrap(crypto: &dyn CryptoProvider, key: &StoredKey, wrapped: &[u8]) -> Result<Self, CryptoError> {
        postcard::from_bytes(&crypto.unwrap(key, wrapped)?).map_err(|_| CryptoError::BadSeal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::SoftProvider;

    fn id(number: u8) -> RecordId {
        RecordId(uuid::Uuid::from_bytes([number; 16]))
    }

    fn keys(crypto: &dyn CryptoProvider, keys: &[SecretKey]) -> RecordKeys {
        let mut all = RecordKeys::default();
        keys.iter().for_each(|key| all.add(crypto, key.clone()));
        all
    }

    fn person() -> Fields {
        let text = |text: &str| Value::Text(text.into());
        Fields::from([
            ("name".into(), text("王桂英")),
            ("phone".into(), text("13900001111")),
            ("second_phone".into(), text("13900002222")),
            ("address".into(), text("细坑路 8 号\u{0}\u{80}")),
            ("ability".into(), text("")),
            ("id_number".into(), Value::Null),
            ("living_alone".into(), Value::Bool(true)),
        ])
    }

    fn bytes<'a>(fields: &'a Fields, name: &str) -> &'a [u8] {
        match &fields[name] {
            Value::Bytes(bytes) => bytes,
            other => panic!("{name} is not sealed: {other:?}"),
        }
    }

    #[test]
    fn sealed_fields_and_only_they_are_sealed_and_open_again() {
        let crypto = SoftProvider::new();
        let all = keys(&crypto, &[SecretKey::draw(&crypto)]);
        let sealed = all.seal(&crypto, RecordKind::Elder, id(1), &person()).unwrap();
        for name in ["phone", "second_phone", "address", "ability"] {
            assert_eq!(bytes(&sealed, name)[0], VERSION);
            assert_eq!((bytes(&sealed, name).len() - HEAD - crate::crypto::SEAL_OVERHEAD) % BLOCK, 0, "{name} tells its length");
        }
        assert_eq!((&sealed["name"], &sealed["id_number"]), (&person()["name"], &Value::Null));
        assert_eq!(all.open(&crypto, RecordKind::Elder, id(1), sealed.clone()), person());
        // Without the key they are not there; what was written in plain is.
        let other = keys(&crypto, &[SecretKey::draw(&crypto)]);
        assert_eq!(
            other.open(&crypto, RecordKind::Elder, id(1), sealed).keys().map(FieldName::as_str).collect::<Vec<_>>(),
            ["id_number", "living_alone", "name"]
        );
        assert_eq!(other.open(&crypto, RecordKind::Elder, id(1), person()), person());
    }

    #[test]
    fn f56_a_value_moved_to_another_record_field_or_key_does_not_open() {
        let crypto = SoftProvider::new();
        let (mine, foreign) = (SecretKey::draw(&crypto), SecretKey::draw(&crypto));
        let all = keys(&crypto, &[mine.clone(), foreign.clone()]);
        let sealed = keys(&crypto, std::slice::from_ref(&mine)).seal(&crypto, RecordKind::Elder, id(1), &person()).unwrap();
        let phone = bytes(&sealed, "phone").to_vec();
        let opened = |record: u8, field: &str, bytes: Vec<u8>| {
            all.open(&crypto, RecordKind::Elder, id(record), Fields::from([(field.into(), Value::Bytes(bytes))])).remove(field)
        };
        assert_eq!(opened(1, "phone", phone.clone()), Some(person()["phone"].clone()));
        assert_eq!(opened(2, "phone", phone.clone()), None, "another record");
        assert_eq!(opened(1, "second_phone", phone.clone()), None, "another field");
        let mut renamed = phone.clone();
        renamed[1..HEAD].copy_from_slice(&KeyId::of(&crypto, &foreign).0);
        assert_eq!(opened(1, "phone", renamed), None, "another key");
        for at in 0..phone.len() {
            let mut flipped = phone.clone();
            flipped[at] ^= 1;
            assert_eq!(opened(1, "phone", flipped), None, "flip at {at}");
            assert_eq!(opened(1, "phone", phone[..at].to_vec()), None, "cut at {at}");
        }
        assert!(all.open_photo(&crypto, id(1), &phone).is_none(), "a field is no photo");
    }

    #[test]
    fn two_offices_with_the_same_keys_choose_the_same() {
        let crypto = SoftProvider::new();
        let (one, two) = (SecretKey::draw(&crypto), SecretKey::draw(&crypto));
        let seal = |all: RecordKeys| bytes(&all.seal(&crypto, RecordKind::Elder, id(1), &person()).unwrap(), "phone")[1..HEAD].to_vec();
        assert_eq!(seal(keys(&crypto, &[one.clone(), two.clone()])), seal(keys(&crypto, &[two, one.clone(), one])));
        assert!(RecordKeys::default().seal(&crypto, RecordKind::Elder, id(1), &person()).is_err(), "never in plain for want of a key");
    }

    #[test]
    fn a_wrapped_key_opens_for_its_elder_and_town_alone() {
        let crypto = SoftProvider::new();
        let (key, town, other) = (SecretKey::draw(&crypto), SecretKey::draw(&crypto), SecretKey::draw(&crypto));
        let packed = WrappedKey::pack(&crypto, id(1), "445381001", &town, &key).unwrap();
        let wrapped_key = WrappedKey::read(&packed).unwrap();
        assert_eq!((wrapped_key.key, wrapped_key.town), (KeyId::of(&crypto, &key), "445381001"));
        assert_eq!(wrapped_key.open(&crypto, id(1), &town).unwrap().as_bytes(), key.as_bytes());
        assert!(wrapped_key.open(&crypto, id(2), &town).is_none() && wrapped_key.open(&crypto, id(1), &other).is_none());
        assert_eq!(admit(RecordKind::ElderKey.into(), &packed), Ok(()));
        assert_eq!(admit(RecordKind::Elder.into(), &packed), Err(CrdtError::NotAChange));
        for at in 0..packed.len() {
            assert_eq!(admit(RecordKind::ElderKey.into(), &packed[..at]), Err(CrdtError::NotAChange), "cut at {at}");
            let mut flipped = packed.clone();
            flipped[at] ^= 1;
            assert!(WrappedKey::read(&flipped).and_then(|wrapped_key| wrapped_key.open(&crypto, id(1), &town)).is_none(), "flip at {at}");
        }
    }

    #[test]
    fn keys_are_wrapped_for_one_device() {
        let crypto = SoftProvider::new();
        let (device, other) = (crypto.new_key().unwrap(), crypto.new_key().unwrap());
        let keys = DeviceKeys { person_keys: PersonKeys(vec![("445381".into(), vec![7; 32])]), towns: vec![("445381001".into(), [8; 16])] };
        let wrapped = keys.wrap(&crypto, &crypto.public_key(&device).unwrap()).unwrap();
        assert_eq!(DeviceKeys::unwrap(&crypto, &device, &wrapped), Ok(keys.clone()));
        assert_eq!(DeviceKeys::unwrap(&crypto, &other, &wrapped), Err(CryptoError::BadSeal));
        assert!(!format!("{keys:?}").contains('7'));
    }
}
