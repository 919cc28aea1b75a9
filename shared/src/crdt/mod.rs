//! Records as automerge documents: one flat map per record, its changes in automerge's own bytes.
//! Changes are written by automerge and read without it (`reader.rs`); a flat map is merged from their
//! operations (`history.rs`), for which no document has to be opened. Nothing here stores, sends or trusts.

mod author;
mod bytes;
mod history;
mod reader;

pub use author::{PersonMark, author};
pub use history::{History, Version};
pub use reader::{Decoded, MAX_CHANGE_BYTES, decode, hash_of};

use crate::schema::{Fields, Value};
pub use automerge::ActorId;
use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::{Change, ExpandedChange, ScalarValue};
use std::num::NonZeroU64;

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

impl CrdtError {
    /// Why a record with such a change is quarantined, as stores keep it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Merge => "does_not_merge",
            _ => "damaged_change",
        }
    }
}

impl Decoded {
    /// What it sets, by field; `Null` where it clears.
    #[must_use]
    pub fn touched(&self) -> Fields {
        self.ops.iter().map(|op| (op.key.clone(), op.value.clone().unwrap_or(Value::Null))).collect()
    }

    /// The record of which it is all that is known, from what it sets: nothing, where it builds on another change.
    #[must_use]
    pub fn alone(&self, mut touched: Fields) -> Fields {
        touched.retain(|_, value| self.is_first() && *value != Value::Null);
        touched
    }

    /// When it was made, in seconds since 1970, by the clock of the device that made it.
    #[must_use]
    pub fn made_at(&self) -> i64 {
        self.time
    }

    /// Who sat at the device that made it; none where nobody had signed in.
    #[must_use]
    pub fn person(&self) -> Option<PersonMark> {
        PersonMark::of_author(&self.actor)
    }

    /// The changes that it builds on, by their hashes.
    #[must_use]
    pub fn builds_on(&self) -> &[[u8; 32]] {
        &self.deps
    }

    /// Whether it builds on no other.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.deps.is_empty()
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
        [only] => decode(only.as_ref()).map(|decoded| decoded.alone(decoded.touched())),
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
        Value::Text(value) => ScalarValue::Str(value.clone()),
        Value::Bytes(value) => ScalarValue::Bytes(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::Text(value.into())
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
        assert_eq!(decode(&good.bytes).map(|decoded| decoded.hash), Ok(good.hash));
        assert_eq!(hash_of(&good.bytes), good.hash);
        assert_eq!(decode(b"").map(drop), Err(CrdtError::NotAChange));
        assert_eq!(decode(&vec![0; MAX_CHANGE_BYTES + 1]).map(drop), Err(CrdtError::TooLarge));
        for cut in 0..good.bytes.len() {
            assert_eq!(decode(&good.bytes[..cut]).map(drop), Err(CrdtError::NotAChange), "cut at {cut}");
        }
        for at in 0..good.bytes.len() {
            let mut flipped = good.bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(decode(&flipped).map(drop), Err(CrdtError::NotAChange), "flip at {at}");
        }
        let mut two = good.bytes.clone();
        two.extend_from_slice(&good.bytes);
        assert!(decode(&two).is_err(), "two changes in one");
    }
}
