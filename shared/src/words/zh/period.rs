//! 期间：今天、本周、从哪天到哪天。

pub const PERIOD: &str = "期间";
pub const THIS_WEEK: &str = "本周";
pub const THIS_MONTH: &str = "本月";
pub const LAST_SEVEN_DAYS: &str = "近七天";
pub const CHOSEN_DAYS: &str = "自选";
pub const FIRST_DAY: &str = "从";

/// Between the two days.
pub const UP_TO: &str = "至";

pub const LAST_DAY: &str = "到";

/// A day of this year.
#[must_use]
pub fn day(month: usize, day: usize) -> String {
    format!("{month}月{day}日")
}
