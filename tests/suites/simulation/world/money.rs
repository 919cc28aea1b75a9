//! Money in the town: the stranger forges orders at its own canteen, the township decides of what is doubtful now and then, and in the end every
//! total is the sum of the orders that are not.

use super::World;
use super::stranger::AFAR;
use crate::faults::kit::wire;
use anyhow::{Context, Result, ensure};
use shared::command::{List, Save};
use shared::crdt::{ActorId, first_change};
use shared::form::Draft;
use shared::kinds::{DoubtVerdict, Meal, Mode, Order, OrderState, RecordKind};
use shared::money::Fen;
use shared::schema::{Record, RecordId, Value};
use std::collections::BTreeMap;
use tests::fuzz::Dice;

/// One in so many steps forges, and one decides.
const SELDOM: usize = 12;

/// Drawn apart from the town's own luck, so that a seed goes on meaning the same.
pub(super) struct Money {
    dice: Dice,
    forged: u32,
}

impl Money {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice(seed ^ 0x7878), forged: 0 }
    }
}

impl World {
    pub(super) fn of_money(&mut self) -> Result<()> {
        match self.money.dice.below(SELDOM) {
            0 => self.forge(),
            1 => self.judge_a_doubt(),
            _ => Ok(()),
        }
    }

    /// An order for nobody, or for one of the town at a price that is none.
    fn forge(&mut self) -> Result<()> {
        let held = self.held_by_the_town()?;
        let dice = &mut self.money.dice;
        let mut fresh = || uuid::Uuid::from_u64_pair(dice.roll(), dice.roll());
        let (id, author, nobody) = (RecordId(fresh()), ActorId::from(fresh().into_bytes()), RecordId(fresh()));
        let (elder, price) = match (dice.below(3), held.len()) {
            (0, _) | (_, 0) => (nobody, 1200),
            (1, many) => (held[dice.below(many)], 999_999),
            (_, many) => (held[dice.below(many)], -5),
        };
        let (device, canteen) = self.stranger.device.as_mut().context("it is enrolled")?;
        let at = "2026-11-22T10:00:00".parse()?;
        let order = Order {
            number: "9-0019".into(),
            elder,
            elder_name: None,
            canteen: canteen.clone(),
            date: "2026-11-22".parse()?,
            meal: Meal::Lunch,
            mode: Mode::PickUp,
            dish: None,
            price: Fen(price),
            note: None,
            state: OrderState::PickedUp,
            reason: None,
            state_at: at,
            taken_at: at,
            taken_by: None,
            supplement_reason: None,
            platform_number: None,
            origin: None,
            batch: None,
        };
        let change = wire(RecordKind::Order, id, first_change(&author, &order.to_fields(), 1).bytes);
        let told = device.exchange(self.server.as_ref().context("the server is up")?, vec![change])?;
        ensure!(told.refused.is_empty(), "an order at one's own canteen is kept: {:?}", told.refused);
        self.money.forged += 1;
        self.note(format!("a stranger forges an order for {elder}"))
    }

    /// The township says of a doubtful order whether it counts, by what it knows.
    fn judge_a_doubt(&mut self) -> Result<()> {
        let desk = self.desk(2)?;
        let undecided = desk.ask(&List { list: "doubts".into(), words: Draft::from([("undecided".into(), "1".into())]) })?.rows;
        if undecided.is_empty() {
            return Ok(());
        }
        let doubt = undecided[self.money.dice.below(undecided.len())].id;
        let verdict = DoubtVerdict::ALL[self.money.dice.below(DoubtVerdict::ALL.len())];
        let draft = Draft::from([("verdict".into(), verdict.code().into()), ("note".into(), "问过了".into())]);
        desk.ask(&Save { list: "doubts".into(), record: Some(doubt), draft })?;
        self.note(format!("the township says that {doubt} {}", verdict.code()))
    }

    /// What the server counts is what its orders say that are not doubtful; what a stranger wrote is never among it; and every office adds up
    /// the same.
    pub(super) fn money_is_sound(&self) -> Result<()> {
        let store = rusqlite::Connection::open(self.root.path().join("server").join("server.sqlite"))?;
        let sums = |sql: &str| -> Result<BTreeMap<String, (i64, i64)>> {
            let mut statement = store.prepare(sql)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let counted = sums("SELECT canteen, sum(meals), sum(amount) FROM rollup_day GROUP BY canteen")?;
        let due = sums(
            "SELECT canteen, count(*), sum(price) FROM meal_order o WHERE state <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM doubt d WHERE \
             d.id = o.id AND d.reason IS NOT NULL AND coalesce(d.verdict, '') <> 'counts') GROUP BY canteen",
        )?;
        ensure!(counted == due, "the figures are {counted:?}, the orders that are not doubtful {due:?}");
        let afar = store.query_row("SELECT code FROM canteen WHERE division = ?1", [AFAR], |row| row.get::<_, String>(0))?;
        ensure!(!counted.contains_key(&afar), "{} forged orders came to {:?}", self.money.forged, counted[&afar]);
        for at in 0..self.offices.len() {
            let place = self.canteens.get(self.offices[at].place);
            let mine = |canteen: &str| place.map_or(self.canteens.iter().any(|code| code == canteen), |code| code == canteen);
            let there: i64 = counted.iter().filter(|(canteen, _)| mine(canteen)).map(|(_, (_, amount))| amount).sum();
            let listed = |list: &str| self.desk(at)?.ask(&List { list: list.into(), ..List::default() }).map_err(anyhow::Error::from);
            let (here, doubts) = (listed("orders")?.sums.get("price").cloned(), listed("doubts")?.rows);
            ensure!(
                here == Some(Value::Int(there)),
                "{} adds up {here:?}, the server {there}; doubtful are {doubts:#?}",
                self.offices[at].name
            );
        }
        Ok(())
    }
}
