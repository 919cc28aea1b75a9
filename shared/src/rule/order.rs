//! 订单: what may be ordered, and which state may follow which. A rule that is broken on purpose
//! (after the cut-off, a second order) is a warning that the cashier answers, never a lost order.

use crate::kinds::{ElderStatus, Meal, Mode, NotDeliveredReason, Order, OrderState};
use crate::money::Fen;
use crate::schema::{FieldValue, Fields, RecordId, Value};
use jiff::civil::{Date, DateTime};

/// What the desk knows when an order is taken.
#[derive(Clone, Debug)]
pub struct OrderFacts {
    /// The state of the elder's file.
    pub elder: ElderStatus,
    /// Number of an order that already stands for this elder, day and meal.
    pub existing: Option<String>,
    /// When orders for this meal close.
    pub cut_off: DateTime,
    /// Why the canteen rests on that day; none where it works.
    pub rest: Option<String>,
}

/// What the caller wants.
#[derive(Clone, Debug)]
pub struct OrderAsk {
    /// The day of the meal.
    pub date: Date,
    /// Which meal.
    pub meal: Meal,
    /// How it reaches the elder.
    pub mode: Mode,
    /// The cashier has seen the warnings and goes on.
    pub confirmed: bool,
    /// Why the order is written late.
    pub supplement_reason: Option<String>,
}

/// What the cashier is asked before the order is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderWarning {
    /// The elder has an order for this meal already.
    Standing {
        /// Its number.
        number: String,
    },
    /// The meal is closed; the order becomes a supplement and wants a reason.
    AfterCutOff {
        /// When it closed.
        cut_off: DateTime,
    },
    /// The elder's file is not in use.
    NotActive {
        /// Its state.
        status: ElderStatus,
    },
    /// The canteen rests on that day.
    Resting {
        /// Why.
        name: String,
    },
}

/// Code of the warning that wants a reason with the answer.
pub const AFTER_CUT_OFF: &str = "after_cut_off";

impl OrderWarning {
    /// The code word for scripts and screens.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Standing { .. } => "standing",
            Self::AfterCutOff { .. } => AFTER_CUT_OFF,
            Self::NotActive { .. } => "not_active",
            Self::Resting { .. } => "resting",
        }
    }
}

/// An order as it begins, before its number, its dish and what else somebody says of it.
#[must_use]
pub fn begun(elder: RecordId, elder_name: String, canteen: String, (date, meal): (Date, Meal), mode: Mode, now: DateTime) -> Order {
    Order {
        number: String::new(),
        elder,
        elder_name: Some(elder_name),
        canteen,
        date,
        meal,
        mode,
        dish: None,
        price: Fen::ZERO,
        note: None,
        state: OrderState::Placed,
        reason: None,
        state_at: now,
        taken_at: now,
        taken_by: None,
        supplement_reason: None,
        platform_number: None,
        origin: None,
        batch: None,
    }
}

/// More than this many days ahead is a slip of the hand.
pub const MAX_DAYS_AHEAD: i64 = 31;
/// More than this many days back can't be supplemented at the counter.
pub const MAX_DAYS_BACK: i64 = 60;

/// Why an order is not saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    /// The cashier has to see these first and confirm.
    #[error("warnings to confirm")]
    Confirm(Vec<OrderWarning>),
    /// Written after the cut-off without a reason.
    #[error("a supplement needs a reason")]
    ReasonMissing,
    /// The date is further away than [`MAX_DAYS_AHEAD`] or [`MAX_DAYS_BACK`].
    #[error("the date is too far away")]
    Date,
}

/// Whether the order may be saved at `now`; the warnings that the cashier answered come back.
///
/// # Errors
/// [`OrderRefusal`] when something has to be asked or mended first.
pub fn may_place_order(facts: &OrderFacts, ask: &OrderAsk, now: DateTime) -> Result<Vec<OrderWarning>, OrderRefusal> {
    let days = (ask.date - now.date()).get_days();
    if i64::from(days) > MAX_DAYS_AHEAD || i64::from(days) < -MAX_DAYS_BACK {
        return Err(OrderRefusal::Date);
    }
    let mut warnings = Vec::new();
    if facts.elder != ElderStatus::Active {
        warnings.push(OrderWarning::NotActive { status: facts.elder });
    }
    if let Some(number) = &facts.existing {
        warnings.push(OrderWarning::Standing { number: number.clone() });
    }
    if let Some(name) = &facts.rest {
        warnings.push(OrderWarning::Resting { name: name.clone() });
    }
    if now > facts.cut_off {
        warnings.push(OrderWarning::AfterCutOff { cut_off: facts.cut_off });
    }
    if !warnings.is_empty() && !ask.confirmed {
        return Err(OrderRefusal::Confirm(warnings));
    }
    let reason = ask.supplement_reason.as_deref().unwrap_or("").trim();
    if now > facts.cut_off && reason.is_empty() {
        return Err(OrderRefusal::ReasonMissing);
    }
    Ok(warnings)
}

