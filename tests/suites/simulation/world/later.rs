//! Computers whose program is of a later version: they write kinds of record and fields that neither the server nor the desks of the
//! town know. These keep them and pass them on, and everything else goes on as if nothing were.

use super::{BEGIN, World};
use crate::faults::kit::{Device, wire};
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use shared::crdt::{ActorId, first_change};
use shared::crypto::SoftProvider;
use shared::kinds::Order;
use shared::rule::order_number;
use shared::schema::{Fields, Record, RecordId, Value};
use shared::wire::WireChange;
use tests::fuzz::Dice;
use tests::records::placed;

/// One in so many steps is theirs.
const SELDOM: usize = 12;
/// Their device numbers in order numbers: none of the town's own.
const NUMBER: u32 = 900;

/// Drawn apart from the town's own luck, so that a seed goes on meaning the same.
pub(super) struct Later {
    dice: Dice,
    /// At the two canteens.
    devices: Vec<Device>,
    orders: u32,
}

impl Later {
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice(seed ^ 0x2031), devices: Vec::new(), orders: 0 }
    }

    fn actor(&mut self) -> ActorId {
        ActorId::from(self.record().0.into_bytes())
    }

    fn record(&mut self) -> RecordId {
        let (high, low) = (self.dice.roll(), self.dice.roll());
        RecordId(uuid::Uuid::from_u64_pair(high, low))
    }
}

fn menu(record: RecordId, bytes: Vec<u8>) -> WireChange {
    WireChange { kind: "menu_of_2031".to_owned(), record: *record.0.as_bytes(), bytes }
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

impl World {
    /// Now and then a computer of a later version says something.
    pub(super) fn of_a_later_version(&mut self) -> Result<()> {
        if self.later.dice.below(SELDOM) > 0 {
            return Ok(());
        }
        let place = self.later.dice.below(2);
        if self.later.dice.below(2) == 0 { self.later_menu(place) } else { self.later_order(place) }
    }

    /// They are enrolled before anything happens: a server that is restored knows them.
    pub(super) fn enrol_later(&mut self) -> Result<()> {
        for canteen in &self.canteens.clone() {
            let crypto = SoftProvider::seeded(self.later.dice.roll());
            let server = self.server()?;
            let code = server.device_code(Some(canteen), None)?.code;
            let device = Device::enrolled(server, code, crypto)?;
            self.later.devices.push(device);
        }
        Ok(())
    }

    fn says(&mut self, place: usize, change: WireChange) -> Result<()> {
        let server = self.server.as_ref().context("the server is up")?;
        let device = self.later.devices.get_mut(place).context("a device of a later version")?;
        let exchanged = device.exchange(server, vec![change])?;
        ensure!(exchanged.refused.is_empty(), "what a later version says is refused: {:?}", exchanged.refused);
        Ok(())
    }

    fn later_menu(&mut self, place: usize) -> Result<()> {
        let canteen = self.canteens[place].clone();
        let fields =
            Fields::from([("canteen".into(), text(&canteen)), ("dishes/a1".into(), Value::Bool(true)), ("spice".into(), Value::Int(2))]);
        let (record, actor) = (self.later.record(), self.later.actor());
        let first = first_change(&actor, &fields, BEGIN).bytes;
        self.says(place, menu(record, first))?;
        self.note(format!("a later version writes a menu at {place}"))
    }

    /// An order with a field that the town's programs do not know.
    fn later_order(&mut self, place: usize) -> Result<()> {
        self.later.orders += 1;
        let at = sync_server::civil(BEGIN);
        let (record, elder) = (self.later.record(), self.later.record());
        let mut fields = placed(order_number::compose(NUMBER, self.later.orders), elder, &self.canteens[place], at).to_fields();
        fields.insert("texture_of_2031", text("soft"));
        let bytes = first_change(&self.later.actor(), &fields, Timestamp::from_second(BEGIN)?.as_second()).bytes;
        self.says(place, wire(Order::KIND, record, bytes))?;
        self.note(format!("a later version takes an order at {place}"))
    }
}
