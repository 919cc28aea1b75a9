//! What is told to a person when something did not go: a code, what happened and what to do.
//! The Chinese words stand in `zh.rs`; screens never look into them.

use serde::{Deserialize, Serialize};

/// A failure on its way to a person. `happened` and `next_step` are whole Chinese sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[error("{happened}{next_step}")]
pub struct Fault {
    /// For scripts and screens.
    pub code: Code,
    /// What happened.
    pub happened: String,
    /// What to do now.
    pub next_step: String,
    /// Warnings to confirm, when `code` is [`Code::Confirm`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub warnings: Vec<crate::rule::order::OrderWarning>,
}

/// The kinds of fault; kept stable for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// What was typed does not fit.
    BadInput,
    /// The cashier has to confirm the warnings first.
    Confirm,
    /// Not possible in this state.
    NotNow,
    /// No such record here.
    NotFound,
    /// The device has not been enrolled at a server.
    NotEnrolled,
    /// The server can't be reached; work goes on.
    Offline,
    /// The server refused.
    Refused,
    /// Not signed in, or the session is over.
    SignIn,
    /// Outside of one's scope.
    Forbidden,
    /// The office file can't be read.
    BadFile,
    /// The photo can't be read.
    BadPhoto,
    /// The program or the disk failed.
    Broken,
}

impl Fault {
    /// A fault in two sentences.
    #[must_use]
    pub fn new(code: Code, happened: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self { code, happened: happened.into(), next_step: next_step.into(), warnings: Vec::new() }
    }

    /// Exit code of the command line: 1 where the user can mend it, 2 where only we can.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.code == Code::Broken { 2 } else { 1 }
    }
}
