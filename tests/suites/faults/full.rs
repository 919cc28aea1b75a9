//! Disks that are full or fail to sync: every command says so in Chinese and has done nothing or everything, reading goes on,
//! and work goes on when there is room again.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Output;
use tests::canteen::Canteen;
use tests::disk::{self, Disk, Loss};
use tests::photo;
use tests::program::{DeskHome, Screen, sample};

/// A desk with an order under way, and what it is asked to do while the disk fails.
struct Trial {
    tools: tempfile::TempDir,
    recorder: PathBuf,
    town: Canteen,
    elder: String,
    order: String,
    door: String,
}

impl Trial {
    fn new() -> Result<Self> {
        let town = Canteen::new()?;
        let elder = town.desk.elder_of("elders_small.xls", "𠮷田")?;
        let order = town.desk.order_for(&elder)?;
        let tools = tempfile::tempdir()?;
        let recorder = disk::recorder(tools.path())?;
        let door = photo::small(tools.path())?.to_str().context("path")?.to_owned();
        Ok(Self { tools, recorder, town, elder, order, door })
    }

    /// Commands that write.
    fn commands(&self) -> Result<Vec<Vec<String>>> {
        let list = sample("elders_luocheng_later_gbk.csv").to_str().context("path")?.to_owned();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        Ok(vec![
            words(&format!("order take --elder {} --mode own_delivery --reason 测试 --confirm --json", self.elder)),
            words(&format!("order outcome --order {} --outcome out --json", self.order)),
            [words(&format!("receipt add --order {} --arrived-at 09:40 --json --photo", self.order)), vec![self.door.clone()]].concat(),
            [words("import elders --json"), vec![list]].concat(),
        ])
    }

    /// Runs a command on a disk that fails as told.
    fn run(&self, desk: &DeskHome, arguments: &[String], fail: &str) -> Result<Output> {
        let mut command = disk::under(desk.command(), &self.recorder, desk.path());
        Ok(command.env("YINLING_FAIL", fail).args(arguments).output()?)
    }
}

/// What a desk holds, and that it is whole.
fn held(desk: &DeskHome) -> Result<(Value, Value)> {
    let check = desk.json(&["check", "--json"])?;
    ensure!(check["ok"] == true, "{check}");
    Ok((desk.json(&["ledger", "--json"])?, desk.json(&["elder", "find", "", "--json", "--limit", "500"])?))
}

fn told(output: &Output) -> Result<String> {
    let error: Value = serde_json::from_slice(&output.stdout).with_context(|| format!("{output:?}"))?;
    let happened = error["error"]["happened"].as_str().with_context(|| error.to_string())?;
    let next_step = error["error"]["next_step"].as_str().filter(|words| !words.is_empty()).with_context(|| error.to_string())?;
    Ok(format!("{happened}{next_step}"))
}

/// Half-written files: whatever has no name that anybody would look for.
fn rubbish(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rubbish(&path, found)?;
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) || folder.ends_with("inbox") {
            found.push(path);
        }
    }
    Ok(())
}

#[test]
fn f04_a_full_disk_is_told_and_nothing_is_half_done() -> Result<()> {
    let trial = Trial::new()?;
    let before = held(&trial.town.desk)?;
    for arguments in trial.commands()? {
        let mut failed = 0;
        // Every place at first; of the many of a long list, some.
        for place in (1..30).chain((30..).step_by(17)) {
            ensure!(place < 2_000, "{arguments:?} never goes through");
            let desk = trial.town.desk.copied()?;
            let output = trial.run(&desk, &arguments, &format!("full:{place}"))?;
            let after = held(&desk)?;
            let mut left = Vec::new();
            rubbish(desk.path(), &mut left)?;
            ensure!(left.is_empty(), "{arguments:?}, full at {place}: {left:?} is left over");
            if output.status.success() {
                ensure!(after != before, "{arguments:?}, full at {place}: told as done, but it is not there");
                break;
            }
            failed += 1;
            let happened = told(&output)?;
            ensure!(happened.contains("磁盘"), "{arguments:?}, full at {place}: {happened}");
            ensure!(after == before, "{arguments:?}, full at {place}: told as not saved, but something is there");
            // With room again the same goes through.
            if place % 5 == 1 {
                let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
                desk.json(&words)?;
                ensure!(held(&desk)? != before);
            }
        }
        ensure!(failed >= 2, "{arguments:?} wrote nothing that could fail");
        println!("{}: failed at {failed} places", arguments[..2].join(" "));
    }
    Ok(())
}

#[test]
fn f05_what_could_not_be_synced_is_never_acknowledged() -> Result<()> {
    let trial = Trial::new()?;
    let before = held(&trial.town.desk)?;
    for arguments in trial.commands()? {
        let mut failed = 0;
        for place in 1..14 {
            let desk = trial.town.desk.copied()?;
            let output = trial.run(&desk, &arguments, &format!("sync:{place}"))?;
            let after = held(&desk)?;
            if output.status.success() {
                ensure!(after != before, "{arguments:?}, sync {place} failed: told as done, but it is not there");
            } else {
                failed += 1;
                told(&output)?;
            }
            // Whether it is there or not: the next one goes through.
            if place % 4 == 1 {
                let take = &trial.commands()?[0];
                let words: Vec<&str> = take.iter().map(String::as_str).collect();
                desk.json(&words)?;
            }
        }
        // The sync of the commit at least; those of a checkpoint may fail unnoticed, the log stays until they went well.
        ensure!(failed >= 1, "{arguments:?} acknowledged what was not synced");
        println!("{}: {failed} syncs that told", arguments[..2].join(" "));
    }
    Ok(())
}

