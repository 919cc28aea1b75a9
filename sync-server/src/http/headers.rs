//! Headers on every answer, and the check that a changing request of a browser comes from our own page.

use crate::fault::{Refusal, malformed};
use crate::route::{HOST_ONLY, Octets, RequestId, SESSION, is_encrypted};
use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::fault;
use shared::fault::Code;

const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 1] = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
/// Where a browser may show the answer. It downloads what is packed for desks, and each byte of that goes over thin lines, often.
const SHOWN: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];
/// The console asks a browser for nothing.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
/// A browser that came by TLS once comes by nothing else for a year. Said only where TLS is in use.
const TLS_ONLY: &str = "max-age=31536000";
/// By which what is told of an answer is found in the audit log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What is asked by programs, and true for a moment.
const OF_THE_MOMENT: [&str; 2] = ["/health", "/ready"];

/// Puts the headers on.
pub async fn guard(mut request: Request, next: Next) -> Response {
    let id = RequestId::next();
    request.extensions_mut().insert(id);
    let path = request.uri().path();
    let of_desks = path.starts_with("/v2/");
    let is_api = of_desks || path.starts_with("/api/") || OF_THE_MOMENT.contains(&path);
    let encrypted = is_encrypted(request.headers(), request.extensions());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let packed = of_desks && headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == Octets::TYPE);
    let shown = SHOWN.into_iter().filter(|_| !packed);
    for (name, value) in ALWAYS.into_iter().chain(shown) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(id) = HeaderValue::from_str(&id.told()).ok().filter(|_| is_api && !packed) {
        headers.insert(REQUEST_ID, id);
    }
    if encrypted && !packed {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS_ONLY));
    }
    if encrypted && let Some(cookie) = headers.get(header::SET_COOKIE).and_then(over_tls) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The cookie of a session as it is set over TLS.
fn over_tls(cookie: &HeaderValue) -> Option<HeaderValue> {
    let cookie = cookie.to_str().ok()?;
    cookie.starts_with(SESSION).then(|| HeaderValue::from_str(&format!("{HOST_ONLY}{cookie}; Secure")).ok())?
}

/// Refuses what names no host, or more than one (RFC 9112, 3.2): a proxy before this server might have read another one.
pub async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if request.version() == Version::HTTP_11 && hosts != 1 { malformed().into_response() } else { next.run(request).await }
}

/// Refuses changing requests that a browser sends for another site's page.
pub async fn same_site(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && request.uri().path().starts_with("/api/") && is_foreign(request.headers()) {
        return Refusal::from(fault!(Code::Forbidden, request::FROM_ANOTHER_PAGE)).into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return true;
    }
    match (text("origin"), text("host")) {
        (None, _) => false,
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, authority)| authority != host),
        (Some(_), None) => true,
    }
}
