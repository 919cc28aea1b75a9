//! The root key on a disk that fails: it is not used, and not said to be changed, before it is kept. It lies in a folder of its
//! own here, named from within, so that what is recorded is its alone.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;
use tests::disk::{self, What};
use tests::program::ServerHome;

struct Apart {
    tools: tempfile::TempDir,
    recorder: PathBuf,
    home: ServerHome,
    keys: tempfile::TempDir,
    runs: u32,
}

impl Apart {
    fn new() -> Result<Self> {
        let tools = tempfile::tempdir()?;
        let recorder = disk::recorder(tools.path())?;
        Ok(Self { tools, recorder, home: ServerHome::new()?, keys: tempfile::tempdir()?, runs: 0 })
    }

    /// Runs a command; the sync of that number in the folder of the key fails. Gives what was asked of the disk there.
    fn run(&mut self, line: &str, fails: Option<u32>) -> Result<(Output, Vec<What>)> {
        self.runs += 1;
        let record = self.tools.path().join(format!("ops{}", self.runs));
        let mut command = disk::under(self.home.command(), &self.recorder, self.keys.path());
        command.current_dir(self.keys.path()).env("YINLING_OPS", &record).env("RUST_LOG", "off");
        if let Some(number) = fails {
            command.env("YINLING_FAIL", format!("sync:{number}"));
        }
        let output = command.args(["--keeper", "keeper.key"]).args(line.split(' ')).output()?;
        Ok((output, disk::read(&record)?.into_iter().map(|op| op.what).collect()))
    }
}

const FIRST: &str = "admin canteen add --name 罗城街道长者饭堂 --division 445381001 --json";
const ROTATE: &str = "admin keys rotate --json";

fn at(ops: &[What], wanted: &What) -> Result<usize> {
    ops.iter().position(|op| op == wanted).with_context(|| format!("no {wanted:?} in {ops:?}"))
}

fn told(output: &Output) -> Result<String> {
    let fault: Value = serde_json::from_slice(&output.stdout).with_context(|| format!("{output:?}"))?;
    Ok(format!("{}{}", fault["happened"].as_str().context("what happened")?, fault["next_step"].as_str().context("what to do")?))
}

#[test]
fn a_root_key_named_from_where_one_stands_lies_there_and_is_synced_before_it_is_used() -> Result<()> {
    let mut apart = Apart::new()?;
    let (output, ops) = apart.run(FIRST, None)?;
    ensure!(output.status.success(), "{output:?}");
    let named = at(&ops, &What::Rename("keeper.key".into()))?;
    ensure!(at(&ops, &What::Sync)? < named, "{ops:?}");
    ensure!(ops.get(named + 1) == Some(&What::SyncFolder) && named + 1 < at(&ops, &What::Answer)?, "{ops:?}");
    ensure!(apart.keys.path().join("keeper.key").is_file() && !apart.home.path().join("keeper.key").exists());
    let (output, _) = apart.run("quarantine --json", None)?;
    ensure!(output.status.success(), "found again: {output:?}");
    Ok(())
}

#[test]
fn f05_a_root_key_that_may_not_be_kept_is_told_and_not_used() -> Result<()> {
    for fails in 1..=2 {
        let mut apart = Apart::new()?;
        let (output, ops) = apart.run(FIRST, Some(fails))?;
        at(&ops, &What::Failed)?;
        ensure!(!output.status.success(), "sync {fails} failed, and the key was used: {ops:?}");
        let words = told(&output)?;
        ensure!(words.contains("根密钥没有可靠地存到磁盘上") && words.contains("--keeper"), "{words}");
        // The next start takes nothing of it for kept.
        let (output, ops) = apart.run(FIRST, None)?;
        ensure!(output.status.success(), "{output:?}");
        ensure!(at(&ops, &What::SyncFolder)? < at(&ops, &What::Answer)?, "{ops:?}");
    }
    Ok(())
}

#[test]
fn f05_a_change_of_the_root_key_is_not_told_as_done_before_it_is_kept() -> Result<()> {
    let mut apart = Apart::new()?;
    ensure!(apart.run(FIRST, None)?.0.status.success());
    let mut failed = 0;
    for number in 1.. {
        ensure!(number < 20, "it never goes through");
        let (output, ops) = apart.run(ROTATE, Some(number))?;
        if !ops.contains(&What::Failed) {
            ensure!(output.status.success(), "{output:?}");
            break;
        }
        failed += 1;
        ensure!(!output.status.success(), "sync {number} failed, and the change was told as done: {ops:?}");
        let words = told(&output)?;
        ensure!(words.contains("根密钥没有换完"), "{words}");
        let (output, _) = apart.run("verify --json", None)?;
        ensure!(output.status.success(), "sync {number} failed, and no key opens: {output:?}");
    }
    // The next key and the old one, each with its name, and the name under which the next one takes its place.
    ensure!(failed == 5, "{failed} syncs");
    Ok(())
}
