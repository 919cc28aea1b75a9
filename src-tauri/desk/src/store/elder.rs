//! `elder` and `binding`: reading.

use super::{StoreError, row};
use crate::search::SearchEntry;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use shared::kinds::{Binding, RecordKind};
use shared::schema::{Fields, RecordId, Value};

fn id_of(row: &Row<'_>, column: &str) -> rusqlite::Result<RecordId> {
    Ok(RecordId(uuid::Uuid::from_bytes(row.get(column)?)))
}

fn searchable(row: &Row<'_>) -> rusqlite::Result<SearchEntry> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    Ok(SearchEntry {
        id: id_of(row, "id")?,
        name: text("name")?.unwrap_or_default(),
        phones: [text("phone")?, text("second_phone")?, text("emergency_phone")?].into_iter().flatten().collect(),
        id_number: text("id_number")?,
    })
}

/// What elders are looked for by, of all or of one; nobody looks for those whose file was withdrawn.
pub(crate) fn searched(connection: &Connection, only: Option<RecordId>) -> Result<Vec<SearchEntry>, StoreError> {
    let sql = "SELECT id, name, phone, second_phone, emergency_phone, id_number FROM elder WHERE status IS NOT 'withdrawn'";
    let only = only.map(|id| id.bytes().to_vec());
    let sql = if only.is_some() { format!("{sql} AND id = ?1") } else { sql.to_owned() };
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(only), searchable)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The fields of an elder as they stand in the row.
pub(crate) fn fields(connection: &Connection, id: RecordId) -> Result<Option<Fields>, StoreError> {
    row::read(connection, RecordKind::Elder, id)
}

/// Since when the elder is bound to the canteen.
pub(crate) fn bound_since(connection: &Connection, elder: RecordId, canteen: &str) -> Result<Option<Date>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT since FROM binding WHERE elder = ?1 AND canteen = ?2 AND until IS NULL ORDER BY since LIMIT 1")?;
    let since: Option<String> = statement.query_row(params![elder.bytes(), canteen], |row| row.get(0)).optional()?;
    Ok(since.and_then(|since| since.parse().ok()))
}

/// The bindings of an elder, the latest first.
pub(crate) fn bindings(connection: &Connection, elder: RecordId) -> Result<Vec<(RecordId, Binding)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, canteen, since, until FROM binding WHERE elder = ?1 ORDER BY since DESC, id DESC")?;
    let rows = statement.query_map([elder.bytes()], |row| {
        let day = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.and_then(|day| day.parse::<Date>().ok()));
        let canteen = row.get::<_, Option<String>>("canteen")?.unwrap_or_default();
        Ok((id_of(row, "id")?, canteen, day("since")?, day("until")?))
    })?;
    let mut bindings = Vec::new();
    for row in rows {
        let (id, canteen, since, until) = row?;
        bindings.extend(since.map(|since| (id, Binding { elder, canteen, since, until })));
    }
    Ok(bindings)
}

/// Elders who called last, the latest first, by the orders that came last one by one.
pub(crate) fn latest_served(connection: &Connection, limit: usize) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT elder FROM (SELECT elder, taken_at FROM meal_order WHERE elder IS NOT NULL AND origin IS NULL ORDER BY seq DESC LIMIT 2000)
         GROUP BY elder ORDER BY max(taken_at) DESC LIMIT ?1",
    )?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| id_of(row, "elder"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The one elder without an ID number who has the same name and village and the same phone or birth date, or the same name and another
/// document of the same number. An id that is derived from a number (version 8) has one, also where it can't be read here. A file that
/// was withdrawn counts where there is no other.
pub(crate) fn same_without_number(connection: &Connection, wanted: &Fields) -> Result<Option<RecordId>, StoreError> {
    let text = |key: &str| match wanted.get(key) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let mut statement = connection.prepare_cached(
        "SELECT id FROM elder WHERE name = ?2 AND id_number IS NULL AND substr(hex(id), 13, 1) <> '8' AND (status = 'withdrawn') = ?6
           AND (division = ?1 AND (phone = ?3 OR birth_date = ?4) OR other_document = ?5) LIMIT 2",
    )?;
    for withdrawn in [false, true] {
        let given = params![text("division"), text("name"), text("phone"), text("birth_date"), text("other_document"), withdrawn];
        let rows = statement.query_map(given, |row| id_of(row, "id"))?;
        let found: Vec<RecordId> = rows.collect::<Result<_, _>>()?;
        match found[..] {
            [] => {}
            [only] => return Ok(Some(only)),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Notes that an elder left.
pub(crate) fn has_left(connection: &Connection, id: RecordId) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO former_elder (id, name)
         VALUES (?1, coalesce((SELECT name FROM elder WHERE id = ?1), (SELECT name FROM former_elder WHERE id = ?1), ''))",
    )?;
    statement.execute([id.bytes()])?;
    Ok(())
}

/// The name of an elder who has left.
pub(crate) fn former_name(connection: &Connection, id: RecordId) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name FROM former_elder WHERE id = ?1")?;
    Ok(statement.query_row([id.bytes()], |row| row.get(0)).optional()?)
}

/// Forgets that an elder left: the file is here again.
pub(crate) fn is_back(connection: &Connection, id: RecordId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM former_elder WHERE id = ?1")?.execute([id.bytes()])?;
    Ok(())
}
