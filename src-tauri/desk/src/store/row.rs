//! The record tables, written from declarations: one statement a kind, made once.

use super::{StoreError, change};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql};
use shared::kinds::RecordKind;
use shared::schema::{Column, Field, Fields, Layout, RecordId, Value};
use std::collections::HashMap;
use std::sync::LazyLock;

static UPSERTS: LazyLock<HashMap<RecordKind, String>> =
    LazyLock::new(|| RecordKind::ALL.iter().filter(|kind| kind.has_row()).map(|kind| (*kind, upsert(*kind))).collect());

/// The column by which a row is found, and what stands in it for the record ?1. Rows that lie as they came are under the place of
/// their first change: the log's own index finds them.
pub(super) fn key(kind: RecordKind) -> (&'static str, String) {
    match kind.layout {
        Layout::AsTheyCame => ("seq", change::first_seq(kind, "?1")),
        Layout::ById => ("id", "?1".to_owned()),
    }
}

/// ?1 is the record, ?2 the position of its first change where that is known.
fn upsert(kind: RecordKind) -> String {
    let names: Vec<String> = kind.fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
    let values: Vec<String> = (3..names.len() + 3).map(|place| format!("?{place}")).collect();
    let updates: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let (key, value) = key(kind);
    let (columns, keys) = if key == "id" { ("id", value) } else { ("id, seq", format!("?1, coalesce(?2, {value})")) };
    format!(
        "INSERT INTO {} ({columns}, {}) VALUES ({keys}, {}) ON CONFLICT ({key}) DO UPDATE SET {}",
        kind.code(),
        names.join(", "),
        values.join(", "),
        updates.join(", ")
    )
}

enum Bound<'a> {
    Value(&'a Value),
    Members(Value),
    Id(RecordId),
}

impl<'a> Bound<'a> {
    fn of(field: &Field, fields: &'a Fields) -> Self {
        match (field.ty.column(), fields.get(field.name)) {
            (Column::Set, _) => Self::Members(field.column_value(fields)),
            (Column::Id, Some(Value::Text(text))) => text.parse().map_or(Self::Value(&Value::Null), Self::Id),
            (_, value) => Self::Value(value.unwrap_or(&Value::Null)),
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Value(value) => value,
            Self::Members(value) => value,
            Self::Id(id) => return Ok(ToSqlOutput::Borrowed(ValueRef::Blob(id.bytes()))),
        };
        Ok(ToSqlOutput::Borrowed(match value {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Integer(i64::from(*value)),
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            // Sealed, and its key is not here.
            Value::Bytes(_) => ValueRef::Null,
        }))
    }
}

