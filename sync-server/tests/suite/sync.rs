//! Enrolment, exchanges, copies and replays, sums.

use super::kit::*;
use reqwest::StatusCode;
use shared::crdt::{first_change, next_change};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::fault::Fault;
use shared::kinds::*;
use shared::list::ListPage;
use shared::schema::*;
use shared::sync::{Answer, Ask, Exchange, SetDigest, Standing};
use shared::wire::RefusedReason;

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";

#[tokio::test(flavor = "multi_thread")]
async fn what_one_desk_pushes_the_other_pulls_and_totals_agree() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    assert_eq!((desk.enrolled.device_number, town.enrolled.device_number), (1, 2));
    assert_eq!(desk.keys(), town.keys());

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
        let (pulled, _, sum) = reader.pull_all().await;
        for change in &changes {
            assert_eq!(pulled.iter().filter(|one| *one == change).count(), 1);
        }
        assert!(pulled.iter().any(|change| change.kind == "canteen"));
        assert_eq!(sum, sum_of(&pulled));
    }
    let without_own = desk.pull(0, false).await;
    assert!(without_own.changes.iter().all(|change| !changes.contains(change)));
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_changes_are_refused_by_name_and_the_rest_go_on() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let foreign = first(2, id(9), &order(&there, id(8)));
    assert_eq!(other.push(vec![foreign.clone()]).await, []);

    let history = [foreign.bytes.clone()];
    let taken = Fields::from([("canteen".into(), Value::Text(here.as_str().into()))]);
    let grab = wire_of(RecordKind::Order, id(9), next_change(&actor(1), &history, &taken, NOON).unwrap());
    let mut bent = first(1, id(4), &order(&here, id(1)));
    bent.bytes.truncate(40);
    let account = Account { name: "x".into(), role: Role::City, division: "4453".into(), disabled: false, person: None, phone: None };
    let canteen_change = WireKind("canteen").of(first(1, id(5), &order(&here, id(1))));
    let refused = desk
        .push(vec![
            first(1, id(3), &order(&here, id(1))),
            first(1, id(6), &order(&there, id(1))),
            grab,
            bent,
            first(1, id(7), &account),
            canteen_change,
            WireKind("No Such").of(first(1, id(5), &order(&here, id(1)))),
            first(1, id(9), &receipt(&here, id(9), &[])),
        ])
        .await;
    let reasons: Vec<(u32, RefusedReason)> = refused.iter().map(|one| (one.index, one.reason)).collect();
    use RefusedReason::*;
    assert_eq!(
        reasons,
        [(1, ForeignScope), (2, ForeignScope), (3, Malformed), (4, ForeignKind), (5, ForeignKind), (6, ForeignKind), (7, ForeignScope)]
    );
    let (pulled, _, _) = desk.pull_all().await;
    assert!(pulled.iter().any(|change| change.record == *id(3).0.as_bytes()));
    assert!(!pulled.contains(&foreign), "a canteen can't pull another's");
    assert!(pulled.iter().all(|change| change.kind != "account"));
}

