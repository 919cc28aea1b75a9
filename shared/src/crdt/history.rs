//! The changes of one record and what they come to: for every field the values that no later change
//! replaced. More than one value standing is a conflict; the greatest operation is shown until a person
//! decides, as automerge does it. A test holds this to automerge's documents.

use super::{CrdtError, Decoded, RecordChange, blank, decode, encode, op, scalar};
use crate::schema::{FieldName, Fields, Value};
use automerge::legacy::{Op, OpId, OpType, SortedVec};
use automerge::{ActorId, ChangeHash, ExpandedChange};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZeroU64;

/// What stands in a field, and who said it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The value; `Null` for an empty one.
    pub value: Value,
    /// The author of the change.
    pub actor: ActorId,
    /// When, in seconds since 1970, by the author's clock.
    pub at: i64,
    id: OpId,
}

impl Version {
    /// Names what was said, everywhere alike.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.id.0, self.actor)
    }

    /// The number of the device that said it: it opens the author.
    #[must_use]
    pub fn device(&self) -> u32 {
        self.actor.to_bytes().first_chunk().map_or(0, |number| u32::from_be_bytes(*number))
    }
}

/// The changes of one record, merged.
#[derive(Clone, Debug, Default)]
pub struct History {
    known: BTreeSet<[u8; 32]>,
    heads: BTreeSet<[u8; 32]>,
    waiting: Vec<Decoded>,
    authored: HashMap<(ActorId, u64), [u8; 32]>,
    last_op: u64,
    forked: bool,
    standing: BTreeMap<FieldName, Vec<Version>>,
    /// Operations that a change replaced before they came.
    replaced: HashSet<OpId>,
}

impl History {
    /// The history of these changes, in whatever order and however often they stand there.
    ///
    /// # Errors
    /// [`CrdtError`] when some bytes are no change, or they do not go together.
    pub fn of<B: AsRef<[u8]>>(changes: &[B]) -> Result<Self, CrdtError> {
        let mut history = Self::default();
        for bytes in changes {
            history.add(&decode(bytes.as_ref())?)?;
        }
        Ok(history)
    }

    /// Adds a change; one that is known already does nothing. One whose dependencies have not come waits.
    ///
    /// # Errors
    /// [`CrdtError::Merge`] when its author said something else at the same place; then nothing was added.
    pub fn add(&mut self, decoded: &Decoded) -> Result<(), CrdtError> {
        let place = (decoded.actor.clone(), decoded.seq);
        match self.authored.get(&place) {
            Some(hash) if *hash == decoded.hash => return Ok(()),
            Some(_) => return Err(CrdtError::Merge),
            None => self.authored.insert(place, decoded.hash),
        };
        if !self.ready(decoded) {
            self.waiting.push(decoded.clone());
            return Ok(());
        }
        self.apply(decoded);
        while let Some(at) = self.waiting.iter().position(|waits| self.ready(waits)) {
            let next = self.waiting.swap_remove(at);
            self.apply(&next);
        }
        Ok(())
    }

    fn ready(&self, decoded: &Decoded) -> bool {
        decoded.deps.iter().all(|hash| self.known.contains(hash))
    }

    fn apply(&mut self, decoded: &Decoded) {
        for hash in &decoded.deps {
            self.heads.remove(hash);
        }
        self.forked |= !self.heads.is_empty();
        self.known.insert(decoded.hash);
        self.heads.insert(decoded.hash);
        for (counter, op) in (decoded.start_op..).zip(&decoded.ops) {
            self.last_op = self.last_op.max(counter);
            if !op.pred.is_empty()
                && let Some(standing) = self.standing.get_mut(&op.key)
            {
                standing.retain(|version| !op.pred.contains(&version.id));
            }
            self.replaced.extend(op.pred.iter().cloned());
            let id = OpId(counter, decoded.actor.clone());
            if let Some(value) = &op.value
                && !self.replaced.contains(&id)
            {
                let version = Version { value: value.clone(), actor: decoded.actor.clone(), at: decoded.time, id };
                self.standing.entry(op.key.clone()).or_default().push(version);
            }
        }
    }