#[test]
fn f04_a_running_desk_reads_on_a_full_disk_and_works_on_when_there_is_room() -> Result<()> {
    let trial = Trial::new()?;
    let full = trial.tools.path().join("full");
    let mut command = disk::under(trial.town.desk.command(), &trial.recorder, trial.town.desk.path());
    command.env("YINLING_FULL", &full).arg("serve");
    let screen = Screen::open(command)?;
    let take = json!({ "elder": trial.elder, "confirmed": true, "supplement_reason": "测试", "mode": "own_delivery" });
    let orders = || Ok::<_, anyhow::Error>(screen.call("list", &json!({ "list": "orders" }))?["total"].as_u64());
    screen.call("take_order", &take)?;
    ensure!(orders()? == Some(2));
    std::fs::write(&full, "")?;
    for _ in 0..3 {
        let fault = screen.post("/call/take_order", take.to_string().into_bytes())?.err().context("a full disk took an order")?;
        ensure!(fault["happened"] == "磁盘已满，这一步没有保存。", "{fault}");
        let fault = screen.post("/hand-over", std::fs::read(&trial.door)?)?.err().context("a full disk took a photo")?;
        ensure!(fault["happened"] == "磁盘已满，这一步没有保存。", "{fault}");
        ensure!(orders()? == Some(2), "reading goes on");
        screen.call("elder_card", &json!({ "elder": trial.elder }))?;
    }
    std::fs::remove_file(&full)?;
    screen.call("take_order", &take)?;
    ensure!(orders()? == Some(3));
    screen.kill()?;
    held(&trial.town.desk)?;
    ensure!(trial.town.desk.json(&["sync", "--json"])?["agrees"] == true);
    Ok(())
}

/// Since a failed sync makes the system forget what it had not written, a desk that works on must write it again. (Of folders
/// SQLite asks once and takes no for an answer: file systems keep the name of a synced file.)
#[test]
fn f05_a_desk_that_works_on_after_a_failed_sync_trusts_nothing_of_it() -> Result<()> {
    let trial = Trial::new()?;
    let take = json!({ "elder": trial.elder, "confirmed": true, "supplement_reason": "测试", "mode": "own_delivery" }).to_string();
    let mut told = 0;
    for place in 1..12 {
        let desk = trial.town.desk.copied()?;
        let mut lies = Disk::of(desk.path())?;
        let record = trial.tools.path().join(format!("ops{place}"));
        let mut command = disk::under(desk.command(), &trial.recorder, desk.path());
        command.env("YINLING_OPS", &record).env("YINLING_FAIL", format!("file:{place}")).arg("serve");
        let screen = Screen::open(command)?;
        let mut acknowledged = Vec::new();
        for _ in 0..5 {
            match screen.post("/call/take_order", take.clone().into_bytes())? {
                Ok(taken) => acknowledged.push((disk::read(&record)?.len(), taken["number"].clone())),
                Err(_) => told += 1,
            }
        }
        screen.kill()?;
        let ops = disk::read(&record)?;
        for step in 0..=ops.len() {
            if acknowledged.iter().any(|(at, _)| *at == step) || step == ops.len() {
                let cut = DeskHome::new()?;
                disk::lay_out(&lies.after(Loss::Everything), cut.path())?;
                let (ledger, _) = held(&cut)?;
                for (_, number) in acknowledged.iter().filter(|(at, _)| *at <= step) {
                    let there = ledger["rows"].as_array().into_iter().flatten().any(|row| row["number"] == *number);
                    ensure!(there, "sync {place} failed, cut after step {step} of {}: {number} is lost", ops.len());
                }
            }
            if let Some(op) = ops.get(step) {
                lies.apply(op)?;
            }
        }
    }
    ensure!(told > 0, "no sync that failed was told");
    Ok(())
}

#[test]
fn f04_a_sync_on_a_full_disk_goes_on_where_it_stopped() -> Result<()> {
    let trial = Trial::new()?;
    let words = ["sync", "--json"].map(str::to_owned);
    for place in 1.. {
        ensure!(place < 500, "it never goes through");
        let output = trial.run(&trial.town.desk, &words, &format!("full:{place}"))?;
        held(&trial.town.desk)?;
        if output.status.success() {
            break;
        }
        let told = told(&output)?;
        ensure!(told.contains("磁盘"), "full at {place}: {told}");
    }
    let report = trial.town.desk.json(&["sync", "--json"])?;
    ensure!(report["agrees"] == true && report["unsent"] == 0, "{report}");
    Ok(())
}
