//! `canteen` and `menu_price`, as the centre sends them.

use super::StoreError;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row};
use shared::command::Dish;
use shared::division;
use shared::kinds::{Canteen, Meal};
use shared::money::Fen;
use shared::schema::RecordId;
use shared::wire::Enrolled;
use std::collections::HashMap;

fn canteen_of(row: &Row<'_>) -> rusqlite::Result<Canteen> {
    Ok(Canteen {
        code: row.get("code")?,
        name: row.get::<_, Option<String>>("name")?.unwrap_or_default(),
        division: row.get::<_, Option<String>>("division")?.unwrap_or_default(),
        operator: None,
        cut_off_breakfast: row.get::<_, Option<String>>("cut_off_breakfast")?.unwrap_or_default(),
        cut_off_lunch: row.get::<_, Option<String>>("cut_off_lunch")?.unwrap_or_default(),
        cut_off_dinner: row.get::<_, Option<String>>("cut_off_dinner")?.unwrap_or_default(),
        receipt_free_hours: row.get::<_, Option<i64>>("receipt_free_hours")?.unwrap_or_default(),
    })
}

/// The canteen of that code.
pub(crate) fn canteen(connection: &Connection, code: &str) -> Result<Option<Canteen>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM canteen WHERE code = ?1")?;
    Ok(statement.query_row([code], canteen_of).optional()?)
}

/// The canteen of that code, or the plainest of that name: before the first sync it is not here yet, and a counter works all the same.
pub(crate) fn serving(connection: &Connection, code: &str) -> Result<Canteen, StoreError> {
    Ok(canteen(connection, code)?.unwrap_or_else(|| Canteen {
        code: code.to_owned(),
        name: code.to_owned(),
        division: String::new(),
        operator: None,
        cut_off_breakfast: String::new(),
        cut_off_lunch: String::new(),
        cut_off_dinner: String::new(),
        receipt_free_hours: 24,
    }))
}

/// The canteen that a desk means: at a canteen its own, whatever is named or nothing; at an office one of its division. None where it means none of these.
pub(crate) fn within_reach(connection: &Connection, enrolled: &Enrolled, asked: &str) -> Result<Option<Canteen>, StoreError> {
    match &enrolled.canteen {
        Some(own) if asked.is_empty() || asked == own => serving(connection, own).map(Some),
        Some(_) => Ok(None),
        None => Ok(canteen(connection, asked)?.filter(|canteen| division::within(&canteen.division, &enrolled.division))),
    }
}

/// The canteens in a division, in the order of their codes.
pub(crate) fn canteens_in(connection: &Connection, division: &str) -> Result<Vec<Canteen>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM canteen WHERE substr(division, 1, length(?1)) = ?1 ORDER BY code")?;
    let rows = statement.query_map([division], canteen_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The names of devices, by number.
pub(crate) fn devices(connection: &Connection) -> Result<HashMap<u32, String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT number, name FROM device WHERE number IS NOT NULL AND name IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The division of a device, as the centre says it.
pub(crate) fn division_of_device(connection: &Connection, device: RecordId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT division FROM device WHERE id = ?1")?;
    Ok(statement.query_row([device.bytes()], |row| row.get(0)).optional()?.flatten())
}

/// What the canteen serves on that day.
pub(crate) fn dishes(connection: &Connection, canteen: &str, on: Date) -> Result<Vec<Dish>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT meal, name, price FROM menu_price WHERE canteen = ?1 AND valid_from <= ?2 AND (valid_to IS NULL OR valid_to >= ?2) ORDER BY price DESC, name",
    )?;
    let rows = statement
        .query_map([canteen, &on.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))?;
    let mut dishes = Vec::new();
    for row in rows {
        let (meal, name, price) = row?;
        dishes.extend(Meal::of_code(&meal).map(|meal| Dish { meal, name, price: Fen(price) }));
    }
    Ok(dishes)
}
