//! The digest of a set of changes: equal sets have equal sums, in whatever order they were added, and
//! what leaves the set is taken off again. Both ends compare sums after every exchange.

use crate::crdt;
use crate::schema::KindId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Names one change of one record: SHA-256 over kind, record and the change's hash, the first 16 bytes.
/// (Two records made in one second with the same values have the same first change: its hash alone names none.)
pub type ChangeId = [u8; 16];

/// The name of a change.
#[must_use]
pub fn id(kind: impl Into<KindId>, record: &[u8], bytes: &[u8]) -> ChangeId {
    id_of_hash(kind, record, &crdt::hash_of(bytes))
}

/// The name of a change whose hash is known.
#[must_use]
pub fn id_of_hash(kind: impl Into<KindId>, record: &[u8], hash: &[u8; 32]) -> ChangeId {
    let mut hasher = Sha256::new();
    hasher.update(kind.into().code());
    hasher.update([0]);
    hasher.update(record);
    hasher.update(hash);
    let mut name = ChangeId::default();
    name.copy_from_slice(&hasher.finalize()[..16]);
    name
}

/// Number and sum of the names of a set of changes. Sums wrap: two lanes of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SetDigest {
    /// How many changes.
    pub changes: u64,
    /// Sum of the first and of the second half of their names, as big-endian numbers.
    pub lanes: [u64; 2],
}

impl SetDigest {
    /// Puts a change into the set.
    pub fn add(&mut self, name: &ChangeId) {
        let [first, second] = halves(name);
        self.changes = self.changes.wrapping_add(1);
        self.lanes = [self.lanes[0].wrapping_add(first), self.lanes[1].wrapping_add(second)];
    }

    /// Takes a change out of the set.
    pub fn take_off(&mut self, name: &ChangeId) {
        let [first, second] = halves(name);
        self.changes = self.changes.wrapping_sub(1);
        self.lanes = [self.lanes[0].wrapping_sub(first), self.lanes[1].wrapping_sub(second)];
    }

    /// The digest of two sets that share nothing.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            changes: self.changes.wrapping_add(other.changes),
            lanes: [self.lanes[0].wrapping_add(other.lanes[0]), self.lanes[1].wrapping_add(other.lanes[1])],
        }
    }

    /// As stored: 24 bytes, big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        for (into, bucket) in bytes.chunks_exact_mut(8).zip([self.changes, self.lanes[0], self.lanes[1]]) {
            into.copy_from_slice(&bucket.to_be_bytes());
        }
        bytes
    }

    /// From what was stored; `None` at any other length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; 24] = bytes.try_into().ok()?;
        let bucket = |at: usize| u64::from_be_bytes(std::array::from_fn(|i| bytes[at * 8 + i]));
        Some(Self { changes: bucket(0), lanes: [bucket(1), bucket(2)] })
    }
}

fn halves(name: &ChangeId) -> [u64; 2] {
    let half = |at: usize| u64::from_be_bytes(std::array::from_fn(|i| name[at + i]));
    [half(0), half(8)]
}

/// The sums of 256 parts of a set, parted by the first byte of the name: where two sets differ,
/// only the parts that differ are looked into.
#[must_use]
pub fn buckets<'a>(names: impl IntoIterator<Item = &'a ChangeId>) -> Vec<SetDigest> {
    let mut buckets = vec![SetDigest::default(); 256];
    for name in names {
        if let Some(bucket) = buckets.get_mut(usize::from(name[0])) {
            bucket.add(name);
        }
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sum_tells_sets_apart_and_forgets_order(names in prop::collection::hash_set(any::<ChangeId>(), 1..40), left_out in any::<prop::sample::Index>()) {
            let names: Vec<_> = names.into_iter().collect();
            let (mut forward, mut backward) = (SetDigest::default(), SetDigest::default());
            names.iter().for_each(|name| forward.add(name));
            names.iter().rev().for_each(|name| backward.add(name));
            prop_assert_eq!(forward, backward);
            prop_assert_eq!(SetDigest::from_bytes(&forward.to_bytes()), Some(forward));
            let whole = buckets(&names).into_iter().fold(SetDigest::default(), SetDigest::with);
            prop_assert_eq!(whole, forward);
            forward.take_off(left_out.get(&names));
            prop_assert_ne!(forward, backward);
            forward.add(left_out.get(&names));
            prop_assert_eq!(forward, backward);
        }
    }
}
