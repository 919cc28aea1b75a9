//! 截单: until when an order for a meal may be taken, and which meal a call is most likely about.

use crate::kinds::{Canteen, Meal};
use jiff::civil::{Date, DateTime, Time};

/// When orders for `meal` on `date` close at the canteen. An unreadable time closes at midnight's
/// end, so that a typing error at the centre never stops a counter.
#[must_use]
pub fn cut_off(canteen: &Canteen, date: Date, meal: Meal) -> DateTime {
    let text = match meal {
        Meal::Breakfast => &canteen.cut_off_breakfast,
        Meal::Lunch => &canteen.cut_off_lunch,
        Meal::Dinner => &canteen.cut_off_dinner,
    };
    date.to_datetime(Time::strptime("%H:%M", text).unwrap_or(Time::MAX))
}

/// The next meal that can still be ordered at `now`: today's, or tomorrow's first.
#[must_use]
pub fn next_meal(canteen: &Canteen, now: DateTime) -> (Date, Meal) {
    // Most calls are about lunch: before the lunch cut-off it is offered even while breakfast is open.
    for meal in [Meal::Lunch, Meal::Dinner] {
        if now <= cut_off(canteen, now.date(), meal) {
            return (now.date(), meal);
        }
    }
    (now.date().tomorrow().unwrap_or(now.date()), Meal::Lunch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn canteen() -> Canteen {
        Canteen {
            code: "C1".into(),
            name: "罗城街道长者饭堂".into(),
            division: "445381001".into(),
            operator: None,
            cut_off_breakfast: "07:00".into(),
            cut_off_lunch: "10:30".into(),
            cut_off_dinner: "16:30".into(),
            receipt_free_hours: 24,
        }
    }

    #[test]
    fn the_offered_meal_follows_the_clock() {
        let day = date(2026, 11, 22);
        for (hour, minute, expect) in [
            (6, 0, (day, Meal::Lunch)),
            (10, 30, (day, Meal::Lunch)),
            (10, 31, (day, Meal::Dinner)),
            (16, 31, (date(2026, 11, 23), Meal::Lunch)),
        ] {
            assert_eq!(next_meal(&canteen(), day.at(hour, minute, 0, 0)), expect, "{hour}:{minute}");
        }
    }

    #[test]
    fn an_unreadable_cut_off_never_stops_a_counter() {
        let mut wrong = canteen();
        wrong.cut_off_lunch = "十点半".into();
        assert!(cut_off(&wrong, date(2026, 11, 22), Meal::Lunch) > date(2026, 11, 22).at(23, 59, 0, 0));
    }
}
