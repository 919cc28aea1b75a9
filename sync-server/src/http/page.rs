//! The console page: the files of the screens as they were when the server was built, all in the binary.

use crate::fault;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use shared::wire;

/// A file by its path; any path without a dot is a place inside the page.
pub async fn show(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return match version_of(uri.path()) {
            Some(version) if version != wire::VERSION => fault::other_version(version < wire::VERSION).into_response(),
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        };
    }
    let Some(file) = ui_embed::CONSOLE.file(uri.path()) else {
        return fault::not_found().into_response();
    };
    let marks = [
        (header::CONTENT_TYPE, file.content_type),
        (header::ETAG, file.etag),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept-encoding"),
    ];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.etag)) {
        return (StatusCode::NOT_MODIFIED, marks).into_response();
    }
    // The lines of some towns are thin; every browser takes it packed.
    if let Some(packed) = file.packed.filter(|_| takes_gzip(&headers)) {
        return (marks, [(header::CONTENT_ENCODING, "gzip")], packed).into_response();
    }
    (marks, file.bytes).into_response()
}

/// The version of the protocol that a path like `/v1/push` speaks.
fn version_of(path: &str) -> Option<u32> {
    path.strip_prefix("/v")?.split('/').next()?.parse().ok()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|one| one.trim() == "gzip")
}
