//! What holds for every kind, over the registry and with values from a seed, which is printed: a kind that is added is in here
//! without another line.

use super::arbitrary::Seeded;
use super::{Column, Fields, IdFrom, KindId, Language, OnConflict, RecordId, Unnamed, Value, in_words, masked, title};
use crate::conflict::conflicts;
use crate::crdt::{ActorId, History, first_change, next_change};
use crate::crypto::{SecretKey, SoftProvider};
use crate::kinds::RecordKind;
use crate::seal::{RecordKeys, keeps_sealed, key_owner};
use crate::timeline::{LoggedChange, timeline};
use proptest::prelude::*;

const BOTH: [Language; 2] = [Language::Zh, Language::En];

fn with_rows() -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.iter().copied().filter(|kind| kind.has_row())
}

fn actor(office: u8) -> ActorId {
    ActorId::from([0, 0, 0, office, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])
}

fn id() -> RecordId {
    RecordId(uuid::Uuid::from_bytes([7; 16]))
}

proptest! {
    #[test]
    fn values_fit_their_fields_and_go_through_changes_and_back(seed: u64) {
        let mut seeded = Seeded(seed);
        for kind in with_rows() {
            let fields = seeded.record(kind, "C001", "445381001");
            for field in kind.fields {
                prop_assert!(field.fits(fields.get(field.name).unwrap_or(&Value::Null)), "{kind:?}.{} of seed {seed}", field.name);
            }
            let first = first_change(&actor(1), &fields, 5).bytes;
            prop_assert_eq!(crate::crdt::fields(std::slice::from_ref(&first)), Ok(fields.clone()));
            // Three offices edit apart; whoever hears of it in whatever order has the same.
            let mut all = vec![first.clone()];
            for office in 2..5 {
                let mut edit = Fields::new();
                for field in kind.fields.iter().filter(|field| field.ty.column() != Column::Set) {
                    if seeded.below(2) == 0 {
                        edit.insert(field.name, seeded.value(field));
                    }
                }
                all.extend(next_change(&actor(office), std::slice::from_ref(&first), &edit, 6).map(|made| made.bytes));
            }
            let merged = History::of(&all).unwrap();
            let mut again = all.clone();
            again.reverse();
            again.extend(all.clone());
            let other = History::of(&again).unwrap();
            prop_assert_eq!(merged.fields(), other.fields(), "{:?} of seed {}", kind, seed);
            let names = |history: &History| conflicts(kind, history).iter().map(|conflict| (conflict.field.name, conflict.stands())).collect::<Vec<_>>();
            prop_assert_eq!(names(&merged), names(&other));
        }
    }

    #[test]
    fn nothing_sealed_is_in_what_leaves_a_desk(seed: u64) {
        let (mut seeded, crypto) = (Seeded(seed), SoftProvider::new());
        let mut keys = RecordKeys::default();
        keys.add(&crypto, SecretKey::draw(&crypto));
        for kind in with_rows() {
            let fields = seeded.record(kind, "C001", "445381001");
            let owner = key_owner(kind, id(), &fields);
            prop_assert!(owner.is_some(), "{kind:?} has somebody under whose key it is sealed");
            let sealed = keys.seal(&crypto, kind, id(), &fields).unwrap();
            prop_assert!(keeps_sealed(kind, &sealed) && (keeps_sealed(kind, &fields) || kind.sealed().next().is_some()));
            let bytes = first_change(&actor(1), &sealed, 5).bytes;
            for field in kind.sealed() {
                let Some(Value::Text(plain)) = fields.get(field.name).filter(|value| matches!(value, Value::Text(text) if text.len() > 5)) else { continue };
                let there = bytes.windows(plain.len()).any(|window| window == plain.as_bytes());
                prop_assert!(!there, "{kind:?}.{} of seed {seed}", field.name);
            }
            prop_assert_eq!(keys.open(&crypto, kind, id(), sealed), fields);
        }
    }

    #[test]
    fn every_value_has_words_in_both_languages_and_masks_hide_what_is_sealed(seed: u64) {
        let mut seeded = Seeded(seed);
        for kind in with_rows() {
            let fields = seeded.record(kind, "C001", "445381001");
            for language in BOTH {
                prop_assert!(title(&kind, kind.title, &fields, language, &Unnamed).starts_with(kind.title.of(language)));
                for field in kind.fields.iter().filter(|field| field.ty.column() != Column::Set) {
                    let value = seeded.value(field);
                    prop_assert!(!in_words(field, &value, language, &Unnamed).is_empty());
                    if let (true, Value::Text(text)) = (field.is_sealed(), &value) {
                        prop_assert!(masked(field, &value, language, &Unnamed) != text.as_str(), "{kind:?}.{} shows {text}", field.name);
                    }
                }
            }
        }
    }
}

/// Two values of a field that differ.
fn apart(seeded: &mut Seeded, field: &super::Field) -> Option<(Value, Value)> {
    let one = seeded.value(field);
    (0..50).map(|_| seeded.value(field)).find(|other| *other != one).map(|other| (one, other))
}

#[test]
fn what_two_offices_say_apart_is_asked_of_people_as_declared_and_told_in_both_languages() {
    let mut seeded = Seeded(20_261_127);
    for kind in with_rows() {
        let first = first_change(&actor(1), &Fields::from([("founded".into(), Value::Bool(true))]), 5).bytes;
        for field in kind.fields.iter().filter(|field| field.ty.column() != Column::Set) {
            let Some((one, other)) = apart(&mut seeded, field) else { continue };
            let edit = |office, value: Value| {
                let mut edit = Fields::from([(field.name.into(), value)]);
                // What has a meaning only beside another value is said beside it.
                edit.extend(field.only_with.map(|(with, code)| (with.into(), Value::Text(code.into()))));
                next_change(&actor(office), std::slice::from_ref(&first), &edit, 6 + i64::from(office)).unwrap().bytes
            };
            let all = [first.clone(), edit(2, one), edit(3, other)];
            let asked: Vec<&str> = conflicts(kind, &History::of(&all).unwrap()).iter().map(|conflict| conflict.field.name).collect();
            let declared = kind.is_asked() && field.on_conflict == OnConflict::Asked;
            assert_eq!(asked.contains(&field.name), declared, "{kind:?}.{}", field.name);
            let logged = all.each_ref().map(|bytes| LoggedChange { kind, bytes, unsent: false });
            for language in BOTH {
                let told = timeline(&logged, language, &Unnamed).unwrap();
                let told: Vec<String> = told.into_iter().flat_map(|entry| entry.words).collect();
                assert_eq!(
                    told.iter().any(|words| words.starts_with(field.label.of(language))),
                    !field.silent,
                    "{kind:?}.{}: {told:?}",
                    field.name
                );
            }
        }
    }
}

#[test]
fn a_kind_is_told_from_every_other_and_from_itself_without_one_of_its_fields() {
    let digests: std::collections::BTreeSet<String> = RecordKind::ALL.iter().map(|kind| kind.digest()).collect();
    assert_eq!(digests.len(), RecordKind::ALL.len());
    for kind in RecordKind::ALL {
        assert_eq!(KindId::of_code(kind.code()), Some(KindId::Known(*kind)));
        assert!(!matches!(kind.id, IdFrom::Kind(owner) if owner == *kind));
    }
}
