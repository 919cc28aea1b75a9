//! Signing in and out; what proves who somebody is stands in `proof`.

use super::clerk::{Clerk, signed_in};
use super::proof::{self, Proven};
use crate::account::{Bound, UNUSED_DAYS, is_unused};
use crate::audit::{Actor, Event, clean};
use crate::factors;
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::route::{Anybody, Caller, Operation, Output, SESSION};
use crate::store::{AccountRow, SessionRow, StoreError, Tx};
use crate::{Parts, Server, secret};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::console::{ACCOUNTS_PLACE, OWN_PLACE, Session, SignIn};
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent, Role};
use shared::rule::apart;
use shared::say;

const LIVES: i64 = 12 * 3600;
const IDLE: i64 = 30 * 60;
/// A session is noted as seen at most once a minute.
const TOUCH_AFTER: i64 = 60;

/// A password that was chosen so many seconds ago is due.
const PASSWORD_LIVES: i64 = 365 * 86_400;

/// Sessions of an account that would be let in now.
pub fn open_sessions(tx: &Tx<'_>, account: &[u8], now: i64) -> Result<Vec<SessionRow>, StoreError> {
    tx.sessions(account, now - LIVES, now - IDLE)
}

/// Names a session to its own account, and opens nothing.
pub fn session_name(token_hash: &[u8]) -> String {
    hex::encode(&secret::sha256(token_hash)[..8])
}

/// Whether an account has to choose another password first.
pub fn password_due(account: &AccountRow, now: i64) -> bool {
    account.password_due || account.password_at.is_some_and(|at| now - at > PASSWORD_LIVES)
}

/// What has to be done or waited for before an account is answered anything but what is its own.
pub fn due(parts: &Parts, account: &AccountRow) -> Result<Option<Fault>, StoreError> {
    Ok(if password_due(account, parts.clock.seconds()) {
        Some(fault!(Code::NotNow, account::PASSWORD_DUE_FIRST))
    } else if factor_due(parts, account)? {
        Some(fault!(Code::NotNow, accounts::FACTOR_DUE_FIRST))
    } else {
        account.waits.then(|| fault!(Code::NotNow, accounts::WAITS_FIRST))
    })
}

/// Whether it has to begin a second factor first.
pub fn factor_due(parts: &Parts, account: &AccountRow) -> Result<bool, StoreError> {
    parts.store.read(|tx| factors::is_wanting(tx, account))
}

pub(super) fn over() -> Refusal {
    fault!(Code::SignIn, account::NOT_SIGNED_IN).into()
}

/// Ends the sessions whose time is over, and notes it.
fn end_old(parts: &Parts, tx: &Tx<'_>, now: i64) -> Result<(), StoreError> {
    for (id, started_at, seen_at) in tx.end_old_sessions(now - LIVES, now - IDLE)? {
        let account = tx.account(&id)?;
        let itself = Actor::itself();
        let by = account.as_ref().map_or_else(|| itself.clone(), |account| itself.clone().account(account));
        // By what came first, whenever somebody noticed.
        let idle = seen_at + IDLE < started_at + LIVES;
        parts.note(tx, &by, &Event::of(if idle { AuditEvent::SessionIdle } else { AuditEvent::SessionOver }))?;
    }
    Ok(())
}

/// The account of the session in the cookie.
pub fn account(parts: &Parts, caller: &Caller) -> Result<AccountRow, Refusal> {
    let hash = secret::hash(caller.session.as_deref().ok_or_else(over)?);
    let now = parts.clock.seconds();
    let found = parts.store.read(|tx| {
        // One that ended may have been put back: then none is good, until somebody signs in.
        if !tx.sessions_are_whole()? {
            return Ok(None);
        }
        let Some((id, seen_at)) = tx.session(&hash, now - LIVES, now - IDLE)? else { return Ok(None) };
        Ok::<_, Refusal>(tx.account(&id)?.map(|account| (account, seen_at)))
    })?;
    let Some((account, seen_at)) = found else {
        // Over just now, not for somebody who has none.
        if parts.store.read(|tx| tx.has_session(&hash))? {
            parts.store.write(|tx| end_old(parts, tx, now))?;
        }
        return Err(over());
    };
    if now - seen_at >= TOUCH_AFTER {
        parts.store.write(|tx| tx.touch_session(&hash, now))?;
    }
    Ok(account)
}

/// What the place of an account is called.
pub fn shown_place(tx: &Tx<'_>, account: &AccountRow) -> Result<String, StoreError> {
    place_name(tx, account.role, &account.division)
}

/// What the place of rights is called.
pub fn place_name(tx: &Tx<'_>, role: Role, place: &str) -> Result<String, StoreError> {
    Ok(match role {
        Role::Canteen => tx.canteen(place)?.map_or_else(|| place.to_owned(), |site| site.name),
        _ => division::name(place).to_owned(),
    })
}

fn shown(parts: &Parts, account: &AccountRow) -> Result<Session, Refusal> {
    let division_name = parts.store.read(|tx| shown_place(tx, account))?;
    let elsewhere = match due(parts, account)? {
        Some(_) => Some(OWN_PLACE),
        None => apart::looks_after_accounts(account.role).then_some(ACCOUNTS_PLACE),
    };
    Ok(Session {
        name: account.name.clone(),
        role: account.role,
        division: account.division.clone(),
        division_name,
        now: parts.clock.civil(),
        password_due: password_due(account, parts.clock.seconds()),
        elsewhere: elsewhere.map(str::to_owned),
        altered: if is_told(account.role) { altered(parts)? } else { None },
    })
}

