//! Enrol, push, pull, totals, report and photos.

use super::kit::*;
use reqwest::StatusCode;
use sha2::{Digest, Sha256};
use shared::crdt::next_change;
use shared::record::*;
use shared::wire::{DeviceReport, RefusedReason};

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";

#[tokio::test(flavor = "multi_thread")]
async fn what_one_desk_pushes_the_other_pulls_and_totals_agree() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    assert_eq!((desk.enrolled.device_number, town.enrolled.device_number), (1, 2));
    assert_eq!(desk.enrolled.person_key, town.enrolled.person_key);

    let changes = vec![
        first(1, id(1), &elder(Some(&code), "445381001008")),
        first(1, id(2), &order(&code, id(1))),
        first(1, id(2), &receipt(&code, id(2), &[])),
        // Two people of whom no more is known than the same name: two records, equal changes.
        first(1, id(3), &elder(Some(&code), "445381001008")),
    ];
    assert_eq!(desk.push(changes.clone()).await, []);
    assert_eq!(desk.push(changes.clone()).await, [], "a repeated push does nothing");

    for reader in [&desk, &town] {
        let (pulled, upto) = reader.pull_all().await;
        for change in &changes {
            assert_eq!(pulled.iter().filter(|one| *one == change).count(), 1);
        }
        assert!(pulled.iter().any(|change| change.kind == "canteen"));
        assert_eq!(reader.totals(upto).await, totals_of(&pulled));
    }
    let (without_own, _, _) = desk.pull(0, "&skip_own=1").await;
    assert!(without_own.iter().all(|change| !changes.contains(change)));
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_changes_are_refused_by_name_and_the_rest_go_on() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let foreign = first(2, id(9), &order(&there, id(8)));
    assert_eq!(other.push(vec![foreign.clone()]).await, []);

    let history = [foreign.bytes.clone()];
    let taken = Fields::from([("canteen".to_owned(), Value::Text(here.clone()))]);
    let grab = wire_of(RecordKind::Order, id(9), next_change(&actor(1), &history, &taken, NOON).unwrap());
    let mut bent = first(1, id(4), &order(&here, id(1)));
    bent.bytes.truncate(40);
    let account = Account { name: "x".into(), role: Level::City, division: "4453".into(), disabled: false };
    let canteen_change = WireKind("canteen").of(first(1, id(5), &order(&here, id(1))));
    let refused = desk
        .push(vec![
            first(1, id(3), &order(&here, id(1))),
            first(1, id(6), &order(&there, id(1))),
            grab,
            bent,
            first(1, id(7), &account),
            canteen_change,
            WireKind("no_such").of(first(1, id(5), &order(&here, id(1)))),
            first(1, id(9), &receipt(&here, id(9), &[])),
        ])
        .await;
    let reasons: Vec<(u32, RefusedReason)> = refused.iter().map(|one| (one.index, one.reason)).collect();
    use RefusedReason::*;
    assert_eq!(
        reasons,
        [(1, ForeignScope), (2, ForeignScope), (3, Malformed), (4, ForeignKind), (5, ForeignKind), (6, ForeignKind), (7, ForeignScope)]
    );
    let (pulled, _) = desk.pull_all().await;
    assert!(pulled.iter().any(|change| change.record == *id(3).0.as_bytes()));
    assert!(!pulled.contains(&foreign), "a canteen can't pull another's");
    assert!(pulled.iter().all(|change| change.kind != "account"));
}

