//! The line of desks, version 2: enrolment, and one route for everything that devices sign. Bodies
//! are those of `shared::wire` and `shared::sync`.

mod admit;
mod carrier;
mod enrol;
mod hub;
mod keys;
mod live;

pub(crate) use carrier::hear;
pub use enrol::CODE_LIVES;
pub(crate) use enrol::enrol_now;
pub(crate) use keys::Keys;
pub(crate) use live::Live;

use crate::http::Route;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use shared::sync::envelope::MAX_ENVELOPE;

/// The routes of the line.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new("/v2/enrol", &["post"], post(enrol::enrol)),
        Route::new("/v2/sync", &["post"], post(carrier::sync).layer(DefaultBodyLimit::max(MAX_ENVELOPE))),
    ]
}
