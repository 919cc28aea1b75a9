//! Keys of elders on their way: wrapped keys are admitted, go wherever their elder is seen, and are sealed anew
//! for a town that lacks one. The one place of the server that treats wrapped keys; fields stay closed here.

use super::touch::{self, Touch};
use super::transfer::{self, Asker};
use crate::journal::{Journal, Writer};
use crate::key_provider::KeyProvider;
use crate::store::{Audience, StoreError, Tx};
use shared::crypto::{CryptoProvider, SecretKey};
use shared::division;
use shared::kinds::RecordKind;
use shared::rule::id_number::IdNumber;
use shared::schema::RecordId;
use shared::seal::{DeviceKeys, PersonKeys, RecordKeys, WrappedKey, proof_of};
use shared::wire::{RefusedReason, WireChange};
use std::collections::BTreeSet;

/// The suite and the key provider: what opens and seals wrapped keys.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The suite.
    pub crypto: &'a dyn CryptoProvider,
    /// Has the root key.
    pub key_provider: &'a dyn KeyProvider,
}

impl Keys<'_> {
    /// What a device of that division is given: the key of its town, or of all towns and counties of its area; and of ids in its county.
    pub fn of_device(&self, division: &str) -> DeviceKeys {
        let counties = division::counties(division).into_iter().map(|county| (county.to_owned(), self.person(county).to_vec()));
        let person_keys = PersonKeys(counties.collect());
        let towns = division::keyed(division).into_iter().map(|town| (town.to_owned(), *self.town(town).as_bytes()));
        DeviceKeys { person_keys, towns: towns.collect() }
    }

    /// The key that makes ids of ID numbers in a county.
    fn person(&self, county: &str) -> [u8; 32] {
        self.key_provider.derive(&format!("person {county}"))
    }

    /// The ids that somebody with that number has in the counties of a city.
    pub fn ids_of(&self, number: &IdNumber, city: &str) -> Vec<RecordId> {
        division::counties(city).into_iter().map(|county| number.elder_id(&self.person(county))).collect()
    }

    /// The key of a town.
    fn town(&self, town: &str) -> SecretKey {
        let derived = self.key_provider.derive(&format!("town {town}"));
        SecretKey::from_bytes(std::array::from_fn(|at| derived[at]))
    }

    /// A key for a new elder, in a wrapped key for the elder's town, and the fields sealed with it: for what is made up.
    ///
    /// # Errors
    /// [`StoreError::Crypto`]
    #[cfg(any(test, feature = "drill"))]
    pub fn seal_new(&self, id: RecordId, elder: &shared::kinds::Elder) -> Result<(Vec<u8>, shared::schema::Fields), StoreError> {
        use shared::schema::Record as _;
        let (key, town) = (SecretKey::draw(self.crypto), division::town_of(&elder.division));
        let wrapped_key = WrappedKey::pack(self.crypto, id, town, &self.town(town), &key)?;
        let mut keys = RecordKeys::default();
        keys.add(self.crypto, key);
        Ok((wrapped_key, keys.seal(self.crypto, RecordKind::Elder, id, &elder.to_fields())?))
    }

    /// Admits and logs a wrapped key of a device, or says why not: it has to open, and to be for the device's own area. One that moved meanwhile
    /// may still send what it packed for its old town, of elders whom it sees. One of somebody whose file another place holds is kept until that answers.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn take(
        &self,
        asker: Asker<'_, '_>,
        journal: &mut Journal<'_, '_>,
        change: &WireChange,
        by: Writer<'_>,
    ) -> Result<Result<(), RefusedReason>, StoreError> {
        let Asker { parts, tx, device, .. } = asker;
        if proof_of(&change.bytes).is_some() {
            // From a desk that heard of an erasure before this server was restored.
            let erased = parts.erase(tx, journal, change.record, &change.bytes, by)?;
            return Ok(erased.map(drop).ok_or(RefusedReason::Malformed));
        }
        if tx.is_erased(&change.record)? {
            return Ok(Err(RefusedReason::Erased));
        }
        let Some(wrapped_key) = WrappedKey::read(&change.bytes) else { return Ok(Err(RefusedReason::Malformed)) };
        if !division::within(wrapped_key.town, division::town_of(&device.division)) {
            let elder = journal.fields((RecordKind::Elder, change.record))?.unwrap_or_default();
            if !touch::sees(journal, device, RecordKind::Elder, &elder)? {
                return Ok(Err(RefusedReason::ForeignScope));
            }
        }
        let elder = RecordId(uuid::Uuid::from_bytes(change.record));
        if wrapped_key.open(self.crypto, elder, &self.town(wrapped_key.town)).is_none() {
            return Ok(Err(RefusedReason::Malformed));
        }
        if touch::judge_key(asker, journal, change.record)? == Touch::Asks {
            return Ok(Err(transfer::ask(asker, journal, change)?));
        }
        journal.append_key(change.record, &change.bytes, by)?;
        self.follow(journal, change.record, by.at)?;
        Ok(Ok(()))
    }

    /// Seals the keys of an elder anew for towns that see the elder and have no wrapped key yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn follow(&self, journal: &mut Journal<'_, '_>, elder: [u8; 16], at: i64) -> Result<(), StoreError> {
        let logged = journal.keys(elder)?;
        let (Some(fields), false) = (journal.fields((RecordKind::Elder, elder))?, logged.is_empty()) else { return Ok(()) };
        let audiences = journal.audiences(RecordKind::Elder, &fields)?;
        let id = RecordId(uuid::Uuid::from_bytes(elder));
        let there: Vec<WrappedKey<'_>> = logged.iter().filter_map(|logged| WrappedKey::read(&logged.bytes)).collect();
        let known: BTreeSet<_> = there.iter().map(|wrapped_key| wrapped_key.key).collect();
        for town in towns_of(&audiences) {
            for key in known.iter().filter(|key| !there.iter().any(|wrapped_key| wrapped_key.key == **key && wrapped_key.town == town)) {
                let same = there.iter().filter(|wrapped_key| wrapped_key.key == *key);
                let opened = same.filter_map(|wrapped_key| wrapped_key.open(self.crypto, id, &self.town(wrapped_key.town))).next();
                if let Some(opened) = opened {
                    let anew = WrappedKey::pack(self.crypto, id, town, &self.town(town), &opened)?;
                    journal.append_key(elder, &anew, Writer { device: None, at })?;
                }
            }
        }
        Ok(())
    }

    /// Opens a photo for somebody who may see it: the one thing the server reads of what is sealed, in memory only.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open_photo(&self, tx: &Tx<'_>, hash: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        for elder in tx.elders_of_photo(hash)?.iter().filter_map(|elder| elder.parse::<RecordId>().ok()) {
            let mut keys = RecordKeys::default();
            for logged in tx.history(RecordKind::ElderKey, elder.bytes())? {
                if let Some(wrapped_key) = WrappedKey::read(&logged.bytes)
                    && let Some(key) = wrapped_key.open(self.crypto, elder, &self.town(wrapped_key.town))
                {
                    keys.add(self.crypto, key);
                }
            }
            if let Some(photo) = keys.open_photo(self.crypto, elder, sealed) {
                return Ok(Some(photo));
            }
        }
        Ok(None)
    }
}

/// The towns, or counties, where a record with these audiences is seen.
fn towns_of(audiences: &[Audience]) -> BTreeSet<&str> {
    let codes = audiences.iter().map(|audience| division::town_of(&audience.division));
    codes.filter(|code| division::find(code).is_some()).collect()
}
