//! A running server with a fixed clock, and a desk that speaks to it.

use reqwest::{Client, Response, StatusCode};
use shared::console::SignIn;
use shared::crdt::{ActorId, RecordChange, first_change};
use shared::money::Fen;
use shared::record::*;
use shared::wire::{self, *};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sync_server::{Clock, Server};

pub struct House {
    pub server: Server,
    pub url: String,
    pub now: Arc<AtomicI64>,
    pub http: Client,
    _folder: tempfile::TempDir,
}

/// 2026-11-22 12:00 in China.
pub const NOON: i64 = 1_795_320_000;

impl House {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(NOON));
        let hand = Arc::clone(&now);
        let server = Server::open(folder.path(), Clock::by(move || hand.load(Ordering::Relaxed))).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sync_server::serve(listener, server.clone()));
        Self { server, url, now, http: Client::new(), _folder: folder }
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Response {
        let ask = SignIn { name: name.into(), password: password.into() };
        self.http.post(format!("{}/api/session", self.url)).json(&ask).send().await.unwrap()
    }

    /// Adds an account and signs it in.
    pub async fn clerk(&self, name: &str, role: Level, division: &str) -> Clerk {
        self.server.add_account(name, role, division, "yufan2026x").unwrap();
        let answer = self.sign_in(name, "yufan2026x").await;
        assert_eq!(answer.status(), StatusCode::OK);
        Clerk { url: self.url.clone(), http: self.http.clone(), cookie: cookie_of(&answer) }
    }

    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    pub async fn enrol(&self, code: &str) -> Response {
        let ask = EnrolAsk { code: code.into(), name: "前台电脑".into() };
        self.http.post(format!("{}/v1/enrol", self.url)).json(&ask).send().await.unwrap()
    }

    pub async fn desk_at(&self, canteen: &str) -> Desk {
        self.desk(&self.server.device_code(Some(canteen), None).unwrap().code).await
    }

    pub async fn desk_in(&self, division: &str) -> Desk {
        self.desk(&self.server.device_code(None, Some(division)).unwrap().code).await
    }

    async fn desk(&self, code: &str) -> Desk {
        let answer = self.enrol(code).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let enrolled: Enrolled = answer.json().await.unwrap();
        Desk { url: self.url.clone(), http: self.http.clone(), enrolled }
    }
}

pub struct Clerk {
    pub url: String,
    pub http: Client,
    pub cookie: String,
}

pub fn cookie_of(answer: &Response) -> String {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"));
    cookie.split(';').next().unwrap().to_owned()
}

impl Clerk {
    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie).send().await.unwrap()
    }

    pub async fn read<T: serde::de::DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }
}

pub struct Desk {
    pub url: String,
    pub http: Client,
    pub enrolled: Enrolled,
}

impl Desk {
    fn key(&self) -> String {
        format!("Bearer {}", self.enrolled.token)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).header("authorization", self.key()).send().await.unwrap()
    }

    pub async fn put(&self, path: &str, body: Vec<u8>) -> Response {
        self.http.put(format!("{}{path}", self.url)).header("authorization", self.key()).body(body).send().await.unwrap()
    }

    pub async fn report(&self, report: &DeviceReport) -> StatusCode {
        let ask = self.http.post(format!("{}/v1/report", self.url)).header("authorization", self.key()).json(report);
        ask.send().await.unwrap().status()
    }

    pub async fn push_raw(&self, body: Vec<u8>) -> Response {
        self.try_push(body).await.unwrap()
    }

    pub async fn try_push(&self, body: Vec<u8>) -> Option<Response> {
        self.http.post(format!("{}/v1/push", self.url)).header("authorization", self.key()).body(body).send().await.ok()
    }

    pub async fn push(&self, changes: Vec<WireChange>) -> Vec<RefusedChange> {
        let answer = self.push_raw(wire::pack(&Batch { changes }).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", answer.text().await.unwrap());
        answer.json::<Pushed>().await.unwrap().refused
    }

    pub async fn pull(&self, after: i64, more: &str) -> (Vec<WireChange>, i64, bool) {
        let answer = self.get(&format!("/v1/pull?after={after}{more}")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let (next, more) = (header(HEADER_NEXT).parse().unwrap(), header(HEADER_MORE) == "1");
        (wire::unpack(&answer.bytes().await.unwrap()).unwrap().changes, next, more)
    }

    pub async fn pull_all(&self) -> (Vec<WireChange>, i64) {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let (changes, next, more) = self.pull(after, "").await;
            all.extend(changes);
            after = next;
            if !more {
                return (all, after);
            }
        }
    }

    pub async fn totals(&self, upto: i64) -> Totals {
        self.get(&format!("/v1/totals?upto={upto}")).await.json().await.unwrap()
    }
}

/// What a desk that holds these changes would say.
pub fn totals_of(changes: &[WireChange]) -> Totals {
    let mut digest = [0u8; 32];
    for change in changes {
        let hash = shared::crdt::admit(&change.bytes).unwrap();
        digest.iter_mut().zip(hash).for_each(|(into, byte)| *into ^= byte);
    }
    Totals { changes: changes.len() as u64, digest: hex::encode(digest) }
}

pub fn id(number: u128) -> RecordId {
    RecordId::from_bytes(&number.to_be_bytes()).unwrap()
}

pub fn actor(number: u8) -> ActorId {
    ActorId::from([number; 16])
}

pub fn wire_of(kind: RecordKind, record: RecordId, change: RecordChange) -> WireChange {
    WireChange { kind: kind.code().into(), record: *record.0.as_bytes(), bytes: change.bytes }
}

pub fn first<R: Record>(by: u8, record: RecordId, what: &R) -> WireChange {
    wire_of(R::KIND, record, first_change(&actor(by), &what.to_fields(), NOON))
}

pub fn elder(canteen: Option<&str>, division: &str) -> Elder {
    Elder {
        name: "王桂英".into(),
        id_number: None,
        sex: Some(Sex::Female),
        birth_date: None,
        phone: shared::rule::phone::PhoneNumber::parse("18712349597").ok(),
        second_phone: None,
        emergency_name: None,
        emergency_phone: None,
        division: division.into(),
        address: Some("中山路 8 号".into()),
        ability: None,
        living_alone: true,
        delivery_need: true,
        diet: None,
        note: None,
        canteen: canteen.map(Into::into),
        status: ElderStatus::Active,
        listed: None,
    }
}

pub fn order(canteen: &str, elder: RecordId) -> Order {
    let at = sync_server::civil(NOON);
    Order {
        number: "1-0010".into(),
        elder,
        canteen: canteen.into(),
        date: at.date(),
        meal: Meal::Lunch,
        mode: Mode::OwnDelivery,
        dish: Some("软饭".into()),
        price: Fen(1200),
        note: None,
        state: OrderState::Placed,
        reason: None,
        state_at: at,
        taken_at: at,
        taken_by: Some("阿珍".into()),
        supplement_reason: None,
        platform_number: None,
    }
}

pub fn receipt(canteen: &str, order: RecordId, photos: &[&str]) -> Receipt {
    let at = sync_server::civil(NOON);
    Receipt {
        order,
        canteen: canteen.into(),
        arrived_at: at,
        recorded_at: at,
        received_by: Some(ReceivedBy::Elder),
        seen: Some(Seen::Well),
        note: None,
        photos: photos.iter().map(|hash| (*hash).to_owned()).collect(),
    }
}

pub fn canteen_of(house: &House, name: &str, division: &str) -> String {
    house.server.add_canteen(name, division, None).unwrap().code
}
