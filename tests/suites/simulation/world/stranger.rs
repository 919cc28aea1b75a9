//! A computer of another county whose owner read this source: it claims whom the town holds, with operations greater than all others. It gets
//! nothing, and nobody of the town loses sight of anything.

use super::World;
use crate::faults::kit::{Device, wire};
use anyhow::{Context, Result, ensure};
use shared::command::ElderCard;
use shared::crdt::{ActorId, first_change};
use shared::crypto::SoftProvider;
use shared::kinds::{Meal, RecordKind};
use shared::money::Fen;
use shared::schema::{Fields, RecordId, Value};
use shared::wire::RefusedReason;
use tests::fuzz::Dice;

/// One in so many steps is the stranger's.
const SELDOM: usize = 15;
pub(super) const CANTEEN: &str = "远处饭堂";
pub(super) const AFAR: &str = "445322100";

/// Drawn apart from the town's own luck, so that a seed goes on meaning the same.
pub(super) struct Stranger {
    dice: Dice,
    pub(super) device: Option<(Device, String)>,
}

impl Stranger {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice(seed ^ 0x5757), device: None }
    }
}

impl World {
    /// Enrolled before anything happens: a server that is restored knows it.
    pub(super) fn enrol_stranger(&mut self) -> Result<()> {
        let crypto = SoftProvider::seeded(self.stranger.dice.roll());
        let server = self.server()?;
        let canteen = server.add_canteen(CANTEEN, AFAR, None)?.code;
        server.add_price(&canteen, Meal::Lunch, "午餐", Fen(1200))?;
        let device = Device::enrolled(server, server.device_code(Some(&canteen), None)?.code, crypto)?;
        self.stranger.device = Some((device, canteen));
        Ok(())
    }

    /// Now and then it claims somebody, or plants a key.
    pub(super) fn of_a_stranger(&mut self) -> Result<()> {
        if self.stranger.dice.below(SELDOM) > 0 {
            return Ok(());
        }
        let held = self.held_by_the_town()?;
        let Some(elder) = (!held.is_empty()).then(|| held[self.stranger.dice.below(held.len())]) else { return Ok(()) };
        let author = ActorId::from(uuid::Uuid::from_u64_pair(self.stranger.dice.roll(), self.stranger.dice.roll()).into_bytes());
        let (device, canteen) = self.stranger.device.as_mut().context("it is enrolled")?;
        let text = |text: &str| Value::Text(text.into());
        let mut claim = Fields::from([
            ("name".into(), text("王桂英")),
            ("canteen".into(), text(canteen)),
            ("division".into(), text(AFAR)),
            ("status".into(), text("active")),
        ]);
        (0..40).for_each(|number| drop(claim.insert(format!("padding{number}").as_str(), text("x"))));
        let claim = wire(RecordKind::Elder, elder, first_change(&author, &claim, 1).bytes);
        let server = self.server.as_ref().context("the server is up")?;
        let told = device.exchange(server, vec![claim])?;
        ensure!(told.refused.len() == 1 && told.refused[0].reason == RefusedReason::Asked, "a stranger is told {:?}", told.refused);
        let told = device.pull(server, 0)?;
        let persons = [RecordKind::Elder.code(), RecordKind::KEYS.code()];
        ensure!(!told.changes.iter().any(|change| persons.contains(&change.kind.as_str())), "a stranger got something of a person");
        self.note(format!("a stranger claims {elder}"))
    }

    /// Whom the server knows as the town's: the township knows them, and has nothing to say of them that the server lacks.
    pub(super) fn held_by_the_town(&self) -> Result<Vec<RecordId>> {
        if self.server_was_restored {
            // What it lost is nobody's until its desk says it again.
            return Ok(Vec::new());
        }
        let desk = self.desk(2)?;
        let unsent = desk.unsent_records()?;
        let known: Vec<RecordId> = self.offices.iter().flat_map(|office| office.elders.clone()).collect();
        let held = |elder: &RecordId| !unsent.contains(elder) && desk.ask(&ElderCard { elder: Some(*elder) }).is_ok();
        Ok(known.into_iter().filter(held).collect())
    }
}
