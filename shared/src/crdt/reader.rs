//! Reads a change of a flat record from automerge's binary format, without automerge: what offices really write is one
//! root map, names, scalars and the operations that they replace, in a dozen columns. Stricter than automerge: all that
//! this takes, automerge reads as the same operations (a test and a fuzz door hold it to that); much that automerge would
//! take is refused here. Columns are run-length coded, seventy bytes may claim 2^60 operations: claims are counted first.

use super::CrdtError;
use super::bytes::{Bytes, Runs, rows};
use crate::schema::{FieldName, Value};
use automerge::ActorId;
use automerge::legacy::OpId;
use sha2::{Digest, Sha256};

/// The largest change that is taken from anywhere, in bytes.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// Most rows of a column: a record has some forty fields.
const MAX_ROWS: u64 = 4_096;
/// Longest name of a field, in bytes.
const MAX_KEY: usize = 128;
/// Highest operation that is counted; automerge's own counters end at 2^32.
const MAX_OP: u64 = 1 << 31;
const HASH: usize = 32;

const MAGIC: [u8; 4] = [0x85, 0x6F, 0x4A, 0x83];
/// The head of the hash, which automerge does not compare when it reads a lone change.
const CHECKSUM_AT: std::ops::Range<usize> = 4..8;
/// The type of the chunk: 1 is a plain change, 2 a compressed one, which automerge would unpack without a limit.
const CHUNK_TYPE_AT: usize = 8;
const PLAIN_CHANGE: u8 = 1;

/// What one operation does to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Op {
    pub key: FieldName,
    /// What it sets; none where it clears.
    pub value: Option<Value>,
    /// The operations that it replaces.
    pub pred: Vec<OpId>,
}

/// A change that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Names the change everywhere.
    pub hash: [u8; 32],
    pub(super) actor: ActorId,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) ops: Vec<Op>,
}

/// The hash of a change, from its bytes alone: SHA-256 behind magic and checksum. Says nothing about whether they are a change.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes.get(CHUNK_TYPE_AT..).unwrap_or_default()).into()
}

/// Reads bytes, from outside or from a store, and checks that they are one change that we take.
///
/// # Errors
/// [`CrdtError`] says what is wrong with them.
pub fn decode(bytes: &[u8]) -> Result<Decoded, CrdtError> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(CrdtError::TooLarge);
    }
    let hash = hash_of(bytes);
    let is_change = bytes.starts_with(&MAGIC) && bytes.get(CHUNK_TYPE_AT) == Some(&PLAIN_CHANGE);
    if !is_change || bytes.get(CHECKSUM_AT) != hash.get(..4) {
        return Err(CrdtError::NotAChange);
    }
    let mut rest = Bytes(bytes.get(CHUNK_TYPE_AT + 1..).unwrap_or_default());
    let body = rest.counted()?;
    if !rest.is_empty() {
        return Err(CrdtError::NotAChange);
    }
    read(hash, Bytes(body))
}

fn read(hash: [u8; 32], mut rest: Bytes<'_>) -> Result<Decoded, CrdtError> {
    let dependencies = rest.number()?.checked_mul(HASH as u64).ok_or(CrdtError::NotAChange)?;
    let (deps, []) = rest.take(dependencies)?.as_chunks::<HASH>() else { return Err(CrdtError::NotAChange) };
    let actor = ActorId::from(rest.counted()?);
    let (seq, start_op) = (rest.number()?, rest.number()?);
    // Who builds on nothing has made nothing yet; such a change would stand alone and never merge with another.
    if start_op == 0 || start_op > MAX_OP || seq == 0 || (deps.is_empty() && (seq, start_op) != (1, 1)) {
        return Err(CrdtError::NotAChange);
    }
    let time = rest.signed()?;
    if !rest.counted()?.is_empty() {
        return Err(CrdtError::NotFlat);
    }
    let others = rest.number()?;
    let mut actors = vec![actor];
    for _ in 0..others {
        actors.push(ActorId::from(rest.counted()?));
    }
    let columns = Columns::take(&mut rest)?;
    if !rest.is_empty() {
        return Err(CrdtError::NotFlat);
    }
    let ops = columns.ops(&actors, start_op)?;
    let actor = actors.swap_remove(0);
    Ok(Decoded { hash, actor, seq, start_op, time, deps: deps.to_vec(), ops })
}

/// The columns that a flat record has.
#[derive(Default)]
struct Columns<'a> {
    key: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
}

const DEFLATED: u64 = 0b1000;
const PUT: u64 = 1;
const DELETE: u64 = 3;

impl<'a> Columns<'a> {
    /// The list of columns, each with its length, and behind it what is in them.
    fn take(rest: &mut Bytes<'a>) -> Result<Self, CrdtError> {
        let count = rest.number()?;
        let mut list = *rest;
        for _ in 0..count {
            rest.number()?;
            rest.number()?;
        }
        let (mut columns, mut last) = (Self::default(), None);
        for _ in 0..count {
            let (specification, length) = (list.number()?, list.number()?);
            if specification & DEFLATED != 0 || last.replace(specification) >= Some(specification) {
                return Err(CrdtError::NotAChange);
            }
            *columns.column(specification)? = rest.take(length)?;
        }
        Ok(columns)
    }

