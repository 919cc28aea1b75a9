//! 存疑: which orders do not fit what is known, each rule by itself, and what follows when the order, what is known of it, or a decision
//! changes. Facts in, verdict out; the server gathers them (`sync-server/src/doubt`).

use crate::kinds::{DoubtReason, DoubtVerdict, Meal, Order, OrderState};
use crate::money::Fen;
use crate::rule::order::{MAX_DAYS_AHEAD, MAX_DAYS_BACK};
use jiff::ToSpan;
use jiff::civil::Date;

/// No meal costs more: ten thousand yuan. What is beyond it is no price, whoever says that it counts.
pub const HIGHEST_PRICE: Fen = Fen(1_000_000);
/// So long a desk may have been without a line, honestly.
const OFFLINE_DAYS: i64 = 30;
/// A clock that is off by hours makes another day of it.
const CLOCK_DAYS: i64 = 1;
/// An order that comes to the server may be for a day so far ahead: as far as a desk lets it be typed.
pub const AHEAD: i64 = MAX_DAYS_AHEAD + CLOCK_DAYS;
/// And so far back: a late entry of a desk that was then without a line.
pub const BACK: i64 = MAX_DAYS_BACK + OFFLINE_DAYS + CLOCK_DAYS;

/// Whether an amount can be the price of a meal.
#[must_use]
pub const fn is_possible(price: Fen) -> bool {
    price.0 >= 0 && price.0 <= HIGHEST_PRICE.0
}

/// Whether a canteen that saw the person last on `seen` may take an order for that day; none where it never saw her. One who has left
/// is known for as long as an order could have been typed ahead by then.
#[must_use]
pub fn knew(seen: Option<Date>, date: Date) -> bool {
    seen.is_some_and(|seen| date <= last_known(seen))
}

/// The last day for which a canteen may take an order of a person whom it saw last on that day.
#[must_use]
pub fn last_known(seen: Date) -> Date {
    seen.saturating_add(MAX_DAYS_AHEAD.days())
}

/// Whether a day is near enough to that on which the order came to the server.
#[must_use]
pub fn in_window(date: Date, received: Date) -> bool {
    (-BACK..=AHEAD).contains(&days(received, date))
}

/// Whether the price is one of the canteen's list of that day. Where it has none, every price is; a meal that the list does not name is
/// written without one, as desks do.
#[must_use]
pub fn is_listed(price: Fen, meal: Meal, list: &[(Meal, Fen)]) -> bool {
    let mut of_meal = list.iter().filter(|(of, _)| *of == meal).peekable();
    list.is_empty() || if of_meal.peek().is_none() { price == Fen::ZERO } else { of_meal.any(|(_, listed)| *listed == price) }
}

/// Whether a price was written anew once the meal was with the elder, by what the server knew before and knows now.
#[must_use]
pub fn is_repriced(before: &Order, after: &Order) -> bool {
    let served = |order: &Order| matches!(order.state, OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp);
    before.price != after.price && (served(before) || served(after))
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// What is known around an order, beside other orders.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// Whether the canteen sees the person, saw her then, or asks for her file.
    pub elder: bool,
    /// The prices of the canteen's list on the day of the order.
    pub prices: &'a [(Meal, Fen)],
    /// The day on which the order came to the server.
    pub received: Date,
}

/// Why an order is doubtful by itself, the gravest first; none for one that does not read.
#[must_use]
pub fn judge(order: Option<&Order>, known: &Known<'_>) -> Option<DoubtReason> {
    let Some(order) = order else { return Some(DoubtReason::Incomplete) };
    let rules = [
        (is_possible(order.price), DoubtReason::Impossible),
        // A cancelled order stands in no total.
        (order.state == OrderState::Cancelled || known.elder, DoubtReason::UnknownElder),
        (order.state == OrderState::Cancelled || in_window(order.date, known.received), DoubtReason::FarDate),
        (order.state == OrderState::Cancelled || is_listed(order.price, order.meal, known.prices), DoubtReason::NotListed),
    ];
    rules.into_iter().find(|(fits, _)| !fits).map(|(_, reason)| reason)
}

/// What was said of an order so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubted {
    /// Why it is doubtful.
    pub reason: Option<DoubtReason>,
    /// What was decided.
    pub verdict: Option<DoubtVerdict>,
    /// The order says what it said then, and who decided knew it.
    pub holds: bool,
}

/// What is to be said of it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Why it is doubtful.
    pub reason: Option<DoubtReason>,
    /// What was decided; a decision that is off is taken back.
    pub verdict: Option<DoubtVerdict>,
}

impl Judged {
    /// Whether it stands in totals.
    #[must_use]
    pub fn counts(&self) -> bool {
        counts(self.reason, self.verdict)
    }
}

