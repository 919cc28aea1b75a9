//! Faults on their way out of the server: what the store's failures become, and the HTTP status of
//! each. The words to people of this crate stand here or in `shared::zh`.

use crate::journal::JournalError;
use crate::store::StoreError;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use shared::fault::{Code, Fault};
use shared::zh;

/// A fault with its status.
#[derive(Debug)]
pub struct Refusal(pub StatusCode, pub Fault);

impl Refusal {
    /// With the status that the code asks for.
    pub fn new(code: Code, happened: impl Into<String>, next_step: impl Into<String>) -> Self {
        Fault::new(code, happened, next_step).into()
    }

    /// With another status.
    #[must_use]
    pub fn with(mut self, status: StatusCode) -> Self {
        self.0 = status;
        self
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let status = match fault.code {
            Code::BadInput | Code::BadFile | Code::BadPhoto => StatusCode::BAD_REQUEST,
            Code::Confirm | Code::NotNow => StatusCode::CONFLICT,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::NotEnrolled | Code::SignIn => StatusCode::UNAUTHORIZED,
            Code::Refused | Code::Forbidden => StatusCode::FORBIDDEN,
            Code::Offline => StatusCode::SERVICE_UNAVAILABLE,
            Code::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, fault)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = ?error, "the store failed");
        zh::broken().into()
    }
}

impl From<JournalError> for Refusal {
    fn from(error: JournalError) -> Self {
        tracing::error!(error = ?error, "a change could not be logged");
        zh::broken().into()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        refusal.1
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

/// The answer for what does not exist and for what one may not see.
#[must_use]
pub fn not_found() -> Refusal {
    Refusal::new(Code::NotFound, "没有找到，或者不在您的管辖范围内。", "请返回上一页重新查看。")
}

/// The key of a device is unknown or was shut out.
#[must_use]
pub fn unknown_device() -> Refusal {
    Refusal::new(Code::NotEnrolled, "这台电脑没有登记，或登记已被停用。", "请联系上级单位要新的登记码，已录入的内容都还在本机。")
}

/// The body is not what the route asks for.
#[must_use]
pub fn malformed() -> Refusal {
    Refusal::new(Code::BadInput, "提交的内容格式不对。", "请刷新页面或更新程序后再试。")
}
