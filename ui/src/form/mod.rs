//! What a form holds and when it is ready, as plain structs without a screen; tested natively.

pub mod date;
pub mod elder;
pub mod order;
pub mod period;
pub mod receipt;
pub mod run;

/// A field that does not fit, and why, in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    pub field: &'static str,
    pub words: String,
}

impl FieldProblem {
    pub fn new(field: &'static str, words: impl Into<String>) -> Self {
        Self { field, words: words.into() }
    }
}
