//! Signing in and out. Equal answers for unknown names and wrong passwords, in equal time; wrong tries are slowed (`tries`).

use super::{signed_in, tries};
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::route::{Cookies, Operation, Output, SESSION, Source};
use crate::store::{AccountRow, StoreError, Tx};
use crate::{Parts, Server, secret};
use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::console::{FirstLink, Session, SignIn};
use shared::division;
use shared::fault;
use shared::fault::Code;
use shared::kinds::Level;

const LIVES: i64 = 12 * 3600;
const IDLE: i64 = 30 * 60;
/// A session is noted as seen at most once a minute.
const TOUCH_AFTER: i64 = 60;

/// Sessions of an account that would be let in now.
pub fn open_sessions(tx: &Tx<'_>, account: &[u8], now: i64) -> Result<i64, StoreError> {
    tx.sessions(account, now - LIVES, now - IDLE)
}

fn over() -> Refusal {
    fault!(Code::SignIn, account::NOT_SIGNED_IN).into()
}

/// The account of the session in the cookie.
pub fn account(parts: &Parts, cookies: &Cookies) -> Result<AccountRow, Refusal> {
    let hash = secret::hash(cookies.session.as_deref().ok_or_else(over)?);
    let now = parts.clock.seconds();
    let found = parts.store.read(|tx| {
        let Some((id, seen_at)) = tx.session(&hash, now - LIVES, now - IDLE)? else { return Ok(None) };
        Ok::<_, Refusal>(tx.account(&id)?.map(|account| (account, seen_at)))
    })?;
    let (account, seen_at) = found.ok_or_else(over)?;
    if now - seen_at >= TOUCH_AFTER {
        parts.store.write(|tx| tx.touch_session(&hash, now))?;
    }
    Ok(account)
}

fn shown(parts: &Parts, account: &AccountRow) -> Result<Session, Refusal> {
    let division_name = match account.role {
        Level::Canteen => parts.store.read(|tx| tx.canteen(&account.division))?.map_or_else(|| account.division.clone(), |site| site.name),
        _ => division::name(&account.division).to_owned(),
    };
    Ok(Session {
        name: account.name.clone(),
        role: account.role,
        division: account.division.clone(),
        division_name,
        now: parts.clock.civil(),
    })
}

fn open(parts: &Parts, account: &AccountRow) -> Result<Opened, Refusal> {
    let token = secret::token();
    let now = parts.clock.seconds();
    parts.store.write(|tx| tx.put_session(&secret::hash(&token), &account.id, now, now - LIVES))?;
    Ok(Opened { token, session: shown(parts, account)? })
}

/// A session that begins, its token in the cookie.
pub struct Opened {
    token: String,
    session: Session,
}

impl IntoResponse for Opened {
    fn into_response(self) -> Response {
        let cookie = format!("{SESSION}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={LIVES}", self.token);
        ([(header::SET_COOKIE, cookie)], Json(self.session)).into_response()
    }
}

impl Output for Opened {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives::<Session>();
    }
}

/// A session that has ended, its cookie gone.
pub struct Closed;

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let gone = format!("{SESSION}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
        (StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response()
    }
}

impl Output for Closed {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_nothing();
    }
}

pub async fn sign_in(State(server): State<Server>, from: Source, ask: Result<Json<SignIn>, JsonRejection>) -> Result<Opened, Refusal> {
    let Json(ask) = ask?;
    server.run_seated(move |parts, seat| sign_in_now(parts, seat, &ask, &from.to_string())).await
}

fn sign_in_now(parts: &Parts, seat: &mut Seat, ask: &SignIn, place: &str) -> Result<Opened, Refusal> {
    let now = parts.clock.seconds();
    let name = ask.name.trim();
    let counted = parts.store.write(|tx| tries::count(tx, name, place, now))??;
    let account = parts.store.read(|tx| tx.account_by_name(name))?;
    let fits = secret::password_fits(seat, account.as_ref().map(|account| account.password_hash.as_str()), &ask.password);
    match account.filter(|_| fits) {
        Some(account) => {
            parts.store.write(|tx| counted.went_well(tx, now))?;
            open(parts, &account)
        }
        None => Err(fault!(Code::SignIn, account::WRONG_PASSWORD).into()),
    }
}

pub async fn who(State(server): State<Server>, cookies: Cookies) -> Result<Json<Session>, Refusal> {
    signed_in(&server, cookies, |parts, account| shown(parts, &account)).await.map(Json)
}

pub async fn sign_out(State(server): State<Server>, cookies: Cookies) -> Result<Closed, Refusal> {
    server
        .run(move |parts| {
            if let Some(token) = cookies.session {
                parts.store.write(|tx| tx.end_session(&secret::hash(&token)))?;
            }
            Ok(Closed)
        })
        .await
}

pub async fn first_account(
    State(server): State<Server>,
    link: Result<Query<FirstLink>, QueryRejection>,
    ask: Result<Json<SignIn>, JsonRejection>,
) -> Result<Opened, Refusal> {
    let (Query(link), Json(ask)) = (link?, ask?);
    let opened = server.run_seated(move |parts, seat| {
        let id = parts.add_first_account(seat, &link.token, &ask.name, &ask.password)?;
        let account = parts.store.read(|tx| tx.account(id.bytes()))?.ok_or_else(over)?;
        open(parts, &account)
    });
    opened.await
}
