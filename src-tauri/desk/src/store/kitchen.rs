//! What a kitchen is told: orders of a meal with what their boxes need, frozen counts, the published menu, samples.

use super::{StoreError, row};
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};
use shared::kinds::{CheckOf, FoodSample, KitchenCount, Meal, Mode};
use shared::rule::kitchen::Served;
use shared::schema::{Record, RecordId};

/// An order of a meal, as far as the kitchen asks.
#[derive(Clone, Debug)]
pub(crate) struct ToPrepare {
    pub(crate) order: RecordId,
    pub(crate) number: String,
    pub(crate) elder: RecordId,
    pub(crate) name: String,
    pub(crate) dish: String,
    pub(crate) mode: Mode,
    pub(crate) diet: String,
    pub(crate) note: String,
}

fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
}

fn id_of(row: &Row<'_>, column: &str) -> rusqlite::Result<RecordId> {
    Ok(RecordId(uuid::Uuid::from_bytes(row.get::<_, Option<[u8; 16]>>(column)?.unwrap_or_default())))
}

fn to_prepare_of(row: &Row<'_>) -> rusqlite::Result<ToPrepare> {
    Ok(ToPrepare {
        order: id_of(row, "id")?,
        number: text(row, "number")?,
        elder: id_of(row, "elder")?,
        name: text(row, "name")?,
        dish: text(row, "dish")?,
        mode: text(row, "mode")?.parse().unwrap_or(Mode::PickUp),
        diet: text(row, "diet")?,
        note: text(row, "note")?,
    })
}

const TO_PREPARE: &str = "SELECT o.id, o.number, o.elder, coalesce(e.name, o.elder_name) AS name, o.dish, o.mode, e.diet, o.note
    FROM meal_order o LEFT JOIN elder e ON e.id = o.elder WHERE o.date = ?1 AND o.canteen = ?2 AND o.meal = ?3 AND o.state <> 'cancelled'
    ORDER BY o.taken_at, o.number";

/// The orders of a canteen that stand for a meal.
pub(crate) fn to_prepare(connection: &Connection, canteen: &str, (date, meal): (Date, Meal)) -> Result<Vec<ToPrepare>, StoreError> {
    let mut statement = connection.prepare_cached(TO_PREPARE)?;
    let rows = statement.query_map(params![date.to_string(), canteen, meal.code()], to_prepare_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records of a table that are not too broken to be followed, with their ids.
fn records<R: Record>(connection: &Connection, sql: &str, given: impl rusqlite::Params) -> Result<Vec<(RecordId, R)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(given, |row| Ok((id_of(row, "id")?, row::of(R::KIND, row)?)))?;
    let read = |(id, fields): (RecordId, _)| R::from_fields(&fields).ok().map(|record| (id, record));
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(read).collect())
}

/// The frozen counts of a meal, the latest last.
pub(crate) fn counts(
    connection: &Connection,
    canteen: &str,
    (date, meal): (Date, Meal),
) -> Result<Vec<(RecordId, KitchenCount)>, StoreError> {
    let sql = "SELECT * FROM kitchen_count WHERE date = ?1 AND canteen = ?2 AND meal = ?3 ORDER BY made_at, number, id";
    records(connection, sql, params![date.to_string(), canteen, meal.code()])
}

/// The published menu of a meal.
pub(crate) fn menu(connection: &Connection, canteen: &str, (date, meal): (Date, Meal)) -> Result<Vec<Served>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT i.name, i.course, i.ingredients, i.allergens FROM menu_day d JOIN menu_item i ON i.id = d.item
            WHERE d.date = ?1 AND d.canteen = ?2 AND d.meal = ?3 AND d.published AND NOT coalesce(d.taken_off, 0) AND i.name IS NOT NULL ORDER BY i.course, i.name",
    )?;
    let rows = statement.query_map(params![date.to_string(), canteen, meal.code()], |row| {
        let holds = [text(row, "ingredients")?, text(row, "allergens")?].join(" ");
        Ok(Served { name: text(row, "name")?, holds: holds.trim().to_owned(), set: text(row, "course")? == "set" })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The samples of a canteen of a meal, and those of other meals that were not thrown away.
pub(crate) fn samples(
    connection: &Connection,
    canteen: &str,
    (date, meal): (Date, Meal),
) -> Result<Vec<(RecordId, FoodSample)>, StoreError> {
    let sql = "SELECT * FROM food_sample WHERE canteen = ?2 AND (date = ?1 AND meal = ?3 OR discarded_at IS NULL) ORDER BY taken_at, id";
    records(connection, sql, params![date.to_string(), canteen, meal.code()])
}

/// What a canteen looked at on a day: how often, and how often it was not in order.
pub(crate) fn checks(connection: &Connection, canteen: &str, date: Date) -> Result<Vec<(CheckOf, u32, u32)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT what, count(*), sum(result = 'unfit') FROM kitchen_check WHERE canteen = ?1 AND substr(done_at, 1, 10) = ?2 GROUP BY what",
    )?;
    let rows =
        statement.query_map(params![canteen, date.to_string()], |row| Ok((row.get::<_, Option<String>>(0)?, row.get(1)?, row.get(2)?)))?;
    let found = rows.collect::<Result<Vec<(Option<String>, u32, u32)>, _>>()?;
    let of = |what: &CheckOf| found.iter().find(|(code, ..)| code.as_deref() == Some(what.code()));
    Ok(CheckOf::ALL.iter().map(|what| of(what).map_or((*what, 0, 0), |(_, done, unfit)| (*what, *done, *unfit))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_looks_at_the_orders_of_its_day_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open_writer(folder.path(), &[7; 32]).unwrap();
        let mut statement = store.prepare(&format!("EXPLAIN QUERY PLAN {TO_PREPARE}")).unwrap();
        let steps = statement.query_map(params!["", "", ""], |row| row.get::<_, String>(3)).unwrap();
        let plan = steps.map(Result::unwrap).collect::<Vec<_>>().join("; ");
        assert!(plan.contains("SEARCH o USING INDEX meal_order_by_date_elder (date=?)"), "{plan}");
    }
}
