//! The listener: connections are counted, heads and bodies have to come in time, and what is under way at the end is finished.
//! What is answered stands in `http`.

use crate::{Server, fault, router};
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use shared::sync::envelope::MAX_ENVELOPE;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long others may keep the server waiting, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request, also the next one on an open connection.
    pub head: Duration,
    /// For its body: a desk gives up after a minute.
    pub body: Duration,
    /// Connections at once; who comes later waits to be let in.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(15), body: Duration::from_secs(90), connections: 4_096 }
    }
}

/// A head may be this long, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// Serves until `end`, then finishes what is under way.
///
/// # Errors
/// Those of the listener.
pub async fn serve_until(listener: TcpListener, server: Server, limits: Limits, end: impl Future<Output = ()>) -> std::io::Result<()> {
    let app = TowerToHyperService::new(router(server).layer(middleware::from_fn_with_state(limits, whole_body)));
    let seats = Arc::new(Semaphore::new(limits.connections));
    let underway = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        let come = async {
            let seat = Arc::clone(&seats).acquire_owned().await;
            (listener.accept().await, seat)
        };
        let (come, seat) = tokio::select! { () = &mut end => break, come = come => come };
        let (stream, from) = match come {
            Ok(come) => come,
            Err(error) => {
                // Out of files, say: those who are here go on, and a moment later there is room.
                tracing::error!(%error, "nobody could be let in");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        // One table of routes for all: a layer of its own would copy every route for each connection.
        let app = app.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(from));
            app.call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(LONGEST_HEAD);
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = underway.watch(connection);
        tokio::spawn(async move {
            let _seat = seat;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    underway.shutdown().await;
    Ok(())
}

/// Takes in the whole body before anybody works on it, so that a slow sender holds nothing but its connection.
async fn whole_body(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body: Bytes = match tokio::time::timeout(limits.body, axum::body::to_bytes(body, MAX_ENVELOPE)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return fault::too_large().into_response(),
        Err(_) => return fault::malformed().with(StatusCode::REQUEST_TIMEOUT).into_response(),
    };
    next.run(Request::from_parts(head, Body::from(body))).await
}
