//! The HTTP carrier: envelopes up, answers down, over reqwest. Bodies are counted. Whoever answers is not yet the server: what it says is
//! read to a limit, by what was asked, and within a time; nobody is followed elsewhere.

use crate::fault::OrBroken;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::sync::{Answer, message};
use shared::wire::{self, EnrolAsk, Enrolled};
use std::future::Future;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The longest that any answer may take; a held wait is answered well before.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// What an enrolment brings: the keys of all towns of a province, in hex, and room.
const MOST_OF_ENROLMENT: usize = 1024 * 1024;
/// A yes or no, in its envelope.
const MOST_OF_NEWS: usize = 4 * 1024;
/// A fault: some sentences in two languages.
const MOST_OF_A_FAULT: usize = 16 * 1024;

/// What carries requests: one thread and the connections, kept from one sync to the next.
pub(super) struct Wire {
    runtime: Option<Runtime>,
    http: reqwest::Client,
}

impl Wire {
    pub(super) fn new(patience: Duration) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("wire").enable_all().build().or_broken()?;
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .or_broken()?;
        Ok(Self { runtime: Some(runtime), http })
    }

    /// Carries on until `act` is done.
    pub(super) fn run<T>(&self, act: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        self.runtime.as_ref().ok_or_else(Fault::broken)?.block_on(act)
    }

    /// Requests to one server.
    pub(super) fn to(&self, server: &str) -> Result<Client, Fault> {
        let server = server.trim().trim_end_matches('/').to_owned();
        if !server.starts_with("http://") && !server.starts_with("https://") {
            return Err(fault!(Code::BadInput, sync::BAD_ADDRESS));
        }
        Ok(Client { http: self.http.clone(), server, bytes_up: 0, bytes_down: 0 })
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

/// Requests to one server, counted.
pub(super) struct Client {
    http: reqwest::Client,
    server: String,
    pub(super) bytes_up: u64,
    pub(super) bytes_down: u64,
}

impl Client {
    async fn send(&mut self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Fault> {
        let response = request.send().await.map_err(|error| {
            tracing::info!(%error, "the server was not reached");
            Fault::offline()
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

    fn url(&self, path: &str) -> String {
        format!("{}/v{}/{path}", self.server, wire::VERSION)
    }

    /// The body, as long as it keeps the limit.
    async fn body(&mut self, mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        if response.content_length().is_some_and(|told| told > most as u64) {
            return Err(not_the_server());
        }
        while let Some(piece) = response.chunk().await.map_err(|_| Fault::offline())? {
            if body.len() + piece.len() > most {
                tracing::warn!("an answer goes on and on");
                return Err(not_the_server());
            }
            body.extend_from_slice(&piece);
        }
        self.bytes_down += body.len() as u64;
        Ok(body)
    }

    /// What stands in the body, as `read` reads it. What is not readable and of no kind that the server sends is somebody else's.
    async fn answer<T>(&mut self, response: reqwest::Response, most: usize, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, Fault> {
        let kind = response.headers().get(reqwest::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let ours = ["application/octet-stream", "application/json"].iter().any(|known| kind.starts_with(known));
        let body = self.body(response, most).await?;
        read(&body).ok_or_else(|| if ours { unknown_answer() } else { not_the_server() })
    }

    pub(super) async fn enrol(&mut self, ask: &EnrolAsk) -> Result<Enrolled, Fault> {
        let request = self.http.post(self.url("enrol")).json(ask);
        let response = self.send(request).await?;
        self.answer(response, MOST_OF_ENROLMENT, |body| serde_json::from_slice(body).ok()).await
    }

    /// Carries an envelope there and the answer back.
    pub(super) async fn ask(&mut self, envelope: Vec<u8>) -> Result<Answer, Fault> {
        self.ask_for(envelope, message::MAX_PACKED).await
    }

    /// Carries there an envelope that asks for news only.
    pub(super) async fn ask_for_news(&mut self, envelope: Vec<u8>) -> Result<Answer, Fault> {
        self.ask_for(envelope, MOST_OF_NEWS).await
    }

    async fn ask_for(&mut self, envelope: Vec<u8>, most: usize) -> Result<Answer, Fault> {
        self.bytes_up += envelope.len() as u64;
        let request = self.http.post(self.url("sync")).body(envelope);
        let response = self.send(request).await?;
        self.answer(response, most, |body| message::unpack(body).ok()).await
    }
}

/// Told when somebody else answers for the server: the page of a network where one has to log in first, say.
fn not_the_server() -> Fault {
    fault!(Code::Offline, sync::NOT_THE_SERVER)
}

/// Told when an answer makes no sense.
pub(super) fn unknown_answer() -> Fault {
    fault!(Code::Refused, sync::UNREAD_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc::{Receiver, channel};

    const MIB: usize = 1024 * 1024;

    /// A portal that hands one connection to `answer`; tells how many bytes of it were taken.
    fn portal(answer: impl FnOnce(&mut TcpStream) -> usize + Send + 'static) -> (String, Receiver<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (taken, tell) = channel();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 64 * 1024]).unwrap();
            let bytes = answer(&mut stream);
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

    fn asked(wire: &Wire, url: &str) -> Fault {
        wire.run(async { wire.to(url)?.ask(vec![0; 100]).await }).unwrap_err()
    }

    #[test]
    fn an_answer_without_end_is_let_go_and_told_as_somebody_elses() {
        let wire = Wire::new(PATIENCE).unwrap();
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
                    let ask = EnrolAsk { code: "1234-5678".into(), name: "电脑".into(), public_key: String::new() };
                    wire.run(async { wire.to(&url)?.enrol(&ask).await }).unwrap_err()
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

    #[test]
    fn an_answer_that_comes_by_drops_ends_with_the_time() {
        let wire = Wire::new(Duration::from_millis(300)).unwrap();
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
    fn nobody_is_followed_elsewhere() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        let head = format!("HTTP/1.1 307 Elsewhere\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n", elsewhere.local_addr().unwrap());
        let (url, _) = portal(move |stream| stream.write(head.as_bytes()).unwrap());
        assert_eq!(asked(&Wire::new(PATIENCE).unwrap(), &url), not_the_server());
        elsewhere.set_nonblocking(true).unwrap();
        assert_eq!(elsewhere.accept().err().map(|error| error.kind()), Some(std::io::ErrorKind::WouldBlock));
    }

    #[test]
    fn a_server_that_fails_is_told_from_somebody_else() {
        let wire = Wire::new(PATIENCE).unwrap();
        let refused = serde_json::to_string(&Fault::shut_out()).unwrap();
        for (status, kind, body, expect) in [
            ("401 Unauthorized", "application/json", refused.as_str(), Fault::shut_out()),
            ("426 Upgrade Required", "text/plain", "", Fault::other_version()),
            ("502 Bad Gateway", "text/html", "<html>nginx</html>", fault!(Code::Refused, sync::FAILED_ANSWER)),
            ("403 Forbidden", "text/html", "<html>log in</html>", not_the_server()),
            ("200 OK", "text/html; charset=utf-8", "<html>log in</html>", not_the_server()),
            ("200 OK", "application/octet-stream", "of a later version", unknown_answer()),
        ] {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            let (url, _) = portal(move |stream| stream.write(answer.as_bytes()).unwrap());
            assert_eq!(asked(&wire, &url), expect, "{status} {kind}");
        }
    }
}
