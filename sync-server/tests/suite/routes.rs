//! Each route has its event in the audit log, or says why it has none.

use super::apart::{Admins, asking};
use super::audit::{Eyes, GOOD, events};
use super::kit::*;
use super::lived_in::lived_in;
use super::own::shown;
use super::second_factor::Holder;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value as Json, json};
use shared::console::{CodeAsk, FactorBegun, OwnAccount, ToSign};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::kinds::*;
use shared::list::{ListPage, ListSpec};
use shared::rule::disclosure::ALONE;
use shared::sync::{Ask, Exchange};

/// What each operation of the document leaves behind when it goes well; a reason where that is nothing.
fn expected(operation: &str) -> Result<&'static [&'static str], &'static str> {
    if let Some(rest) = operation.strip_prefix("get /api/list/") {
        let list = ListSpec::find(rest.split('/').next().unwrap()).unwrap();
        return match rest.strip_prefix(list.name).unwrap() {
            "/workbook" => Ok(&["list_exported"]),
            "/{id}" => Ok(&["record_read"]),
            "" if list.name == "operators" => Ok(&["list_read"]),
            "" => Err("its pages show no numbers of people"),
            other => panic!("{other} of a list is new: which event has it?"),
        };
    }
    match operation {
        "post /api/first-account" => Ok(&["first_account", "signed_in"]),
        "post /api/session" => Ok(&["signed_in"]),
        "delete /api/session" => Ok(&["signed_out"]),
        "post /api/device-code" => Ok(&["factor_used", "device_code"]),
        "post /api/session/challenge" | "post /api/account/challenge" => Err("what is to be signed opens nothing"),
        "post /api/account/keys" => Ok(&["key_begun"]),
        "post /api/account/keys/confirm" => Ok(&["key_added"]),
        "post /api/account/keys/{id}/end" => Ok(&["key_ended"]),
        "post /api/account/factor" => Ok(&["factor_begun"]),
        "post /api/account/factor/confirm" => Ok(&["factor_confirmed"]),
        "post /api/account/factor/end" => Ok(&["factor_ended"]),
        "post /api/account/password" => Ok(&["password_changed"]),
        "delete /api/account/sessions/{id}" => Ok(&["session_ended"]),
        "get /api/account" => Err("it is one's own"),
        "post /api/invitation" => Err("whoever holds the link is shown for whom it is"),
        "post /api/invitation/password" => Ok(&["invitation_taken"]),
        "get /api/accounts" => Ok(&["accounts_listed"]),
        "get /api/accounts/places" => Err("places, of no person"),
        "post /api/accounts" => Ok(&["account_invited"]),
        "post /api/accounts/{id}/link" => Ok(&["link_given"]),
        "post /api/accounts/{id}/disable" => Ok(&["account_disabled"]),
        "delete /api/accounts/{id}/sessions" => Ok(&["sessions_ended"]),
        "post /api/accounts/{id}/confirm" => Ok(&["account_confirmed"]),
        "post /api/accounts/{id}/rights" => Ok(&["rights_assigned"]),
        "post /api/accounts/{id}/enable" => Ok(&["account_enabled"]),
        "delete /api/accounts/{id}/lock" => Ok(&["account_unlocked"]),
        "delete /api/accounts/{id}/factor" => Ok(&["factor_reset"]),
        "post /api/staff/{id}/disable" => Ok(&["staff_disabled"]),
        "post /api/staff/{id}/enable" => Ok(&["staff_enabled"]),
        "post /api/staff/{id}/pin" => Ok(&["staff_pin_reset"]),
        "post /api/export" => Ok(&["export_asked"]),
        "post /api/export/{number}" => Ok(&["export_agreed"]),
        "get /api/photo/{hash}" => Ok(&["photo_read"]),
        "post /v2/enrol" => Ok(&["device_enrolled"]),
        "post /v2/sync" => Ok(&["pushed"]),
        "get /api/session" => Err("who asks is known, and nothing else is said"),
        "get /api/overview" => Err("figures of places, of no person"),
        "post /v2/hello" | "get /api/openapi.json" | "get /health" | "get /ready" => Err("it is for everybody"),
        other => panic!("{other} is new: which event has it?"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_leaves_its_event_behind() {
    let house = House::new().await;
    let token = house.server.first_link().unwrap().unwrap();
    let sign_in = json!({ "name": "chen", "password": GOOD });
    let at = |path: &str| format!("{}{path}", house.url);
    let first =
        house.http.post(at("/api/first-account")).json(&json!({ "name": "chen", "password": GOOD, "code": token })).send().await.unwrap();
    assert_eq!(first.status(), StatusCode::OK);
    let eyes = Eyes::of(&house).await;
    let begun = eyes.since(0).await;
    let done = |event| (event, "done");
    assert!(events(&begun).windows(2).any(|two| two == [done("first_account"), done("signed_in")]), "{:?}", events(&begun));

    let (here, _, hash) = lived_in(&house).await;
    let (desk, speaking) = (house.desk_at(&here).await, house.desk_at(&here).await);
    let cookie = cookie_of(&house.sign_in("chen", GOOD).await);
    let other = Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie.clone() };
    let second = house.clerk("lin", Role::City, "4453").await;
    let crypto = SoftProvider::new();
    let public_key = crypto.public_key(&crypto.new_key().unwrap()).unwrap();
    let code = house.server.device_code(Some(&here), None).unwrap().code;
    let enrol = enrolling(&house.url, &code, "电脑", &public_key).await;

    let document: Json = house.http.get(at("/api/openapi.json")).send().await.unwrap().json().await.unwrap();
    let admins = Admins::of(&house, "", "4453").await;
    // Whose password and second factor come and go.
    let own = house.clerk("yuan", Level::City, "4453").await;
    let (mut secret, mut password, mut probed) = (String::new(), GOOD, 0);
    let (holder, mut begun) = (Holder::new(), ToSign::default());
    let yao = house.clerk("yao", Level::City, "4453").await;
    yao.add_key("U 盘", "").await;
    for (path, acts) in document["paths"].as_object().unwrap() {
        for method in acts.as_object().unwrap().keys().rev() {
            let operation = format!("{method} {path}");
            if operation == "post /api/first-account" {
                continue;
            }
            let audit = path.starts_with("/api/list/audit");
            let of_accounts = path.starts_with("/api/accounts");
            let of_own = (path.starts_with("/api/account") && !of_accounts) || path == "/api/device-code";
            let by_security = ["confirm", "rights", "enable", "lock", "factor"].iter().any(|act| path.ends_with(act));
            let cookie = match (audit, of_accounts, of_own) {
                (true, ..) => &eyes.0.cookie,
                (_, true, _) => [&admins.system.cookie, &admins.security.cookie][usize::from(by_security)],
                (.., true) => &own.cookie,
                _ => &cookie,
            };
            let mut address = path.replace("{hash}", &hash);
            let mut token = String::new();
            if path.starts_with("/api/invitation") {
                token = admins.invite(&format!("lai{probed}"), Role::Town, "445381001").await;
            }
            if path.starts_with("/api/accounts/{id}") {
                let id = admins.waiting(&house, &format!("mou{probed}"), Role::Town, "445381001").await;
                if path.ends_with("enable") {
                    let disable = admins.system.post(&format!("/api/accounts/{id}/disable"), &json!({})).await;
                    assert_eq!(disable.status(), StatusCode::NO_CONTENT);
                }
                address = path.replace("{id}", &id);
            } else if path.starts_with("/api/staff/") {
                let page: ListPage = other.read("/api/list/staff").await;
                address = path.replace("{id}", &page.rows[0].id.to_string());
            } else if path.starts_with("/api/account/keys/{id}") {
                let account: OwnAccount = own.read("/api/account").await;
                address = path.replace("{id}", &account.keys[0].id);
                begun = own.post("/api/account/challenge", &json!({})).await.json().await.unwrap();
            } else if path.starts_with("/api/account/sessions/") {
                house.sign_in("yuan", password).await;
                let account: OwnAccount = own.read("/api/account").await;
                address = path.replace("{id}", &account.sessions.iter().find(|session| !session.here).unwrap().id);
            } else if let Some(list) = path.strip_suffix("/{id}") {
                let page: ListPage = house.http.get(at(list)).header("cookie", cookie).send().await.unwrap().json().await.unwrap();
                address = format!("{list}/{}", page.rows[0].id);
            }
            if let Some(list) = path.strip_suffix("/workbook").and_then(|path| ListSpec::find(path.rsplit('/').next()?))
                && list.about.is_some()
            {
                let words = if list.name == "elders" { "village=445381001008" } else { "" };
                assert_eq!(other.ask_export(list.name, words).await.status(), StatusCode::OK, "{path}");
                address = format!("{path}?{words}");
            }
            if operation == "post /api/export/{number}" {
                assert_eq!(desk.push(people(&here, 2 * ALONE).into_iter().filter(|one| one.record[15] % 2 == 1).collect()).await, []);
                let told: shared::fault::Fault = second.ask_export("elders", "").await.json().await.unwrap();
                let number = told.happened.rsplit_once(' ').unwrap().1.trim_end_matches('。').to_owned();
                address = format!("/api/export/{number}");
            }
            house.later(if of_own { 30 } else { 0 });
            if operation == "post /api/device-code" {
                secret = own.with_factor(&house, password).await;
            }
            let code = || shown(&secret, house.time());
            let last = eyes.last().await;
            let request: RequestBuilder = match operation.as_str() {
                "post /api/session" => house.http.post(at(path)).json(&sign_in),
                // Another session of its own, so that the one here goes on.
                "delete /api/session" => {
                    let other = cookie_of(&house.sign_in("chen", GOOD).await);
                    house.http.delete(at(path)).header("cookie", other)
                }
                "post /api/device-code" => house.http.post(at(path)).header("cookie", cookie).json(&CodeAsk {
                    canteen: Some(here.clone()),
                    code: code(),
                    ..CodeAsk::default()
                }),
                "post /api/invitation" | "post /api/invitation/password" => {
                    house.http.post(at(path)).json(&json!({ "token": token, "password": GOOD }))
                }
                "post /api/accounts" => house.http.post(at(path)).header("cookie", cookie).json(&asking("xinren", Role::Town, "445381001")),
                "post /api/accounts/{id}/confirm" | "post /api/accounts/{id}/rights" => {
                    let rights = json!({ "role": "town", "division": "445381001" });
                    house.http.post(at(&address)).header("cookie", cookie).json(&rights)
                }
                "post /api/session/challenge" => house.http.post(at(path)).json(&json!({ "name": "yao", "password": GOOD })),
                "post /api/account/challenge" => house.http.post(at(path)).header("cookie", &yao.cookie),
                "post /api/account/keys/confirm" => house.http.post(at(path)).header("cookie", cookie).json(&holder.added("U 盘", &begun)),
                "post /api/account/keys/{id}/end" => {
                    house.http.post(at(&address)).header("cookie", cookie).json(&json!({ "code": holder.sign(&begun) }))
                }
                "post /api/account/factor" | "post /api/account/keys" => {
                    house.http.post(at(path)).header("cookie", cookie).json(&json!({ "password": password }))
                }
                "post /api/account/factor/confirm" | "post /api/account/factor/end" => {
                    house.http.post(at(path)).header("cookie", cookie).json(&json!({ "code": code() }))
                }
                "post /api/account/password" => {
                    house.http.post(at(path)).header("cookie", cookie).json(&json!({ "old": GOOD, "new": "shanshui2027y" }))
                }
                "post /api/export" => house.http.post(at(&exporting(&[("list", "orders"), ("reason", "family")]))).header("cookie", cookie),
                "post /v2/hello" => house.http.post(at(path)).json(&json!({ "nonce": "07".repeat(16) })),
                "post /v2/enrol" => house.http.post(at(path)).json(&enrol),
                "post /v2/sync" => {
                    assert_eq!(speaking.push(vec![first_order(&here, 900)]).await, []);
                    let nothing = Ask::Exchange(Exchange::default());
                    house.http.post(at(path)).body(speaking.envelope(&nothing))
                }
                _ => house.http.request(method.to_uppercase().parse().unwrap(), at(&address)).header("cookie", cookie),
            };
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{operation}: {}", answer.status());
            if operation == "post /api/account/password" {
                password = "shanshui2027y";
            }
            if operation == "post /api/account/factor" {
                secret = answer.json::<FactorBegun>().await.unwrap().secret;
            } else if operation == "post /api/account/keys" {
                begun = answer.json().await.unwrap();
            }
            let rows = eyes.since(last).await;
            let left: Vec<&str> = rows
                .iter()
                .map(|row| row.text("event"))
                .filter(|event| *event != "signed_in" || operation == "post /api/session")
                .collect();
            match expected(&operation) {
                Ok(events) => assert_eq!(left, events, "{operation}"),
                Err(why) => assert_eq!(left, [""; 0], "{operation}: {why}"),
            }
            assert!(rows.iter().all(|row| row.text("result") == "done"), "{operation}");
            probed += 1;
        }
    }
    assert!(probed > 30, "{probed}");
    // Whoever reads on is noted once.
    let last = eyes.last().await;
    let read = |path: String| house.http.get(at(&path)).header("cookie", &cookie).send();
    for _ in 0..3 {
        read("/api/list/operators".into()).await.unwrap();
        read(format!("/api/photo/{hash}")).await.unwrap();
    }
    assert_eq!(events(&eyes.since(last).await), []);
    house.later(15 * 60);
    read("/api/list/operators".into()).await.unwrap();
    assert_eq!(events(&eyes.since(last).await), [("list_read", "done")]);
}

pub(super) fn first_order(canteen: &str, number: u128) -> shared::wire::WireChange {
    first(1, id(number), &order(canteen, id(1)))
}
