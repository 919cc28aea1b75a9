//! Fuzzing: hostile bytes against every target that takes bytes from outside, each target a plain function. The driver
//! mutates kept inputs from a printed seed; the program `fuzz` runs it in a process of its own, so that its memory
//! can be measured and limited.

mod inputs;
mod mutate;
mod targets;

pub use mutate::{Dice, mutated};
pub use targets::OpenTarget;

use anyhow::{Context, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A target by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// What is said on the line, packed or not yet packed.
    Message,
    /// One change of one record.
    Change,
    /// The outside of an envelope.
    Envelope,
    /// What an enrolled device says, signed: the server hears it.
    Server,
    /// What a server answers: the desk takes it in.
    Answer,
    /// Photos: pieces at the server, files at the desk.
    Photo,
    /// A page of a snapshot, packed or not yet packed.
    Snapshot,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Message, Self::Change, Self::Envelope, Self::Server, Self::Answer, Self::Photo, Self::Snapshot];

    /// Its name on the command line, and of its folder of kept inputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Change => "change",
            Self::Envelope => "envelope",
            Self::Server => "server",
            Self::Answer => "answer",
            Self::Photo => "photo",
            Self::Snapshot => "snapshot",
        }
    }
}

/// What a run found.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// Repeats the run.
    pub seed: u64,
    /// How many inputs were tried.
    pub runs: u64,
    /// Of these, how many were taken as good.
    pub taken: u64,
    /// Most memory in use above that at the start, in bytes.
    pub memory: u64,
}

/// Tries `runs` inputs on a target; all kept ones first. The input at work is written to `at_work` beforehand, so that it is
/// known also when the process is killed.
///
/// # Errors
/// When a target panicked, or the folder does not do.
pub fn run(target: Target, runs: u64, seed: u64, at_work: &Path) -> Result<Found> {
    let mut dice = Dice(seed);
    let kept = inputs::kept(target)?;
    let mut open = OpenTarget::open(target)?;
    let at_start = resident("VmRSS:")?;
    // Starts the high-water mark anew; where the system does not, it is only higher.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let mut taken = 0;
    for number in 0..runs {
        let input = match kept.get(usize::try_from(number)?) {
            Some(input) => input.clone(),
            None => mutated(&kept, &mut dice),
        };
        std::fs::write(at_work, &input)?;
        let went = catch_unwind(AssertUnwindSafe(|| open.push(&input)));
        taken += u64::from(went.map_err(|_| anyhow::anyhow!("input {number} of seed {seed} panicked; it is in {}", at_work.display()))??);
    }
    open.still_works()?;
    Ok(Found { seed, runs, taken, memory: resident("VmHWM:")?.saturating_sub(at_start) })
}

/// A line of the kernel's account of this process, in bytes.
fn resident(line: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let found = status.lines().find_map(|text| text.strip_prefix(line)).context("no account of memory")?;
    let kilobytes: u64 = found.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}
