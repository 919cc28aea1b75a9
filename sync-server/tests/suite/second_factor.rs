//! Keys as second factors: what they sign, once and for one sign-in or session; what is refused; how they are added and ended.

use super::apart::Admins;
use super::audit::{Eyes, GOOD, events};
use super::kit::*;
use super::own::{said, shown};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use shared::console::*;
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::fault::Code;
use shared::kinds::*;
use sm2::dsa::SigningKey;
use sm2::dsa::signature::Signer;

/// Who holds a key, as the page does with a file.
pub(super) struct Holder(StoredKey);

impl Holder {
    pub(super) fn new() -> Self {
        Self(SoftProvider::new().new_key().unwrap())
    }

    pub(super) fn public_key(&self) -> String {
        hex::encode(SoftProvider::new().public_key(&self.0).unwrap().0)
    }

    pub(super) fn sign(&self, challenge: &ToSign) -> String {
        hex::encode(SoftProvider::new().sign(&self.0, challenge.text.as_bytes()).unwrap().0)
    }

    /// What is sent to have it added.
    pub(super) fn added(&self, name: &str, challenge: &ToSign) -> KeyAdded {
        KeyAdded { name: name.into(), public_key: self.public_key(), signature: self.sign(challenge) }
    }
}

async fn challenge_in(answer: Response) -> Result<ToSign, Code> {
    if answer.status().is_success() { Ok(answer.json().await.unwrap()) } else { Err(said(answer).await.unwrap_err()) }
}

impl Clerk {
    /// What a key is to sign in this session.
    async fn challenge(&self) -> ToSign {
        challenge_in(self.post("/api/account/challenge", &json!({})).await).await.unwrap()
    }

    /// Begins another key, with what proves whose the account is.
    async fn begin_key(&self, code: &str) -> Result<ToSign, Code> {
        challenge_in(self.post("/api/account/keys", &json!({ "password": GOOD, "code": code })).await).await
    }

    /// Adds a key.
    pub(super) async fn add_key(&self, name: &str, code: &str) -> Holder {
        let (holder, challenge) = (Holder::new(), self.begin_key(code).await.unwrap());
        let added = serde_json::to_value(holder.added(name, &challenge)).unwrap();
        assert_eq!(said(self.post("/api/account/keys/confirm", &added).await).await, Ok(()));
        holder
    }

    async fn own(&self) -> OwnAccount {
        self.read("/api/account").await
    }
}

impl House {
    /// What a key is to sign to come in.
    pub(super) async fn door(&self, name: &str, password: &str) -> Result<ToSign, Code> {
        let ask = SignIn { name: name.into(), password: password.into(), code: String::new() };
        challenge_in(self.http.post(format!("{}/api/session/challenge", self.url)).json(&ask).send().await.unwrap()).await
    }

    async fn enters(&self, name: &str, code: &str) -> Result<(), Code> {
        self.enters_at(&self.url, name, code).await
    }

    async fn enters_at(&self, url: &str, name: &str, code: &str) -> Result<(), Code> {
        let ask = SignIn { name: name.into(), password: GOOD.into(), code: code.into() };
        said(self.http.post(format!("{url}/api/session")).json(&ask).send().await.unwrap()).await
    }

    /// The same house behind the door of another server.
    async fn served_by_another(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sync_server::serve(listener, self.another().unwrap(), None));
        url
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_in_the_place_of_a_code_and_each_challenge_is_good_once() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let eyes = Eyes::of(&house).await;
    assert_eq!(house.door("chen", GOOD).await, Err(Code::NotNow), "without a key there is nothing to sign");
    let last = eyes.last().await;
    let holder = clerk.add_key("U 盘", "").await;
    let own = clerk.own().await;
    assert!(own.second_factor && !own.app && own.keys.len() == 1 && own.keys[0].name == "U 盘");

