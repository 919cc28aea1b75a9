//! Overview: the totals of a place over a period.

use super::count;
use crate::words::Told;

pub const COUNTIES_BELOW: &str = "Counties";
pub const TOWNSHIPS_BELOW: &str = "Townships";
pub const CANTEENS_BELOW: &str = "Canteens";
pub const WHERE_ONE_IS: &str = "Where you are";
pub const TO_THE_LEDGER: &str = "Open ledger";
pub const FIGURES_BY_PLACE: &str = "Figures by place";
pub const NO_CANTEENS: &str = "No canteens here yet.";
pub const LAST_FOURTEEN_DAYS: &str = "Meals of the last 14 days";
pub const PLACE: &str = "Place";
pub const CANTEENS: &str = "Canteens";
pub const MEALS: &str = "Meals";
pub const BROUGHT: &str = "Delivery";
pub const RECEIPT_RATE: &str = "Receipt rate";
pub const AMOUNT: &str = "Amount";
pub const AMOUNT_IN_YUAN: &str = "Amount (¥)";
pub const BROUGHT_AND_FETCHED: &str = "Delivery / pick-up";
pub const RECEIPTS_DONE: &str = "Receipts done";
pub const NO_RECEIPT_LACKING: &str = "None missing";
pub const NOTHING_BROUGHT: &str = "No deliveries";
pub const DEVICES_HEARD_OF: &str = "Devices online";
pub const ALL_HEARD_OF: &str = "All upload on time";

/// Under the head that says that they are meals.
#[must_use]
pub fn meals(number: &str) -> String {
    number.to_owned()
}

#[must_use]
pub fn served(number: &str) -> String {
    format!("{number} done")
}

#[must_use]
pub fn by_third_party(number: &str) -> String {
    format!("{number} by third party")
}

#[must_use]
pub fn receipts_lacking(number: &str) -> String {
    format!("{number} missing")
}

#[must_use]
pub fn canteens(number: &str) -> String {
    format!("Canteens: {number}")
}

#[must_use]
pub fn of_brought(share: &str) -> String {
    format!("{share} of deliveries")
}

#[must_use]
pub fn devices_silent(number: u64) -> String {
    format!("{number} silent for over 24 hours")
}

/// A bar of the chart.
#[must_use]
pub fn bar(day: &str, meals: u64, brought: u64) -> String {
    format!("{day}: {}, {brought} delivered", count(meals, "meal", "meals"))
}

/// The chart for those who hear it: its days, each with its meals and how many of them were brought.
#[must_use]
pub fn chart(days: &[(String, u64, u64)]) -> String {
    let days: Vec<String> = days.iter().map(|(day, meals, brought)| bar(day, *meals, *brought)).collect();
    format!("Meals of the last 14 days: {}", days.join("; "))
}

pub const BAD_PERIOD: Told = (
    "The first and the last day are wrong.",
    "The first day may not be later than the last, and they may not be more than three years apart.",
);
