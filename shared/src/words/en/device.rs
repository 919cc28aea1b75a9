//! Devices: the computers that are enrolled.

use crate::words::Told;

/// Who said it: a device by its number, and by name where that is known.
#[must_use]
pub fn called(number: u32, name: Option<&str>) -> String {
    match (number, name.filter(|name| !name.is_empty())) {
        (0, _) => "a computer not yet enrolled".to_owned(),
        (number, Some(name)) => format!("{name} (no. {number})"),
        (number, None) => format!("computer no. {number}"),
    }
}

pub const NONE: &str = "No computer is enrolled yet.";
pub const ALL_WELL: &str = "Fine";
pub const NEVER_HEARD_OF: &str = "Never";

#[must_use]
pub fn this_one(number: u32) -> String {
    format!("this computer (no. {number})")
}

#[must_use]
pub fn no_such_number(number: i64) -> (String, &'static str) {
    (format!("There is no device no. {number}."), "Check the number of the device.")
}

pub const WITHOUT_A_PLACE: Told = ("The place of the device is missing.", "Give a canteen code or a division code.");