    assert_eq!(house.enters("chen", "").await, Err(Code::SecondFactor));
    assert_eq!(house.door("chen", "wrong2026x").await, Err(Code::SignIn), "nothing is given out before the password fits");
    let challenge = house.door("chen", GOOD).await.unwrap();
    assert!(shared::rule::challenge::is_of(&challenge.text, &house.url), "{}", challenge.text);
    let signed = holder.sign(&challenge);
    assert_eq!(house.enters("chen", &signed).await, Ok(()));
    assert_eq!(house.enters("chen", &signed).await, Err(Code::SecondFactor), "replayed");
    // Nor at another server process, or after a start.
    let other = house.served_by_another().await;
    assert_eq!(house.enters_at(&other, "chen", &signed).await, Err(Code::SecondFactor), "replayed elsewhere");
    // What one gave out the other one takes.
    let signed = holder.sign(&house.door("chen", GOOD).await.unwrap());
    assert_eq!(house.enters_at(&other, "chen", &signed).await, Ok(()));

    let rows = eyes.since(last).await;
    // The other server began, and looked at everything.
    let noted: Vec<(&str, &str)> = events(&rows).into_iter().filter(|(event, _)| !["server_started", "verified"].contains(event)).collect();
    let (done, wrong) = (("signed_in", "done"), ("wrong_key", "sign_in"));
    let expected = [("key_begun", "done"), ("key_added", "done"), ("wrong_password", "sign_in"), done, wrong, wrong, done];
    assert_eq!(noted, expected);
    let named = |row: &shared::list::ListRow| row.text("detail").contains("U 盘");
    assert!(rows.iter().filter(|row| row.text("event") == "signed_in").all(named), "by which key");

