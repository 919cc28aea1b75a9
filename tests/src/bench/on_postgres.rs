//! The same push on PostgreSQL, from one desk, beside the push on SQLite of the same minute. The database syncs as it does by
//! itself; the one of the tests does not.

use super::cluster::Cluster;
use super::row;
use super::town::Town;
use anyhow::{Context, Result, ensure};
use tests::program::ServerHome;

const ORDERS: &str = "10000";

/// Prints the row.
pub(super) fn measure() -> Result<()> {
    let here = push(&Town::new()?)?;
    let cluster = Cluster::durable();
    let there = push(&Town::at(ServerHome::new()?.on_database(&cluster.database()))?)?;
    row("push of 10,000 orders, server on PostgreSQL (ms; on SQLite)", there, Some(here));
    Ok(())
}

fn push(town: &Town) -> Result<f64> {
    let desk = town.desk()?;
    desk.json(&["sync", "--json"])?;
    desk.json(&["bench", "--records", ORDERS, "--json"])?;
    let report = desk.json(&["sync", "--json"])?;
    ensure!(report["agrees"] == true && report["unsent"] == 0, "{report}");
    report["push_ms"].as_f64().context("push_ms")
}
