//! The seal of rows: HMAC-SM3 over the table's name, the key and every column that decides, under a key which is not in the database; and the
//! end of each table, which says sealed how many rows there are and what they sum up to, so that rows that went or came back are seen as well.
//! Which tables are sealed stands in `sealed`; here is no SQL.

use super::engine::Got;
use crate::key_provider::KeyProvider;
use shared::crypto::{CryptoError, CryptoProvider, KeyedMac, SecretKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Opens the bytes of every row, so that no bytes of another use fit.
const ROW: &[u8] = b"yinling table row 1";
/// Opens what an end is sealed with.
const END: &[u8] = b"yinling table end 1 ";
/// Bytes of the MAC that stand in the row.
const KEPT: usize = 16;

/// The keys of the seals.
#[derive(Debug)]
pub(crate) struct Seal {
    crypto: Arc<dyn CryptoProvider>,
    rows: Box<dyn KeyedMac>,
    ends: SecretKey,
}

/// The MAC of a row: half of it stands in the row, the other half goes into the sum of the table and nowhere else. Who does not know
/// the halves finds no other rows with the same sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mac {
    pub kept: [u8; KEPT],
    pub share: u128,
}

impl Mac {
    /// Whether this is what stands in the row. Compares without telling by its time where the first difference is.
    pub fn is(&self, there: &[u8]) -> bool {
        there.len() == KEPT && self.kept.iter().zip(there).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
    }
}

/// What a table came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct End {
    /// Grows with every change of the table.
    pub version: i64,
    pub rows: i64,
    /// Of the shares of its rows.
    pub sum: u128,
}

/// A value with its length before it.
fn put(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(value);
}

impl Seal {
    /// The seals of a deployment.
    pub fn new(crypto: Arc<dyn CryptoProvider>, keys: &dyn KeyProvider) -> Self {
        Self { rows: crypto.keyed(&keys.derive("table rows")), ends: keys.sealing_key("table ends"), crypto }
    }

    /// The suite that they are of.
    pub fn crypto(&self) -> &dyn CryptoProvider {
        self.crypto.as_ref()
    }

    /// The MAC of a row. What is empty does not count: a column that a later version adds leaves the rows of before as they are.
    pub(super) fn mac<'n, 'v>(&self, table: &str, values: impl Iterator<Item = (&'n str, Got<'v>)>) -> Mac {
        let mut bytes = Vec::with_capacity(512);
        bytes.extend_from_slice(ROW);
        put(&mut bytes, table.as_bytes());
        for (name, value) in values {
            let number;
            let (of, value) = match value {
                Got::Null => continue,
                Got::Int(value) => {
                    number = value.to_be_bytes();
                    (b'i', number.as_slice())
                }
                Got::Text(text) => (b't', text.as_bytes()),
                Got::Blob(bytes) => (b'b', bytes),
            };
            put(&mut bytes, name.as_bytes());
            bytes.push(of);
            put(&mut bytes, value);
        }
        let mac = self.rows.mac(&bytes);
        let (mut kept, mut share) = ([0; KEPT], [0; KEPT]);
        kept.copy_from_slice(&mac[..KEPT]);
        share.copy_from_slice(&mac[KEPT..]);
        Mac { kept, share: u128::from_be_bytes(share) }
    }

    /// An end, sealed: nobody else reads its sum.
    pub(super) fn close(&self, name: &str, end: &End) -> Result<Vec<u8>, CryptoError> {
        let plain = [&end.version.to_be_bytes()[..], &end.rows.to_be_bytes(), &end.sum.to_be_bytes()].concat();
        self.crypto.seal(&self.ends, &[END, name.as_bytes()].concat(), &plain)
    }

    /// What an end says; none where it is not ours.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Option<End> {
        let plain = self.crypto.open(&self.ends, &[END, name.as_bytes()].concat(), sealed).ok()?;
        let (version, rest) = plain.split_first_chunk()?;
        let (rows, rest) = rest.split_first_chunk()?;
        let sum = u128::from_be_bytes(rest.try_into().ok()?);
        Some(End { version: i64::from_be_bytes(*version), rows: i64::from_be_bytes(*rows), sum })
    }
}