/// A state can't follow, as the papers of the day stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// That outcome belongs to the other way of getting the meal.
    #[error("the outcome does not fit the mode")]
    Mode,
    /// The order ended already in another way.
    #[error("the order has ended")]
    Ended,
    /// A missed delivery wants a reason.
    #[error("a reason is missing")]
    ReasonMissing,
}

/// Whether `next` may follow `now`. Steps may be skipped: a busy counter marks only the end. A
/// wrong outcome may be put right by another outcome; a cancelled order stays cancelled.
///
/// # Errors
/// [`StepRefusal`] says why not.
pub fn step(mode: Mode, now: OrderState, next: OrderState, reason: Option<NotDeliveredReason>) -> Result<(), StepRefusal> {
    use OrderState::{Cancelled, Delivered, LeftAtDoor, NotDelivered, Out, PickedUp, Placed, Prepared};
    let fits = match next {
        Out | Delivered | LeftAtDoor | NotDelivered => mode != Mode::PickUp,
        PickedUp => mode == Mode::PickUp,
        Placed | Prepared | Cancelled => true,
    };
    if !fits {
        return Err(StepRefusal::Mode);
    }
    if next == NotDelivered && reason.is_none() {
        return Err(StepRefusal::ReasonMissing);
    }
    let allowed = match now {
        Placed => next != Placed,
        Prepared => !matches!(next, Placed | Prepared),
        Out => matches!(next, Delivered | LeftAtDoor | NotDelivered),
        Delivered | LeftAtDoor | NotDelivered | PickedUp => ended(next) && next != Cancelled,
        Cancelled => false,
    };
    if allowed { Ok(()) } else { Err(StepRefusal::Ended) }
}

/// What an order says once it came to `state`: a reason goes with a missed delivery, and goes with it again.
#[must_use]
pub fn outcome(standing: Option<NotDeliveredReason>, state: OrderState, reason: Option<NotDeliveredReason>, at: DateTime) -> Fields {
    let mut changes = Fields::new();
    state.put("state", &mut changes);
    at.put("state_at", &mut changes);
    match reason.filter(|_| state == OrderState::NotDelivered) {
        Some(reason) => reason.put("reason", &mut changes),
        None if standing.is_some() => drop(changes.insert("reason", Value::Null)),
        None => {}
    }
    changes
}

/// Whether the order needs nothing more from the kitchen or the courier.
#[must_use]
pub fn ended(state: OrderState) -> bool {
    !matches!(state, OrderState::Placed | OrderState::Prepared | OrderState::Out)
}

