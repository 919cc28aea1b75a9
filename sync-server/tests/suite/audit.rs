//! The audit log from outside: every route has its event or a reason why it has none, what is refused is noted as that, nothing of a
//! person stands in it, and an auditor sees it and nothing else.

use super::kit::*;
use super::routes::first_order;
use calamine::{Reader, Xlsx};
use reqwest::StatusCode;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use shared::kinds::*;
use shared::list::{ListPage, ListRow};
use shared::sync::{Ask, Exchange};
use std::collections::BTreeMap;
use std::io::Cursor;

const LUOCHENG: &str = "445381001";
const AFAR: &str = "445322";
pub(super) const GOOD: &str = "yufan2026x";

/// A city's auditor, who reads what came behind a row.
pub(super) struct Eyes(pub(super) Clerk);

impl Eyes {
    pub(super) async fn of(house: &House) -> Self {
        Self(house.clerk("shen", Role::Auditor, "4453").await)
    }

    pub(super) async fn rows(&self, words: &str) -> Vec<ListRow> {
        let page: ListPage = self.0.read(&format!("/api/list/audit?{words}")).await;
        page.rows
    }

    pub(super) async fn last(&self) -> i64 {
        self.rows("").await.first().and_then(|row| row.number("number")).unwrap_or(0)
    }

    /// The rows behind a number, the oldest first.
    pub(super) async fn since(&self, number: i64) -> Vec<ListRow> {
        let mut rows = self.rows("").await;
        rows.retain(|row| row.number("number") > Some(number));
        rows.reverse();
        rows
    }
}

