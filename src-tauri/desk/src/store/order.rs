//! `meal_order` and `receipt`: the lines of boards and ledger, and what rules ask about orders.

use super::{StoreError, row};
use jiff::civil::{Date, DateTime};
use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::command::{OrderSummary, ReceiptSummary};
use shared::division;
use shared::kinds::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordKind, Seen};
use shared::money::Fen;
use shared::rule::order::needs_receipt;
use shared::schema::RecordId;
use std::collections::HashSet;

const ROWS: &str = "SELECT o.id, o.number, o.elder, o.date, o.meal, o.mode, o.dish, o.price, o.note, o.state, o.state_at, o.reason,
    o.taken_at, o.supplement_reason, coalesce(e.name, o.elder_name) AS name, e.division, e.address, e.phone, e.diet,
    r.arrived_at, r.recorded_at, r.received_by, r.seen, r.note AS receipt_note, r.photos,
    EXISTS (SELECT 1 FROM outbox x JOIN change_log l ON l.seq = x.seq WHERE l.record = o.id) AS unsent
    FROM meal_order o LEFT JOIN elder e ON e.id = o.elder LEFT JOIN receipt r ON r.id = o.id";

/// The condition that finds the order ?1.
fn of_id() -> String {
    let (column, value) = row::key(RecordKind::Order);
    format!("o.{column} = {value}")
}

fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|text| text.parse().ok()))
}

/// A line, leniently: a value that another office garbled shows as the plainest of its kind.
fn summary(row: &Row<'_>) -> rusqlite::Result<OrderSummary> {
    let text = |column: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.unwrap_or_default());
    let division_code = text("division")?;
    let receipt = parsed::<DateTime>(row, "arrived_at")?.map(|arrived_at| {
        Ok::<_, rusqlite::Error>(ReceiptSummary {
            arrived_at,
            recorded_at: parsed(row, "recorded_at")?.unwrap_or_default(),
            received_by: parsed::<ReceivedBy>(row, "received_by")?,
            seen: parsed::<Seen>(row, "seen")?,
            note: text("receipt_note")?,
            photos: text("photos")?.split_whitespace().map(str::to_owned).collect(),
        })
    });
    let receipt = receipt.transpose()?;
    let mode = parsed(row, "mode")?.unwrap_or(Mode::PickUp);
    let state = parsed(row, "state")?.unwrap_or(OrderState::Placed);
    Ok(OrderSummary {
        id: RecordId(uuid::Uuid::from_bytes(row.get("id")?)),
        number: text("number")?,
        elder: RecordId(uuid::Uuid::from_bytes(row.get::<_, Option<[u8; 16]>>("elder")?.unwrap_or_default())),
        name: text("name")?,
        address: format!("{} {}", division::short_name(&division_code), text("address")?).trim().to_owned(),
        phone: text("phone")?,
        diet: text("diet")?,
        date: parsed(row, "date")?.unwrap_or_default(),
        meal: parsed(row, "meal")?.unwrap_or(Meal::Lunch),
        mode,
        dish: text("dish")?,
        price: Fen(row.get::<_, Option<i64>>("price")?.unwrap_or_default()),
        note: text("note")?,
        state,
        state_at: parsed(row, "state_at")?.unwrap_or_default(),
        reason: parsed::<NotDeliveredReason>(row, "reason")?,
        taken_at: parsed(row, "taken_at")?.unwrap_or_default(),
        supplement: !text("supplement_reason")?.is_empty(),
        receipt_missing: receipt.is_none() && needs_receipt(mode, state),
        receipt,
        unsent: row.get("unsent")?,
    })
}

/// The orders of a day, by meal and number.
pub(crate) fn of_day(connection: &Connection, date: Date) -> Result<Vec<OrderSummary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{ROWS} WHERE o.date = ?1 ORDER BY o.meal, o.taken_at, o.number"))?;
    let rows = statement.query_map([date.to_string()], summary)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The days on which there are orders, the latest first, one by one: the index by day and elder is looked into once for each.
const DAYS: &str = "WITH RECURSIVE days (day) AS (SELECT max(date) FROM meal_order UNION ALL
    SELECT (SELECT max(date) FROM meal_order WHERE date < day) FROM days WHERE day IS NOT NULL)";

fn of_elder_sql() -> String {
    format!("{DAYS} {ROWS} WHERE o.date IN (SELECT day FROM days) AND o.elder = ?1 ORDER BY o.date DESC, o.taken_at DESC LIMIT ?2")
}

