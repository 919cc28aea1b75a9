//! 回单 as typed: the outcome behind each digit, the arrival, the visit.

use super::FieldProblem;
use super::date::parse_time;
use jiff::civil::{Date, DateTime};
use shared::command::{OrderSummary, SaveReceipt};
use shared::kinds::{NotDeliveredReason, OrderState, ReceivedBy, Seen};
use shared::rule::receipt::MAX_PHOTOS;
use shared::schema::{Label, RecordId};
use shared::{both, label};

/// How it ended at the door; the first five have a digit, the rest stand behind 其他.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Elder,
    Family,
    Door,
    Missed(NotDeliveredReason),
}

impl Outcome {
    /// Behind the digits 1 to 5.
    pub const DIGITS: [Self; 5] =
        [Self::Elder, Self::Family, Self::Door, Self::Missed(NotDeliveredReason::NobodyHome), Self::Missed(NotDeliveredReason::Refused)];
    /// Behind 6 其他….
    pub const OTHERS: [Self; 3] = [
        Self::Missed(NotDeliveredReason::NotReady),
        Self::Missed(NotDeliveredReason::WrongAddress),
        Self::Missed(NotDeliveredReason::Other),
    ];

    pub fn label(self) -> Label {
        match self {
            Self::Elder => ReceivedBy::Elder.label(),
            Self::Family => ReceivedBy::Family.label(),
            Self::Door => ReceivedBy::Door.label(),
            Self::Missed(NotDeliveredReason::Other) => label!(receipt::OTHER_REASON),
            Self::Missed(reason) => reason.label(),
        }
    }

    pub fn said(self) -> &'static str {
        self.label().said()
    }

    pub fn state(self) -> OrderState {
        match self {
            Self::Elder | Self::Family => OrderState::Delivered,
            Self::Door => OrderState::LeftAtDoor,
            Self::Missed(_) => OrderState::NotDelivered,
        }
    }

    pub fn received_by(self) -> Option<ReceivedBy> {
        match self {
            Self::Elder => Some(ReceivedBy::Elder),
            Self::Family => Some(ReceivedBy::Family),
            Self::Door => Some(ReceivedBy::Door),
            Self::Missed(_) => None,
        }
    }

    /// Why it was not brought.
    pub fn reason(self) -> Option<NotDeliveredReason> {
        if let Self::Missed(reason) = self { Some(reason) } else { None }
    }

    /// How an order that already ended did so.
    pub fn of(state: OrderState, received_by: Option<ReceivedBy>, reason: Option<NotDeliveredReason>) -> Option<Self> {
        match state {
            OrderState::Delivered if received_by == Some(ReceivedBy::Family) => Some(Self::Family),
            OrderState::Delivered => Some(Self::Elder),
            OrderState::LeftAtDoor => Some(Self::Door),
            OrderState::NotDelivered => Some(Self::Missed(reason.unwrap_or(NotDeliveredReason::Other))),
            _ => None,
        }
    }

    /// What was seen of the elder follows from how it ended, as far as it can.
    pub fn seen(self, before: Option<Seen>) -> Option<Seen> {
        match self {
            Self::Elder => Some(before.filter(|seen| *seen != Seen::Unseen).unwrap_or(Seen::Well)),
            Self::Family => before,
            Self::Door | Self::Missed(_) => Some(Seen::Unseen),
        }
    }
}

/// A photo that the desk keeps already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPhoto {
    pub hash: String,
    /// A data URL; empty while it is fetched.
    pub thumbnail: String,
}

/// The receipt form of one stop.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceiptForm {
    pub order: RecordId,
    pub day: Date,
    pub arrived: String,
    pub outcome: Option<Outcome>,
    pub seen: Option<Seen>,
    pub note: String,
    pub photos: Vec<FormPhoto>,
}

