//! Places: canteens, townships, villages.

use crate::words::Told;

/// A canteen of which only the code is known.
#[must_use]
pub fn canteen(code: &str) -> String {
    format!("Canteen {code}")
}

#[must_use]
pub fn no_such_canteen(code: &str) -> (String, &'static str) {
    (format!("There is no canteen with the code {code}."), "Check the code of the canteen.")
}

#[must_use]
pub fn no_such_town(code: &str) -> (String, &'static str) {
    (
        format!("There is no township, village or community with the code {code}."),
        "Enter the 9 digits of a township, or the 12 digits of a village or community.",
    )
}

/// No such division; with the code of the city of the deployment.
#[must_use]
pub fn no_such_division(code: &str, city: &str) -> (String, String) {
    (
        format!("There is no division with the code {code}."),
        format!("Enter the 9 digits of a township, the 6 digits of a county, or {city} for the city."),
    )
}

#[must_use]
pub fn no_such_city(code: &str) -> (String, &'static str) {
    (
        format!("This program has no divisions of a city with the code {code}."),
        "Enter the 4 digits of the city; for another city, install the program that has its divisions first.",
    )
}

pub const BAD_CANTEEN_NAME: Told = ("The name of the canteen is empty or too long.", "Enter a name of 1 to 60 characters.");
pub const OUTSIDE_OF_SCOPE: Told = ("This is outside your area.", "Start from the overview and go to a place of your area.");
