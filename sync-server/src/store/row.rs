//! The rows of records: one table a kind, one column a declared field, written from merged fields
//! and read back as fields.

use super::engine::{Got, Put, Row, put};
use super::{StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::{Column, Field, Fields, RecordId, Value};

/// What a table keeps of a field, whatever the document says: a whole number or none in a column of
/// whole numbers, an id or none in one of references, text in one of text. Both engines would take less kindly to other things.
fn kept<'a>(field: &Field, value: &'a Value) -> Put<'a> {
    let column = field.ty.column();
    let whole = matches!(column, Column::Integer | Column::YesNo);
    match value {
        // What touches a person stays in the log, sealed; also where somebody sent it in plain.
        _ if field.is_sealed() => Put::Null,
        Value::Null | Value::Bytes(_) => Put::Null,
        Value::Text(text) if column == Column::Id => text.parse::<RecordId>().ok().into(),
        _ if column == Column::Id => Put::Null,
        Value::Int(value) if whole => (*value).into(),
        Value::Bool(value) if whole => i64::from(*value).into(),
        Value::Text(text) if whole => text.parse::<i64>().ok().into(),
        Value::Text(text) => Put::from(if field.key { key(text) } else { text }),
        Value::Int(value) => value.to_string().into(),
        Value::Bool(value) => u8::from(*value).to_string().into(),
    }
}

/// The declared fields of a kind with their columns, in the order of their names: that of a record's values.
fn by_name(kind: RecordKind) -> Vec<(usize, &'static Field)> {
    let mut fields: Vec<_> = kind.fields.iter().enumerate().collect();
    fields.sort_unstable_by_key(|(_, field)| field.name);
    fields
}

/// Puts a record's values into its row, walking both in the order of names.
fn put_row<'a>(row: &mut [Put<'a>], declared: &[(usize, &'static Field)], fields: &'a Fields) {
    let mut values = fields.iter().peekable();
    for (column, field) in declared {
        while values.next_if(|(name, _)| name.as_str() < field.name).is_some() {}
        let Some(place) = row.get_mut(*column) else { continue };
        if field.ty.column() == Column::Set && !field.is_sealed() {
            if let Value::Text(members) = field.column_value(fields) {
                *place = members.to_string().into();
            }
        } else if let Some((_, value)) = values.next_if(|(name, _)| name.as_str() == field.name) {
            *place = kept(field, value);
        }
    }
}

/// As much of a text as an index keeps; no code and no date is as long.
pub(super) fn key(text: &str) -> &str {
    text.char_indices().nth(64).map_or(text, |(end, _)| &text[..end])
}

/// `a."name", a."phone"`: the declared columns of a kind, in order.
pub(super) fn columns(kind: RecordKind, alias: &str) -> String {
    let names: Vec<String> = kind.fields.iter().map(|field| format!("{alias}.\"{}\"", field.name)).collect();
    names.join(", ")
}

/// Fields from the columns that start at `from`.
pub(super) fn fields_of(kind: RecordKind, row: &Row<'_>, from: usize) -> Result<Fields, StoreError> {
    let mut fields = Fields::new();
    for (at, field) in kind.fields.iter().enumerate() {
        match row.got(from + at)? {
            Got::Int(value) if field.ty.column() == Column::YesNo => {
                fields.insert(field.name, Value::Bool(value != 0));
            }
            Got::Int(value) => {
                fields.insert(field.name, Value::Int(value));
            }
            Got::Text(text) if field.ty.column() == Column::Set => {
                let members = text.split(' ').filter(|member| !member.is_empty());
                fields.extend(members.map(|member| (format!("{}/{member}", field.name).into(), Value::Bool(true))));
            }
            Got::Text(text) => {
                fields.insert(field.name, Value::Text(text.into()));
            }
            Got::Blob(bytes) => {
                fields.extend(RecordId::from_bytes(bytes).map(|id| (field.name.into(), Value::Text(id.to_string().into()))));
            }
            Got::Null => {}
        }
    }
    Ok(fields)
}

impl Tx<'_> {
    /// Writes the rows of records of one kind, each once.
    pub fn put_rows(&self, kind: RecordKind, rows: &[(&[u8; 16], &Fields)]) -> Result<(), StoreError> {
        let declared = kind.fields;
        let names: Vec<String> = declared.iter().map(|field| format!("\"{}\"", field.name)).collect();
        let sets: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let (by_name, mut values) = (by_name(kind), Vec::with_capacity(rows.len() * (declared.len() + 1)));
        for (record, fields) in rows {
            values.push(Put::Blob(*record));
            let row = values.len();
            values.extend(declared.iter().map(|_| Put::Null));
            put_row(&mut values[row..], &by_name, fields);
        }
        let head = format!("INSERT INTO {} (id, {}) VALUES", kind.code(), names.join(", "));
        self.insert(&head, declared.len() + 1, &format!(" ON CONFLICT (id) DO UPDATE SET {}", sets.join(", ")), &values)?;
        for row in values.chunks(declared.len() + 1) {
            self.note_standing(kind, row)?;
        }
        Ok(())
    }

    /// Whether the row of a record is what its fields make of it, value by value.
    pub fn row_stands(&self, kind: RecordKind, record: &[u8], fields: &Fields) -> Result<bool, StoreError> {
        let sql = format!("SELECT {} FROM {} t WHERE t.id = $1", columns(kind, "t"), kind.code());
        let mut due: Vec<Put<'_>> = kind.fields.iter().map(|_| Put::Null).collect();
        put_row(&mut due, &by_name(kind), fields);
        let stands = self.one(&sql, put![record], |row| {
            for (at, due) in due.iter().enumerate() {
                let same = match (due, row.got(at)?) {
                    (Put::Null, Got::Null) => true,
                    (Put::Int(due), Got::Int(there)) => *due == there,
                    (Put::Text(due), Got::Text(there)) => due == there,
                    (Put::Id(due), Got::Blob(there)) => due.bytes() == there,
                    _ => false,
                };
                if !same {
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        Ok(stands.unwrap_or(false))
    }

    /// The fields of a record's row.
    pub fn row(&self, kind: RecordKind, record: &[u8]) -> Result<Option<Fields>, StoreError> {
        let sql = format!("SELECT {} FROM {} t WHERE t.id = $1", columns(kind, "t"), kind.code());
        self.one(&sql, put![record], |row| fields_of(kind, row, 0))
    }
}
