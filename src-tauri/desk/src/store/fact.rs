//! `desk_fact`: what only this desk knows of itself: enrolment, settings, its place in the feed.

use super::StoreError;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use shared::record::RecordId;

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

fn run_name(date: Date) -> String {
    format!("run {date}")
}

/// The order of a day's stops, as somebody put it.
pub(crate) fn run(connection: &Connection, date: Date) -> Result<Vec<RecordId>, StoreError> {
    let text = get(connection, &run_name(date))?.unwrap_or_default();
    Ok(text.split_whitespace().filter_map(|id| id.parse().ok()).collect())
}

/// Keeps the order of a day's stops and forgets those of days long past.
pub(crate) fn set_run(connection: &Connection, date: Date, run: &[RecordId]) -> Result<(), StoreError> {
    let old = date.checked_sub(jiff::Span::new().days(30)).unwrap_or(date);
    connection.prepare_cached("DELETE FROM desk_fact WHERE name >= 'run ' AND name < ?1")?.execute([run_name(old)])?;
    set(connection, &run_name(date), &run.iter().map(RecordId::to_string).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stops_of_a_day_keep_their_order_and_old_days_go() {
        let store = Connection::open_in_memory().unwrap();
        store.execute_batch("CREATE TABLE desk_fact (name TEXT PRIMARY KEY, value TEXT)").unwrap();
        let ids = [RecordId(uuid::Uuid::from_u128(2)), RecordId(uuid::Uuid::from_u128(1))];
        let day = |text: &str| text.parse::<Date>().unwrap();
        set(&store, "server", "x").unwrap();
        set_run(&store, day("2026-09-01"), &ids).unwrap();
        set_run(&store, day("2026-11-22"), &ids).unwrap();
        assert_eq!(run(&store, day("2026-11-22")).unwrap(), ids);
        assert_eq!(run(&store, day("2026-09-01")).unwrap(), []);
        assert_eq!(get(&store, "server").unwrap().as_deref(), Some("x"));
    }
}
