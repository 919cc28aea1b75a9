//! Programs of several versions at once, by what they speak: each start of a desk may be one of another version, and the server goes
//! through all of them within a run. What capabilities are asked meets accidents of its own, so that a seed goes on meaning the same.

use super::World;
use anyhow::{Context, Result, ensure};
use desk::{Desk, OneSync};
use shared::fault::Fault;
use shared::sync::{Answer, Ask, Capability};
use tests::fuzz::Dice;
use tests::lacking::{Lacking, Version, opened, some_names};

/// The server is of another version after so many steps.
const STEPS_EACH: usize = 40;
const VERSIONS: [Version; 3] = [Version::Own, Version::Without(&[Capability::Keys, Capability::Wait]), Version::Unnamed];

pub(super) struct Versions {
    /// Whether there are others than this one.
    mixed: bool,
    dice: Dice,
    /// The server as its desks see it.
    server: Lacking,
}

impl Versions {
    pub(super) fn new(seed: u64, mixed: bool) -> Self {
        Self { mixed, dice: Dice(seed ^ 0x6801), server: Lacking::default() }
    }
}

impl World {
    /// The server is upgraded or goes back to an older version, and hears anew what its desks speak.
    pub(super) fn change_server(&mut self) -> Result<()> {
        let turn = usize::try_from(self.seed + self.server_starts)? + self.steps / STEPS_EACH;
        let version = if self.versions.mixed { VERSIONS[turn % VERSIONS.len()] } else { Version::Own };
        self.versions.server = Lacking::of(version);
        self.note(format!("the server is of version {version:?}"))
    }

    pub(super) fn changes_by_itself(&mut self) -> Result<()> {
        if self.versions.mixed && self.steps.is_multiple_of(STEPS_EACH) { self.change_server() } else { Ok(()) }
    }

    /// A sync by the program that the office has started.
    pub(super) fn by_version(&self, at: usize, sync: OneSync) -> Result<OneSync> {
        let number = if self.versions.mixed { self.seed + at as u64 + self.offices[at].starts } else { 0 };
        Ok(sync.speaking(some_names(number)?))
    }

    pub(super) fn receive(&mut self, envelope: &[u8]) -> Result<Result<Answer, Fault>> {
        let server = self.server.as_ref().context("the server is up")?;
        Ok(self.versions.server.receive(server, envelope))
    }

    /// Brings what capabilities are asked to the server on a bad line, and the answer back: until it comes through. Gives whether that was
    /// what the envelope asks.
    pub(super) fn capabilities_asked(&mut self, desk: &Desk, sync: &mut OneSync, envelope: &[u8]) -> Result<bool> {
        if !matches!(opened(envelope), Some((_, Ask::Capabilities(_)))) {
            return Ok(false);
        }
        let mut heard = false;
        loop {
            match self.versions.dice.below(8) {
                0 => self.note("what is spoken is not asked".into())?,
                1 => {
                    // The answer is lost; who has the question and asks it again is told nothing.
                    let answer = self.receive(envelope)?;
                    ensure!(!heard || answer.is_err(), "a question was heard twice");
                    // Who is told the time was not heard.
                    heard |= matches!(&answer, Ok(answer) if !matches!(answer, Answer::Clock(_)));
                    self.note("what is spoken is not heard".into())?;
                }
                2 => {
                    let mut bent = envelope.to_vec();
                    let bit = self.versions.dice.below(bent.len() * 8);
                    bent[bit / 8] ^= 1 << (bit % 8);
                    ensure!(self.server()?.receive(&bent).is_err(), "a bent envelope was taken");
                }
                _ => break,
            }
        }
        // The desk asks anew, under a new signature.
        let anew = if heard { desk.again(sync)? } else { envelope.to_vec() };
        match self.receive(&anew)? {
            Ok(answer) => desk.take_answer(sync, answer)?,
            Err(fault) => desk.take_refusal(sync, fault)?,
        }
        self.note("what is spoken is asked".into())?;
        Ok(true)
    }
}
