//! The HTTP carrier: envelopes up, answers down, over reqwest. Bodies are counted. Whoever answers is not yet the server: what it says is
//! read to a limit, by what was asked, and within a time; nobody is followed elsewhere; and an answer counts when the server's key has
//! signed it for this question.

use super::server::{KnownServer, Trust};
use super::trust;
use crate::clock::Clock;
use crate::fault::OrBroken;
use shared::crypto::CryptoProvider;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::sync::reply::{self, Question};
use shared::sync::{Answer, message};
use shared::wire::{self, EnrolAsk, Enrolled, HelloAsk, SealedEnrolAsk, SignedHello};
use std::error::Error;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long a server is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// The longest that any answer may take; a held wait is answered well before.
    whole: Duration,
    /// The longest that nothing comes, beside the time that what goes up takes on a slow line.
    still: Duration,
}

/// A person who presses the button is told within a quarter of a minute.
pub(super) const PATIENCE: Patience = Patience { whole: Duration::from_secs(60), still: Duration::from_secs(12) };
/// Bytes a second that even a slow line carries.
const SLOWEST: u32 = 16 * 1024;

/// What an enrolment brings: the keys of all towns of a province, in hex, and room.
const MOST_OF_ENROLMENT: usize = 1024 * 1024;
/// A yes or no, in its envelope.
const MOST_OF_NEWS: usize = 4 * 1024;
/// A fault: some sentences in two languages. A hello is as short.
const MOST_OF_A_FAULT: usize = 16 * 1024;

/// What carries requests: one thread and the connections, kept from one sync to the next.
pub(super) struct Wire {
    runtime: Option<Runtime>,
    patience: Patience,
    clock: Clock,
    /// By the trust that it was made for.
    http: Mutex<Option<(Trust, reqwest::Client)>>,
}

impl Wire {
    pub(super) fn new(patience: Patience, clock: &Clock) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("wire").enable_all().build().or_broken()?;
        Ok(Self { runtime: Some(runtime), patience, clock: clock.clone(), http: Mutex::default() })
    }

    /// Carries on until `act` is done.
    pub(super) fn run<T>(&self, act: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        self.runtime.as_ref().ok_or_else(Fault::broken)?.block_on(act)
    }

    /// Requests to one server.
    pub(super) fn to<'a>(&self, crypto: &'a dyn CryptoProvider, server: KnownServer) -> Result<Client<'a>, Fault> {
        let mut kept = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        let http = match &*kept {
            Some((trust, http)) if *trust == server.trust => http.clone(),
            _ => {
                let http = self.http(&server.trust)?;
                kept.insert((server.trust.clone(), http)).1.clone()
            }
        };
        Ok(Client { requests: Requests { http, bytes_down: 0, patience: self.patience }, crypto, server, bytes_up: 0 })
    }

    /// Who answers at an address, whatever certificate it shows: what it says is believed by its signature.
    pub(super) async fn hello(&self, address: &str, ask: &HelloAsk) -> Result<SignedHello, Fault> {
        let mut client = Requests { http: self.http(&Trust::Anybody)?, bytes_down: 0, patience: self.patience };
        let request = client.http.post(url(address, "hello")).json(ask);
        let response = client.send(request, self.patience.still).await?;
        let body = client.body(response, MOST_OF_A_FAULT).await?;
        serde_json::from_slice(&body).map_err(|_| not_the_server())
    }

    fn http(&self, trust: &Trust) -> Result<reqwest::Client, Fault> {
        let builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(self.patience.whole)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(trust::config(trust, &self.clock)?);
        builder.build().or_broken()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // The desk may be let go by a thread that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wire")
    }
}

fn url(address: &str, path: &str) -> String {
    format!("{address}/v{}/{path}", wire::VERSION)
}

/// Requests, and how many bytes they brought.
struct Requests {
    http: reqwest::Client,
    bytes_down: u64,
    patience: Patience,
}

