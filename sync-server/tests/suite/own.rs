//! What people do with their own account, and what a password, a session or the database alone is good for.

use super::kit::*;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value as Json, json};
use shared::console::*;
use shared::fault::{Code, Fault};
use shared::kinds::*;

const GOOD: &str = "yufan2026x";
const OTHER: &str = "shanshui2027y";

/// What an authenticator app shows at a time.
pub(super) fn shown(secret: &str, at: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().unwrap();
    app.generate(at.cast_unsigned()).to_string()
}

impl Clerk {
    pub(super) async fn send(&self, method: Method, path: &str, body: &Json) -> Response {
        let request = self.http.request(method, format!("{}{path}", self.url)).header("cookie", &self.cookie);
        request.json(body).send().await.unwrap()
    }

    /// The code of a fault, or that all went well.
    async fn says(&self, path: &str, body: Json) -> Result<(), Code> {
        said(self.send(Method::POST, path, &body).await).await
    }

    /// Turns the second factor on, and lets its first code grow old; gives its secret.
    pub(super) async fn with_factor(&self, house: &House, password: &str) -> String {
        let secret = self.confirm_factor(house, password).await;
        house.later(30);
        secret
    }

    /// Turns the second factor on; gives its secret.
    pub(super) async fn confirm_factor(&self, house: &House, password: &str) -> String {
        let begun = self.send(Method::POST, "/api/account/factor", &json!({ "password": password })).await;
        let begun: FactorBegun = begun.json().await.unwrap();
        assert!(begun.picture.starts_with("data:image/svg+xml;base64,"));
        assert_eq!(self.says("/api/account/factor/confirm", json!({ "code": shown(&begun.secret, house.time()) })).await, Ok(()));
        begun.secret
    }
}

pub(super) async fn said(answer: Response) -> Result<(), Code> {
    if answer.status().is_success() { Ok(()) } else { Err(answer.json::<Fault>().await.unwrap().code) }
}

impl House {
    pub(super) fn time(&self) -> i64 {
        self.now.load(std::sync::atomic::Ordering::Relaxed)
    }

