//! The record tables, written from declarations: one statement a kind, made once.

use super::StoreError;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use shared::record::{Fields, RecordId, RecordKind, Value, column_value};
use std::collections::HashMap;
use std::sync::LazyLock;

static UPSERTS: LazyLock<HashMap<RecordKind, String>> =
    LazyLock::new(|| RecordKind::ALL.iter().filter(|kind| kind.has_row()).map(|kind| (*kind, upsert(*kind))).collect());

fn upsert(kind: RecordKind) -> String {
    let names: Vec<String> = kind.fields().iter().map(|field| format!("\"{}\"", field.name)).collect();
    let places: Vec<String> = (2..names.len() + 2).map(|place| format!("?{place}")).collect();
    let updates: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "INSERT INTO {} (id, {}) VALUES (?1, {}) ON CONFLICT (id) DO UPDATE SET {}",
        kind.code(),
        names.join(", "),
        places.join(", "),
        updates.join(", ")
    )
}

struct Bound(Value);

impl ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(value) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*value))),
            Value::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            // Sealed, and its key is not here.
            Value::Bytes(_) => ToSqlOutput::Borrowed(ValueRef::Null),
        })
    }
}

/// Writes the row of a record as its fields stand.
pub(crate) fn write(connection: &Connection, kind: RecordKind, id: RecordId, fields: &Fields) -> Result<(), StoreError> {
    let Some(sql) = UPSERTS.get(&kind) else { return Ok(()) };
    let mut statement = connection.prepare_cached(sql)?;
    statement.raw_bind_parameter(1, id.bytes())?;
    for (at, field) in kind.fields().iter().enumerate() {
        statement.raw_bind_parameter(at + 2, Bound(column_value(field, fields)))?;
    }
    statement.raw_execute()?;
    Ok(())
}
