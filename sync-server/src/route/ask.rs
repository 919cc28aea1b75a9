//! What handlers take, and how each tells of itself.

use super::Operation;
use crate::Server;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::{Extension, Json};
use schemars::JsonSchema;
use std::convert::Infallible;

/// An argument of a handler.
pub trait Input {
    fn describe(operation: &mut Operation<'_>);
}

/// Name of the cookie that a session lives in.
pub const SESSION: &str = "session";

/// The token in the cookie of a request, where there is one. Whether it opens anything is seen later.
pub struct SessionCookie(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for SessionCookie {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        Ok(Self(cookies.find(|(name, _)| *name == SESSION).map(|(_, value)| value.to_owned())))
    }
}

impl Input for SessionCookie {
    fn describe(operation: &mut Operation<'_>) {
        operation.session();
    }
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
