//! Signing in and out. Equal answers for unknown names and wrong passwords; five wrong tries lock
//! the name for a quarter of an hour.

use super::signed_in;
use crate::fault::Refusal;
use crate::route::{Cookies, Operation, Output, SESSION};
use crate::store::{AccountRow, Tries};
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
const MOST_TRIES: i64 = 5;
const LOCKED_FOR: i64 = 15 * 60;
/// A session is noted as seen at most once a minute.
const TOUCH_AFTER: i64 = 60;

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

pub async fn sign_in(State(server): State<Server>, ask: Result<Json<SignIn>, JsonRejection>) -> Result<Opened, Refusal> {
    let Json(ask) = ask?;
    server.run(move |parts| sign_in_now(parts, &ask)).await
}

fn sign_in_now(parts: &Parts, ask: &SignIn) -> Result<Opened, Refusal> {
    let now = parts.clock.seconds();
    let name = ask.name.trim();
    let name_hash = secret::hash(name);
    // A try counts before it is checked, so that many at once are no more than one after the other.
    let tries = parts.store.write(|tx| {
        let held = tx.tries(&name_hash)?;
        if held.locked_until > now {
            return Ok(None);
        }
        let failed = if held.locked_until > 0 { 1 } else { held.failed + 1 };
        let tries = Tries { failed, locked_until: if failed >= MOST_TRIES { now + LOCKED_FOR } else { 0 } };
        tx.put_tries(&name_hash, tries, now)?;
        Ok::<_, Refusal>(Some(tries))
    })?;
    if tries.is_none() {
        return Err(Refusal::from(fault!(Code::NotNow, account::NAME_LOCKED)).with(StatusCode::TOO_MANY_REQUESTS));
    }
    let account = parts.store.read(|tx| tx.account_by_name(name))?;
    let fits = secret::password_fits(account.as_ref().map(|account| account.password_hash.as_str()), &ask.password);
    match account.filter(|_| fits) {
        Some(account) => {
            parts.store.write(|tx| tx.put_tries(&name_hash, Tries::default(), now))?;
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
    let opened = server.run(move |parts| {
        let id = parts.add_first_account(&link.token, &ask.name, &ask.password)?;
        let account = parts.store.read(|tx| tx.account(id.bytes()))?.ok_or_else(over)?;
        open(parts, &account)
    });
    opened.await
}