impl Requests {
    /// Sends a request; the head of the answer comes within that time.
    async fn send(&mut self, request: reqwest::RequestBuilder, within: Duration) -> Result<reqwest::Response, Fault> {
        let answered = tokio::time::timeout(within, request.send()).await.map_err(|_| hangs())?;
        let response = answered.map_err(|error| {
            tracing::info!(%error, "the server was not reached");
            if is_about_the_certificate(&error) { certificate_not_good() } else { Fault::offline() }
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = self.body(response, MOST_OF_A_FAULT).await?;
        if let Ok(fault) = serde_json::from_slice::<Fault>(&body) {
            return Err(fault);
        }
        tracing::warn!(%status, "the server answered with a failure");
        Err(match status {
            reqwest::StatusCode::UPGRADE_REQUIRED => Fault::other_version(),
            reqwest::StatusCode::NETWORK_AUTHENTICATION_REQUIRED => not_the_server(),
            status if status.is_server_error() => fault!(Code::Refused, sync::FAILED_ANSWER),
            _ => not_the_server(),
        })
    }

    /// The body, as long as it keeps the limit.
    async fn body(&mut self, mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        if response.content_length().is_some_and(|told| told > most as u64) {
            return Err(not_the_server());
        }
        let still = self.patience.still;
        while let Some(piece) = tokio::time::timeout(still, response.chunk()).await.map_err(|_| hangs())?.map_err(|_| Fault::offline())? {
            if body.len() + piece.len() > most {
                tracing::warn!("an answer goes on and on");
                return Err(not_the_server());
            }
            body.extend_from_slice(&piece);
        }
        self.bytes_down += body.len() as u64;
        Ok(body)
    }
}

/// Requests to one server, counted.
pub(super) struct Client<'a> {
    requests: Requests,
    crypto: &'a dyn CryptoProvider,
    server: KnownServer,
    pub(super) bytes_up: u64,
}

impl Client<'_> {
    pub(super) fn bytes_down(&self) -> u64 {
        self.requests.bytes_down
    }

    pub(super) async fn enrol(&mut self, ask: &EnrolAsk) -> Result<Enrolled, Fault> {
        let json = serde_json::to_vec(ask).or_broken()?;
        // A key that is none can't be wrapped for: whoever sent it is not the server.
        let sealed = hex::encode(self.crypto.wrap(&self.server.key, &json).map_err(|_| not_the_server())?);
        let mark = hex::decode(&ask.nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or_else(Fault::broken)?;
        let request = self.requests.http.post(url(&self.server.address, "enrol")).json(&SealedEnrolAsk { sealed });
        self.answer((request, self.requests.patience.still), &Question { device: [0; 16], mark }, MOST_OF_ENROLMENT).await
    }

    /// Carries an envelope there and the answer back.
    pub(super) async fn ask(&mut self, envelope: Vec<u8>) -> Result<Answer, Fault> {
        let up = Duration::from_secs(1) * u32::try_from(envelope.len()).unwrap_or(u32::MAX) / SLOWEST;
        let within = self.requests.patience.still.saturating_add(up);
        self.ask_for((envelope, within), message::MAX_PACKED + reply::OVERHEAD).await
    }

    /// Carries there an envelope that asks for news only.
    pub(super) async fn ask_for_news(&mut self, envelope: Vec<u8>) -> Result<Answer, Fault> {
        // Held on purpose.
        self.ask_for((envelope, self.requests.patience.whole), MOST_OF_NEWS).await
    }

    async fn ask_for(&mut self, (envelope, within): (Vec<u8>, Duration), most: usize) -> Result<Answer, Fault> {
        self.bytes_up += envelope.len() as u64;
        let question = Question::of(&envelope).or_broken()?;
        let request = self.requests.http.post(url(&self.server.address, "sync")).body(envelope);
        self.answer((request, within), &question, most).await
    }

    /// What the server itself answers to this question. What is not signed so is somebody else's.
    async fn answer<T: serde::de::DeserializeOwned>(
        &mut self,
        (request, within): (reqwest::RequestBuilder, Duration),
        question: &Question,
        most: usize,
    ) -> Result<T, Fault> {
        let response = self.requests.send(request, within).await?;
        let body = self.requests.body(response, most).await?;
        let packed = reply::check(self.crypto, &self.server.key, question, &body).ok_or_else(|| {
            tracing::warn!("somebody else than the server answered");
            not_the_server()
        })?;
        message::unpack(packed).map_err(|_| unknown_answer())
    }
}

/// Told when a server takes what is said and says nothing.
fn hangs() -> Fault {
    tracing::info!("the server says nothing");
    Fault::offline()
}

/// Whether the connection failed since the certificate that was shown does not hold. What went wrong is wrapped, in errors of I/O too.
fn is_about_the_certificate(error: &(dyn Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return matches!(error, rustls::Error::InvalidCertificate(_));
    }
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => is_about_the_certificate(inner),
        None => error.source().is_some_and(is_about_the_certificate),
    }
}

