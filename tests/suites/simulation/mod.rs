//! The simulator: real desks and a real server, their folders and one seed. Requests and answers get lost, doubled and
//! bent, desks and server die between any two steps, folders are copied and restored, clocks jump. Every start runs the migrations; one
//! run in five begins on the recorded folders of an earlier version, which are upgraded in it. After every run the
//! world heals and must be whole again: what was confirmed is there, both ends agree, nobody sees another's. Desks and server are of
//! several versions on every fresh seed; kept ones are played so as well, and once as they were kept.
//!
//! A failing seed is printed; `YINLING_SEED=… cargo nextest run simulation` plays it again, `YINLING_SEEDS=…` says how many
//! fresh ones are tried. Seeds that failed once stay in `KEPT`. Not covered: torn writes below SQLite.

mod world;

use anyhow::{Context, Result, ensure};
use world::World;

/// Seeds that failed once, and why.
const KEPT: &[u64] = &[
    // A restored server got an elder from the township first; the canteen that had written in the file no longer saw it.
    140096005862187,
    // Doubled questions of an old session token were asked ever new challenges.
    39893728070235,
    // An elder left and was back within one answer: the same author wrote on where changes had been withdrawn.
    168656477541989,
    // An elder who had left was enrolled anew by the same program: the same first word of the file, of which it was not told that it may not keep it.
    117248220337043,
    // Three copies of one disk took the line from each other in turn, and none was ever told.
    275120124280432,
    // An elder left and was back within one answer, and what had been said alike was settled at once by an author whose word was withdrawn.
    109396206523702,
    // A restored server had forgotten what it held of a request that was answered: the desk showed a value that the server did not have.
    48655237653894,
    // A desk sent the centre's own word again to a restored server, was refused, and showed that as its own.
    59666931112265,
    // A restored server had forgotten a doubt and made it anew: the township decided of both under one author.
    133984519617901,
];

/// Fresh seeds of one part; four parts run side by side.
const FRESH: u64 = 50;
/// What happens in one run.
const STEPS: usize = 120;

/// Plays a seed in a town of this version, or of several.
fn play(seed: u64, mixed: bool) -> Result<Vec<String>> {
    let mut world = World::new(seed, mixed)?;
    let played = (0..STEPS).try_for_each(|_| world.step()).and_then(|()| world.heal());
    played.with_context(|| format!("seed {seed}; the trace ends:\n{}", world.tail()))?;
    Ok(world.trace)
}

fn fresh_seeds(part: u64) -> Result<()> {
    if let Ok(seed) = std::env::var("YINLING_SEED") {
        println!("{}", play(seed.parse()?, true)?.join("\n"));
        return Ok(());
    }
    let count = std::env::var("YINLING_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(FRESH);
    let mut first = [0; 8];
    shared::crypto::CryptoProvider::random(&shared::crypto::SoftProvider::new(), &mut first);
    let first = u64::from_le_bytes(first) >> 16;
    println!("part {part}: {count} seeds from {first}");
    (first..first + count).try_for_each(|seed| play(seed, true).map(drop))
}

#[test]
fn simulation_of_fresh_seeds_part_1() -> Result<()> {
    fresh_seeds(1)
}

#[test]
fn simulation_of_fresh_seeds_part_2() -> Result<()> {
    fresh_seeds(2)
}

#[test]
fn simulation_of_fresh_seeds_part_3() -> Result<()> {
    fresh_seeds(3)
}

#[test]
fn simulation_of_fresh_seeds_part_4() -> Result<()> {
    fresh_seeds(4)
}

#[test]
fn simulation_of_kept_seeds() -> Result<()> {
    KEPT.iter().try_for_each(|seed| {
        play(*seed, false)?;
        play(*seed, true).map(drop)
    })
}

#[test]
fn the_same_seed_gives_the_same_trace() -> Result<()> {
    for seed in [7, 4453] {
        ensure!(play(seed, true)? == play(seed, true)?, "seed {seed}");
    }
    Ok(())
}