    /// A column by its number and type, as automerge counts them: others belong to lists, texts and marks.
    fn column(&mut self, specification: u64) -> Result<&mut &'a [u8], CrdtError> {
        Ok(match specification {
            0x15 => &mut self.key,
            0x34 => &mut self.insert,
            0x42 => &mut self.action,
            0x56 => &mut self.value_meta,
            0x57 => &mut self.value,
            0x70 => &mut self.pred_count,
            0x71 => &mut self.pred_actor,
            0x73 => &mut self.pred_counter,
            _ => return Err(CrdtError::NotFlat),
        })
    }

    /// How many operations there are; as many rows are read of every other column, and there must be no more.
    fn count(&self) -> Result<u64, CrdtError> {
        let count = rows::<u64>(self.action, MAX_ROWS)?;
        // None of them goes in between others: one run of no.
        let mut insert = Bytes(self.insert);
        let not_inserted = if insert.is_empty() { 0 } else { insert.number()? };
        if not_inserted > MAX_ROWS {
            return Err(CrdtError::TooLarge);
        }
        if !insert.is_empty() || not_inserted != count {
            return Err(CrdtError::NotFlat);
        }
        Ok(count)
    }

    fn ops(&self, actors: &[ActorId], start_op: u64) -> Result<Vec<Op>, CrdtError> {
        let count = self.count()?;
        let (mut keys, mut actions, mut metas) =
            (Runs::<&str>::of(self.key), Runs::<u64>::of(self.action), Runs::<u64>::of(self.value_meta));
        let mut values = Bytes(self.value);
        let mut preds = Preds {
            counts: Runs::of(self.pred_count),
            actors: Runs::of(self.pred_actor),
            counters: Runs::of(self.pred_counter),
            counter: 0,
            listed: 0,
        };
        let mut ops: Vec<Op> = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        let mut in_order = true;
        for _ in 0..count {
            let (key, action) = (keys.next()?, actions.next()?);
            let value = value(metas.next()?, &mut values)?;
            let value = match (action, value) {
                (PUT, value) => Some(value),
                (DELETE, Value::Null) => None,
                _ => return Err(CrdtError::NotFlat),
            };
            if key.len() > MAX_KEY {
                return Err(CrdtError::NotFlat);
            }
            in_order &= ops.last().is_none_or(|last| last.key.as_str() < key);
            ops.push(Op { key: key.into(), value, pred: preds.next(actors, start_op)? });
        }
        if !(keys.is_over() && metas.is_over() && values.is_empty() && preds.are_over()) {
            return Err(CrdtError::NotFlat);
        }
        // Twice the same field in one change would be a conflict with itself, in some thirty bytes thousands of times.
        if in_order || all_differ(&ops) { Ok(ops) } else { Err(CrdtError::NotFlat) }
    }
}

fn all_differ(ops: &[Op]) -> bool {
    let mut keys: Vec<&str> = ops.iter().map(|op| op.key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).all(|pair| pair[0] != pair[1])
}

/// A value by its type (the low four bits) and length.
fn value(meta: u64, values: &mut Bytes<'_>) -> Result<Value, CrdtError> {
    let mut bytes = Bytes(values.take(meta >> 4)?);
    let value = match meta & 0b1111 {
        0 if meta == 0 => Value::Null,
        1 if meta == 1 => Value::Bool(false),
        2 if meta == 2 => Value::Bool(true),
        4 => {
            let value = Value::Int(bytes.signed()?);
            return if bytes.is_empty() { Ok(value) } else { Err(CrdtError::NotAChange) };
        }
        6 => Value::Text(std::str::from_utf8(bytes.0).map_err(|_| CrdtError::NotAChange)?.into()),
        7 => Value::Bytes(bytes.0.to_vec()),
        _ => return Err(CrdtError::NotFlat),
    };
    Ok(value)
}

/// The operations that each operation replaces.
struct Preds<'a> {
    counts: Runs<'a, u64>,
    actors: Runs<'a, u64>,
    counters: Runs<'a, i64>,
    counter: i64,
    listed: u64,
}

