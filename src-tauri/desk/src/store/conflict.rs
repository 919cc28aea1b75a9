//! `conflict`: fields in which different values stand until a person decides. Made from the log; the values stay there.

use super::StoreError;
use rusqlite::{Connection, params};
use shared::conflict::Question;
use shared::record::{RecordId, RecordKind};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What is sealed under keys that were destroyed nobody can decide any more.
static OPEN: LazyLock<String> = LazyLock::new(|| {
    let sealed = RecordKind::Elder.fields().iter().filter(|field| field.sealed).map(|field| format!("'{}'", field.name));
    format!(
        "FROM conflict WHERE NOT (kind = 'elder' AND field IN ({}) AND record IN (SELECT elder FROM erased_elder))",
        sealed.collect::<Vec<_>>().join(", ")
    )
});

/// Writes what is open in a record, in place of what stood there.
pub(crate) fn put(connection: &Connection, kind: RecordKind, record: RecordId, open: &[Question]) -> Result<(), StoreError> {
    remove(connection, kind, record)?;
    let mut insert = connection.prepare_cached("INSERT INTO conflict (record, kind, field, at) VALUES (?1, ?2, ?3, ?4)")?;
    for question in open {
        insert.execute(params![record.bytes(), kind.code(), question.field.name, question.at()])?;
    }
    Ok(())
}

/// Takes away what stands there of a record.
pub(crate) fn remove(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM conflict WHERE record = ?1 AND kind = ?2")?.execute(params![record.bytes(), kind.code()])?;
    Ok(())
}

/// Takes all away.
pub(crate) fn clear(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM conflict", [])?;
    Ok(())
}

/// Record, field and time of all.
pub(crate) type Row = (RecordKind, RecordId, String, i64);

/// All, to be held against the log.
pub(crate) fn all(connection: &Connection) -> Result<BTreeSet<Row>, StoreError> {
    rows(connection, "SELECT kind, record, field, at FROM conflict", params![]).map(|rows| rows.into_iter().collect())
}

/// A page of those that wait for a person, the latest first.
pub(crate) fn page(connection: &Connection, limit: u32, offset: u32) -> Result<Vec<Row>, StoreError> {
    let sql = format!("SELECT kind, record, field, at {} ORDER BY at DESC, record, kind, field LIMIT ?1 OFFSET ?2", *OPEN);
    rows(connection, &sql, params![limit, offset])
}

fn rows(connection: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(values, |row| {
        let kind = RecordKind::of_code(&row.get::<_, String>(0)?);
        Ok(kind.map(|kind| Ok::<_, rusqlite::Error>((kind, RecordId(uuid::Uuid::from_bytes(row.get(1)?)), row.get(2)?, row.get(3)?))))
    })?;
    let mut rows = Vec::new();
    for row in found {
        rows.extend(row?.transpose()?);
    }
    Ok(rows)
}

/// How many wait for a person.
pub(crate) fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached(&format!("SELECT count(*) {}", *OPEN))?.query_row([], |row| row.get(0))?)
}
