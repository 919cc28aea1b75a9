//! Periods: today, this week, from day to day.

pub const PERIOD: &str = "Period";
pub const THIS_WEEK: &str = "This week";
pub const THIS_MONTH: &str = "This month";
pub const LAST_SEVEN_DAYS: &str = "Last 7 days";
pub const CHOSEN_DAYS: &str = "Choose";
pub const FIRST_DAY: &str = "From";

/// Between the two days.
pub const UP_TO: &str = "to";

pub const LAST_DAY: &str = "To";

/// A day of this year.
#[must_use]
pub fn day(month: usize, day: usize) -> String {
    let months = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{day} {}", months.get(month).copied().unwrap_or_default())
}
