//! Delivery: the run, and the courier's page.

use super::count;
use crate::words::Told;

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
pub const ROUTE: &str = "Route";
pub const ALL_ROUTES: &str = "All";
pub const NO_ROUTE: &str = "No route";
pub const PUT_ON_ROUTE: &str = "Put on a route";
pub const WITH_NEIGHBOURS: &str = "As its village";
pub const WHOLE_VILLAGE: &str = "The whole village";
pub const NO_ROUTES_YET: &str =
    "There are no routes yet. Make a few, such as East, and put people on them; who is new in a village goes with the neighbours.";
pub const ADD_ROUTES: &str = "Make routes";
pub const NO_SUCH_ROUTE: Told = ("This route is gone, or disabled.", "Choose another one.");

/// On which route a stop lies.
#[must_use]
pub fn on_route(name: &str) -> String {
    format!("Route: {name}")
}

/// After stops were put on a route.
#[must_use]
pub fn put(name: &str, stops: u32) -> String {
    format!("{name}: {} put there, tomorrow as well", count(u64::from(stops), "stop", "stops"))
}

/// The title of a run.
#[must_use]
pub fn run_of(route: &str, meal: &str) -> String {
    format!("{route} · {meal}")
}

pub const HAND_OVER: &str = "Hand over";
pub const CHOOSE_RUN_FIRST: Told = ("It is not known which run is handed over.", "Choose the meal and the route first.");
pub const ONLY_TODAY: Told = ("These are not meals of today.", "Meals are handed over on their day; go back to today.");
pub const ONLY_AT_CANTEENS: Told = ("This computer is not at a canteen.", "Hand boxes over at a canteen's computer.");
pub const NOTHING_TO_HAND_OVER: Told = (
    "There is nothing to hand over: everything of this run was, or nothing is ordered yet.",
    "Look whether meal and route are the right ones.",
);
pub const COUNT_THE_BOXES: &str = "count the boxes that go out";
pub const TAKEN_BY_WHOM: &str = "say who takes them";
pub const NOT_NEGATIVE: &str = "not less than nothing; 0 where there is none";
pub const BACK_TO_WHOM: &str = "say when they came back, and to whom";
pub const WHY_DIFFERENT: &str = "Why, where the counts differ";
pub const STATE_OUT_NOW: &str = "These orders are on the way from then on.";

/// So many stand on the sheet.
#[must_use]
pub fn on_sheet(listed: usize) -> String {
    format!("{listed} on the sheet")
}

#[must_use]
pub fn counts_differ(listed: u32, boxes: u32) -> String {
    format!("{listed} on the sheet, {boxes} handed over: say why")
}

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("No more than {most} are handed over at once."), "Use several routes, one after the other.")
}

/// After a hand-over.
#[must_use]
pub fn handed_over(boxes: u32, to: &str) -> String {
    format!("{} handed to {to}", count(u64::from(boxes), "box", "boxes"))
}

/// 11:20 12 boxes to Mei
#[must_use]
pub fn handed_at(clock: &str, boxes: u32, to: &str) -> String {
    format!("{clock} {} to {to}", count(u64::from(boxes), "box", "boxes"))
}

/// Of those on the sheet, so many were not handed over.
#[must_use]
pub fn still_here(orders: usize) -> String {
    format!("{orders} not handed over")
}

pub const NOTHING_BACK: &str = "Boxes and sheet not back";
pub const COUNT_BACK: &str = "Count back";

/// A box on the sheet, filled in when the courier is back.
pub const RETURN_BOX: &str = "Back: □ this sheet   boxes ______   not delivered ______   received by ______________   at ________";

/// Who drives on most days.
#[must_use]
pub fn courier(name: &str) -> String {
    format!("Courier {name}")
}
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
