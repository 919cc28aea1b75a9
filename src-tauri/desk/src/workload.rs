//! The workload of the benches: orders through the real write path, each its own durable act. It is in no program that is shipped (feature
//! `drill`), and nothing that makes data up writes where somebody works.

use crate::desk::Inner;
use crate::fault::no_order;
use crate::journal::Mutation;
use crate::store;
use jiff::ToSpan;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Elder, ElderStatus, Meal, Mode, Order, OrderState, RecordKind};
use shared::money::Fen;
use shared::rule::order::{self, outcome};
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

/// The mark of a folder that was made up.
const MARK: &str = "drill";
/// An elder's meals of so many days.
const DAYS: usize = 60;

/// Takes the folder for what is made up: one in which elders or orders are that were not is somebody's.
pub(crate) fn claim(desk: &Inner) -> Result<(), Fault> {
    let in_use = |store: &rusqlite::Connection| {
        let marked = store::fact::get(store, MARK)?.is_some();
        let records = |kind| Ok::<_, store::StoreError>(!store::change::records_of(store, kind)?.is_empty());
        Ok(!marked && (records(RecordKind::Order)? || records(RecordKind::Elder)?))
    };
    if desk.read(in_use)? {
        return Err(fault!(Code::NotNow, program::NOT_MADE_UP));
    }
    desk.transact(|transaction| store::fact::set(transaction, MARK, "1"))
}

/// Elders for so many orders, each for another meal: what came twice would count once.
fn elders(desk: &Inner, orders: usize, canteen: &str) -> Result<Vec<RecordId>, Fault> {
    let mut known = desk.read(|store| store::change::records_of(store, RecordKind::Elder))?;
    let division = desk.facts().enrolled.map_or_else(|| "445381001".to_owned(), |enrolled| enrolled.division);
    while known.len() * DAYS * Meal::ALL.len() < orders {
        let elder = Elder {
            name: "王桂英".to_owned(),
            id_number: None,
            other_document: None,
            sex: None,
            birth_date: None,
            phone: None,
            second_phone: None,
            emergency_name: None,
            emergency_phone: None,
            division: division.clone(),
            address: None,
            ability: None,
            living_alone: false,
            delivery_need: true,
            diet: None,
            note: None,
            canteen: Some(canteen.to_owned()),
            status: ElderStatus::Active,
            last_imported: None,
        };
        let id = desk.new_id();
        desk.commit(&[Mutation::create(id, &elder)])?;
        known.push(id);
    }
    known.sort_unstable();
    Ok(known)
}

/// Creates `records` orders and marks every fifth delivered.
pub(crate) fn workload(desk: &Inner, records: u32) -> Result<WorkloadReport, Fault> {
    claim(desk)?;
    let enrolled = desk.facts().enrolled;
    let device = enrolled.as_ref().map_or(1, |enrolled| enrolled.device_number);
    let canteen = enrolled.and_then(|enrolled| enrolled.canteen).unwrap_or_else(|| "bench".to_owned());
    let now = desk.clock.now();
    let taken = desk.read(|store| store::change::records_of(store, RecordKind::Order))?.len();
    let elders = elders(desk, taken + records as usize, &canteen)?;
    let mut made = Vec::with_capacity(records as usize);
    let mut times = Vec::with_capacity(records as usize);
    let begun = Instant::now();
    for n in 0..records {
        let each = Instant::now();
        let id = desk.new_id();
        let at = taken + n as usize;
        let (meal, day) = (Meal::ALL[at / elders.len() % Meal::ALL.len()], at / elders.len() / Meal::ALL.len());
        let date = now.date().saturating_sub(i64::try_from(day).unwrap_or_default().days());
        let elder = elders[at % elders.len()];
        let mut order = Order {
            dish: Some("软饭".to_owned()),
            price: Fen(1200),
            note: Some("少盐".to_owned()),
            ..order::begun(elder, "王桂英".to_owned(), canteen.clone(), (date, meal), Mode::OwnDelivery, now)
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
    use crate::journal::Mutation;
    use shared::fault::Code;
    use shared::kinds::RecordKind;
    use shared::schema::{Fields, Value};

    #[test]
    fn nothing_is_made_up_where_somebody_works() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let elder = Fields::from([("name".into(), Value::Text("王桂英".into()))]);
        desk.0.commit(&[Mutation::edit(RecordKind::Elder, desk.0.new_id(), elder)]).unwrap();
        for refused in [desk.bench(1).map(drop), desk.claim_for_drill()] {
            assert_eq!(refused.unwrap_err().code, Code::NotNow);
        }
        let fresh = tempfile::tempdir().unwrap();
        let made_up = Desk::open(fresh.path()).unwrap();
        made_up.bench(2).unwrap();
        made_up.bench(2).unwrap();
        made_up.claim_for_drill().unwrap();
    }

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
