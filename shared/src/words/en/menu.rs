//! Menu items and menus of the day.

use crate::words::Told;

#[must_use]
pub fn day_too_far(days: i64) -> String {
    format!("The day is too far from today, {days} days ahead at most")
}

/// A meal for which no dish was chosen.
pub const PLAIN_DISH: &str = "Standard";

pub const BAD_DISH: Told = ("The dish has no name, or its price is negative or above 10,000 yuan.", "Check it and try again.");
