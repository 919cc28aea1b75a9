//! Records as automerge documents: one flat map per record. A first change is encoded and read
//! straight from its operations; a document is opened only where there is history to merge.
//! Nothing here stores, sends or trusts: bytes from outside pass `admit` first.

use crate::record::{Fields, Value};
pub use automerge::ActorId;
use automerge::legacy::{Key, ObjectId, Op, OpType, SortedVec};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, Change, ExpandedChange, ROOT, ReadDoc, ScalarValue};
use sha2::{Digest, Sha256};
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

/// The first change of a record: every field set, no dependency.
#[must_use]
pub fn first_change(actor: &ActorId, fields: &Fields, time: i64) -> RecordChange {
    let operations = fields
        .iter()
        .map(|(key, value)| Op {
            action: OpType::Put(scalar(value)),
            obj: ObjectId::Root,
            key: Key::Map(key.as_str().into()),
            pred: SortedVec::new(),
            insert: false,
        })
        .collect();
    let change: Change = ExpandedChange {
        operations,
        actor_id: actor.clone(),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    }
    .into();
    RecordChange { hash: change.hash().0, bytes: change.raw_bytes().to_vec() }
}

/// A later change: sets `changes` (a `Null` clears) on top of the record's `history`.
///
/// # Errors
/// [`CrdtError`] when the history does not load; [`CrdtError::Unchanged`] when every value stands already.
pub fn next_change(actor: &ActorId, history: &[Vec<u8>], changes: &Fields, time: i64) -> Result<RecordChange, CrdtError> {
    guarded(|| add_change(open(history)?, actor, changes, time))
}

fn add_change(mut document: Automerge, actor: &ActorId, changes: &Fields, time: i64) -> Result<RecordChange, CrdtError> {
    document.set_actor(actor.clone());
    let mut transaction = document.transaction();
    for (key, value) in changes {
        let done = match value {
            Value::Null => transaction.delete(ROOT, key.as_str()),
            value => transaction.put(ROOT, key.as_str(), scalar(value)),
        };
        done.map_err(|_| CrdtError::Merge)?;
    }
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(time));
    let hash = hash.ok_or(CrdtError::Unchanged)?;
    let change = document.get_change_by_hash(&hash).ok_or(CrdtError::Merge)?;
    Ok(RecordChange { hash: hash.0, bytes: change.raw_bytes().to_vec() })
}

/// The state of a record after all of its changes, in whatever order and however often they came.
/// Changes whose dependencies have not come yet wait and do not count.
///
/// # Errors
/// [`CrdtError`] when some bytes are no change.
pub fn fields(history: &[Vec<u8>]) -> Result<Fields, CrdtError> {
    if let [only] = history {
        let change = decode(only)?;
        if change.deps.is_empty() {
            let mut fields = sets_of(&change);
            fields.retain(|_, value| *value != Value::Null);
            return Ok(fields);
        }
    }
    guarded(|| Ok(fields_of(&open(history)?)))
}

fn fields_of(document: &Automerge) -> Fields {
    let keys = document.keys(ROOT);
    keys.filter_map(|key| {
        let (value, _) = document.get(ROOT, key.as_str()).ok()??;
        Some((key, of_scalar(value.as_scalar()?)?))
    })
    .filter(|(_, value)| *value != Value::Null)
    .collect()
}

/// What a change sets, by field; `Null` where it clears.
///
/// # Errors
/// [`CrdtError::NotAChange`] when the bytes are none.
pub fn touched(bytes: &[u8]) -> Result<Fields, CrdtError> {
    Ok(sets_of(&decode(bytes)?))
}

/// When a change was made, in seconds since 1970, by the clock of the device that made it.
///
/// # Errors
/// [`CrdtError::NotAChange`] when the bytes are none.
pub fn made_at(bytes: &[u8]) -> Result<i64, CrdtError> {
    Ok(decode(bytes)?.time)
}

/// The hash of a change, from its bytes alone: SHA-256 behind magic and checksum. Says nothing about whether they are a change.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(CHUNK_TYPE_AT..).unwrap_or_default()).into()
}

/// Checks bytes from outside before automerge merges them, and gives their hash.
///
/// # Errors
/// [`CrdtError`] says what is wrong with them.
pub fn admit(bytes: &[u8]) -> Result<[u8; 32], CrdtError> {
    let change = decode(bytes)?;
    let flat = change.operations.iter().all(|op| {
        op.obj == ObjectId::Root
            && !op.insert
            && matches!(&op.key, Key::Map(key) if key.len() <= 128)
            && match &op.action {
                OpType::Put(value) => of_scalar(value).is_some(),
                OpType::Delete => true,
                _ => false,
            }
    });
    if !flat {
        return Err(CrdtError::NotFlat);
    }
    change.hash.map(|hash| hash.0).ok_or(CrdtError::NotAChange)
}

/// The head of the hash, which automerge does not compare when it reads a lone change.
const CHECKSUM_AT: std::ops::Range<usize> = 4..8;
/// Magic, checksum, then the type of the chunk: 1 is a plain change, 2 a compressed one, which
/// automerge would unpack without a limit.
const CHUNK_TYPE_AT: usize = 8;
const PLAIN_CHANGE: u8 = 1;

