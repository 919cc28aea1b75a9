//! Changes that claim more than they hold are refused before anybody works out what they say; what offices really write is not.

use anyhow::{Result, ensure};
use proptest::prelude::*;
use shared::crdt::{self, ActorId, CrdtError};
use shared::schema::{Fields, Value};
use tests::hostile::{change, leb, repeated, signed};

fn run(times: i64, value: &[u8]) -> Vec<u8> {
    [&signed(times)[..], value].concat()
}

/// Columns that set one field, `times` over.
fn columns(times: i64, key: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let key = [&leb(key.len() as u64)[..], key].concat();
    vec![
        (0x15, run(times, &key)),
        (0x34, leb(times.unsigned_abs())),
        (0x42, run(times, &[1])),
        (0x56, run(times, &[0])),
        (0x70, run(times, &[0])),
    ]
}

#[test]
fn f29_claims_are_refused_before_they_are_worked_out() -> Result<()> {
    for times in [4_097, 1 << 20, 1 << 40, i64::MAX] {
        ensure!(crdt::decode(&repeated(times)) == Err(CrdtError::TooLarge), "{times} operations in {} bytes", repeated(times).len());
    }
    ensure!(crdt::decode(&repeated(2)) == Err(CrdtError::NotFlat), "one field twice");
    ensure!(crdt::decode(&change(1, 1, &[], &columns(1, b"name"))).is_ok());
    ensure!(crdt::decode(&change(1, 1, &[], &columns(1, &[b'a'; 128]))).is_ok());
    ensure!(crdt::decode(&change(1, 1, &[], &columns(1, &[b'a'; 129]))) == Err(CrdtError::NotFlat));
    ensure!(crdt::decode(&change(1, 1, &[], &columns(4_000, &[b'a'; 60_000]))) == Err(CrdtError::NotFlat), "a long name, often");
    // Lists of predecessors without end.
    let mut listed = columns(1, b"name");
    listed[4].1 = run(1, &leb(1 << 50));
    ensure!(crdt::decode(&change(1, 1, &[], &listed)) == Err(CrdtError::TooLarge));
    // Rows of nothing, and truths in turn.
    ensure!(crdt::decode(&change(1, 1, &[], &[(0x42, [&[0][..], &leb(1 << 50)].concat())])) == Err(CrdtError::TooLarge));
    ensure!(crdt::decode(&change(1, 1, &[], &[(0x34, leb(u64::MAX))])) == Err(CrdtError::TooLarge));
    // Rows of nothing are followed by the next run at once.
    let gap = [&[0][..], &leb(2), &run(1, &[0])].concat();
    ensure!(crdt::decode(&change(1, 1, &[], &[(0x01, gap), (0x15, run(1, b"\x01a"))])) != Err(CrdtError::TooLarge));
    // A column that was compressed.
    ensure!(crdt::decode(&change(1, 1, &[], &[(0x42 | 0x08, run(1, &[1]))])) == Err(CrdtError::NotAChange));
    Ok(())
}

#[test]
fn f29_counters_at_their_end_are_refused_and_stop_nobody() -> Result<()> {
    let name = columns(1, b"name");
    for (seq, start) in [(2, 1), (0, 1), (1, 2), (1, u64::from(u32::MAX)), (u64::MAX, 1), (1, u64::MAX)] {
        ensure!(crdt::decode(&change(seq, start, &[], &name)) == Err(CrdtError::NotAChange), "seq {seq}, first operation {start}");
    }
    let first = crdt::first_change(&ActorId::from([1; 16]), &Fields::from([("name".into(), Value::Text("王".into()))]), 1);
    for start in [(1 << 31) + 1, u64::from(u32::MAX), u64::MAX] {
        ensure!(crdt::decode(&change(1, start, &[first.hash], &name)) == Err(CrdtError::NotAChange));
    }
    // The highest that is taken: a later edit is made or refused in words.
    let last = change(1, 1 << 31, &[first.hash], &name);
    ensure!(crdt::decode(&last).is_ok());
    let edit = Fields::from([("name".into(), Value::Text("李".into()))]);
    let made = crdt::next_change(&ActorId::from([2; 16]), &[first.bytes, last], &edit, 2);
    ensure!(made.is_ok() || made == Err(CrdtError::Merge), "{made:?}");
    Ok(())
}

proptest! {
    #[test]
    fn f29_whatever_an_office_writes_is_admitted(
        fields in prop::collection::btree_map("[a-z_]{1,20}(/[0-9a-f]{64})?", prop_oneof![
            any::<bool>().prop_map(Value::Bool), any::<i64>().prop_map(Value::Int), ".{0,40}".prop_map(|text| Value::Text(text.into())), Just(Value::Null)
        ], 0..200),
        edits in prop::collection::vec((0u8..3, "[a-c]", any::<i64>()), 0..12),
    ) {
        let fields: Fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        let first = crdt::first_change(&ActorId::from([9; 16]), &fields, i64::MIN);
        prop_assert!(crdt::decode(&first.bytes).is_ok());
        let mut offices = vec![vec![first.bytes]; 3];
        for (office, field, value) in edits {
            let history = &mut offices[usize::from(office)];
            let change = Fields::from([(field.into(), Value::Int(value))]);
            if let Ok(made) = crdt::next_change(&ActorId::from([office; 16]), history, &change, i64::MAX) {
                prop_assert!(crdt::decode(&made.bytes).is_ok());
                history.push(made.bytes);
            }
        }
        // They meet, and one writes over all that they wrote apart.
        let mut all = offices.concat();
        let over = Fields::from([("a".into(), Value::Int(1)), ("b".into(), Value::Null), ("c".into(), Value::Bool(true))]);
        if let Ok(made) = crdt::next_change(&ActorId::from([4; 16]), &all, &over, 0) {
            prop_assert!(crdt::decode(&made.bytes).is_ok());
            all.push(made.bytes);
        }
        prop_assert!(crdt::fields(&all).is_ok());
    }
}
