//! Moving an order along: prepared, out, delivered, picked up, cancelled.

use crate::decision::Decision;
use crate::fault::{missing, no_order};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::order as table;
use jiff::civil::DateTime;
use shared::command::SetOutcome;
use shared::conflict::version_at;
use shared::fault::Fault;
use shared::kinds::{NotDeliveredReason, OrderState, RecordKind};
use shared::label;
use shared::rule::order::{outcome, step};
use shared::schema::Value;

/// Moves an order to another state.
pub(crate) fn set_outcome(look: &Look<'_>, ask: &SetOutcome) -> Result<Plan<OrderState>, Fault> {
    let id = ask.order.ok_or_else(|| missing(RecordKind::Order.label()))?;
    let state = ask.state.ok_or_else(|| missing(label!(receipt::OUTCOME)))?;
    let order = look.find(no_order, |store| table::find(store, id))?;
    step(order.mode, order.state, state, ask.reason)?;
    let moved = Mutation::edit(RecordKind::Order, id, outcome(order.reason, state, ask.reason, look.now));
    Ok(Plan::Changes(vec![moved], state))
}

/// Each of the states was a step that fitted where it was made, without knowing of the other; so it is judged from the beginning.
pub(crate) fn decide(look: &Look<'_>, decision: &Decision<'_>) -> Result<Vec<Mutation>, Fault> {
    let ("state", Value::Text(state)) = (decision.field(), &decision.chosen.value) else { return Ok(decision.alone()) };
    let id = decision.of.record;
    let order = look.find(no_order, |store| table::find(store, id))?;
    let state = OrderState::of_code(state).ok_or_else(Fault::broken)?;
    let reason = decision.beside::<NotDeliveredReason>("reason").or(order.reason);
    step(order.mode, OrderState::Placed, state, reason)?;
    let at = decision.beside::<DateTime>("state_at").unwrap_or_else(|| version_at(decision.chosen));
    Ok(vec![Mutation::edit(RecordKind::Order, id, outcome(order.reason, state, reason, at))])
}
