//! Moving an order along: prepared, out, delivered, picked up, cancelled.

use super::summary;
use crate::desk::Inner;
use crate::fault::missing;
use crate::journal::Mutation;
use jiff::civil::DateTime;
use shared::command::{OrderSummary, SetOutcome};
use shared::fault::Fault;
use shared::kinds::{NotDeliveredReason, OrderState, RecordKind};
use shared::rule::order::step;
use shared::schema::{FieldValue, Fields, Value};

impl Inner {
    /// Moves an order to another state.
    pub(crate) fn set_outcome(&self, ask: &SetOutcome) -> Result<OrderState, Fault> {
        let order = ask.order.ok_or_else(|| missing("订单"))?;
        let state = ask.state.ok_or_else(|| missing("结果"))?;
        let order = summary(self, order)?;
        step(order.mode, order.state, state, ask.reason)?;
        self.commit(&[outcome_mutation(&order, state, ask.reason, self.clock.now())])?;
        Ok(state)
    }
}

/// The change that moves `order` to `state`.
pub(crate) fn outcome_mutation(order: &OrderSummary, state: OrderState, reason: Option<NotDeliveredReason>, at: DateTime) -> Mutation {
    let mut changes = Fields::new();
    state.put("state", &mut changes);
    at.put("state_at", &mut changes);
    match reason.filter(|_| state == OrderState::NotDelivered) {
        Some(reason) => reason.put("reason", &mut changes),
        None if order.reason.is_some() => drop(changes.insert("reason", Value::Null)),
        None => {}
    }
    Mutation::edit(RecordKind::Order, order.id, changes)
}
