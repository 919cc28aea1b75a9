//! The workload of the benches: orders through the real write path, each its own durable act.

use crate::desk::Inner;
use crate::fault::no_order;
use crate::journal::Mutation;
use crate::store;
use shared::fault::Fault;
use shared::kinds::{Meal, Mode, Order, OrderState, RecordKind};
use shared::money::Fen;
use shared::rule::order::outcome;
use shared::rule::order_number;
use shared::schema::RecordId;
use std::time::Instant;

/// What the workload measured.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WorkloadReport {
    /// Orders created in a second.
    pub create_per_s: f64,
    /// Outcomes written in a second.
    pub edit_per_s: f64,
    /// Size of the store afterwards.
    pub bytes: u64,
    /// Time of the slowest hundredth of the creates, in microseconds.
    pub create_p99_us: u64,
}

/// Creates `records` orders and marks every fifth delivered.
pub(crate) fn workload(desk: &Inner, records: u32) -> Result<WorkloadReport, Fault> {
    let known: Vec<RecordId> = desk.read(|store| store::change::records_of(store, RecordKind::Elder))?.into_iter().take(1000).collect();
    let enrolled = desk.facts().enrolled;
    let device = enrolled.as_ref().map_or(1, |enrolled| enrolled.device_number);
    let canteen = enrolled.and_then(|enrolled| enrolled.canteen).unwrap_or_else(|| "bench".to_owned());
    let now = desk.clock.now();
    let mut made = Vec::with_capacity(records as usize);
    let mut times = Vec::with_capacity(records as usize);
    let begun = Instant::now();
    for n in 0..records {
        let each = Instant::now();
        let id = desk.new_id();
        let mut order = Order {
            number: String::new(),
            elder: known.get(n as usize % known.len().max(1)).copied().unwrap_or(id),
            elder_name: Some("王桂英".to_owned()),
            canteen: canteen.clone(),
            date: now.date(),
            meal: Meal::Lunch,
            mode: Mode::OwnDelivery,
            dish: Some("软饭".to_owned()),
            price: Fen(1200),
            note: Some("少盐".to_owned()),
            state: OrderState::Placed,
            reason: None,
            state_at: now,
            taken_at: now,
            taken_by: None,
            supplement_reason: None,
            platform_number: None,
        };
        desk.commit_made(|transaction| {
            order.number = order_number::compose(device, desk.next_sequence(transaction, device)?);
            desk.write(transaction, &Mutation::create(id, &order))
        })?;
        made.push(id);
        times.push(each.elapsed());
    }
    let create_s = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let edits: Vec<RecordId> = made.iter().copied().step_by(5).collect();
    for id in &edits {
        let order = desk.read(|store| store::order::find(store, *id))?.ok_or_else(no_order)?;
        let delivered = outcome(order.reason, OrderState::Delivered, None, now);
        desk.commit(&[Mutation::edit(RecordKind::Order, *id, delivered)])?;
    }
    let edit_s = begun.elapsed().as_secs_f64();
    times.sort();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    let bytes = ["desk.sqlite", "desk.sqlite-wal"]
        .iter()
        .filter_map(|name| std::fs::metadata(desk.dir.join(name)).ok())
        .map(|meta| meta.len())
        .sum();
    let per_s = |count: usize, seconds: f64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
    Ok(WorkloadReport {
        create_per_s: per_s(made.len(), create_s),
        edit_per_s: per_s(edits.len(), edit_s),
        bytes,
        create_p99_us: u64::try_from(p99.as_micros()).unwrap_or(u64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use crate::desk::Desk;

    #[test]
    fn an_order_writes_four_pages_and_so_does_its_outcome() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let mut last = desk.bench(40).unwrap().bytes;
        // Each page is a frame in the log of writes; the least is what is written where none is split.
        let mut least = |orders| {
            let grown = (0..20).map(|_| {
                let now = desk.bench(orders).unwrap().bytes;
                now - std::mem::replace(&mut last, now)
            });
            grown.min().map(|bytes| bytes / (4096 + 24))
        };
        // One outcome each.
        assert_eq!((least(1), least(2)), (Some(4 + 4), Some(4 + 4 + 4)));
    }
}
