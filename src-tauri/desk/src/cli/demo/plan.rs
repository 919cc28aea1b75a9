//! What happens at the demo's counter, as a plan: who orders what when, how it is brought and how far it got.
//! Facts and dice in, plan out; nobody is asked and nothing is written here.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rand::RngExt;
use rand::rngs::StdRng;
use shared::kinds::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, Seen};
use shared::rule::order::needs_receipt;
use shared::schema::RecordId;
use std::collections::HashSet;

/// Somebody's meal: nobody eats it twice.
pub(super) type Eats = (RecordId, Date, Meal);

/// One order from the call to where it got.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    pub(super) eats: Eats,
    pub(super) mode: Mode,
    /// None for the first of the meal.
    pub(super) dish: Option<&'static str>,
    pub(super) note: &'static str,
    pub(super) taken: DateTime,
    pub(super) steps: Vec<(DateTime, OrderState)>,
    pub(super) reason: Option<NotDeliveredReason>,
    pub(super) receipt: Option<Brought>,
}

/// What the courier brings back.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Brought {
    pub(super) received_by: ReceivedBy,
    pub(super) seen: Seen,
    pub(super) note: &'static str,
    pub(super) photos: u32,
}

const MODES: [Mode; 10] = [
    Mode::PickUp,
    Mode::PickUp,
    Mode::PickUp,
    Mode::OwnDelivery,
    Mode::OwnDelivery,
    Mode::OwnDelivery,
    Mode::OwnDelivery,
    Mode::OwnDelivery,
    Mode::OwnDelivery,
    Mode::ThirdParty,
];
const WISHES: [&str; 8] = ["", "", "", "", "", "多加一份汤", "十二点前送到", "放保温箱"];
const REMARKS: [&str; 6] = ["", "", "", "", "说胃口不太好", "家属已在家"];
const REASONS: [NotDeliveredReason; 3] = [NotDeliveredReason::NobodyHome, NotDeliveredReason::Refused, NotDeliveredReason::WrongAddress];

/// Yesterday and today.
pub(super) fn days(now: DateTime) -> [Date; 2] {
    let today = now.date();
    [today.yesterday().unwrap_or(today), today]
}

/// Yesterday's work, all of it ended, and today's under way, whatever the hour: who looks at it by night is to see
/// it as well. Nothing lies in the future.
pub(super) fn make(elders: &[(RecordId, bool)], now: DateTime, standing: &HashSet<Eats>, rng: &mut StdRng) -> Vec<Planned> {
    let mut all = Vec::new();
    for date in days(now) {
        for (elder, brought) in elders {
            for (meal, of_sixty) in [(Meal::Breakfast, 3), (Meal::Lunch, 24), (Meal::Dinner, 5)] {
                if rng.random_ratio(of_sixty, 60) {
                    all.push(order((*elder, date, meal), *brought, now, rng));
                }
            }
        }
    }
    all.retain(|order| !standing.contains(&order.eats));
    all
}

fn order(eats: Eats, brought: bool, now: DateTime, rng: &mut StdRng) -> Planned {
    let (_, date, meal) = eats;
    let mode = match one(&MODES, rng) {
        Mode::PickUp if brought => Mode::OwnDelivery,
        mode => mode,
    };
    let taken = taken(date, meal, now, rng);
    let last = if date == now.date() { under_way(meal, mode, rng) } else { ended(mode, rng) };
    let end = match meal {
        Meal::Breakfast => date.at(7, rng.random_range(10..55), 0, 0),
        Meal::Lunch => date.at(11, 20, 0, 0).saturating_add(rng.random_range(0..80).minutes()),
        Meal::Dinner => date.at(17, rng.random_range(5..59), 0, 0),
    };
    let mut at = taken;
    let mut steps = Vec::new();
    for (state, before) in way(mode, last, rng.random_ratio(1, 3)) {
        let planned = end.saturating_sub(before.minutes());
        let behind = now.saturating_sub(rng.random_range(1..6_i64).minutes());
        // What would still be to come happened just now, though never before its day began or before the call.
        at = if planned <= now { planned } else { behind.max(date.at(0, 0, 0, 0)) }.max(at);
        steps.push((at, state));
    }
    let receipt = (needs_receipt(mode, last) && rng.random_ratio(9, 10)).then(|| brought_back(last, rng));
    Planned {
        eats,
        mode,
        dish: (meal != Meal::Breakfast && rng.random_ratio(1, 3)).then_some("普通"),
        note: one(&WISHES, rng),
        taken,
        steps,
        reason: (last == OrderState::NotDelivered).then(|| one(&REASONS, rng)),
        receipt,
    }
}

/// When they called: before the meal closed, now and then after it, and the day before where it would lie in the future.
fn taken(date: Date, meal: Meal, now: DateTime, rng: &mut StdRng) -> DateTime {
    let second = rng.random_range(0..60);
    let called = match meal {
        Meal::Breakfast => date.yesterday().unwrap_or(date).at(15, rng.random_range(0..60), second, 0),
        Meal::Lunch if rng.random_ratio(1, 40) => date.at(10, rng.random_range(35..59), second, 0),
        Meal::Lunch => date.at(8, 0, second, 0).saturating_add(rng.random_range(0..145).minutes()),
        Meal::Dinner => date.at(14, 0, second, 0).saturating_add(rng.random_range(0..140).minutes()),
    };
    if called < now { called } else { called.saturating_sub(1.day()) }
}

