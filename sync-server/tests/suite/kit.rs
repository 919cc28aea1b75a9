//! A running server with a fixed clock on the engine of the suite, and a desk that speaks to it.

mod exports;
mod hand;
mod records;

pub use exports::exporting;
use hand::open;
pub use records::*;

use reqwest::{Client, Response, StatusCode};
use shared::console::SignIn;
use shared::crypto::{CryptoProvider, PublicKey, SecretKey, SoftProvider, StoredKey};
use shared::kinds::*;
use shared::schema::*;
use shared::seal::DeviceKeys;
use shared::sync::reply::{self, Question};
use shared::sync::{Answer, Ask, Exchange, Exchanged, SessionToken, SetDigest, envelope, message, set_digest, snapshot};
use shared::wire::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use sync_server::{Clock, Server};
use tokio::task::JoinHandle;

pub struct House {
    pub server: Server,
    pub url: String,
    pub now: Arc<AtomicI64>,
    pub http: Client,
    pub folder: tempfile::TempDir,
    database: Option<String>,
}

/// 2026-11-22 12:00 in China.
pub const NOON: i64 = 1_795_320_000;

impl House {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(NOON));
        let hand = Arc::clone(&now);
        let clock = Clock::by(move || hand.load(Ordering::Relaxed));
        let database = crate::cluster::database_for(module_path!());
        let server = open(database.as_deref(), folder.path(), clock).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sync_server::serve(listener, server.clone(), None));
        Self { server, url, now, http: Client::new(), folder, database }
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Response {
        let ask = SignIn { name: name.into(), password: password.into(), ..SignIn::default() };
        self.http.post(format!("{}/api/session", self.url)).json(&ask).send().await.unwrap()
    }

    /// Adds an account and signs it in; an administrator has a second factor then.
    pub async fn clerk(&self, name: &str, role: impl Into<Role>, division: &str) -> Clerk {
        let role = role.into();
        self.server.add_account(name, role, division, "yufan2026x").unwrap();
        let answer = self.sign_in(name, "yufan2026x").await;
        assert_eq!(answer.status(), StatusCode::OK);
        let clerk = Clerk { url: self.url.clone(), http: self.http.clone(), cookie: cookie_of(&answer) };
        if role.is_administrator() {
            clerk.confirm_factor(self, "yufan2026x").await;
        }
        clerk
    }

    /// The file of a photo.
    pub fn photo_file(&self, hash: [u8; 32]) -> PathBuf {
        let hash = hex::encode(hash);
        self.folder.path().join("photos").join(&hash[..2]).join(format!("{hash}.sealed"))
    }

    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    pub async fn enrol(&self, code: &str) -> Response {
        self.enrol_with(code, &SoftProvider::new().new_key().unwrap()).await
    }

    pub async fn enrol_with(&self, code: &str, key: &StoredKey) -> Response {
        enrol_with(&self.url, code, key).await
    }

    pub async fn desk_at(&self, canteen: &str) -> Desk {
        self.desk(&self.server.device_code(Some(canteen), None).unwrap().code).await
    }

    pub async fn desk_in(&self, division: &str) -> Desk {
        self.desk(&self.server.device_code(None, Some(division)).unwrap().code).await
    }

    async fn desk(&self, code: &str) -> Desk {
        Desk { at: Arc::clone(&self.now), ..Desk::enrol(&self.url, code).await }
    }
}

/// The server's key and time, as it says itself.
pub async fn hello(url: &str) -> (Hello, PublicKey) {
    let ask = HelloAsk { nonce: NONCE.into() };
    let hello: SignedHello = Client::new().post(format!("{url}/v2/hello")).json(&ask).send().await.unwrap().json().await.unwrap();
    hello.open(&SoftProvider::new(), &ask).unwrap()
}

const NONCE: &str = "07070707070707070707070707070707";

/// Enrols by the digits of a code.
pub async fn enrol_with(url: &str, code: &str, key: &StoredKey) -> Response {
    let crypto = SoftProvider::new();
    let public_key = crypto.public_key(key).unwrap();
    Client::new().post(format!("{url}/v2/enrol")).json(&enrolling(url, code, "前台电脑", &public_key).await).send().await.unwrap()
}

/// What a device sends that enrols by the digits of a code.
pub async fn enrolling(url: &str, code: &str, name: &str, key: &PublicKey) -> SealedEnrolAsk {
    let code = code.chars().filter(char::is_ascii_digit).take(8).collect();
    let ask = EnrolAsk { code, name: name.into(), public_key: hex::encode(key.0), nonce: NONCE.into() };
    let sealed = SoftProvider::new().wrap(&hello(url).await.1, &serde_json::to_vec(&ask).unwrap()).unwrap();
    SealedEnrolAsk { sealed: hex::encode(sealed) }
}

