//! What a form holds and when it is ready, as plain structs without a screen; tested natively.

pub mod date;
pub mod elder;
pub mod order;
pub mod period;
pub mod receipt;
pub mod run;

pub use shared::form::FieldProblem;
