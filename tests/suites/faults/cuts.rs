//! Power cuts: a recorded disk is cut at every step, with every kind of loss, and what lies there then is looked at. What is shown is
//! no older than what was acknowledged, and no newer than what was done.
//!
//! `YINLING_SEED` chooses the losses, `YINLING_IMAGES` how many are drawn for each step; both are printed.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use shared::crypto::{CryptoProvider, SoftProvider};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use tests::disk::{self, Disk, Loss, Op, What};
use tests::fuzz::Dice;
use tests::program::in_memory;

/// What is shown of a folder; an error when it does not open or is not whole.
pub type Shown<'a> = &'a (dyn Fn(&Path) -> Result<String> + Sync);

/// Looks at images of one disk; the same image is looked at once.
struct Looks<'a> {
    root: tempfile::TempDir,
    shown: Shown<'a>,
    known: Mutex<HashMap<[u8; 32], String>>,
}

impl<'a> Looks<'a> {
    fn new(shown: Shown<'a>) -> Result<Self> {
        Ok(Self { root: in_memory()?, shown, known: Mutex::default() })
    }

    fn look(&self, disk: &Disk, loss: Loss) -> Result<String> {
        let image = disk.after(loss);
        let mut digest = Sha256::new();
        for (path, bytes) in &image.0 {
            digest.update(path);
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
        let name: [u8; 32] = digest.finalize().into();
        if let Some(known) = self.known.lock().unwrap().get(&name) {
            return Ok(known.clone());
        }
        let home = tempfile::tempdir_in(self.root.path())?;
        disk::lay_out(&image, home.path())?;
        let shown = (self.shown)(home.path())?;
        self.known.lock().unwrap().insert(name, shown.clone());
        Ok(shown)
    }
}

/// Does `each` with the disk after every step, on all cores.
fn at_every_step(ops: &[Op], each: impl Fn(usize, &Disk) -> Result<()> + Sync) -> Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let each = &each;
        let work = |worker: usize| {
            scope.spawn(move || -> Result<()> {
                let mut disk = Disk::default();
                for step in 0..=ops.len() {
                    if step % workers == worker {
                        each(step, &disk).with_context(|| format!("a cut after step {step} of {}: {:?}", ops.len(), told(ops, step)))?;
                    }
                    if let Some(op) = ops.get(step) {
                        disk.apply(op)?;
                    }
                }
                Ok(())
            })
        };
        let working: Vec<_> = (0..workers).map(work).collect();
        working.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a look panicked"))?)
    })
}

fn told(ops: &[Op], step: usize) -> String {
    let words = |op: &Op| match &op.what {
        What::Write(at, data) => format!("write {} {at}+{}", op.path, data.len()),
        what => format!("{what:?} {}", op.path),
    };
    ops[step.saturating_sub(4)..step].iter().map(words).collect::<Vec<_>>().join("; ")
}

/// The states that the program itself went through, and where each began.
fn states(ops: &[Op], looks: &Looks<'_>) -> Result<Vec<(usize, String)>> {
    let seen = Mutex::new(vec![String::new(); ops.len() + 1]);
    at_every_step(ops, |step, disk| {
        let shown = looks.look(disk, Loss::Nothing)?;
        seen.lock().unwrap()[step] = shown;
        Ok(())
    })?;
    let mut states: Vec<(usize, String)> = Vec::new();
    for (step, shown) in seen.into_inner().unwrap().into_iter().enumerate() {
        if states.last().is_none_or(|(_, last)| *last != shown) {
            states.push((step, shown));
        }
    }
    Ok(states)
}

pub fn number_of(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seed() -> u64 {
    number_of("YINLING_SEED").unwrap_or_else(|| {
        let mut seed = [0; 8];
        SoftProvider::new().random(&mut seed);
        u64::from_le_bytes(seed) >> 16
    })
}

/// Cuts the power at every step, with every kind of loss; what is shown then is no older than what was acknowledged, and no newer than
/// what was done.
pub fn cut_everywhere(ops: &[Op], acknowledged: &[usize], drawn: u64, shown: Shown<'_>) -> Result<()> {
    let seed = seed();
    let looks = Looks::new(shown)?;
    let states = states(ops, &looks)?;
    let state_at = |step: usize| states.partition_point(|(begins, _)| *begins <= step) - 1;
    at_every_step(ops, |step, disk| {
        if !disk.waits() {
            return Ok(());
        }
        let newest = state_at(step);
        let oldest = acknowledged.iter().rev().find(|at| **at <= step).map_or(0, |at| state_at(*at));
        let mut dice = Dice(seed ^ step as u64);
        let losses = [Loss::Everything, Loss::Bytes].into_iter().chain((0..drawn).map(|_| Loss::Some(dice.roll())));
        for loss in losses {
            let shown = looks.look(disk, loss).with_context(|| format!("{loss:?}"))?;
            let known = states[oldest..=newest].iter().any(|(_, state)| *state == shown);
            ensure!(known, "{loss:?}: it shows {shown}; acknowledged {}, done {}", states[oldest].1, states[newest].1);
        }
        Ok(())
    })
    .with_context(|| format!("YINLING_SEED={seed} YINLING_IMAGES={drawn}"))?;
    let images = looks.known.lock().unwrap().len();
    println!("{} steps, {} states, {images} different images; seed {seed}, {drawn} losses drawn a step", ops.len(), states.len());
    Ok(())
}
