//! What comes back of a list: rows of cells by the names of their columns, sums, and names for codes and ids; and a cell in words.

use super::{ListColumn, ListSpec, Source};
use crate::command::TimelineEntry;
use crate::form::Draft;
use crate::kinds::RecordKind;
use crate::rule::id_number::age_on;
use crate::schema::{Column, Field, FieldType, Fields, Language, Names, RecordId, Unnamed, Value, in_words, language, masked};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListPage {
    /// At most fifty.
    pub rows: Vec<ListRow>,
    /// All that fit; where pages go by key nobody counts them, and it is 0.
    pub total: u64,
    /// Where pages go by key and there is more: the key by which the next page is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
    /// What is added up over all that fit, by column.
    pub sums: Fields,
    /// What the codes of canteens and divisions and the ids of records are called, by `column/code`.
    pub names: Fields,
}

/// One record of a list, with what stands beside it and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListRecord {
    /// Its row.
    pub row: ListRow,
    /// As in a page.
    pub names: Fields,
    /// Its photos; none in a list without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos: Option<RecordPhotos>,
    /// It as it is typed into the list's form, for those who may write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
    /// What happened to it, oldest first.
    pub history: Vec<TimelineEntry>,
}

/// The photos of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordPhotos {
    /// Their hashes; each is at `/api/photo/{hash}` of the console.
    pub hashes: Vec<String>,
    /// So many of them are named and not yet here.
    pub pending: u32,
    /// When what names them came to the server first; desks do not know.
    pub received_at: Option<DateTime>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListRow {
    /// The record whose row it is.
    pub id: RecordId,
    /// By column; what is empty is left out.
    pub cells: Fields,
}

impl ListPage {
    /// What a code or id in a column is called.
    #[must_use]
    pub fn name<'a>(names: &'a Fields, column: &str, code: &str) -> Option<&'a str> {
        if let Some(Value::Text(name)) = names.get(&format!("{column}/{code}")) { Some(name) } else { None }
    }
}

impl ListRow {
    /// The text in a cell; empty where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.cells.get(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The number in a cell.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        if let Some(Value::Int(number)) = self.cells.get(name) { Some(*number) } else { None }
    }

    /// Whether a cell says yes.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.cells.get(name) == Some(&Value::Bool(true))
    }
}

impl ListColumn {
    /// Whether a list can be ordered by it.
    #[must_use]
    pub fn orders(&self) -> bool {
        !matches!(self.source, Source::Told(_) | Source::Unsent)
    }
}

/// What a store has in a column.
#[derive(Clone, Copy, Debug)]
pub enum StoredValue<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Sixteen bytes of an id.
    Bytes(&'a [u8]),
}

impl ListSpec {
    /// The kinds whose records have the id of a row: its own first.
    pub fn kinds_of_row(&self) -> impl Iterator<Item = RecordKind> {
        self.kind.into_iter().chain(self.joins.iter().filter(|join| join.by.is_none()).map(|join| join.kind))
    }

    /// What stands in a cell, from what a store has there; none where nothing does.
    #[must_use]
    pub fn cell(&self, column: &ListColumn, found: StoredValue<'_>, today: Date) -> Option<Value> {
        let kept = self.described_by(column).map(|field| field.ty.column());
        Some(match (column.source, kept, found) {
            (_, _, StoredValue::Null) => return None,
            (Source::When(_) | Source::Unsent, _, StoredValue::Int(yes)) | (_, Some(Column::YesNo), StoredValue::Int(yes)) => {
                Value::Bool(yes != 0)
            }
            (Source::Age(_), _, StoredValue::Text(born)) => Value::Int(age_on(born.parse().ok()?, today).into()),
            (_, Some(Column::Set), StoredValue::Text(members)) => Value::Int(i64::try_from(members.split_whitespace().count()).ok()?),
            (_, _, StoredValue::Int(number)) => Value::Int(number),
            (_, _, StoredValue::Text(text)) => Value::Text(text.into()),
            (_, _, StoredValue::Bytes(id)) => Value::Text(RecordId::from_bytes(id)?.to_string().into()),
        })
    }

    /// Puts what is sealed out of sight, as the columns say.
    pub fn mask(&self, row: &mut ListRow) {
        for column in self.columns.iter().filter(|column| column.masked) {
            let (Some(field), Some(value)) = (self.described_by(column), row.cells.get(column.name())) else { continue };
            let shown = masked(field, value, language(), &Unnamed);
            row.cells.insert(column.name(), Value::Text(shown.into()));
        }
    }

    /// A cell in words; empty where nothing is said.
    #[must_use]
    pub fn in_words(&self, column: &ListColumn, value: &Value, language: Language, names: &dyn Names) -> String {
        match value {
            Value::Null => String::new(),
            value => in_words(&Field::new("", self.ty(column), false, self.label(column)), value, language, names),
        }
    }

    /// Gives a name to the codes and ids of a row.
    pub fn name(&self, row: &ListRow, names: &dyn Names, into: &mut Fields) {
        for column in self.columns {
            let (ty, code) = (self.ty(column), row.text(column.name()));
            let named = matches!(ty, FieldType::Canteen | FieldType::Division | FieldType::Reference(_));
            if !named || code.is_empty() || ListPage::name(into, column.name(), code).is_some() {
                continue;
            }
            let name = match ty {
                FieldType::Canteen => names.canteen(code),
                FieldType::Reference(kind) => code.parse().ok().and_then(|id| names.record(kind, id)),
                _ => Some(crate::division::short_name(code).to_owned()),
            };
            if let Some(name) = name {
                into.insert(format!("{}/{code}", column.name()), Value::Text(name.into()));
            }
        }
    }
}
