//! The HTTP carrier: envelopes up, answers down, over reqwest. Bodies are counted; answers have limits.

use crate::fault::OrBroken;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::sync::{Answer, message};
use shared::wire::{self, EnrolAsk, Enrolled};
use std::future::Future;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The longest that any answer may take; a held wait is answered well before.
const PATIENCE: Duration = Duration::from_secs(60);

/// What carries requests: one thread and the connections, kept from one sync to the next.
pub(super) struct Wire {
    runtime: Option<Runtime>,
    http: reqwest::Client,
}

impl Wire {
    pub(super) fn new() -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("wire").enable_all().build().or_broken()?;
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(PATIENCE)
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
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        if let Ok(fault) = serde_json::from_slice::<Fault>(&body) {
            return Err(fault);
        }
        tracing::warn!(%status, "the server answered with a failure");
        if status == reqwest::StatusCode::UPGRADE_REQUIRED {
            return Err(Fault::other_version());
        }
        Err(fault!(Code::Refused, sync::FAILED_ANSWER))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v{}/{path}", self.server, wire::VERSION)
    }

    /// The body, as long as it keeps the limit of a message.
    async fn body(&mut self, mut response: reqwest::Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| Fault::offline())? {
            body.extend_from_slice(&piece);
            if body.len() > message::MAX_PACKED {
                return Err(unknown_answer());
            }
        }
        self.bytes_down += body.len() as u64;
        Ok(body)
    }

    pub(super) async fn enrol(&mut self, ask: &EnrolAsk) -> Result<Enrolled, Fault> {
        let request = self.http.post(self.url("enrol")).json(ask);
        let response = self.send(request).await?;
        let body = self.body(response).await?;
        serde_json::from_slice(&body).map_err(|_| unknown_answer())
    }

    /// Carries an envelope there and the answer back.
    pub(super) async fn ask(&mut self, envelope: Vec<u8>) -> Result<Answer, Fault> {
        self.bytes_up += envelope.len() as u64;
        let request = self.http.post(self.url("sync")).body(envelope);
        let response = self.send(request).await?;
        let body = self.body(response).await?;
        message::unpack(&body).map_err(|_| unknown_answer())
    }
}

/// Told when an answer makes no sense.
pub(super) fn unknown_answer() -> Fault {
    fault!(Code::Refused, sync::UNREAD_ANSWER)
}