fn decode(bytes: &[u8]) -> Result<ExpandedChange, CrdtError> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(CrdtError::TooLarge);
    }
    if bytes.get(CHUNK_TYPE_AT) != Some(&PLAIN_CHANGE) {
        return Err(CrdtError::NotAChange);
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        let change = Change::from_bytes(bytes.to_vec()).ok()?;
        let checked = change.raw_bytes() == bytes && bytes.get(CHECKSUM_AT) == change.hash().0.get(..4);
        checked.then(|| change.decode())
    }));
    decoded.ok().flatten().ok_or(CrdtError::NotAChange)
}

fn open(history: &[Vec<u8>]) -> Result<Automerge, CrdtError> {
    let changes: Result<Vec<Change>, CrdtError> =
        history.iter().map(|bytes| Change::from_bytes(bytes.clone()).map_err(|_| CrdtError::NotAChange)).collect();
    let changes = changes?;
    let mut document = Automerge::new();
    document.apply_changes(changes).map_err(|_| CrdtError::Merge)?;
    Ok(document)
}

/// A panic inside automerge concerns the one record whose history it reads.
fn guarded<T>(act: impl FnOnce() -> Result<T, CrdtError>) -> Result<T, CrdtError> {
    catch_unwind(AssertUnwindSafe(act)).unwrap_or(Err(CrdtError::Merge))
}

fn sets_of(change: &ExpandedChange) -> Fields {
    let mut fields = Fields::new();
    for op in &change.operations {
        if let Key::Map(key) = &op.key {
            let value = match &op.action {
                OpType::Put(value) => of_scalar(value),
                _ => Some(Value::Null),
            };
            if let Some(value) = value {
                fields.insert(key.to_string(), value);
            }
        }
    }
    fields
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(value) => ScalarValue::Boolean(*value),
        Value::Int(value) => ScalarValue::Int(*value),
        Value::Text(value) => ScalarValue::Str(value.as_str().into()),
    }
}

fn of_scalar(value: &ScalarValue) -> Option<Value> {
    match value {
        ScalarValue::Null => Some(Value::Null),
        ScalarValue::Boolean(value) => Some(Value::Bool(*value)),
        ScalarValue::Int(value) => Some(Value::Int(*value)),
        ScalarValue::Str(value) => Some(Value::Text(value.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn elder() -> Fields {
        Fields::from([("name".into(), text("王桂英")), ("living_alone".into(), Value::Bool(true)), ("number".into(), Value::Int(7))])
    }

    #[test]
    fn a_first_change_is_the_same_as_one_made_through_a_document() {
        let actor = ActorId::from([7; 16]);
        let direct = first_change(&actor, &elder(), 5);
        let through = next_change(&actor, &[], &elder(), 5).unwrap();
        assert_eq!(direct, through);
        assert_eq!(fields(&[direct.bytes]).unwrap(), elder());
    }

    #[test]
    fn what_is_cleared_is_gone() {
        let actor = ActorId::from([7; 16]);
        let first = first_change(&actor, &elder(), 5).bytes;
        let second = next_change(&actor, std::slice::from_ref(&first), &Fields::from([("number".into(), Value::Null)]), 6).unwrap().bytes;
        assert_eq!(touched(&second).unwrap(), Fields::from([("number".into(), Value::Null)]));
        assert!(!fields(&[first, second]).unwrap().contains_key("number"));
    }

    #[test]
    fn foreign_bytes_are_refused_by_kind() {
        let good = first_change(&ActorId::from([7; 16]), &elder(), 5);
        assert_eq!(admit(&good.bytes), Ok(good.hash));
        assert_eq!(hash_of(&good.bytes), good.hash);
        assert_eq!(admit(b""), Err(CrdtError::NotAChange));
        assert_eq!(admit(&vec![0; MAX_CHANGE_BYTES + 1]), Err(CrdtError::TooLarge));
        for cut in 0..good.bytes.len() {
            assert_eq!(admit(&good.bytes[..cut]), Err(CrdtError::NotAChange), "cut at {cut}");
        }
        for at in 0..good.bytes.len() {
            let mut flipped = good.bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(admit(&flipped), Err(CrdtError::NotAChange), "flip at {at}");
        }
        let mut two = good.bytes.clone();
        two.extend_from_slice(&good.bytes);
        assert!(admit(&two).is_err(), "two changes in one");
    }

    #[test]
    fn a_panic_is_that_of_one_record() {
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        assert_eq!(guarded::<()>(|| panic!("as inside automerge")), Err(CrdtError::Merge));
    }

    proptest! {
        #[test]
        fn any_order_and_repetition_gives_the_same_record(seed in any::<u64>(), edits in prop::collection::vec((0u8..3, 0u8..4, any::<i64>()), 1..12)) {
            // Three offices edit one record without seeing each other; then everybody hears all, in some order, some twice.
            let first = first_change(&ActorId::from([9; 16]), &elder(), 1).bytes;
            let mut offices = vec![vec![first.clone()]; 3];
            let mut all = vec![first];
            for (office, field, value) in edits {
                let history = &mut offices[usize::from(office)];
                let change = Fields::from([(format!("f{field}"), Value::Int(value))]);
                let change = next_change(&ActorId::from([office; 16]), history, &change, 2).unwrap().bytes;
                history.push(change.clone());
                all.push(change);
            }
            let expect = fields(&all).unwrap();
            let mut shuffled = all.clone();
            shuffled.extend(all.iter().step_by(2).cloned());
            let mut state = seed | 1;
            for i in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                shuffled.swap(i, (state >> 33) as usize % (i + 1));
            }
            prop_assert_eq!(fields(&shuffled).unwrap(), expect, "replay with seed {}", seed);
        }
    }
}
