//! Records as automerge documents: one flat map per record, its changes in automerge's own bytes.
//! Changes are read and written by automerge; a flat map is merged from their operations
//! (`history.rs`), for which no document has to be opened. Nothing here stores, sends or trusts.

mod bounds;
mod history;

pub use history::{History, Said};

use crate::record::{Fields, Value};
pub use automerge::ActorId;
use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::{Change, ExpandedChange, ScalarValue};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest change that is taken from anywhere, in bytes, as it is and unpacked.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// A change of one record as raw automerge bytes, with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// Names the change everywhere; the same change twice has the same hash.
    pub hash: [u8; 32],
    /// Uncompressed automerge bytes.
    pub bytes: Vec<u8>,
}

/// Why bytes are no change that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrdtError {
    /// Longer than [`MAX_CHANGE_BYTES`].
    #[error("the change is too large")]
    TooLarge,
    /// Not one whole uncompressed automerge change, or its hash does not fit.
    #[error("the bytes are no change")]
    NotAChange,
    /// It does something else than set or clear scalars in a flat map.
    #[error("the change is not of a flat record")]
    NotFlat,
    /// The changes of one record do not go together.
    #[error("the changes do not merge")]
    Merge,
    /// Every value asked for stands already.
    #[error("nothing would change")]
    Unchanged,
}

/// A change that was read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Names the change everywhere.
    pub hash: [u8; 32],
    change: ExpandedChange,
}

impl Decoded {
    /// What it sets, by field; `Null` where it clears.
    #[must_use]
    pub fn touched(&self) -> Fields {
        let sets = self.change.operations.iter().filter_map(|op| {
            let Key::Map(key) = &op.key else { return None };
            let value = match &op.action {
                OpType::Put(value) => of_scalar(value)?,
                _ => Value::Null,
            };
            Some((key.to_string(), value))
        });
        sets.collect()
    }

    /// The record of which it is all that is known: nothing, where it builds on another change.
    #[must_use]
    pub fn alone(&self) -> Fields {
        let mut fields = if self.is_first() { self.touched() } else { Fields::new() };
        fields.retain(|_, value| *value != Value::Null);
        fields
    }

    /// When it was made, in seconds since 1970, by the clock of the device that made it.
    #[must_use]
    pub fn made_at(&self) -> i64 {
        self.change.time
    }

    /// Whether it builds on no other.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.change.deps.is_empty()
    }
}

/// The first change of a record: every field set, no dependency.
#[must_use]
pub fn first_change(actor: &ActorId, fields: &Fields, time: i64) -> RecordChange {
    let operations = fields.iter().map(|(key, value)| op(key, OpType::Put(scalar(value)), SortedVec::new())).collect();
    encode(ExpandedChange { actor_id: actor.clone(), seq: 1, start_op: NonZeroU64::MIN, time, operations, ..blank() })
}

/// The state of a record after all of its changes, in whatever order and however often they came.
/// Changes whose dependencies have not come yet wait and do not count.
///
/// # Errors
/// [`CrdtError`] when some bytes are no change, or they do not go together.
pub fn fields<B: AsRef<[u8]>>(history: &[B]) -> Result<Fields, CrdtError> {
    match history {
        [only] => decode(only.as_ref()).map(|decoded| decoded.alone()),
        history => History::of(history).map(|history| history.fields()),
    }
}

/// A later change: sets `changes` (a `Null` clears) on top of the record's `history`.
///
/// # Errors
/// [`CrdtError`] when the history does not merge; [`CrdtError::Unchanged`] when every value stands already.
pub fn next_change<B: AsRef<[u8]>>(actor: &ActorId, history: &[B], changes: &Fields, time: i64) -> Result<RecordChange, CrdtError> {
    History::of(history)?.next(actor, changes, time)
}

/// The hash of a change, from its bytes alone: SHA-256 behind magic and checksum. Says nothing about whether they are a change.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(CHUNK_TYPE_AT..).unwrap_or_default()).into()
}

/// Reads bytes from outside and checks that they are one change that we take.
///
/// # Errors
/// [`CrdtError`] says what is wrong with them.
pub fn admit(bytes: &[u8]) -> Result<Decoded, CrdtError> {
    if bytes.len() <= MAX_CHANGE_BYTES
        && let Err(claim) = bounds::check(bytes)
    {
        // Bytes that were bent on the way claim nothing.
        let meant = bytes.get(CHECKSUM_AT) == hash_of(bytes).get(..4);
        return Err(if meant { claim } else { CrdtError::NotAChange });
    }
    let decoded = decode(bytes)?;
    // Twice the same field in one change would be a conflict with itself, in some thirty bytes thousands of times.
    let mut keys = BTreeSet::new();
    let flat = decoded.change.operations.iter().all(|op| {
        op.obj == ObjectId::Root
            && !op.insert
            && matches!(&op.key, Key::Map(key) if key.len() <= bounds::MAX_KEY && keys.insert(key.as_str()))
            && match &op.action {
                OpType::Put(value) => of_scalar(value).is_some(),
                OpType::Delete => true,
                _ => false,
            }
    });
    if flat { Ok(decoded) } else { Err(CrdtError::NotFlat) }
}

