//! Faults on their way out of the server: what the store's failures become, and the HTTP status of
//! each. Their words stand in `shared::words`.

use crate::journal::JournalError;
use crate::store::{Distrust, PgConnectionError, StoreError};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::crdt::CrdtError;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::schema::Sentence;
use std::error::Error;

/// A fault with its status.
#[derive(Debug)]
pub struct Refusal {
    /// How it is answered over HTTP.
    pub status: StatusCode,
    /// What is told.
    pub fault: Fault,
    /// After so many seconds the same may be asked again, where that is known.
    pub after: Option<i64>,
}

impl Refusal {
    /// With another status.
    #[must_use]
    pub fn with(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Too much is asked just now; after so many seconds it may be asked again.
    #[must_use]
    pub fn after(mut self, seconds: i64) -> Self {
        self.after = Some(seconds);
        self.with(StatusCode::TOO_MANY_REQUESTS)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let status = match fault.code {
            Code::BadInput | Code::BadFile | Code::BadPhoto => StatusCode::BAD_REQUEST,
            Code::Confirm | Code::NotNow => StatusCode::CONFLICT,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::NotEnrolled | Code::SignIn | Code::SecondFactor => StatusCode::UNAUTHORIZED,
            Code::Refused | Code::Forbidden => StatusCode::FORBIDDEN,
            Code::Offline => StatusCode::SERVICE_UNAVAILABLE,
            Code::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, fault, after: None }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if error.passes() {
            tracing::warn!(error = ?error, "the store is away");
            return fault!(Code::Offline, database::AWAY).into();
        }
        if let StoreError::Crdt(CrdtError::Merge | CrdtError::NotAChange) = error {
            tracing::error!("a record that is quarantined can't be changed");
            return Fault::quarantined().into();
        }
        if let StoreError::Forged(table) = error {
            tracing::error!(table, "what was changed by another hand does not count");
            return fault!(Code::Broken, database::FORGED).into();
        }
        tracing::error!(error = ?error, "the store failed");
        if error.is_full() { fault!(Code::Broken, database::SERVER_FULL).into() } else { Fault::broken().into() }
    }
}

/// The root key is not there or not the one that the database was sealed with.
pub fn no_root_key(error: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%error, "the root key can't be used");
    fault!(Code::Broken, key_file::UNREADABLE)
}

/// The first root key of a database could not be kept, so nothing is sealed under it.
pub fn no_new_root_key(error: &std::io::Error) -> Fault {
    tracing::error!(%error, "a new root key can't be kept");
    fault!(Code::Broken, key_file::NOT_KEPT)
}

/// A change of the root key stopped at a file: which of the two keys counts is known when the database is opened next.
pub fn root_not_rotated(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "the root key can't be changed");
    fault!(Code::Broken, key_file::NOT_ROTATED).into()
}

/// Why the store can't be opened.
pub fn cannot_open(error: StoreError) -> Fault {
    tracing::error!(error = ?error, "the store can't be opened");
    match error {
        StoreError::Address => fault!(Code::BadInput, database::ADDRESS),
        StoreError::Connection(error) => no_connection(&error),
        StoreError::Encoding(_) => fault!(Code::NotNow, database::NOT_UTF8),
        StoreError::Postgres(error) => match error.code().map(|code| code.code()) {
            Some("28P01") => fault!(Code::Forbidden, database::WRONG_PASSWORD),
            Some("28000") => fault!(Code::Forbidden, database::NOT_FROM_HERE),
            Some("3D000") => fault!(Code::NotFound, database::NO_SUCH_NAME),
            Some("42501") => fault!(Code::Forbidden, database::MAY_NOT_MAKE_TABLES),
            _ => fault!(Code::Offline, database::UNREACHABLE),
        },
        StoreError::Migration(_) | StoreError::Newer => fault!(Code::NotNow, database::OTHER_TABLES),
        error => Refusal::from(error).into(),
    }
}

