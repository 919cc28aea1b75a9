//! `calendar_day`: on which days a canteen rests, and the orders that stand on them.

use super::{StoreError, master, row};
use jiff::civil::Date;
use rusqlite::{Connection, params};
use shared::command::DaySaid;
use shared::kinds::{CalendarDay, RecordKind};
use shared::rule::binding::Site;
use shared::rule::calendar::{counting, rest};
use shared::schema::Record;
use std::collections::BTreeMap;

/// Whatever is said of the days from one to another, by whomever; what is too broken to follow is not.
fn said(connection: &Connection, (from, to): (Date, Date)) -> Result<Vec<CalendarDay>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT * FROM calendar_day WHERE date <= ?2 AND coalesce(until, date) >= ?1")?;
    let rows = statement.query_map([from.to_string(), to.to_string()], |found| row::of(RecordKind::CalendarDay, found))?;
    let days = rows.map(|fields| Ok(CalendarDay::from_fields(&fields?).ok()));
    days.filter_map(Result::transpose).collect()
}

/// What counts for a canteen on those days, looked at by `take`.
fn at<T>(
    connection: &Connection,
    canteen: &str,
    days: (Date, Date),
    take: impl FnOnce(&BTreeMap<Date, &CalendarDay>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let (said, known) = (said(connection, days)?, master::canteen(connection, canteen)?);
    let division = known.map(|canteen| canteen.division).unwrap_or_default();
    take(&counting(&said, Site { canteen, division: &division }, days))
}

/// The days on which a canteen rests, from one to another, and why.
pub(crate) fn rests(connection: &Connection, canteen: &str, days: (Date, Date)) -> Result<BTreeMap<Date, String>, StoreError> {
    at(connection, canteen, days, |counting| {
        Ok(counting.keys().filter_map(|date| Some((*date, rest(counting, *date)?.to_owned()))).collect())
    })
}

/// The days from one to another of which the calendar speaks at a canteen, with the orders that stand where it rests.
pub(crate) fn days(connection: &Connection, canteen: &str, days: (Date, Date)) -> Result<Vec<DaySaid>, StoreError> {
    at(connection, canteen, days, |counting| {
        let day = |(date, day): (&Date, &&CalendarDay)| {
            let rests = rest(counting, *date).is_some();
            let orders = if rests { orders_on(connection, canteen, *date)? } else { 0 };
            Ok(DaySaid { date: *date, rests, name: day.name.clone(), orders })
        };
        counting.iter().map(day).collect()
    })
}

fn orders_on(connection: &Connection, canteen: &str, date: Date) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM meal_order WHERE date = ?1 AND canteen = ?2 AND state IN ('placed', 'prepared', 'out')";
    Ok(connection.prepare_cached(sql)?.query_row(params![date.to_string(), canteen], |row| row.get(0))?)
}
