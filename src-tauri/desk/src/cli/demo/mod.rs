//! `desk demo`, in no program that is shipped (feature `drill`): a canteen with a day behind it and a day under way, so that the first look
//! shows work. All of it goes through the commands that the screens use, with the clock put where each of them
//! would have happened. Nothing here knows the store; what happens when is planned in `plan.rs`.

mod menu;
mod people;
mod plan;
mod run;
mod scene;

use desk::{Clock, Desk};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use rand::SeedableRng;
use rand::rngs::StdRng;
use shared::command::{List, SaveSettings, SaveStanding, Settings, Status, SyncNow, Today};
use shared::crypto::SoftProvider;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::Meal;
use shared::schema::RecordId;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Every run of the demo tells the same story, whatever the day.
const SEED: u64 = 4453;
/// The person at the counter.
const CLERK: &str = "演示";
/// So many have a standing meal.
const STANDING: usize = 40;

/// What was filled in.
#[derive(Debug, Default, serde::Serialize)]
pub(super) struct Filled {
    elders: u64,
    orders: u64,
    receipts: u64,
    photos: u64,
}

impl std::fmt::Display for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { elders, orders, receipts, photos } = self;
        write!(f, "已填入演示数据：{elders} 位长者、{orders} 笔订单、{receipts} 张回单、{photos} 张照片")
    }
}

/// Fills the desk in `data`. Elders that are known, and orders that stand for the same elder, day and meal, are left as they are.
pub(super) fn fill(data: &Path) -> Result<Filled, Fault> {
    let now = Clock::system().now();
    let stage = Stage::at(now);
    let desk = Desk::open_with(data, stage.clock(), Arc::new(SoftProvider::new()))?;
    desk.claim_for_drill()?;
    // The prices come from the server; without them no order has one.
    desk.ask(&SyncNow::default())?;
    let status = desk.ask(&Status::default())?;
    if status.settings.clerk.is_empty() {
        desk.ask(&SaveSettings { settings: Settings { clerk: CLERK.to_owned(), ..status.settings } })?;
    }

    let mut rng = StdRng::seed_from_u64(SEED);
    let mut filled = Filled { elders: import(&desk, data, &status.division, now, &mut rng)?, ..Filled::default() };
    let plan = plan::make(&elders(&desk)?, now, &standing(&desk, now)?, &mut rng);
    scene::play(&desk, &stage, &plan, data, &mut filled)?;
    stage.turn(now);
    menu::write(&desk, now.date())?;
    run::write(&desk)?;
    stand(&desk, &mut filled)?;
    Ok(filled)
}

/// Some eat on every weekday, from tomorrow on.
fn stand(desk: &Desk, filled: &mut Filled) -> Result<(), Fault> {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday"].map(|day| (day.to_owned(), "1".to_owned()));
    for (elder, _) in elders(desk)?.into_iter().take(STANDING) {
        let ask = SaveStanding { elder: Some(elder), meal: Some(Meal::Lunch), draft: week.clone().into(), confirmed: true };
        filled.orders += desk.ask(&ask)?.changes.len() as u64;
    }
    Ok(())
}

/// Imports the made-up list as an office's list is imported.
fn import(desk: &Desk, data: &Path, division: &str, now: DateTime, rng: &mut StdRng) -> Result<u64, Fault> {
    let file = data.join("演示名单.csv");
    let done = std::fs::write(&file, people::list(division, now, rng))
        .map_err(|error| unwritten(&error))
        .and_then(|()| desk.import_file(&file, false, None));
    let _ = std::fs::remove_file(&file);
    let done = done?;
    match done.rows.iter().find(|row| row.bucket == shared::command::Bucket::Error) {
        Some(row) => Err(fault!(Code::Broken, program::demo_row(row.row, &row.code))),
        None => Ok(done.new),
    }
}

/// The elders in the order of the list on the screen, and whether each wants the meal brought.
fn elders(desk: &Desk) -> Result<Vec<(RecordId, bool)>, Fault> {
    let mut all = Vec::new();
    desk.list_all(&List { list: "elders".to_owned(), ..List::default() }, &mut |row| {
        all.push((row.id, row.is("delivery_need")));
        Ok(())
    })?;
    Ok(all)
}

/// Who has an order for which meal already, yesterday and today.
fn standing(desk: &Desk, now: DateTime) -> Result<HashSet<plan::Eats>, Fault> {
    let mut found = HashSet::new();
    for date in plan::days(now) {
        let board = desk.ask(&Today { date: Some(date) })?;
        found.extend(board.orders.iter().map(|order| (order.elder, order.date, order.meal)));
    }
    Ok(found)
}

fn unwritten(error: &dyn std::error::Error) -> Fault {
    tracing::error!(%error, "the demo's files could not be written");
    fault!(Code::Broken, program::DEMO_NOT_WRITTEN)
}

/// The time at which the scene plays; the desk's clock shows it.
#[derive(Clone, Debug)]
struct Stage(Arc<AtomicI64>);

impl Stage {
    fn at(time: DateTime) -> Self {
        let stage = Self(Arc::default());
        stage.turn(time);
        stage
    }

    fn turn(&self, time: DateTime) {
        let china = TimeZone::fixed(Offset::constant(8));
        if let Ok(instant) = china.to_timestamp(time) {
            self.0.store(instant.as_second(), Ordering::Relaxed);
        }
    }

    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Clock::from_fn(move || Timestamp::from_second(seconds.load(Ordering::Relaxed)).unwrap_or_default())
    }
}
