//! What handlers answer, and how each tells of itself.

use super::Operation;
use crate::fault::Refusal;
use axum::Json;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use shared::fault::Fault;
use std::io::SeekFrom;
use tokio::io::AsyncSeekExt;
use tokio_util::io::ReaderStream;

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

/// It went well, and there is nothing to say.
pub struct Nothing;

impl IntoResponse for Nothing {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Output for Nothing {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_nothing();
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

impl Octets {
    pub const TYPE: &str = "application/octet-stream";
}

impl IntoResponse for Octets {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, Self::TYPE)], self.0).into_response()
    }
}

impl Output for Octets {
    fn describe(operation: &mut Operation<'_>) {
        operation.gives_bytes(Self::TYPE);
    }
}

/// A workbook, sent from its file piece by piece.
pub struct Workbook {
    file: tokio::fs::File,
    length: u64,
    name: String,
}

impl Workbook {
    pub const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// The workbook in a file, to be called so.
    pub async fn of(file: std::fs::File, name: &str) -> std::io::Result<Self> {
        let mut file = tokio::fs::File::from_std(file);
        let length = file.seek(SeekFrom::End(0)).await?;
        file.rewind().await?;
        Ok(Self { file, length, name: name.to_owned() })
    }
}

impl IntoResponse for Workbook {
    fn into_response(self) -> Response {
        let name = percent_encoding::utf8_percent_encode(&self.name, percent_encoding::NON_ALPHANUMERIC);
        let headers = [
            (header::CONTENT_TYPE, Self::TYPE.to_owned()),
            (header::CONTENT_LENGTH, self.length.to_string()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"list.xlsx\"; filename*=UTF-8''{name}.xlsx")),
        ];
        (headers, Body::from_stream(ReaderStream::new(self.file))).into_response()
    }
}
