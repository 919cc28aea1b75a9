//! `import` and `import_elder`: what was imported, and how to take it back.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, OptionalExtension, params};
use shared::command::ImportEntry;
use shared::schema::{Fields, RecordId};

/// The numbers of an import.
#[derive(Clone, Copy, Default)]
pub(crate) struct ImportCounts {
    pub(crate) new: u64,
    pub(crate) update: u64,
    pub(crate) same: u64,
    pub(crate) error: u64,
}

/// What an import did to one elder; nothing where the list said what stood already.
pub(crate) struct ImportedElder {
    pub(crate) elder: RecordId,
    pub(crate) created: bool,
    pub(crate) before: Fields,
    pub(crate) after: Fields,
}

/// Notes an import, its rows not counted yet, and gives its number.
pub(crate) fn add(connection: &Connection, file_name: &str, file_hash: &[u8], at: DateTime) -> Result<i64, StoreError> {
    connection.execute(
        "INSERT INTO import (file_name, file_hash, at, new, updated, same, error) VALUES (?1, ?2, ?3, 0, 0, 0, 0)",
        params![file_name, file_hash, at.to_string()],
    )?;
    Ok(connection.last_insert_rowid())
}

/// Notes the numbers of an import.
pub(crate) fn set_counts(connection: &Connection, import: i64, counts: ImportCounts) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE import SET new = ?2, updated = ?3, same = ?4, error = ?5 WHERE id = ?1",
        params![import, counts.new, counts.update, counts.same, counts.error],
    )?;
    Ok(())
}

/// Notes what the import did to an elder, also in place of what was noted before.
pub(crate) fn add_elder(connection: &Connection, import: i64, entry: &ImportedElder) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("INSERT OR REPLACE INTO import_elder (import, elder, created, before, after) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let json = |fields: &Fields| serde_json::to_string(fields).unwrap_or_default();
    statement.execute(params![import, entry.elder.bytes(), entry.created, json(&entry.before), json(&entry.after)])?;
    Ok(())
}

/// The elders that an import touched.
pub(crate) fn touched(connection: &Connection, import: i64) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT elder FROM import_elder WHERE import = ?1")?;
    let rows = statement.query_map([import], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What an import did to an elder.
pub(crate) fn elder(connection: &Connection, import: i64, elder: RecordId) -> Result<Option<ImportedElder>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT created, before, after FROM import_elder WHERE import = ?1 AND elder = ?2")?;
    let found = statement.query_row(params![import, elder.bytes()], |row| {
        let fields = |text: String| serde_json::from_str(&text).unwrap_or_default();
        Ok(ImportedElder { elder, created: row.get(0)?, before: fields(row.get(1)?), after: fields(row.get(2)?) })
    });
    Ok(found.optional()?)
}

/// The import that names an elder and stands: the first behind `after`.
pub(crate) fn naming(connection: &Connection, elder: RecordId, after: i64) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT i.id FROM import i JOIN import_elder e ON e.import = i.id WHERE i.undone_at IS NULL AND i.id > ?1 AND e.elder = ?2
         ORDER BY i.id LIMIT 1",
    )?;
    Ok(statement.query_row(params![after, elder.bytes()], |row| row.get(0)).optional()?)
}

/// What an import did to an elder is taken back with a later one.
pub(crate) fn hand_on(connection: &Connection, did: ImportedElder, later: i64) -> Result<(), StoreError> {
    let Some(then) = elder(connection, later, did.elder)? else { return Ok(()) };
    let over = |first: Fields, then: Fields| {
        let mut both = first;
        both.extend(then);
        both
    };
    let both = ImportedElder {
        elder: did.elder,
        created: did.created || then.created,
        before: over(then.before, did.before),
        after: over(did.after, then.after),
    };
    add_elder(connection, later, &both)
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

/// Notes that an import was taken back; says no when it was before.
pub(crate) fn mark_undone(connection: &Connection, import: i64, at: DateTime) -> Result<bool, StoreError> {
    let noted =
        connection.execute("UPDATE import SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL", params![import, at.to_string()])?;
    Ok(noted == 1)
}
