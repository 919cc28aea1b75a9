//! Sessions, scopes, figures and the page.

use super::kit::*;
use super::own::shown;
use reqwest::StatusCode;
use shared::console::*;
use shared::crdt::{fields, next_change};
use shared::fault::{Code, Fault};
use shared::kinds::*;
use shared::list::{ListPage, ListRecord};
use shared::money::Fen;
use shared::rule::doubt::counts;
use shared::rule::order::needs_receipt;
use shared::schema::*;
use shared::sync::{Ask, Exchange};
use std::collections::BTreeMap;

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
const DAYS: &str = "from=2026-11-01&to=2026-11-30";

#[tokio::test(flavor = "multi_thread")]
async fn f14_sessions_open_idle_out_and_end() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let session: Session = clerk.read("/api/session").await;
    assert_eq!((session.name.as_str(), session.division_name.is_empty()), ("chen", false));
    house.later(29 * 60);
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK, "seen, so it goes on");
    house.later(29 * 60);
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK);
    house.later(31 * 60);
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);

    let again = house.sign_in("chen", "yufan2026x").await;
    let clerk = Clerk { cookie: cookie_of(&again), ..clerk };
    let gone = house.http.delete(format!("{}/api/session", house.url)).header("cookie", &clerk.cookie).send().await.unwrap();
    assert_eq!(gone.headers()["clear-site-data"], "\"cache\"");
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_lock_and_unknown_names_answer_alike() {
    let house = House::new().await;
    house.server.add_account("chen", Level::City, "4453", "yufan2026x").unwrap();
    for round in 0..6 {
        let known = house.sign_in("chen", "wrong2026x").await;
        let unknown = house.sign_in("nobody", "wrong2026x").await;
        assert_eq!(known.status(), unknown.status());
        assert_eq!(known.status(), if round < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS });
        assert_eq!(known.json::<Fault>().await.unwrap(), unknown.json::<Fault>().await.unwrap());
    }
    assert_eq!(house.sign_in("chen", "yufan2026x").await.status(), StatusCode::TOO_MANY_REQUESTS, "right but locked");
    house.later(15 * 60);
    assert_eq!(house.sign_in("chen", "yufan2026x").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_made_once_by_its_link() {
    let house = House::new().await;
    let token = house.server.first_link().unwrap().unwrap();
    let ask = |code| SignIn { name: "chen".into(), password: "yufan2026x".into(), code };
    let try_with = |token: String| house.http.post(format!("{}/api/first-account", house.url)).json(&ask(token)).send();
    assert_eq!(try_with("00".into()).await.unwrap().status(), StatusCode::FORBIDDEN);
    let made = try_with(token.clone()).await.unwrap();
    cookie_of(&made);
    assert_eq!(made.json::<Session>().await.unwrap().division, "4453");
    assert_eq!(try_with(token).await.unwrap().status(), StatusCode::FORBIDDEN);
    assert!(house.server.first_link().unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_can_not_act_and_every_answer_is_guarded() {
    let house = House::new().await;
    let url = format!("{}/api/session", house.url);
    let ask = SignIn { name: "chen".into(), password: "x".into(), ..SignIn::default() };
    for (name, value) in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")] {
        let answer = house.http.post(&url).header(name, value).json(&ask).send().await.unwrap();
        assert_eq!(answer.json::<Fault>().await.unwrap().code, Code::Forbidden);
    }
    let own = house.http.post(&url).header("origin", &house.url).header("sec-fetch-site", "same-origin").json(&ask).send().await.unwrap();
    assert_eq!(own.status(), StatusCode::UNAUTHORIZED);
    for path in ["/", "/first", "/api/session", "/api/nothing", "/v2/nothing", "/no.file"] {
        let answer = house.http.get(format!("{}{path}", house.url)).send().await.unwrap();
        let headers = answer.headers();
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        for name in ["cross-origin-opener-policy", "cross-origin-resource-policy"] {
            assert_eq!(headers[name], "same-origin", "{path}");
        }
        assert!(headers["permissions-policy"].to_str().unwrap().contains("geolocation=()"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "no browser is sent to a TLS that there is not");
        let is_page = matches!(path, "/" | "/first");
        assert_eq!(headers["content-type"].to_str().unwrap().starts_with("text/html"), is_page, "{path}");
        if path.starts_with("/api") {
            assert_eq!(headers["cache-control"], "no-store");
        }
        if is_page {
            let again =
                house.http.get(format!("{}{path}", house.url)).header("if-none-match", headers["etag"].clone()).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            let packed = house.http.get(format!("{}{path}", house.url)).header("accept-encoding", "br, gzip").send().await.unwrap();
            assert_eq!(packed.headers()["content-encoding"], "gzip");
            assert_eq!(packed.bytes().await.unwrap()[..2], [0x1f, 0x8b]);
        }
    }
    let by_tls = house.http.get(&house.url).header("x-forwarded-proto", "https").send().await.unwrap();
    assert_eq!(by_tls.headers()["strict-transport-security"], "max-age=31536000", "the proxy of the machine says so");
    // A desk shows no page: its answers say that they are none, and spend nothing on the rest.
    let desk = house.desk_at(&canteen_of(&house, "罗城街道长者饭堂", LUOCHENG)).await;
    let request = house.http.post(format!("{}/v2/sync", house.url)).header("x-forwarded-proto", "https");
    let answer = request.body(desk.envelope(&Ask::Exchange(Exchange::default()))).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut heads: Vec<&str> = answer.headers().keys().map(|name| name.as_str()).collect();
    heads.sort_unstable();
    assert_eq!(heads, ["cache-control", "content-length", "content-type", "date", "x-content-type-options"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_its_own_place_and_no_other() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let desk = house.desk_at(&here).await;
    let mut done = order(&here, id(1));
    done.state = OrderState::Delivered;
    let changes = vec![
        first(1, id(1), &elder(Some(&here), "445381001008")),
        first(1, id(2), &done),
        first(1, id(2), &receipt(&here, id(2), &[&"ab".repeat(32)])),
    ];
    assert_eq!(desk.push(changes).await, []);

    let city = house.clerk("city", Level::City, "4453").await;
    let town = house.clerk("town", Level::Town, LUOCHENG).await;
    let own = house.clerk("own", Level::Canteen, &here).await;
    let other = house.clerk("other", Level::Canteen, &there).await;
    let order_path = format!("/api/list/orders/{}", id(2));
    for clerk in [&city, &town, &own] {
        let ledger: ListPage = clerk.read(&format!("/api/list/orders?{DAYS}")).await;
        assert_eq!((ledger.total, ledger.sums.get("price")), (1, Some(&Value::Int(1_200))));
        let row = &ledger.rows[0];
        assert_eq!((row.text("phone"), row.text("address"), row.text("village")), ("", "", "445381001008"));
        assert_eq!((row.text("name"), row.text("canteen"), row.number("photos")), ("王桂英", here.as_str(), Some(1)));
        assert_eq!(ListPage::name(&ledger.names, "canteen", &here), Some("罗城街道长者饭堂"));
        assert_eq!(ListPage::name(&ledger.names, "village", "445381001008"), Some("细坑社区"));
        let one: ListRecord = clerk.read(&order_path).await;
        let photos = one.photos.unwrap();
        assert_eq!((&one.row, photos.pending, photos.received_at), (row, 1, Some(sync_server::civil(NOON))));
        assert!(one.history[0].words.iter().any(|word| word == "状态 已送达"), "{:?}", one.history);
    }
    let nothing: ListPage = other.read(&format!("/api/list/orders?{DAYS}")).await;
    assert_eq!((nothing.total, nothing.rows.len(), nothing.sums.get("price")), (0, 0, Some(&Value::Int(0))));
    assert_eq!(other.get(&order_path).await.status(), StatusCode::NOT_FOUND);
    for foreign in [format!("canteen={here}"), format!("division={LUOCHENG}"), "canteen=C999".into()] {
        assert_eq!(other.get(&format!("/api/overview?{foreign}")).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(other.get(&format!("/api/list/orders?{foreign}")).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(town.get(&format!("/api/overview?division={SUBIN}")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(town.read::<ListPage>("/api/list/devices").await.total, 1);
    assert_eq!(other.read::<ListPage>("/api/list/devices").await.rows, []);

    let county: Overview = city.read(&format!("/api/overview?division=445381&{DAYS}")).await;
    assert_eq!(county.trail.iter().map(|site| site.code.as_str()).collect::<Vec<_>>(), ["4453", "445381"]);
    assert_eq!((county.totals.canteens, county.totals.meals, county.totals.receipts, county.devices), (2, 1, 1, (1, 0)));
    let canteen: Overview = city.read(&format!("/api/overview?canteen={here}&{DAYS}")).await;
    assert_eq!(canteen.trail.len(), 4);
    assert_eq!((canteen.children.len(), canteen.days.len()), (0, 14));

    let code = |clerk: &Clerk, body: serde_json::Value| {
        clerk.http.post(format!("{}/api/device-code", clerk.url)).header("cookie", &clerk.cookie).json(&body).send()
    };
    assert_eq!(code(&own, serde_json::json!({ "canteen": here })).await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(code(&town, serde_json::json!({ "canteen": there })).await.unwrap().status(), StatusCode::FORBIDDEN);
    let secret = town.with_factor(&house, "yufan2026x").await;
    let ask = serde_json::json!({ "canteen": here, "code": shown(&secret, house.time()) });
    let given: serde_json::Value = code(&town, ask).await.unwrap().json().await.unwrap();
    assert_eq!(house.enrol(given["code"].as_str().unwrap()).await.status(), StatusCode::OK);
}

/// A small generator: the same seed, the same test.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_equal_a_recount_after_random_pushes() {
    let seed = 20_261_122;
    let mut dice = Dice(seed);
    let house = House::new().await;
    let codes: Vec<String> = [LUOCHENG, SUBIN].iter().map(|town| canteen_of(&house, &format!("饭堂 {town}"), town)).collect();
    let desks = [house.desk_at(&codes[0]).await, house.desk_at(&codes[1]).await];
    let mut histories: BTreeMap<(usize, u128), Vec<Vec<u8>>> = BTreeMap::new();
    let mut receipts: Vec<u128> = Vec::new();
    for _ in 0..40 {
        let at = dice.roll(2);
        let mut changes = Vec::new();
        for _ in 0..5 {
            let number = 100 + dice.roll(20) as u128 + 1000 * at as u128;
            let record = id(number);
            let history = histories.entry((at, number)).or_default();
            let actor_number = 3 + dice.roll(200) as u8;
            if history.is_empty() {
                // Some are nobody's, and some ask for a second meal.
                let person = number - number % 100 + number % 100 / 2 * 2;
                if !number.is_multiple_of(7) {
                    changes.push(first(1, id(person + (1 << 64)), &elder(Some(&codes[at]), [LUOCHENG, SUBIN][at])));
                }
                let mut new = order(&codes[at], id(person + (1 << 64)));
                new.mode = Mode::ALL[dice.roll(3)];
                new.state = OrderState::ALL[dice.roll(8)];
                let change = first(1, record, &new);
                history.push(change.bytes.clone());
                changes.push(change);
            } else if dice.roll(4) == 0 && !receipts.contains(&number) {
                receipts.push(number);
                changes.push(first(1, record, &receipt(&codes[at], record, &[])));
            } else {
                let day = format!("2026-11-{:02}", 10 + dice.roll(10));
                let edit = match dice.roll(3) {
                    0 => ("state", Value::Text(OrderState::ALL[dice.roll(8)].code().into())),
                    1 => ("date", Value::Text(day.into())),
                    _ => ("price", Value::Int(dice.roll(5000) as i64)),
                };
                let edit = Fields::from([(edit.0.into(), edit.1)]);
                // Concurrent edits: some do not know the last one.
                let known = if dice.roll(3) == 0 { 1 } else { history.len() };
                let Ok(change) = next_change(&actor(actor_number), &history[..known], &edit, NOON) else { continue };
                let change = wire_of(RecordKind::Order, record, change);
                if desks[at].push(vec![change.clone()]).await.is_empty() {
                    history.push(change.bytes);
                }
            }
            if !changes.is_empty() {
                assert_eq!(desks[at].push(std::mem::take(&mut changes)).await, []);
            }
        }
    }
    // As the desks are told; a doubt has the id of its order.
    let mut doubts = BTreeMap::<[u8; 16], Vec<Vec<u8>>>::new();
    for desk in &desks {
        for change in held_by(desk).await.into_iter().filter(|change| change.kind == "doubt") {
            doubts.entry(change.record).or_default().push(change.bytes);
        }
    }
    let doubtful = |number: u128| {
        let doubt = doubts.get(id(number).0.as_bytes()).map(|history| Doubt::from_fields(&fields(history).unwrap()).unwrap());
        doubt.is_some_and(|doubt| !counts(doubt.reason, doubt.verdict))
    };
    let mut expect = [Counts { canteens: 1, ..Counts::default() }; 2];
    for ((at, number), history) in &histories {
        let order = Order::from_fields(&fields(history).unwrap()).unwrap();
        if order.state == OrderState::Cancelled || doubtful(*number) {
            continue;
        }
        let due = needs_receipt(order.mode, order.state);
        expect[*at].add(&Counts {
            canteens: 0,
            meals: 1,
            pick_up: u64::from(order.mode == Mode::PickUp),
            own_delivery: u64::from(order.mode == Mode::OwnDelivery),
            third_party: u64::from(order.mode == Mode::ThirdParty),
            served: u64::from(matches!(order.state, OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp)),
            not_delivered: u64::from(order.state == OrderState::NotDelivered),
            receipts_due: u64::from(due),
            receipts: u64::from(due && receipts.contains(number)),
            amount: order.price,
        });
    }
    let clerk = house.clerk("city", Level::City, "4453").await;
    for (code, expect) in codes.iter().zip(expect) {
        let overview: Overview = clerk.read(&format!("/api/overview?canteen={code}&{DAYS}")).await;
        assert_eq!(overview.totals, expect, "replay with seed {seed}");
        let missing: ListPage = clerk.read(&format!("/api/list/orders?canteen={code}&{DAYS}&missing=1")).await;
        assert_eq!(missing.total, expect.receipts_due - expect.receipts);
        let all: ListPage = clerk.read(&format!("/api/list/orders?canteen={code}&{DAYS}")).await;
        assert_eq!(all.sums.get("price"), Some(&Value::Int(expect.amount.0)), "card and list, replay with seed {seed}");
    }
    assert!(house.server.verify().unwrap().ok, "replay with seed {seed}");
    let mut both = expect[0];
    both.add(&expect[1]);
    let county: Overview = clerk.read(&format!("/api/overview?division=445381&{DAYS}")).await;
    assert_eq!(county.totals, both);
    assert_ne!(both.amount, Fen::ZERO);
    for desk in &desks {
        let (pulled, _, sum) = desk.pull_all().await;
        assert_eq!(sum, sum_of(&pulled));
    }
}
