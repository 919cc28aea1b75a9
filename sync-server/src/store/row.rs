//! The rows of records: one table a kind, one column a declared field, written from merged fields
//! and read back as fields.

use super::engine::{Got, Put, Row, put};
use super::{StoreError, Tx};
use shared::record::{Column, Field, Fields, RecordKind, Value, column_value};

/// What a table keeps of a field, whatever the document says: a whole number or none in a column of
/// whole numbers, text in one of text. Both engines would take less kindly to other things.
fn kept(field: &Field, fields: &Fields) -> Put<'static> {
    // What touches a person stays in the log, sealed; also where somebody sent it in plain.
    if field.sealed {
        return Put::Null;
    }
    let value = column_value(field, fields);
    if field.column == Column::Integer {
        return match value {
            Value::Int(value) => value.into(),
            Value::Bool(value) => i64::from(value).into(),
            Value::Text(text) => text.parse::<i64>().ok().into(),
            Value::Null | Value::Bytes(_) => Put::Null,
        };
    }
    let text = match value {
        Value::Null | Value::Bytes(_) => return Put::Null,
        Value::Text(text) => text,
        Value::Int(value) => value.to_string(),
        Value::Bool(value) => u8::from(value).to_string(),
    };
    Put::from(if KEYS.contains(&field.name) { key(&text).to_owned() } else { text })
}

/// Columns that stand in indexes.
const KEYS: [&str; 4] = ["canteen", "code", "date", "division"];

/// As much of a text as an index keeps; no code and no date is as long.
pub(super) fn key(text: &str) -> &str {
    text.char_indices().nth(64).map_or(text, |(end, _)| &text[..end])
}

/// `a."name", a."phone"`: the declared columns of a kind, in order.
pub(super) fn columns(kind: RecordKind, alias: &str) -> String {
    let names: Vec<String> = kind.fields().iter().map(|field| format!("{alias}.\"{}\"", field.name)).collect();
    names.join(", ")
}

/// Fields from the columns that start at `from`; yes and no stay whole numbers.
pub(super) fn fields_of(kind: RecordKind, row: &Row<'_>, from: usize) -> Result<Fields, StoreError> {
    let mut fields = Fields::new();
    for (at, field) in kind.fields().iter().enumerate() {
        match row.got(from + at)? {
            Got::Int(value) => {
                fields.insert(field.name.to_owned(), Value::Int(value));
            }
            Got::Text(text) if field.column == Column::Set => {
                let members = text.split(' ').filter(|member| !member.is_empty());
                fields.extend(members.map(|member| (format!("{}/{member}", field.name), Value::Bool(true))));
            }
            Got::Text(text) => {
                fields.insert(field.name.to_owned(), Value::Text(text.to_owned()));
            }
            Got::Null | Got::Blob(_) => {}
        }
    }
    Ok(fields)
}

impl Tx<'_> {
    /// Writes the row of a record.
    pub fn put_row(&self, kind: RecordKind, record: &[u8], fields: &Fields) -> Result<(), StoreError> {
        let declared = kind.fields();
        let names: Vec<String> = declared.iter().map(|field| format!("\"{}\"", field.name)).collect();
        let places: Vec<String> = (2..declared.len() + 2).map(|at| format!("${at}")).collect();
        let sets: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let sql = format!(
            "INSERT INTO {} (id, {}) VALUES ($1, {}) ON CONFLICT (id) DO UPDATE SET {}",
            kind.code(),
            names.join(", "),
            places.join(", "),
            sets.join(", ")
        );
        let mut values = vec![Put::from(record)];
        values.extend(declared.iter().map(|field| kept(field, fields)));
        self.execute(&sql, &values)?;
        Ok(())
    }

    /// The fields of a record's row; yes and no read as whole numbers.
    pub fn row(&self, kind: RecordKind, record: &[u8]) -> Result<Option<Fields>, StoreError> {
        let sql = format!("SELECT {} FROM {} t WHERE t.id = $1", columns(kind, "t"), kind.code());
        self.one(&sql, put![record], |row| fields_of(kind, row, 0))
    }

    /// Whether there is a row of the record.
    pub fn has_row(&self, kind: RecordKind, record: &[u8]) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM {} t WHERE t.id = $1", kind.code());
        self.exists(&sql, put![record])
    }
}