impl Preds<'_> {
    fn next(&mut self, actors: &[ActorId], start_op: u64) -> Result<Vec<OpId>, CrdtError> {
        let count = self.counts.next()?;
        self.listed = self.listed.checked_add(count).filter(|listed| *listed <= MAX_ROWS).ok_or(CrdtError::TooLarge)?;
        let mut pred = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        for _ in 0..count {
            let actor = usize::try_from(self.actors.next()?).ok().and_then(|actor| actors.get(actor)).ok_or(CrdtError::NotAChange)?;
            self.counter = self.counter.checked_add(self.counters.next()?).ok_or(CrdtError::NotAChange)?;
            // It was there before.
            let counter = u64::try_from(self.counter).ok().filter(|counter| (1..start_op).contains(counter));
            pred.push(OpId(counter.ok_or(CrdtError::NotAChange)?, actor.clone()));
        }
        Ok(pred)
    }

    fn are_over(&self) -> bool {
        self.counts.is_over() && self.actors.is_over() && self.counters.is_over()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{first_change, next_change};
    use super::*;
    use crate::schema::Fields;
    use automerge::legacy::{Key, ObjectId, OpType};
    use automerge::{Change, ScalarValue};
    use proptest::prelude::*;

    /// What automerge reads, where it is of a flat record.
    fn by_automerge(bytes: &[u8]) -> Option<Decoded> {
        let change = Change::from_bytes(bytes.to_vec()).ok()?;
        assert_eq!(change.raw_bytes(), bytes);
        let (hash, change) = (change.hash().0, change.decode());
        let ops = change.operations.iter().map(|op| {
            let Key::Map(key) = &op.key else { return None };
            let value = match &op.action {
                OpType::Delete => None,
                OpType::Put(ScalarValue::Null) => Some(Value::Null),
                OpType::Put(ScalarValue::Boolean(value)) => Some(Value::Bool(*value)),
                OpType::Put(ScalarValue::Int(value)) => Some(Value::Int(*value)),
                OpType::Put(ScalarValue::Str(value)) => Some(Value::Text(value.clone())),
                OpType::Put(ScalarValue::Bytes(value)) => Some(Value::Bytes(value.clone())),
                _ => return None,
            };
            let flat = op.obj == ObjectId::Root && !op.insert;
            flat.then(|| Op { key: key.clone(), value, pred: op.pred.iter().cloned().collect() })
        });
        let mut ops: Vec<Op> = ops.collect::<Option<_>>()?;
        ops.iter_mut().for_each(|op| op.pred.sort());
        let deps = change.deps.iter().map(|hash| hash.0).collect();
        let (actor, start_op) = (change.actor_id, change.start_op.get());
        Some(Decoded { hash, actor, seq: change.seq, start_op, time: change.time, deps, ops })
    }

    /// The same body under the right length and checksum.
    fn chunk(body: &[u8]) -> Vec<u8> {
        let (mut behind, mut length) = (vec![PLAIN_CHANGE], body.len());
        while length > 0x7F {
            behind.push(u8::try_from(length & 0x7F).unwrap() | 0x80);
            length >>= 7;
        }
        behind.push(u8::try_from(length).unwrap());
        behind.extend(body);
        let checksum = Sha256::digest(&behind);
        [&MAGIC, &checksum[..4], &behind].concat()
    }

    fn same(bytes: &[u8]) -> bool {
        let Ok(mut ours) = decode(bytes) else { return false };
        ours.ops.iter_mut().for_each(|op| op.pred.sort());
        assert_eq!(Some(ours), by_automerge(bytes), "{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        true
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[a-c甲]{0,3}", "[0-9]{30}", "x{130}"].prop_map(|text| Value::Text(text.into()));
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            text,
            Just(Value::Bytes(vec![7; 40]))
        ]
    }

    fn edit() -> impl Strategy<Value = Fields> {
        prop::collection::vec(("f[0-5]|[a-z]{24,60}", value()), 1..8)
            .prop_map(|values| values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    proptest! {
        #[test]
        fn what_offices_write_is_read_as_automerge_reads_it(
            first in edit(),
            edits in prop::collection::vec((0u8..3, edit(), any::<i64>()), 0..6),
            bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 0..4),
        ) {
            // Three offices write apart, and the last one over all of it: several authors, and values that stand side by side.
            let first = first_change(&ActorId::from([9; 16]), &first, -1).bytes;
            let (mut offices, mut all) = (vec![vec![first.clone()]; 3], vec![first]);
            for (office, edit, at) in edits {
                if let Ok(made) = next_change(&ActorId::from([office; 16]), &offices[usize::from(office)], &edit, at) {
                    offices[usize::from(office)].push(made.bytes.clone());
                    all.push(made.bytes);
                }
            }
            let over = (0..6).map(|n| (format!("f{n}").into(), if n % 2 == 0 { Value::Null } else { Value::Int(n) })).collect();
            all.extend(next_change(&ActorId::from([5; 16]), &all, &over, 0).map(|made| made.bytes));
            for bytes in &all {
                prop_assert!(same(bytes), "it is refused");
            }
            // Bent bodies are refused, or read as automerge reads them.
            for bytes in &all {
                let head = if bytes.len() - 10 > 0x7F { 11 } else { 10 };
                let mut body = bytes[head..].to_vec();
                for (at, byte, how) in &bends {
                    let at = at.index(body.len());
                    match how {
                        0 => body[at] = *byte,
                        1 => body[at] = body[at].wrapping_add(1),
                        2 => body.insert(at, *byte),
                        _ => drop(body.remove(at)),
                    }
                }
                same(&chunk(&body));
            }
        }
    }
}
