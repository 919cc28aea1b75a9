//! The HTTP carrier: what the wire says, over reqwest. Bodies are counted; answers have limits.

use shared::fault::{Code, Fault};
use shared::wire::{self, Batch, DeviceReport, EnrolAsk, Enrolled, HEADER_MORE, HEADER_NEXT, Pushed, Totals};
use shared::zh;
use std::time::Duration;

/// A connection to one server.
pub(super) struct Client {
    http: reqwest::Client,
    server: String,
    token: Option<String>,
    pub(super) bytes_up: u64,
    pub(super) bytes_down: u64,
}

/// One page of the feed.
pub(super) struct Page {
    pub(super) batch: Batch,
    pub(super) next: u64,
    pub(super) more: bool,
}

impl Client {
    pub(super) fn new(server: &str, token: Option<String>) -> Result<Self, Fault> {
        let server = server.trim().trim_end_matches('/').to_owned();
        if !server.starts_with("http://") && !server.starts_with("https://") {
            return Err(Fault::new(Code::BadInput, "服务器地址不对。", "地址以 http:// 或 https:// 开头，请向上级要准确的地址。"));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(crate::fault::broken)?;
        Ok(Self { http, server, token, bytes_up: 0, bytes_down: 0 })
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Fault> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.map_err(|error| {
            tracing::info!(%error, "the server was not reached");
            zh::offline()
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
        Err(Fault::new(Code::Refused, "服务器没有正常回应。", "稍后会自动再试；一直这样请联系运维。"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v{}/{path}", self.server, wire::VERSION)
    }

    async fn body(&mut self, response: reqwest::Response) -> Result<Vec<u8>, Fault> {
        let bytes = response.bytes().await.map_err(|_| zh::offline())?;
        self.bytes_down += bytes.len() as u64;
        Ok(bytes.to_vec())
    }

    async fn json<T: serde::de::DeserializeOwned>(&mut self, response: reqwest::Response) -> Result<T, Fault> {
        let body = self.body(response).await?;
        serde_json::from_slice(&body).map_err(|_| unknown_answer())
    }

    pub(super) async fn enrol(&mut self, ask: &EnrolAsk) -> Result<Enrolled, Fault> {
        let request = self.http.post(self.url("enrol")).json(ask);
        let response = self.send(request).await?;
        self.json(response).await
    }

    pub(super) async fn push(&mut self, packed: Vec<u8>) -> Result<Pushed, Fault> {
        self.bytes_up += packed.len() as u64;
        let request = self.http.post(self.url("push")).body(packed);
        let response = self.send(request).await?;
        self.json(response).await
    }

    pub(super) async fn pull(&mut self, after: u64, skip_own: bool) -> Result<Page, Fault> {
        let own = if skip_own { "&skip_own=1" } else { "" };
        let request = self.http.get(format!("{}?after={after}{own}", self.url("pull")));
        let response = self.send(request).await?;
        let header =
            |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.parse::<u64>().ok());
        let (next, more) = (header(HEADER_NEXT).ok_or_else(unknown_answer)?, header(HEADER_MORE) == Some(1));
        let body = self.body(response).await?;
        let batch = wire::unpack(&body).map_err(|_| unknown_answer())?;
        Ok(Page { batch, next, more })
    }

    pub(super) async fn totals(&mut self, upto: u64) -> Result<Totals, Fault> {
        let request = self.http.get(format!("{}?upto={upto}", self.url("totals")));
        let response = self.send(request).await?;
        self.json(response).await
    }

    pub(super) async fn report(&mut self, report: &DeviceReport) -> Result<(), Fault> {
        let request = self.http.post(self.url("report")).json(report);
        self.send(request).await.map(drop)
    }

    pub(super) async fn get_photo(&mut self, hash: &str) -> Result<Vec<u8>, Fault> {
        let request = self.http.get(self.url(&format!("photo/{hash}")));
        let response = self.send(request).await?;
        if response.content_length().is_some_and(|length| length > wire::MAX_PHOTO_BYTES as u64) {
            return Err(unknown_answer());
        }
        self.body(response).await
    }

    pub(super) async fn put_photo(&mut self, hash: &str, bytes: Vec<u8>) -> Result<(), Fault> {
        self.bytes_up += bytes.len() as u64;
        let request = self.http.put(self.url(&format!("photo/{hash}"))).header("content-type", "image/jpeg").body(bytes);
        self.send(request).await.map(drop)
    }
}

fn unknown_answer() -> Fault {
    Fault::new(Code::Refused, "看不懂服务器的回答，可能是版本不同。", "请联系运维更新程序；本机的记录都还在，可以继续工作。")
}
