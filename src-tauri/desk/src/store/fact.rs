//! `desk_fact`: what only this desk knows of itself: enrolment, settings, its place in the feed.

use super::StoreError;
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use shared::kinds::Meal;
use shared::schema::RecordId;
use std::collections::BTreeMap;

/// The fact of that name.
pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM desk_fact WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Sets the fact of that name.
pub(crate) fn set(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO desk_fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?;
    statement.execute(params![name, value])?;
    Ok(())
}

/// Forgets the fact of that name.
pub(crate) fn forget(connection: &Connection, name: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM desk_fact WHERE name = ?1")?.execute([name])?;
    Ok(())
}

const DECLARED: &str = "declared";

/// The digests of the declarations by which the rows were written, by code word of the kind; none in a new file.
pub(crate) fn declared(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    Ok(get(connection, DECLARED)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Sets by which declarations the rows are written.
pub(crate) fn set_declared(connection: &Connection, declared: &BTreeMap<String, String>) -> Result<(), StoreError> {
    set(connection, DECLARED, &serde_json::to_string(declared).unwrap_or_default())
}

const RUN: &str = "run";

/// The elders in the order in which they are driven to, as this computer kept it for itself once.
pub(crate) fn run(connection: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let text = get(connection, RUN)?.unwrap_or_default();
    Ok(text.split_whitespace().filter_map(|id| id.parse().ok()).collect())
}

/// Forgets that order: it stands in records.
pub(crate) fn forget_run(connection: &Connection) -> Result<(), StoreError> {
    forget(connection, RUN)
}

const PRINTS: &str = "label_prints";
/// So many days back it is known how often labels were printed.
const PRINTS_KEPT: i64 = 7;

fn all_prints(connection: &Connection) -> Result<BTreeMap<Date, BTreeMap<Meal, u32>>, StoreError> {
    Ok(get(connection, PRINTS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// How often the labels of a meal were printed at this desk.
pub(crate) fn prints(connection: &Connection, (date, meal): (Date, Meal)) -> Result<u32, StoreError> {
    let all = all_prints(connection)?;
    Ok(all.get(&date).and_then(|meals| meals.get(&meal)).copied().unwrap_or_default())
}

/// Keeps that they are printed once more; gives how often that is.
pub(crate) fn print(connection: &Connection, (date, meal): (Date, Meal), today: Date) -> Result<u32, StoreError> {
    let mut all = all_prints(connection)?;
    all.retain(|date, _| *date >= today.saturating_sub(PRINTS_KEPT.days()));
    let count = all.entry(date).or_default().entry(meal).or_default();
    *count += 1;
    let count = *count;
    set(connection, PRINTS, &serde_json::to_string(&all).unwrap_or_default())?;
    Ok(count)
}

const HEARD_AS: &str = "import_words";

/// Words above the columns of offices' lists for which somebody chose a field at this desk, and that field; an empty one for none.
pub(crate) fn heard_as(connection: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    Ok(get(connection, HEARD_AS)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Keeps further words; the latest choice counts.
pub(crate) fn hear(connection: &Connection, words: BTreeMap<String, String>) -> Result<(), StoreError> {
    if words.is_empty() {
        return Ok(());
    }
    let mut all = heard_as(connection)?;
    all.extend(words);
    set(connection, HEARD_AS, &serde_json::to_string(&all).unwrap_or_default())
}