/// Who is told on every page what is wrong with the server.
fn is_told(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::City)
}

/// What another hand changed, in words; or that the database was put back.
fn altered(parts: &Parts) -> Result<Option<String>, Refusal> {
    let audit = parts.audit.broken().map(|row| say!(audit::broken_from(row)));
    let altered = audit.or_else(|| parts.integrity.broken().map(|_| say!(audit::TABLES_BROKEN).to_owned()));
    let went_back = parts.store.read(|tx| parts.unsettled_since(tx))?.map(|_| say!(alarm::WENT_BACK).to_owned());
    Ok(altered.or(went_back))
}

/// Opens a session in the place of the one that the browser had, in the transaction in which it is noted.
fn open(parts: &Parts, tx: &Tx<'_>, account: &AccountRow, from: &Caller, now: i64) -> Result<String, StoreError> {
    let token = secret::token();
    tx.end_doubtful_sessions()?;
    end_old(parts, tx, now)?;
    end(parts, tx, from)?;
    tx.put_session(&secret::hash(&token), &account.id, &from.source.to_string(), now)?;
    tx.note_use(&account.id, now)?;
    Ok(token)
}

/// Ends the session of the cookie, where there is one, and notes whose it was.
fn end(parts: &Parts, tx: &Tx<'_>, caller: &Caller) -> Result<(), StoreError> {
    let Some(token) = &caller.session else { return Ok(()) };
    let Some(id) = tx.end_session(&secret::hash(token))? else { return Ok(()) };
    let by = Actor::stranger(&caller.source, caller.request.0);
    let by = tx.account(&id)?.map_or_else(|| by.clone(), |account| by.clone().account(&account));
    parts.note(tx, &by, &Event::of(AuditEvent::SignedOut))
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

const CLEAR: header::HeaderName = header::HeaderName::from_static("clear-site-data");

/// A session that has ended, its cookie gone.
pub struct Closed;

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let gone = format!("{SESSION}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0");
        // What the browser keeps of answers; the look of the page, which says nothing of anybody, stays.
        (StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone.as_str()), (CLEAR, "\"cache\"")]).into_response()
    }
}

impl Output for Closed {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_nothing();
    }
}

pub async fn sign_in(State(server): State<Server>, from: Anybody, ask: Result<Json<SignIn>, JsonRejection>) -> Result<Opened, Refusal> {
    let Json(ask) = ask?;
    server.run_seated(move |parts, seat| sign_in_now(parts, seat, &ask, &from.0)).await
}

fn sign_in_now(parts: &Parts, seat: &mut Seat, ask: &SignIn, from: &Caller) -> Result<Opened, Refusal> {
    let now = parts.clock.seconds();
    let by = Actor::stranger(&from.source, from.request.0);
    let Proven { account, counted } = proof::password(parts, seat, ask.name.trim(), &ask.password, &by)?;
    let by = by.account(&account);
    let mut used = None;
    if parts.store.read(|tx| factors::has_factor(tx, &account.id))? {
        if ask.code.trim().is_empty() {
            parts.store.write(|tx| counted.take_back(tx, now))?;
            return Err(fault!(Code::SecondFactor, account::FACTOR_WANTED).into());
        }
        used = Some(proof::factor(parts, &account, &ask.code, Bound::sign_in(&by.source), (&counted, &by))?);
    }
    if is_unused(&account, now) {
        parts.store.write(|tx| counted.went_well(tx, now))?;
        parts.disable_unused()?;
        return Err(fault!(Code::SignIn, account::unused(UNUSED_DAYS)).into());
    }
    let token = parts.audited(&by, AuditEvent::SignedIn, |tx, noted| {
        counted.went_well(tx, now)?;
        noted.said(AuditDetail::Role, account.role.code());
        if let Some(used) = &used {
            used.say(noted);
        }
        Ok(open(parts, tx, &account, from, now)?)
    })?;
    Ok(Opened { token, session: shown(parts, &account)? })
}

pub async fn who(State(server): State<Server>, clerk: Clerk) -> Result<Json<Session>, Refusal> {
    signed_in(&server, clerk, |parts, clerk| shown(parts, &clerk.account)).await.map(Json)
}

pub async fn sign_out(State(server): State<Server>, caller: Caller) -> Result<Closed, Refusal> {
    server
        .run(move |parts| {
            parts.store.write(|tx| end(parts, tx, &caller))?;
            Ok(Closed)
        })
        .await
}

pub async fn first_account(
    State(server): State<Server>,
    Anybody(from): Anybody,
    ask: Result<Json<SignIn>, JsonRejection>,
) -> Result<Opened, Refusal> {
    let Json(ask) = ask?;
    let opened = server.run_seated(move |parts, seat| {
        let by = Actor { account: Some(clean(&ask.name)), ..Actor::stranger(&from.source, from.request.0) };
        let id = parts.add_first_account(&by, seat, &ask.code, &ask.name, &ask.password)?;
        let account = parts.store.read(|tx| tx.account(id.bytes()))?.ok_or_else(over)?;
        let now = parts.clock.seconds();
        let token = parts.audited(&by.account(&account), AuditEvent::SignedIn, |tx, _| Ok(open(parts, tx, &account, &from, now)?))?;
        Ok(Opened { token, session: shown(parts, &account)? })
    });
    opened.await
}
