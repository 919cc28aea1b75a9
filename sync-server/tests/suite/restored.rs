//! A database that is put back while everybody works: the first computer that was there since tells, what was revoked is revoked again, and people are
//! told until somebody at the machine settles it. And what else the server finds by itself, as its offices see it.

use super::audit::Eyes;
use super::kit::*;
use super::own::said;
use reqwest::StatusCode;
use serde_json::json;
use shared::console::Session;
use shared::fault::Code;
use shared::kinds::*;
use shared::list::ListPage;
use shared::schema::Record;
use shared::sync::{Answer, Ask, Exchange};
use shared::wire::WireChange;

const LUOCHENG: &str = "445381001";
const GOOD: &str = "yufan2026x";

/// What a computer does that was told to answer a challenge.
async fn comes(desk: &Desk, changes: Vec<WireChange>) {
    let mut ask = Exchange { changes, own_too: true, ..Exchange::default() };
    if let Answer::Stale(challenge) = desk.exchange(ask.clone()).await {
        ask.answers = Some(challenge);
        desk.exchanged(ask).await;
    }
}

async fn notices(desk: &Desk) -> Vec<WireChange> {
    held_by(desk).await.into_iter().filter(|change| change.kind == RecordKind::Notice.code()).collect()
}

/// The alarms that an account is shown, by code word and device.
async fn alarms(clerk: &Clerk) -> Vec<(String, Option<i64>)> {
    let page: ListPage = clerk.read("/api/list/alarms").await;
    page.rows.iter().map(|row| (row.text("alarm").to_owned(), row.number("device"))).collect()
}

async fn signed_in_again(house: &House, name: &str) -> Clerk {
    Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie_of(&house.sign_in(name, GOOD).await) }
}

fn alarm(alarm: Alarm, device: Option<i64>) -> (String, Option<i64>) {
    (alarm.code().to_owned(), device)
}

