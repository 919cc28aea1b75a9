//! The console page: the files of the screens as they were when the server was built, all in the binary.

use crate::fault;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use shared::console::{ACCOUNTS_PLACE, FIRST_PLACE, INVITED_PLACE, KEY_PLACE, OWN_PLACE, PLACES};
use shared::list::{End, ListSpec};
use shared::wire;
use ui_embed::Screens;

/// The programs beside the console, and below which places each stands.
const BESIDE: [(&str, &Screens); 3] = [(OWN_PLACE, &ui_embed::ACCOUNT), (ACCOUNTS_PLACE, &ui_embed::ACCOUNTS), (KEY_PLACE, &ui_embed::KEY)];

/// Where links lead, to the first account and to others: to the page of one's own.
const LINKED: [&str; 2] = [FIRST_PLACE, INVITED_PLACE];

/// A file by its path, or the page for a place inside of it. What is neither is not found, so that nobody takes the page for an answer.
pub async fn show(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return match version_of(uri.path()) {
            Some(version) if version != wire::VERSION => fault::other_version(version < wire::VERSION).into_response(),
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        };
    }
    let path = uri.path();
    let path = if LINKED.contains(&path) { OWN_PLACE } else { path };
    let below = |place: &str| path.strip_prefix(place).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let file = match BESIDE.iter().find_map(|(place, screens)| Some((below(place)?, screens))) {
        Some((rest, screens)) => Some(rest).filter(|rest| rest.len() <= 1 || rest.contains('.')).and_then(|rest| screens.file(rest)),
        None => Some(path).filter(|path| path.contains('.') || is_place(path)).and_then(|path| ui_embed::CONSOLE.file(path)),
    };
    let Some(file) = file else { return fault::not_found().into_response() };
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

/// Whether a screen of the console stands there: one of its own, a list, or a record of a list.
fn is_place(path: &str) -> bool {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    let list = path.strip_prefix("/list/").and_then(|rest| rest.split('/').next().filter(|_| rest.split('/').count() <= 2));
    PLACES.contains(&path) || list.is_some_and(|name| ListSpec::at(End::Console).any(|list| list.name == name))
}

/// The version of the protocol that a path like `/v1/push` speaks.
fn version_of(path: &str) -> Option<u32> {
    path.strip_prefix("/v")?.split('/').next()?.parse().ok()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|one| one.trim() == "gzip")
}
