//! 固定订餐、代点餐: on which days a standing meal falls, which orders may be made in one go, and under which ids. Facts in, answer out.

use super::id_number::keyed;
use crate::kinds::{ElderStatus, Meal, OrderOrigin, OrderState, StandingMeal};
use crate::schema::{RecordId, words};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// So many days ahead, with today, the orders of standing meals are made: the kitchen counts tomorrow's, and a computer that is off for a day is late for nothing.
pub const DAYS_MADE: i64 = 3;
/// No day of a standing meal lies farther ahead: a year.
pub const MAX_AHEAD: i64 = 366;
/// Most orders that are made in one go: a month for five hundred elders, and as many again.
pub const MOST_AT_ONCE: usize = 31_000;

words! {
    /// Why no order is made for somebody at a meal.
    SkipReason {
        Standing = "standing" "已经有订单" "Has an order", Cancelled = "cancelled" "这一餐已经取消过" "Was cancelled for this meal",
        Closed = "closed" "已经截单" "Orders have closed", Far = "far" "离今天太远" "Too far away",
        NotActive = "not_active" "档案不在用" "File not in use", Elsewhere = "elsewhere" "不在本饭堂用餐" "Eats at another canteen",
        Paused = "paused" "暂停用餐" "Paused", Resting = "resting" "饭堂休息" "Canteen rests",
    }
}

words! {
    /// For whom orders are made in one go, where nobody is named.
    PlanGroup { Everybody = "everybody" "全部在册" "Everybody", Delivery = "delivery" "需送餐" "Delivery", LivingAlone = "living_alone" "独居" "Alone" }
}

/// Whether somebody eats on that day by a standing meal.
#[must_use]
pub fn eats_on(meal: &StandingMeal, date: Date) -> bool {
    meal.names(date.weekday()) && meal.since <= date && meal.until.is_none_or(|until| date <= until) && !is_paused(meal, date)
}

/// Whether a standing meal is paused on that day.
#[must_use]
pub fn is_paused(meal: &StandingMeal, date: Date) -> bool {
    meal.paused_from.is_some_and(|from| from <= date) && meal.back_on.is_none_or(|back| date < back)
}

/// Whether it is over, for good.
#[must_use]
pub fn is_over(meal: &StandingMeal, today: Date) -> bool {
    meal.until.is_some_and(|until| until < today)
}

/// The days, from today, whose orders are made.
pub fn days_made(today: Date) -> impl Iterator<Item = Date> {
    (0..DAYS_MADE).map(move |days| today.saturating_add(days.days()))
}

/// The id of the order that a meal makes for somebody: the same at every desk of the canteen, and nobody's guess who has not the county's key.
#[must_use]
pub fn order_id(key: &[u8], canteen: &str, elder: RecordId, date: Date, meal: Meal) -> RecordId {
    named(key, &format!("order|{canteen}|{elder}|{date}|{}", meal.code()))
}

/// The id of somebody's standing meal at a canteen.
#[must_use]
pub fn standing_id(key: &[u8], canteen: &str, elder: RecordId, meal: Meal) -> RecordId {
    named(key, &format!("standing|{canteen}|{elder}|{}", meal.code()))
}

/// The id of the batch in which the standing meals of a day are made.
#[must_use]
pub fn batch_id(key: &[u8], canteen: &str, date: Date) -> RecordId {
    named(key, &format!("batch|{canteen}|{date}"))
}

/// An id by name (version 5) under a key.
pub(super) fn named(key: &[u8], name: &str) -> RecordId {
    RecordId(uuid::Builder::from_sha1_bytes(keyed(key, name.as_bytes())).into_uuid())
}

/// Whether somebody eats at a canteen: her file is in use, and names no other one.
///
/// # Errors
/// Why not.
pub fn eats_at(canteen: &str, status: ElderStatus, bound: Option<&str>) -> Result<(), SkipReason> {
    match bound {
        _ if status != ElderStatus::Active => Err(SkipReason::NotActive),
        Some(other) if other != canteen => Err(SkipReason::Elsewhere),
        _ => Ok(()),
    }
}

/// An order that is there for somebody at a meal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub state: OrderState,
    /// How it came to be.
    pub origin: Option<OrderOrigin>,
    /// Whether it belongs to a batch.
    pub in_batch: bool,
}

impl Found {
    /// Whether its batch was taken back: it says nothing of the elder's wish any more.
    #[must_use]
    pub const fn was_undone(&self) -> bool {
        matches!(self.state, OrderState::Cancelled) && self.origin.is_some() && !self.in_batch
    }
}

/// What is known where an order might be made.
#[derive(Clone, Copy, Debug)]
pub struct MakeFacts<'a> {
    /// Whether she eats at this canteen, as [`eats_at`] says.
    pub here: Result<(), SkipReason>,
    /// Her orders at this meal of the day.
    pub found: &'a [Found],
    /// When orders for it close.
    pub cut_off: DateTime,
    /// Whether a standing meal of hers is paused then.
    pub paused: bool,
    /// Whether the canteen rests on that day.
    pub rests: bool,
}

