//! A record type in code: its kind, and the way to and from a map of values. `record!` makes it from the declaration.

use super::{Fields, Kind, Malformed, Value};
use crate::kinds::RecordKind;
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

    /// When a record was made whose id was drawn then, in seconds since 1970 by the clock of who made it.
    #[must_use]
    pub fn made_at(&self) -> Option<i64> {
        let (seconds, _) = self.0.get_timestamp()?.to_unix();
        i64::try_from(seconds).ok()
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

/// A record type: its kind and the way to and from a map of values.
pub trait Record: Sized {
    /// The kind of this record.
    const KIND: RecordKind;
    /// The values that are present; an absent optional value has no entry.
    fn to_fields(&self) -> Fields;
    /// # Errors
    /// [`Malformed`] names the field that is missing or of the wrong shape.
    fn from_fields(fields: &Fields) -> Result<Self, Malformed>;
}

impl RecordKind {
    /// The code word in documents, tables and scripts; it names the table as well.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.declared().code
    }

    /// The kind of a code word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The word for people.
    #[must_use]
    pub fn label(self) -> super::Label {
        self.declared().title
    }

    /// The word on screens and in Excel, in the language that is spoken.
    #[must_use]
    pub fn said(self) -> &'static str {
        self.label().said()
    }
}

/// What is declared of a kind is asked of the kind itself.
impl std::ops::Deref for RecordKind {
    type Target = Kind;
    fn deref(&self) -> &Kind {
        self.declared()
    }
}

impl Serialize for RecordKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for RecordKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::of_code(&code).ok_or_else(|| serde::de::Error::custom("no kind of record"))
    }
}

/// The keys that differ between two states of a record, with the new value (`Null` for gone).
#[must_use]
pub fn differences(before: &Fields, after: &Fields) -> Fields {
    let gone = before.keys().filter(|key| !after.contains_key(key)).map(|key| (key.clone(), Value::Null));
    let changed = after.iter().filter(|(key, value)| before.get(key) != Some(value));
    changed.map(|(key, value)| (key.clone(), value.clone())).chain(gone).collect()
}

/// Declares a kind of record, once:
///
/// ```text
/// record! {
///     /// 长者. What it is, and from which document.
///     Elder "elder" 3 "长者" "Elder" [titled_by(&["name"])];
///     /// What the field means.
///     name: String, "姓名" "Name" [heard_as("名字 长者姓名")];
/// }
/// ```
///
/// After the type stand its code word, its number in logs and its word in both languages; after a field's Rust type, from which its
/// [`super::FieldType`] follows, its label in both. What else is to be said stands in brackets: methods of [`Kind`] and [`super::Field`]. A kind that
/// speaks of persons says so (`of_persons`), and each of its fields how close it comes to them (`contact`, `health`, …); else it does not compile.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident $code:literal $number:literal $zh:literal $en:literal $([$($said:ident $(($($with:expr),*))?),* $(,)?])?;
        $($(#[$fdoc:meta])* $field:ident: $kind:ty, $fzh:literal $fen:literal $([$($fsaid:ident $(($($fwith:expr),*))?),* $(,)?])?;)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$fdoc])* pub $field: $kind),+ }
        /// As declared.
        pub(super) static DECLARED: $crate::schema::Kind = $crate::schema::Kind::new(
            $code,
            $number,
            $crate::schema::Label { zh: $zh, en: $en },
            &[$($crate::schema::Field::new(
                stringify!($field),
                <$kind as $crate::schema::FieldValue>::TYPE,
                <$kind as $crate::schema::FieldValue>::REQUIRED,
                $crate::schema::Label { zh: $fzh, en: $fen },
            ) $($(.$fsaid($($($fwith),*)?))*)?),+],
        ) $($(.$said($($($with),*)?))*)?;
        const _: () = assert!(DECLARED.is_accounted_for(), "each field of a kind of persons says its class, and why it is open where it is guarded");
        impl $crate::schema::Record for $name {
            const KIND: $crate::kinds::RecordKind = $crate::kinds::RecordKind::$name;
            fn to_fields(&self) -> $crate::schema::Fields {
                let mut fields = $crate::schema::Fields::new();
                $($crate::schema::FieldValue::put(&self.$field, stringify!($field), &mut fields);)+
                fields
            }
            fn from_fields(fields: &$crate::schema::Fields) -> Result<Self, $crate::schema::Malformed> {
                Ok(Self { $($field: $crate::schema::FieldValue::take(stringify!($field), fields)?),+ })
            }
        }
        impl std::fmt::Debug for $name {
            /// Sealed fields stay out of logs.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(match DECLARED.field(stringify!($field)).is_some_and($crate::schema::Field::is_sealed) {
                    true => shown.field(stringify!($field), &"…"),
                    false => shown.field(stringify!($field), &self.$field),
                };)+
                shown.finish()
            }
        }
    };
}
pub(crate) use record;
