//! Three administrators apart: nobody makes, confirms or changes an account alone, of their own or of elsewhere; whoever was invited chooses the
//! password, and an administrator without a second factor does nothing.

use super::audit::{Eyes, GOOD, events};
use super::kit::*;
use super::own::{said, shown};
use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};
use shared::console::*;
use shared::fault::{Code, Fault};
use shared::kinds::*;
use std::collections::{BTreeMap, BTreeSet};

const LUOCHENG: &str = "445381001";
const OTHER: &str = "shanshui2027y";

/// A division's system administrator and its security administrator.
pub(super) struct Admins {
    pub(super) system: Clerk,
    pub(super) security: Clerk,
}

impl Admins {
    pub(super) async fn of(house: &House, mark: &str, division: &str) -> Self {
        Self {
            system: house.clerk(&format!("xitong{mark}"), Role::System, division).await,
            security: house.clerk(&format!("anquan{mark}"), Role::Security, division).await,
        }
    }

    /// An account as the security administrator sees it.
    pub(super) async fn seen(&self, name: &str) -> AccountShown {
        let page: AccountsPage = self.security.read(&format!("/api/accounts?text={name}")).await;
        page.rows.into_iter().find(|row| row.name == name).unwrap()
    }

    /// Invites somebody; gives what the link carries.
    pub(super) async fn invite(&self, name: &str, role: Role, division: &str) -> String {
        token_of(self.system.post("/api/accounts", &asking(name, role, division)).await).await
    }

    /// Somebody who was invited and chose a password; gives the id of the account.
    pub(super) async fn waiting(&self, house: &House, name: &str, role: Role, division: &str) -> String {
        let token = self.invite(name, role, division).await;
        assert_eq!(take(house, &token, GOOD).await, Ok(()));
        self.seen(name).await.id
    }

    async fn confirms(&self, id: &str, role: Role, division: &str) -> Result<(), Code> {
        said(self.security.post(&format!("/api/accounts/{id}/confirm"), &json!({ "role": role, "division": division })).await).await
    }
}

/// How somebody is invited, another person for each name.
pub(super) fn asking(name: &str, role: Role, division: &str) -> Json {
    let number = name.bytes().fold(0_u32, |number, byte| (number * 31 + u32::from(byte)) % 100_000_000);
    json!({ "name": name, "person": "陈敏", "phone": format!("138{number:08}"), "role": role, "division": division })
}

pub(super) async fn token_of(answer: reqwest::Response) -> String {
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.text().await);
    let given: LinkGiven = answer.json().await.unwrap();
    given.link.strip_prefix("/invited#").unwrap().to_owned()
}

pub(super) async fn take(house: &House, token: &str, password: &str) -> Result<(), Code> {
    let ask = json!({ "token": token, "password": password });
    said(house.http.post(format!("{}/api/invitation/password", house.url)).json(&ask).send().await.unwrap()).await
}

async fn look(house: &House, token: &str) -> Result<Invitation, Code> {
    let answer = house.http.post(format!("{}/api/invitation", house.url)).json(&json!({ "token": token })).send().await.unwrap();
    if answer.status().is_success() { Ok(answer.json().await.unwrap()) } else { Err(answer.json::<Fault>().await.unwrap().code) }
}

async fn signed_in(house: &House, name: &str, password: &str) -> (Clerk, Session) {
    let answer = house.sign_in(name, password).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = cookie_of(&answer);
    (Clerk { url: house.url.clone(), http: house.http.clone(), cookie }, answer.json().await.unwrap())
}

