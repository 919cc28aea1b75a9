//! Push, pull and the report of a device.

use super::{admit, as_device};
use crate::Server;
use crate::fault::{Refusal, malformed};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::fault::Code;
use shared::wire::{self, Batch, BatchError, DeviceReport, Pushed, RefusedChange};

/// About so many bytes of changes in one answer.
const PULL_BYTES: usize = 1024 * 1024;

fn too_large() -> Refusal {
    Refusal::new(Code::Refused, "一次上传的内容太多。", "请分几次上传。").with(StatusCode::PAYLOAD_TOO_LARGE)
}

pub async fn push(State(server): State<Server>, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Json<Pushed>, Refusal> {
    let body = body.map_err(|_| too_large());
    as_device(&server, headers, move |parts, device| {
        let batch = wire::unpack(&body?).map_err(|error| match error {
            BatchError::TooLarge => too_large(),
            BatchError::Malformed => malformed(),
        })?;
        let at = parts.clock.seconds();
        parts.store.write(|tx| {
            let mut pushed = Pushed::default();
            for (index, change) in (0u32..).zip(&batch.changes) {
                if let Err(reason) = admit::take(tx, &device, change, at)? {
                    pushed.refused.push(RefusedChange { index, reason });
                }
            }
            Ok(Json(pushed))
        })
    })
    .await
}

#[derive(Deserialize)]
pub struct PullAsk {
    after: i64,
    #[serde(default)]
    skip_own: Option<String>,
}

pub async fn pull(
    State(server): State<Server>,
    headers: HeaderMap,
    ask: Result<Query<PullAsk>, QueryRejection>,
) -> Result<Response, Refusal> {
    let page = as_device(&server, headers, move |parts, device| {
        let Query(ask) = ask.map_err(|_| malformed())?;
        let skip_own = ask.skip_own.as_deref().is_some_and(|value| value == "1" || value == "true");
        let but = skip_own.then_some(device.id.as_slice());
        let page = parts.store.read(|tx| tx.feed(&device.scope(), ask.after, PULL_BYTES, wire::MAX_BATCH_CHANGES, but))?;
        let packed = wire::pack(&Batch { changes: page.changes }).map_err(|_| too_large())?;
        Ok((packed, page.next, page.more))
    });
    let (packed, next, more) = page.await?;
    let kind = [(header::CONTENT_TYPE.as_str(), "application/octet-stream".to_owned())];
    let marks = [(wire::HEADER_NEXT, next.to_string()), (wire::HEADER_MORE, u8::from(more).to_string())];
    Ok((kind, marks, packed).into_response())
}

pub async fn report(
    State(server): State<Server>,
    headers: HeaderMap,
    report: Result<Json<DeviceReport>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    as_device(&server, headers, move |parts, device| {
        let Json(mut report) = report.map_err(|_| malformed())?;
        report.version = report.version.chars().take(40).collect();
        parts.store.write(|tx| tx.put_report(&device.id, &report, parts.clock.seconds()))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
