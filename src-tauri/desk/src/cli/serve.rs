//! `desk serve`: the same screens and the same commands in a browser on this computer, and the courier's page under
//! `/phone`. Loopback only, every command needs the token of this start, and foreign pages are turned away.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use desk::Desk;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use shared::fault;
use shared::fault::{Code, Fault};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Where the courier's page stands.
const PHONE: &str = "/phone";
const TOKEN_HEADER: &str = "x-desk-token";
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
                   object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Clone)]
struct Served {
    desk: Desk,
    token: Arc<str>,
}

/// Serves until the process ends; the first line on stdout says where.
pub(crate) fn serve(desk: &Desk, listen: SocketAddr) -> Result<(), Fault> {
    if !listen.ip().is_loopback() {
        return Err(fault!(Code::BadInput, program::ONLY_ON_THIS_COMPUTER));
    }
    desk.start_sync();
    let served = Served { desk: desk.clone(), token: hex::encode(rand::random::<[u8; 24]>()).into() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|error| broken(&error))?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(listen).await.map_err(|_| fault!(Code::Broken, program::PORT_IN_USE))?;
        let address = listener.local_addr().map_err(|error| broken(&error))?;
        crate::say(&json!({ "listening": format!("http://{address}"), "open": format!("http://{address}/#token={}", served.token), "phone": format!("http://{address}{PHONE}#token={}", served.token) }))?;
        serve_on(listener, router(served), &Limits { head: Duration::from_secs(15), connections: 256 }).await;
        Ok(())
    })
}

/// What one who connects is given: other users of this computer may connect as well.
struct Limits {
    /// A head is whole within that time.
    head: Duration,
    /// So many are there at once.
    connections: usize,
}

/// Serves whoever connects.
async fn serve_on(listener: TcpListener, router: Router, limits: &Limits) {
    let (service, seats) = (TowerToHyperService::new(router), Arc::new(Semaphore::new(limits.connections)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    // Nobody closes the seats.
    while let Ok(seat) = Arc::clone(&seats).acquire_owned().await {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::error!(%error, "nobody could be let in");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(seat);
        });
    }
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%error, "serving failed");
    Fault::broken()
}

fn router(served: Served) -> Router {
    Router::new()
        .route("/call/{name}", post(call))
        .route("/hand-over", post(hand_over))
        .route_layer(middleware::from_fn_with_state(served.clone(), with_token))
        .fallback(screen)
        .layer(DefaultBodyLimit::max(51 * 1024 * 1024))
        .layer(middleware::from_fn(guard))
        .with_state(served)
}

/// Turns away other hosts' names (DNS rebinding) and other pages, and says what the page may load.
async fn guard(request: Request, next: Next) -> Response {
    if !from_this_computer(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn from_this_computer(headers: &HeaderMap) -> bool {
    let local = |text: &str| {
        let host = text.trim_start_matches("http://");
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
    };
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    header(header::HOST).is_some_and(local) && header(header::ORIGIN).is_none_or(local)
}

/// Lets in who has the token, before anything of a body is read: another user of this computer fills no memory.
async fn with_token(State(served): State<Served>, request: Request, next: Next) -> Response {
    let given = request.headers().get(TOKEN_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    if same(given, served.token.as_bytes()) {
        return next.run(request).await;
    }
    let fault = fault!(Code::SignIn, program::PAGE_EXPIRED);
    (StatusCode::UNAUTHORIZED, Json(fault)).into_response()
}

async fn call(State(served): State<Served>, Path(name): Path<String>, Json(ask): Json<Value>) -> Response {
    on_desk(&served, move |desk| desk.call(&name, ask)).await
}

async fn hand_over(State(served): State<Served>, body: Bytes) -> Response {
    on_desk(&served, move |desk| desk.hand_over(&body).map(Value::from)).await
}

async fn on_desk(served: &Served, act: impl FnOnce(&Desk) -> Result<Value, Fault> + Send + 'static) -> Response {
    let desk = served.desk.clone();
    match tokio::task::spawn_blocking(move || act(&desk)).await {
        Ok(Ok(value)) => Json(value).into_response(),
        Ok(Err(fault)) => (StatusCode::UNPROCESSABLE_ENTITY, Json(fault)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Json(broken(&error))).into_response(),
    }
}

/// Compares without telling by its time how much was right.
fn same(given: &[u8], token: &[u8]) -> bool {
    given.len() == token.len() && given.iter().zip(token).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

async fn screen(uri: Uri) -> Response {
    let file = match uri.path().strip_prefix(PHONE) {
        Some(path) if path.is_empty() || path.starts_with('/') => ui_embed::PHONE.file(path),
        _ => ui_embed::DESK.file(uri.path()),
    };
    match file {
        Some(file) => ([(header::CONTENT_TYPE, file.content_type)], file.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn who_connects_and_says_nothing_keeps_nobody_out() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "饭"));
        let served = async move { serve_on(listener, router, &Limits { head: Duration::from_millis(50), connections: 2 }).await };
        tokio::spawn(served);
        let mut silent = Vec::new();
        for half in ["", "GET / HT"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(half.as_bytes()).await.unwrap();
            silent.push(stream);
        }
        let mut asks = TcpStream::connect(address).await.unwrap();
        asks.write_all("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".as_bytes()).await.unwrap();
        let mut answer = String::new();
        asks.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("饭"), "{answer}");
        for mut stream in silent {
            let mut rest = Vec::new();
            // Cut off, with a word of the protocol or without.
            let _ = stream.read_to_end(&mut rest).await;
        }
    }
}
