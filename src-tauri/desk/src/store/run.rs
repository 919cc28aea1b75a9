//! What is known of how meals are brought: stops, routes, orders on the way, hand-overs.

use super::{StoreError, row};
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};
use shared::division;
use shared::kinds::{HandOver, Meal, Mode, OrderState, Route};
use shared::rule::run::{Brought, Placed, Stops};
use shared::schema::{Record, RecordId};

fn id_of(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<RecordId>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(|bytes| RecordId(uuid::Uuid::from_bytes(bytes))))
}

fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
}

const STOPS: &str = "SELECT s.canteen, s.elder, s.place, e.division, r.id AS route FROM stop s LEFT JOIN elder e ON e.id = s.elder
    LEFT JOIN route r ON r.id = s.route AND NOT coalesce(r.disabled, 0) AND r.canteen = s.canteen ORDER BY s.id";

fn placed(row: &Row<'_>) -> rusqlite::Result<Option<Placed>> {
    let Some(elder) = id_of(row, "elder")? else { return Ok(None) };
    Ok(Some(Placed {
        canteen: text(row, "canteen")?,
        elder,
        village: text(row, "division")?,
        route: id_of(row, "route")?,
        place: row.get("place")?,
    }))
}

/// Where the stops lie that were put somewhere.
pub(crate) fn stops(connection: &Connection) -> Result<Stops, StoreError> {
    let mut statement = connection.prepare_cached(STOPS)?;
    let all = statement.query_map([], placed)?.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
    Ok(Stops::new(all))
}

/// Of a canteen, whoever has a stop in a village, with its record.
pub(crate) fn of_village(connection: &Connection, canteen: &str, village: &str) -> Result<Vec<RecordId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT s.id FROM stop s JOIN elder e ON e.id = s.elder WHERE s.canteen = ?1 AND e.division = ?2")?;
    let rows = statement.query_map(params![canteen, village], |row| id_of(row, "id"))?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The routes that are driven, by canteen and name, each with its courier's name.
pub(crate) fn routes(connection: &Connection) -> Result<Vec<(RecordId, Route, String)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.*, s.name AS courier_name FROM route r LEFT JOIN staff s ON s.id = r.courier AND NOT coalesce(s.disabled, 0)
            WHERE NOT coalesce(r.disabled, 0) ORDER BY r.canteen, r.name, r.id",
    )?;
    let rows = statement.query_map([], |row| Ok((id_of(row, "id")?, row::of(Route::KIND, row)?, text(row, "courier_name")?)))?;
    let read = |(id, fields, courier): (Option<RecordId>, _, String)| Some((id?, Route::from_fields(&fields).ok()?, courier));
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(read).collect())
}

const BROUGHT: &str = "SELECT o.id, o.canteen, o.elder, o.meal, o.taken_at, o.number, o.mode, o.state, e.division, e.address
    FROM meal_order o LEFT JOIN elder e ON e.id = o.elder";

fn brought(row: &Row<'_>) -> rusqlite::Result<Option<Brought>> {
    let (Some(order), Some(elder)) = (id_of(row, "id")?, id_of(row, "elder")?) else { return Ok(None) };
    let village = text(row, "division")?;
    Ok(Some(Brought {
        order,
        canteen: text(row, "canteen")?,
        elder,
        address: format!("{} {}", division::short_name(&village), text(row, "address")?).trim().to_owned(),
        village,
        meal: text(row, "meal")?.parse().unwrap_or(Meal::Lunch),
        taken_at: text(row, "taken_at")?.parse().unwrap_or_default(),
        number: text(row, "number")?,
    }))
}

/// The orders of a day that somebody brings.
pub(crate) fn on_day(connection: &Connection, date: Date) -> Result<Vec<Brought>, StoreError> {
    let sql = format!("{BROUGHT} WHERE o.date = ?1 AND coalesce(o.mode, '') <> ?2 AND coalesce(o.state, '') <> ?3");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![date.to_string(), Mode::PickUp.code(), OrderState::Cancelled.code()], brought)?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The orders of a meal that a canteen brings itself, with their states.
pub(crate) fn of_meal(
    connection: &Connection,
    canteen: &str,
    (date, meal): (Date, Meal),
) -> Result<Vec<(Brought, OrderState)>, StoreError> {
    let sql = format!("{BROUGHT} WHERE o.date = ?1 AND o.canteen = ?2 AND o.meal = ?3 AND o.mode = ?4 AND coalesce(o.state, '') <> ?5");
    let mut statement = connection.prepare_cached(&sql)?;
    let given = params![date.to_string(), canteen, meal.code(), Mode::OwnDelivery.code(), OrderState::Cancelled.code()];
    let rows = statement.query_map(given, |row| Ok((brought(row)?, text(row, "state")?.parse().unwrap_or(OrderState::Placed))))?;
    let there = |(brought, state): (Option<Brought>, _)| Some((brought?, state));
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(there).collect())
}

/// What was handed over on a day, in turn.
pub(crate) fn hand_overs(connection: &Connection, date: Date) -> Result<Vec<(RecordId, HandOver)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM hand_over WHERE date = ?1 ORDER BY made_at, id")?;
    let rows = statement.query_map([date.to_string()], |row| Ok((id_of(row, "id")?, row::of(HandOver::KIND, row)?)))?;
    let read = |(id, fields): (Option<RecordId>, _)| Some((id?, HandOver::from_fields(&fields).ok()?));
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_looked_for_by_its_orders_and_hand_overs_alone() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open_writer(folder.path(), &[7; 32]).unwrap();
        let steps = |sql: &str, given: usize| {
            let mut statement = store.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let given = rusqlite::params_from_iter(vec![""; given]);
            statement.query_map(given, |row| row.get::<_, String>(3)).unwrap().map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        let day = steps(&format!("{BROUGHT} WHERE o.date = ?1"), 1);
        assert!(day.contains("SEARCH o USING INDEX meal_order_by_date_elder (date=?)"), "{day}");
        let handed = steps("SELECT * FROM hand_over WHERE date = ?1", 1);
        assert!(handed.contains("SEARCH hand_over USING INDEX"), "{handed}");
        stops(&store).unwrap();
        assert!(routes(&store).unwrap().is_empty() && of_village(&store, "C1", "445381001008").unwrap().is_empty());
        let today = jiff::civil::date(2026, 11, 22);
        assert!(on_day(&store, today).unwrap().is_empty() && of_meal(&store, "C1", (today, Meal::Lunch)).unwrap().is_empty());
        assert!(hand_overs(&store, today).unwrap().is_empty());
    }
}
