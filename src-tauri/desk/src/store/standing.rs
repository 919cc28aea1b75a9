//! `standing_meal` and what `meal_order` says of orders that were made in one go.

use super::{StoreError, row};
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use shared::kinds::{Meal, OrderOrigin, OrderState, RecordKind, StandingMeal};
use shared::rule::standing::{Found, PlanGroup};
use shared::schema::{Record, RecordId};

fn id_of(row: &Row<'_>, column: &str) -> rusqlite::Result<RecordId> {
    Ok(RecordId(uuid::Uuid::from_bytes(row.get(column)?)))
}

/// A standing meal; none of one that is too broken to follow.
fn meal_of(row: &Row<'_>) -> rusqlite::Result<Option<(RecordId, StandingMeal)>> {
    let fields = row::of(RecordKind::StandingMeal, row)?;
    Ok(StandingMeal::from_fields(&fields).ok().map(|meal| (id_of(row, "id").unwrap_or(meal.elder), meal)))
}

/// The standing meals at a canteen that are not over by then, with their ids.
pub(crate) fn at(connection: &Connection, canteen: &str, today: Date) -> Result<Vec<(RecordId, StandingMeal)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM standing_meal WHERE canteen = ?1 AND (until IS NULL OR until >= ?2) ORDER BY elder, meal")?;
    let rows = statement.query_map(params![canteen, today.to_string()], meal_of)?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// Those of an elder, at every canteen.
pub(crate) fn of_elder(connection: &Connection, elder: RecordId) -> Result<Vec<(RecordId, StandingMeal)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM standing_meal WHERE elder = ?1 ORDER BY meal, canteen")?;
    let rows = statement.query_map([elder.bytes()], meal_of)?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

fn code<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|text| text.parse().ok()))
}

fn found_of(row: &Row<'_>) -> rusqlite::Result<Found> {
    let state = code(row, "state")?.unwrap_or(OrderState::Placed);
    Ok(Found { state, origin: code::<OrderOrigin>(row, "origin")?, in_batch: row.get::<_, Option<Vec<u8>>>("batch")?.is_some() })
}

/// Whatever orders an elder has at a meal.
pub(crate) fn found(connection: &Connection, elder: RecordId, date: Date, meal: Meal) -> Result<Vec<Found>, StoreError> {
    let sql = "SELECT state, origin, batch FROM meal_order WHERE elder = ?1 AND date = ?2 AND meal = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![elder.bytes(), date.to_string(), meal.code()], found_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An order that lies ahead, as far as a standing meal asks.
#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    pub(crate) id: RecordId,
    pub(crate) number: String,
    pub(crate) date: Date,
    pub(crate) mode: String,
    pub(crate) dish: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) found: Found,
}

/// The orders of an elder at a meal of the days from one to another.
pub(crate) fn ahead(connection: &Connection, elder: RecordId, meal: Meal, days: (Date, Date)) -> Result<Vec<Ahead>, StoreError> {
    let sql = "SELECT id, number, date, mode, dish, note, state, origin, batch FROM meal_order
        WHERE date BETWEEN ?1 AND ?2 AND elder = ?3 AND meal = ?4 AND state <> 'cancelled' ORDER BY date, number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![days.0.to_string(), days.1.to_string(), elder.bytes(), meal.code()], |row| {
        Ok(Ahead {
            id: id_of(row, "id")?,
            number: row.get::<_, Option<String>>("number")?.unwrap_or_default(),
            date: date_of(row)?,
            mode: row.get::<_, Option<String>>("mode")?.unwrap_or_default(),
            dish: row.get("dish")?,
            note: row.get("note")?,
            found: found_of(row)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn date_of(row: &Row<'_>) -> rusqlite::Result<Date> {
    let text: String = row.get("date")?;
    text.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

/// The orders of a batch of these days: which, of which day, where they stand.
pub(crate) fn of_batch(
    connection: &Connection,
    batch: RecordId,
    days: (Date, Date),
) -> Result<Vec<(RecordId, Date, OrderState)>, StoreError> {
    let sql = "SELECT id, date, state FROM meal_order WHERE date BETWEEN ?1 AND ?2 AND batch = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![days.0.to_string(), days.1.to_string(), batch.bytes()], |row| {
        Ok((id_of(row, "id")?, date_of(row)?, code(row, "state")?.unwrap_or(OrderState::Placed)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What somebody ate on a day at a canteen, to be copied.
#[derive(Clone, Debug)]
pub(crate) struct Eaten {
    pub(crate) elder: RecordId,
    pub(crate) meal: Meal,
    pub(crate) mode: String,
    pub(crate) dish: Option<String>,
    pub(crate) note: Option<String>,
}

/// The orders of a canteen that stand on a day.
pub(crate) fn eaten(connection: &Connection, canteen: &str, date: Date) -> Result<Vec<Eaten>, StoreError> {
    let sql = "SELECT elder, meal, mode, dish, note FROM meal_order
        WHERE date = ?1 AND canteen = ?2 AND elder IS NOT NULL AND state <> 'cancelled' ORDER BY meal, taken_at, number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([&date.to_string(), canteen], |row| {
        Ok(Eaten {
            elder: id_of(row, "elder")?,
            meal: code(row, "meal")?.unwrap_or(Meal::Lunch),
            mode: row.get::<_, Option<String>>("mode")?.unwrap_or_default(),
            dish: row.get("dish")?,
            note: row.get("note")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of a group who eat at a canteen, in the order of village and name.
pub(crate) fn eaters(connection: &Connection, canteen: &str, group: PlanGroup) -> Result<Vec<RecordId>, StoreError> {
    let which = match group {
        PlanGroup::Everybody => "1",
        PlanGroup::Delivery => "delivery_need",
        PlanGroup::LivingAlone => "living_alone",
    };
    let sql = format!("SELECT id FROM elder WHERE canteen = ?1 AND status = 'active' AND {which} ORDER BY division, name, id");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([canteen], |row| id_of(row, "id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