/// The certificate that was shown is not that of the server, or its time is over.
pub(super) fn certificate_not_good() -> Fault {
    fault!(Code::Offline, sync::CERTIFICATE_NOT_GOOD)
}

/// Told when somebody else answers for the server: the page of a network where one has to log in first, say.
pub(super) fn not_the_server() -> Fault {
    fault!(Code::Offline, sync::NOT_THE_SERVER)
}

/// Told when an answer makes no sense.
pub(super) fn unknown_answer() -> Fault {
    fault!(Code::Refused, sync::UNREAD_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crypto::{SoftProvider, StoredKey};
    use shared::sync::{Ask, envelope};
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc::{Receiver, channel};

    const MIB: usize = 1024 * 1024;

    /// A portal that hands one connection to `answer`; tells how many bytes of it were taken.
    fn portal(answer: impl FnOnce(&mut TcpStream) -> usize + Send + 'static) -> (String, Receiver<usize>) {
        hearing(|_, stream| answer(stream))
    }

    /// The same, of what it heard.
    fn hearing(answer: impl FnOnce(&[u8], &mut TcpStream) -> usize + Send + 'static) -> (String, Receiver<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (taken, tell) = channel();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = vec![0; 64 * 1024];
            let many = stream.read(&mut heard).unwrap();
            let bytes = answer(&heard[..many], &mut stream);
            let _ = taken.send(bytes);
            // Until the other side goes: who hangs up on what was not read yet takes back what was said.
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        (url, tell)
    }

    /// Answers with a head and a body that does not end by itself.
    fn endless(head: &'static str) -> (String, Receiver<usize>) {
        portal(move |stream| {
            let piece = vec![b'x'; 64 * 1024];
            stream.write_all(head.as_bytes()).unwrap();
            (0..256 * MIB / piece.len()).take_while(|_| stream.write_all(&piece).is_ok()).count() * piece.len()
        })
    }

    fn known(url: &str) -> (SoftProvider, StoredKey, KnownServer) {
        let crypto = SoftProvider::seeded(5);
        let key = crypto.new_key().unwrap();
        let server = KnownServer { address: url.to_owned(), key: crypto.public_key(&key).unwrap(), trust: Trust::Everywhere };
        (crypto, key, server)
    }

    fn asked(wire: &Wire, url: &str) -> Fault {
        let (crypto, key, server) = known(url);
        let envelope = envelope::enclose(&crypto, &key, &[5; 16], 0, &Ask::Buckets).unwrap();
        wire.run(async { wire.to(&crypto, server)?.ask(envelope).await }).unwrap_err()
    }

    #[test]
    fn an_answer_without_end_is_let_go_and_told_as_somebody_elses() {
        let wire = Wire::new(PATIENCE, &Clock::system()).unwrap();
        let heads = [
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 9999999999\r\n\r\n",
            "HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/html\r\n\r\n",
            "HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n{\"code\":\"",
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-type: text/html\r\n\r\n",
            "HTTP/1.1 511 Network Authentication Required\r\n\r\n",
        ];
        for head in heads {
            for enrols in [false, true] {
                let (url, taken) = endless(head);
                let fault = if enrols {
                    let (crypto, _, server) = known(&url);
                    let nonce = "07".repeat(16);
                    let ask = EnrolAsk { code: "12345678".into(), name: "电脑".into(), public_key: String::new(), nonce };
                    wire.run(async { wire.to(&crypto, server)?.enrol(&ask).await }).unwrap_err()
                } else {
                    asked(&wire, &url)
                };
                assert_eq!(fault, not_the_server(), "{head}");
                // What the system holds for both ends of a connection is the most of it.
                let taken = taken.recv().unwrap();
                assert!(taken < 32 * MIB, "{head}: {taken}");
            }
        }
    }

    /// The whole patience is an hour: who waits for that never ends this test.
    #[test]
    fn a_server_that_takes_everything_and_says_nothing_is_not_waited_for() {
        let wire = Wire::new(Patience { whole: Duration::from_secs(3_600), still: Duration::from_millis(300) }, &Clock::system()).unwrap();
        let until_it_goes = |stream: &mut TcpStream| usize::try_from(std::io::copy(stream, &mut std::io::sink()).unwrap_or(0)).unwrap();
        let (silent, gone) = portal(until_it_goes);
        assert_eq!(asked(&wire, &silent), Fault::offline());
        gone.recv().unwrap();
        // Nor one that begins and stops.
        let (stops, gone) = portal(move |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 99\r\n\r\nx").unwrap();
            until_it_goes(stream)
        });
        assert_eq!(asked(&wire, &stops), Fault::offline());
        gone.recv().unwrap();
    }

    #[test]
    fn an_answer_that_comes_by_drops_ends_with_the_time() {
        let wire = Wire::new(Patience { whole: Duration::from_millis(300), ..PATIENCE }, &Clock::system()).unwrap();
        for head in ["HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12", "HTTP/1.1 500 Oh\r\ncontent-length: 10\r\n\r\n12", "HTTP/1.1 20"] {
            let (url, gone) = portal(move |stream| {
                stream.write_all(head.as_bytes()).unwrap();
                // Until the other side goes.
                stream.read(&mut [0]).unwrap_or(0)
            });
            assert_eq!(asked(&wire, &url).code, Code::Offline, "{head}");
            assert_eq!(gone.recv().unwrap(), 0, "{head}");
        }
    }

    #[test]
    fn an_answer_of_the_server_that_makes_no_sense_is_told_as_one_of_another_version() {
        let (url, _) = hearing(|heard, stream| {
            let (crypto, key, _) = known("");
            let begins = heard.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            // An answer of a number that is none yet.
            let said = reply::enclose(&crypto, &key, &Question::of(&heard[begins..]).unwrap(), &(120u8, 1u8)).unwrap();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", said.len());
            stream.write(&[head.as_bytes(), &said].concat()).unwrap()
        });
        assert_eq!(asked(&Wire::new(PATIENCE, &Clock::system()).unwrap(), &url), unknown_answer());
    }

    #[test]
    fn nobody_is_followed_elsewhere() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        let head = format!("HTTP/1.1 307 Elsewhere\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n", elsewhere.local_addr().unwrap());
        let (url, _) = portal(move |stream| stream.write(head.as_bytes()).unwrap());
        assert_eq!(asked(&Wire::new(PATIENCE, &Clock::system()).unwrap(), &url), not_the_server());
        elsewhere.set_nonblocking(true).unwrap();
        assert_eq!(elsewhere.accept().err().map(|error| error.kind()), Some(std::io::ErrorKind::WouldBlock));
    }

    #[test]
    fn a_server_that_fails_is_told_from_somebody_else() {
        let wire = Wire::new(PATIENCE, &Clock::system()).unwrap();
        let refused = serde_json::to_string(&Fault::shut_out()).unwrap();
        for (status, kind, body, expect) in [
            ("401 Unauthorized", "application/json", refused.as_str(), Fault::shut_out()),
            ("426 Upgrade Required", "text/plain", "", Fault::other_version()),
            ("502 Bad Gateway", "text/html", "<html>nginx</html>", fault!(Code::Refused, sync::FAILED_ANSWER)),
            ("403 Forbidden", "text/html", "<html>log in</html>", not_the_server()),
            ("200 OK", "text/html; charset=utf-8", "<html>log in</html>", not_the_server()),
            ("200 OK", "application/octet-stream", "of nobody", not_the_server()),
        ] {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let (url, _) = portal(move |stream| stream.write(answer.as_bytes()).unwrap());
            assert_eq!(asked(&wire, &url), expect, "{status} {kind}");
        }
    }
}
