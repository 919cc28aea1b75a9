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
    pub warnings: Vec<Warning>,
}

/// What a person is asked to confirm. A code word for scripts and screens, whole words for people; what it is about stands in the words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    /// `standing`, `after_cut_off`, …; scripts have always read it as `warning`.
    #[serde(rename = "warning")]
    pub code: String,
    /// A Chinese sentence without its end.
    pub words: String,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::order::{OrderRefusal, OrderWarning};
    use serde_json::json;

    #[test]
    fn scripts_read_a_warnings_code_where_it_always_stood() {
        let fault = Fault::from(OrderRefusal::Confirm(vec![OrderWarning::Standing { number: "12-0173".into() }]));
        let told = serde_json::to_value(&fault).unwrap();
        assert_eq!(told["warnings"], json!([{ "warning": "standing", "words": "这位长者这一餐已经有订单 12-0173" }]));
        assert_eq!(serde_json::from_value::<Fault>(told).unwrap(), fault);
        assert!(!serde_json::to_string(&Fault::new(Code::Broken, "", "")).unwrap().contains("warnings"));
    }
}
