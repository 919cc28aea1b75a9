//! What the courier's page holds, and its acts: leave with the bag, open a stop, close it.

use super::Behind;
use crate::backend;
use crate::form::run::sort;
use crate::kit::fault::Notes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{OrderLine, SetOutcome, TodayBoard};
use shared::record::{Meal, Mode, OrderState};

/// Still to be brought.
pub fn waits(line: &OrderLine) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out)
}

/// Still in the kitchen.
pub fn leaves(line: &OrderLine) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared)
}

/// The page's signals; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct Stops {
    behind: Behind,
    pub notes: Notes,
    pub meal: RwSignal<Option<Meal>>,
    /// All stops of the day, in the order of the run.
    pub of_day: Memo<Vec<OrderLine>>,
    /// Those of the meal, what is done behind what waits.
    pub shown: Memo<Vec<OrderLine>>,
    /// The stop that is being closed.
    pub open: RwSignal<Option<OrderLine>>,
    pub busy: RwSignal<bool>,
}

impl Stops {
    pub fn new(behind: Behind, board: RwSignal<Option<TodayBoard>>, notes: Notes) -> Self {
        let meal = RwSignal::new(None::<Meal>);
        let of_day = Memo::new(move |_| {
            board.with(|board| {
                let Some(board) = board else { return Vec::new() };
                let ours = |line: &&OrderLine| line.mode == Mode::OwnDelivery && line.state != OrderState::Cancelled;
                let mut lines: Vec<OrderLine> = board.orders.iter().filter(ours).cloned().collect();
                sort(&mut lines, &board.run);
                lines
            })
        });
        let shown = Memo::new(move |_| {
            let mut lines: Vec<OrderLine> =
                of_day.get().into_iter().filter(|line| meal.get().is_none_or(|meal| line.meal == meal)).collect();
            lines.sort_by_key(|line| !waits(line));
            lines
        });
        Self { behind, notes, meal, of_day, shown, open: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// The clock of the desk.
    pub fn now(self) -> jiff::civil::DateTime {
        self.behind.status.with_untracked(|status| status.as_ref().map(|status| status.now).unwrap_or_default())
    }

    /// After an act.
    pub fn refresh(self) {
        spawn_local(async move { self.behind.ask().await });
    }

    /// What is shown goes into the bag: all of it is on the way.
    pub fn leave(self) {
        let going: Vec<OrderLine> = self.shown.get_untracked().into_iter().filter(leaves).collect();
        self.busy.set(true);
        spawn_local(async move {
            for line in &going {
                if let Err(fault) = backend::call(&SetOutcome { order: Some(line.id), state: Some(OrderState::Out), reason: None }).await {
                    self.notes.bad(&fault);
                    break;
                }
            }
            self.busy.set(false);
            self.behind.ask().await;
        });
    }
}
