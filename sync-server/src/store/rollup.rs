//! Totals by canteen and day; `projector::day` keeps them up with every change.

use super::engine::{Put, Row, put};
use super::{CanteenSite, StoreError, Tx};
use jiff::civil::Date;
use shared::console::Counts;
use shared::money::Fen;

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

/// The totals in the order of the columns.
#[must_use]
pub fn totals(counts: &Counts) -> [i64; TOTALS] {
    let of = |total: u64| i64::try_from(total).unwrap_or(0);
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

    /// The canteens that have totals.
    pub fn canteens_with_days(&self) -> Result<Vec<String>, StoreError> {
        self.all("SELECT DISTINCT canteen FROM rollup_day ORDER BY canteen", put![], |row| row.get(0))
    }

    /// The totals of a canteen, day by day.
    pub fn days_of(&self, canteen: &str) -> Result<Vec<(String, [i64; TOTALS])>, StoreError> {
        let sql = format!("SELECT \"date\", {} FROM rollup_day WHERE canteen = $1 ORDER BY \"date\"", COLUMNS.join(", "));
        self.all(&sql, put![canteen], |row| {
            let mut totals = [0; TOTALS];
            for (at, total) in totals.iter_mut().enumerate() {
                *total = row.get(at + 1)?;
            }
            Ok((row.get(0)?, totals))
        })
    }

    /// Takes the totals of a canteen and a day away.
    pub fn remove_day(&self, canteen: &str, date: &str) -> Result<(), StoreError> {
        self.execute("DELETE FROM rollup_day WHERE canteen = $1 AND \"date\" = $2", put![canteen, date])?;
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
