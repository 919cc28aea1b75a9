//! What the desk knows of itself: who enrolled it, its scope, its settings. Read once at the start
//! and kept in step with the store.

use crate::store::{StoreError, fact};
use rusqlite::Connection;
use shared::command::Settings;
use shared::crypto::{PublicKey, StoredKey};
use shared::seal::PersonKeys;
use shared::wire::Enrolled;

/// Enrolment, when there is one, and settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) enrolled: Option<Enrolled>,
    pub(crate) settings: Settings,
    /// Signs what this desk sends; made before the first enrolment.
    pub(crate) device_key: Option<StoredKey>,
    /// The keys of the elders' ids.
    pub(crate) person_keys: Option<PersonKeys>,
    /// The authority of the server's certificate, DER; none where it is one that every computer knows.
    pub(crate) authority: Option<Vec<u8>>,
    /// The centre has shut this desk out.
    pub(crate) shut_out: bool,
}

const ENROLLED: &str = "enrolled";
const SETTINGS: &str = "settings";
const DEVICE_KEY: &str = "device_key";
const PERSON_KEY: &str = "person_key";
const PERSON_KEYS: &str = "person_keys";
const AUTHORITY: &str = "authority";
const SHUT_OUT: &str = "shut_out";

impl Facts {
    /// From the store; what can't be read counts as not there.
    pub(crate) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let read = |name| fact::get(connection, name);
        Ok(Self {
            enrolled: read(ENROLLED)?.and_then(|text| serde_json::from_str(&text).ok()),
            settings: read(SETTINGS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
            device_key: read(DEVICE_KEY)?.and_then(|text| hex::decode(text).ok()).map(StoredKey::from_bytes),
            person_keys: match (read(PERSON_KEYS)?, read(PERSON_KEY)?) {
                (Some(keys), _) => serde_json::from_str(&keys).ok(),
                // An older program was given one for all counties.
                (None, key) => key.and_then(|text| Some(PersonKeys(vec![(String::new(), hex::decode(text).ok()?)]))),
            },
            authority: read(AUTHORITY)?.and_then(|text| hex::decode(text).ok()),
            shut_out: read(SHUT_OUT)?.is_some_and(|text| text == "true"),
        })
    }

    /// The key that signs the server's answers.
    pub(crate) fn server_key(&self) -> Option<PublicKey> {
        let key = hex::decode(&self.enrolled.as_ref()?.server_key).ok()?;
        key.try_into().ok().map(PublicKey)
    }

    /// Takes settings over; the server's address changes only by enrolment.
    pub(crate) fn set(&mut self, settings: Settings) {
        let typed = settings.server.trim().trim_end_matches('/');
        let server = if typed.is_empty() { std::mem::take(&mut self.settings.server) } else { typed.to_owned() };
        self.settings = Settings { server, ..settings };
    }

    /// Into the store.
    pub(crate) fn save(&self, connection: &Connection) -> Result<(), StoreError> {
        let enrolled = self.enrolled.as_ref().map(|enrolled| serde_json::to_string(enrolled).unwrap_or_default());
        let key = self.device_key.as_ref().map(|key| hex::encode(key.as_bytes()));
        let person_keys = self.person_keys.as_ref().map(|keys| serde_json::to_string(keys).unwrap_or_default());
        let authority = self.authority.as_ref().map(hex::encode);
        for (name, value) in [(ENROLLED, enrolled), (DEVICE_KEY, key), (PERSON_KEYS, person_keys), (AUTHORITY, authority)] {
            match value {
                Some(value) => fact::set(connection, name, &value)?,
                None => fact::forget(connection, name)?,
            }
        }
        fact::set(connection, SHUT_OUT, &self.shut_out.to_string())?;
        fact::set(connection, SETTINGS, &serde_json::to_string(&self.settings).unwrap_or_default())
    }
}
