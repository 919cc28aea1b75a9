//! `menu_item` and `menu_day`: what a canteen can cook, and what stands on its menus.

use super::{StoreError, row};
use jiff::civil::Date;
use rusqlite::{Connection, Params, params};
use shared::kinds::{MenuDay, MenuItem};
use shared::schema::{Record, RecordId};

/// Rows of a kind with their ids; none of one that is too broken to show.
fn read<R: Record>(connection: &Connection, sql: &str, asked: impl Params) -> Result<Vec<(RecordId, R)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(asked, |found| {
        let id = RecordId(uuid::Uuid::from_bytes(found.get("id")?));
        Ok(R::from_fields(&row::of(R::KIND, found)?).ok().map(|record| (id, record)))
    })?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// What a canteen can cook, or could.
pub(crate) fn items(connection: &Connection, canteen: &str) -> Result<Vec<(RecordId, MenuItem)>, StoreError> {
    read(connection, "SELECT * FROM menu_item WHERE canteen = ?1 ORDER BY name, id", [canteen])
}

/// What stands on the menus of a canteen from one day to another, or was taken off them.
pub(crate) fn of_days(connection: &Connection, canteen: &str, (from, to): (Date, Date)) -> Result<Vec<(RecordId, MenuDay)>, StoreError> {
    let sql = "SELECT * FROM menu_day WHERE canteen = ?1 AND date BETWEEN ?2 AND ?3 ORDER BY date, meal, id";
    read(connection, sql, params![canteen, from.to_string(), to.to_string()])
}
