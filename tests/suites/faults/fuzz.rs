//! The targets under hostile bytes, each in a process of its own with a limit on its memory. Long runs: `cargo xtask fuzz`.

use anyhow::{Context, Result, ensure};
use std::process::Command;
use tests::fuzz::{Found, Target};
use tests::program::{binary, in_memory};

const MIB: u64 = 1024 * 1024;

fn bounded(target: Target, runs: u32, memory: u64) -> Result<()> {
    let folder = in_memory()?;
    let at_work = folder.path().join("input");
    let seed = std::env::var("YINLING_SEED").unwrap_or_default();
    // In kilobytes of address space and seconds of work: who asks for more is stopped, whatever the machine has.
    let script = format!("ulimit -v 6000000; ulimit -t 300; exec \"$0\" {} {runs} {seed}", target.name());
    let mut command = Command::new("sh");
    let output = command.arg("-c").arg(script).arg(binary("fuzz")).env("YINLING_AT_WORK", &at_work).env("RUST_LOG", "off").output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = || hex::encode(std::fs::read(&at_work).unwrap_or_default());
    ensure!(output.status.success(), "{}: {said}\nthe input at work: {}", output.status, last());
    let found: Found = serde_json::from_slice(&output.stdout).context("what it found")?;
    println!("{}: {found:?}", target.name());
    ensure!(found.taken > 0, "nothing got through the door: the inputs are too wild to find anything");
    ensure!(found.memory <= memory, "seed {}: {} MiB of memory", found.seed, found.memory / MIB);
    Ok(())
}

#[test]
fn f29_hostile_messages_cost_little() -> Result<()> {
    bounded(Target::Message, 20_000, 64 * MIB)
}

#[test]
fn f29_hostile_changes_cost_little() -> Result<()> {
    bounded(Target::Change, 20_000, 64 * MIB)
}

#[test]
fn f18_hostile_envelopes_stay_closed() -> Result<()> {
    bounded(Target::Envelope, 4_000, 64 * MIB)
}

#[test]
fn f29_a_hostile_device_does_not_break_the_server() -> Result<()> {
    bounded(Target::Server, 10_000, 64 * MIB)
}

#[test]
fn f29_a_hostile_server_does_not_break_the_desk() -> Result<()> {
    bounded(Target::Answer, 10_000, 64 * MIB)
}

#[test]
fn f38_hostile_photos_are_refused_in_words() -> Result<()> {
    bounded(Target::Photo, 4_000, 256 * MIB)
}

#[test]
fn f29_hostile_snapshots_cost_little() -> Result<()> {
    bounded(Target::Snapshot, 10_000, 64 * MIB)
}