#[tokio::test(flavor = "multi_thread")]
async fn f78_a_database_put_back_under_a_running_server_is_noticed_and_what_was_revoked_is_revoked_again() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, stolen) = (house.desk_at(&here).await, house.desk_at(&here).await);
    let staff = cashier(&here);
    assert_eq!(desk.push(vec![first(1, id(5), &staff)]).await, []);
    for name in ["gone", "new", "reset"] {
        house.server.add_account(name, Role::Town, LUOCHENG, GOOD).unwrap();
    }
    let (city, town) = (house.clerk("shi", Role::City, "4453").await, house.clerk("zhen", Role::Town, LUOCHENG).await);
    let unused = house.server.device_code(Some(&here), None).unwrap().code;
    house.later(60);
    house.back_up();
    // What is revoked from here on the backup does not know.
    house.server.revoke_device(2).unwrap();
    house.server.disable_account("gone", true).unwrap();
    house.server.reset_password("reset", Some("xinde2026mima")).unwrap();
    let ask = json!({"old": GOOD, "new": "xinde2026mima"});
    assert_eq!(said(town.post("/api/account/password", &ask).await).await, Ok(()));
    for act in ["pin", "disable"] {
        assert_eq!(said(town.post(&format!("/api/staff/{}/{act}", id(5)), &json!({})).await).await, Ok(()));
    }
    let known = notices(&desk).await;
    // The account that changed its own password has one of these; the one that was reset two.
    assert_eq!(known.len(), 1 + 1 + 2 + 1 + 2);
    assert_eq!(desk.push(vec![first(1, id(6), &staff)]).await, []);
    house.put_back();
    assert_eq!(house.sign_in("gone", GOOD).await.status(), StatusCode::OK, "nobody knows yet");
    assert_eq!(city.get("/api/overview").await.status(), StatusCode::OK);
    comes(&desk, known.clone()).await;
    assert_eq!(city.get("/api/overview").await.status(), StatusCode::UNAUTHORIZED, "all sessions end");
    assert!(matches!(stolen.exchange(Exchange::default()).await, Answer::ShutOut));
    for (name, password) in [("gone", GOOD), ("reset", GOOD), ("reset", "xinde2026mima"), ("zhen", GOOD), ("zhen", "xinde2026mima")] {
        assert_eq!(house.sign_in(name, password).await.status(), StatusCode::UNAUTHORIZED, "{name} {password}");
    }
    assert_eq!(house.sign_in("new", GOOD).await.status(), StatusCode::OK, "what was not revoked stands");
    assert_eq!(house.enrol(&unused).await.status(), StatusCode::FORBIDDEN);
    let told = notices(&desk).await;
    assert_eq!(told.len(), known.len() + 1, "everybody is told");
    let restored = told.iter().find(|change| !known.contains(change)).unwrap();
    let restored = Notice::from_fields(&shared::crdt::decode(&restored.bytes).unwrap().touched()).unwrap();
    assert_eq!((restored.about, restored.epoch), (NoticeOf::Restored, Some(2)));
    assert!(restored.back_to.is_some_and(|back_to| back_to <= restored.at));
    // The city is told on every page, and in the list of alarms; then at the machine it is settled.
    let answer = house.sign_in("shi", GOOD).await;
    let city = Clerk { cookie: cookie_of(&answer), ..city };
    let session = async || city.read::<Session>("/api/session").await.altered;
    assert!(session().await.is_some());
    assert!(alarms(&city).await.contains(&alarm(Alarm::WentBack, None)));
    let page: ListPage = city.read("/api/list/staff").await;
    assert!(page.rows.iter().any(|row| row.is("disabled") && !row.text("pin_reset_at").is_empty()), "{:?}", page.rows);
    house.server.settle_restore().unwrap();
    assert!(session().await.is_none() && !alarms(&city).await.contains(&alarm(Alarm::WentBack, None)));
    let eyes = Eyes::of(&house).await;
    let again = eyes.rows("event=revoked_again").await.len();
    assert_eq!((again, eyes.rows("event=went_back").await.len()), (known.len(), 1));
    let (tables, audit) = (house.server.verify().unwrap(), house.server.verify_audit().unwrap());
    assert!(tables.ok && audit.ok, "{tables:?} {audit:?}");
    // The same notices once more do nothing: what was put right meanwhile stays so.
    house.server.disable_account("gone", false).unwrap();
    comes(&desk, known).await;
    assert_eq!(house.sign_in("gone", GOOD).await.status(), StatusCode::OK);
    assert_eq!(eyes.rows("event=revoked_again").await.len(), again);
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_are_shown_to_the_places_whose_they_are_and_those_of_the_server_to_the_city() {
    let house = House::new().await;
    let (here, afar) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "太平镇长者饭堂", "445322100"));
    let (one, _other) = (house.desk_at(&here).await, house.desk_at(&afar).await);
    let of = |device| alarm(Alarm::Overdue, Some(device));
    house.later(25 * 3600);
    let city = house.clerk("shi", Role::City, "4453").await;
    let county = house.clerk("xian", Role::County, "445322").await;
    let town = house.clerk("zhen", Role::Town, LUOCHENG).await;
    let auditor = house.clerk("shen", Role::Auditor, "4453").await;
    let of_city = vec![alarm(Alarm::NoBackup, None), of(1), of(2)];
    assert_eq!((alarms(&city).await, alarms(&county).await, alarms(&town).await), (of_city.clone(), vec![of(2)], vec![of(1)]));
    assert_eq!(alarms(&auditor).await, of_city.clone());
    let canteen = house.clerk("tang", Role::Canteen, &here).await;
    assert_eq!(said(canteen.get("/api/list/alarms").await).await, Err(Code::Forbidden));
    // What the audit log noted within a day: a lock to the city, another hand's signature to whose computer it is.
    for _ in 0..6 {
        house.sign_in("nobody", "wrong2026x").await;
    }
    let mut bent = one.envelope(&Ask::Exchange(Exchange::default()));
    *bent.last_mut().unwrap() ^= 1;
    assert!(!one.send(bent).await.unwrap().status().is_success());
    let (tried, refused) = (alarm(Alarm::PasswordsTried, None), alarm(Alarm::EnvelopesRefused, Some(1)));
    assert_eq!(alarms(&city).await, [alarm(Alarm::NoBackup, None), tried, refused.clone(), of(1), of(2)]);
    assert_eq!(alarms(&town).await, [refused, of(1)]);
    house.later(25 * 3600);
    let (city, town) = (signed_in_again(&house, "shi").await, signed_in_again(&house, "zhen").await);
    assert_eq!((alarms(&city).await, alarms(&town).await), (of_city, vec![of(1)]));
    // What it is about goes, and so does it.
    let report = shared::wire::DeviceReport { agrees: false, ..shared::wire::DeviceReport::default() };
    one.exchanged(Exchange { report, ..Exchange::default() }).await;
    assert_eq!(alarms(&town).await, [alarm(Alarm::Differs, Some(1))]);
    house.server.revoke_device(1).unwrap();
    assert_eq!(alarms(&town).await, []);
    let page: ListPage = city.read("/api/list/alarms").await;
    assert!(page.rows.iter().all(|row| !row.text("todo").is_empty()) && page.total == 2);
}