/// What the server answers to a question, where it is signed for that question.
pub fn opened<T: serde::de::DeserializeOwned>(key: &PublicKey, question: &Question, answer: &[u8]) -> T {
    message::unpack(reply::check(&SoftProvider::new(), key, question, answer).expect("signed by the server for this question")).unwrap()
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

    pub async fn post(&self, path: &str, body: &impl serde::Serialize) -> Response {
        self.http.post(format!("{}{path}", self.url)).header("cookie", &self.cookie).json(body).send().await.unwrap()
    }

    pub async fn read<T: serde::de::DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }
}

/// A device that says what it is told to, signed.
pub struct Desk {
    url: String,
    http: Client,
    pub enrolled: Enrolled,
    pub server_key: PublicKey,
    key: StoredKey,
    /// The server's time.
    pub at: Arc<AtomicI64>,
    token: Arc<Mutex<SessionToken>>,
}

impl Desk {
    pub async fn enrol(url: &str, code: &str) -> Self {
        let key = SoftProvider::new().new_key().unwrap();
        let answer = enrol_with(url, code, &key).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let ((hello, server_key), question) = (hello(url).await, Question { device: [0; 16], mark: [7; 16] });
        let enrolled: Enrolled = opened(&server_key, &question, &answer.bytes().await.unwrap());
        assert_eq!(enrolled.server_key, hex::encode(server_key.0));
        Self {
            url: url.to_owned(),
            http: Client::new(),
            enrolled,
            server_key,
            key,
            at: Arc::new(AtomicI64::new(hello.at)),
            token: Arc::default(),
        }
    }

    /// The same device, speaking to another server.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), token: Arc::clone(&self.token), ..self.copy() }
    }

    /// The same device once more: a copied folder.
    pub fn copy(&self) -> Self {
        let token = Arc::new(Mutex::new(*self.token.lock().unwrap()));
        let (enrolled, key, at) = (self.enrolled.clone(), self.key.clone(), Arc::clone(&self.at));
        Self { url: self.url.clone(), http: self.http.clone(), enrolled, server_key: self.server_key, key, at, token }
    }

    /// What it was given at its enrolment.
    pub fn keys(&self) -> DeviceKeys {
        DeviceKeys::unwrap(&SoftProvider::new(), &self.key, &hex::decode(&self.enrolled.keys).unwrap()).unwrap()
    }

    /// The key of a town, where the device was given it.
    pub fn town_key(&self, town: &str) -> Option<SecretKey> {
        self.keys().towns.into_iter().find(|(code, _)| code == town).map(|(_, key)| SecretKey::from_bytes(key))
    }

    pub fn envelope(&self, ask: &Ask) -> Vec<u8> {
        envelope::enclose(&SoftProvider::new(), &self.key, self.enrolled.device.0.as_bytes(), self.at.load(Ordering::Relaxed), ask).unwrap()
    }

    /// An envelope of bytes that are perhaps no message.
    pub fn enclosed(&self, packed: &[u8]) -> Vec<u8> {
        let (crypto, who) = (SoftProvider::new(), (self.enrolled.device.0.as_bytes(), self.at.load(Ordering::Relaxed)));
        envelope::enclose_packed(&crypto, &self.key, who, &envelope::digest_of(&crypto, std::iter::empty()), packed).unwrap()
    }

    pub async fn send(&self, envelope: Vec<u8>) -> Option<Response> {
        self.http.post(format!("{}/v2/sync", self.url)).body(envelope).send().await.ok()
    }

    pub async fn status(&self, ask: &Ask) -> StatusCode {
        self.send(self.envelope(ask)).await.unwrap().status()
    }

    pub async fn ask(&self, ask: &Ask) -> Answer {
        let envelope = self.envelope(ask);
        let answer = self.send(envelope.clone()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{ask:?}");
        match self.opened(&envelope, &answer.bytes().await.unwrap()) {
            Answer::Clock(now) => {
                self.at.store(now, Ordering::Relaxed);
                Box::pin(self.ask(ask)).await
            }
            answer => answer,
        }
    }

    /// The same device by a clock of its own.
    pub fn by_clock(&self, at: i64) -> Self {
        Self { at: Arc::new(AtomicI64::new(at)), ..self.copy() }
    }

    /// What the server answers to an envelope of this device.
    pub fn opened(&self, envelope: &[u8], answer: &[u8]) -> Answer {
        opened(&self.server_key, &Question::of(envelope).unwrap(), answer)
    }

    /// Asks beside what else the test does.
    pub fn later(&self, ask: &Ask) -> JoinHandle<(StatusCode, Option<Answer>)> {
        let envelope = self.envelope(ask);
        let request = self.http.post(format!("{}/v2/sync", self.url)).body(envelope.clone());
        let key = self.server_key;
        tokio::spawn(async move {
            let answer = request.send().await.unwrap();
            let (status, bytes) = (answer.status(), answer.bytes().await.unwrap());
            (status, status.is_success().then(|| opened(&key, &Question::of(&envelope).unwrap(), &bytes)))
        })
    }

    /// One exchange with the session token that this device holds.
    pub async fn exchange(&self, exchange: Exchange) -> Answer {
        let presents = *self.token.lock().unwrap();
        let answer = self.ask(&Ask::Exchange(Exchange { presents, ..exchange })).await;
        if let Answer::Exchanged(exchanged) | Answer::ExchangedAs(_, exchanged) = &answer {
            *self.token.lock().unwrap() = exchanged.token;
        }
        answer
    }

    /// One exchange, if the server lives to answer it.
    pub async fn try_exchange(&self, exchange: Exchange) -> Option<Exchanged> {
        let presents = *self.token.lock().unwrap();
        let envelope = self.envelope(&Ask::Exchange(Exchange { presents, ..exchange }));
        let answer = self.send(envelope.clone()).await?;
        assert_eq!(answer.status(), StatusCode::OK);
        let Answer::Exchanged(exchanged) = self.opened(&envelope, &answer.bytes().await.ok()?) else { panic!("no exchange") };
        *self.token.lock().unwrap() = exchanged.token;
        Some(exchanged)
    }

    pub async fn exchanged(&self, exchange: Exchange) -> Exchanged {
        match self.exchange(exchange).await {
            Answer::Exchanged(exchanged) | Answer::ExchangedAs(_, exchanged) => exchanged,
            other => panic!("{other:?}"),
        }
    }

    pub async fn push(&self, changes: Vec<WireChange>) -> Vec<RefusedChange> {
        self.exchanged(Exchange { changes, ..Exchange::default() }).await.refused
    }

    pub async fn pull(&self, after: u64, own_too: bool) -> Exchanged {
        self.exchanged(Exchange { after, own_too, ..Exchange::default() }).await
    }

    /// Everything in its scope, also from pages of a snapshot, and the sum that the server tells of it.
    pub async fn pull_all(&self) -> (Vec<WireChange>, u64, SetDigest) {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.pull(after, true).await;
            all.extend(page.changes);
            if !page.page.is_empty() {
                all.extend(snapshot::unpack(&page.page).unwrap());
            }
            after = page.next;
            if let Some(sum) = page.digest {
                return (all, after, sum);
            }
        }
    }

    pub async fn photo(&self, hash: [u8; 32]) -> Answer {
        self.ask(&Ask::GetPhoto { hash, at: 0 }).await
    }

    pub async fn put_photo(&self, hash: [u8; 32], size: usize, at: usize, bytes: &[u8]) -> StatusCode {
        let (size, at) = (u32::try_from(size).unwrap(), u32::try_from(at).unwrap());
        self.status(&Ask::PutPhoto { hash, size, at, bytes: bytes.to_vec() }).await
    }
}