pub(super) fn events(rows: &[ListRow]) -> Vec<(&str, &str)> {
    rows.iter().map(|row| (row.text("event"), row.text("result"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_is_answered_on_its_routes_only() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let document: Json = house.http.get(format!("{}/api/openapi.json", house.url)).send().await.unwrap().json().await.unwrap();
    let eyes = Eyes::of(&house).await;
    let mut cells = BTreeMap::new();
    for role in Role::ALL {
        let division = match role {
            Role::City => "4453",
            Role::County => "445381",
            Role::Canteen => &here,
            Role::Town | Role::Auditor | Role::System | Role::Security => LUOCHENG,
        };
        let clerk = house.clerk(role.code(), *role, division).await;
        for (path, acts) in document["paths"].as_object().unwrap() {
            for (method, told) in acts.as_object().unwrap() {
                if told["security"].as_array().unwrap().is_empty() || method == "delete" {
                    continue;
                }
                let operation = format!("{method} {path}");
                let address = path.replace("{id}", &id(77).to_string()).replace("{hash}", &"ab".repeat(32));
                let request = house.http.request(method.to_uppercase().parse().unwrap(), format!("{}{address}", house.url));
                let last = eyes.last().await;
                let answer = request.header("cookie", &clerk.cookie).json(&json!({})).send().await.unwrap();
                let refused = answer.status() == StatusCode::FORBIDDEN;
                let (of_audit, of_alarms) = (path.starts_with("/api/list/audit"), path.starts_with("/api/list/alarms"));
                let of_accounts = path.starts_with("/api/accounts");
                let own = path == "/api/session" || (path.starts_with("/api/account") && !of_accounts);
                let due = match role {
                    Role::Auditor => !of_audit && !of_alarms && !own,
                    // Which of them does what is held apart in `apart`.
                    Role::System => !own && (!of_accounts || ["confirm", "rights", "enable"].iter().any(|act| path.ends_with(act))),
                    Role::Security => {
                        !own && (!of_accounts
                            || ["link", "disable"].iter().any(|act| path.ends_with(act))
                            || operation == "post /api/accounts")
                    }
                    // Canteens give no codes, and stop nobody's staff.
                    Role::Canteen => of_audit || of_alarms || of_accounts || path == "/api/device-code" || path.starts_with("/api/staff"),
                    _ => of_audit || of_accounts,
                };
                assert_eq!(refused, due, "{role:?} {method} {path}: {}", answer.status());
                let noted = eyes.since(last).await.iter().filter(|row| row.text("event") == "outside_of_scope").count();
                assert_eq!(noted, usize::from(due), "{role:?} {method} {path}");
                cells.insert((role.code(), method.clone(), path.clone()), refused);
            }
        }
    }
    assert!(cells.len() > 100, "{}", cells.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_the_rows_of_its_division_and_their_export_is_noted_too() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "都城镇长者饭堂", "445322100"));
    let (desk, afar) = (house.desk_at(&here).await, house.desk_at(&there).await);
    assert_eq!(desk.push(vec![first_order(&here, 1), first_order(&here, 2)]).await, []);
    let refused = afar.push(vec![first_order(&here, 3)]).await;
    assert_eq!(refused.len(), 1);
    // What brings nothing is not noted.
    let eyes = Eyes::of(&house).await;
    let last = eyes.last().await;
    assert_eq!(desk.push(vec![first_order(&here, 1)]).await, []);
    desk.pull_all().await;
    assert_eq!(events(&eyes.since(last).await), []);

    let (town, county) = (house.clerk("zhen", Role::Auditor, LUOCHENG).await, house.clerk("xian", Role::Auditor, AFAR).await);
    let all = eyes.rows("event=pushed").await;
    let seen = |clerk: &Clerk| {
        let get = clerk.http.get(format!("{}/api/list/audit?event=pushed", clerk.url)).header("cookie", clerk.cookie.clone());
        async move { get.send().await.unwrap().json::<ListPage>().await.unwrap().rows }
    };
    let (of_town, of_county) = (seen(&town).await, seen(&county).await);
    assert_eq!((all.len(), of_town.len(), of_county.len()), (2, 1, 1));
    assert_eq!((of_town[0].text("canteen"), of_town[0].number("device"), of_town[0].text("result")), (here.as_str(), Some(1), "done"));
    assert_eq!((of_county[0].number("device"), of_county[0].text("result"), of_county[0].is("refused")), (Some(2), "refused", true));
    // Two orders, and what the server says of each: nobody knows the elder.
    assert!(of_town[0].text("detail").starts_with("变更条数 4，从第几条 "), "{}", of_town[0].text("detail"));
    assert_eq!(of_county[0].text("detail"), "退回：不归它管 1");
    // An account of the city has no place below it.
    assert!(seen(&town).await.iter().all(|row| row.text("division").starts_with(LUOCHENG)));

    let last = eyes.last().await;
    let answer = eyes.0.get("/api/list/audit/workbook?refused=1").await;
    let bytes = answer.bytes().await.unwrap();
    let mut book = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    let sheet = book.worksheet_range(AUDIT.title.zh).unwrap();
    let noted = eyes.since(last).await;
    assert_eq!(events(&noted), [("list_exported", "done")]);
    let expected =
        format!("列表 审计日志，行数 {}，文件 SHA-256 {}，条件 refused", sheet.rows().len() - 4, hex::encode(Sha256::digest(&bytes)));
    assert_eq!(noted[0].text("detail"), expected);
    let mark = sheet.get_value((1, 0)).unwrap().to_string();
    assert!(
        mark.starts_with(&format!("编号 {} · ", noted[0].text("object"))) && mark.contains(" · shen"),
        "the file leads to its row: {mark}"
    );
    assert_eq!(eyes.rows(&format!("text={}", noted[0].text("object"))).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_by_number_whatever_comes_meanwhile() {
    let house = House::new().await;
    let eyes = Eyes::of(&house).await;
    (0..120).for_each(|_| drop(house.server.city().unwrap()));
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page: ListPage = eyes.0.read(&format!("/api/list/audit?{before}")).await;
        seen.extend(page.rows.iter().map(|row| row.number("number").unwrap()));
        house.server.city().unwrap();
        match page.next {
            Some(next) => before = format!("before={next}"),
            None => break,
        }
    }
    let newest = seen[0];
    assert_eq!(seen, (1..=newest).rev().collect::<Vec<_>>());
    assert!(newest >= 122);
    for (words, many) in [
        ("event=account_added", 1),
        ("text=shen", 4),
        ("text=nobody", 0),
        ("from=2026-11-22&to=2026-11-22&event=account_added", 1),
        ("from=2026-11-23", 0),
        ("to=2026-11-21", 0),
        ("refused=1", 0),
    ] {
        assert_eq!(eyes.rows(words).await.len(), many, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out_and_what_ends_by_itself_is_noted() {
    let house = House::new().await;
    let eyes = Eyes::of(&house).await;
    house.server.add_account("chen", Level::City, "4453", GOOD).unwrap();
    let last = eyes.last().await;
    // A password in the field of the name stands in no row.
    assert_eq!(house.sign_in("Secret-of-Chen-2026", "x").await.status(), StatusCode::UNAUTHORIZED);
    for _ in 0..6 {
        house.sign_in("chen", "wrong2026x").await;
    }
    let rows = eyes.since(last).await;
    let wrong = ("wrong_password", "sign_in");
    assert_eq!(events(&rows), [wrong, wrong, wrong, wrong, wrong, ("sign_in_locked", "sign_in")], "the last one was kept out");
    assert!(rows[0].text("who").is_empty() && rows[0].text("detail").starts_with("没有的账号，标记 "), "{:?}", rows[0]);
    assert!(rows[1..].iter().all(|row| row.text("who") == "chen" && row.text("source") == "127.0.0.1"));
    house.server.unlock_account("chen").unwrap();

    let clerk = |answer: &reqwest::Response| Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie_of(answer) };
    let last = eyes.last().await;
    let (idle, old) = (clerk(&house.sign_in("chen", GOOD).await), clerk(&house.sign_in("chen", GOOD).await));
    for _ in 0..25 {
        house.later(29 * 60);
        old.get("/api/session").await;
        eyes.0.get("/api/session").await;
    }
    let again = house.clerk("shen2", Role::Auditor, "4453").await;
    assert_eq!(old.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(idle.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    let rows = Eyes(again).since(last).await;
    let mut ended: Vec<(&str, &str)> =
        rows.iter().map(|row| (row.text("event"), row.text("who"))).filter(|(event, _)| event.starts_with("session_")).collect();
    ended.sort_unstable();
    assert_eq!(ended, [("session_idle", "chen"), ("session_over", "chen"), ("session_over", "shen")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_shutting_out_and_foreign_places_are_noted() {
    let house = House::new().await;
    let eyes = Eyes::of(&house).await;
    let here = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let last = eyes.last().await;
    let desk = house.desk_at(&here).await;
    assert_eq!(house.enrol("1234-5678").await.status(), StatusCode::FORBIDDEN);
    for _ in 0..3 {
        let mut forged = desk.envelope(&Ask::Exchange(Exchange::default()));
        *forged.last_mut().unwrap() ^= 1;
        assert_eq!(desk.send(forged).await.unwrap().status(), StatusCode::BAD_REQUEST);
    }
    house.server.revoke_device(1).unwrap();
    for _ in 0..3 {
        assert_eq!(desk.ask(&Ask::Exchange(Exchange::default())).await, shared::sync::Answer::ShutOut);
    }
    let town = house.clerk("lu", Level::Town, LUOCHENG).await;
    assert_eq!(town.get("/api/overview?division=4453").await.status(), StatusCode::FORBIDDEN);
    let answer = town.get("/api/list/orders?canteen=C999").await;
    let request = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let rows = eyes.since(last).await;
    let kept: Vec<(&str, &str)> = events(&rows);
    let done = |event| (event, "done");
    let outside = ("outside_of_scope", "forbidden");
    assert_eq!(
        kept,
        [
            done("device_code"),
            done("device_enrolled"),
            ("device_enrolled", "refused"),
            ("envelope_refused", "bad_input"),
            done("device_revoked"),
            ("device_shut_out", "not_enrolled"),
            done("account_added"),
            done("signed_in"),
            outside,
            outside,
        ]
    );
    let last = rows.last().unwrap();
    assert_eq!((last.text("who"), last.text("object"), last.text("request")), ("lu", "get /api/list/orders", request.as_str()));
    assert_eq!(last.text("division"), LUOCHENG);
}
