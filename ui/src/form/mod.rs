//! What a form holds and when it is ready, as plain structs without a screen; tested natively.

pub mod date;
pub mod elder;
pub mod order;
pub mod period;
pub mod receipt;
pub mod run;

pub use shared::form::FieldProblem;

use shared::kinds::RecordKind;

/// What a field of a kind is called; its bare name if there is none.
pub fn label_of(kind: RecordKind, field: &'static str) -> &'static str {
    kind.declared().field(field).map_or(field, |field| field.label.said())
}
