//! The desks' connection, version 2: enrolment, and one route for everything that devices sign. Bodies
//! are those of `shared::wire` and `shared::sync`.

mod admit;
mod carrier;
mod device_tx;
mod disclosure;
pub(crate) mod doubt;
mod enrol;
mod fresh;
mod hello;
mod keys;
mod live;
mod touch;
mod transfer;

pub(crate) use carrier::{receive, sign};
pub(crate) use enrol::enrol_now;
pub(crate) use fresh::Fresh;
pub(crate) use keys::Keys;
pub(crate) use live::Live;
pub(crate) use transfer::who_ask_for_many;

use crate::route::Route;
use shared::sync::envelope::MAX_ENVELOPE;

/// The routes of devices.
pub fn routes() -> Vec<Route> {
    vec![
        Route::at("/v2/hello").post("服务器是谁：自己签名的回答，格式见 PROTOCOL.md", hello::hello),
        Route::at("/v2/enrol").post("设备登记", enrol::enrol),
        Route::at("/v2/sync").post("设备同步：签名的信封，格式见 PROTOCOL.md", carrier::sync).up_to(MAX_ENVELOPE),
    ]
}
