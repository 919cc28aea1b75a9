//! Standing meals in the town: somebody enters or changes one, a month is ordered in one go or taken back, and each canteen's desk makes what is due whenever it
//! comes to it. What must hold is what must hold of all orders; beside it, nobody is ordered for twice by them.

use super::World;
use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{List, PlanOrders, SaveStanding, Today, UndoBatch};
use shared::fault::{Code, Fault};
use shared::form::Draft;
use shared::kinds::Meal;
use shared::schema::RecordId;
use std::collections::BTreeSet;
use tests::fuzz::Dice;

/// One step in so many is about them.
const SELDOM: usize = 8;

/// Drawn apart from the town's own luck, so that a seed goes on meaning the same.
pub(super) struct Standing {
    dice: Dice,
    /// Seeds that were kept before there were any are played once as they were.
    plays: bool,
}

impl Standing {
    pub(super) fn new(seed: u64, plays: bool) -> Self {
        Self { dice: Dice(seed ^ 0x5A5A), plays }
    }
}

impl World {
    pub(super) fn of_standing(&mut self) -> Result<()> {
        if !self.standing.plays || self.standing.dice.below(SELDOM) != 0 {
            return Ok(());
        }
        let canteens: Vec<usize> = (0..self.offices.len()).filter(|at| self.offices[*at].place != 2).collect();
        let at = canteens[self.standing.dice.below(canteens.len())];
        let known = self.offices[at].elders.len();
        let elder = (known > 0).then(|| self.offices[at].elders[self.standing.dice.below(known)]);
        let done = match (self.standing.dice.below(5), elder) {
            (0 | 1, Some(elder)) => self.stand(at, elder),
            (2, Some(elder)) => self.order_ahead(at, elder),
            (3, _) => self.undo_a_batch(at),
            _ => Ok(self.desk(at)?.keep_up()),
        }?;
        let name = self.offices[at].name.clone();
        match done {
            Ok(()) => self.note(format!("{name} sees to standing meals")),
            Err(fault) if fault.code != Code::Broken => self.note(format!("{name} does not see to standing meals: {:?}", fault.code)),
            Err(fault) => Err(fault.into()),
        }
    }

    fn stand(&mut self, at: usize, elder: RecordId) -> Result<Result<(), Fault>> {
        let dice = &mut self.standing.dice;
        let mut draft = Draft::from([("since".into(), "2026-11-22".into())]);
        for day in ["monday", "tuesday", "wednesday", "saturday", "sunday"] {
            draft.insert(day.into(), ["", "1", "1"][dice.below(3)].into());
        }
        draft.insert("mode".into(), ["pick_up", "own_delivery"][dice.below(2)].into());
        draft.insert("paused_from".into(), ["", "", "2026-11-23"][dice.below(3)].into());
        let ask = SaveStanding { elder: Some(elder), meal: Some(Meal::Dinner), draft, confirmed: true };
        Ok(self.desk(at)?.ask(&ask).map(drop))
    }

    fn order_ahead(&mut self, at: usize, elder: RecordId) -> Result<Result<(), Fault>> {
        let first = 22 + self.standing.dice.below(4);
        let days = (first..first + 4).map(|day| format!("2026-11-{day}").parse()).collect::<Result<_, _>>()?;
        let ask = PlanOrders { elders: vec![elder], days, meal: Some(Meal::Dinner), commit: true, ..PlanOrders::default() };
        Ok(self.desk(at)?.ask(&ask).map(drop))
    }

    fn undo_a_batch(&mut self, at: usize) -> Result<Result<(), Fault>> {
        let batches = self.desk(at)?.ask(&List { list: "order_batches".into(), ..List::default() })?.rows;
        let Some(batch) = batches.get(self.standing.dice.below(batches.len())) else { return Ok(Ok(())) };
        Ok(self.desk(at)?.ask(&UndoBatch { batch: Some(batch.id), confirmed: true }).map(drop))
    }

    /// Nobody has two dinners of a day at a canteen: no other orders are for dinner.
    pub(super) fn nobody_is_ordered_twice(&self) -> Result<()> {
        let first: Date = "2026-11-20".parse()?;
        for office in self.offices.iter().filter(|office| office.place != 2) {
            let desk = office.desk.as_ref().context("the desk is up")?;
            for date in (0..30).map(|days| first.saturating_add(days.days())) {
                let mut seen = BTreeSet::new();
                let board = desk.ask(&Today { date: Some(date) })?;
                for order in board.orders.iter().filter(|order| order.meal == Meal::Dinner) {
                    ensure!(seen.insert(order.elder), "{}: a second dinner on {date}: {order:?}", office.name);
                }
            }
        }
        Ok(())
    }
}
