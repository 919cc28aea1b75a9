//! 工作日历: whether a canteen rests on a day. Facts in, answer out.

use super::binding::Site;
use crate::division;
use crate::kinds::{CalendarDay, Opening};
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// No day of the calendar is said farther ahead: two years.
pub const MAX_AHEAD: i64 = 731;
/// So many days are said in one go at most: a summer closure.
pub const LONGEST: i64 = 62;

/// What counts on each day of which somebody speaks.
pub type Counting<'a> = BTreeMap<Date, &'a CalendarDay>;

/// What counts for a canteen from one day to another: what the nearest says who speaks, the canteen before its town, that before its county, that before its
/// city. Where one place says both of a day, the canteen works: nobody goes without a meal by a slip. So it does on a day of which nobody speaks.
#[must_use]
pub fn counting<'a>(said: &'a [CalendarDay], site: Site<'_>, (from, to): (Date, Date)) -> Counting<'a> {
    let mut found: BTreeMap<Date, (usize, &CalendarDay)> = BTreeMap::new();
    for day in said {
        let Some(near) = nearness(day, site) else { continue };
        let last = day.until.unwrap_or(day.date).min(to);
        for date in day.date.max(from).series(1.day()).take_while(|date| *date <= last) {
            let other = found.entry(date).or_insert((near, day));
            if rank(near, day) > rank(other.0, other.1) {
                *other = (near, day);
            }
        }
    }
    found.into_iter().map(|(date, (_, day))| (date, day)).collect()
}

/// Why a canteen rests on a day; none where it works.
#[must_use]
pub fn rest<'a>(counting: &Counting<'a>, date: Date) -> Option<&'a str> {
    counting.get(&date).filter(|day| day.opening == Opening::Rests).map(|day| day.name.as_str())
}

/// How near a saying is to a canteen: its own, or that of a division in which it lies, the smaller the nearer. None where it is about others.
fn nearness(day: &CalendarDay, site: Site<'_>) -> Option<usize> {
    let named = |code: &'_ Option<String>| code.as_deref().is_some_and(|code| !code.is_empty());
    match (&day.canteen, &day.division) {
        (Some(canteen), _) if named(&day.canteen) => (canteen == site.canteen).then_some(usize::MAX),
        (_, Some(division)) => division::within(site.division, division).then_some(division.len()),
        _ => None,
    }
}

/// Of two sayings the greater counts; by their words where nothing else parts them, so that every desk takes the same.
fn rank(near: usize, day: &CalendarDay) -> (usize, bool, Reverse<&str>) {
    (near, day.opening == Opening::Works, Reverse(&day.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const SITE: Site<'_> = Site { canteen: "C1", division: "445381001008" };

    fn day(place: &str, on: Date, opening: Opening, name: &str) -> CalendarDay {
        let at = |is: bool| is.then(|| place.to_owned());
        let is_canteen = place.starts_with('C');
        CalendarDay { canteen: at(is_canteen), division: at(!is_canteen), date: on, until: None, opening, name: name.into() }
    }

    fn why(said: &[CalendarDay], on: Date) -> Option<String> {
        rest(&counting(said, SITE, (on, on)), on).map(str::to_owned)
    }

    #[test]
    fn the_nearest_who_speaks_decides_and_where_nobody_does_the_canteen_works() {
        use Opening::{Rests, Works};
        let on = date(2026, 10, 1);
        for (said, rests) in [
            (vec![], None),
            (vec![("4453", Rests)], Some("4453")),
            (vec![("4453", Rests), ("445381", Works)], None),
            (vec![("445381001", Rests), ("445381", Works), ("4453", Rests)], Some("445381001")),
            (vec![("C1", Works), ("445381001", Rests)], None),
            (vec![("C1", Rests), ("445381001", Works)], Some("C1")),
            (vec![("C2", Rests), ("445381106", Rests), ("445302", Rests), ("445381001001", Rests)], None),
            (vec![("C1", Rests), ("C1", Works)], None),
        ] {
            let said: Vec<CalendarDay> = said.into_iter().map(|(place, opening)| day(place, on, opening, place)).collect();
            assert_eq!(why(&said, on).as_deref(), rests, "{said:?}");
        }
        let both = CalendarDay { division: Some("445381001".into()), ..day("C2", on, Rests, "别处") };
        assert_eq!(why(&[both], on), None, "what names a canteen is about that canteen alone");
        let nobody = CalendarDay { canteen: Some(String::new()), ..day("445381", on, Rests, "国庆节") };
        assert_eq!(why(&[nobody], on).as_deref(), Some("国庆节"));
    }

    #[test]
    fn several_days_are_said_in_one_go_and_a_day_within_them_may_be_another() {
        let golden_week = CalendarDay { until: Some(date(2026, 10, 7)), ..day("445381", date(2026, 10, 1), Opening::Rests, "国庆节") };
        let said = [golden_week, day("C1", date(2026, 10, 6), Opening::Works, "照常开餐")];
        let days = counting(&said, SITE, (date(2026, 9, 28), date(2026, 10, 11)));
        let rests: Vec<i8> = days.keys().filter(|date| rest(&days, **date).is_some()).map(|date| date.day()).collect();
        assert_eq!((rests, days.len()), (vec![1, 2, 3, 4, 5, 7], 7));
    }

    proptest! {
        /// Whatever comes first, and however far a saying reaches.
        #[test]
        fn the_same_counts_in_any_order(mut said in proptest::collection::vec((0_usize..5, 0_i64..9, 0_i64..9, any::<bool>(), "[a-c]"), 0..12)) {
            let made = |said: &[(usize, i64, i64, bool, String)]| -> Vec<CalendarDay> {
                let of = |(place, from, more, rests, name): &(usize, i64, i64, bool, String)| {
                    let (from, opening) = (date(2026, 1, 1).saturating_add(from.days()), if *rests { Opening::Rests } else { Opening::Works });
                    let place = ["C1", "C2", "445381001", "445381", "4453"][*place];
                    CalendarDay { until: Some(from.saturating_add(more.days())), ..day(place, from, opening, name) }
                };
                said.iter().map(of).collect()
            };
            let span = (date(2025, 12, 30), date(2026, 1, 20));
            let why = |said: &[CalendarDay]| {
                let days = counting(said, SITE, span);
                (0..20).map(|on| rest(&days, span.0.saturating_add(on.days())).map(str::to_owned)).collect::<Vec<_>>()
            };
            let before = why(&made(&said));
            said.reverse();
            prop_assert_eq!(before, why(&made(&said)));
        }
    }
}
