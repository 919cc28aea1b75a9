//! Delivery: the run, and the courier's page.

use super::count;

/// How many are delivered, of all.
#[must_use]
pub fn done_of(done: usize, all: usize) -> String {
    format!("{done} of {all} delivered")
}

pub const PROGRESS: &str = "How many are delivered";
pub const NOTHING_TODAY: &str = "Nothing to deliver today. As soon as the front desk takes an order, it appears here.";

#[must_use]
pub fn leave_with(meals: usize) -> String {
    format!("Leave with {}", count(meals as u64, "meal", "meals"))
}

pub const ARRIVED: &str = "Arrived…";
pub const CALL: &str = "Call";
pub const BACK_TO_STOPS: &str = "‹ Back to the stops";

#[must_use]
pub fn instructions(note: &str) -> String {
    format!("Instructions: {note}")
}

pub const CHOOSE_STOP: &str = "Choose stop";
pub const MOVE_STOP: &str = "Move stop";
pub const PRINT: &str = "Print";
pub const ONLY_WITHOUT_RECEIPT: &str = "No receipt";
pub const CHOOSE_ONE: &str = "Choose a stop at the left. When all are delivered, this stays empty.";
pub const DAY_BEFORE: &str = "Previous day";
pub const DAY_AFTER: &str = "Next day";
pub const BY_WHOM: &str = "Delivered by";
pub const PRINT_SHEET: &str = "Print sheet";
pub const NOTHING_TO_DELIVER: &str = "Nothing to deliver here.";
pub const MOVED_STOPS_STAY: &str = "Move the stop; the order is kept for tomorrow";
pub const SHEET: &str = "Run sheet";
pub const PLACE_IN_RUN: &str = "No.";
pub const NAME_AND_PHONE: &str = "Name and phone";
pub const DIET_AND_INSTRUCTIONS: &str = "Diet and instructions";
pub const SIGNATURE_AND_TIME: &str = "Signature and time";

/// To be filled in by hand; when it was printed follows.
pub const SHEET_FOOT: &str = "Courier: ________________  Left at: ____________  ";

/// A way of delivery with its stops.
#[must_use]
pub fn by(way: &str, stops: usize) -> String {
    format!("{way} ({stops})")
}

#[must_use]
pub fn delivered(stops: usize) -> String {
    format!("{stops} delivered")
}

#[must_use]
pub fn not_delivered(stops: usize) -> String {
    format!("{stops} not delivered")
}

#[must_use]
pub fn without_receipt(stops: usize) -> String {
    format!("{stops} without receipt")
}

/// All meals of a run, then how many of each dish.
#[must_use]
pub fn dishes(meals: usize, by_dish: &[(&str, usize)]) -> String {
    let by_dish: Vec<String> = by_dish.iter().map(|(dish, meals)| format!("{dish} {meals}")).collect();
    format!("{}: {}", count(meals as u64, "meal", "meals"), by_dish.join(", "))
}

/// What the courier minds at a stop.
#[must_use]
pub fn minded(parts: &[String]) -> String {
    parts.join("; ")
}

#[must_use]
pub fn printed(day: &str, clock: &str) -> String {
    format!("Printed {day} {clock}")
}