/// A way to act on an account, and what is sent.
fn acts(id: &str) -> Vec<(Method, String, Json)> {
    let rights = json!({ "role": "town", "division": LUOCHENG });
    let at = |act: &str| format!("/api/accounts/{id}/{act}");
    vec![
        (Method::POST, "/api/accounts".into(), asking("xinren", Role::Town, LUOCHENG)),
        (Method::POST, at("link"), Json::Null),
        (Method::POST, at("disable"), Json::Null),
        (Method::DELETE, at("sessions"), Json::Null),
        (Method::POST, at("confirm"), rights.clone()),
        (Method::POST, at("rights"), rights),
        (Method::POST, at("enable"), Json::Null),
        (Method::DELETE, at("lock"), Json::Null),
        (Method::DELETE, at("factor"), Json::Null),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_takes_two_persons_and_its_password_a_third() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let eyes = Eyes::of(&house).await;
    let last = eyes.last().await;
    let token = admins.invite("liang", Role::Town, LUOCHENG).await;
    assert_eq!(token.len(), 64, "32 random bytes");
    let invitation = look(&house, &token).await.unwrap();
    assert_eq!((invitation.name.as_str(), invitation.role, invitation.place.as_str()), ("liang", Role::Town, "罗城街道"));
    let seen = admins.seen("liang").await;
    assert_eq!((seen.state, seen.asked_by.as_deref()), (AccountState::Invited, Some("xitong")));
    assert_eq!(house.sign_in("liang", "").await.status(), StatusCode::UNAUTHORIZED, "no password is none");
    assert_eq!(admins.confirms(&seen.id, Role::Town, LUOCHENG).await, Err(Code::NotNow), "nobody holds it yet");

    for weak in ["yufan", "liang2026x", "password1"] {
        assert_eq!(take(&house, &token, weak).await, Err(Code::BadInput), "{weak}");
    }
    assert_eq!(take(&house, &token, GOOD).await, Ok(()));
    assert_eq!(take(&house, &token, OTHER).await, Err(Code::Forbidden), "once");
    assert_eq!(look(&house, &token).await, Err(Code::Forbidden));
    let (clerk, session) = signed_in(&house, "liang", GOOD).await;
    assert_eq!(session.elsewhere.as_deref(), Some("/account"));
    assert!(clerk.read::<OwnAccount>("/api/account").await.waits);
    for path in ["/api/overview", "/api/list/orders", "/api/list/orders/workbook"] {
        assert_eq!(said(clerk.get(path).await).await, Err(Code::NotNow), "{path}");
    }

    assert_eq!(admins.seen("liang").await.state, AccountState::Waiting);
    assert_eq!(admins.confirms(&seen.id, Role::City, "4453").await, Err(Code::NotNow), "not what stands there");
    assert_eq!(admins.confirms(&seen.id, Role::Town, LUOCHENG).await, Ok(()));
    assert_eq!(clerk.get("/api/overview").await.status(), StatusCode::OK);
    assert_eq!(clerk.read::<Session>("/api/session").await.elsewhere, None);
    assert_eq!(admins.seen("liang").await.state, AccountState::InUse);
    let rows = eyes.since(last).await;
    let noted: Vec<(&str, &str)> = events(&rows).into_iter().filter(|(event, _)| !event.starts_with("wrong")).collect();
    let done = |event| (event, "done");
    assert_eq!(
        noted,
        [
            done("account_invited"),
            done("accounts_listed"),
            ("account_confirmed", "not_now"),
            done("invitation_taken"),
            done("signed_in"),
            ("account_confirmed", "not_now"),
            done("account_confirmed"),
        ]
    );
    let whom: BTreeSet<(&str, &str, &str)> = rows.iter().map(|row| (row.text("event"), row.text("who"), row.text("object"))).collect();
    let about = |object: &str| {
        whom.iter().find(|(event, ..)| *event == "account_confirmed").is_some_and(|row| row.1 == "anquan" && row.2.contains(object))
    };
    assert!(about("liang"), "{whom:?}");
    assert!(rows.iter().all(|row| !row.text("detail").contains(&token) && !row.text("object").contains(&token)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_its_time_with_the_next_one_and_with_the_invitation() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let late = admins.invite("liang", Role::Town, LUOCHENG).await;
    let id = admins.seen("liang").await.id;
    let next = token_of(admins.system.post(&format!("/api/accounts/{id}/link"), &json!({})).await).await;
    assert_eq!(take(&house, &late, GOOD).await, Err(Code::Forbidden), "another one was given");
    let withdrawn = admins.invite("lin", Role::Canteen, &canteen_of(&house, "罗城街道长者饭堂", LUOCHENG)).await;
    let other = admins.seen("lin").await.id;
    assert_eq!(said(admins.system.post(&format!("/api/accounts/{other}/disable"), &json!({})).await).await, Ok(()));
    assert_eq!(take(&house, &withdrawn, GOOD).await, Err(Code::Forbidden), "withdrawn");
    assert_eq!(said(admins.system.post(&format!("/api/accounts/{other}/link"), &json!({})).await).await, Err(Code::NotNow));
    house.later(72 * 3600);
    assert_eq!(look(&house, &next).await, Err(Code::Forbidden), "after three days");
    assert_eq!(take(&house, &next, GOOD).await, Err(Code::Forbidden));
    for token in ["", "0", &"0".repeat(64)] {
        assert_eq!(take(&house, token, GOOD).await, Err(Code::Forbidden));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_reset_by_link_has_to_be_confirmed_anew_and_the_second_factor_stays() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let secret = clerk.with_factor(&house, GOOD).await;
    let id = admins.seen("chen").await.id;
    let token = token_of(admins.system.post(&format!("/api/accounts/{id}/link"), &json!({})).await).await;
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::UNAUTHORIZED, "the old password is void");
    assert_eq!(admins.seen("chen").await.state, AccountState::Invited);
    assert_eq!(take(&house, &token, OTHER).await, Ok(()));
    // Who gave the link could have used it: without the code it opens nothing, and with it nothing but one's own.
    assert_eq!(said(house.sign_in("chen", OTHER).await).await, Err(Code::SecondFactor));
    let ask = SignIn { name: "chen".into(), password: OTHER.into(), code: shown(&secret, house.time()) };
    let answer = house.http.post(format!("{}/api/session", house.url)).json(&ask).send().await.unwrap();
    let clerk = Clerk { cookie: cookie_of(&answer), ..clerk };
    assert_eq!(said(clerk.get("/api/overview").await).await, Err(Code::NotNow));
    assert_eq!(admins.confirms(&id, Role::City, "4453").await, Ok(()));
    assert_eq!(clerk.get("/api/overview").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_administrator_may_no_other_role_may() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let admins = Admins::of(&house, "", "4453").await;
    let mut sets: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (at, role) in Role::ALL.iter().enumerate() {
        let division = match role {
            Role::County => "445381",
            Role::Town => LUOCHENG,
            Role::Canteen => &here,
            Role::City | Role::Auditor | Role::System | Role::Security => "4453",
        };
        let clerk = house.clerk(&format!("shi{at}"), *role, division).await;
        let id = admins.waiting(&house, &format!("mou{at}"), Role::Town, LUOCHENG).await;
        let set = sets.entry(role.code()).or_default();
        for (method, path, body) in acts(&id) {
            let refused = said(clerk.send(method.clone(), &path, &body).await).await == Err(Code::Forbidden);
            if !refused {
                set.insert(format!("{method} {}", path.replace(&id, "{id}")));
            }
        }
        for path in ["/api/accounts", "/api/accounts/places"] {
            let looks = clerk.get(path).await.status() == StatusCode::OK;
            assert_eq!(looks, matches!(role, Role::System | Role::Security), "{role:?} {path}");
        }
        // And none of the three reads a record.
        let reads = clerk.get("/api/list/elders").await.status() == StatusCode::OK;
        assert_eq!(
            (reads, clerk.get("/api/overview").await.status() == StatusCode::OK),
            (!role.is_administrator(), !role.is_administrator())
        );
        assert_eq!(clerk.get("/api/list/audit").await.status() == StatusCode::OK, *role == Role::Auditor, "{role:?}");
    }
    for (role, set) in &sets {
        let size = match *role {
            "system" => 4,
            "security" => 5,
            _ => 0,
        };
        assert_eq!(set.len(), size, "{role}: {set:?}");
        assert!(sets.iter().all(|(other, theirs)| other == role || set.is_disjoint(theirs)), "{role}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_acts_on_their_own_account_or_beyond_their_division() {
    let house = House::new().await;
    let (city, county, afar) =
        (Admins::of(&house, "", "4453").await, Admins::of(&house, "-yc", "445381").await, Admins::of(&house, "-xx", "445322").await);
    house.server.add_account("shi", Role::City, "4453", GOOD).unwrap();
    house.server.add_account("zhen", Role::Town, LUOCHENG, GOOD).unwrap();
    // One's own.
    for (who, name) in [(&county.system, "xitong-yc"), (&county.security, "anquan-yc")] {
        let own = county.seen(name).await;
        assert_eq!(own.own, name == "anquan-yc");
        for (method, path, body) in acts(&own.id).split_off(1) {
            let answer = who.send(method.clone(), &path, &body).await;
            assert_eq!(said(answer).await, Err(Code::Forbidden), "{name} {method} {path}");
        }
    }
    // Above, and beside.
    for (admins, name) in [(&city, "shi"), (&city, "anquan"), (&afar, "xitong-xx")] {
        let id = admins.seen(name).await.id;
        for who in [&county.system, &county.security] {
            for (method, path, body) in acts(&id).split_off(1) {
                assert_eq!(said(who.send(method.clone(), &path, &body).await).await, Err(Code::Forbidden), "{name} {method} {path}");
            }
        }
        let listed: AccountsPage = county.security.read(&format!("/api/accounts?text={name}")).await;
        assert!(listed.rows.iter().all(|row| row.name != name), "{name} is not shown");
    }
    // Nobody is invited, or raised, to where one is not.
    for (role, division) in [(Role::City, "4453"), (Role::Town, "445322100"), (Role::Security, "4453"), (Role::Canteen, "C999")] {
        let ask = asking("xin", role, division);
        assert_eq!(said(county.system.post("/api/accounts", &ask).await).await, Err(Code::Forbidden), "{role:?}");
        let id = county.seen("zhen").await.id;
        let raised = said(county.security.post(&format!("/api/accounts/{id}/rights"), &ask).await).await;
        assert!(matches!(raised, Err(Code::Forbidden | Code::BadInput)), "{role:?} {raised:?}");
    }
    let ask = asking("xin", Role::Town, "445381");
    assert_eq!(said(county.system.post("/api/accounts", &ask).await).await, Err(Code::BadInput), "no township");
    // Within it all is well, for the city's too.
    let id = county.seen("zhen").await.id;
    let given = json!({ "role": "county", "division": "445381" });
    assert_eq!(said(city.security.post(&format!("/api/accounts/{id}/rights"), &given).await).await, Ok(()));
    assert_eq!(said(county.security.post(&format!("/api/accounts/{id}/confirm"), &given).await).await, Ok(()));
    assert_eq!(county.seen("zhen").await.role, Role::County);
    for (who, method, act, now) in [
        (&county.system, Method::DELETE, "sessions", AccountState::InUse),
        (&county.system, Method::POST, "disable", AccountState::Disabled),
        (&county.security, Method::POST, "enable", AccountState::InUse),
        (&county.security, Method::DELETE, "lock", AccountState::InUse),
        (&county.security, Method::DELETE, "factor", AccountState::InUse),
    ] {
        assert_eq!(said(who.send(method, &format!("/api/accounts/{id}/{act}"), &json!({})).await).await, Ok(()), "{act}");
        assert_eq!(county.seen("zhen").await.state, now, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_invited_does_not_confirm_after_changing_sides() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let id = admins.waiting(&house, "liang", Role::Town, LUOCHENG).await;
    let own = admins.seen("xitong").await.id;
    let given = json!({ "role": "security", "division": "4453" });
    assert_eq!(said(admins.security.post(&format!("/api/accounts/{own}/rights"), &given).await).await, Ok(()));
    let other = house.clerk("anquan2", Role::Security, "4453").await;
    assert_eq!(said(other.post(&format!("/api/accounts/{own}/confirm"), &given).await).await, Ok(()));
    assert_eq!(admins.system.get("/api/session").await.status(), StatusCode::UNAUTHORIZED, "whose rights change signs in anew");
    // The one who changed sides, with the second factor of before.
    assert_eq!(said(admins.system.post(&format!("/api/accounts/{id}/confirm"), &given).await).await, Err(Code::SignIn));
    assert_eq!(said(other.send(Method::DELETE, &format!("/api/accounts/{own}/factor"), &json!({})).await).await, Ok(()));
    let (turned, session) = signed_in(&house, "xitong", GOOD).await;
    assert_eq!(session.elsewhere.as_deref(), Some("/account"), "a second factor first");
    turned.with_factor(&house, GOOD).await;
    let seen = json!({ "role": "town", "division": LUOCHENG });
    assert_eq!(said(turned.post(&format!("/api/accounts/{id}/confirm"), &seen).await).await, Err(Code::Forbidden));
    assert_eq!(said(other.post(&format!("/api/accounts/{id}/confirm"), &seen).await).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_a_second_factor_does_nothing_but_begin_one() {
    let house = House::new().await;
    for (at, role) in Role::ALL.iter().filter(|role| role.is_administrator()).enumerate() {
        let name = format!("guan{at}");
        house.server.add_account(&name, *role, "4453", GOOD).unwrap();
        let (clerk, session) = signed_in(&house, &name, GOOD).await;
        assert_eq!(session.elsewhere.as_deref(), Some("/account"));
        let mine = if *role == Role::Auditor { "/api/list/audit" } else { "/api/accounts" };
        assert_eq!(said(clerk.get(mine).await).await, Err(Code::NotNow), "{role:?}");
        assert!(clerk.read::<OwnAccount>("/api/account").await.factor_due);
        let secret = clerk.with_factor(&house, GOOD).await;
        assert_eq!(clerk.get(mine).await.status(), StatusCode::OK, "{role:?}");
        // The last one is not turned off.
        let code = json!({ "code": shown(&secret, house.time()) });
        assert_eq!(said(clerk.post("/api/account/factor/end", &code).await).await, Err(Code::NotNow));
        assert_eq!(clerk.get(mine).await.status(), StatusCode::OK, "{role:?}");
    }
    // Readers of records may have one.
    let (clerk, session) =
        (house.clerk("chen", Role::City, "4453").await, house.sign_in("chen", GOOD).await.json::<Session>().await.unwrap());
    assert_eq!((clerk.get("/api/overview").await.status(), session.elsewhere), (StatusCode::OK, None));
}

/// Insider with SQL: rights are confirmed, an old link is put back, who gave it is another one.
#[tokio::test(flavor = "multi_thread")]
async fn f55_neither_a_confirmation_nor_a_link_comes_by_sql() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    admins.waiting(&house, "liang", Role::Town, LUOCHENG).await;
    let (clerk, _) = signed_in(&house, "liang", GOOD).await;
    let of = "account = (SELECT id FROM account WHERE name = 'liang')";
    house.by_sql(&format!("UPDATE account_secret SET waits = 0 WHERE {of}"));
    assert_eq!(said(clerk.get("/api/overview").await).await, Err(Code::SignIn));
    house.by_sql(&format!("UPDATE account_secret SET waits = 1 WHERE {of}"));
    assert_eq!(said(clerk.get("/api/overview").await).await, Err(Code::NotNow));

    let used = admins.invite("lin", Role::Town, LUOCHENG).await;
    house.by_sql("CREATE TABLE kept AS SELECT * FROM invitation");
    assert_eq!(take(&house, &used, GOOD).await, Ok(()));
    house.by_sql("INSERT INTO invitation SELECT * FROM kept; DROP TABLE kept");
    assert_eq!(take(&house, &used, OTHER).await, Err(Code::Forbidden), "put back");
    let open = admins.invite("lu", Role::Town, LUOCHENG).await;
    house.by_sql("UPDATE invitation SET expires_at = expires_at + 86400");
    assert_eq!(take(&house, &open, GOOD).await, Err(Code::Forbidden), "made to last");
}
