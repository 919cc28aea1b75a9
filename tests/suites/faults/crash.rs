//! A power cut at any step of the desk's work: after every change to its folder, with what was not synced there, lost or
//! torn, the desk opens, is whole, and shows a state that is no older than the last answer it gave.

use super::cuts::{cut_everywhere, number_of};
use anyhow::{Context, Result, ensure};
use desk::{Clock, Desk};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::command::PhotoData;
use shared::crypto::SoftProvider;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tests::disk::{self, Op, What};
use tests::photo;
use tests::program::{DeskHome, Screen, ServerHome, sample};

/// 2026-11-22 09:48 in China.
const NOW: i64 = 1_795_312_080;

/// A desk whose work is written down.
struct Recorded {
    home: DeskHome,
    tools: tempfile::TempDir,
    recorder: PathBuf,
    /// Places in the record before which everything is acknowledged.
    acknowledged: Vec<usize>,
}

impl Recorded {
    fn new() -> Result<Self> {
        let tools = tempfile::tempdir()?;
        Ok(Self { home: DeskHome::new()?, recorder: disk::recorder(tools.path())?, tools, acknowledged: Vec::new() })
    }

    fn record(&self) -> PathBuf {
        self.tools.path().join("ops")
    }

    fn ops(&self) -> Result<Vec<Op>> {
        disk::read(&self.record())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = disk::under(self.home.command(), &self.recorder, self.home.path());
        command.env("YINLING_OPS", self.record()).args(arguments);
        command
    }

    /// One command, one process.
    fn act(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.command(&[arguments, &["--json"]].concat()).output()?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Something was answered by a program that goes on running.
    fn answered(&mut self) -> Result<()> {
        let so_far = self.ops()?.len();
        self.acknowledged.push(so_far);
        Ok(())
    }
}

/// A morning of a canteen: enrolled, a list imported, orders, outcomes, receipts, syncs both ways, by commands and on the screens.
fn a_morning() -> Result<(Vec<Op>, Vec<usize>)> {
    let server_home = ServerHome::new()?;
    let (canteen, code) = server_home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = server_home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let mut desk = Recorded::new()?;
    desk.act(&["enrol", "--server", &address, "--code", &code])?;
    desk.act(&["import", "elders", sample("elders_small.xls").to_str().context("path")?])?;
    let hits = desk.act(&["elder", "find", "𠮷田"])?;
    let elder = hits[0]["id"].as_str().context("an elder")?.to_owned();
    let take = ["order", "take", "--elder", &elder, "--mode", "own_delivery", "--reason", "测试", "--confirm"];
    let order = desk.act(&take)?["id"].as_str().context("order")?.to_owned();
    desk.act(&["order", "outcome", "--order", &order, "--outcome", "out"])?;
    let door = photo::door(desk.tools.path(), 1)?;
    desk.act(&["receipt", "add", "--order", &order, "--arrived-at", "09:40", "--photo", door.to_str().context("path")?])?;
    desk.act(&["sync"])?;
    let code = server_home.admin(&["device", "code", "--canteen", &canteen])?;
    let other = DeskHome::enrolled(&address, code["code"].as_str().context("code")?)?;
    other.json(&["order", "take", "--elder", &elder, "--mode", "own_delivery", "--reason", "测试", "--confirm", "--json"])?;
    other.json(&["sync", "--json"])?;
    desk.act(&["sync"])?;

    let screen = Screen::open(desk.command(&["serve"]))?;
    let door = photo::door(desk.tools.path(), 2)?;
    for _ in 0..2 {
        let ask = json!({ "elder": elder, "confirmed": true, "supplement_reason": "测试", "mode": "own_delivery" });
        let order = screen.call("take_order", &ask)?["id"].clone();
        desk.answered()?;
        let file = screen.post("/hand-over", std::fs::read(&door)?)?.map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let kept = screen.call("keep_photo", &json!({ "file": file, "order": order }))?["hash"].clone();
        desk.answered()?;
        screen.call(
            "save_receipt",
            &json!({ "order": order, "arrived_at": "2026-11-22T09:40:00", "state": "delivered", "photos": [kept] }),
        )?;
        desk.answered()?;
    }
    screen.call("sync_now", &json!({}))?;
    desk.answered()?;
    screen.kill()?;
    desk.act(&take)?;
    let ops = desk.ops()?;
    let mut acknowledged = desk.acknowledged;
    acknowledged.extend(ops.iter().enumerate().filter(|(_, op)| op.what == What::Answer).map(|(at, _)| at));
    acknowledged.sort_unstable();
    Ok((ops, acknowledged))
}

/// What the people of the desk see, photos included; an error when the folder does not open or is not whole.
fn shown(home: &Path) -> Result<String> {
    let clock = Clock::from_fn(|| Timestamp::from_second(NOW).unwrap_or_default());
    let desk = Desk::open_with(home, clock, Arc::new(SoftProvider::new()))?;
    let problems = desk.check()?;
    ensure!(problems.is_empty(), "{}", problems.join("；"));
    let ledger = desk.ledger_json(None, None)?;
    let mut shown = Sha256::new();
    for row in ledger["rows"].as_array().into_iter().flatten() {
        shown.update(row.to_string());
        for hash in row["receipt"]["photos"].as_array().into_iter().flatten() {
            let hash = hash.as_str().context("hash")?.to_owned();
            shown.update(desk.ask(&PhotoData { hash: hash.clone(), thumbnail: false }).with_context(|| format!("photo {hash}"))?);
            shown.update(desk.ask(&PhotoData { hash, thumbnail: true })?);
        }
    }
    let elders = desk.call("list", json!({ "list": "elders" }))?;
    shown.update(elders.to_string());
    shown.update(desk.call("list_imports", json!({}))?.to_string());
    Ok(format!(
        "{} orders, {} elders, {}",
        ledger["rows"].as_array().map_or(0, Vec::len),
        elders["total"],
        hex::encode(&shown.finalize()[..6])
    ))
}

#[test]
fn f01_f02_a_power_cut_at_any_step_loses_nothing_that_was_acknowledged() -> Result<()> {
    let (ops, acknowledged) = a_morning()?;
    ensure!(acknowledged.len() >= 15, "the record is not whole");
    cut_everywhere(&ops, &acknowledged, number_of("YINLING_IMAGES").unwrap_or(4), &shown)
}

#[test]
fn f45_a_power_cut_while_the_store_is_made_leaves_one_that_opens() -> Result<()> {
    let desk = Recorded::new()?;
    desk.act(&["status"])?;
    let ops = desk.ops()?;
    cut_everywhere(&ops, &[ops.len()], number_of("YINLING_IMAGES").unwrap_or(20), &shown)
}
