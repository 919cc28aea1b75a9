//! The listener: who may connect, how many at once and from one address, TLS before anything is said, heads that have to come in time,
//! and what is under way at the end is finished. How bodies are taken in stands in `body`; what is answered, in `http`.

mod body;
mod seats;

use crate::route::Encrypted;
use crate::tls::Line;
use crate::{Server, router};
use axum::extract::{ConnectInfo, Request};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use body::{Bodies, whole_body};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use seats::{Seat, Seats};
use std::convert::Infallible;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How long others may keep the server waiting, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the TLS handshake and the head of a request, also the next one on an open connection.
    pub head: Duration,
    /// For its body: a desk gives up after a minute.
    pub body: Duration,
    /// A body that comes more slowly than this many bytes a second is let go.
    pub body_rate: u64,
    /// Connections at once; who comes later waits to be let in.
    pub connections: usize,
    /// Connections from one address: an office, or all offices behind one line out. The machine itself, where a proxy may stand, is not
    /// counted.
    pub by_address: usize,
    /// Long bodies that are taken in at once; who comes later waits.
    pub long_bodies: usize,
    /// For what is under way when the server ends.
    pub end: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            body: Duration::from_secs(90),
            body_rate: 512,
            connections: 8_192,
            by_address: 1_024,
            long_bodies: 64,
            end: Duration::from_secs(4),
        }
    }
}

/// A head may be this long, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// How a TLS connection begins: the type of its first record (RFC 8446, 5.1).
const HANDSHAKE: u8 = 22;

/// Serves until `end`, then finishes what is under way.
///
/// # Errors
/// Those of the listener.
pub async fn serve_until(
    listener: TcpListener,
    server: Server,
    line: Option<Line>,
    limits: Limits,
    end: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let app = TowerToHyperService::new(router(server).layer(middleware::from_fn_with_state(Bodies::new(limits), whole_body)));
    let acceptor = line.map(|line| TlsAcceptor::from(line.config()));
    let seats = Seats::new(limits.connections, limits.by_address);
    let underway = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        let come = async {
            let room = seats.room().await;
            (listener.accept().await, room)
        };
        let (come, room) = tokio::select! { () = &mut end => break, come = come => come };
        let (stream, from) = match come {
            Ok(come) => come,
            Err(error) => {
                // Out of files, say: those who are here go on, and a moment later there is room.
                tracing::error!(%error, "nobody could be let in");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        // One address that takes all it can get leaves room for the others: what it opens beyond its share is closed.
        let Some(seat) = seats.take(room, from.ip()) else { continue };
        // One table of routes for all: a layer of its own would copy every route for each connection.
        let connection = Connection { from, limits, watcher: underway.watcher(), _seat: seat };
        let (app, acceptor) = (app.clone(), acceptor.clone());
        tokio::spawn(async move {
            match acceptor {
                None => connection.serve(stream, app, false).await,
                Some(acceptor) => connection.encrypt(stream, app, &acceptor).await,
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.end, underway.shutdown()).await.is_err() {
        tracing::info!("what was still under way is cut off");
    }
    Ok(())
}

/// One connection, from its first byte on.
struct Connection {
    from: SocketAddr,
    limits: Limits,
    watcher: Watcher,
    _seat: Seat,
}

type App = TowerToHyperService<axum::Router>;

impl Connection {
    /// Over TLS; who speaks in plain is told so in plain, and served nothing.
    async fn encrypt(self, stream: TcpStream, app: App, acceptor: &TlsAcceptor) {
        let shaken = tokio::time::timeout(self.limits.head, async {
            if begins_tls(&stream).await? { acceptor.accept(stream).await.map(Ok) } else { Ok(Err(stream)) }
        });
        match shaken.await {
            Ok(Ok(Ok(stream))) => self.serve(stream, app, true).await,
            Ok(Ok(Err(plain))) => self.send_to_https(plain).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS with who came"),
            Err(_) => tracing::debug!("a handshake did not come in time"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, app: App, encrypted: bool) {
        let from = self.from;
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            if encrypted {
                request.extensions_mut().insert(Encrypted);
            }
            app.call(request)
        });
        let connection = http(&self.limits).serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke");
        }
    }

    /// Browsers are sent to the same address over TLS; everybody else is told in words.
    async fn send_to_https(self, stream: TcpStream) {
        let service = service_fn(|request: hyper::Request<Incoming>| async move {
            Ok::<_, Infallible>(to_https(&request.map(|_| axum::body::Body::empty())))
        });
        let connection = http(&self.limits).keep_alive(false).serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(%error, "who spoke in plain went away");
        }
    }
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
    http
}

/// Whether the first byte is that of a handshake. Nothing is taken from the stream.
async fn begins_tls(stream: &TcpStream) -> std::io::Result<bool> {
    let mut first = [0];
    match stream.peek(&mut first).await? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ => Ok(first == [HANDSHAKE]),
    }
}

/// Where the page is over TLS, for who only looks; a word for who wants to say something.
fn to_https(request: &Request) -> Response {
    use axum::http::{Method, StatusCode, header};
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    match host {
        Some(host) if matches!(*request.method(), Method::GET | Method::HEAD) && path.starts_with('/') => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("https://{host}{path}"))]).into_response()
        }
        _ => crate::fault::https_only().into_response(),
    }
}
