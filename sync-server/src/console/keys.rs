//! Keys as second factors, of one's own account: what is to be signed at the door and in a session; a key is added, and ended.

use super::clerk::{Clerk, signed_in};
use super::own::{prove, still_has_one};
use super::proof::{self, Proven};
use crate::account::{Bound, good_name, key_name};
use crate::audit::Actor;
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::route::{Nothing, Origin, RequestId, Source};
use crate::store::Tx;
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{FactorAsk, FactorCode, KeyAdded, SignIn, ToSign};
use shared::crypto::{PublicKey, Signature};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent, NoticeOf};

pub async fn challenge_at_the_door(
    State(server): State<Server>,
    from: Source,
    origin: Origin,
    request: RequestId,
    ask: Result<Json<SignIn>, JsonRejection>,
) -> Result<Json<ToSign>, Refusal> {
    let Json(ask) = ask?;
    let give = move |parts: &Parts, seat: &mut Seat| {
        let by = Actor::stranger(&from, request.0);
        let Proven { account, counted } = proof::password(parts, seat, ask.name.trim(), &ask.password, &by)?;
        parts.store.write(|tx| {
            counted.take_back(tx, parts.clock.seconds())?;
            if let Err(none) = has_one(tx, &account.id) {
                return Ok(Err(none));
            }
            parts.new_challenge(tx, &account.id, Bound::sign_in(&by.source), &origin.0).map(Ok)
        })?
    };
    server.run_seated(give).await.map(Json)
}

pub async fn challenge(State(server): State<Server>, clerk: Clerk, origin: Origin) -> Result<Json<ToSign>, Refusal> {
    let give = move |parts: &Parts, clerk: &Clerk| {
        let id = &clerk.account.id;
        parts
            .store
            .write(|tx| has_one(tx, id).and_then(|()| parts.new_challenge(tx, id, Bound::session(&clerk.session), &origin.0)))
            .map(Json)
    };
    signed_in(&server, clerk, give).await
}

/// Refuses to give out what nobody can sign.
fn has_one(tx: &Tx<'_>, account: &[u8]) -> Result<(), Refusal> {
    if tx.keys(account)?.is_empty() { Err(fault!(Code::NotNow, account::NO_KEY).into()) } else { Ok(()) }
}

pub async fn begin(
    State(server): State<Server>,
    clerk: Clerk,
    origin: Origin,
    ask: Result<Json<FactorAsk>, JsonRejection>,
) -> Result<Json<ToSign>, Refusal> {
    let Json(ask) = ask?;
    prove(&server, &clerk, ask.password.clone()).await?;
    let begin = move |parts: &Parts, clerk: &Clerk| {
        proof::where_there_is_one(parts, clerk, &ask.code, AuditEvent::KeyBegun, |tx, _| {
            parts.has_room(tx, &clerk.account.id)?;
            parts.new_challenge(tx, &clerk.account.id, Bound::new_key(&clerk.session), &origin.0).map(Json)
        })
    };
    signed_in(&server, clerk, begin).await
}

pub async fn add(State(server): State<Server>, clerk: Clerk, ask: Result<Json<KeyAdded>, JsonRejection>) -> Result<Nothing, Refusal> {
    let Json(ask) = ask?;
    let add = move |parts: &Parts, clerk: &Clerk| {
        let id = &clerk.account.id;
        let read = |text: &str| {
            let mut bytes = [0; 64];
            hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
        };
        let (key, signature) = (read(&ask.public_key).map(PublicKey), read(&ask.signature).map(Signature));
        // Used up, whatever comes of it.
        let proves_itself = match (&key, &signature) {
            (Some(key), Some(signature)) => {
                parts.store.write(|tx| parts.proves_itself(tx, id, Bound::new_key(&clerk.session), (key, signature)))?
            }
            _ => false,
        };
        parts.audited(&clerk.actor, AuditEvent::KeyAdded, |tx, noted| {
            noted.object(&clerk.account.name).said(AuditDetail::Key, &ask.name);
            let key = key.filter(|_| proves_itself).ok_or_else(|| fault!(Code::SecondFactor, account::WRONG_KEY))?;
            parts.add_key(tx, id, good_name(&ask.name)?, &key)?;
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, add).await
}

#[derive(Deserialize, JsonSchema)]
pub struct KeyPath {
    /// 密钥的代号，在“我的账号”里
    id: String,
}

pub async fn end(
    State(server): State<Server>,
    clerk: Clerk,
    path: Result<Path<KeyPath>, PathRejection>,
    ask: Result<Json<FactorCode>, JsonRejection>,
) -> Result<Nothing, Refusal> {
    let (Path(KeyPath { id }), Json(ask)) = (path?, ask?);
    let end = move |parts: &Parts, clerk: &Clerk| {
        proof::with_factor(parts, clerk, &ask.code, AuditEvent::KeyEnded, |tx, noted| {
            let meant = tx.keys(&clerk.account.id)?.into_iter().find(|key| key_name(&key.public_key) == id);
            let meant = meant.ok_or_else(|| fault!(Code::NotFound, account::NO_SUCH_KEY))?;
            noted.said(AuditDetail::Name, &meant.name);
            tx.end_key(&clerk.account.id, &meant.public_key)?;
            parts.revoke(tx, NoticeOf::Factor, &clerk.account.id)?;
            still_has_one(tx, &clerk.account)?;
            Ok(Nothing)
        })
    };
    signed_in(&server, clerk, end).await
}
