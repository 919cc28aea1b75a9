//! Days of birth in every form that offices write.

use super::Cell;
use jiff::civil::{Date, date};
use shared::rule::half_width::half_width;

/// What a cell says about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Birth {
    /// The whole day.
    Day(Date),
    /// Year and month; stands for the first of the month.
    Month(Date),
    /// The year alone.
    Year(i16),
}

impl Birth {
    /// Whether the day agrees with what the cell says.
    pub(super) fn agrees(self, day: Date) -> bool {
        match self {
            Self::Day(said) => said == day,
            Self::Month(said) => (said.year(), said.month()) == (day.year(), day.month()),
            Self::Year(said) => said == day.year(),
        }
    }

    /// The day to keep; a year alone is none.
    pub(super) fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) | Self::Month(day) => Some(day),
            Self::Year(_) => None,
        }
    }
}

/// The day of a cell: a real date, text in any usual form, or a serial number.
pub(super) fn of_cell(cell: Cell<'_>) -> Option<Birth> {
    match cell {
        Cell::Date(at) => whole(i64::from(at.year()), i64::from(at.month()), i64::from(at.day())),
        Cell::Number(number) if number.fract() == 0.0 && (0.0..1e9).contains(&number) => of_digits(&format!("{number:.0}")),
        Cell::Number(number) if (0.0..1e6).contains(&number) => of_serial(number.trunc() as i64),
        Cell::Text(text) => of_text(text),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Birth> {
    let plain: String = text.chars().map(half_width).collect();
    let plain = western(plain.trim().trim_start_matches('\''));
    let head = plain.split(['T', 't', ' ']).next().filter(|head| head.chars().filter(char::is_ascii_digit).count() >= 4);
    // A time of day may follow; blanks may also stand inside the day.
    let day = match head {
        Some(head) if plain.contains(':') => head.to_owned(),
        _ => plain.chars().filter(|c| !c.is_whitespace()).collect(),
    };
    let numbers: Vec<&str> = day.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    if day
        .chars()
        .any(|c| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号' | '生' | '\\' | ',' | '、' | '–' | '—'))
    {
        return None;
    }
    let number = |at: usize| numbers.get(at).and_then(|part| part.parse::<i64>().ok());
    match (numbers.len(), number(0)?, number(1), number(2)) {
        (1, ..) if day.contains('年') => full_year(numbers[0]).and_then(year_only),
        (1, ..) => of_digits(numbers[0]),
        (2, _, Some(month), _) if (1..=12).contains(&month) => month_of(full_year(numbers[0])?, month),
        (2, serial, _, _) if day.contains('.') && numbers[0].len() == 5 => of_serial(serial),
        (3, first, Some(second), Some(_)) if numbers[2].len() == 4 => {
            let (month, day) = if first > 12 { (second, first) } else { (first, second) };
            whole(full_year(numbers[2])?, month, day)
        }
        (3, _, Some(month), Some(day)) => whole(full_year(numbers[0])?, month, day),
        _ => None,
    }
}

/// Digits alone: 19500102, 195001, 1950, or the serial number of a spreadsheet.
fn of_digits(digits: &str) -> Option<Birth> {
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        8 => whole(number / 10_000, number / 100 % 100, number % 100),
        6 => month_of(number / 100, number % 100),
        4 if (1890..=2100).contains(&number) => year_only(number),
        4 | 5 => of_serial(number),
        _ => None,
    }
}

/// Days since 1899-12-30, as spreadsheets count; those of living elders.
fn of_serial(serial: i64) -> Option<Birth> {
    if !(3_000..60_000).contains(&serial) {
        return None;
    }
    date(1899, 12, 30).checked_add(jiff::Span::new().days(serial)).ok().map(Birth::Day)
}

fn full_year(text: &str) -> Option<i64> {
    let year: i64 = text.parse().ok()?;
    match text.len() {
        2 => Some(1900 + year),
        4 => Some(year),
        _ => None,
    }
}

fn year_only(year: i64) -> Option<Birth> {
    (1890..=2100).contains(&year).then(|| i16::try_from(year).ok().map(Birth::Year)).flatten()
}

fn month_of(year: i64, month: i64) -> Option<Birth> {
    match whole(year, month, 1) {
        Some(Birth::Day(day)) => Some(Birth::Month(day)),
        _ => None,
    }
}

fn whole(year: i64, month: i64, day: i64) -> Option<Birth> {
    let day = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1890..=2100).contains(&day.year()).then_some(Birth::Day(day))
}

/// Chinese numerals as digits: 一九五〇年十二月二十一日.
fn western(text: &str) -> String {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |c: char| DIGITS.chars().position(|d| d == c).or(matches!(c, '零' | '○' | 'O' | 'o').then_some(0));
    if !text.chars().any(|c| digit(c).is_some_and(|value| value > 0) || c == '十') {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at > 0 && digit(chars[at - 1]).is_some();
        let after = chars.get(at + 1).is_some_and(|c| digit(*c).is_some());
        match (*c, before, after) {
            ('十', true, true) => {}
            ('十', true, false) => out.push('0'),
            ('十', false, true) => out.push('1'),
            ('十', false, false) => out.push_str("10"),
            (c, ..) => out.push(digit(c).and_then(|value| char::from_digit(u32::try_from(value).ok()?, 10)).unwrap_or(c)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form() {
        let day = Some(Birth::Day(date(1950, 1, 2)));
        let month = Some(Birth::Month(date(1950, 1, 1)));
        for (text, expect) in [
            ("1950-01-02", day),
            ("1950-1-2", day),
            ("1950/1/2", day),
            ("1950.1.2", day),
            ("1950.01.02", day),
            ("1950年1月2日", day),
            ("1950 年 01 月 02 日", day),
            ("１９５０年１月２号生", day),
            ("一九五〇年一月二日", day),
            ("19500102", day),
            ("1950-01-02 00:00:00", day),
            ("1950-01-02T08:00:00", day),
            ("1950/1/2 0:00", day),
            ("1/2/1950", day),
            ("50-1-2", day),
            ("18265", day),
            ("'18265", day),
            ("1950年1月", month),
            ("1950-01", month),
            ("1950.1", month),
            ("195001", month),
            ("1950年", Some(Birth::Year(1950))),
            ("1950", Some(Birth::Year(1950))),
            ("一九四一年十二月二十一日", Some(Birth::Day(date(1941, 12, 21)))),
            ("一九四一年十月十日", Some(Birth::Day(date(1941, 10, 10)))),
            ("1950-02-30", None),
            ("1950-13-01", None),
            ("0000-00-00", None),
            ("不详", None),
            ("约1950年左右", None),
            ("", None),
            ("76", None),
        ] {
            assert_eq!(of_text(text), expect, "{text}");
        }
    }

    #[test]
    fn dates_and_serial_numbers() {
        let day = Some(Birth::Day(date(1950, 1, 2)));
        assert_eq!(of_cell(Cell::Date(date(1950, 1, 2).at(0, 0, 0, 0))), day);
        assert_eq!(of_cell(Cell::Number(18_265.0)), day);
        assert_eq!(of_cell(Cell::Number(18_265.5)), day);
        assert_eq!(of_cell(Cell::Number(19_500_102.0)), day);
        assert_eq!(of_cell(Cell::Number(195_001.0)), Some(Birth::Month(date(1950, 1, 1))));
        assert_eq!(of_cell(Cell::Number(-5.0)), None);
        assert!(Birth::Month(date(1950, 1, 1)).agrees(date(1950, 1, 31)));
        assert!(!Birth::Day(date(1950, 1, 1)).agrees(date(1950, 1, 31)));
    }
}
