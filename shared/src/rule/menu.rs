//! 每日菜单: which dishes of a week are copied to another one, and under which ids a dish stands on a menu. Facts in, answer out.

use super::standing::named;
use crate::kinds::Meal;
use crate::schema::{RecordId, words};
use jiff::ToSpan;
use jiff::civil::Date;

/// No menu is planned farther ahead: a quarter.
pub const MAX_AHEAD: i64 = 92;
/// Days of a week, from Monday.
pub const WEEK: i64 = 7;

words! {
    /// Why a dish is not copied to a day.
    CopySkip {
        Resting = "resting" "这天休息" "Resting day", There = "there" "菜单上已经有" "On the menu already",
        NotOffered = "not_offered" "这道菜已停供" "No longer offered", Past = "past" "日子已经过了" "The day is over",
    }
}

/// What is known of a dish that might be copied.
#[derive(Clone, Copy, Debug)]
pub struct CopyFacts {
    /// The canteen rests on that day.
    pub rests: bool,
    /// The dish is on the menu of that meal.
    pub there: bool,
    /// The canteen offers it.
    pub offered: bool,
}

/// Whether a dish is copied to a day.
///
/// # Errors
/// Why not: what holds of the day first.
pub fn may_copy(facts: CopyFacts, date: Date, today: Date) -> Result<(), CopySkip> {
    let rules = [
        (date >= today, CopySkip::Past),
        (!facts.rests, CopySkip::Resting),
        (!facts.there, CopySkip::There),
        (facts.offered, CopySkip::NotOffered),
    ];
    rules.into_iter().find(|(fits, _)| !fits).map_or(Ok(()), |(_, reason)| Err(reason))
}

/// The Monday of the week of a day.
#[must_use]
pub fn monday_of(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// The days of the week of a day, from Monday.
pub fn week_of(date: Date) -> impl Iterator<Item = Date> {
    let monday = monday_of(date);
    (0..WEEK).map(move |days| monday.saturating_add(days.days()))
}

/// The id under which a dish stands on the menu of a meal: the same at every desk, so that two that copy a week apart put each dish there once.
#[must_use]
pub fn menu_id(key: &[u8], canteen: &str, date: Date, meal: Meal, item: RecordId) -> RecordId {
    named(key, &format!("menu|{canteen}|{date}|{}|{item}", meal.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_rests_is_over_stands_there_or_is_not_cooked_any_more_is_not_copied() {
        let (today, fits) = (date(2026, 11, 25), CopyFacts { rests: false, there: false, offered: true });
        for (facts, on, expect) in [
            (fits, today, Ok(())),
            (fits, date(2026, 11, 24), Err(CopySkip::Past)),
            (CopyFacts { rests: true, there: true, ..fits }, today, Err(CopySkip::Resting)),
            (CopyFacts { there: true, ..fits }, today, Err(CopySkip::There)),
            (CopyFacts { offered: false, ..fits }, today, Err(CopySkip::NotOffered)),
        ] {
            assert_eq!(may_copy(facts, on, today), expect, "{facts:?} {on}");
        }
    }

    #[test]
    fn a_week_begins_on_monday_and_two_desks_name_a_dish_alike() {
        for on in [date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 29)] {
            let week: Vec<Date> = week_of(on).collect();
            assert_eq!((week[0], week[6], week.len()), (date(2026, 11, 23), date(2026, 11, 29), 7));
        }
        let item = |byte| RecordId(uuid::Uuid::from_bytes([byte; 16]));
        let id = |on, meal, byte| menu_id(b"key", "C1", on, meal, item(byte));
        let one = id(date(2026, 11, 23), Meal::Lunch, 1);
        assert_eq!(one, id(date(2026, 11, 23), Meal::Lunch, 1));
        for other in
            [id(date(2026, 11, 24), Meal::Lunch, 1), id(date(2026, 11, 23), Meal::Dinner, 1), id(date(2026, 11, 23), Meal::Lunch, 2)]
        {
            assert_ne!(one, other);
        }
    }
}
