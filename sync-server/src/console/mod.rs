//! The console API: JSON over `/api/...` with a session cookie. Every answer is restricted to the
//! account's place. Figures come from roll-ups only; no SQL and no rules in here.

mod answers;
mod conflicts;
mod ledger;
mod names;
mod overview;
mod session;

use crate::fault::Refusal;
use crate::http::Route;
use crate::store::{AccountRow, Scope};
use crate::{Parts, Server};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use shared::fault::Code;
use shared::kinds::Level;

/// The routes of the console API.
pub fn routes() -> Vec<Route> {
    vec![
        Route::new("/api/session", &["get", "post", "delete"], post(session::sign_in).get(session::who).delete(session::sign_out)),
        Route::new("/api/first-account", &["post"], post(session::first_account)),
        Route::new("/api/overview", &["get"], get(overview::show)),
        Route::new("/api/ledger", &["get"], get(ledger::show)),
        Route::new("/api/order/{id}", &["get"], get(ledger::order)),
        Route::new("/api/photo/{hash}", &["get"], get(answers::photo)),
        Route::new("/api/devices", &["get"], get(answers::devices)),
        Route::new("/api/conflicts", &["get"], get(conflicts::show)),
        Route::new("/api/device-code", &["post"], post(answers::device_code)),
    ]
}

/// What the account may see.
fn scope_of(account: &AccountRow) -> Scope {
    match account.role {
        Level::Canteen => Scope::Canteen(account.division.clone()),
        _ => Scope::Division(account.division.clone()),
    }
}

/// Does blocking work for the account of the session in the headers.
async fn signed_in<T: Send + 'static>(
    server: &Server,
    headers: HeaderMap,
    act: impl FnOnce(&Parts, AccountRow) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    server.run(move |parts| act(parts, session::account(parts, &headers)?)).await
}

fn foreign() -> Refusal {
    Refusal::new(Code::Forbidden, "这不在您的管辖范围内。", "请从总览页进入您管辖的地方。")
}

/// The place asked for, or the account's own; a foreign one is refused, known or not.
fn asked_scope(parts: &Parts, account: &AccountRow, division: Option<&str>, canteen: Option<&str>) -> Result<Scope, Refusal> {
    let own = scope_of(account);
    match (division.filter(|code| !code.is_empty()), canteen.filter(|code| !code.is_empty())) {
        (None, None) => Ok(own),
        (_, Some(code)) => {
            let inside = parts.store.read(|tx| tx.canteens(&own))?.iter().any(|place| place.code == code);
            if inside { Ok(Scope::Canteen(code.to_owned())) } else { Err(foreign()) }
        }
        (Some(code), None) => match &own {
            Scope::Division(own) if shared::division::within(code, own) && shared::division::find(code).is_some() => {
                Ok(Scope::Division(code.to_owned()))
            }
            _ => Err(foreign()),
        },
    }
}
