//! Keys of elders: who is given what, what is admitted, where wrapped keys go. Fields stay closed on the server.

use super::kit::*;
use shared::crypto::{SecretKey, SoftProvider};
use shared::kinds::*;
use shared::rule::phone::PhoneNumber;
use shared::schema::*;
use shared::seal::{KeyId, RecordKeys, WrappedKey};
use shared::wire::{RefusedReason, WireChange};

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
const PHONE: &str = "18712349597";

pub fn wrapped_key(desk: &Desk, elder: RecordId, town: &str, key: &SecretKey) -> WireChange {
    let town_key = desk.town_key(town).expect("the key of the town");
    let bytes = WrappedKey::pack(&SoftProvider::new(), elder, town, &town_key, key).unwrap();
    WireChange { kind: RecordKind::ElderKey.code().into(), record: *elder.0.as_bytes(), bytes }
}

/// The elder with a phone and an address.
pub fn reachable(elder: &Elder) -> Elder {
    Elder { phone: PhoneNumber::parse(PHONE).ok(), address: Some("中山路 8 号".into()), ..elder.clone() }
}

pub fn sealed(record: RecordId, elder: &Elder, key: &SecretKey) -> WireChange {
    sealed_by(1, record, &reachable(elder).to_fields(), key)
}

pub fn sealed_by(by: u8, record: RecordId, fields: &Fields, key: &SecretKey) -> WireChange {
    let crypto = SoftProvider::new();
    let mut keys = RecordKeys::default();
    keys.add(&crypto, key.clone());
    let fields = keys.seal(&crypto, RecordKind::Elder, record, fields).unwrap();
    wire_of(RecordKind::Elder, record, shared::crdt::first_change(&actor(by), &fields, NOON))
}