/// The latest orders of an elder.
pub(crate) fn of_elder(connection: &Connection, elder: RecordId, limit: u32) -> Result<Vec<OrderSummary>, StoreError> {
    let mut statement = connection.prepare_cached(&of_elder_sql())?;
    let rows = statement.query_map(params![elder.bytes(), limit], summary)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The orders that a device took last one by one, of the last 20,000 changes: an office that takes none does not run through all of them.
pub(crate) fn latest(connection: &Connection, device: u32, limit: u32) -> Result<Vec<OrderSummary>, StoreError> {
    let recent = "o.seq > (SELECT max(seq) - 20000 FROM meal_order) AND o.origin IS NULL";
    let mut statement =
        connection.prepare_cached(&format!("{ROWS} WHERE {recent} AND o.number >= ?1 AND o.number < ?2 ORDER BY o.seq DESC LIMIT ?3"))?;
    let rows = statement.query_map(params![format!("{device}-"), format!("{device}."), limit], summary)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One order.
pub(crate) fn find(connection: &Connection, id: RecordId) -> Result<Option<OrderSummary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{ROWS} WHERE {}", of_id()))?;
    Ok(statement.query_row([id.bytes()], summary).optional()?)
}

/// What else stands on an order: who took it, why late, the platform's number, its canteen.
pub(crate) fn particulars(connection: &Connection, id: RecordId) -> Result<(String, String, String, String), StoreError> {
    let sql = format!("SELECT o.taken_by, o.supplement_reason, o.platform_number, o.canteen FROM meal_order o WHERE {}", of_id());
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([id.bytes()], |row| {
        let text = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok((text(0)?, text(1)?, text(2)?, text(3)?))
    })?)
}

const STANDING: &str = "SELECT number FROM meal_order WHERE elder = ?1 AND date = ?2 AND meal = ?3 AND state <> 'cancelled' LIMIT 1";

/// Number of the order that stands (is not cancelled) for this elder, day and meal.
pub(crate) fn existing(connection: &Connection, elder: RecordId, date: Date, meal: Meal) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(STANDING)?;
    Ok(statement.query_row(params![elder.bytes(), date.to_string(), meal.code()], |row| row.get(0)).optional()?)
}

/// All elders who ever had an order.
pub(crate) fn elders(connection: &Connection) -> Result<HashSet<RecordId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT elder FROM meal_order WHERE elder IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether an elder ever had an order.
pub(crate) fn has_any(connection: &Connection, elder: RecordId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM meal_order WHERE elder = ?1)")?;
    Ok(statement.query_row([elder.bytes()], |row| row.get(0))?)
}

/// Deliveries of a day that are due, and delivered ones that lack a receipt.
pub(crate) fn due(connection: &Connection, date: Date) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM meal_order o LEFT JOIN receipt r ON r.id = o.id WHERE o.date = ?1 AND
            (o.mode <> 'pick_up' AND o.state IN ('placed', 'prepared', 'out')
             OR o.mode = 'own_delivery' AND o.state IN ('delivered', 'left_at_door') AND r.id IS NULL)",
    )?;
    Ok(statement.query_row([date.to_string()], |row| row.get(0))?)
}

/// The orders of some days, the latest first.
pub(crate) fn between(connection: &Connection, from: Option<Date>, to: Option<Date>) -> Result<Vec<OrderSummary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROWS} WHERE (?1 IS NULL OR o.date >= ?1) AND (?2 IS NULL OR o.date <= ?2) ORDER BY o.date DESC, o.taken_at DESC, o.number DESC"
    ))?;
    let rows = statement.query_map([from, to].map(|day| day.map(|day| day.to_string())), summary)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::params_from_iter;
    use rusqlite::types::Value as Sql;

    #[test]
    fn no_board_and_no_history_runs_through_all_orders() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open_writer(folder.path(), &[7; 32]).unwrap();
        let plan = |sql: &str| {
            let mut statement = store.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let values = vec![Sql::Null; statement.parameter_count()];
            let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
            steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        for (sql, found) in [
            (format!("{ROWS} WHERE o.date = ?1"), "SEARCH o USING INDEX meal_order_by_date_elder (date=?)"),
            (of_elder_sql(), "SEARCH o USING INDEX meal_order_by_date_elder (date=? AND elder=?)"),
            (of_elder_sql(), "SEARCH meal_order USING COVERING INDEX meal_order_by_date_elder (date<?)"),
            (STANDING.to_owned(), "SEARCH meal_order USING INDEX meal_order_by_date_elder (date=? AND elder=?)"),
            (format!("{ROWS} WHERE {}", of_id()), "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)"),
            (format!("{ROWS} WHERE {}", of_id()), "SEARCH change_log USING INDEX change_log_record (record=?)"),
        ] {
            let plan = plan(&sql);
            assert!(plan.contains(found) && !plan.contains("SCAN o"), "{sql}: {plan}");
        }
    }
}
