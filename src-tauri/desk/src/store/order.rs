//! `meal_order` and `receipt`: the lines of boards and ledger, and what rules ask about orders.

use super::{StoreError, fact};
use jiff::civil::{Date, DateTime};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use shared::command::{LedgerFilter, OrderLine, ReceiptLine};
use shared::division;
use shared::money::Fen;
use shared::record::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, RecordId, Seen};
use shared::rule::order::needs_receipt;

const LINES: &str = "SELECT o.id, o.number, o.elder, o.date, o.meal, o.mode, o.dish, o.price, o.note, o.state, o.state_at, o.reason,
    o.taken_at, o.supplement_reason, coalesce(e.name, o.elder_name) AS name, e.division, e.address, e.phone, e.diet,
    r.arrived_at, r.recorded_at, r.received_by, r.seen, r.note AS receipt_note, r.photos,
    EXISTS (SELECT 1 FROM outbox x JOIN change_log l ON l.seq = x.seq WHERE l.record = o.id) AS unsent
    FROM meal_order o LEFT JOIN elder e ON e.id = o.elder LEFT JOIN receipt r ON r.id = o.id";

fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<String>>(column)?.and_then(|text| text.parse().ok()))
}

/// A line, leniently: a value that another office garbled shows as the plainest of its kind.
fn line(row: &Row<'_>) -> rusqlite::Result<OrderLine> {
    let text = |column: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.unwrap_or_default());
    let division_code = text("division")?;
    let receipt = parsed::<DateTime>(row, "arrived_at")?.map(|arrived_at| {
        Ok::<_, rusqlite::Error>(ReceiptLine {
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
    Ok(OrderLine {
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
pub(crate) fn of_day(connection: &Connection, date: Date) -> Result<Vec<OrderLine>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{LINES} WHERE o.date = ?1 ORDER BY o.meal, o.taken_at, o.number"))?;
    let rows = statement.query_map([date.to_string()], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The latest orders of an elder.
pub(crate) fn of_elder(connection: &Connection, elder: RecordId, limit: u32) -> Result<Vec<OrderLine>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{LINES} WHERE o.elder = ?1 ORDER BY o.date DESC, o.taken_at DESC LIMIT ?2"))?;
    let rows = statement.query_map(params![elder.bytes(), limit], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The orders that a device took last. Ids are made in the order of time; the `+` keeps SQLite from sorting all numbers instead.
pub(crate) fn latest(connection: &Connection, device: u32, limit: u32) -> Result<Vec<OrderLine>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("{LINES} WHERE +o.number >= ?1 AND +o.number < ?2 ORDER BY o.id DESC LIMIT ?3"))?;
    let rows = statement.query_map(params![format!("{device}-"), format!("{device}."), limit], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One order.
pub(crate) fn find(connection: &Connection, id: RecordId) -> Result<Option<OrderLine>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{LINES} WHERE o.id = ?1"))?;
    Ok(statement.query_row([id.bytes()], line).optional()?)
}

/// What else stands on an order: who took it, why late, the platform's number, its canteen.
pub(crate) fn particulars(connection: &Connection, id: RecordId) -> Result<(String, String, String, String), StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT taken_by, supplement_reason, platform_number, canteen FROM meal_order WHERE id = ?1")?;
    Ok(statement.query_row([id.bytes()], |row| {
        let text = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok((text(0)?, text(1)?, text(2)?, text(3)?))
    })?)
}

/// Number of the order that stands (is not cancelled) for this elder, day and meal.
pub(crate) fn standing(connection: &Connection, elder: RecordId, date: Date, meal: Meal) -> Result<Option<String>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT number FROM meal_order WHERE elder = ?1 AND date = ?2 AND meal = ?3 AND state <> 'cancelled' LIMIT 1")?;
    Ok(statement.query_row(params![elder.bytes(), date.to_string(), meal.code()], |row| row.get(0)).optional()?)
}

/// Whether the elder has any order.
pub(crate) fn any_of(connection: &Connection, elder: RecordId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM meal_order WHERE elder = ?1)")?;
    Ok(statement.query_row([elder.bytes()], |row| row.get(0))?)
}

/// The next order sequence of a device, taken in the transaction of the order itself: two programs on
/// one folder never give the same number. Counted once from the orders, then kept beside them.
pub(crate) fn next_sequence(connection: &Connection, device: u32) -> Result<u32, StoreError> {
    let last = match counted(connection, device)? {
        Some(last) => last,
        None => last_sequence(connection, device)?,
    };
    fact::set(connection, &counter(device), &(last + 1).to_string())?;
    Ok(last + 1)
}

/// The fact that counts the orders of a device.
fn counter(device: u32) -> String {
    format!("order_sequence {device}")
}

/// The sequence that a device gave last, where it is counted.
pub(crate) fn counted(connection: &Connection, device: u32) -> Result<Option<u32>, StoreError> {
    Ok(fact::get(connection, &counter(device))?.and_then(|text| text.parse().ok()))
}

/// No device gives more numbers than that; another office may have written a greater one.
pub(crate) const MOST: u32 = 1 << 30;

/// No sequence up to `given` is given again.
pub(crate) fn go_on_behind(connection: &Connection, device: u32, given: u32) -> Result<(), StoreError> {
    match counted(connection, device)? {
        Some(last) if last >= given => Ok(()),
        _ if given > MOST => Ok(()),
        _ => fact::set(connection, &counter(device), &given.to_string()),
    }
}

/// The greatest sequence among the orders of a device that are here.
pub(crate) fn last_sequence(connection: &Connection, device: u32) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(CAST(substr(number, length(?1) + 1) AS INTEGER) / 10), 0) FROM meal_order WHERE number >= ?1 AND number < ?2",
    )?;
    Ok(statement.query_row([format!("{device}-"), format!("{device}.")], |row| row.get(0))?)
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

/// The conditions of a ledger filter; `elders` are those whom the text names.
fn conditions(filter: &LedgerFilter, elders: Option<&[RecordId]>) -> (String, Vec<Sql>) {
    let (mut sql, mut values) = (String::from(" WHERE 1"), Vec::new());
    let mut add = |condition: &str, value: String| {
        values.push(Sql::Text(value));
        sql.push_str(&condition.replace('?', &format!("?{}", values.len())));
    };
    if let Some(from) = filter.from {
        add(" AND o.date >= ?", from.to_string());
    }
    if let Some(to) = filter.to {
        add(" AND o.date <= ?", to.to_string());
    }
    if let Some(meal) = filter.meal {
        add(" AND o.meal = ?", meal.code().to_owned());
    }
    if let Some(mode) = filter.mode {
        add(" AND o.mode = ?", mode.code().to_owned());
    }
    if let Some(state) = filter.state {
        add(" AND o.state = ?", state.code().to_owned());
    }
    let text = filter.text.trim();
    if !text.is_empty() {
        let named: Vec<String> = elders.unwrap_or_default().iter().map(|id| format!("x'{id}'")).collect();
        add(&format!(" AND (o.number = ? OR o.elder IN ({}))", named.join(",")), text.to_owned());
    }
    if filter.receipt_missing {
        sql.push_str(" AND r.id IS NULL AND o.mode = 'own_delivery' AND o.state IN ('delivered', 'left_at_door')");
    }
    (sql, values)
}

/// A page of the ledger, the latest first.
pub(crate) fn ledger(
    connection: &Connection,
    filter: &LedgerFilter,
    elders: Option<&[RecordId]>,
    limit: u64,
    offset: u64,
) -> Result<Vec<OrderLine>, StoreError> {
    let (sql, values) = conditions(filter, elders);
    let mut statement =
        connection.prepare(&format!("{LINES}{sql} ORDER BY o.date DESC, o.taken_at DESC, o.number DESC LIMIT {limit} OFFSET {offset}"))?;
    let rows = statement.query_map(params_from_iter(values), line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many rows the filter gives and their prices added up.
pub(crate) fn ledger_totals(connection: &Connection, filter: &LedgerFilter, elders: Option<&[RecordId]>) -> Result<(u64, Fen), StoreError> {
    let (sql, values) = conditions(filter, elders);
    let mut statement = connection.prepare(&format!(
        "SELECT count(*), coalesce(sum(CASE WHEN o.state <> 'cancelled' THEN o.price END), 0) FROM meal_order o LEFT JOIN receipt r ON r.id = o.id{sql}"
    ))?;
    Ok(statement.query_row(params_from_iter(values), |row| Ok((row.get(0)?, Fen(row.get(1)?))))?)
}