/// A change of a kind that this server does not know.
fn of_2031(record: u128, canteen: &str) -> shared::wire::WireChange {
    WireKind("menu_of_2031").of(first(1, id(record), &order(canteen, id(1))))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_of_another_version_is_kept_and_passed_on_where_its_fields_place_it() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, beside, other) = (house.desk_at(&here).await, house.desk_at(&here).await, house.desk_at(&there).await);
    let (own, foreign) = (of_2031(21, &here), of_2031(22, &there));
    let keys = WireKind("menu_key_2031").of(shared::wire::WireChange { bytes: b"no document".to_vec(), ..of_2031(23, &here) });
    let aside = WireKind("x_menu_of_2031").of(of_2031(24, &here));
    let refused = desk.push(vec![own.clone(), foreign, keys, aside]).await;
    let reasons: Vec<(u32, RefusedReason)> = refused.iter().map(|one| (one.index, one.reason)).collect();
    assert_eq!(
        reasons,
        [(1, RefusedReason::ForeignScope), (2, RefusedReason::Malformed), (3, RefusedReason::ForeignKind)],
        "scope and form hold for every kind"
    );
    assert_eq!(desk.push(vec![own.clone()]).await, [], "known already");
    let history = [own.bytes.clone()];
    let moved = Fields::from([("canteen".into(), Value::Text(there.as_str().into()))]);
    let edit = Fields::from([("note".into(), Value::Text("软".into()))]);
    let change = |fields: &Fields, by: u8| shared::wire::WireChange {
        bytes: next_change(&actor(by), &history, fields, NOON).unwrap().bytes,
        ..own.clone()
    };
    let refused: Vec<RefusedReason> = desk.push(vec![change(&moved, 1), change(&edit, 2)]).await.iter().map(|one| one.reason).collect();
    assert_eq!(refused, [RefusedReason::ForeignScope]);
    let (pulled, _, sum) = beside.pull_all().await;
    assert_eq!(pulled.iter().filter(|one| one.kind == "menu_of_2031").count(), 2);
    // It goes elsewhere. Where it began its first word may be sent again, as after a restore; nobody else hears more by that.
    let county = house.desk_in("445381").await;
    assert_eq!(county.push(vec![change(&moved, 3)]).await, []);
    assert_eq!(beside.push(vec![own.clone()]).await, []);
    let stranger = house.desk_in(SUBIN).await.push(vec![own.clone()]).await;
    assert_eq!(stranger.iter().map(|one| one.reason).collect::<Vec<_>>(), [RefusedReason::ForeignScope]);
    assert_eq!(sum, sum_of(&pulled));
    let (held, _, _) = beside.pull_all().await;
    assert!(held.iter().all(|one| one.kind != "menu_of_2031" || one.bytes.is_empty()), "it left");
    let (pulled, _, _) = other.pull_all().await;
    assert_eq!(pulled.iter().filter(|one| one.kind == "menu_of_2031").count(), 3, "it arrived whole");
    let checked = house.server.verify().unwrap();
    assert!(checked.ok, "the tables stand: {checked:?}");
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
        let (pulled, _, sum) = reader.pull_all().await;
        assert_eq!(sum, sum_of(&pulled));
    }
    let (_, seen, _) = other.pull_all().await;

    let moved = Fields::from([("canteen".into(), Value::Text(there.as_str().into()))]);
    let change = next_change(&actor(1), std::slice::from_ref(&enrolled.bytes), &moved, NOON).unwrap();
    let moved = wire_of(RecordKind::Elder, id(1), change);
    assert_eq!(desk.push(vec![moved.clone()]).await, []);
    assert_eq!(other.pull(seen, false).await.changes, [enrolled, moved]);
    let elders = async |desk| held_by(desk).await.iter().filter(|change| change.kind == "elder").count();
    assert_eq!((elders(&other).await, elders(&desk).await), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_a_change_that_comes_before_the_one_it_builds_on_waits_for_it() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    let placed = first(1, id(2), &order(&code, id(1)));
    let out = Fields::from([("state".into(), Value::Text("out".into()))]);
    let out = wire_of(RecordKind::Order, id(2), next_change(&actor(1), std::slice::from_ref(&placed.bytes), &out, NOON).unwrap());
    for change in [&out, &placed] {
        assert_eq!(desk.push(vec![change.clone()]).await, []);
    }
    for reader in [&desk, &town] {
        let (pulled, _, sum) = reader.pull_all().await;
        assert!(pulled.contains(&placed) && pulled.contains(&out));
        assert_eq!(sum, sum_of(&pulled));
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
    assert_eq!(desk.status(&Ask::Buckets).await, StatusCode::OK);
    house.server.revoke_device(2).unwrap();
    assert_eq!(desk.ask(&Ask::Buckets).await, Answer::ShutOut);
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
    let status = async |envelope: Vec<u8>| desk.send(envelope).await.map(|answer| answer.status());
    assert_eq!(status(b"nonsense".to_vec()).await, Some(StatusCode::BAD_REQUEST));
    let good = desk.envelope(&Ask::Buckets);
    assert_eq!(status(good.clone()).await, Some(StatusCode::OK));
    let mut foreign = good.clone();
    foreign[4..20].copy_from_slice(&[9; 16]);
    assert_eq!(status(foreign).await, Some(StatusCode::UNAUTHORIZED), "nobody of that name");
    let mut bent = good;
    *bent.last_mut().unwrap() ^= 1;
    assert_eq!(status(bent).await, Some(StatusCode::BAD_REQUEST), "not signed by it");
    // The server may hang up before it has read all of it.
    assert!(matches!(status(vec![0; 9 * 1024 * 1024]).await, None | Some(StatusCode::PAYLOAD_TOO_LARGE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn f41_another_version_is_told_what_to_update() {
    let house = House::new().await;
    let say = async |path: &str| {
        let answer = house.http.post(format!("{}{path}", house.url)).body("x").send().await.unwrap();
        (answer.status(), answer.json::<Fault>().await.unwrap())
    };
    for path in ["/v1/push", "/v1/sync", "/v1/enrol", "/v0/x"] {
        let (status, fault) = say(path).await;
        assert_eq!(status, StatusCode::UPGRADE_REQUIRED);
        assert!(fault.next_step.contains("请更新本机的程序") && fault.next_step.contains("可以继续工作"), "{fault}");
    }
    let (status, fault) = say("/v3/sync").await;
    assert!(status == StatusCode::UPGRADE_REQUIRED && fault.next_step.contains("更新服务器"), "{fault}");
    assert_eq!(say("/v2/no_such").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_a_report_is_stamped_by_the_servers_clock() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    // The desk's clock is ten years ahead.
    let ahead =
        wire_of(RecordKind::Elder, id(1), first_change(&actor(1), &elder(Some(&code), "445381001008").to_fields(), NOON + 315_360_000));
    assert_eq!(desk.push(vec![ahead]).await, []);
    house.later(7);
    desk.push(vec![first(1, id(2), &elder(Some(&code), "445381001008"))]).await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let devices: ListPage = clerk.read("/api/list/devices").await;
    assert_eq!(devices.rows[0].text("last_sync"), sync_server::civil(NOON).to_string(), "kept again after a minute only");
    house.later(60);
    desk.push(vec![first(1, id(3), &elder(Some(&code), "445381001008"))]).await;
    let devices: ListPage = clerk.read("/api/list/devices").await;
    assert_eq!(devices.rows[0].text("last_sync"), sync_server::civil(NOON + 67).to_string());
    assert!(!devices.rows[0].is("overdue"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_serves_one_device() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let key = SoftProvider::new().new_key().unwrap();
    let codes = [(); 2].map(|()| house.server.device_code(Some(&code), None).unwrap().code);
    assert_eq!(house.enrol_with(&codes[0], &key).await.status(), StatusCode::OK);
    assert_eq!(house.enrol_with(&codes[1], &key).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(house.enrol(&codes[1]).await.status(), StatusCode::OK, "the code was not used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn f20_f21_copies_and_restored_backups_are_told_apart() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (one, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    let made = |n: u128| vec![first(1, id(n), &order(&code, id(1)))];
    assert_eq!(one.push(made(1)).await, []);
    let two = one.copy();
    for n in 2..4 {
        assert_eq!(one.push(made(n)).await, []);
    }
    // The copy is asked whether it lives; then it is heard and looks through everything again.
    let Answer::Stale(challenge) = two.exchange(Exchange { changes: made(4), ..Exchange::default() }).await else { panic!("not noticed") };
    let answers = Some(challenge);
    let taken = two.exchanged(Exchange { changes: made(4), answers, after: 99, ..Exchange::default() }).await;
    assert_eq!((taken.standing, taken.refused), (Standing::TakenOver, vec![]));
    assert_eq!(taken.changes.iter().filter(|change| change.kind == "meal_order").count(), 4, "what it had lost comes back");
    // A backup that is restored stays as it is. But here the first one lives: it is a copy, heard and told nothing.
    let Answer::Stale(challenge) = one.exchange(Exchange { changes: made(5), ..Exchange::default() }).await else { panic!("not noticed") };
    let told = one.exchanged(Exchange { changes: made(5), answers: Some(challenge), ..Exchange::default() }).await;
    assert_eq!((told.standing, told.refused, told.changes), (Standing::Copy, vec![], vec![]));
    assert_eq!(two.pull(0, false).await.standing, Standing::Good);
    let (all, _, _) = town.pull_all().await;
    assert_eq!(all.iter().filter(|change| change.kind == "meal_order").count(), 5, "both sides' orders arrive");
}

#[tokio::test(flavor = "multi_thread")]
async fn f52_the_same_bytes_again_do_nothing() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let exchange = Exchange { changes: vec![first(1, id(1), &order(&code, id(1)))], ..Exchange::default() };
    let envelope = desk.envelope(&Ask::Exchange(exchange));
    assert_eq!(desk.send(envelope.clone()).await.unwrap().status(), StatusCode::OK);
    assert_eq!(desk.send(envelope).await.unwrap().status(), StatusCode::CONFLICT);
    // The device, whose answer was lost, goes on with its old session token.
    assert_eq!(desk.pull(0, false).await.standing, Standing::Good);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_names_and_changes_bring_two_ends_together() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let changes: Vec<_> = (1..40).map(|n| first(1, id(n), &order(&here, id(1)))).collect();
    assert_eq!(desk.push(changes.clone()).await, []);
    assert_eq!(other.push(vec![first(1, id(99), &order(&there, id(1)))]).await, []);
    let (all, _, sum) = desk.pull_all().await;
    let Answer::Buckets(parts) = desk.ask(&Ask::Buckets).await else { panic!() };
    assert_eq!(parts.into_iter().fold(SetDigest::default(), SetDigest::with), sum);
    let Answer::ChangeIds(names) = desk.ask(&Ask::ChangeIds((0..=255).collect())).await else { panic!() };
    assert_eq!(names.len(), all.len());
    let Answer::Changes(fetched) = desk.ask(&Ask::Fetch(names.clone())).await else { panic!() };
    assert_eq!(sum_of(&fetched), sum);
    let Answer::Changes(foreign) = other.ask(&Ask::Fetch(names)).await else { panic!() };
    assert!(foreign.iter().all(|change| change.kind != "meal_order"), "another's changes are not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn f30_a_change_that_would_spoil_its_record_is_refused_by_name() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    // Two programs that call themselves the same author: automerge can't tell their second changes apart.
    let placed = first(1, id(2), &order(&code, id(1)));
    let noted = |note: &str| {
        let note = Fields::from([("note".into(), Value::Text(note.into()))]);
        wire_of(RecordKind::Order, id(2), next_change(&actor(1), std::slice::from_ref(&placed.bytes), &note, NOON).unwrap())
    };
    let changes = vec![placed.clone(), noted("少盐"), noted("软饭"), first(1, id(3), &order(&code, id(1)))];
    let refused = desk.push(changes.clone()).await;
    assert_eq!(refused.iter().map(|one| (one.index, one.reason)).collect::<Vec<_>>(), [(2, RefusedReason::Malformed)]);
    assert_eq!(house.server.quarantine().unwrap(), [], "the record is well");
    let (pulled, _, sum) = town.pull_all().await;
    assert_eq!(sum, sum_of(&pulled));
    assert!([0, 1, 3].iter().all(|at| pulled.contains(&changes[*at])), "the rest goes on");
}
