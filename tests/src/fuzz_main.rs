//! The program `fuzz`: one target, so many runs, one seed; what it found goes out as JSON.

use anyhow::{Context, Result};
use shared::crypto::{CryptoProvider, SoftProvider};
use std::path::PathBuf;
use tests::fuzz::{Target, run};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().context("which target: message, change, envelope, server, answer or photo")?;
    let target = Target::ALL.into_iter().find(|target| target.name() == name).context("no such target")?;
    let runs = arguments.next().map_or(Ok(20_000), |runs| runs.parse())?;
    let seed = match arguments.next() {
        Some(seed) => seed.parse()?,
        None => fresh(),
    };
    let at_work = std::env::var_os("YINLING_AT_WORK").map(PathBuf::from);
    let at_work = at_work.unwrap_or_else(|| std::env::temp_dir().join(format!("fuzz-{name}-{seed}")));
    // What automerge panics about is caught where it is called; a target that panics is told by the driver.
    std::panic::set_hook(Box::new(|_| {}));
    eprintln!("{name}: {runs} runs from seed {seed}, input at work in {}", at_work.display());
    let found = run(target, runs, seed, &at_work)?;
    println!("{}", serde_json::to_string(&found)?);
    std::fs::remove_file(at_work)?;
    Ok(())
}

fn fresh() -> u64 {
    let mut seed = [0; 8];
    SoftProvider::new().random(&mut seed);
    u64::from_le_bytes(seed) >> 16
}
