//! What a record is: a kind, an id and a flat map of named values. Each record type is declared
//! once, in `declared.rs`; the table row, the change, the labels and the masking follow from it.
//! Nothing here knows where a record is stored.

mod declared;
mod fields;
mod value;

pub use declared::*;
pub use fields::{FieldName, Fields};
pub use value::{FieldValue, KeySet, Malformed, TextValue, Value};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Names one record of any kind, everywhere and for good. Made on a device, never by the server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub Uuid);

impl RecordId {
    /// The sixteen bytes, as they stand in tables and on the wire.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The id in sixteen bytes, or `None` at any other length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RecordId {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        Uuid::from_str(text).map(Self).map_err(|_| Malformed::new("id"))
    }
}

/// Who may author changes of a record kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// Desks, inside their scope; the centre as well.
    Desk,
    /// The centre only; desks read it.
    Centre,
    /// The centre only, and it never leaves the server.
    Server,
}

/// How a field is kept in a table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `TEXT`
    Text,
    /// `INTEGER`, also for yes and no, money and times of day
    Integer,
    /// `TEXT`, the members in order, parted by a space
    Set,
    /// The id of another record; a store may keep its sixteen bytes
    Id,
}

/// One field of a record as declared.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in documents, columns and code.
    pub name: &'static str,
    /// The word on forms and in Excel.
    pub label: &'static str,
    /// Whether a record without it is malformed.
    pub required: bool,
    /// Whether it names or touches a person: masked on screens, redacted in logs.
    pub sealed: bool,
    /// How it is kept in a column.
    pub column: Column,
}

/// A record type: its kind, its declared fields and the way to and from a map of values.
pub trait Record: Sized {
    /// The kind of this record.
    const KIND: RecordKind;
    /// Its fields, in the order of the declaration.
    const FIELDS: &'static [Field];
    /// The values that are present; an absent optional value has no entry.
    fn to_fields(&self) -> Fields;
    /// # Errors
    /// [`Malformed`] names the field that is missing or of the wrong shape.
    fn from_fields(fields: &Fields) -> Result<Self, Malformed>;
}

/// The value of `field` as one column of the row: a set becomes its members in order.
#[must_use]
pub fn column_value(field: &Field, fields: &Fields) -> Value {
    if field.column != Column::Set {
        return fields.get(field.name).cloned().unwrap_or(Value::Null);
    }
    let members: Vec<&str> = fields.members(field.name).collect();
    Value::Text(members.join(" ").into())
}

/// The keys that differ between two states of a record, with the new value (`Null` for gone).
#[must_use]
pub fn differences(before: &Fields, after: &Fields) -> Fields {
    let gone = before.keys().filter(|key| !after.contains_key(key)).map(|key| (key.clone(), Value::Null));
    let changed = after.iter().filter(|(key, value)| before.get(key) != Some(value));
    changed.map(|(key, value)| (key.clone(), value.clone())).chain(gone).collect()
}
