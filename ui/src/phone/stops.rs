//! What the courier's page holds, and its acts: leave with the bag, open a stop, close it.

use super::Behind;
use super::wire::{Board, SetOutcome, Stop};
use crate::backend;
use crate::kit::fault::Notes;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::kinds::{Meal, Mode, OrderState};

/// Still to be brought.
pub fn waits(line: &Stop) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out)
}

/// Still in the kitchen.
pub fn leaves(line: &Stop) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared)
}

/// The page's signals; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct Stops {
    behind: Behind,
    pub notes: Notes,
    pub meal: RwSignal<Option<Meal>>,
    /// All stops of the day, in the order of the run.
    pub of_day: Memo<Vec<Stop>>,
    /// Those of the meal, what is done behind what waits.
    pub shown: Memo<Vec<Stop>>,
    /// The stop that is being closed.
    pub open: RwSignal<Option<Stop>>,
    pub busy: RwSignal<bool>,
}

impl Stops {
    pub fn new(behind: Behind, board: RwSignal<Option<Board>>, notes: Notes) -> Self {
        let meal = RwSignal::new(None::<Meal>);
        let of_day = Memo::new(move |_| {
            board.with(|board| {
                let Some(board) = board else { return Vec::new() };
                let ours = |line: &&Stop| line.mode == Mode::OwnDelivery && line.state != OrderState::Cancelled;
                let mut lines: Vec<Stop> = board.orders.iter().filter(ours).cloned().collect();
                // As the desk says that they are driven.
                lines.sort_by_key(|line| board.run.iter().position(|order| *order == line.id).unwrap_or(usize::MAX));
                lines
            })
        });
        let shown = Memo::new(move |_| {
            let lines = of_day.get().into_iter().filter(|line| meal.get().is_none_or(|meal| line.meal == meal));
            let (waiting, done): (Vec<Stop>, Vec<Stop>) = lines.partition(waits);
            [waiting, done].concat()
        });
        Self { behind, notes, meal, of_day, shown, open: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    /// The clock of the desk.
    pub fn now(self) -> String {
        self.behind.status.with_untracked(|status| status.as_ref().map(|status| status.now.clone()).unwrap_or_default())
    }

    /// After an act.
    pub fn refresh(self) {
        spawn_local(async move { self.behind.ask().await });
    }

    /// What is shown goes into the bag: all of it is on the way.
    pub fn leave(self) {
        let going: Vec<Stop> = self.shown.get_untracked().into_iter().filter(leaves).collect();
        self.busy.set(true);
        spawn_local(async move {
            for line in &going {
                if let Err(fault) = backend::call(&SetOutcome { order: line.id.clone(), state: Some(OrderState::Out) }).await {
                    self.notes.bad(&fault);
                    break;
                }
            }
            self.busy.set(false);
            self.behind.ask().await;
        });
    }
}
