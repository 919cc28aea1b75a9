//! What handlers take, and how each tells of itself.

use super::{Operation, Source, is_encrypted};
use crate::Server;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::{Extension, Json};
use rand::RngExt;
use schemars::JsonSchema;
use shared::console::LANGUAGE_COOKIE;
use shared::schema::Language;
use std::convert::Infallible;

/// An argument of a handler.
pub trait Input {
    fn describe(operation: &mut Operation<'_>);
}

/// Name of the cookie that a session lives in. Over TLS it wears the prefix by which browsers take it from this host alone, and over
/// nothing else (RFC 6265bis, 4.1.3).
pub const SESSION: &str = "session";
/// That prefix.
pub const HOST_ONLY: &str = "__Host-";

/// Who asks: what the cookies of a request say, from where it comes, and what it asks for.
#[derive(Clone)]
pub struct Caller {
    /// The token of a session, where there is one. Whether it opens anything is seen later.
    pub session: Option<String>,
    /// What is to be spoken; the first language, where none of ours is named.
    pub language: Language,
    /// From where.
    pub source: Source,
    /// The number of the request.
    pub request: RequestId,
    /// Method and path, without what stands behind the `?`.
    pub asked: String,
}

/// The number of a request, which its answer and what is noted of it carry.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub i64);

impl RequestId {
    /// Of the next request.
    pub fn next() -> Self {
        Self(rand::rng().random())
    }

    /// As it is told.
    pub fn told(self) -> String {
        format!("{:016x}", self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(Self::next))
    }
}

/// Nothing that is sent.
impl Input for RequestId {
    fn describe(_: &mut Operation<'_>) {}
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let (Ok(source), Ok(request)) = (Source::from_request_parts(parts, state).await, RequestId::from_request_parts(parts, state).await);
        let value_of = |wanted: &str| {
            let cookies = parts.headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
            // One that is no text spoils no other.
            let mut cookies = cookies.filter_map(|cookie| std::str::from_utf8(cookie.trim_ascii()).ok()?.split_once('='));
            cookies.find(|(name, _)| *name == wanted).map(|(_, value)| value)
        };
        let session = if is_encrypted(&parts.headers, &parts.extensions) { [HOST_ONLY, SESSION].concat() } else { SESSION.to_owned() };
        Ok(Self {
            session: value_of(&session).map(str::to_owned),
            language: value_of(LANGUAGE_COOKIE).map_or_else(Language::default, Language::of_tag),
            source,
            request,
            asked: format!("{} {}", parts.method.as_str().to_ascii_lowercase(), parts.uri.path()),
        })
    }
}

impl Input for Caller {
    fn describe(operation: &mut Operation<'_>) {
        operation.session();
    }
}

/// Who asks where nobody has to be signed in: as [`Caller`], and a session that the browser has from before opens nothing.
pub struct Anybody(pub Caller);

impl<S: Sync> FromRequestParts<S> for Anybody {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Caller::from_request_parts(parts, state).await.map(Self)
    }
}

impl Input for Anybody {
    fn describe(_: &mut Operation<'_>) {}
}

impl<T: JsonSchema> Input for Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.parameters::<T>("query");
    }
}

impl<T: JsonSchema> Input for Path<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.parameters::<T>("path");
    }
}

impl<T: JsonSchema> Input for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.takes::<T>();
    }
}

impl Input for Bytes {
    fn describe(operation: &mut Operation<'_>) {
        operation.takes_bytes();
    }
}

/// Our own, nothing that is sent.
impl Input for State<Server> {
    fn describe(_: &mut Operation<'_>) {}
}

/// Put there by the listener.
impl<T> Input for Option<Extension<T>> {
    fn describe(_: &mut Operation<'_>) {}
}

/// Looked at by the handler, so that it is refused in our words and after the session.
impl<T: Input, E> Input for Result<T, E> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}
