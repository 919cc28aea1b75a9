//! What a field is: its type, its label, and who may do what with it. Documents, rows, checks, forms, lists, exports,
//! histories and conflicts follow from this; no name of a field stands here.

use super::{Author, Class, Fields, Label, Open, Purpose, Value, Words};
use crate::kinds::RecordKind;

/// What stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// One of some code words.
    Words(&'static Words),
    /// A day, `2026-11-22`.
    Day,
    /// A moment in civil time of China, `2026-11-22T11:58:00`.
    Moment,
    /// A time of day, `10:30`.
    TimeOfDay,
    /// Whole fen.
    Money,
    /// A whole number.
    Number,
    /// Yes or no.
    YesNo,
    /// A telephone number.
    Phone,
    /// An 18-digit identity number.
    IdNumber,
    /// The id of another record, whose kind [`Field::refers`] names.
    Id,
    /// The id of another record of that kind.
    Reference(RecordKind),
    /// The code of a canteen.
    Canteen,
    /// The code of a division.
    Division,
    /// Content hashes (SHA-256, hex) of photos; several offices may add at once.
    Photos,
    /// What only programs read.
    Data,
}

/// How a field is kept in a table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `TEXT`
    Text,
    /// `INTEGER`
    Integer,
    /// `INTEGER`, 1 for yes and 0 for no
    YesNo,
    /// `TEXT`, the members in order, parted by a space
    Set,
    /// The id of another record; a store may keep its sixteen bytes
    Id,
}

impl FieldType {
    /// The column in which it is kept.
    #[must_use]
    pub const fn column(self) -> Column {
        match self {
            Self::Money | Self::Number => Column::Integer,
            Self::YesNo => Column::YesNo,
            Self::Photos => Column::Set,
            Self::Id | Self::Reference(_) => Column::Id,
            _ => Column::Text,
        }
    }

    /// Whether rows are looked for by it: its column stands in indexes, which keep the head of a text only.
    #[must_use]
    pub const fn is_key(self) -> bool {
        matches!(self, Self::Canteen | Self::Division | Self::Day)
    }
}

/// Under whose key a field is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedUnder {
    /// The key of the record itself.
    Itself,
    /// The key of the record that this field of the same record names.
    Named(&'static str),
}

/// What becomes of a field of which two offices say different things without hearing of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// A person decides; until then the greatest operation is shown.
    Asked,
    /// The greatest operation counts: the field says nothing to people, or follows from another one.
    Greatest,
}

/// One field of a record as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in documents, columns and code.
    pub name: &'static str,
    /// The word on forms, in lists and in Excel.
    pub label: Label,
    /// What stands in it.
    pub ty: FieldType,
    /// Whether a record without it is malformed.
    pub required: bool,
    /// Whether it names or touches a person: it leaves a desk only sealed, is masked on screens and redacted in logs.
    pub sealed: Option<SealedUnder>,
    /// Who may write it, where not everybody may who writes the kind.
    pub author: Option<Author>,
    /// When it is said differently in two places.
    pub on_conflict: OnConflict,
    /// It has a meaning only while that other field holds that code word, and is decided with it.
    pub only_with: Option<(&'static str, &'static str)>,
    /// The code word that stands in every record as it is made, where two places may make one record apart: whoever said more by then is not
    /// contradicted by it.
    pub begins_with: Option<&'static str>,
    /// Whether the history of a record leaves it out: it says nothing to people, or the title says it already.
    pub silent: bool,
    /// Its column stands in indexes, which keep the head of a text only.
    pub key: bool,
    /// Width in Excel and in lists, in characters.
    pub width: u8,
    /// Words that offices write above its column, beside the label, parted by spaces; without blanks, brackets and marks.
    pub heard_as: &'static str,
    /// How close it comes to a person; `None` only in kinds that speak of nobody.
    pub class: Option<Class>,
    /// For what it is needed, where that is another purpose than its kind's.
    pub purpose: Option<Purpose>,
    /// Why it is open, where such a field would be sealed.
    pub open: Option<Open>,
}

impl Field {
    /// A field of that type, open, asked about, shown.
    #[must_use]
    pub const fn new(name: &'static str, ty: FieldType, required: bool, label: Label) -> Self {
        Self {
            name,
            label,
            ty,
            required,
            sealed: None,
            author: None,
            on_conflict: OnConflict::Asked,
            only_with: None,
            begins_with: None,
            silent: false,
            key: ty.is_key(),
            width: match ty {
                FieldType::YesNo | FieldType::Number | FieldType::Money | FieldType::TimeOfDay => 8,
                FieldType::Moment | FieldType::IdNumber => 20,
                FieldType::Photos => 16,
                _ => 12,
            },
            heard_as: "",
            class: None,
            purpose: None,
            open: None,
        }
    }

