//! 回单: arrival, who took the meal, photos, and the outcome of the order in the same act.

use crate::decision::Decision;
use crate::fault::{missing, no_order};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{master, order as orders};
use jiff::civil::DateTime;
use shared::command::{OrderSummary, ReceiptSummary, SaveReceipt};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Concern, OrderState, Receipt, RecordKind, Seen};
use shared::rule::order::{outcome, step};
use shared::rule::receipt as rule;
use shared::schema::{FieldValue, Fields, KeySet, RecordId, Value};

/// Writes or completes the receipt of an order and its outcome in one act.
pub(crate) fn save(look: &Look<'_>, ask: &SaveReceipt) -> Result<Plan<OrderState>, Fault> {
    let id = ask.order.ok_or_else(|| missing(RecordKind::Order.label()))?;
    let order = look.find(no_order, |store| orders::find(store, id))?;
    let now = look.now;
    let state = ask.state.unwrap_or(order.state);
    let mut acts = Vec::new();
    if state != order.state || ask.reason.is_some_and(|reason| order.reason != Some(reason)) {
        step(order.mode, order.state, state, ask.reason)?;
        let moved = outcome(order.reason, state, ask.reason, ask.arrived_at.unwrap_or(now).min(now));
        acts.push(Mutation::edit(RecordKind::Order, id, moved));
    }
    acts.extend(mutation(look, ask, &order)?);
    acts.extend(concern(look, ask, &order)?);
    Ok(Plan::Changes(acts, state))
}

/// Who was seen and is not well stays in sight from now on, whatever becomes of the receipt.
fn concern(look: &Look<'_>, ask: &SaveReceipt, order: &OrderSummary) -> Result<Option<Mutation>, Fault> {
    if ask.seen != Some(Seen::Concern) || look.record::<Concern>(order.id)?.is_some() {
        return Ok(None);
    }
    let (_, _, _, canteen) = look.read(|store| orders::particulars(store, order.id))?;
    let concern = Concern {
        elder: order.elder,
        elder_name: Some(order.name.clone()),
        canteen,
        seen_at: ask.arrived_at.unwrap_or(look.now).min(look.now),
        seen_by: look.clerk(),
        outcome: None,
        note: None,
    };
    Ok(Some(Mutation::create(order.id, &concern)))
}

/// Under whose keys a photo for the receipt of an order is sealed: its elder's.
pub(crate) fn photo_owner(look: &Look<'_>, order: Option<RecordId>) -> Result<RecordId, Fault> {
    let order = order.ok_or_else(|| missing(RecordKind::Order.label()))?;
    Ok(look.find(no_order, |store| orders::find(store, order))?.elder)
}

fn mutation(look: &Look<'_>, ask: &SaveReceipt, order: &OrderSummary) -> Result<Option<Mutation>, Fault> {
    for hash in &ask.photos {
        if !look.has_photo(hash) {
            return Err(fault!(Code::NotFound, photo::TO_BE_CHOSEN_AGAIN));
        }
    }
    let photos: KeySet = ask.photos.iter().cloned().collect();
    let Some(standing) = &order.receipt else {
        if photos.len() > rule::MAX_PHOTOS {
            return Err(rule::ReceiptRefusal::TooManyPhotos.into());
        }
        // Nobody was met and nothing is to be shown: the outcome alone says it.
        let Some(arrived_at) = ask.arrived_at else { return Ok(None) };
        rule::arrival(order.date, arrived_at, look.now)?;
        let (_, _, _, canteen) = look.read(|store| orders::particulars(store, order.id))?;
        let receipt = Receipt {
            order: order.id,
            canteen,
            arrived_at,
            recorded_at: look.now,
            received_by: ask.received_by,
            seen: ask.seen,
            note: Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty()),
            photos,
        };
        return Ok(Some(Mutation::create(order.id, &receipt)));
    };
    let changes = changes(look, ask, order, standing, &photos)?;
    Ok((!changes.is_empty()).then(|| Mutation::edit(RecordKind::Receipt, order.id, changes)))
}

fn changes(look: &Look<'_>, ask: &SaveReceipt, order: &OrderSummary, standing: &ReceiptSummary, photos: &KeySet) -> Result<Fields, Fault> {
    let mut changes = Fields::new();
    if let Some(arrived_at) = ask.arrived_at.filter(|at| *at != standing.arrived_at) {
        rule::arrival(order.date, arrived_at, look.now)?;
        arrived_at.put("arrived_at", &mut changes);
    }
    if let Some(received_by) = ask.received_by.filter(|by| Some(*by) != standing.received_by) {
        received_by.put("received_by", &mut changes);
    }
    if let Some(seen) = ask.seen.filter(|seen| Some(*seen) != standing.seen) {
        seen.put("seen", &mut changes);
    }
    let note = ask.note.trim();
    if !note.is_empty() && note != standing.note {
        note.to_owned().put("note", &mut changes);
    }
    let added: KeySet = photos.iter().filter(|hash| !standing.photos.contains(hash)).cloned().collect();
    if standing.photos.len() + added.len() > rule::MAX_PHOTOS {
        return Err(rule::ReceiptRefusal::TooManyPhotos.into());
    }
    added.put("photos", &mut changes);
    if changes.values().any(|value| *value != Value::Null) {
        may_change(look, order.id, standing.recorded_at)?;
    }
    Ok(changes)
}

/// Whether the canteen may still change what it wrote then.
fn may_change(look: &Look<'_>, order: RecordId, recorded_at: DateTime) -> Result<(), Fault> {
    let (_, _, _, code) = look.read(|store| orders::particulars(store, order))?;
    let free_hours = look.read(|store| master::canteen(store, &code))?.map_or(24, |canteen| canteen.receipt_free_hours);
    Ok(rule::change(recorded_at, free_hours, look.now)?)
}

/// What stands goes on to stand; the township decides when the time for free changes is over.
pub(crate) fn decide(look: &Look<'_>, decision: &Decision<'_>) -> Result<Vec<Mutation>, Fault> {
    let id = decision.of.record;
    if decision.keeps() {
        return Ok(decision.alone());
    }
    let order = look.find(no_order, |store| orders::find(store, id))?;
    let Some(standing) = &order.receipt else { return Ok(decision.alone()) };
    if let ("arrived_at", Value::Text(at)) = (decision.field(), &decision.chosen.value) {
        let at = at.parse().map_err(|_| fault!(Code::BadInput, receipt::ARRIVAL_UNREAD))?;
        rule::arrival(order.date, at, look.now)?;
    }
    if look.canteen().is_some() {
        may_change(look, id, standing.recorded_at)?;
    }
    Ok(decision.alone())
}
