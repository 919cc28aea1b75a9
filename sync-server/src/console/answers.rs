//! Photos, devices and codes for new devices.

use super::overview::{is_overdue, sees};
use super::{asked_scope, scope_of, signed_in};
use crate::clock::civil;
use crate::fault::{Refusal, not_found};
use crate::photo::{self, is_hash};
use crate::route::{Jpeg, SessionCookie};
use crate::store::{DeviceSummary, Scope};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{CodeAsk, CodeGiven, DeviceRow};
use shared::division;
use shared::fault::Code;
use shared::kinds::Level;
use shared::schema::RecordId;

#[derive(Deserialize, JsonSchema)]
pub struct PhotoPath {
    /// 照片的 SHA-256，十六进制，在回单里
    hash: String,
}

pub async fn photo(
    State(server): State<Server>,
    cookie: SessionCookie,
    path: Result<Path<PhotoPath>, PathRejection>,
) -> Result<Jpeg, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Path(PhotoPath { hash }) = path?;
        let scope = scope_of(&account);
        if !is_hash(&hash) || !parts.store.read(|tx| Ok::<_, Refusal>(tx.has_photo(&hash)? && tx.photo_in_scope(&hash, &scope)?))? {
            return Err(not_found());
        }
        let sealed = photo::read(&parts.folder, &hash).ok_or_else(not_found)?;
        parts.store.read(|tx| parts.keys().open_photo(tx, &hash, &sealed))?.ok_or_else(not_found)
    })
    .await
    .map(Jpeg)
}

pub async fn devices(State(server): State<Server>, cookie: SessionCookie) -> Result<Json<Vec<DeviceRow>>, Refusal> {
    signed_in(&server, cookie, |parts, account| {
        let scope = scope_of(&account);
        let now = parts.clock.seconds();
        let (devices, canteens) = parts.store.read(|tx| Ok::<_, Refusal>((tx.devices()?, tx.canteens(&scope)?)))?;
        let rows = devices.into_iter().filter(|device| sees(&scope, device)).filter_map(|device| {
            let name = device.canteen.as_ref().and_then(|code| canteens.iter().find(|canteen| canteen.code == *code));
            let site = name.map_or_else(|| division::name(&device.division).to_owned(), |canteen| canteen.name.clone());
            device_row(device, site, now)
        });
        Ok(Json(rows.collect()))
    })
    .await
}

fn device_row(device: DeviceSummary, site: String, now: i64) -> Option<DeviceRow> {
    let overdue = !device.revoked && is_overdue(&device, now);
    let report = device.report.as_ref().map(|(_, report)| report);
    Some(DeviceRow {
        id: RecordId::from_bytes(&device.id)?,
        number: device.number,
        site,
        last_sync: device.report.as_ref().map(|(at, _)| civil(*at)),
        unsent: report.map_or(0, |report| report.unsent),
        unsent_photos: report.map_or(0, |report| report.unsent_photos),
        lost_photos: u64::try_from(device.lost_photos).unwrap_or(0),
        refused: report.map_or(0, |report| report.refused),
        version: report.map(|report| report.version.clone()).unwrap_or_default(),
        agrees: report.map(|report| report.agrees),
        overdue,
        revoked: device.revoked,
        name: device.name,
    })
}

pub async fn device_code(
    State(server): State<Server>,
    cookie: SessionCookie,
    ask: Result<Json<CodeAsk>, JsonRejection>,
) -> Result<Json<CodeGiven>, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Json(ask) = ask?;
        if account.role == Level::Canteen {
            return Err(Refusal::new(Code::Forbidden, "饭堂账号不能发登记码。", "请联系镇街或县市区的管理员。"));
        }
        give_code(parts, asked_scope(parts, &account, ask.division.as_deref(), ask.canteen.as_deref())?)
    })
    .await
    .map(Json)
}

fn give_code(parts: &Parts, scope: Scope) -> Result<CodeGiven, Refusal> {
    match scope {
        Scope::Canteen(code) => parts.device_code(Some(&code), None),
        Scope::Division(code) => parts.device_code(None, Some(&code)),
    }
}