    /// The record as it stands.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let values = self.standing.iter().filter_map(|(key, standing)| Some((key.clone(), winner(standing)?.value.clone())));
        values.filter(|(_, value)| *value != Value::Null).collect()
    }

    /// The fields in which different values stand, each said without knowing of the other: the one that is shown first.
    #[must_use]
    pub fn conflicts(&self) -> BTreeMap<FieldName, Vec<Version>> {
        let differ = |standing: &&Vec<Version>| standing.iter().any(|version| version.value != standing[0].value);
        let of_field = |(key, standing): (&FieldName, &Vec<Version>)| {
            let mut versions = standing.clone();
            versions.sort_by(|one, other| other.id.cmp(&one.id));
            (key.clone(), versions)
        };
        self.standing.iter().filter(|(_, standing)| differ(standing)).map(of_field).collect()
    }

    /// Whether two of the changes were ever made without knowing of each other; where not, no field has or had a conflict.
    #[must_use]
    pub fn forked(&self) -> bool {
        self.forked
    }

    /// What stands in another field by the same change as `said`.
    #[must_use]
    pub fn beside(&self, version: &Version, key: &str) -> Option<&Value> {
        let standing = self.standing.get(key)?;
        standing.iter().find(|other| other.actor == version.actor && other.at == version.at).map(|other| &other.value)
    }

    /// A change on top: sets `changes` (a `Null` clears). It decides every conflict in the fields that it sets.
    ///
    /// # Errors
    /// [`CrdtError::Unchanged`] when every value stands already.
    pub fn next(&self, actor: &ActorId, changes: &Fields, time: i64) -> Result<RecordChange, CrdtError> {
        let mut operations = Vec::new();
        for (key, value) in changes {
            let standing = self.standing.get(key).map_or(&[][..], Vec::as_slice);
            let all = || standing.iter().map(|version| version.id.clone()).collect::<SortedVec<OpId>>();
            operations.extend(match (value, winner(standing)) {
                (Value::Null, None) => None,
                (Value::Null, Some(_)) => Some(op(key, OpType::Delete, all())),
                (value, Some(won)) if won.value == *value && standing.len() == 1 => None,
                (value, Some(won)) if won.value == *value => {
                    let lost = standing.iter().filter(|version| version.id != won.id).map(|version| version.id.clone()).collect();
                    Some(op(key, OpType::Delete, lost))
                }
                (value, _) => Some(op(key, OpType::Put(scalar(value)), all())),
            });
        }
        self.change(actor, operations, time)
    }

    /// A change on top that says every value anew, also one that stands: who says something else at the same time
    /// disagrees with it, where [`History::next`] would only have taken the other values away.
    ///
    /// # Errors
    /// [`CrdtError::Unchanged`] when nothing stands that could be cleared.
    pub fn say(&self, actor: &ActorId, changes: &Fields, time: i64) -> Result<RecordChange, CrdtError> {
        let mut operations = Vec::new();
        for (key, value) in changes {
            let standing = self.standing.get(key).map_or(&[][..], Vec::as_slice);
            let all = standing.iter().map(|version| version.id.clone()).collect::<SortedVec<OpId>>();
            match value {
                Value::Null if standing.is_empty() => {}
                Value::Null => operations.push(op(key, OpType::Delete, all)),
                value => operations.push(op(key, OpType::Put(scalar(value)), all)),
            }
        }
        self.change(actor, operations, time)
    }

    fn change(&self, actor: &ActorId, operations: Vec<Op>, time: i64) -> Result<RecordChange, CrdtError> {
        if operations.is_empty() {
            return Err(CrdtError::Unchanged);
        }
        // As automerge does it, a change names its author's last one even where others have built on that.
        let own = self.authored.iter().filter(|((author, _), _)| author == actor).max_by_key(|((_, seq), _)| *seq);
        let seq = own.map_or(0, |((_, seq), _)| *seq) + 1;
        let deps: BTreeSet<[u8; 32]> = self.heads.iter().chain(own.map(|(_, hash)| hash)).copied().collect();
        Ok(encode(ExpandedChange {
            actor_id: actor.clone(),
            seq,
            start_op: NonZeroU64::MIN.saturating_add(self.last_op),
            time,
            deps: deps.into_iter().map(ChangeHash).collect(),
            operations,
            ..blank()
        }))
    }
}

