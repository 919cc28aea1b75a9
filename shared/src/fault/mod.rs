//! What is told to a person when something did not go: a code, what happened and what to do, in both languages, so that
//! whoever reads it may choose. The words stand in `words`; screens never look into them. No rule is decided here.

mod general;
mod of_rules;

use crate::schema::{Language, language};
use serde::{Deserialize, Serialize};

/// A failure on its way to a person, in whole sentences. `happened` and `next_step` are the Chinese ones, as scripts have always read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[error("{}", self.whole())]
pub struct Fault {
    /// For scripts and screens.
    pub code: Code,
    /// What happened.
    pub happened: String,
    /// What to do now.
    pub next_step: String,
    /// Both sentences in English; apart, since what fails travels through many hands.
    #[serde(default)]
    pub english: Box<English>,
    /// Warnings to confirm, when `code` is [`Code::Confirm`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// The sentences of a fault in English; empty in one that an older program sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct English {
    /// What happened.
    pub happened: String,
    /// What to do now.
    pub next_step: String,
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
    /// The same in English.
    #[serde(default)]
    pub english: String,
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
    /// The password fits; a code of the second factor is wanted as well.
    SecondFactor,
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
    /// A fault in two sentences in each language; mostly by `fault!`, from the words.
    #[must_use]
    pub fn new(code: Code, zh: (impl Into<String>, impl Into<String>), en: (impl Into<String>, impl Into<String>)) -> Self {
        let english = Box::new(English { happened: en.0.into(), next_step: en.1.into() });
        Self { code, happened: zh.0.into(), next_step: zh.1.into(), english, warnings: Vec::new() }
    }

    /// What happened and what to do, in the language that is spoken.
    #[must_use]
    pub fn said(&self) -> (&str, &str) {
        if language() == Language::En && !self.english.happened.is_empty() {
            (&self.english.happened, &self.english.next_step)
        } else {
            (&self.happened, &self.next_step)
        }
    }

    /// Both sentences in the language that is spoken; only English parts them.
    fn whole(&self) -> String {
        let (happened, next_step) = self.said();
        let gap = if std::ptr::eq(happened, self.happened.as_str()) { "" } else { " " };
        format!("{happened}{gap}{next_step}")
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
    use crate::schema::speaking;
    use serde_json::json;

    #[test]
    fn scripts_read_a_warnings_code_where_it_always_stood() {
        let fault = Fault::from(OrderRefusal::Confirm(vec![OrderWarning::Standing { number: "12-0173".into() }]));
        let told = serde_json::to_value(&fault).unwrap();
        assert_eq!(
            told["warnings"],
            json!([{ "warning": "standing", "words": "这位长者这一餐已经有订单 12-0173", "english": "This elder already has order 12-0173 for this meal" }])
        );
        assert_eq!(serde_json::from_value::<Fault>(told).unwrap(), fault);
        let older = json!({ "code": "offline", "happened": "连不上。", "next_step": "请稍后再试。" });
        let older = serde_json::from_value::<Fault>(older).unwrap();
        assert_eq!(speaking(Language::En, || older.to_string()), "连不上。请稍后再试。", "better than nothing");
        assert_eq!(
            speaking(Language::En, || Fault::offline().to_string()),
            "The server can't be reached now. You can go on working; everything is uploaded when you are back online."
        );
        assert_eq!(Fault::offline().to_string(), "现在连不上服务器。可以继续工作，联网后会自动上传。");
        assert!(!serde_json::to_string(&Fault::new(Code::Broken, ("", ""), ("", ""))).unwrap().contains("warnings"));
    }
}