struct WireKind(&'static str);

impl WireKind {
    fn of(&self, mut change: shared::wire::WireChange) -> shared::wire::WireChange {
        change.kind = self.0.into();
        change
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_that_moves_into_a_scope_arrives_whole() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let enrolled = first(1, id(1), &elder(Some(&here), "445381001008"));
    assert_eq!(desk.push(vec![enrolled.clone()]).await, []);
    for reader in [&desk, &other] {
        let (pulled, upto) = reader.pull_all().await;
        assert_eq!(reader.totals(upto).await, totals_of(&pulled));
    }
    let (_, seen) = other.pull_all().await;

    let moved = Fields::from([("canteen".to_owned(), Value::Text(there.clone()))]);
    let change = next_change(&actor(1), std::slice::from_ref(&enrolled.bytes), &moved, NOON).unwrap();
    let moved = wire_of(RecordKind::Elder, id(1), change);
    assert_eq!(desk.push(vec![moved.clone()]).await, []);
    let (changes, _, _) = other.pull(seen, "").await;
    assert_eq!(changes, [enrolled, moved]);
    assert_eq!(desk.totals(0).await.changes, 0, "a question about the past");
    for reader in [&desk, &other] {
        let (pulled, upto) = reader.pull_all().await;
        assert_eq!(reader.totals(upto).await, totals_of(&pulled));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_comes_before_the_one_it_builds_on_waits_for_it() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    let placed = first(1, id(2), &order(&code, id(1)));
    let out = Fields::from([("state".to_owned(), Value::Text("out".into()))]);
    let out = wire_of(RecordKind::Order, id(2), next_change(&actor(1), std::slice::from_ref(&placed.bytes), &out, NOON).unwrap());
    for change in [&out, &placed] {
        assert_eq!(desk.push(vec![change.clone()]).await, []);
    }
    for reader in [&desk, &town] {
        let (pulled, upto) = reader.pull_all().await;
        assert!(pulled.contains(&placed) && pulled.contains(&out));
        assert_eq!(reader.totals(upto).await, totals_of(&pulled));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_work_once_and_keys_until_revoked() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let once = house.server.device_code(Some(&code), None).unwrap().code;
    assert_eq!(house.enrol(&once.replace('-', " ")).await.status(), StatusCode::OK);
    assert_eq!(house.enrol(&once).await.status(), StatusCode::FORBIDDEN, "used");
    let late = house.server.device_code(Some(&code), None).unwrap().code;
    house.later(7 * 86_400);
    assert_eq!(house.enrol(&late).await.status(), StatusCode::FORBIDDEN, "expired");
    let desk = house.desk_at(&code).await;
    assert_eq!(desk.get("/v1/pull?after=0").await.status(), StatusCode::OK);
    house.server.revoke_device(2).unwrap();
    assert_eq!(desk.get("/v1/pull?after=0").await.status(), StatusCode::UNAUTHORIZED);
    for _ in 0..10 {
        house.enrol("0000-0000").await;
    }
    let good = house.server.device_code(Some(&code), None).unwrap().code;
    assert_eq!(house.enrol(&good).await.status(), StatusCode::TOO_MANY_REQUESTS);
    house.later(900);
    assert_eq!(house.enrol(&good).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_bodies_are_turned_away() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    assert_eq!(desk.push_raw(b"nonsense".to_vec()).await.status(), StatusCode::BAD_REQUEST);
    let fault: shared::fault::Fault = desk.get("/v1/pull?after=x").await.json().await.unwrap();
    assert_eq!(fault.code, shared::fault::Code::BadInput);
    let nobody = house.http.get(format!("{}/v1/pull?after=0", house.url)).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    // The server may hang up before it has read all of it.
    if let Some(answer) = desk.try_push(vec![0; 9 * 1024 * 1024]).await {
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_go_up_whole_and_down_in_scope() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let picture = [&[0xFF, 0xD8, 0xFF, 0xE0][..], &[7; 5000]].concat();
    let hash = hex::encode(Sha256::digest(&picture));
    let path = format!("/v1/photo/{hash}");
    assert_eq!(desk.put(&path, picture[..100].to_vec()).await.status(), StatusCode::BAD_REQUEST);
    for _ in 0..2 {
        assert_eq!(desk.put(&path, picture.clone()).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(desk.get(&path).await.status(), StatusCode::NOT_FOUND, "no receipt names it yet");
    let changes = vec![first(1, id(2), &order(&here, id(1))), first(1, id(2), &receipt(&here, id(2), &[&hash]))];
    assert_eq!(desk.push(changes).await, []);
    assert_eq!(desk.get(&path).await.bytes().await.unwrap(), picture);
    assert_eq!(other.get(&path).await.status(), StatusCode::NOT_FOUND);
    let report = DeviceReport { unsent: 0, unsent_photos: 1, refused: 0, version: "0.1.0".into(), agrees: true };
    assert_eq!(desk.report(&report).await, StatusCode::NO_CONTENT);
}