/// Whether an order in this state asks for a receipt: it was delivered by our own people.
#[must_use]
pub fn needs_receipt(mode: Mode, state: OrderState) -> bool {
    mode == Mode::OwnDelivery && matches!(state, OrderState::Delivered | OrderState::LeftAtDoor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn facts() -> OrderFacts {
        OrderFacts { elder: ElderStatus::Active, existing: None, cut_off: date(2026, 11, 22).at(10, 30, 0, 0), rest: None }
    }

    fn ask() -> OrderAsk {
        OrderAsk { date: date(2026, 11, 22), meal: Meal::Lunch, mode: Mode::OwnDelivery, confirmed: false, supplement_reason: None }
    }

    #[test]
    fn in_time_nothing_is_asked() {
        assert_eq!(may_place_order(&facts(), &ask(), date(2026, 11, 22).at(10, 30, 0, 0)), Ok(vec![]));
    }

    #[test]
    fn a_second_order_is_warned_not_lost() {
        let facts = OrderFacts { existing: Some("12-0173".into()), ..facts() };
        let now = date(2026, 11, 22).at(9, 0, 0, 0);
        let warning = vec![OrderWarning::Standing { number: "12-0173".into() }];
        assert_eq!(may_place_order(&facts, &ask(), now), Err(OrderRefusal::Confirm(warning.clone())));
        assert_eq!(may_place_order(&facts, &OrderAsk { confirmed: true, ..ask() }, now), Ok(warning));
    }

    #[test]
    fn an_order_for_a_resting_day_is_warned_not_lost() {
        let facts = OrderFacts { rest: Some("国庆节".into()), ..facts() };
        let now = date(2026, 11, 22).at(9, 0, 0, 0);
        let warning = vec![OrderWarning::Resting { name: "国庆节".into() }];
        assert_eq!(may_place_order(&facts, &ask(), now), Err(OrderRefusal::Confirm(warning.clone())));
        assert_eq!(may_place_order(&facts, &OrderAsk { confirmed: true, ..ask() }, now), Ok(warning));
    }

    #[test]
    fn after_the_cut_off_it_is_a_supplement_with_a_reason() {
        let now = date(2026, 11, 22).at(10, 31, 0, 0);
        assert!(matches!(may_place_order(&facts(), &ask(), now), Err(OrderRefusal::Confirm(_))));
        let confirmed = OrderAsk { confirmed: true, supplement_reason: Some(" ".into()), ..ask() };
        assert_eq!(may_place_order(&facts(), &confirmed, now), Err(OrderRefusal::ReasonMissing));
        let reasoned = OrderAsk { supplement_reason: Some("终端坏了".into()), ..confirmed };
        assert_eq!(may_place_order(&facts(), &reasoned, now).map(|warnings| warnings.len()), Ok(1));
    }

    #[test]
    fn a_date_far_away_is_a_slip() {
        let now = date(2026, 11, 22).at(9, 0, 0, 0);
        for (day, fine) in [
            (date(2026, 12, 23), true),
            (date(2026, 12, 24), false),
            (date(2026, 9, 23), true),
            (date(2026, 9, 22), false),
            (date(2062, 11, 22), false),
        ] {
            let facts = OrderFacts { cut_off: day.at(10, 30, 0, 0), ..facts() };
            let ask = OrderAsk { date: day, confirmed: true, supplement_reason: Some("x".into()), ..ask() };
            assert_eq!(may_place_order(&facts, &ask, now).is_ok(), fine, "{day}");
        }
    }

    #[test]
    fn states_follow_each_other_as_on_paper() {
        use OrderState::*;
        let reason = Some(NotDeliveredReason::NobodyHome);
        for (mode, now, next, expect) in [
            (Mode::OwnDelivery, Placed, Delivered, Ok(())),
            (Mode::OwnDelivery, Placed, Prepared, Ok(())),
            (Mode::OwnDelivery, Prepared, Out, Ok(())),
            (Mode::OwnDelivery, Out, LeftAtDoor, Ok(())),
            (Mode::OwnDelivery, Out, NotDelivered, Ok(())),
            (Mode::OwnDelivery, NotDelivered, Delivered, Ok(())),
            (Mode::OwnDelivery, Delivered, Placed, Err(StepRefusal::Ended)),
            (Mode::OwnDelivery, Out, Cancelled, Err(StepRefusal::Ended)),
            (Mode::OwnDelivery, Placed, PickedUp, Err(StepRefusal::Mode)),
            (Mode::PickUp, Placed, PickedUp, Ok(())),
            (Mode::PickUp, Placed, Delivered, Err(StepRefusal::Mode)),
            (Mode::PickUp, Placed, Cancelled, Ok(())),
            (Mode::PickUp, PickedUp, Cancelled, Err(StepRefusal::Ended)),
            (Mode::PickUp, Cancelled, PickedUp, Err(StepRefusal::Ended)),
        ] {
            assert_eq!(step(mode, now, next, reason), expect, "{mode:?} {now:?} {next:?}");
        }
        assert_eq!(step(Mode::OwnDelivery, Out, NotDelivered, None), Err(StepRefusal::ReasonMissing));
    }

    #[test]
    fn a_reason_comes_and_goes_with_the_missed_delivery() {
        let (at, reason) = (date(2026, 11, 22).at(12, 0, 0, 0), NotDeliveredReason::ALL[0]);
        let said = |standing, state, reason| outcome(standing, state, reason, at).get("reason").cloned();
        assert_eq!(said(None, OrderState::NotDelivered, Some(reason)), Some(Value::Text(reason.code().into())));
        assert_eq!(said(Some(reason), OrderState::Delivered, None), Some(Value::Null));
        assert_eq!(said(None, OrderState::Delivered, Some(reason)), None);
    }
}