impl ReceiptForm {
    /// What a stop starts with: now, received by the elder, seen and well; or what was written.
    pub fn new(line: &OrderSummary, now: DateTime) -> Self {
        let receipt = line.receipt.as_ref();
        let arrived = receipt.map_or(now, |receipt| receipt.arrived_at);
        let kept = |hash: &String| FormPhoto { hash: hash.clone(), thumbnail: String::new() };
        Self {
            order: line.id,
            day: arrived.date(),
            arrived: crate::kit::time::clock(arrived),
            outcome: Outcome::of(line.state, receipt.and_then(|receipt| receipt.received_by), line.reason).or(Some(Outcome::Elder)),
            seen: receipt.map_or(Some(Seen::Well), |receipt| receipt.seen),
            note: receipt.map(|receipt| receipt.note.clone()).unwrap_or_default(),
            photos: receipt.map(|receipt| receipt.photos.iter().map(kept).collect()).unwrap_or_default(),
        }
    }

    /// Chooses how it ended; what was seen follows.
    pub fn choose(&mut self, outcome: Outcome) {
        self.outcome = Some(outcome);
        self.seen = outcome.seen(self.seen);
    }

    /// The command, or what is still missing.
    pub fn ready(&self) -> Result<SaveReceipt, Vec<FieldProblem>> {
        let mut found = Vec::new();
        let arrived = parse_time(&self.arrived);
        if arrived.is_none() {
            found.push(FieldProblem::new("arrived", both!(receipt::ARRIVAL_UNREADABLE)));
        }
        if self.photos.len() > MAX_PHOTOS {
            found.push(FieldProblem::new("photos", both!(receipt::photos_at_most(MAX_PHOTOS))));
        }
        let Some(outcome) = self.outcome else {
            found.push(FieldProblem::new("outcome", both!(receipt::CHOOSE_OUTCOME)));
            return Err(found);
        };
        let (Some(arrived), true) = (arrived, found.is_empty()) else { return Err(found) };
        Ok(SaveReceipt {
            order: Some(self.order),
            arrived_at: Some(self.day.to_datetime(arrived)),
            state: Some(outcome.state()),
            reason: outcome.reason(),
            received_by: outcome.received_by(),
            seen: self.seen,
            note: self.note.trim().to_owned(),
            photos: self.photos.iter().map(|photo| photo.hash.clone()).collect(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use shared::kinds::{Meal, Mode};
    use shared::money::Fen;

    fn line() -> OrderSummary {
        let id: RecordId = "0190a5f0000070008000000000000001".parse().unwrap();
        let at = date(2026, 11, 22).at(9, 0, 0, 0);
        OrderSummary {
            id,
            elder: id,
            number: "12-0173".into(),
            name: "陈少芳".into(),
            address: String::new(),
            phone: String::new(),
            diet: String::new(),
            date: at.date(),
            meal: Meal::Lunch,
            mode: Mode::OwnDelivery,
            dish: String::new(),
            price: Fen(1200),
            note: String::new(),
            state: OrderState::Out,
            state_at: at,
            reason: None,
            taken_at: at,
            supplement: false,
            receipt: None,
            receipt_missing: false,
            unsent: false,
        }
    }

    #[test]
    fn the_defaults_are_a_good_delivery_now() {
        let now = date(2026, 11, 22).at(11, 58, 0, 0);
        let ask = ReceiptForm::new(&line(), now).ready().unwrap();
        assert_eq!(
            (ask.arrived_at, ask.state, ask.received_by, ask.seen),
            (Some(now), Some(OrderState::Delivered), Some(ReceivedBy::Elder), Some(Seen::Well))
        );
    }

    #[test]
    fn nobody_home_is_not_delivered_and_unseen() {
        let mut form = ReceiptForm::new(&line(), date(2026, 11, 22).at(11, 58, 0, 0));
        form.choose(Outcome::DIGITS[3]);
        let ask = form.ready().unwrap();
        assert_eq!(
            (ask.state, ask.reason, ask.seen),
            (Some(OrderState::NotDelivered), Some(NotDeliveredReason::NobodyHome), Some(Seen::Unseen))
        );
        form.choose(Outcome::Elder);
        assert_eq!(form.seen, Some(Seen::Well));
    }

    #[test]
    fn an_unreadable_time_is_named() {
        let mut form = ReceiptForm::new(&line(), date(2026, 11, 22).at(11, 58, 0, 0));
        form.arrived = "99".into();
        assert_eq!(form.ready().unwrap_err()[0].field, "arrived");
    }
}