/// Something that another hand changed: a row by its key, or a table whose end does not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forged {
    /// The table.
    pub table: &'static str,
    /// The key of the row; empty for the table itself.
    pub key: String,
}

/// The seals of a store, once its keys are known, and what was found to be forged since.
#[derive(Default)]
pub(super) struct Seals {
    seal: OnceLock<Seal>,
    /// And whether somebody was told.
    found: Mutex<BTreeMap<Forged, bool>>,
}

/// So many are remembered; what comes after is told by the next look.
const MOST_FOUND: usize = 1_000;

impl Seals {
    pub fn give(&self, seal: Seal) {
        self.seal.get_or_init(|| seal);
    }

    pub fn get(&self) -> Option<&Seal> {
        self.seal.get()
    }

    fn found(&self) -> MutexGuard<'_, BTreeMap<Forged, bool>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, forged: Forged) {
        let mut found = self.found();
        if found.len() < MOST_FOUND && !found.contains_key(&forged) {
            tracing::error!(table = forged.table, key = forged.key, "a row was changed by another hand");
            found.insert(forged, false);
        }
    }

    /// What is still so is found, and told, again.
    pub fn forget(&self) {
        self.found().clear();
    }

    /// What nobody was told yet.
    pub fn untold(&self) -> Vec<Forged> {
        let mut found = self.found();
        let untold = found.iter_mut().filter(|(_, told)| !**told);
        untold
            .map(|(forged, told)| {
                *told = true;
                forged.clone()
            })
            .collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::store::{Store, StoreError};
    use shared::crypto::SoftProvider;

    #[derive(Debug)]
    struct Keys;

    impl KeyProvider for Keys {
        fn derive(&self, name: &str) -> [u8; 32] {
            SoftProvider::new().mac(b"test", name.as_bytes())
        }
    }

    fn seal() -> Seal {
        Seal::new(Arc::new(SoftProvider::new()), &Keys)
    }

    /// A store as a server opens it, with keys of the tests.
    pub(crate) fn with_keys(store: Store) -> Store {
        store.seal_with(seal());
        store.write::<_, StoreError>(|tx| tx.seal_tables(&std::collections::BTreeSet::new())).unwrap();
        store
    }

    #[test]
    fn every_name_and_value_is_under_the_mac_and_what_is_empty_is_not() {
        let seal = seal();
        let mac = |table: &str, values: &[(&str, Got<'_>)]| {
            // The names live as long as the values here.
            seal.mac(table, values.iter().map(|(name, value)| (*name, *value))).kept
        };
        let rows: &[(&str, &[(&str, Got<'_>)])] = &[
            ("a", &[("b", Got::Text("c"))]),
            ("a", &[("b", Got::Blob(b"c"))]),
            ("a", &[("bc", Got::Text(""))]),
            ("a", &[("c", Got::Text("c"))]),
            ("ab", &[("b", Got::Text("c"))]),
            ("a", &[("b", Got::Int(0))]),
            ("a", &[("b", Got::Text("c")), ("d", Got::Text(""))]),
            ("a", &[]),
        ];
        let all: std::collections::BTreeSet<_> = rows.iter().map(|(table, values)| mac(table, values)).collect();
        assert_eq!(all.len(), rows.len());
        assert_eq!(mac("a", rows[0].1), mac("a", &[("b", Got::Text("c")), ("later", Got::Null)]));
    }

    #[test]
    fn an_end_opens_as_itself_alone() {
        let seal = seal();
        let end = End { version: 3, rows: 2, sum: u128::MAX - 1 };
        let sealed = seal.close("log", &end).unwrap();
        assert_eq!(seal.open("log", &sealed), Some(end));
        assert_eq!(seal.open("session", &sealed), None);
        assert_eq!(seal.open("log", &sealed[1..]), None);
    }
}