    // An enrolment code, and what else asks for a code.
    let signed = holder.sign(&clerk.challenge().await);
    let ask = json!({ "division": "4453", "code": signed });
    assert_eq!(said(clerk.post("/api/device-code", &ask).await).await, Ok(()));
    assert_eq!(said(clerk.post("/api/device-code", &ask).await).await, Err(Code::SecondFactor), "one signature, one computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_signature_of_an_own_key_of_this_very_challenge_lets_nobody_in() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let stranger = house.clerk("lu", Role::City, "4453").await;
    let (holder, other) = (clerk.add_key("U 盘", "").await, stranger.add_key("U 盘", "").await);
    let door = || async { house.door("chen", GOOD).await.unwrap() };
    let refused = |code: String| {
        let house = &house;
        async move {
            house.later(16 * 60);
            assert_eq!(house.enters("chen", &code).await, Err(Code::SecondFactor));
        }
    };
    // Fresh challenges first: each try takes its own.
    let challenge = door().await;
    assert_eq!(house.enters("chen", &other.sign(&challenge)).await, Err(Code::SecondFactor), "the key of another account");
    assert_eq!(house.enters("chen", &holder.sign(&challenge)).await, Err(Code::SecondFactor), "used up by the wrong one");
    house.later(16 * 60);
    let (older, newer) = (door().await, door().await);
    assert_ne!(older, newer);
    assert_eq!(house.enters("chen", &holder.sign(&older)).await, Err(Code::SecondFactor), "an older challenge");
    assert_eq!(
        house.enters("chen", &holder.sign(&house.door("lu", GOOD).await.unwrap())).await,
        Err(Code::SecondFactor),
        "another account's"
    );
    house.later(16 * 60);
    let (signed_in, challenge) = (clerk_again(&house, &holder).await, door().await);
    assert_eq!(house.enters("chen", &holder.sign(&signed_in.challenge().await)).await, Err(Code::SecondFactor), "that of a session");
    drop(challenge);
    let ask = |code: String| json!({ "division": "4453", "code": code });
    let at_the_door = holder.sign(&door().await);
    assert_eq!(said(signed_in.post("/api/device-code", &ask(at_the_door)).await).await, Err(Code::SecondFactor), "that of the door");
    let elsewhere = clerk_again(&house, &holder).await;
    let there = holder.sign(&elsewhere.challenge().await);
    assert_eq!(said(signed_in.post("/api/device-code", &ask(there)).await).await, Err(Code::SecondFactor), "that of another session");

    // Altered, with another user id, over another text, and late.
    house.later(16 * 60);
    let mut altered = hex::decode(holder.sign(&door().await)).unwrap();
    altered[40] ^= 1;
    assert_eq!(house.enters("chen", &hex::encode(altered)).await, Err(Code::SecondFactor), "altered");
    let secret = sm2::SecretKey::from_slice(holder.0.as_bytes()).unwrap();
    let sign_as = |id: &str, text: &str| {
        let signature: sm2::dsa::Signature = SigningKey::new(id, &secret).unwrap().sign(text.as_bytes());
        hex::encode(signature.to_bytes())
    };
    let text = door().await.text;
    assert_eq!(house.enters("chen", &sign_as("chen", &text)).await, Err(Code::SecondFactor), "another user id");
    let text = door().await.text.replace(&house.url, "https://evil.example");
    assert_eq!(house.enters("chen", &sign_as("1234567812345678", &text)).await, Err(Code::SecondFactor), "another server's");
    let text = door().await.text;
    let begin = text.split_once('\n').unwrap().1;
    assert_eq!(house.enters("chen", &sign_as("1234567812345678", begin)).await, Err(Code::SecondFactor), "without its beginning");
    house.later(16 * 60);
    let text = door().await.text;
    assert_eq!(house.enters("chen", &sign_as("1234567812345678", &text)).await, Ok(()), "this is how it is signed");
    let signed = holder.sign(&door().await);
    house.later(5 * 60);
    assert_eq!(house.enters("chen", &signed).await, Err(Code::SecondFactor), "too late");
    for odd in ["0".repeat(128), "f".repeat(128), "g".repeat(128), "0".repeat(126)] {
        drop(door().await);
        refused(odd).await;
    }
}

/// Signs in anew by the key.
async fn clerk_again(house: &House, holder: &Holder) -> Clerk {
    let code = holder.sign(&house.door("chen", GOOD).await.unwrap());
    let ask = SignIn { name: "chen".into(), password: GOOD.into(), code };
    let answer = house.http.post(format!("{}/api/session", house.url)).json(&ask).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie_of(&answer) }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_signatures_lock_as_wrong_codes_do() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let eyes = Eyes::of(&house).await;
    let holder = clerk.add_key("U 盘", "").await;
    let last = eyes.last().await;
    let wrong = "7".repeat(128);
    for _ in 0..5 {
        drop(house.door("chen", GOOD).await.unwrap());
        assert_eq!(house.enters("chen", &wrong).await, Err(Code::SecondFactor));
    }
    assert_eq!(house.door("chen", GOOD).await, Err(Code::NotNow), "nothing more is given out");
    assert_eq!(house.enters("chen", &wrong).await, Err(Code::NotNow));
    let rows = eyes.since(last).await;
    assert_eq!(events(&rows), [&[("wrong_key", "sign_in"); 4][..], &[("sign_in_locked", "sign_in")]].concat());
    house.later(16 * 60);
    assert_eq!(house.enters("chen", &holder.sign(&house.door("chen", GOOD).await.unwrap())).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_factor_is_added_by_one_that_is_there() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let stranger = house.clerk("lu", Role::City, "4453").await;
    let wrong = json!({ "password": "wrong2026x" });
    assert_eq!(said(clerk.post("/api/account/keys", &wrong).await).await, Err(Code::SignIn), "not by a stolen session");
    let first = clerk.add_key("办公室", "").await;
    for nothing in ["", "000000"] {
        assert_eq!(clerk.begin_key(nothing).await, Err(Code::SecondFactor), "nor by a password that somebody saw");
    }
    house.later(16 * 60);
    // A key that somebody has is not everybody's, and what is given out is for one key.
    let challenge = stranger.begin_key("").await.unwrap();
    let taken = serde_json::to_value(first.added("借来的", &challenge)).unwrap();
    assert_eq!(said(stranger.post("/api/account/keys/confirm", &taken).await).await, Err(Code::BadInput), "of another account");
    let challenge = stranger.begin_key("").await.unwrap();
    let (one, two) = (Holder::new(), Holder::new());
    let confirm = async |name: &str, holder: &Holder, by: &Holder, challenge: &ToSign| {
        let added = KeyAdded { signature: by.sign(challenge), ..holder.added(name, challenge) };
        said(stranger.post("/api/account/keys/confirm", &serde_json::to_value(added).unwrap()).await).await
    };
    assert_eq!(confirm("家里", &one, &two, &challenge).await, Err(Code::SecondFactor), "a public half proves nothing");
    assert_eq!(confirm("家里", &one, &one, &challenge).await, Err(Code::SecondFactor), "used up");
    let challenge = stranger.begin_key("").await.unwrap();
    house.later(5 * 60);
    assert_eq!(confirm("家里", &one, &one, &challenge).await, Err(Code::SecondFactor), "too late");
    let challenge = stranger.begin_key("").await.unwrap();
    assert_eq!(confirm(" ", &one, &one, &challenge).await, Err(Code::BadInput), "of no name");
    assert!(!stranger.own().await.second_factor);

    // Codes of an app by the key, a second key by a code; up to five.
    let begin = json!({ "password": GOOD, "code": first.sign(&clerk.challenge().await) });
    let begun: FactorBegun = clerk.post("/api/account/factor", &begin).await.json().await.unwrap();
    assert_eq!(house.enters("chen", &shown(&begun.secret, house.time())).await, Err(Code::SecondFactor), "codes do not count yet");
    let code = json!({ "code": shown(&begun.secret, house.time()) });
    assert_eq!(said(clerk.post("/api/account/factor/confirm", &code).await).await, Ok(()));
    for name in ["家里", "备用一", "备用二", "备用三"] {
        house.later(30);
        clerk.add_key(name, &shown(&begun.secret, house.time())).await;
    }
    house.later(30);
    assert_eq!(clerk.begin_key(&shown(&begun.secret, house.time())).await, Err(Code::NotNow), "a sixth");
    let own = clerk.own().await;
    let names: Vec<&str> = own.keys.iter().map(|key| key.name.as_str()).collect();
    assert_eq!((own.app, names[0], names.len()), (true, "办公室", 5));

    // One that is ended opens nothing.
    let end = async |id: &str, code: String| said(clerk.post(&format!("/api/account/keys/{id}/end"), &json!({ "code": code })).await).await;
    assert_eq!(end(&own.keys[0].id, "000000".into()).await, Err(Code::SecondFactor));
    assert_eq!(end("0011223344556677", first.sign(&clerk.challenge().await)).await, Err(Code::NotFound));
    assert_eq!(end(&own.keys[0].id, first.sign(&clerk.challenge().await)).await, Ok(()));
    assert_eq!(house.enters("chen", &first.sign(&house.door("chen", GOOD).await.unwrap())).await, Err(Code::SecondFactor), "ended");
    assert_eq!(clerk.own().await.keys.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_keeps_one_and_another_phone_takes_the_place_of_the_old_one() {
    let house = House::new().await;
    house.server.add_account("xitong", Role::System, "4453", GOOD).unwrap();
    let answer = house.sign_in("xitong", GOOD).await;
    let clerk = Clerk { url: house.url.clone(), http: house.http.clone(), cookie: cookie_of(&answer) };
    assert!(clerk.own().await.factor_due);
    let holder = clerk.add_key("U 盘", "").await;
    assert!(!clerk.own().await.factor_due, "a key is one");
    assert_eq!(clerk.get("/api/accounts").await.status(), StatusCode::OK);
    let end_key = async || {
        let id = clerk.own().await.keys[0].id.clone();
        said(clerk.post(&format!("/api/account/keys/{id}/end"), &json!({ "code": holder.sign(&clerk.challenge().await) })).await).await
    };
    assert_eq!(end_key().await, Err(Code::NotNow), "the last one");
    let begin = async |code: String| clerk.post("/api/account/factor", &json!({ "password": GOOD, "code": code })).await;
    let begun: FactorBegun = begin(holder.sign(&clerk.challenge().await)).await.json().await.unwrap();
    let confirm = async |secret: &str| {
        house.later(30);
        said(clerk.post("/api/account/factor/confirm", &json!({ "code": shown(secret, house.time()) })).await).await
    };
    assert_eq!(end_key().await, Err(Code::NotNow), "what was begun is none");
    assert_eq!(confirm(&begun.secret).await, Ok(()));
    assert_eq!(end_key().await, Ok(()));

    // Another phone: the old one counts until the new one did.
    house.later(30);
    let next: FactorBegun = begin(shown(&begun.secret, house.time())).await.json().await.unwrap();
    assert_ne!(next.secret, begun.secret);
    house.later(30);
    let door = async |secret: &str| house.enters("xitong", &shown(secret, house.time())).await;
    assert_eq!(door(&next.secret).await, Err(Code::SecondFactor));
    assert_eq!(door(&begun.secret).await, Ok(()));
    assert_eq!(confirm(&next.secret).await, Ok(()));
    house.later(30);
    assert_eq!(door(&begun.secret).await, Err(Code::SecondFactor));
    assert_eq!(door(&next.secret).await, Ok(()));
    house.later(30);
    let code = json!({ "code": shown(&next.secret, house.time()) });
    assert_eq!(said(clerk.post("/api/account/factor/end", &code).await).await, Err(Code::NotNow), "the last one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_all_factors_of_an_account() {
    let house = House::new().await;
    let admins = Admins::of(&house, "", "4453").await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let secret = clerk.with_factor(&house, GOOD).await;
    let holder = clerk.add_key("U 盘", &shown(&secret, house.time())).await;
    let challenge = house.door("chen", GOOD).await.unwrap();
    let seen = admins.seen("chen").await;
    assert!(seen.second_factor);
    let reset = admins.security.send(Method::DELETE, &format!("/api/accounts/{}/factor", seen.id), &json!({})).await;
    assert_eq!(said(reset).await, Ok(()));
    assert_eq!(clerk.get("/api/account").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.door("chen", GOOD).await, Err(Code::NotNow));
    assert_eq!(house.enters("chen", "").await, Ok(()));
    drop((holder, challenge));
    let clerk = Clerk { cookie: cookie_of(&house.sign_in("chen", GOOD).await), ..clerk };
    assert!(clerk.own().await.keys.is_empty());
    // And at the machine.
    clerk.add_key("U 盘", "").await;
    let given = house.server.reset_password("chen", None).unwrap().password.unwrap();
    assert_eq!(house.sign_in("chen", &given).await.status(), StatusCode::OK);
}

/// Insider with SQL: a key goes, another one's comes, what was used comes back.
#[tokio::test(flavor = "multi_thread")]
async fn f55_neither_a_key_nor_what_it_signed_comes_or_goes_by_sql() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let holder = clerk.add_key("U 盘", "").await;
    let mine = Holder::new();
    house.by_sql("CREATE TABLE kept AS SELECT * FROM factor_key");
    let public_key = house.blob(&hex::decode(mine.public_key()).unwrap());
    house.by_sql(&format!("UPDATE factor_key SET public_key = {public_key}"));
    assert_eq!(house.door("chen", GOOD).await, Err(Code::Broken), "another one's");
    house.by_sql("DELETE FROM factor_key");
    assert_eq!(house.enters("chen", "").await, Err(Code::Broken), "gone");
    house.by_sql("INSERT INTO factor_key SELECT * FROM kept; DROP TABLE kept");

    let signed = holder.sign(&house.door("chen", GOOD).await.unwrap());
    house.by_sql("CREATE TABLE kept AS SELECT * FROM factor_challenge");
    assert_eq!(house.enters("chen", &signed).await, Ok(()));
    house.by_sql("INSERT INTO factor_challenge SELECT * FROM kept; DROP TABLE kept");
    assert_eq!(house.enters("chen", &signed).await, Err(Code::SecondFactor), "put back");
    let signed = holder.sign(&house.door("chen", GOOD).await.unwrap());
    house.by_sql("UPDATE factor_challenge SET expires_at = expires_at + 86400");
    house.later(3600);
    assert_eq!(house.enters("chen", &signed).await, Err(Code::SecondFactor), "made to last");
}
