//! Photos of receipts, up from the desk that took them and down to those who may see the receipt.

use super::as_device;
use crate::fault::{Refusal, not_found};
use crate::photo::{self, is_hash};
use crate::{Server, secret};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::fault::Code;

fn bad(happened: &str) -> Refusal {
    Refusal::new(Code::BadPhoto, happened, "请重新拍一张，或者换一张照片。")
}

pub async fn keep(
    State(server): State<Server>,
    headers: HeaderMap,
    Path(hash): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Refusal> {
    let body = body.map_err(|_| bad("照片太大。").with(StatusCode::PAYLOAD_TOO_LARGE));
    as_device(&server, headers, move |parts, device| {
        let bytes = body?;
        if !is_hash(&hash) || hex::encode(secret::sha256(&bytes)) != hash {
            return Err(bad("照片在路上损坏了，内容和编号对不上。"));
        }
        if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return Err(bad("这不是 JPEG 照片。"));
        }
        if !parts.store.read(|tx| tx.has_photo(&hash))? {
            photo::keep(&parts.folder, &hash, &bytes)?;
            parts.store.write(|tx| tx.put_photo(&hash, bytes.len(), Some(&device.id), parts.clock.seconds()))?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

pub async fn show(State(server): State<Server>, headers: HeaderMap, Path(hash): Path<String>) -> Result<Response, Refusal> {
    let bytes = as_device(&server, headers, move |parts, device| {
        if !is_hash(&hash)
            || !parts.store.read(|tx| Ok::<_, Refusal>(tx.has_photo(&hash)? && tx.photo_in_scope(&hash, &device.scope())?))?
        {
            return Err(not_found());
        }
        Ok(photo::read(&parts.folder, &hash)?)
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}
