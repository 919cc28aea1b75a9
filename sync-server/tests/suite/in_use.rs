//! Accounts that nobody uses, sessions that another one takes the place of, and of whom a second factor is asked.

use super::audit::{Eyes, GOOD};
use super::kit::*;
use super::own::{said, shown};
use reqwest::StatusCode;
use shared::console::SignIn;
use shared::fault::Code;
use shared::kinds::Role;
use sync_server::FactorsWanted;

const DAY: i64 = 86_400;
const LUOCHENG: &str = "445381001";

async fn enters(house: &House, name: &str, code: &str) -> Result<(), Code> {
    let ask = SignIn { name: name.into(), password: GOOD.into(), code: code.into() };
    said(house.http.post(format!("{}/api/session", house.url)).json(&ask).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_nobody_used_for_ninety_days_is_disabled_by_itself() {
    let house = House::new().await;
    for (name, role) in [("zhen", Role::Town), ("fang", Role::Town), ("wei", Role::Town)] {
        house.server.add_account(name, role, LUOCHENG, GOOD).unwrap();
        assert_eq!(enters(&house, name, "").await, Ok(()));
    }
    let disabled = |name: &str| house.server.accounts().unwrap().into_iter().find(|one| one.name == name).unwrap().disabled;
    house.later(60 * DAY);
    assert_eq!(enters(&house, "fang", "").await, Ok(()));
    house.later(30 * DAY);
    assert_eq!(enters(&house, "wei", "").await, Ok(()), "ninety days are not too many");
    house.later(1);
    // At the door, whatever the time of day at which it is looked by itself.
    assert_eq!(enters(&house, "zhen", "").await, Err(Code::SignIn));
    assert_eq!(enters(&house, "zhen", "").await, Err(Code::SignIn));
    assert!(disabled("zhen") && !disabled("fang") && !disabled("wei"));
    let rows = Eyes::of(&house).await.since(0).await;
    let row = rows.iter().find(|row| row.text("event") == "account_disabled" && row.text("object").contains(" zhen ")).unwrap();
    assert!(row.text("detail").contains("90"), "{row:?}");
    // It may be used again from the day on which somebody enables it.
    house.server.disable_account("zhen", false).unwrap();
    assert_eq!(enters(&house, "zhen", "").await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_anew_ends_the_session_that_the_browser_had() {
    let house = House::new().await;
    let (old, other) = (house.clerk("zhen", Role::Town, LUOCHENG).await, house.clerk("fang", Role::Town, LUOCHENG).await);
    let elsewhere = Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie_of(&house.sign_in("zhen", GOOD).await) };
    let ask = |name: &str, password: &str| SignIn { name: name.into(), password: password.into(), ..SignIn::default() };
    let sign_in = async |cookie: &str, ask: &SignIn| {
        house.http.post(format!("{}/api/session", house.url)).header("cookie", cookie).json(ask).send().await.unwrap()
    };
    assert_eq!(sign_in(&old.cookie, &ask("zhen", "wrong2026x")).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(old.get("/api/session").await.status(), StatusCode::OK, "a wrong password ends nothing");
    let anew = cookie_of(&sign_in(&old.cookie, &ask("zhen", GOOD)).await);
    assert_ne!(anew, old.cookie);
    assert_eq!(old.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(elsewhere.get("/api/session").await.status(), StatusCode::OK, "another browser goes on");
    // Another person at the same browser.
    assert_eq!(sign_in(&anew, &ask("fang", GOOD)).await.status(), StatusCode::OK);
    let ended = Clerk { url: house.url.clone(), http: house.http.clone(), cookie: anew };
    assert_eq!(ended.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(other.get("/api/session").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_city_may_ask_everybody_for_a_second_factor_and_for_a_key() {
    let house = House::new().await;
    let (auditor, town) = (house.clerk("shen", Role::Auditor, "4453").await, house.clerk("zhen", Role::Town, LUOCHENG).await);
    let codes_too = FactorsWanted { of_everybody: true, keys_alone: false };
    let keys_alone = FactorsWanted { of_everybody: true, keys_alone: true };
    let overview = async || said(town.get("/api/overview").await).await;
    assert_eq!(house.server.factors_wanted().unwrap(), FactorsWanted::default());
    assert_eq!(overview().await, Ok(()), "a reader may go without");
    assert_eq!(house.server.want_factors(codes_too).unwrap(), codes_too);
    assert_eq!(house.server.factors_wanted().unwrap(), codes_too);
    assert_eq!(overview().await, Err(Code::NotNow), "also in the session that is open");
    let secret = town.confirm_factor(&house, GOOD).await;
    assert_eq!(overview().await, Ok(()));
    assert_eq!(said(auditor.get("/api/list/audit").await).await, Ok(()));

    house.server.want_factors(keys_alone).unwrap();
    for (clerk, path) in [(&town, "/api/overview"), (&auditor, "/api/list/audit")] {
        assert_eq!(said(clerk.get(path).await).await, Err(Code::NotNow), "codes of an app will not do");
    }
    // Who has an app comes in by it, to make a key; from then on the key alone opens.
    house.later(60);
    assert_eq!(enters(&house, "zhen", &shown(&secret, house.time())).await, Ok(()));
    house.later(60);
    town.add_key("U 盘", &shown(&secret, house.time())).await;
    assert_eq!(overview().await, Ok(()));
    house.later(60);
    assert_eq!(enters(&house, "zhen", &shown(&secret, house.time())).await, Err(Code::SecondFactor));
    house.server.want_factors(FactorsWanted::default()).unwrap();
    house.later(60);
    assert_eq!(enters(&house, "zhen", &shown(&secret, house.time())).await, Ok(()));
}