/// The head of the hash, which automerge does not compare when it reads a lone change.
const CHECKSUM_AT: std::ops::Range<usize> = 4..8;
/// Magic, checksum, then the type of the chunk: 1 is a plain change, 2 a compressed one, which
/// automerge would unpack without a limit.
const CHUNK_TYPE_AT: usize = 8;
const PLAIN_CHANGE: u8 = 1;

/// Reads a change. Of one that lies in a store all was checked by [`admit`] before.
///
/// # Errors
/// [`CrdtError::TooLarge`], [`CrdtError::NotAChange`]
pub fn decode(bytes: &[u8]) -> Result<Decoded, CrdtError> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(CrdtError::TooLarge);
    }
    if bytes.get(CHUNK_TYPE_AT) != Some(&PLAIN_CHANGE) {
        return Err(CrdtError::NotAChange);
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        let change = Change::from_bytes(bytes.to_vec()).ok()?;
        let checked = change.raw_bytes() == bytes && bytes.get(CHECKSUM_AT) == change.hash().0.get(..4);
        checked.then(|| Decoded { hash: change.hash().0, change: change.decode() })
    }));
    decoded.ok().flatten().ok_or(CrdtError::NotAChange)
}

fn op(key: &str, action: OpType, pred: SortedVec<automerge::legacy::OpId>) -> Op {
    Op { action, obj: ObjectId::Root, key: Key::Map(key.into()), pred, insert: false }
}

fn blank() -> ExpandedChange {
    ExpandedChange {
        operations: Vec::new(),
        actor_id: ActorId::from([0; 16]),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    }
}

fn encode(change: ExpandedChange) -> RecordChange {
    let change: Change = change.into();
    RecordChange { hash: change.hash().0, bytes: change.raw_bytes().to_vec() }
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(value) => ScalarValue::Boolean(*value),
        Value::Int(value) => ScalarValue::Int(*value),
        Value::Text(value) => ScalarValue::Str(value.as_str().into()),
        Value::Bytes(value) => ScalarValue::Bytes(value.clone()),
    }
}

fn of_scalar(value: &ScalarValue) -> Option<Value> {
    match value {
        ScalarValue::Null => Some(Value::Null),
        ScalarValue::Boolean(value) => Some(Value::Bool(*value)),
        ScalarValue::Int(value) => Some(Value::Int(*value)),
        ScalarValue::Str(value) => Some(Value::Text(value.to_string())),
        ScalarValue::Bytes(value) => Some(Value::Bytes(value.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn elder() -> Fields {
        Fields::from([("name".into(), text("王桂英")), ("living_alone".into(), Value::Bool(true)), ("number".into(), Value::Int(7))])
    }

    #[test]
    fn a_first_change_reads_back() {
        let actor = ActorId::from([7; 16]);
        let direct = first_change(&actor, &elder(), 5);
        assert_eq!(direct, next_change::<Vec<u8>>(&actor, &[], &elder(), 5).unwrap());
        assert_eq!(fields(&[direct.bytes]).unwrap(), elder());
    }

    #[test]
    fn what_is_cleared_is_gone() {
        let actor = ActorId::from([7; 16]);
        let first = first_change(&actor, &elder(), 5).bytes;
        let second = next_change(&actor, std::slice::from_ref(&first), &Fields::from([("number".into(), Value::Null)]), 6).unwrap().bytes;
        assert_eq!(decode(&second).unwrap().touched(), Fields::from([("number".into(), Value::Null)]));
        assert!(!fields(&[first, second]).unwrap().contains_key("number"));
    }

    #[test]
    fn foreign_bytes_are_refused_by_kind() {
        let good = first_change(&ActorId::from([7; 16]), &elder(), 5);
        assert_eq!(admit(&good.bytes).map(|decoded| decoded.hash), Ok(good.hash));
        assert_eq!(hash_of(&good.bytes), good.hash);
        assert_eq!(admit(b"").map(drop), Err(CrdtError::NotAChange));
        assert_eq!(admit(&vec![0; MAX_CHANGE_BYTES + 1]).map(drop), Err(CrdtError::TooLarge));
        for cut in 0..good.bytes.len() {
            assert_eq!(admit(&good.bytes[..cut]).map(drop), Err(CrdtError::NotAChange), "cut at {cut}");
        }
        for at in 0..good.bytes.len() {
            let mut flipped = good.bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(admit(&flipped).map(drop), Err(CrdtError::NotAChange), "flip at {at}");
        }
        let mut two = good.bytes.clone();
        two.extend_from_slice(&good.bytes);
        assert!(admit(&two).is_err(), "two changes in one");
    }
}
