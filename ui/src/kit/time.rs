//! Days and times as the counter says them.

use jiff::civil::{Date, DateTime};
use shared::say;

/// 周日
pub fn weekday(date: Date) -> &'static str {
    say!(time::weekday(date.weekday()))
}

/// The day so many days away, step by step: screens turn days one by one, and a span of the calendar would bring its
/// whole arithmetic of months and zones into the page.
pub fn days_away(from: Date, days: i32) -> Date {
    let step = |day: Date, _| if days < 0 { day.yesterday() } else { day.tomorrow() }.unwrap_or(day);
    (0..days.abs()).fold(from, step)
}

/// How many days `then` is away.
pub fn days_until(now: Date, then: Date) -> i64 {
    now.duration_until(then).as_hours() / 24
}

/// 11月22日 周日
pub fn day_long(date: Date) -> String {
    say!(time::day(date))
}

/// 11-22
pub fn day_short(date: Date) -> String {
    format!("{:02}-{:02}", date.month(), date.day())
}

/// 09:41
pub fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// 09:41 today, 11-21 09:41 on other days.
pub fn moment(at: DateTime, today: Date) -> String {
    if at.date() == today { clock(at) } else { dated(at) }
}

/// 11-21 09:41, whatever day it is.
pub fn dated(at: DateTime) -> String {
    format!("{} {}", day_short(at.date()), clock(at))
}

/// 42 分钟, 3 小时 5 分; none when it is over.
pub fn until(now: DateTime, then: DateTime) -> Option<String> {
    let minutes = now.duration_until(then).as_mins();
    match minutes {
        ..0 => None,
        0..60 => Some(say!(time::minutes(minutes))),
        _ => Some(say!(time::hours_and_minutes(minutes / 60, minutes % 60))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use shared::words::{Language, speaking};

    #[test]
    fn times_as_people_say_them() {
        let now = date(2026, 11, 22).at(9, 48, 0, 0);
        assert_eq!(day_long(now.date()), "11月22日 周日");
        assert_eq!(until(now, date(2026, 11, 22).at(10, 30, 0, 0)).as_deref(), Some("42 分钟"));
        assert_eq!(until(now, date(2026, 11, 22).at(16, 30, 0, 0)).as_deref(), Some("6 小时 42 分"));
        assert_eq!(until(now, date(2026, 11, 22).at(9, 30, 0, 0)), None);
        speaking(Language::En, || {
            assert_eq!(day_long(now.date()), "Sun 22 Nov");
            assert_eq!(until(now, date(2026, 11, 22).at(10, 30, 0, 0)).as_deref(), Some("42 min"));
            assert_eq!(until(now, date(2026, 11, 22).at(16, 30, 0, 0)).as_deref(), Some("6 h 42 min"));
        });
        assert_eq!(moment(now, date(2026, 11, 23)), "11-22 09:48");
        let (today, other) = (now.date(), date(2026, 12, 1));
        assert_eq!((days_away(today, 9), days_until(today, other)), (other, 9));
        assert_eq!((days_away(other, -9), days_until(other, today)), (today, -9));
    }
}
