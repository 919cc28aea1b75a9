//! 日子和时刻。

use jiff::civil::{Date, Weekday};

pub const YESTERDAY: &str = "昨天";
pub const TODAY: &str = "今天";
pub const TOMORROW: &str = "明天";

#[must_use]
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

/// A day with its weekday.
#[must_use]
pub fn day(date: Date) -> String {
    format!("{}月{}日 {}", date.month(), date.day(), weekday(date.weekday()))
}

/// How long it is until then.
#[must_use]
pub fn minutes(minutes: i64) -> String {
    format!("{minutes} 分钟")
}

#[must_use]
pub fn hours_and_minutes(hours: i64, minutes: i64) -> String {
    format!("{hours} 小时 {minutes} 分")
}
