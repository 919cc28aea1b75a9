//! `import` and `import_elder`: what was imported, and how to take it back.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, OptionalExtension, params};
use shared::command::ImportEntry;
use shared::record::{Fields, RecordId};

/// The numbers of an import.
#[derive(Clone, Copy, Default)]
pub(crate) struct ImportCounts {
    pub(crate) new: u64,
    pub(crate) update: u64,
    pub(crate) same: u64,
    pub(crate) error: u64,
}

/// What an import did to one elder.
pub(crate) struct ImportedElder {
    pub(crate) elder: RecordId,
    pub(crate) created: bool,
    pub(crate) before: Fields,
    pub(crate) after: Fields,
}

/// Notes an import and gives its number.
pub(crate) fn add(
    connection: &Connection,
    file_name: &str,
    file_hash: &[u8],
    at: DateTime,
    counts: ImportCounts,
) -> Result<i64, StoreError> {
    connection.execute(
        "INSERT INTO import (file_name, file_hash, at, new, updated, same, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![file_name, file_hash, at.to_string(), counts.new, counts.update, counts.same, counts.error],
    )?;
    Ok(connection.last_insert_rowid())
}

/// Notes what the import did to an elder.
pub(crate) fn add_elder(connection: &Connection, import: i64, entry: &ImportedElder) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("INSERT INTO import_elder (import, elder, created, before, after) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let json = |fields: &Fields| serde_json::to_string(fields).unwrap_or_default();
    statement.execute(params![import, entry.elder.bytes(), entry.created, json(&entry.before), json(&entry.after)])?;
    Ok(())
}

/// What an import did, elder by elder.
pub(crate) fn elders(connection: &Connection, import: i64) -> Result<Vec<ImportedElder>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT elder, created, before, after FROM import_elder WHERE import = ?1")?;
    let rows = statement.query_map([import], |row| {
        let fields = |text: String| serde_json::from_str(&text).unwrap_or_default();
        Ok(ImportedElder {
            elder: RecordId(uuid::Uuid::from_bytes(row.get(0)?)),
            created: row.get(1)?,
            before: fields(row.get(2)?),
            after: fields(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When a file of this content was imported last, and not taken back.
pub(crate) fn same_file(connection: &Connection, file_hash: &[u8]) -> Result<Option<DateTime>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT at FROM import WHERE file_hash = ?1 AND undone_at IS NULL ORDER BY id DESC LIMIT 1")?;
    let at: Option<String> = statement.query_row([file_hash], |row| row.get(0)).optional()?;
    Ok(at.and_then(|at| at.parse().ok()))
}

/// All imports, the latest first; or one.
pub(crate) fn list(connection: &Connection, only: Option<i64>) -> Result<Vec<ImportEntry>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, file_name, at, new, updated, same, error, undone_at FROM import WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC LIMIT 100",
    )?;
    let rows = statement.query_map([only], |row| {
        Ok(ImportEntry {
            import: row.get(0)?,
            file_name: row.get(1)?,
            at: row.get::<_, String>(2)?.parse().unwrap_or_default(),
            new: row.get(3)?,
            update: row.get(4)?,
            same: row.get(5)?,
            error: row.get(6)?,
            undone_at: row.get::<_, Option<String>>(7)?.and_then(|at| at.parse().ok()),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that an import was taken back.
pub(crate) fn mark_undone(connection: &Connection, import: i64, at: DateTime) -> Result<(), StoreError> {
    connection.execute("UPDATE import SET undone_at = ?2 WHERE id = ?1", params![import, at.to_string()])?;
    Ok(())
}