/// The keys of an elder that a device can open, from what it pulls.
pub async fn opened(desk: &Desk, elder: RecordId) -> Vec<KeyId> {
    let pulled = held_by(desk).await;
    let wrapped_keys = pulled.iter().filter(|change| change.kind == "elder_key" && change.record == *elder.0.as_bytes());
    let open = |change: &WireChange| {
        let wrapped_key = WrappedKey::read(&change.bytes).unwrap();
        wrapped_key.open(&SoftProvider::new(), elder, &desk.town_key(wrapped_key.town)?).map(|_| wrapped_key.key)
    };
    let mut keys: Vec<KeyId> = wrapped_keys.filter_map(open).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_given_the_keys_of_its_area_and_no_others() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (canteen, county) = (house.desk_at(&code).await, house.desk_in("445381").await);
    assert_eq!(canteen.keys().towns.iter().map(|(town, _)| town.as_str()).collect::<Vec<_>>(), [LUOCHENG]);
    let all = county.keys().towns;
    assert!(all.iter().all(|(town, _)| town.starts_with("445381")) && all.iter().any(|(town, _)| town == "445381"));
    assert_eq!(county.town_key(LUOCHENG).map(|key| *key.as_bytes()), canteen.town_key(LUOCHENG).map(|key| *key.as_bytes()));
    assert_ne!(county.town_key(SUBIN).map(|key| *key.as_bytes()), canteen.town_key(LUOCHENG).map(|key| *key.as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_key_goes_wherever_its_elder_is_seen() {
    let (house, crypto) = (House::new().await, SoftProvider::new());
    let (here, beside) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, town, other) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await, house.desk_at(&beside).await);
    let key = SecretKey::draw(&crypto);
    let pushed = vec![wrapped_key(&town, id(1), LUOCHENG, &key), sealed(id(1), &elder(Some(&here), "445381001008"), &key)];
    assert_eq!(town.push(pushed).await, []);
    for reader in [&desk, &town] {
        assert_eq!(opened(reader, id(1)).await, [KeyId::of(&crypto, &key)]);
    }
    assert_eq!(opened(&other, id(1)).await, []);
    // A second office made a key of its own for the same person, and enrols her apart.
    let second = SecretKey::draw(&crypto);
    assert_eq!(desk.push(vec![wrapped_key(&desk, id(1), LUOCHENG, &second)]).await, []);
    assert_eq!(opened(&town, id(1)).await.len(), 2);
    let (all, _, sum) = desk.pull_all().await;
    assert_eq!(sum, sum_of(&all));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_of_a_neighbouring_town_brings_the_keys_along() {
    let (house, crypto) = (House::new().await, SoftProvider::new());
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, county, neighbour) = (house.desk_at(&here).await, house.desk_in("445381").await, house.desk_at(&there).await);
    assert!(neighbour.town_key(LUOCHENG).is_none());
    let key = SecretKey::draw(&crypto);
    let filed = sealed(id(1), &elder(Some(&here), "445381001008"), &key);
    assert_eq!(desk.push(vec![wrapped_key(&desk, id(1), LUOCHENG, &key), filed.clone()]).await, []);
    assert_eq!(opened(&neighbour, id(1)).await, []);
    let moved = Fields::from([("canteen".into(), Value::Text(there.as_str().into()))]);
    let moved = shared::crdt::next_change(&actor(2), &[filed.bytes], &moved, NOON).unwrap();
    assert_eq!(county.push(vec![wire_of(RecordKind::Elder, id(1), moved)]).await, []);
    assert_eq!(opened(&neighbour, id(1)).await, [KeyId::of(&crypto, &key)]);
    let (all, _, sum) = neighbour.pull_all().await;
    assert_eq!(sum, sum_of(&all));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrapped_keys_that_do_not_open_or_are_for_elsewhere_are_refused() {
    let (house, crypto) = (House::new().await, SoftProvider::new());
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let key = SecretKey::draw(&crypto);
    let mut for_another = wrapped_key(&desk, id(1), LUOCHENG, &key);
    for_another.record = *id(2).0.as_bytes();
    let forged = WrappedKey::pack(&crypto, id(1), LUOCHENG, &SecretKey::draw(&crypto), &key).unwrap();
    let forged = WireChange { bytes: forged, ..wrapped_key(&desk, id(1), LUOCHENG, &key) };
    let not_one = WireChange { bytes: b"YLKEY1\0\0nonsense".to_vec(), ..forged.clone() };
    let refused = desk.push(vec![for_another, forged, not_one, wrapped_key(&other, id(1), SUBIN, &key)]).await;
    let reasons: Vec<RefusedReason> = refused.iter().map(|refused| refused.reason).collect();
    use RefusedReason::{ForeignScope, Malformed};
    assert_eq!(reasons, [Malformed, Malformed, Malformed, ForeignScope]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_rows_hold_nothing_that_is_sealed() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, clerk) = (house.desk_at(&code).await, house.clerk("who", Level::City, "4453").await);
    let who = elder(Some(&code), "445381001008");
    let key = SecretKey::draw(&SoftProvider::new());
    let filed = vec![wrapped_key(&desk, id(1), LUOCHENG, &key), sealed(id(1), &who, &key), first(1, id(2), &order(&code, id(1)))];
    assert_eq!(desk.push(filed).await, []);
    let shown = clerk.get(&format!("/api/list/orders/{}", id(2))).await.text().await.unwrap();
    assert!(shown.contains("王桂英") && !shown.contains(&PHONE[7..]) && !shown.contains("中山路"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_sealed_is_refused_in_plain_and_passes_empty() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let filed = |number: u128, field: &str, value: Value| {
        let mut fields = elder(Some(&code), "445381001008").to_fields();
        fields.insert(field.to_owned(), value);
        wire_of(RecordKind::Elder, id(number), shared::crdt::first_change(&actor(1), &fields, NOON))
    };
    let sealed_fields: Vec<&str> = RecordKind::Elder.sealed().map(|field| field.name).collect();
    assert!(sealed_fields.contains(&"phone") && sealed_fields.contains(&"id_number"));
    let plain = (10..).zip(&sealed_fields).map(|(number, field)| filed(number, field, Value::Text(PHONE.into())));
    let odd = [Value::Int(18_712_349_597), Value::Bool(true), Value::Bytes(PHONE.as_bytes().to_vec()), Value::Bytes(vec![1; 33])];
    let odd = (40..).zip(odd).map(|(number, value)| filed(number, "phone", value));
    let pushed: Vec<WireChange> = plain.chain(odd).chain([first(1, id(60), &order(&code, id(1)))]).collect();
    let refused = desk.push(pushed.clone()).await;
    assert_eq!(refused.len(), pushed.len() - 1, "the rest of the batch is taken: {refused:?}");
    assert!(refused.iter().all(|refused| refused.reason == RefusedReason::Malformed));
    assert!(desk.pull_all().await.0.iter().all(|change| change.kind != "elder"));
    // Later as well; and what is empty, or cleared, is no secret.
    let known = filed(70, "phone", Value::Text("".into()));
    assert_eq!(desk.push(vec![known.clone()]).await, []);
    for (value, taken) in [(Value::Text(PHONE.into()), false), (Value::Null, true)] {
        let edit = Fields::from([("phone".into(), value)]);
        let edit = shared::crdt::next_change(&actor(2), std::slice::from_ref(&known.bytes), &edit, NOON).unwrap();
        assert_eq!(desk.push(vec![wire_of(RecordKind::Elder, id(70), edit)]).await.is_empty(), taken);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn erased_keys_are_in_no_feed_and_come_back_from_nobody() {
    let (house, crypto) = (House::new().await, SoftProvider::new());
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, town, other) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await, house.desk_at(&there).await);
    let key = SecretKey::draw(&crypto);
    let mine = wrapped_key(&desk, id(1), LUOCHENG, &key);
    assert_eq!(desk.push(vec![mine.clone(), sealed(id(1), &elder(Some(&here), "445381001008"), &key)]).await, []);
    assert_eq!(opened(&town, id(1)).await.len(), 1);
    let holding = || {
        let files = std::fs::read_dir(house.folder.path()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
        files.filter(|path| std::fs::read(path).unwrap().windows(28).any(|bytes| bytes == &mine.bytes[22..50])).count()
    };
    // In the SQLite of the folder; what PostgreSQL keeps is not ours to look into.
    assert_eq!(holding() > 0, house.folder.path().join("server.sqlite").exists());
    assert_eq!(house.server.erase_elder(&id(1).to_string()).unwrap().wrapped_keys, 1);
    assert_eq!(holding(), 0, "the key stands in a free page or in the log of the engine");
    assert_eq!(house.server.erase_elder(&id(1).to_string()).unwrap().wrapped_keys, 0, "a second time nothing is left to do");
    assert!(house.server.erase_elder(&id(7).to_string()).is_err());

    let (all, _, sum) = town.pull_all().await;
    assert_eq!(sum, sum_of(&all));
    let left: Vec<&WireChange> = all.iter().filter(|change| change.kind == "elder_key").collect();
    assert!(left.len() == 1 && shared::seal::proof_of(&left[0].bytes).is_some(), "the tombstone alone: {left:?}");
    assert!(all.iter().any(|change| change.kind == "elder"), "the record itself stays");
    // The old wrapped key, a new one, and a tombstone that somebody made up.
    let forged = WireChange { record: *id(2).0.as_bytes(), bytes: shared::seal::tombstone(&[7; 32]), ..mine.clone() };
    let moved = WireChange { record: *id(2).0.as_bytes(), bytes: left[0].bytes.clone(), ..mine.clone() };
    let pushed = vec![mine, wrapped_key(&desk, id(1), LUOCHENG, &SecretKey::draw(&crypto)), forged, moved];
    let reasons: Vec<RefusedReason> = desk.push(pushed).await.iter().map(|refused| refused.reason).collect();
    use RefusedReason::{Erased, Malformed};
    assert_eq!(reasons, [Erased, Erased, Malformed, Malformed]);
    assert_eq!(other.pull_all().await.0.iter().filter(|change| change.kind == "elder_key").count(), 0);
}
