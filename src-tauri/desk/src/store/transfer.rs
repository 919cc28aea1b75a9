//! What the table of 转档申请 is asked for.

use super::StoreError;
use rusqlite::Connection;

/// Requests without an answer.
pub(crate) fn open_count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM transfer WHERE answer IS NULL")?.query_row([], |row| row.get(0))?)
}
