//! What holds at the server for every kind of record: who may write it where, that nothing sealed is taken in plain, and that its rows
//! are what its changes make them. A kind that is added is in here without another line.

use super::kit::*;
use shared::crdt::first_change;
use shared::crypto::{SecretKey, SoftProvider};
use shared::division;
use shared::kinds::*;
use shared::schema::arbitrary::Seeded;
use shared::schema::{Content, Scope, *};
use shared::seal::RecordKeys;
use shared::wire::{RefusedReason, WireChange};
use std::collections::BTreeSet;

const HERE: &str = "445381001";
const ELSEWHERE: &str = "445381106";

/// A record of a kind at a canteen and in its town, sealed as a desk does it, and in plain.
fn written(seeded: &mut Seeded, kind: RecordKind, canteen: &str, number: u128) -> (WireChange, WireChange) {
    let (crypto, mut keys) = (SoftProvider::new(), RecordKeys::default());
    keys.add(&crypto, SecretKey::draw(&crypto));
    let fields = seeded.record(kind, canteen, HERE);
    let wire = |fields: &Fields| wire_of(kind, id(number), first_change(&actor(1), fields, NOON));
    (wire(&keys.seal(&crypto, kind, id(number), &fields).unwrap()), wire(&fields))
}

/// Whether desks of that level make such records: they may write the kind, and all that one must say.
fn makes(kind: RecordKind, level: Level) -> bool {
    let must = kind.fields.iter().filter(|field| field.required);
    kind.author.has(level) && must.clone().all(|field| field.author.is_none_or(|author| author.has(level)))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_written_where_and_by_whom_it_is_declared_and_never_in_plain() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", HERE), canteen_of(&house, "𬜯塘镇长者饭堂", ELSEWHERE));
    let (county, city) = (house.desk_in("445381").await, house.desk_in("4453").await);
    let desks = [
        (house.desk_at(&here).await, Level::Canteen, true),
        (house.desk_at(&there).await, Level::Canteen, false),
        (house.desk_in(HERE).await, Level::Town, true),
        (house.desk_in(ELSEWHERE).await, Level::Town, false),
        (county, division::level("445381"), true),
        (city, division::level("4453"), true),
    ];
    let seed = 20_261_127;
    let (mut seeded, mut number, mut taken) = (Seeded(seed), 1_000, BTreeSet::new());
    for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.content == Content::Document) {
        for (desk, level, near) in &desks {
            number += 1;
            let (sealed, plain) = written(&mut seeded, kind, &here, number);
            let may = kind.leaves_the_server() && makes(kind, *level);
            let expect = match (may, kind.scope, near) {
                (false, ..) => Some(RefusedReason::ForeignKind),
                (true, Scope::Named | Scope::Everybody, true) => None,
                (true, ..) => Some(RefusedReason::ForeignScope),
            };
            if plain.bytes.len() < sealed.bytes.len() && may {
                let refused: Vec<RefusedReason> = desk.push(vec![plain]).await.iter().map(|one| one.reason).collect();
                assert_eq!(refused, [RefusedReason::Malformed], "{kind:?} in plain");
            }
            let refused = desk.push(vec![sealed]).await.first().map(|one| one.reason);
            assert_eq!(refused, expect, "{kind:?} by {level:?}, near: {near}, seed {seed}");
            if expect.is_none() {
                taken.insert(kind);
            }
        }
    }
    let by_desks = RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && makes(*kind, Level::City));
    assert_eq!(taken, by_desks.collect(), "each was taken from somebody");
    // Rows, feeds, sums and conflicts are what the log makes them.
    let checked = house.server.verify().unwrap();
    assert!(checked.ok, "{checked:?}");
    let (pulled, _, sum) = desks[0].0.pull_all().await;
    assert_eq!(sum, sum_of(&pulled));
    assert!(pulled.iter().filter_map(|change| RecordKind::of_code(&change.kind)).all(|kind| kind.leaves_the_server()));
}
