//! Totals by canteen and day, kept up with every change; and what one order adds to them.

use super::engine::{Put, Row, put};
use super::{CanteenSite, StoreError, Tx};
use jiff::civil::Date;
use shared::console::Counts;
use shared::kinds::{Mode, Order, OrderState};
use shared::money::Fen;
use shared::rule::order::needs_receipt;
use shared::schema::{Fields, Record};

/// What one order adds to the totals of its canteen and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyDelta {
    /// Code of the canteen.
    pub canteen: String,
    /// The day of the meal.
    pub date: Date,
    /// The totals.
    pub counts: Counts,
}

/// Prices beyond this are typing errors or worse and do not enter totals: ten thousand yuan.
const MOST_FEN: i64 = 1_000_000;

/// What an order adds; none for a cancelled or an unreadable one.
#[must_use]
pub fn daily_delta(order: &Fields, has_receipt: bool) -> Option<DailyDelta> {
    let order = Order::from_fields(order).ok()?;
    if order.state == OrderState::Cancelled {
        return None;
    }
    let one = u64::from;
    let due = needs_receipt(order.mode, order.state);
    let served = matches!(order.state, OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp);
    let amount = if (0..=MOST_FEN).contains(&order.price.0) { order.price } else { Fen::ZERO };
    let counts = Counts {
        canteens: 0,
        meals: 1,
        pick_up: one(order.mode == Mode::PickUp),
        own_delivery: one(order.mode == Mode::OwnDelivery),
        third_party: one(order.mode == Mode::ThirdParty),
        served: one(served),
        not_delivered: one(order.state == OrderState::NotDelivered),
        receipts_due: one(due),
        receipts: one(due && has_receipt),
        amount,
    };
    Some(DailyDelta { canteen: order.canteen, date: order.date, counts })
}

/// How many totals a day has.
pub const TOTALS: usize = 9;

pub(super) const COLUMNS: [&str; TOTALS] =
    ["meals", "pick_up", "own_delivery", "third_party", "served", "not_delivered", "receipts_due", "receipts", "amount"];

fn sums() -> String {
    COLUMNS.map(|name| format!("CAST(coalesce(sum(r.{name}), 0) AS BIGINT)")).join(", ")
}

fn counts_of(row: &Row<'_>, from: usize) -> Result<Counts, StoreError> {
    let total = |at: usize| row.get::<i64>(from + at).map(|value| u64::try_from(value).unwrap_or(0));
    Ok(Counts {
        canteens: 0,
        meals: total(0)?,
        pick_up: total(1)?,
        own_delivery: total(2)?,
        third_party: total(3)?,
        served: total(4)?,
        not_delivered: total(5)?,
        receipts_due: total(6)?,
        receipts: total(7)?,
        amount: Fen(row.get(from + 8)?),
    })
}

impl DailyDelta {
    /// The totals in the order of the columns.
    #[must_use]
    pub fn totals(&self) -> [i64; TOTALS] {
        let of = |total: u64| i64::try_from(total).unwrap_or(0);
        let counts = &self.counts;
        [
            of(counts.meals),
            of(counts.pick_up),
            of(counts.own_delivery),
            of(counts.third_party),
            of(counts.served),
            of(counts.not_delivered),
            of(counts.receipts_due),
            of(counts.receipts),
            counts.amount.0,
        ]
    }
}

impl Tx<'_> {
    /// Adds to the totals of a canteen and a day.
    pub fn add_to_day(&self, canteen: &str, date: Date, totals: &[i64; TOTALS]) -> Result<(), StoreError> {
        if totals.iter().all(|total| *total == 0) {
            return Ok(());
        }
        let sets = COLUMNS.map(|name| format!("{name} = rollup_day.{name} + excluded.{name}")).join(", ");
        let sql = format!(
            "INSERT INTO rollup_day (canteen, \"date\", {}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (canteen, \"date\") DO UPDATE SET {sets}",
            COLUMNS.join(", ")
        );
        let mut values = vec![canteen.into(), date.to_string().into()];
        values.extend(totals.map(Put::from));
        self.execute(&sql, &values)?;
        if totals[0] < 0 {
            // A day without orders has no totals, whatever was there before.
            let sql = "DELETE FROM rollup_day WHERE canteen = $1 AND \"date\" = $2 AND meals = 0";
            self.execute(sql, put![canteen, date.to_string()])?;
        }
        Ok(())
    }

    /// The totals of a period by canteen.
    pub fn by_canteen(&self, from: Date, to: Date) -> Result<Vec<(String, Counts)>, StoreError> {
        let sql = format!(
            "SELECT r.canteen, {} FROM rollup_day r WHERE r.\"date\" >= $1 AND r.\"date\" <= $2 GROUP BY r.canteen ORDER BY r.canteen",
            sums()
        );
        self.all(&sql, put![from.to_string(), to.to_string()], |row| Ok((row.get(0)?, counts_of(row, 1)?)))
    }

    /// The totals of a period by canteen and day, for the canteens named.
    pub fn by_day(&self, canteens: &[CanteenSite], from: Date, to: Date) -> Result<Vec<(Date, Counts)>, StoreError> {
        let sql = format!(
            "SELECT r.\"date\", r.canteen, {} FROM rollup_day r WHERE r.\"date\" >= $1 AND r.\"date\" <= $2 \
             GROUP BY r.\"date\", r.canteen ORDER BY r.\"date\"",
            sums()
        );
        let rows = self.all(&sql, put![from.to_string(), to.to_string()], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, counts_of(row, 2)?))
        })?;
        let mut days: Vec<(Date, Counts)> = Vec::new();
        for (day, canteen, counts) in rows {
            let Ok(day) = day.parse::<Date>() else { continue };
            if !canteens.iter().any(|site| site.code == canteen) {
                continue;
            }
            match days.last_mut() {
                Some((last, sum)) if *last == day => sum.add(&counts),
                _ => days.push((day, counts)),
            }
        }
        Ok(days)
    }
}