/// Writes the row of a record as its fields stand. `first` is the position of its first change, looked for where it is not given.
pub(crate) fn write(
    connection: &Connection,
    kind: RecordKind,
    id: RecordId,
    first: Option<i64>,
    fields: &Fields,
) -> Result<(), StoreError> {
    let Some(sql) = UPSERTS.get(&kind) else { return Ok(()) };
    let mut statement = connection.prepare_cached(sql)?;
    statement.raw_bind_parameter(1, id.bytes())?;
    statement.raw_bind_parameter(2, first)?;
    for (at, field) in kind.fields.iter().enumerate() {
        statement.raw_bind_parameter(at + 3, Bound::of(field, fields))?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// The fields of a record as its row has them; `None` where there is no row.
pub(crate) fn read(connection: &Connection, kind: RecordKind, id: RecordId) -> Result<Option<Fields>, StoreError> {
    let (column, value) = key(kind);
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {} WHERE {column} = {value}", kind.code()))?;
    Ok(statement.query_row([id.bytes()], |row| of(kind, row)).optional()?)
}

/// The fields of a row of that kind, by the names of its columns.
pub(crate) fn of(kind: RecordKind, row: &Row<'_>) -> rusqlite::Result<Fields> {
    let mut fields = Fields::new();
    for field in kind.fields {
        let value = match (field.ty.column(), row.get_ref(field.name)?) {
            (Column::YesNo, ValueRef::Integer(value)) => Value::Bool(value != 0),
            (Column::Integer, ValueRef::Integer(value)) => Value::Int(value),
            (Column::Id, ValueRef::Blob(bytes)) => match RecordId::from_bytes(bytes) {
                Some(id) => Value::Text(id.to_string().into()),
                None => continue,
            },
            (Column::Set, ValueRef::Text(_)) => {
                let members = row.get_ref(field.name)?.as_str()?.split_whitespace();
                fields.extend(members.map(|member| (format!("{}/{member}", field.name).into(), Value::Bool(true))));
                continue;
            }
            (Column::Text, text @ ValueRef::Text(_)) => Value::Text(text.as_str()?.into()),
            _ => continue,
        };
        fields.insert(field.name, value);
    }
    Ok(fields)
}

/// The records of that kind in whose rows a field holds that id.
pub(crate) fn referring(connection: &Connection, kind: RecordKind, field: &str, to: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT id FROM {} WHERE \"{field}\" = ?1", kind.code()))?;
    let rows = statement.query_map([to.bytes()], |row| row.get(0).map(|id| RecordId(uuid::Uuid::from_bytes(id))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All rows of a kind of which there are few.
pub(crate) fn all(connection: &Connection, kind: RecordKind) -> Result<Vec<(RecordId, Fields)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {}", kind.code()))?;
    let rows = statement.query_map([], |row| Ok((RecordId(uuid::Uuid::from_bytes(row.get("id")?)), of(kind, row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether another record says the same in all of these fields; none of them is nothing to compare.
pub(crate) fn others_say(
    connection: &Connection,
    kind: RecordKind,
    names: &[&str],
    fields: &Fields,
    except: Option<RecordId>,
) -> Result<bool, StoreError> {
    let compared: Vec<&Field> = names.iter().filter_map(|name| kind.field(name)).collect();
    if compared.is_empty() {
        return Ok(false);
    }
    let same: Vec<String> = compared.iter().zip(2..).map(|(field, place)| format!("\"{}\" IS ?{place}", field.name)).collect();
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE id IS NOT ?1 AND {})", kind.code(), same.join(" AND "));
    let mut statement = connection.prepare_cached(&sql)?;
    statement.raw_bind_parameter(1, except.as_ref().map(RecordId::bytes))?;
    for (field, place) in compared.iter().zip(2..) {
        statement.raw_bind_parameter(place, Bound::of(field, fields))?;
    }
    let mut rows = statement.raw_query();
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or(false))
}

/// Takes the row of a record away, before its changes leave the log.
pub(crate) fn remove(connection: &Connection, kind: RecordKind, id: RecordId) -> Result<(), StoreError> {
    let (column, value) = key(kind);
    connection.prepare_cached(&format!("DELETE FROM {} WHERE {column} = {value}", kind.code()))?.execute([id.bytes()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::schema::arbitrary::Seeded;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
        #[test]
        fn every_kind_is_read_from_its_row_as_it_was_written(seed: u64) {
            let folder = tempfile::tempdir().unwrap();
            let store = crate::store::open_writer(folder.path(), &[7; 32]).unwrap();
            let mut seeded = Seeded(seed);
            for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.leaves_the_server()) {
                let record = RecordId(uuid::Uuid::from_bytes([kind.number; 16]));
                // Twice: a row is written over.
                let place = change::append(&store, kind, record, b"a change", false).unwrap();
                for place in [Some(place), None] {
                    let fields = seeded.record(kind, "C001", "445381001");
                    write(&store, kind, record, place, &fields).unwrap();
                    prop_assert_eq!(read(&store, kind, record).unwrap(), Some(fields), "{:?} of seed {}", kind, seed);
                }
                remove(&store, kind, record).unwrap();
                prop_assert_eq!(read(&store, kind, record).unwrap(), None);
            }
        }
    }
}
