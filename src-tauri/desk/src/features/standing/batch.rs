//! 订餐批次: writing the record of one, and taking it back.

use super::make::{Making, cancelled};
use crate::fault::missing;
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::{Plan, Writing};
use crate::store::standing as table;
use jiff::civil::Date;
use shared::command::{BatchUndone, UndoBatch};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{OrderBatch, OrderOrigin, OrderState, RecordKind};
use shared::rule::standing::batch_id;
use shared::schema::{FieldValue, Fields, RecordId, Value};

/// Writes orders as a batch of their own.
pub(super) fn write(
    writing: &Writing<'_>,
    (canteen, origin): (String, OrderOrigin),
    device: u32,
    makings: Vec<Making>,
) -> Result<RecordId, Fault> {
    let (look, days) = (writing.look(), makings.iter().map(|making| making.order.date));
    let (first_day, last_day) = (days.clone().min().unwrap_or(look.now.date()), days.max().unwrap_or(look.now.date()));
    let orders = i64::try_from(makings.len()).unwrap_or(i64::MAX);
    let id = look.new_id();
    let batch = OrderBatch { canteen, origin, first_day, last_day, made_at: look.now, orders, undone_at: None };
    writing.write(&Mutation::create(id, &batch))?;
    write_all(writing, device, id, makings)?;
    Ok(id)
}

/// Writes orders of a day of standing meals, beside those that were made before.
pub(super) fn write_day(writing: &Writing<'_>, canteen: &str, date: Date, device: u32, makings: Vec<Making>) -> Result<(), Fault> {
    let look = writing.look();
    let id = batch_id(&look.county_key()?, canteen, date);
    let more = i64::try_from(makings.len()).unwrap_or(i64::MAX);
    match look.record::<OrderBatch>(id)? {
        None => {
            let (canteen, origin) = (canteen.to_owned(), OrderOrigin::Standing);
            let batch = OrderBatch { canteen, origin, first_day: date, last_day: date, made_at: look.now, orders: more, undone_at: None };
            writing.write(&Mutation::create(id, &batch))?;
        }
        Some(batch) => {
            let mut changes = Fields::new();
            (batch.orders + more).put("orders", &mut changes);
            look.now.put("made_at", &mut changes);
            if batch.undone_at.is_some() {
                changes.insert("undone_at", Value::Null);
            }
            writing.write(&Mutation::edit(RecordKind::OrderBatch, id, changes))?;
        }
    }
    write_all(writing, device, id, makings)
}

/// Whoever was ordered for since the wishes were judged is left out: somebody took an order, or gave the same command twice.
fn write_all(writing: &Writing<'_>, device: u32, batch: RecordId, makings: Vec<Making>) -> Result<(), Fault> {
    let look = writing.look();
    for making in makings {
        let (elder, date, meal) = (making.order.elder, making.order.date, making.order.meal);
        let found = look.read(|store| table::found(store, elder, date, meal))?;
        if found.iter().all(|order| order.state == OrderState::Cancelled) {
            making.write(writing, device, batch)?;
        }
    }
    writing.keep_numbers(device)
}

/// Takes a batch back: what nobody has begun to prepare is cancelled, what is prepared, brought or over stays.
pub(crate) fn undo(look: &Look<'_>, ask: &UndoBatch) -> Result<Plan<BatchUndone>, Fault> {
    let id = ask.batch.ok_or_else(|| missing(RecordKind::OrderBatch.label()))?;
    let batch: OrderBatch = look.record(id)?.ok_or_else(|| fault!(Code::NotFound, standing::NO_BATCH))?;
    if batch.undone_at.is_some() {
        return Err(fault!(Code::NotNow, standing::UNDONE_ALREADY));
    }
    let orders = look.read(|store| table::of_batch(store, id, (batch.first_day, batch.last_day)))?;
    let goes = |(_, date, state): &&(RecordId, Date, OrderState)| *state == OrderState::Placed && *date >= look.now.date();
    let mut mutations: Vec<Mutation> = orders.iter().filter(goes).map(|(order, ..)| cancelled(*order, look)).collect();
    let count = |orders: usize| u32::try_from(orders).unwrap_or(u32::MAX);
    let answer = BatchUndone { done: ask.confirmed, cancelled: count(mutations.len()), kept: count(orders.len() - mutations.len()) };
    if !ask.confirmed {
        return Ok(Plan::Changes(Vec::new(), answer));
    }
    let mut undone = Fields::new();
    look.now.put("undone_at", &mut undone);
    mutations.push(Mutation::edit(RecordKind::OrderBatch, id, undone));
    Ok(Plan::Changes(mutations, answer))
}