/// What a device that reads all anew holds: what came and did not leave again. Its sum is the one that the server tells.
pub async fn held_by(desk: &Desk) -> Vec<WireChange> {
    let (pulled, _, sum) = desk.pull_all().await;
    let held = held(Vec::new(), &pulled);
    assert_eq!(sum, sum_of(&held));
    held
}

/// What a device holds after these have come.
pub fn held(mut held: Vec<WireChange>, came: &[WireChange]) -> Vec<WireChange> {
    for change in came {
        if change.bytes.is_empty() {
            held.retain(|known| (&known.kind, known.record) != (&change.kind, change.record));
        } else if !held.contains(change) {
            held.push(change.clone());
        }
    }
    held
}

/// What a question that was asked beside comes to.
pub async fn answer_of(asked: JoinHandle<(StatusCode, Option<Answer>)>) -> Answer {
    let (status, answer) = asked.await.unwrap();
    answer.unwrap_or_else(|| panic!("{status}"))
}

/// Until so many devices wait at a server.
pub async fn until_waiting(server: &Server, many: usize) {
    let looking = async {
        while server.waiting() != many {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(120), looking).await.unwrap();
}

/// The sum of these changes.
pub fn sum_of(changes: &[WireChange]) -> SetDigest {
    let mut sum = SetDigest::default();
    for change in changes {
        sum.add(&set_digest::id(KindId::of_code(&change.kind).unwrap(), &change.record, &change.bytes));
    }
    sum
}

pub fn canteen_of(house: &House, name: &str, division: &str) -> String {
    house.server.add_canteen(name, division, None).unwrap().code
}

/// The program of the server on a data folder and a database, at noon.
pub fn program(folder: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(
        std::env::var_os("YINLING_BIN_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_sync-server")), |folder| PathBuf::from(folder).join("sync-server")),
    );
    command.arg("--data").arg(folder).env("RUST_LOG", "warn").env("YINLING_NOW", "2026-11-22T12:00:00");
    match database {
        Some(address) => command.env("YINLING_DATABASE", address),
        None => command.env_remove("YINLING_DATABASE"),
    };
    command
}
