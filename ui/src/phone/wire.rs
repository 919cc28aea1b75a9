//! What the courier's page reads of the desk's answers, and what it sends: the commands of `shared`, with ids, days and
//! moments as the text they travel as. Nothing is computed with them here, and the library of dates would be a sixth of
//! the page. The tests hold these shapes to the commands.

use serde::{Deserialize, Serialize};
use shared::command::{self, Command, PhotoKept};
use shared::kinds::{Meal, Mode, NotDeliveredReason, OrderState, ReceivedBy, Seen};
use shared::say;
use shared::words::Language;

/// How the desk stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    pub office: String,
    pub now: String,
    pub revision: u64,
    pub locked: bool,
    /// Who sits there.
    pub person: Option<Somebody>,
    pub settings: Look,
}

/// Somebody who signed in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Somebody {
    pub name: String,
}

/// How its pages are to look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    pub large_type: bool,
    pub high_contrast: bool,
    pub language: Language,
}

/// The orders of a day, and in which order they are driven to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub orders: Vec<Stop>,
    pub run: Vec<String>,
}

/// An order that is brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    pub id: String,
    pub number: String,
    pub name: String,
    pub address: String,
    pub phone: String,
    pub diet: String,
    pub meal: Meal,
    pub mode: Mode,
    pub dish: String,
    pub note: String,
    pub state: OrderState,
    pub state_at: String,
    pub reason: Option<NotDeliveredReason>,
    pub receipt: Option<Receipt>,
    pub receipt_missing: bool,
}

/// Its receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub arrived_at: String,
    pub received_by: Option<ReceivedBy>,
    pub seen: Option<Seen>,
    pub note: String,
    pub photos: Vec<String>,
}

macro_rules! commands {
    ($($name:ident => $reply:ty { $($field:ident: $kind:ty),* $(,)? })+) => { $(
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name { $(pub $field: $kind),* }
        impl Command for $name {
            const NAME: &'static str = command::$name::NAME;
            type Reply = $reply;
        }
    )+ };
}

commands! {
    Status => Desk {}
    Today => Board {}
    SetOutcome => OrderState { order: String, state: Option<OrderState> }
    SaveReceipt => OrderState {
        order: String, arrived_at: String, state: Option<OrderState>, reason: Option<NotDeliveredReason>,
        received_by: Option<ReceivedBy>, seen: Option<Seen>, note: String, photos: Vec<String>,
    }
    KeepPhoto => PhotoKept { file: String, order: String }
}

/// 11:58 of a moment.
pub fn clock(moment: &str) -> &str {
    moment.get(11..16).unwrap_or_default()
}

/// The day of a moment.
pub fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or_default()
}

/// 11月22日
pub fn day_words(moment: &str) -> String {
    let part = |range| moment.get(range).and_then(|digits: &str| digits.parse().ok()).unwrap_or_default();
    say!(period::day(part(5..7), part(8..10)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::json;
    use jiff::civil::date;
    use shared::command::{DeskStatus, OrderSummary, ReceiptSummary, Settings, TodayBoard};
    use shared::money::Fen;
    use shared::schema::RecordId;
    use shared::words::{Language, speaking};

    const ID: &str = "0190a5f0000070008000000000000001";

    #[test]
    fn reads_what_the_desk_answers() {
        let at = date(2026, 11, 2).at(9, 5, 0, 0);
        let settings = Settings { large_type: true, ..Settings::default() };
        let status = DeskStatus { office: "罗城".into(), now: at, revision: 7, settings, ..DeskStatus::default() };
        let read: Desk = json::read(&serde_json::to_string(&status).expect("status")).expect("it is read");
        assert_eq!((read.office.as_str(), clock(&read.now), day(&read.now), read.revision), ("罗城", "09:05", "2026-11-02", 7));
        assert_eq!((day_words(&read.now).as_str(), read.settings.large_type), ("11月2日", true));
        assert_eq!(speaking(Language::En, || day_words(&read.now)), "2 Nov");

        let id: RecordId = ID.parse().expect("an id");
        let photos = vec!["ab".to_owned()];
        let receipt =
            ReceiptSummary { arrived_at: at, recorded_at: at, received_by: None, seen: Some(Seen::Well), note: String::new(), photos };
        let line = OrderSummary {
            id,
            number: "12-0173".into(),
            elder: id,
            name: "陈少芳".into(),
            address: "细坑路".into(),
            phone: "13812345678".into(),
            diet: "少盐".into(),
            date: at.date(),
            meal: Meal::Lunch,
            mode: Mode::OwnDelivery,
            dish: "软饭".into(),
            price: Fen(1200),
            note: String::new(),
            state: OrderState::NotDelivered,
            state_at: at,
            reason: Some(NotDeliveredReason::Refused),
            taken_at: at,
            supplement: false,
            receipt: Some(receipt),
            receipt_missing: false,
            unsent: true,
        };
        let board = TodayBoard { date: at.date(), orders: vec![line], run: vec![id], ..TodayBoard::default() };
        let read: Board = json::read(&serde_json::to_string(&board).expect("board")).expect("it is read");
        assert_eq!((&read.run[0], read.run.len()), (&read.orders[0].id, 1));
        assert_eq!(read.run[0].parse(), Ok(id), "the desk knows its ids again");
        assert_eq!(read.orders[0].receipt.as_ref().map(|receipt| (clock(&receipt.arrived_at), receipt.photos.len())), Some(("09:05", 1)));
    }

    #[test]
    fn sends_what_the_desk_reads() {
        fn same<T: serde::de::DeserializeOwned>(ask: &impl Serialize) -> T {
            serde_json::from_value(serde_json::to_value(ask).expect("written")).expect("the desk reads it")
        }
        let receipt: command::SaveReceipt = same(&SaveReceipt {
            order: ID.into(),
            arrived_at: "2026-11-22T11:58:00".into(),
            state: Some(OrderState::Delivered),
            received_by: Some(ReceivedBy::Door),
            note: "门口".into(),
            ..SaveReceipt::default()
        });
        assert_eq!((receipt.order.map(|id| id.to_string()), receipt.note.as_str()), (Some(ID.to_owned()), "门口"));
        assert_eq!(receipt.arrived_at, Some(date(2026, 11, 22).at(11, 58, 0, 0)));
        let outcome: command::SetOutcome = same(&SetOutcome { order: ID.into(), state: Some(OrderState::Out) });
        assert_eq!((outcome.order.map(|id| id.to_string()), outcome.state), (Some(ID.to_owned()), Some(OrderState::Out)));
        let photo: command::KeepPhoto = same(&KeepPhoto { file: "f".into(), order: ID.into() });
        assert_eq!(photo.order.map(|id| id.to_string()), Some(ID.to_owned()));
        let today: command::Today = same(&Today {});
        assert_eq!(today.date, None, "the desk's own day");
        let _: command::Status = same(&Status {});
    }
}
