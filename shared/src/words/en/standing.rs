//! Standing meals, ordering ahead, batches of orders.

use crate::kinds::{Meal, OrderState};
use crate::rule::standing::SkipReason;
use crate::words::Told;
use crate::words::en::time::day;
use jiff::civil::Date;

pub const ENDS_BEFORE_IT_BEGINS: &str = "The last day is before the first one";
pub const PAUSE_NOT_BEGUN: &str = "It says when meals resume, not from when they pause";
pub const BACK_BEFORE_PAUSE: &str = "Meals have to resume after the first day of the pause";

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("The day is too far from today, {days} days ahead at most")
}

/// Every day of the week.
pub const EVERY_DAY: &str = "Every day";
/// No day of the week.
pub const NO_DAY: &str = "No days chosen";

#[must_use]
pub fn paused(from: Date, back: Option<Date>) -> String {
    match back {
        Some(back) => format!("Paused from {}, back on {}", day(from), day(back)),
        None => format!("Paused from {} until she says so", day(from)),
    }
}

#[must_use]
pub fn until(last: Date) -> String {
    format!("Until {}", day(last))
}

#[must_use]
pub fn since(first: Date) -> String {
    format!("From {}", day(first))
}

#[must_use]
pub fn order_cancelled(date: Date, meal: Meal, number: &str) -> String {
    format!("{} {}, order {number}: cancelled", day(date), meal.label().en)
}

#[must_use]
pub fn order_changed(date: Date, meal: Meal, number: &str) -> String {
    format!("{} {}, order {number}: changed likewise", day(date), meal.label().en)
}

#[must_use]
pub fn order_made(date: Date, meal: Meal) -> String {
    format!("{} {}: ordered", day(date), meal.label().en)
}

#[must_use]
pub fn order_stays(date: Date, meal: Meal, number: &str, state: OrderState) -> String {
    format!("{} {}, order {number}: {}, stays as it is", day(date), meal.label().en, state.label().en)
}

pub const ONLY_AT_CANTEENS: Told =
    ("This is the computer of an office, which makes no orders for a canteen in one go.", "Do it at the canteen's computer.");
pub const NOBODY_CHOSEN: Told = ("Nobody is chosen.", "Choose elders, or a group of them.");
pub const NO_DAYS: Told = ("No days are chosen.", "Choose the days in the calendar.");
pub const DAYS_PAST: Told = ("Some of the days are over.", "Choose today and later days; enter past meals late, one by one.");
pub const NOTHING_TO_MAKE: Told = ("There is no order to be made.", "See why nothing is ordered for each of them.");
pub const NOT_HERE: Told = ("There is no such standing meal here.", "Refresh and look again.");
pub const NO_BATCH: Told = ("There is no such batch here.", "Refresh and look again.");
pub const UNDONE_ALREADY: Told = ("This batch was taken back already.", "Refresh and have a look.");

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("At most {most} orders are made in one go."), "Choose fewer elders or fewer days.")
}

#[must_use]
pub fn may_not_begin(reason: SkipReason) -> (String, &'static str) {
    (
        format!("No standing meal can be entered for this elder here: {}.", reason.label().en),
        "Check the file; who eats elsewhere is sent here by the township first.",
    )
}

pub const TITLE: &str = "Standing meals";
pub const ENTER: &str = "Enter standing meals";
pub const CHANGE_OR_PAUSE: &str = "Change, pause";
pub const WEEKDAYS: &str = "Monday to Friday";
pub const PAUSE_A_WEEK: &str = "Pause a week from tomorrow";
pub const RESUME_TOMORROW: &str = "Resume tomorrow";
pub const CHANGES: &str = "These orders change with it:";
pub const DO_IT: &str = "Yes, change them";
pub const SAVED: &str = "Standing meal saved";
pub const NEW_HINT: &str = "Find the elder first, then enter standing meals.";
pub const HOW_IT_GOES: &str =
    "This computer orders ahead by itself; those of the next three days are there at once. For a day without a meal, cancel that order.";

pub const FIRST_OF_THE_DAY: &str = "The first of the day";
pub const PLAN: &str = "Order ahead";
pub const FOR_WHOM: &str = "For whom";
pub const CHOSEN: &str = "One by one";
pub const AS_ON: &str = "As on a day";
pub const WHICH_DAYS: &str = "Which days";
pub const WHAT: &str = "What";
pub const AS_USUAL: &str = "As each is used to";
pub const LOOK: &str = "See what would be ordered";
pub const CLEAR_DAYS: &str = "Clear days";
pub const MONTH_BEFORE: &str = "Month before";
pub const MONTH_AFTER: &str = "Month after";
pub const NOT_MADE: &str = "These are not ordered";
pub const UNDO: &str = "Take this batch back";
pub const UNDO_FOR_SURE: &str = "Yes, take it back";

#[must_use]
pub fn month(year: i16, month: i8) -> String {
    format!("{year}-{month:02}")
}

#[must_use]
pub fn would_make(orders: u32, elders: u32, price: &str) -> String {
    format!("{orders} orders for {elders} elders, {price} together")
}

#[must_use]
pub fn make(orders: u32) -> String {
    format!("Make these {orders} orders")
}

#[must_use]
pub fn made(orders: u32) -> String {
    format!("{orders} orders made. To take them back, open Batches of orders.")
}

#[must_use]
pub fn would_undo(cancelled: u32, kept: u32) -> String {
    format!("{cancelled} orders that nobody has begun to prepare are cancelled; {kept} are prepared, out, cancelled or past, and stay.")
}

#[must_use]
pub fn undone(cancelled: u32) -> String {
    format!("Batch taken back, {cancelled} orders cancelled")
}

#[must_use]
pub fn days_chosen(days: usize) -> String {
    format!("{days} days chosen")
}

#[must_use]
pub fn unmade(people: usize) -> String {
    format!(
        "{people} standing meals of today were not ordered, since orders had closed when this computer was started. Enter late what is to be served"
    )
}