    /// Sealed under the key of the record itself.
    #[must_use]
    pub const fn sealed(self) -> Self {
        Self { sealed: Some(SealedUnder::Itself), ..self }
    }

    /// Sealed under the key of the record that another field names.
    #[must_use]
    pub const fn sealed_under(self, field: &'static str) -> Self {
        Self { sealed: Some(SealedUnder::Named(field)), ..self }
    }

    /// Another type than its Rust type has by itself.
    #[must_use]
    pub const fn is(self, ty: FieldType) -> Self {
        Self { ty, key: ty.is_key(), ..self }
    }

    /// The id of a record of that kind.
    #[must_use]
    pub const fn refers(self, kind: RecordKind) -> Self {
        self.is(FieldType::Reference(kind))
    }

    /// Only these, and who stands above them, may write it.
    #[must_use]
    pub const fn author(self, author: Author) -> Self {
        Self { author: Some(author), ..self }
    }

    /// Nobody is asked about it; the greatest operation counts.
    #[must_use]
    pub const fn derived(self) -> Self {
        Self { on_conflict: OnConflict::Greatest, ..self }
    }

    /// It has a meaning only while `field` holds `code`, and is decided with it.
    #[must_use]
    pub const fn only_with(self, field: &'static str, code: &'static str) -> Self {
        Self { only_with: Some((field, code)), ..self }
    }

    /// Every record begins with that code word.
    #[must_use]
    pub const fn begins_with(self, code: &'static str) -> Self {
        Self { begins_with: Some(code), ..self }
    }

    /// Histories leave it out.
    #[must_use]
    pub const fn silent(self) -> Self {
        Self { silent: true, ..self }
    }

    /// Rows are looked for by it.
    #[must_use]
    pub const fn key(self) -> Self {
        Self { key: true, ..self }
    }

    /// Width in Excel and in lists, in characters.
    #[must_use]
    pub const fn width(self, width: u8) -> Self {
        Self { width, ..self }
    }

    /// Words that offices write above its column, parted by spaces. No page reads offices' lists: there they would only take room.
    #[must_use]
    pub const fn heard_as(self, heard_as: &'static str) -> Self {
        Self { heard_as: if cfg!(target_arch = "wasm32") { "" } else { heard_as }, ..self }
    }

    /// Whether it leaves a desk only sealed.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Its value as one column of the row: a set becomes its members in order.
    #[must_use]
    pub fn column_value(&self, fields: &Fields) -> Value {
        if self.ty.column() != Column::Set {
            return fields.get(self.name).cloned().unwrap_or(Value::Null);
        }
        let members: Vec<&str> = fields.members(self.name).collect();
        Value::Text(members.join(" ").into())
    }

    /// Whether a value has the shape that the type asks for; `Null` has, a sealed one has where the field is sealed.
    #[must_use]
    pub fn fits(&self, value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Bytes(_) => self.is_sealed(),
            Value::Bool(_) => matches!(self.ty, FieldType::YesNo | FieldType::Photos),
            Value::Int(_) => self.ty.column() == Column::Integer,
            Value::Text(text) => self.fits_text(text),
        }
    }

    fn fits_text(&self, text: &str) -> bool {
        match self.ty {
            FieldType::Words(words) => words.label(text).is_some(),
            FieldType::Day => text.parse::<jiff::civil::Date>().is_ok(),
            FieldType::Moment => text.parse::<jiff::civil::DateTime>().is_ok(),
            FieldType::TimeOfDay => text.is_empty() || text.parse::<jiff::civil::Time>().is_ok(),
            FieldType::Phone => crate::rule::phone::PhoneNumber::parse(text).is_ok(),
            FieldType::IdNumber => crate::rule::id_number::IdNumber::parse(text).is_ok(),
            FieldType::Id | FieldType::Reference(_) => text.parse::<super::RecordId>().is_ok(),
            FieldType::Text | FieldType::Canteen | FieldType::Division | FieldType::Data => true,
            FieldType::Money | FieldType::Number | FieldType::YesNo | FieldType::Photos => false,
        }
    }
}
