//! The rows of records: one table a kind, one column a declared field, written from merged fields
//! and read back as fields.

use super::{StoreError, Tx};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql, params, params_from_iter};
use shared::record::{Column, Fields, RecordKind, Value, column_value};

struct Cell(Value);

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Null => ToSqlOutput::from(rusqlite::types::Null),
            Value::Bool(value) => ToSqlOutput::from(i64::from(*value)),
            Value::Int(value) => ToSqlOutput::from(*value),
            Value::Text(value) => ToSqlOutput::from(value.as_str()),
        })
    }
}

/// `a."name", a."phone"`: the declared columns of a kind, in order.
pub(super) fn columns(kind: RecordKind, alias: &str) -> String {
    let names: Vec<String> = kind.fields().iter().map(|field| format!("{alias}.\"{}\"", field.name)).collect();
    names.join(", ")
}

/// Fields from the columns that start at `from`; yes and no stay whole numbers.
pub(super) fn fields_of(kind: RecordKind, row: &Row<'_>, from: usize) -> rusqlite::Result<Fields> {
    let mut fields = Fields::new();
    for (at, field) in kind.fields().iter().enumerate() {
        match row.get_ref(from + at)? {
            ValueRef::Integer(value) => {
                fields.insert(field.name.to_owned(), Value::Int(value));
            }
            ValueRef::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                if field.column == Column::Set {
                    let members = text.split(' ').filter(|member| !member.is_empty());
                    fields.extend(members.map(|member| (format!("{}/{member}", field.name), Value::Bool(true))));
                } else {
                    fields.insert(field.name.to_owned(), Value::Text(text.into_owned()));
                }
            }
            _ => {}
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
        let mut cells: Vec<Box<dyn ToSql>> = vec![Box::new(record.to_vec())];
        for field in declared {
            cells.push(Box::new(Cell(column_value(field, fields))));
        }
        self.0.prepare_cached(&sql)?.execute(params_from_iter(cells))?;
        Ok(())
    }

    /// The fields of a record's row; yes and no read as whole numbers.
    pub fn row(&self, kind: RecordKind, record: &[u8]) -> Result<Option<Fields>, StoreError> {
        let sql = format!("SELECT {} FROM {} t WHERE t.id = $1", columns(kind, "t"), kind.code());
        let mut select = self.0.prepare_cached(&sql)?;
        let mut rows = select.query(params![record])?;
        Ok(rows.next()?.map(|row| fields_of(kind, row, 0)).transpose()?)
    }

    /// Whether there is a row of the record.
    pub fn has_row(&self, kind: RecordKind, record: &[u8]) -> Result<bool, StoreError> {
        let sql = format!("SELECT 1 FROM {} t WHERE t.id = $1", kind.code());
        Ok(self.0.prepare_cached(&sql)?.exists(params![record])?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn migrations_and_declarations_agree() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        for kind in RecordKind::ALL {
            let columns: Vec<(String, String)> = store
                .read(|tx| {
                    let mut info = tx.0.prepare(&format!("PRAGMA table_info({})", kind.code()))?;
                    let rows = info.query_map([], |row| Ok((row.get(1)?, row.get(2)?)))?;
                    Ok::<_, StoreError>(rows.collect::<Result<_, _>>()?)
                })
                .unwrap();
            let mut declared = vec![("id".to_owned(), "BLOB".to_owned())];
            declared.extend(kind.fields().iter().map(|field| {
                let column = if field.column == Column::Integer { "INTEGER" } else { "TEXT" };
                (field.name.to_owned(), column.to_owned())
            }));
            assert_eq!(columns, declared, "{}", kind.code());
        }
    }
}