fn ended(mode: Mode, rng: &mut StdRng) -> OrderState {
    match (rng.random_range(0..20), mode) {
        (0, _) => OrderState::Cancelled,
        (_, Mode::PickUp) => OrderState::PickedUp,
        (1, _) => OrderState::NotDelivered,
        (2..5, _) => OrderState::LeftAtDoor,
        _ => OrderState::Delivered,
    }
}

fn under_way(meal: Meal, mode: Mode, rng: &mut StdRng) -> OrderState {
    match (meal, rng.random_range(0..20)) {
        (Meal::Lunch, 0..5) => OrderState::Placed,
        (Meal::Lunch, 5..8) => OrderState::Prepared,
        (Meal::Lunch, 8..12) if mode != Mode::PickUp => OrderState::Out,
        (Meal::Dinner, 0..19) => OrderState::Placed,
        _ => ended(mode, rng),
    }
}

/// The states on the way to the last one, each with its minutes before the meal is there. A busy counter marks only the last.
fn way(mode: Mode, last: OrderState, in_full: bool) -> Vec<(OrderState, i64)> {
    use OrderState::{Cancelled, Out, Placed, Prepared};
    match last {
        Placed => vec![],
        Cancelled => vec![(Cancelled, 55)],
        Prepared => vec![(Prepared, 40)],
        Out => vec![(Prepared, 40), (Out, 25)],
        last if !in_full => vec![(last, 0)],
        last if mode == Mode::PickUp => vec![(Prepared, 40), (last, 0)],
        last => vec![(Prepared, 40), (Out, 25), (last, 0)],
    }
}

/// One of sixty is not well.
const SEEN: [Seen; 60] = {
    let mut seen = [Seen::Well; 60];
    seen[0] = Seen::Concern;
    seen
};

fn brought_back(last: OrderState, rng: &mut StdRng) -> Brought {
    let photos = one(&[0, 1, 1, 1, 1, 2], rng);
    if last == OrderState::LeftAtDoor {
        return Brought { received_by: ReceivedBy::Door, seen: Seen::Unseen, note: "", photos: photos.max(1) };
    }
    let received_by = one(&[ReceivedBy::Elder, ReceivedBy::Elder, ReceivedBy::Family], rng);
    let seen = one(&SEEN, rng);
    Brought { received_by, seen, note: one(&REMARKS, rng), photos }
}

fn one<T: Copy, const MANY: usize>(of: &[T; MANY], rng: &mut StdRng) -> T {
    of[rng.random_range(0..MANY)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rand::SeedableRng;
    use shared::rule::order::{ended as has_ended, step};

    fn elders() -> Vec<(RecordId, bool)> {
        let id = |n: u128| RecordId::from_bytes(&n.to_be_bytes());
        (1..=300).filter_map(|n| Some((id(n)?, n % 5 < 3))).collect()
    }

    fn plan(now: DateTime) -> Vec<Planned> {
        make(&elders(), now, &HashSet::new(), &mut StdRng::seed_from_u64(1))
    }

    #[test]
    fn at_any_hour_all_modes_and_states_are_there_and_nothing_is_to_come() {
        for (hour, minute) in [(0, 0), (0, 3), (4, 53), (8, 5), (10, 30), (12, 0), (17, 30), (23, 59)] {
            let now = date(2026, 11, 22).at(hour, minute, 0, 0);
            let plan = plan(now);
            for mode in Mode::ALL {
                for day in days(now) {
                    assert!(plan.iter().any(|order| (order.mode, order.eats.1) == (*mode, day)), "{mode:?} on {day}");
                }
            }
            for state in OrderState::ALL {
                let today = plan.iter().filter(|order| order.eats.1 == now.date());
                assert!(today.map(last).any(|last| last == *state), "{state:?} at {now}");
            }
            for order in &plan {
                let mut before = (order.taken, OrderState::Placed);
                assert!(before.0 <= now && order.taken.date() >= days(now)[0].yesterday().unwrap(), "{order:?}");
                for (at, state) in &order.steps {
                    assert!(before.0 <= *at && *at <= now && at.date() >= order.eats.1.min(before.0.date()), "{order:?}");
                    assert_eq!(step(order.mode, before.1, *state, order.reason), Ok(()), "{order:?}");
                    before = (*at, *state);
                }
                assert!(order.eats.1 == now.date() || has_ended(before.1), "yesterday is over: {order:?}");
                let receipt = order.receipt.is_none() || needs_receipt(order.mode, before.1) && before.0.date() >= order.eats.1;
                assert!(receipt, "{order:?}");
            }
        }
    }

    #[test]
    fn the_same_seed_plans_the_same_and_leaves_out_what_stands() {
        let now = date(2026, 11, 22).at(9, 0, 0, 0);
        let whole = plan(now);
        assert_eq!(whole, plan(now));
        assert!(whole.len() > 200, "{}", whole.len());
        let standing = whole.iter().take(100).map(|order| order.eats).collect();
        let rest = make(&elders(), now, &standing, &mut StdRng::seed_from_u64(1));
        assert_eq!(rest, whole[100..]);
    }

    fn last(order: &Planned) -> OrderState {
        order.steps.last().map_or(OrderState::Placed, |(_, state)| *state)
    }
}