    async fn knock(&self, password: &str, code: &str) -> Response {
        let ask = SignIn { name: "chen".into(), password: password.into(), code: code.into() };
        self.http.post(format!("{}/api/session", self.url)).json(&ask).send().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_who_knows_it_and_ends_the_other_sessions() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let elsewhere = Clerk { cookie: cookie_of(&house.sign_in("chen", GOOD).await), ..house.clerk("lu", Level::Town, "445381001").await };
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    let path = "/api/account/password";
    assert_eq!(clerk.says(path, change("wrong2026x", OTHER)).await, Err(Code::SignIn));
    assert_eq!(clerk.says(path, change(GOOD, GOOD)).await, Err(Code::BadInput));
    assert_eq!(clerk.says(path, change(GOOD, "password1")).await, Err(Code::BadInput));
    assert_eq!(elsewhere.get("/api/account").await.status(), StatusCode::OK);
    assert_eq!(clerk.says(path, change(GOOD, OTHER)).await, Ok(()));
    assert_eq!(elsewhere.get("/api/account").await.status(), StatusCode::UNAUTHORIZED);
    let own: OwnAccount = clerk.read("/api/account").await;
    assert!(own.sessions.len() == 1 && own.sessions[0].here && !own.password_due);
    assert_eq!(said(house.sign_in("chen", GOOD).await).await, Err(Code::SignIn));
    assert_eq!(said(house.sign_in("chen", OTHER).await).await, Ok(()));
    // Whoever sits before a screen that was left open tries no more than at the door.
    for _ in 0..5 {
        clerk.says(path, change("wrong2026x", GOOD)).await.unwrap_err();
    }
    assert_eq!(clerk.says(path, change(OTHER, GOOD)).await, Err(Code::NotNow));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_once_it_was_confirmed_and_no_code_counts_twice() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let confirm = "/api/account/factor/confirm";
    assert_eq!(clerk.says(confirm, json!({ "code": "123456" })).await, Err(Code::NotNow), "nothing was begun");
    assert_eq!(clerk.says("/api/account/factor", json!({ "password": "wrong2026x" })).await, Err(Code::SignIn), "not by a stolen session");
    let begun = clerk.send(Method::POST, "/api/account/factor", &json!({ "password": GOOD })).await;
    let begun: FactorBegun = begun.json().await.unwrap();
    assert_eq!(said(house.knock(GOOD, "").await).await, Ok(()), "it does not count before");
    assert_eq!(clerk.says(confirm, json!({ "code": "000000" })).await, Err(Code::SecondFactor));
    let code = shown(&begun.secret, house.time());
    assert_eq!(clerk.says(confirm, json!({ "code": code })).await, Ok(()));
    assert!(clerk.read::<OwnAccount>("/api/account").await.second_factor);

    assert_eq!(said(house.knock(GOOD, "").await).await, Err(Code::SecondFactor));
    assert_eq!(
        said(house.knock("wrong2026x", "").await).await,
        Err(Code::SignIn),
        "of the factor nothing is said before the password fits"
    );
    assert_eq!(said(house.knock(GOOD, &code).await).await, Err(Code::SecondFactor), "it was used");
    house.later(30);
    let code = shown(&begun.secret, house.time());
    assert_eq!(said(house.knock(GOOD, &code).await).await, Ok(()));
    assert_eq!(said(house.knock(GOOD, &code).await).await, Err(Code::SecondFactor));

    // Six digits are not guessed, however often the password is given between.
    house.later(16 * 60);
    for _ in 0..5 {
        assert_eq!(said(house.knock(GOOD, "").await).await, Err(Code::SecondFactor));
        assert_eq!(said(house.knock(GOOD, "000000").await).await, Err(Code::SecondFactor));
    }
    assert_eq!(said(house.knock(GOOD, &shown(&begun.secret, house.time())).await).await, Err(Code::NotNow));
    house.later(16 * 60);
    let clerk = Clerk { cookie: cookie_of(&house.knock(GOOD, &shown(&begun.secret, house.time())).await), ..clerk };
    assert_eq!(
        clerk.says("/api/account/factor", json!({ "password": GOOD })).await,
        Err(Code::SecondFactor),
        "another phone takes the old one's code first"
    );
    house.later(30);
    assert_eq!(clerk.says("/api/account/factor/end", json!({ "code": shown(&begun.secret, house.time()) })).await, Ok(()));
    assert_eq!(said(house.knock(GOOD, "").await).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_session_gets_no_enrolment_code() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let ask = |code: &str| json!({ "division": "4453", "code": code });
    assert_eq!(clerk.says("/api/device-code", ask("")).await, Err(Code::NotNow), "no second factor, no code");
    let secret = clerk.with_factor(&house, GOOD).await;
    for wrong in ["", "000000"] {
        assert_eq!(clerk.says("/api/device-code", ask(wrong)).await, Err(Code::SecondFactor));
    }
    let code = shown(&secret, house.time());
    assert_eq!(clerk.says("/api/device-code", ask(&code)).await, Ok(()));
    assert_eq!(clerk.says("/api/device-code", ask(&code)).await, Err(Code::SecondFactor), "one code, one computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_somebody_gave_is_changed_before_anything_else() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    clerk.with_factor(&house, GOOD).await;
    let given = house.server.reset_password("chen", None).unwrap().password.unwrap();
    assert_eq!(clerk.get("/api/account").await.status(), StatusCode::UNAUTHORIZED);
    let answer = house.knock(&given, "").await;
    let clerk = Clerk { cookie: cookie_of(&answer), ..clerk };
    assert!(answer.json::<Session>().await.unwrap().password_due, "and the lost phone is forgotten");
    for path in ["/api/overview", "/api/list/orders", "/api/list/orders/workbook"] {
        assert_eq!(said(clerk.get(path).await).await, Err(Code::NotNow), "{path}");
    }
    assert!(clerk.read::<OwnAccount>("/api/account").await.password_due);
    assert_eq!(clerk.says("/api/account/password", json!({ "old": given, "new": OTHER })).await, Ok(()));
    assert_eq!(said(clerk.get("/api/overview").await).await, Ok(()));
    // And again after a year, of one that is used.
    for _ in 0..5 {
        house.later(74 * 86_400);
        assert_eq!(said(house.knock(OTHER, "").await).await, Ok(()));
    }
    let clerk = Clerk { cookie: cookie_of(&house.knock(OTHER, "").await), ..clerk };
    assert_eq!(said(clerk.get("/api/overview").await).await, Err(Code::NotNow));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_by_their_account_alone() {
    let house = House::new().await;
    let here = house.clerk("chen", Level::City, "4453").await;
    house.later(60);
    let there = Clerk { cookie: cookie_of(&house.sign_in("chen", GOOD).await), ..house.clerk("lu", Level::City, "4453").await };
    let own: OwnAccount = here.read("/api/account").await;
    assert_eq!(own.sessions.iter().filter(|session| session.here).count(), 1);
    assert!(own.sessions.len() == 2 && own.sessions.iter().all(|session| session.source == "127.0.0.1"), "{:?}", own.sessions);
    let other = own.sessions.iter().find(|session| !session.here).unwrap().id.clone();
    let stranger = house.clerk("wu", Level::City, "4453").await;
    let end = |clerk: &Clerk| {
        let request = clerk.http.delete(format!("{}/api/account/sessions/{other}", clerk.url)).header("cookie", clerk.cookie.clone());
        async { said(request.send().await.unwrap()).await }
    };
    assert_eq!(end(&stranger).await, Err(Code::NotFound));
    assert_eq!(there.get("/api/account").await.status(), StatusCode::OK);
    assert_eq!(end(&here).await, Ok(()));
    assert_eq!(there.get("/api/account").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(end(&here).await, Err(Code::NotFound));
}

/// Insider with SQL: the row of the second factor goes, or is another one's.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_that_is_gone_from_the_table_lets_nobody_in() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    clerk.with_factor(&house, GOOD).await;
    house.by_sql("DELETE FROM second_factor");
    assert_eq!(said(house.knock(GOOD, "").await).await, Err(Code::Broken));
}
