//! The kitchen: its sheet, frozen counts, labels, samples, checks.

use crate::words::Told;

pub const ONLY_AT_CANTEENS: Told = ("This is an office, it has no kitchen.", "The kitchen's sheet is on the computers of canteens.");
pub const NOTHING_TO_COUNT: Told = ("There is no order for this meal yet, nothing to count.", "Count it when there are orders.");

#[must_use]
pub fn too_many(most: usize) -> (String, &'static str) {
    (format!("The meal has more than {most} portions, too many for one count."), "Ask whoever runs the system.")
}

#[must_use]
pub fn too_much_spare(most: u32) -> (String, &'static str) {
    (format!("At most {most} % are cooked beyond what is ordered."), "Choose less.")
}

#[must_use]
pub fn too_little(grams: i64) -> String {
    format!("a sample has at least {grams} g")
}

#[must_use]
pub fn too_early(hours: i64) -> String {
    format!("a sample is kept for {hours} hours; say why it was thrown away earlier")
}

pub const READING_MISSING: &str = "what was read is missing";
pub const ACTION_MISSING: &str = "say what was done about it, or why";

#[must_use]
pub fn not_done(degrees: i64) -> String {
    format!("less than {degrees} ℃ in the core is not in order")
}

#[must_use]
pub fn not_cold(degrees: i64) -> String {
    format!("more than {degrees} ℃ in a fridge is not in order")
}

pub const SHEET: &str = "Production sheet";
pub const FREEZE: &str = "Freeze the count";
pub const PRINT_SHEET: &str = "Print the sheet";
pub const PRINT_LABELS: &str = "Print labels";
pub const TEXTURE: &str = "Texture";
pub const SIZE: &str = "Size";
pub const TOTAL: &str = "Total";
pub const SPARE: &str = "Spare";

pub const SPARE_SHARE: &str = "How many are cooked beyond what is ordered";
pub const NO_ORDERS: &str = "No orders for this meal yet.";
pub const NOT_FROZEN: &str = "Not frozen yet";
pub const NOT_FROZEN_HINT: &str = "Once it is, what is more or less stands apart, and nobody counts anew.";
pub const CLOSED_NOT_FROZEN: &str = "Orders have closed, the count is not frozen";

#[must_use]
pub fn closes(clock: &str) -> String {
    format!("orders close at {clock}")
}

/// A frozen count: which, when, by whom, how many.
#[must_use]
pub fn frozen(number: u32, clock: &str, by: &str, portions: u32) -> String {
    let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
    format!("Count {number} at {clock}{by}: {portions}")
}

#[must_use]
pub fn frozen_now(number: u32, portions: u32) -> String {
    format!("Count {number}: {portions} portions, kept.")
}

pub const SINCE: &str = "Since the count";
pub const NOTHING_SINCE: &str = "Nothing changed since the count";
/// What the kitchen minds box by box.
pub const SPECIAL: &str = "Special";
pub const NO_SPECIAL: &str = "Nothing special at this meal.";
pub const ADDED: &str = "New";
pub const GONE: &str = "Cancelled";
pub const CHANGED: &str = "Changed";
pub const NEEDS_CHANGED: &str = "Diet changed";
pub const WAS: &str = "Was";
pub const NOW: &str = "Is";
pub const BY_WHOM: &str = "By whom";
pub const CLASHES: &str = "Clashes";

/// A dish that must not be given, or is not wanted.
#[must_use]
pub fn clash(dish: &str, stated: &str) -> String {
    format!("{dish} ({stated})")
}

#[must_use]
pub fn stops(boxes: usize) -> String {
    format!("{boxes} with an allergy to what is cooked: must not get it")
}

pub const NO_MENU: &str = "The menu of this meal is not published: clashes are not known.";
pub const SAMPLES: &str = "Samples";

#[must_use]
pub fn take_sample(grams: i64) -> String {
    format!("Keep {grams} g")
}

pub const DISCARD: &str = "Throw away";
pub const SAMPLE_DUE: &str = "Due";
pub const SAMPLE_LATE: &str = "Missing";
pub const SAMPLE_KEPT: &str = "Kept";
pub const SAMPLE_DISCARD: &str = "Kept for 48 hours, may go";
pub const SAMPLE_GONE: &str = "Thrown away";
pub const SAMPLE_NOTED: &str = "The sample is noted.";
pub const DISCARD_NOTED: &str = "Noted as thrown away.";
pub const NO_DISHES: &str = "Neither a menu nor orders.";

/// On which route, where it lies on one.
#[must_use]
pub fn stop(route: &str, number: u32) -> String {
    format!("{route} stop {number}").trim_start().to_owned()
}

/// Beside the number of a label's printing; the first has none.
#[must_use]
pub fn reprint(number: u32) -> String {
    format!("reprint {number}")
}

#[must_use]
pub fn eat_before(clock: &str) -> String {
    format!("Eat before {clock}")
}

#[must_use]
pub fn portions(count: usize) -> String {
    format!("{count} portions")
}

pub const SHEET_FOOT: &str = "Cook: ____________  Checked: ____________  ";
pub const CHECKS: &str = "Checks of the day";
pub const NOTE_CHECK: &str = "Note a check";
