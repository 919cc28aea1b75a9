//! Photos, what devices told of themselves, and codes for new devices.

use super::clerk::{Clerk, signed_in};
use super::overview::is_overdue;
use super::proof;
use super::{asked_scope, scope_of};
use crate::audit::{Actor, Event};
use crate::clock::civil;
use crate::factors;
use crate::fault::{Refusal, not_found};
use crate::photo::{self, is_hash};
use crate::route::Jpeg;
use crate::store::{DeviceSummary, Scope, Tx};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{CodeAsk, CodeGiven};
use shared::fault;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent};
use shared::list::ListRow;
use shared::schema::Value;
use std::collections::HashMap;

#[derive(Deserialize, JsonSchema)]
pub struct PhotoPath {
    /// 照片的 SHA-256，十六进制，在回单里
    hash: String,
}

pub async fn photo(State(server): State<Server>, clerk: Clerk, path: Result<Path<PhotoPath>, PathRejection>) -> Result<Jpeg, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Path(PhotoPath { hash }) = path?;
        let scope = scope_of(&clerk.account);
        if !is_hash(&hash) || !parts.store.read(|tx| Ok::<_, Refusal>(tx.has_photo(&hash)? && tx.photo_in_scope(&hash, &scope)?))? {
            return Err(not_found());
        }
        let sealed = photo::read(&parts.folder, &hash).ok_or_else(not_found)?;
        let opened = parts.store.read(|tx| parts.keys().open_photo(tx, &hash, &sealed))?.ok_or_else(not_found)?;
        // The mark of a photo is its hash, of which no digits are those of a person.
        let mut event = Event::of(AuditEvent::PhotoRead);
        parts.noted_read(&clerk.actor, &hash, event.made(AuditDetail::Sha256, &hash))?;
        Ok(opened)
    })
    .await
    .map(Jpeg)
}

/// What the list of devices says beside their records: when each was heard of, and what it told of itself.
pub fn tell_of_devices(parts: &Parts, tx: &Tx<'_>, rows: &mut [ListRow]) -> Result<(), Refusal> {
    let now = parts.clock.seconds();
    let known: HashMap<Vec<u8>, DeviceSummary> = tx.devices()?.into_iter().map(|device| (device.id.clone(), device)).collect();
    let asking = crate::sync::who_ask_for_many(tx, now)?;
    for row in rows {
        let Some(device) = known.get(row.id.bytes()) else { continue };
        let figure = |figure: u64| Value::Int(i64::try_from(figure).unwrap_or(i64::MAX));
        let mut tell = |name: &'static str, value: Value| row.cells.insert(name, value);
        tell("overdue", Value::Bool(!device.revoked && is_overdue(device, now)));
        tell("asks_for_many", Value::Bool(asking.contains(&device.id)));
        tell("lost_photos", Value::Int(device.lost_photos));
        if let Some((at, report)) = &device.report {
            tell("last_sync", Value::Text(civil(*at).to_string().into()));
            tell("unsent", figure(report.unsent));
            tell("unsent_photos", figure(report.unsent_photos));
            tell("refused", figure(report.refused));
            tell("differs", Value::Bool(!report.agrees));
            tell("version", Value::Text(report.version.as_str().into()));
        }
    }
    Ok(())
}

pub async fn device_code(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Json<CodeAsk>, JsonRejection>,
) -> Result<Json<CodeGiven>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Json(ask) = ask?;
        let scope = asked_scope(parts, &clerk.account, ask.division.as_deref(), ask.canteen.as_deref())?;
        // A code opens a place's files to a computer: a stolen session is not enough.
        if !parts.store.read(|tx| factors::has_factor(tx, &clerk.account.id))? {
            return Err(fault!(Code::NotNow, account::FACTOR_FIRST).into());
        }
        proof::with_factor(parts, clerk, &ask.code, AuditEvent::FactorUsed, |_, _| Ok(()))?;
        give_code(parts, &clerk.actor, scope)
    })
    .await
    .map(Json)
}

fn give_code(parts: &Parts, by: &Actor, scope: Scope) -> Result<CodeGiven, Refusal> {
    match scope {
        Scope::Canteen(code) => parts.device_code(by, Some(&code), None),
        Scope::Division(code) => parts.device_code(by, None, Some(&code)),
    }
}
