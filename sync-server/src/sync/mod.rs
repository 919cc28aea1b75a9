//! The sync API of desks, version 1: routes and what stands behind each. Bodies are those of
//! `shared::wire`; every route but enrolment asks for a device's key.

mod admit;
mod enrol;
mod exchange;
mod photo;
mod totals;

pub use enrol::{CODE_LIVES, Throttle};
pub use totals::Counted;

use crate::fault::{Refusal, unknown_device};
use crate::http::Route;
use crate::store::Identity;
use crate::{Parts, Server, secret};
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, header};
use axum::routing::{get, post, put};
use shared::wire;

/// Room for a batch that does not shrink.
const MOST_PUSH: usize = wire::MAX_BATCH_UNPACKED;

/// The routes of the sync API.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new("/v1/enrol", &["post"], post(enrol::enrol)),
        Route::new("/v1/push", &["post"], post(exchange::push).layer(DefaultBodyLimit::max(MOST_PUSH))),
        Route::new("/v1/pull", &["get"], get(exchange::pull)),
        Route::new("/v1/totals", &["get"], get(totals::totals)),
        Route::new("/v1/report", &["post"], post(exchange::report)),
        Route::new(
            "/v1/photo/{hash}",
            &["get", "put"],
            put(photo::keep).layer(DefaultBodyLimit::max(wire::MAX_PHOTO_BYTES)).merge(get(photo::show)),
        ),
    ]
}

/// The device whose key stands in the headers.
fn device(parts: &Parts, headers: &HeaderMap) -> Result<Identity, Refusal> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(unknown_device)?;
    parts.store.read(|tx| tx.device_by_key(&secret::hash(token.trim())))?.ok_or_else(unknown_device)
}

/// Does blocking work for the device whose key stands in the headers.
async fn as_device<T: Send + 'static>(
    server: &Server,
    headers: HeaderMap,
    act: impl FnOnce(&Parts, Identity) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    server.run(move |parts| act(parts, device(parts, &headers)?)).await
}
