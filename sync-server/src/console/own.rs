//! What people do with their own account: look at it, choose another password, begin and end codes of an app, end sessions. Their keys
//! stand in `keys`.

use super::clerk::{Clerk, signed_in};
use super::proof::{self, Proven};
use super::session::{self, session_name, shown_place};
use crate::account::{hash_strong, key_name};
use crate::clock::civil;
use crate::factors;
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::route::Nothing;
use crate::store::{AccountRow, FactorRow, KeyRow, SessionRow, Tx};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{FactorAsk, FactorBegun, FactorCode, OwnAccount, OwnKey, OwnSession, PasswordAsk};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditEvent, NoticeOf};

pub async fn show(State(server): State<Server>, clerk: Clerk) -> Result<Json<OwnAccount>, Refusal> {
    let look = move |parts: &Parts, clerk: &Clerk| {
        let (account, now) = (&clerk.account, parts.clock.seconds());
        let factor_due = session::factor_due(parts, account)?;
        parts.store.read(|tx| {
            let mut open = session::open_sessions(tx, &account.id, now)?;
            open.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
            let told = |session: SessionRow| OwnSession {
                id: session_name(&session.token_hash),
                since: civil(session.started_at),
                seen: civil(session.seen_at),
                here: clerk.session[..] == session.token_hash[..],
                source: session.source,
            };
            let key = |key: KeyRow| OwnKey { id: key_name(&key.public_key), name: key.name, since: civil(key.since) };
            Ok(Json(OwnAccount {
                name: account.name.clone(),
                role: account.role,
                place: shown_place(tx, account)?,
                password_at: account.password_at.map(civil),
                password_due: session::password_due(account, now),
                second_factor: factors::has_factor(tx, &account.id)?,
                app: factors::has_app(tx, &account.id)?,
                keys: tx.keys(&account.id)?.into_iter().map(key).collect(),
                factor_due,
                waits: account.waits,
                sessions: open.into_iter().map(told).collect(),
            }))
        })
    };
    signed_in(&server, clerk, look).await
}

/// Whether that is the password of who is signed in; a wrong one is a wrong try as at the door.
pub(super) async fn prove(server: &Server, clerk: &Clerk, password: String) -> Result<(), Refusal> {
    let (name, by) = (clerk.account.name.clone(), clerk.actor.clone());
    let prove = move |parts: &Parts, seat: &mut Seat| {
        let Proven { counted, .. } = proof::password(parts, seat, &name, &password, &by)?;
        Ok(parts.store.write(|tx| counted.take_back(tx, parts.clock.seconds()))?)
    };
    server.run_seated(prove).await
}

pub async fn password(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<PasswordAsk>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let Json(PasswordAsk { old, new }) = ask?;
    if old == new {
        return Err(fault!(Code::BadInput, account::SAME_PASSWORD).into());
    }
    prove(&server, &clerk, old).await?;
    let name = clerk.account.name.clone();
    let hash = server.run_seated(move |_, seat| hash_strong(seat, &name, &new)).await?;
    let keep = move |parts: &Parts, clerk: &Clerk| {
        let now = parts.clock.seconds();
        parts.audited(&clerk.actor, AuditEvent::PasswordChanged, |tx, noted| {
            noted.object(&clerk.account.name);
            tx.put_password(&clerk.account.id, &hash, now, false)?;
            for other in session::open_sessions(tx, &clerk.account.id, now)? {
                if clerk.session[..] != other.token_hash[..] {
                    tx.end_session(&other.token_hash)?;
                }
            }
            parts.revoke(tx, NoticeOf::Password, &clerk.account.id)?;
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, keep).await
}

pub async fn begin_factor(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<FactorAsk>, JsonRejection>,
) -> Result<Json<FactorBegun>, Refusal> {
    let Json(ask) = ask?;
    prove(&server, &clerk, ask.password.clone()).await?;
    let begin = move |parts: &Parts, clerk: &Clerk| {
        proof::where_there_is_one(parts, clerk, &ask.code, AuditEvent::FactorBegun, |tx, _| {
            parts.begin_factor(tx, &clerk.account.id, &clerk.account.name).map(Json)
        })
    };
    signed_in(&server, clerk, begin).await
}

pub async fn confirm_factor(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<FactorCode>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let Json(ask) = ask?;
    let confirm = move |parts: &Parts, clerk: &Clerk| {
        if parts.store.read(|tx| tx.factor(&clerk.account.id))?.and_then(FactorRow::begun).is_none() {
            return Err(fault!(Code::NotNow, account::FACTOR_NOT_BEGUN).into());
        }
        proof::first_code(parts, clerk, &ask.code).map(|()| Nothing)
    };
    signed_in(&server, clerk, confirm).await
}

pub async fn end_factor(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<FactorCode>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let Json(ask) = ask?;
    let end = move |parts: &Parts, clerk: &Clerk| {
        if !parts.store.read(|tx| factors::has_app(tx, &clerk.account.id))? {
            return Err(fault!(Code::NotNow, account::FACTOR_NOT_BEGUN).into());
        }
        proof::with_factor(parts, clerk, &ask.code, AuditEvent::FactorEnded, |tx, _| {
            tx.end_factor(&clerk.account.id)?;
            still_has_one(tx, &clerk.account)?;
            parts.revoke(tx, NoticeOf::Factor, &clerk.account.id)?;
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, end).await
}

/// Refuses to leave an account without the second factor that is asked of it: another one is begun first, or a security administrator ends them.
pub(super) fn still_has_one(tx: &Tx<'_>, account: &AccountRow) -> Result<(), Refusal> {
    if factors::is_wanting(tx, account)? {
        return Err(fault!(Code::NotNow, account::LAST_FACTOR).into());
    }
    Ok(())
}

#[derive(Deserialize, JsonSchema)]
pub struct SessionPath {
    /// 登录的代号，在“我的账号”里
    id: String,
}

pub async fn end_session(
    State(server): State<Server>,
    clerk: Clerk,
    path: Result<Path<SessionPath>, PathRejection>,
) -> Result<Nothing, Refusal> {
    let Path(SessionPath { id }) = path?;
    let end = move |parts: &Parts, clerk: &Clerk| {
        let now = parts.clock.seconds();
        parts.audited(&clerk.actor, AuditEvent::SessionEnded, |tx, noted| {
            noted.object(&clerk.account.name);
            let open = session::open_sessions(tx, &clerk.account.id, now)?;
            let meant = open.into_iter().find(|session| session_name(&session.token_hash) == id);
            let meant = meant.ok_or_else(|| fault!(Code::NotFound, account::NO_SUCH_SESSION))?;
            tx.end_session(&meant.token_hash)?;
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, end).await
}
