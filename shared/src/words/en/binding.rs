//! Bindings: at which canteen an elder eats, and moving an elder to another one.

use crate::words::Told;
use jiff::civil::Date;

pub const SAME_CANTEEN: Told =
    ("This elder eats at this canteen already.", "Nothing needs to be done; choose another canteen to move the elder.");
pub const OF_THE_TOWN: Told = ("A canteen can't move elders.", "Ask the township office to do it.");
pub const OUTSIDE: Told =
    ("The old or the new canteen is outside what this computer may change.", "Ask the county office for a move between townships.");

#[must_use]
pub fn bound_since(canteen: &str, since: Date) -> String {
    format!("{canteen} (since {since})")
}

pub const CANTEEN_OF_THE_ELDER: &str = "The canteen of this elder";

#[must_use]
pub fn no_such_canteen(code: &str) -> (String, &'static str) {
    (format!("There is no canteen “{code}”."), "Choose a canteen from the list; sync first if it is a new one.")
}

pub const CANTEENS: &str = "Canteen";
pub const MOVE_TO: &str = "Move to";
pub const NOT_MOVED: &str = "Do not move";
pub const MOVE_FROM_TODAY: &str = "Move from today";
pub const MOVED: &str = "Moved; the elder eats at the new canteen from today.";

#[must_use]
pub fn days(since: jiff::civil::Date, until: Option<jiff::civil::Date>) -> String {
    until.map_or_else(|| format!("since {since}"), |until| format!("{since} to {until}"))
}

/// Another place asks for the file that stands here.
#[must_use]
pub fn asked_by(place: &str, on: Date) -> String {
    format!("{place} asked for this file on {on}; the township has to answer.")
}

/// The file stands elsewhere, and is asked for from here.
#[must_use]
pub fn asked_from_here(on: Date) -> String {
    format!("The file is elsewhere and was asked for on {on}; the answer is due. Meals can be ordered now.")
}

/// The other place keeps the file.
#[must_use]
pub fn kept_there(reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    format!("The file is elsewhere, and the other place keeps it{reason}. Meals can be ordered as ever.")
}
