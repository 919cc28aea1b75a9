//! What the table of 关注事项 is asked for.

use super::StoreError;
use rusqlite::Connection;

/// Those that nobody has followed up yet.
pub(crate) fn open_count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM concern WHERE outcome IS NULL")?.query_row([], |row| row.get(0))?)
}
