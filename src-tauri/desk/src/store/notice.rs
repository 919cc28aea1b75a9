//! What the table of 中心通告 is asked for.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension};

/// When the server was last put back from a backup, and up to when it knew everything, as moments; none where that was before `since`.
pub(crate) fn restored(connection: &Connection, since: &str) -> Result<Option<(String, Option<String>)>, StoreError> {
    let sql = "SELECT at, back_to FROM notice WHERE about = 'restored' AND at >= ?1 ORDER BY at DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([since], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