/// The connection to the database can't be had as its address asks.
fn no_connection(error: &PgConnectionError) -> Fault {
    match error {
        PgConnectionError::Mode(_) => fault!(Code::BadInput, database::UNKNOWN_MODE),
        PgConnectionError::Authority(file, _) => fault!(Code::BadInput, database::no_authority_in(file)),
        PgConnectionError::NoAuthority => fault!(Code::BadInput, database::NO_AUTHORITY),
        PgConnectionError::Plain => fault!(Code::NotNow, database::NOT_ENCRYPTED),
        PgConnectionError::Certificate(Distrust::Issuer, _) => fault!(Code::NotNow, database::CERTIFICATE_BY_A_STRANGER),
        PgConnectionError::Certificate(Distrust::Name, _) => fault!(Code::NotNow, database::CERTIFICATE_OF_ANOTHER_HOST),
        PgConnectionError::Certificate(Distrust::Time, _) => fault!(Code::NotNow, database::CERTIFICATE_OF_ANOTHER_TIME),
        PgConnectionError::Certificate(Distrust::Form, _) => fault!(Code::NotNow, database::NOT_A_SERVER_CERTIFICATE),
        PgConnectionError::Handshake(_) => fault!(Code::NotNow, database::NO_HANDSHAKE),
    }
}

/// The name of what could not be read, where serde came to one.
fn unread<E: Error + 'static>(rejection: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(rejection);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<serde_path_to_error::Error<E>>() {
            return Some(found.path().to_string()).filter(|path| path != ".");
        }
        cause = error.source();
    }
    None
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        match unread::<serde::de::value::Error>(&rejection) {
            Some(name) => wrong_in_address(&name, None),
            None => malformed(),
        }
    }
}

/// A word of an address that nobody understands, and what would be right where that is known.
pub fn wrong_in_address(name: &str, wanted: Option<&Sentence>) -> Refusal {
    fault!(Code::BadInput, request::wrong_in_address(name, wanted)).into()
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        match unread::<serde_json::Error>(&rejection) {
            Some(name) => fault!(Code::BadInput, request::wrong_in_body(&name)).into(),
            None => malformed(),
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        not_found()
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        if let JournalError::Store(error) = error {
            return error.into();
        }
        tracing::error!(error = ?error, "a change could not be logged");
        Fault::broken().into()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.fault
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.fault)).into_response();
        if let Some(seconds) = self.after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The answer for what does not exist and for what one may not see.
#[must_use]
pub fn not_found() -> Refusal {
    fault!(Code::NotFound, request::NOT_FOUND).into()
}

/// The place is there, but not for this method.
#[must_use]
pub fn no_such_act() -> Refusal {
    Refusal::from(fault!(Code::BadInput, request::NO_SUCH_ACT)).with(StatusCode::METHOD_NOT_ALLOWED)
}

/// The key of a device is unknown or was shut out.
#[must_use]
pub fn unknown_device() -> Refusal {
    fault!(Code::NotEnrolled, enrolment::UNKNOWN_DEVICE).into()
}

/// More than a body may hold.
#[must_use]
pub fn too_large() -> Refusal {
    Refusal::from(fault!(Code::Refused, request::TOO_LARGE)).with(StatusCode::PAYLOAD_TOO_LARGE)
}

/// Asked in plain where only TLS is spoken.
#[must_use]
pub fn https_only() -> Refusal {
    fault!(Code::BadInput, program::ONLY_OVER_HTTPS).into()
}

/// Spoken in another version of the protocol.
#[must_use]
pub fn other_version(older: bool) -> Refusal {
    let fault = if older { fault!(Code::Refused, sync::OLDER_DESK) } else { fault!(Code::Refused, sync::OLDER_SERVER) };
    Refusal::from(fault).with(StatusCode::UPGRADE_REQUIRED)
}

/// The body is not what the route asks for.
#[must_use]
pub fn malformed() -> Refusal {
    fault!(Code::BadInput, request::MALFORMED).into()
}