/// Whether an order of which this is said stands in totals.
#[must_use]
pub fn counts(reason: Option<DoubtReason>, verdict: Option<DoubtVerdict>) -> bool {
    reason.is_none() || verdict == Some(DoubtVerdict::Counts)
}

/// What is to be said of an order by what was said so far, what is found now, and whether its price was just written anew. What somebody
/// decided is not undone by its canteen: a change makes the order doubtful again, and only a decision ends that.
#[must_use]
pub fn judged(so_far: Option<Doubted>, found: Option<DoubtReason>, repriced: bool) -> Judged {
    use DoubtReason::{Changed, Impossible, Repriced};
    let doubtful = |reason| Judged { reason, verdict: None };
    if found == Some(Impossible) {
        return doubtful(found);
    }
    match so_far {
        _ if repriced => doubtful(Some(Repriced)),
        Some(Doubted { reason, verdict: verdict @ Some(_), holds: true }) => Judged { reason, verdict },
        Some(Doubted { verdict: Some(_), .. } | Doubted { reason: Some(Impossible), .. }) => doubtful(Some(Changed)),
        Some(Doubted { reason: reason @ Some(Repriced | Changed), .. }) => doubtful(reason),
        _ => doubtful(found),
    }
}

/// Which of the orders for one meal of one elder come second, as they came: each with what is said of it without that, and whether it is
/// cancelled. The first that counts has the meal; what is doubtful by itself takes it from nobody.
#[must_use]
pub fn seconds(as_they_came: &[(Judged, bool)]) -> Vec<bool> {
    let mut taken = false;
    let second = |(said, cancelled): &(Judged, bool)| {
        let fits = said.counts() && !cancelled;
        let second = taken && fits && said.verdict.is_none();
        taken |= fits;
        second
    };
    as_they_came.iter().map(second).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Mode;
    use crate::schema::RecordId;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn order() -> Order {
        Order {
            number: "1-0010".into(),
            elder: RecordId(uuid::Uuid::from_u128(1)),
            elder_name: None,
            canteen: "c1".into(),
            date: TODAY,
            meal: Meal::Lunch,
            mode: Mode::PickUp,
            dish: None,
            price: Fen(1200),
            note: None,
            state: OrderState::Placed,
            reason: None,
            state_at: TODAY.at(9, 0, 0, 0),
            taken_at: TODAY.at(9, 0, 0, 0),
            taken_by: None,
            supplement_reason: None,
            platform_number: None,
            origin: None,
            batch: None,
        }
    }

    fn known<'a>() -> Known<'a> {
        Known { elder: true, prices: &[(Meal::Lunch, Fen(1200)), (Meal::Lunch, Fen(1500)), (Meal::Breakfast, Fen(500))], received: TODAY }
    }

    #[test]
    fn an_order_that_fits_is_not_doubtful() {
        assert_eq!(judge(Some(&order()), &known()), None);
    }

    #[test]
    fn an_order_that_does_not_read_is_doubtful() {
        assert_eq!(judge(None, &known()), Some(DoubtReason::Incomplete));
    }

    #[test]
    fn a_price_lies_between_nothing_and_the_highest() {
        for (price, possible) in
            [(-5, false), (-1, false), (0, true), (1_000_000, true), (1_000_001, false), (i64::MAX, false), (i64::MIN, false)]
        {
            assert_eq!(is_possible(Fen(price)), possible, "{price}");
        }
        let order = Order { price: Fen(-5), ..order() };
        assert_eq!(judge(Some(&order), &Known { prices: &[], ..known() }), Some(DoubtReason::Impossible));
    }

    #[test]
    fn a_person_nobody_here_knows_gets_no_meal_that_counts() {
        assert_eq!(judge(Some(&order()), &Known { elder: false, ..known() }), Some(DoubtReason::UnknownElder));
        let cancelled = Order { state: OrderState::Cancelled, ..order() };
        assert_eq!(judge(Some(&cancelled), &Known { elder: false, ..known() }), None);
    }

    #[test]
    fn who_has_left_is_known_for_what_could_be_ordered_then() {
        let left = Some(TODAY);
        for (ahead, fits) in [(-400, true), (0, true), (31, true), (32, false), (365, false)] {
            assert_eq!(knew(left, TODAY + ahead.days()), fits, "{ahead}");
        }
        assert!(!knew(None, TODAY));
    }

    #[test]
    fn a_day_lies_in_the_window_around_the_receipt() {
        for (away, fits) in [(-92, false), (-91, true), (-30, true), (0, true), (32, true), (33, false), (36_000, false)] {
            assert_eq!(in_window(TODAY + away.days(), TODAY), fits, "{away}");
        }
        let order = Order { date: TODAY - 92.days(), ..order() };
        assert_eq!(judge(Some(&order), &known()), Some(DoubtReason::FarDate));
    }

    #[test]
    fn a_price_is_one_of_the_list_of_the_meal() {
        let list = known().prices;
        for (price, meal, fits) in [
            (1200, Meal::Lunch, true),
            (1500, Meal::Lunch, true),
            (500, Meal::Lunch, false),
            (0, Meal::Lunch, false),
            (500, Meal::Breakfast, true),
            (0, Meal::Dinner, true),
            (1, Meal::Dinner, false),
        ] {
            assert_eq!(is_listed(Fen(price), meal, list), fits, "{price} {meal:?}");
            assert!(is_listed(Fen(price), meal, &[]), "a canteen without a list is not judged by it");
        }
        assert_eq!(judge(Some(&Order { price: Fen(1300), ..order() }), &known()), Some(DoubtReason::NotListed));
    }

    #[test]
    fn a_price_written_anew_after_the_delivery_is_told() {
        let (placed, delivered) = (order(), Order { state: OrderState::Delivered, ..order() });
        let dear = |order: &Order| Order { price: Fen(1500), ..order.clone() };
        for (before, after, repriced) in [
            (&placed, &dear(&placed), false),
            (&placed, &delivered, false),
            (&placed, &dear(&delivered), true),
            (&delivered, &dear(&delivered), true),
            (&delivered, &dear(&placed), true),
            (&delivered, &delivered, false),
        ] {
            assert_eq!(is_repriced(before, after), repriced, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_first_that_counts_has_the_meal() {
        let said = |reason, verdict| (Judged { reason, verdict }, false);
        let (fits, unknown) = (said(None, None), said(Some(DoubtReason::UnknownElder), None));
        let (counts, off) =
            (said(Some(DoubtReason::Second), Some(DoubtVerdict::Counts)), said(Some(DoubtReason::Second), Some(DoubtVerdict::Excluded)));
        let cancelled = (fits.0, true);
        for (orders, second) in [
            (vec![fits, fits, fits], vec![false, true, true]),
            (vec![unknown, fits], vec![false, false]),
            (vec![cancelled, fits], vec![false, false]),
            (vec![fits, cancelled, fits], vec![false, false, true]),
            (vec![fits, counts, fits], vec![false, false, true]),
            (vec![counts, fits], vec![false, true]),
            (vec![off, fits], vec![false, false]),
        ] {
            assert_eq!(seconds(&orders), second, "{orders:?}");
        }
    }

    #[test]
    fn a_decision_holds_until_the_order_changes() {
        use DoubtReason::*;
        let so_far = |reason, verdict, holds| Some(Doubted { reason, verdict, holds });
        let (counts, excluded) = (Some(DoubtVerdict::Counts), Some(DoubtVerdict::Excluded));
        for (before, found, repriced, reason, verdict) in [
            (None, None, false, None, None),
            (None, Some(Second), false, Some(Second), None),
            (None, None, true, Some(Repriced), None),
            // What it depended on is there by now.
            (so_far(Some(UnknownElder), None, true), None, false, None, None),
            (so_far(Some(UnknownElder), None, true), Some(NotListed), false, Some(NotListed), None),
            (so_far(Some(NotListed), counts, true), Some(NotListed), false, Some(NotListed), counts),
            (so_far(Some(NotListed), excluded, true), None, false, Some(NotListed), excluded),
            // A change makes it doubtful again, and mending it does not end that.
            (so_far(Some(NotListed), counts, false), Some(NotListed), false, Some(Changed), None),
            (so_far(Some(NotListed), excluded, false), None, false, Some(Changed), None),
            (so_far(Some(Changed), None, false), None, false, Some(Changed), None),
            (so_far(Some(Repriced), None, true), None, false, Some(Repriced), None),
            (so_far(Some(Repriced), counts, true), None, true, Some(Repriced), None),
            // Nobody can say that it counts.
            (so_far(Some(Impossible), counts, true), Some(Impossible), false, Some(Impossible), None),
            (so_far(Some(Changed), None, false), Some(Impossible), false, Some(Impossible), None),
            (so_far(Some(Impossible), None, false), None, false, Some(Changed), None),
        ] {
            let judged = judged(before, found, repriced);
            assert_eq!(judged, Judged { reason, verdict }, "{before:?} {found:?} {repriced}");
            // What was said is said again where nothing happened since.
            let again = so_far(judged.reason, judged.verdict, true);
            assert_eq!(self::judged(again, found, false), judged, "{before:?} {found:?} {repriced}");
        }
    }
}
