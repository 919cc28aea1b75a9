//! Figures of days: the totals of a canteen and a day, and what one order with its receipt contributes, unless it is doubtful to them.

use super::Projector;
use crate::store::{StoreError, TOTALS, Tx, totals};
use jiff::civil::Date;
use shared::console::Counts;
use shared::kinds::{Doubt, Mode, Order, OrderState, RecordKind};
use shared::money::Fen;
use shared::rule::doubt::{counts, is_possible};
use shared::rule::order::needs_receipt;
use shared::schema::{Fields, Record};
use std::collections::BTreeMap;

/// What one order adds to the totals of its canteen and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyDelta {
    canteen: String,
    date: Date,
    counts: Counts,
}

/// What an order adds; none for a cancelled, an unreadable or a doubtful one.
fn daily_delta(order: &Fields, has_receipt: bool) -> Option<DailyDelta> {
    let order = Order::from_fields(order).ok()?;
    if order.state == OrderState::Cancelled {
        return None;
    }
    let one = u64::from;
    let due = needs_receipt(order.mode, order.state);
    let served = matches!(order.state, OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp);
    let amount = if is_possible(order.price) { order.price } else { Fen::ZERO };
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

/// Totals by canteen and day, or what is to be added to them.
#[derive(Debug, Default)]
pub struct Days(BTreeMap<(String, Date), [i64; TOTALS]>);

impl Days {
    fn apply(&mut self, delta: Option<DailyDelta>, sign: i64) {
        let Some(DailyDelta { canteen, date, counts }) = delta else { return };
        let sums = self.0.entry((canteen, date)).or_default();
        sums.iter_mut().zip(totals(&counts)).for_each(|(sum, total)| *sum += sign * total);
    }
}

impl Projector for Days {
    const KINDS: &'static [RecordKind] = &[RecordKind::Order, RecordKind::Receipt, RecordKind::Doubt];
    #[cfg(test)]
    const TABLE: &'static str = "rollup_day";
    type Contribution = Option<DailyDelta>;

    /// A receipt and a doubt have the id of their order.
    fn contribution<'f>(of: &impl Fn(RecordKind) -> Option<&'f Fields>) -> Option<DailyDelta> {
        let doubtful = |doubt: &Fields| Doubt::from_fields(doubt).is_ok_and(|doubt| !counts(doubt.reason, doubt.verdict));
        if of(RecordKind::Doubt).is_some_and(doubtful) {
            return None;
        }
        daily_delta(of(RecordKind::Order)?, of(RecordKind::Receipt).is_some())
    }

    fn gather(&mut self, before: Option<DailyDelta>, after: Option<DailyDelta>) {
        self.apply(before, -1);
        self.apply(after, 1);
    }

    fn write(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        for ((canteen, date), totals) in std::mem::take(&mut self.0) {
            tx.add_to_day(&canteen, date, &totals)?;
        }
        Ok(())
    }

    fn verify(self, tx: &Tx<'_>, repairs: bool) -> Result<Vec<String>, StoreError> {
        // A table may hold what is no date.
        let mut due: BTreeMap<_, _> = self.0.into_iter().map(|((canteen, date), totals)| ((canteen, date.to_string()), totals)).collect();
        let mut wrong = Vec::new();
        for canteen in tx.canteens_with_days()? {
            for (date, there) in tx.days_of(&canteen)? {
                let day = (canteen.clone(), date);
                let totals = due.remove(&day);
                if totals != Some(there) {
                    wrong.push((day, totals));
                }
            }
        }
        wrong.extend(due.into_iter().map(|(day, totals)| (day, Some(totals))));
        let mut found = Vec::with_capacity(wrong.len());
        for ((canteen, date), totals) in wrong {
            if repairs {
                tx.remove_day(&canteen, &date)?;
                if let (Some(totals), Ok(date)) = (totals, date.parse()) {
                    tx.add_to_day(&canteen, date, &totals)?;
                }
            }
            found.push(format!("饭堂 {canteen} {date} 的汇总与订单对不上"));
        }
        Ok(found)
    }
}
