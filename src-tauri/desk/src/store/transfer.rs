//! What the table of 转档申请 is asked for.

use super::StoreError;
use crate::store::row;
use rusqlite::Connection;
use shared::kinds::{RecordKind, Transfer};
use shared::schema::{Record, RecordId};

/// Requests without an answer.
pub(crate) fn open_count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM transfer WHERE answer IS NULL")?.query_row([], |row| row.get(0))?)
}

/// What is asked about an elder's file, the latest first.
pub(crate) fn of_elder(connection: &Connection, elder: RecordId) -> Result<Vec<Transfer>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM transfer WHERE elder = ?1 ORDER BY asked_at DESC")?;
    let asked = statement.query_map([elder.bytes()], |row| row::of(RecordKind::Transfer, row))?.collect::<Result<Vec<_>, _>>()?;
    Ok(asked.iter().filter_map(|fields| Transfer::from_fields(fields).ok()).collect())
}
