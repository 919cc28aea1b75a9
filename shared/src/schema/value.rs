//! The scalar values of records and the way of typed fields into them and back.

use super::{FieldType, Fields};
use crate::money::Fen;
use jiff::civil::{Date, DateTime};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::fmt;

/// A scalar as it stands in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// No value: the field was cleared.
    Null,
    /// Yes or no.
    Bool(bool),
    /// Whole numbers, fen among them.
    Int(i64),
    /// Text, dates in ISO form and the code words of enums.
    Text(SmolStr),
    /// A sealed value (`shared::seal`).
    Bytes(Vec<u8>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

/// Reads whatever stands there; what is derived would keep it in memory and try one kind after the other, which pages pay for.
struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar or a list of bytes")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Int).map_err(|_| E::custom("a number beyond all"))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.into()))
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = items.next_element()? {
            bytes.push(byte);
        }
        Ok(Value::Bytes(bytes))
    }
}

/// A field is missing or not of its declared shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field {field} is missing or malformed")]
pub struct Malformed {
    /// The name of the field.
    pub field: String,
}

impl Malformed {
    /// For the field of that name.
    #[must_use]
    pub fn new(field: &str) -> Self {
        Self { field: field.to_owned() }
    }
}

/// A set of short keys (photo hashes); two offices may add at once and both stay.
pub type KeySet = BTreeSet<String>;

/// A type that can be the value of a field.
pub trait FieldValue: Sized {
    /// The type of a field that holds it, where nothing else is said.
    const TYPE: FieldType;
    /// Whether a record without it is malformed.
    const REQUIRED: bool = true;
    /// Puts the value under `key`; an absent one leaves no entry.
    fn put(&self, key: &str, fields: &mut Fields);
    /// # Errors
    /// [`Malformed`] with `key` when it is missing or of another shape.
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed>;
}

/// A scalar that stands as one text in a document; all that parse from and print to text do.
pub trait TextValue: Sized {
    /// The type of a field that holds it, where nothing else is said.
    const TYPE: FieldType;
    /// The text in the document.
    fn to_text(&self) -> String;
    /// The value, or `None` when the text is not one.
    fn of_text(text: &str) -> Option<Self>;
}

impl<T: TextValue> FieldValue for T {
    const TYPE: FieldType = <T as TextValue>::TYPE;
    fn put(&self, key: &str, fields: &mut Fields) {
        fields.insert(key, Value::Text(self.to_text().into()));
    }
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        match fields.get(key) {
            Some(Value::Text(text)) => T::of_text(text).ok_or_else(|| Malformed::new(key)),
            _ => Err(Malformed::new(key)),
        }
    }
}

impl TextValue for String {
    const TYPE: FieldType = FieldType::Text;
    fn to_text(&self) -> String {
        self.clone()
    }
    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// Text in ISO form by `Display` and `FromStr`.
macro_rules! text_by_display {
    ($($kind:ty: $ty:ident),+) => { $(
        impl TextValue for $kind {
            const TYPE: FieldType = FieldType::$ty;
            fn to_text(&self) -> String { self.to_string() }
            fn of_text(text: &str) -> Option<Self> { text.parse().ok() }
        }
    )+ };
}
text_by_display!(Date: Day, DateTime: Moment, super::RecordId: Id);

impl<T: FieldValue> FieldValue for Option<T> {
    const TYPE: FieldType = T::TYPE;
    const REQUIRED: bool = false;
    fn put(&self, key: &str, fields: &mut Fields) {
        if let Some(value) = self {
            value.put(key, fields);
        }
    }
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        match fields.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => T::take(key, fields).map(Some),
        }
    }
}

impl FieldValue for bool {
    const TYPE: FieldType = FieldType::YesNo;
    const REQUIRED: bool = false;
    fn put(&self, key: &str, fields: &mut Fields) {
        fields.insert(key, Value::Bool(*self));
    }
    /// A missing yes-or-no is no.
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        match fields.get(key) {
            Some(Value::Bool(value)) => Ok(*value),
            None | Some(Value::Null) => Ok(false),
            Some(_) => Err(Malformed::new(key)),
        }
    }
}

impl FieldValue for i64 {
    const TYPE: FieldType = FieldType::Number;
    fn put(&self, key: &str, fields: &mut Fields) {
        fields.insert(key, Value::Int(*self));
    }
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        match fields.get(key) {
            Some(Value::Int(value)) => Ok(*value),
            _ => Err(Malformed::new(key)),
        }
    }
}

impl FieldValue for Fen {
    const TYPE: FieldType = FieldType::Money;
    fn put(&self, key: &str, fields: &mut Fields) {
        self.0.put(key, fields);
    }
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        i64::take(key, fields).map(Fen)
    }
}

impl FieldValue for KeySet {
    const TYPE: FieldType = FieldType::Photos;
    const REQUIRED: bool = false;
    fn put(&self, key: &str, fields: &mut Fields) {
        for member in self {
            fields.insert(format!("{key}/{member}"), Value::Bool(true));
        }
    }
    fn take(key: &str, fields: &Fields) -> Result<Self, Malformed> {
        Ok(fields.members(key).map(str::to_owned).collect())
    }
}