/// Whether an order is made; it is not asked about one by one.
///
/// # Errors
/// Why not: what holds of the person first, then what holds of the day.
pub fn may_make(facts: &MakeFacts<'_>, date: Date, now: DateTime) -> Result<(), SkipReason> {
    facts.here?;
    let days = i64::from((date - now.date()).get_days());
    let rules = [
        (days <= super::order::MAX_DAYS_AHEAD, SkipReason::Far),
        (facts.found.iter().all(|order| order.state == OrderState::Cancelled), SkipReason::Standing),
        (facts.found.iter().all(Found::was_undone), SkipReason::Cancelled),
        (!facts.paused, SkipReason::Paused),
        (!facts.rests, SkipReason::Resting),
        (now <= facts.cut_off, SkipReason::Closed),
    ];
    rules.into_iter().find(|(fits, _)| !fits).map_or(Ok(()), |(_, reason)| Err(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Mode;
    use jiff::civil::date;

    fn weekdays() -> StandingMeal {
        StandingMeal {
            elder: RecordId(uuid::Uuid::from_bytes([1; 16])),
            elder_name: Some("王桂英".into()),
            canteen: "C1".into(),
            meal: Meal::Lunch,
            monday: true,
            tuesday: true,
            wednesday: true,
            thursday: true,
            friday: true,
            saturday: false,
            sunday: false,
            mode: Mode::OwnDelivery,
            dish: None,
            note: None,
            since: date(2026, 11, 30),
            until: None,
            paused_from: None,
            back_on: None,
        }
    }

    #[test]
    fn it_falls_on_its_days_from_first_to_last_but_in_a_pause() {
        let meal = StandingMeal {
            until: Some(date(2026, 12, 31)),
            paused_from: Some(date(2026, 12, 7)),
            back_on: Some(date(2026, 12, 9)),
            ..weekdays()
        };
        for (day, eats) in [
            (date(2026, 11, 27), false),
            (date(2026, 11, 30), true),
            (date(2026, 12, 4), true),
            (date(2026, 12, 5), false),
            (date(2026, 12, 7), false),
            (date(2026, 12, 8), false),
            (date(2026, 12, 9), true),
            (date(2026, 12, 31), true),
            (date(2027, 1, 1), false),
        ] {
            assert_eq!(eats_on(&meal, day), eats, "{day}");
        }
        let for_good = StandingMeal { back_on: None, ..meal };
        assert!(!eats_on(&for_good, date(2026, 12, 30)) && is_paused(&for_good, date(2030, 1, 1)));
        assert!(is_over(&for_good, date(2027, 1, 1)) && !is_over(&for_good, date(2026, 12, 31)) && !is_over(&weekdays(), date(2030, 1, 1)));
    }

    #[test]
    fn two_desks_derive_one_order_and_a_stranger_none() {
        let elder = weekdays().elder;
        let id = |key: &[u8], canteen: &str, day, meal| order_id(key, canteen, elder, day, meal);
        let one = id(b"key", "C1", date(2026, 12, 1), Meal::Lunch);
        assert_eq!(one, id(b"key", "C1", date(2026, 12, 1), Meal::Lunch));
        for other in [
            id(b"other", "C1", date(2026, 12, 1), Meal::Lunch),
            id(b"key", "C2", date(2026, 12, 1), Meal::Lunch),
            id(b"key", "C1", date(2026, 12, 2), Meal::Lunch),
            id(b"key", "C1", date(2026, 12, 1), Meal::Dinner),
            standing_id(b"key", "C1", elder, Meal::Lunch),
            batch_id(b"key", "C1", date(2026, 12, 1)),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn nobody_is_ordered_twice_and_a_cancelled_meal_stays_cancelled() {
        let now = date(2026, 12, 1).at(9, 0, 0, 0);
        let order = |state, origin, in_batch| Found { state, origin, in_batch };
        let (standing, undone) = (Some(OrderOrigin::Standing), [order(OrderState::Cancelled, Some(OrderOrigin::Month), false)]);
        fn facts(found: &[Found], cut_off: DateTime) -> MakeFacts<'_> {
            MakeFacts { here: eats_at("C1", ElderStatus::Active, Some("C1")), found, cut_off, paused: false, rests: false }
        }
        let made = |facts: &MakeFacts<'_>| may_make(facts, now.date(), now);
        assert_eq!(made(&facts(&[], now)), Ok(()));
        assert_eq!(made(&facts(&undone, now)), Ok(()), "a batch that was taken back may be made anew");
        for (found, why) in [
            (vec![order(OrderState::Placed, None, false)], SkipReason::Standing),
            (vec![order(OrderState::Delivered, standing, true)], SkipReason::Standing),
            (vec![order(OrderState::Cancelled, None, false)], SkipReason::Cancelled),
            (vec![order(OrderState::Cancelled, standing, true)], SkipReason::Cancelled),
            (vec![order(OrderState::Cancelled, standing, true), undone[0]], SkipReason::Cancelled),
            (vec![undone[0], order(OrderState::Placed, None, false)], SkipReason::Standing),
        ] {
            assert_eq!(made(&facts(&found, now)), Err(why), "{found:?}");
        }
        for (facts, why) in [
            (MakeFacts { here: eats_at("C1", ElderStatus::Deceased, None), ..facts(&[], now) }, SkipReason::NotActive),
            (MakeFacts { here: eats_at("C1", ElderStatus::Active, Some("C2")), ..facts(&[], now) }, SkipReason::Elsewhere),
            (MakeFacts { paused: true, ..facts(&[], now) }, SkipReason::Paused),
            (MakeFacts { rests: true, ..facts(&[], now) }, SkipReason::Resting),
            (MakeFacts { cut_off: now.date().at(8, 59, 0, 0), ..facts(&[], now) }, SkipReason::Closed),
        ] {
            assert_eq!(made(&facts), Err(why));
        }
        assert_eq!(may_make(&facts(&[], now), date(2027, 1, 2), now), Err(SkipReason::Far));
    }
}
