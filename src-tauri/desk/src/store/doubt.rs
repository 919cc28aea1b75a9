//! What the table of 存疑订单 is asked for.

use super::StoreError;
use rusqlite::Connection;

/// Doubtful orders of which nobody has decided.
pub(crate) fn open_count(connection: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM doubt WHERE coalesce(reason, '') <> '' AND verdict IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}
