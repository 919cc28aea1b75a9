//! Whether the file is whole, and what is needed to hold rows against the log.

use super::StoreError;
use rusqlite::Connection;
use rusqlite::types::Value;
use shared::record::{RecordId, RecordKind};

/// What SQLite finds damaged; nothing where all is well.
pub(crate) fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// The row of a record as it stands, column by column.
pub(crate) fn row(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<Vec<Value>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {} WHERE id = ?1", kind.code()))?;
    let columns = statement.column_count();
    let mut rows = statement.query([record.bytes()])?;
    match rows.next()? {
        Some(row) => Ok((0..columns).map(|at| row.get(at)).collect::<Result<_, _>>()?),
        None => Ok(Vec::new()),
    }
}
