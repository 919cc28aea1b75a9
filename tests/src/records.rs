//! What the suites take and write by the dozen: an order as it is asked for, and as the record it becomes.

use jiff::civil::DateTime;
use shared::command::TakeOrder;
use shared::kinds::{Meal, Mode, Order, OrderState};
use shared::money::Fen;
use shared::schema::RecordId;

/// A lunch to be brought, taken whatever the desk would warn of.
#[must_use]
pub fn lunch(elder: RecordId) -> TakeOrder {
    TakeOrder {
        elder: Some(elder),
        meal: Some(Meal::Lunch),
        mode: Some(Mode::OwnDelivery),
        confirmed: true,
        supplement_reason: "补录".into(),
        ..TakeOrder::default()
    }
}

/// A lunch to be brought on the day on which it was taken.
#[must_use]
pub fn placed(number: String, elder: RecordId, canteen: &str, at: DateTime) -> Order {
    Order {
        number,
        elder,
        elder_name: None,
        canteen: canteen.to_owned(),
        date: at.date(),
        meal: Meal::Lunch,
        mode: Mode::OwnDelivery,
        dish: None,
        price: Fen(1200),
        note: None,
        state: OrderState::Placed,
        reason: None,
        state_at: at,
        taken_at: at,
        taken_by: None,
        supplement_reason: None,
        platform_number: None,
        origin: None,
        batch: None,
    }
}
