//! What handlers answer, and how each tells of itself.

use super::Operation;
use crate::fault::Refusal;
use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use shared::fault::Fault;

/// The answer of a handler.
pub trait Output {
    fn describe(operation: &mut Operation<'_>);
}

impl<T: JsonSchema> Output for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives::<T>();
    }
}

impl<T: Output> Output for Result<T, Refusal> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        operation.refuses::<Fault>();
    }
}

/// A picture.
pub struct Jpeg(pub Vec<u8>);

impl IntoResponse for Jpeg {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "image/jpeg")], self.0).into_response()
    }
}

impl Output for Jpeg {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_bytes("image/jpeg");
    }
}

/// Bytes for a program.
pub struct Octets(pub Vec<u8>);

impl IntoResponse for Octets {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/octet-stream")], self.0).into_response()
    }
}

impl Output for Octets {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_bytes("application/octet-stream");
    }
}
