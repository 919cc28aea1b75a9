//! A person's decision between values that stand beside each other, as it is put to the feature of the record: whether the rules of
//! its ordinary edits allow it, and what goes with it.

use crate::journal::Mutation;
use crate::look::Look;
use shared::conflict::{ConflictedRecord, FieldConflict};
use shared::crdt::Version;
use shared::fault::Fault;
use shared::schema::{Fields, TextValue, Value};

/// The value that somebody wants to stand.
pub(crate) struct Decision<'a> {
    pub(crate) of: &'a ConflictedRecord,
    pub(crate) conflict: &'a FieldConflict,
    pub(crate) chosen: &'a Version,
}

/// What it takes to let a value stand.
pub(crate) type Decide = fn(&Look<'_>, &Decision<'_>) -> Result<Vec<Mutation>, Fault>;

impl Decision<'_> {
    pub(crate) fn field(&self) -> &'static str {
        self.conflict.field.name
    }

    /// Whether it is the value that is shown already.
    pub(crate) fn keeps(&self) -> bool {
        self.conflict.versions.first().is_some_and(|shown| shown.value == self.chosen.value)
    }

    /// What the same change says in another field, as it is typed there.
    pub(crate) fn beside<T: TextValue>(&self, field: &str) -> Option<T> {
        match self.of.history.beside(self.chosen, field)? {
            Value::Text(text) => T::of_text(text),
            _ => None,
        }
    }

    /// The value itself, where nothing goes with it.
    pub(crate) fn alone(&self) -> Vec<Mutation> {
        vec![Mutation::edit(self.of.kind, self.of.record, Fields::from([(self.field().into(), self.chosen.value.clone())]))]
    }
}