fn winner(standing: &[Version]) -> Option<&Version> {
    standing.iter().max_by(|one, other| one.id.cmp(&other.id))
}

#[cfg(test)]
mod tests {
    use super::super::{fields, first_change, next_change};
    use super::*;
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{Automerge, Change, ROOT, ReadDoc, ScalarValue};
    use proptest::prelude::*;

    /// What automerge itself makes of changes: the fields, and how many values stand in each.
    fn by_document(changes: &[Vec<u8>]) -> (Automerge, Fields, BTreeMap<FieldName, usize>) {
        let mut document = Automerge::new();
        document.apply_changes(changes.iter().map(|bytes| Change::from_bytes(bytes.clone()).unwrap())).unwrap();
        let (mut fields, mut counts) = (Fields::new(), BTreeMap::new());
        for key in document.keys(ROOT) {
            let (value, _) = document.get(ROOT, key.as_str()).unwrap().unwrap();
            fields.insert(key.as_str(), of_scalar(value.as_scalar().unwrap()));
            counts.insert(key.as_str().into(), document.get_all(ROOT, key.as_str()).unwrap().len());
        }
        fields.retain(|_, value| *value != Value::Null);
        (document, fields, counts)
    }

    fn of_scalar(value: &ScalarValue) -> Value {
        match value {
            ScalarValue::Null => Value::Null,
            ScalarValue::Boolean(value) => Value::Bool(*value),
            ScalarValue::Int(value) => Value::Int(*value),
            ScalarValue::Str(value) => Value::Text(value.clone()),
            other => panic!("{other:?} is in no record"),
        }
    }

