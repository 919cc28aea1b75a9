//! Days and times.

use jiff::civil::{Date, Weekday};

pub const YESTERDAY: &str = "Yesterday";
pub const TODAY: &str = "Today";
pub const TOMORROW: &str = "Tomorrow";

#[must_use]
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// A day with its weekday.
#[must_use]
pub fn day(date: Date) -> String {
    let month = match date.month() {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    };
    format!("{} {} {month}", weekday(date.weekday()), date.day())
}

/// How long it is until then.
#[must_use]
pub fn minutes(minutes: i64) -> String {
    format!("{minutes} min")
}

#[must_use]
pub fn hours_and_minutes(hours: i64, minutes: i64) -> String {
    format!("{hours} h {minutes} min")
}
