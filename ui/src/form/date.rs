//! Typed dates and times: no calendar to click through, no foreign words.

use crate::kit::time::days_until;
use jiff::civil::{Date, Time};
use shared::rule::half_width::half_width;

/// A day as typed: `11-22`, `1122`, `11.22`, `11月22日`, `2026-11-22`, `20261122`. Without a year
/// the one nearest to `today` is meant.
pub fn parse_date(text: &str, today: Date) -> Option<Date> {
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    match plain.as_str() {
        "今天" => return Some(today),
        "明天" => return today.tomorrow().ok(),
        "后天" => return today.tomorrow().ok()?.tomorrow().ok(),
        "昨天" => return today.yesterday().ok(),
        _ => {}
    }
    let parts: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [only] if only.len() == 8 => full(&only[..4], &only[4..6], &only[6..]),
        [only] if only.len() == 4 => nearest(&only[..2], &only[2..], today),
        [only] if only.len() == 3 => nearest(&only[..1], &only[1..], today),
        [year, month, day] => full(year, month, day),
        [month, day] => nearest(month, day, today),
        _ => None,
    }
}

fn full(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn nearest(month: &str, day: &str, today: Date) -> Option<Date> {
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let days = years.into_iter().filter_map(|year| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok());
    days.min_by_key(|date| days_until(today, *date).abs())
}

/// A time of day as typed: `11:58`, `1158`, `958`, `11：58`.
pub fn parse_time(text: &str) -> Option<Time> {
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let (hour, minute) = match parts.as_slice() {
        [only] if (3..=4).contains(&only.len()) => only.split_at(only.len() - 2),
        [hour, minute] => (*hour, *minute),
        _ => return None,
    };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn days_as_they_are_typed() {
        let today = date(2026, 11, 22);
        for (text, expect) in [
            ("11-22", Some(date(2026, 11, 22))),
            ("1122", Some(date(2026, 11, 22))),
            ("１１－２３", Some(date(2026, 11, 23))),
            ("11月24日", Some(date(2026, 11, 24))),
            ("2026-11-22", Some(date(2026, 11, 22))),
            ("2026/1/5", Some(date(2026, 1, 5))),
            ("20261201", Some(date(2026, 12, 1))),
            ("1-3", Some(date(2027, 1, 3))),
            ("明天", Some(date(2026, 11, 23))),
            ("13-40", None),
            ("2-29", None),
            ("", None),
            ("王桂英", None),
        ] {
            assert_eq!(parse_date(text, today), expect, "{text}");
        }
        assert_eq!(parse_date("12-31", date(2027, 1, 2)), Some(date(2026, 12, 31)));
    }

    #[test]
    fn times_as_they_are_typed() {
        for (text, expect) in [
            ("11:58", Some(time(11, 58, 0, 0))),
            ("1158", Some(time(11, 58, 0, 0))),
            ("958", Some(time(9, 58, 0, 0))),
            ("１１：58", Some(time(11, 58, 0, 0))),
            ("2560", None),
            ("", None),
        ] {
            assert_eq!(parse_time(text), expect, "{text}");
        }
    }
}