    fn next_by_document(actor: &ActorId, changes: &[Vec<u8>], edit: &Fields, time: i64) -> Option<Vec<u8>> {
        let (mut document, _, _) = by_document(changes);
        document.set_actor(actor.clone());
        let mut transaction = document.transaction();
        for (key, value) in edit {
            match value {
                Value::Null => transaction.delete(ROOT, key.as_str()).unwrap(),
                value => transaction.put(ROOT, key.as_str(), scalar(value)).unwrap(),
            }
        }
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(time));
        Some(document.get_change_by_hash(&hash?)?.raw_bytes().to_vec())
    }

    fn shuffled(changes: &[Vec<u8>], seed: u64) -> Vec<Vec<u8>> {
        let mut shuffled = changes.to_vec();
        shuffled.extend(changes.iter().step_by(2).cloned());
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        shuffled
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (0i64..3).prop_map(Value::Int),
            "[a-c甲]{0,2}".prop_map(|text| Value::Text(text.into()))
        ]
    }

    proptest! {
        #[test]
        fn merging_operations_is_what_documents_do(
            seed in any::<u64>(),
            edits in prop::collection::vec((0u8..3, prop::collection::btree_map("f[0-3]", value(), 1..3), any::<bool>()), 1..14),
        ) {
            // Three offices edit one record; now and then one hears all that the others have.
            let start = Fields::from([("f0".into(), Value::Int(1)), ("f9".into(), Value::Bool(true))]);
            let first = first_change(&ActorId::from([9; 16]), &start, 1).bytes;
            prop_assert_eq!(Some(first.clone()), next_by_document(&ActorId::from([9; 16]), &[], &start, 1));
            let (mut offices, mut all) = (vec![vec![first.clone()]; 3], vec![first]);
            for (office, edit, hears) in edits {
                if hears {
                    offices[usize::from(office)] = all.clone();
                }
                let edit: Fields = edit.into_iter().map(|(name, value)| (name.into(), value)).collect();
                let history = &mut offices[usize::from(office)];
                let actor = ActorId::from([office; 16]);
                let ours = next_change(&actor, history, &edit, 2).map(|made| made.bytes).ok();
                prop_assert_eq!(&ours, &next_by_document(&actor, history, &edit, 2));
                if let Some(bytes) = ours {
                    prop_assert!(decode(&bytes).is_ok());
                    history.push(bytes.clone());
                    all.push(bytes);
                }
            }
            let (_, expect, counts) = by_document(&all);
            let merged = History::of(&shuffled(&all, seed)).unwrap();
            prop_assert_eq!(merged.fields(), expect, "replay with seed {}", seed);
            let ours: BTreeMap<FieldName, usize> =
                merged.standing.iter().filter(|(_, standing)| !standing.is_empty()).map(|(key, standing)| (key.clone(), standing.len())).collect();
            prop_assert_eq!(ours, counts);
            let shown = merged.fields();
            for (key, versions) in merged.conflicts() {
                prop_assert_eq!(shown.get(&key).unwrap_or(&Value::Null), &versions[0].value);
                prop_assert!(merged.forked());
            }
        }

        #[test]
        fn part_of_a_history_waits_for_what_it_builds_on(edits in 2usize..8, left_out in any::<prop::sample::Index>()) {
            let actor = ActorId::from([7; 16]);
            let mut all = vec![first_change(&actor, &Fields::from([("n".into(), Value::Int(0))]), 1).bytes];
            for n in 1..edits {
                let edit = Fields::from([("n".into(), Value::Int(i64::try_from(n).unwrap()))]);
                all.push(next_change(&actor, &all, &edit, 2).unwrap().bytes);
            }
            let gap = left_out.index(edits);
            let mut held = all.clone();
            let missing = held.remove(gap);
            let stands = (gap > 0).then(|| Value::Int(i64::try_from(gap).unwrap() - 1));
            prop_assert_eq!(fields(&held).unwrap().remove("n"), stands);
            held.push(missing);
            prop_assert_eq!(fields(&held).unwrap(), fields(&all).unwrap());
        }
    }

    #[test]
    fn two_offices_in_one_field_is_a_conflict_that_a_person_decides() {
        let first = first_change(&ActorId::from([9; 16]), &Fields::from([("phone".into(), Value::Text("1".into()))]), 1).bytes;
        let edit = |office: u8, value: &str, at| {
            let changes = Fields::from([("phone".into(), Value::Text(value.into()))]);
            next_change(&ActorId::from([office; 16]), std::slice::from_ref(&first), &changes, at).unwrap().bytes
        };
        let mut all = vec![first.clone(), edit(1, "2", 20), edit(2, "3", 10)];
        let history = History::of(&all).unwrap();
        let conflicts = history.conflicts();
        let version: Vec<_> = conflicts["phone"].iter().map(|version| (version.value.clone(), version.at, version.actor.clone())).collect();
        let text = |value: &str| Value::Text(value.into());
        assert_eq!(version, [(text("3"), 10, ActorId::from([2; 16])), (text("2"), 20, ActorId::from([1; 16]))]);
        // Keeping the value that is shown decides as well.
        for decision in ["3", "2", "4"] {
            let decided = history.next(&ActorId::from([5; 16]), &Fields::from([("phone".into(), text(decision))]), 30).unwrap();
            all.push(decided.bytes);
            let history = History::of(&all).unwrap();
            assert_eq!((history.conflicts().len(), history.fields()["phone"].clone()), (0, text(decision)));
            all.pop();
        }
        // Said anew, a decision disagrees with another one.
        let version = |office: u8, value: &str| {
            let changes = Fields::from([("phone".into(), text(value))]);
            let made = history.say(&ActorId::from([office; 16]), &changes, 30).unwrap().bytes;
            assert!(decode(&made).is_ok());
            made
        };
        let apart = [&all[..], &[version(5, "3"), version(6, "2")]].concat();
        let (_, shown, counts) = by_document(&apart);
        let decided = History::of(&apart).unwrap();
        assert_eq!((decided.conflicts()["phone"].len(), counts["phone"], &decided.fields()), (2, 2, &shown));
        // The same value said twice is none.
        let agreed = History::of(&[first.clone(), edit(1, "2", 20), edit(2, "2", 10)]).unwrap();
        assert!(agreed.conflicts().is_empty());
        // One after the other is no fork.
        let straight = History::of(&[all[1].clone(), first]).unwrap();
        assert!(agreed.forked() && history.forked() && !straight.forked());
    }

    #[test]
    fn an_author_says_one_thing_at_one_place() {
        let actor = ActorId::from([7; 16]);
        let one = first_change(&actor, &Fields::from([("a".into(), Value::Int(1))]), 1).bytes;
        let other = first_change(&actor, &Fields::from([("a".into(), Value::Int(2))]), 1).bytes;
        assert_eq!(fields(&[one, other]), Err(CrdtError::Merge));
    }
}
