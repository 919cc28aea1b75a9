//! Twenty desks that push at once, measured from the common start to the last acknowledgement. They are opened before, so
//! that no start of a program is counted.

use super::row;
use super::town::{Town, office};
use anyhow::{Result, anyhow, ensure};
use desk::Desk;
use shared::command::SyncNow;
use std::sync::Barrier;
use std::time::Instant;
use tests::disk::{self, What};
use tests::program::ServerHome;

const DESKS: usize = 20;
const ORDERS: u32 = 500;

/// Prints the rows: the time on the bare disk, and on a recorded one how often the server synced.
pub(super) fn measure() -> Result<()> {
    let (ms, _) = push(&Town::new()?, || Ok(0))?;
    row("20 desks push 500 orders each at once (ms; asked: 450)", ms, Some(450.0));
    let tools = tempfile::tempdir()?;
    let record = tools.path().join("ops");
    let town = Town::at(ServerHome::watched(&disk::recorder(tools.path())?, &record)?)?;
    let (_, synced) = push(&town, || Ok(disk::read(&record)?.iter().filter(|op| op.what == What::Sync).count()))?;
    row("fsyncs of the server for it (pushes)", synced as f64, Some(DESKS as f64));
    Ok(())
}

/// Milliseconds, and how often the disk was synced meanwhile. Each desk has a canteen of its own: none pulls what another one sends.
fn push(town: &Town, syncs: impl Fn() -> Result<usize>) -> Result<(f64, usize)> {
    let folder = tempfile::tempdir()?;
    let server = town.server.listening()?;
    let mut desks = Vec::new();
    for number in 0..DESKS {
        let (_, code) = town.home.canteen_with_code(&format!("第{number}饭堂"), "445381001")?;
        let desk = office(&folder.path().join(number.to_string()), &server, code)?;
        // What is there already is not part of it; the connection stands.
        desk.ask(&SyncNow::default())?;
        desk.bench(ORDERS)?;
        desks.push(desk);
    }
    let (barrier, synced) = (Barrier::new(DESKS + 1), syncs()?);
    let push = |desk: &Desk| {
        barrier.wait();
        desk.ask(&SyncNow::default())
    };
    let push = &push;
    let ms = std::thread::scope(|scope| {
        let pushes: Vec<_> = desks.iter().map(|desk| scope.spawn(move || push(desk))).collect();
        barrier.wait();
        let begun = Instant::now();
        for push in pushes {
            let report = push.join().map_err(|_| anyhow!("a desk ended"))??;
            ensure!(report.pushed >= u64::from(ORDERS) && report.unsent == 0 && report.agrees, "{report:?}");
        }
        Ok::<_, anyhow::Error>(begun.elapsed().as_secs_f64() * 1e3)
    })?;
    Ok((ms, syncs()? - synced))
}
