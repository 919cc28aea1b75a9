//! The history of a canteen, made up day by day: orders and how they went, every second one brought home, with a receipt
//! and its photo. What is random in real records is random here too, so that sizes are real ones.

use crate::fuzz::Dice;
use crate::records::placed;
use anyhow::{Context, Result};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use shared::crdt::{ActorId, RecordChange, first_change, next_change};
use shared::kinds::{Mode, Order, Receipt, ReceivedBy, RecordKind, Seen};
use shared::rule::order_number;
use shared::schema::{Fields, Record, RecordId, Value};
use shared::wire::WireChange;

const NAMES: [&str; 12] =
    ["王桂英", "李木生", "陈亚娣", "区秀莲", "黄金水", "梁月好", "谭观发", "欧细妹", "莫火炎", "叶伙旺", "范玉珍", "沈锦全"];
const DISHES: [&str; 4] = ["软饭", "普通", "少油", "糖尿病餐"];
const CLERKS: [&str; 2] = ["阿珍", "阿强"];

/// A canteen at work.
#[derive(Debug)]
pub struct History {
    canteen: String,
    dice: Dice,
    elders: Vec<RecordId>,
    day: Date,
    taken: u32,
}

impl History {
    /// From the first day on, with so many elders who eat there.
    #[must_use]
    pub fn of(canteen: &str, elders: usize, seed: u64) -> Self {
        let mut history = Self { canteen: canteen.to_owned(), dice: Dice(seed), elders: Vec::new(), day: date(2026, 11, 4), taken: 0 };
        history.elders = (0..elders).map(|_| history.id(1_793_000_000)).collect();
        history
    }

    /// The files of those who eat there.
    pub fn people(&mut self) -> Vec<WireChange> {
        let actor = ActorId::from(self.bytes::<16>());
        let file = |(at, elder): (usize, &RecordId)| {
            let name = NAMES.get(at % NAMES.len()).copied().unwrap_or_default();
            let text = |text: &str| Value::Text(text.into());
            let fields = Fields::from([("name".into(), text(name)), ("canteen".into(), text(&self.canteen))]);
            WireChange {
                kind: RecordKind::Elder.code().into(),
                record: *elder.0.as_bytes(),
                bytes: first_change(&actor, &fields, 1_793_000_000).bytes,
            }
        };
        self.elders.iter().enumerate().map(file).collect()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.dice.roll().to_le_bytes()[3])
    }

    /// As desks make them: the time in milliseconds, then what is random.
    fn id(&mut self, at: i64) -> RecordId {
        let millis = u64::try_from(at).unwrap_or(0) * 1_000 + self.dice.below(1_000) as u64;
        RecordId(uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }

    /// The next day's changes of so many orders.
    ///
    /// # Errors
    /// When a day has no date.
    pub fn next_day(&mut self, orders: u32) -> Result<Vec<WireChange>> {
        let mut changes = Vec::new();
        // The program is started every morning.
        let actor = ActorId::from(self.bytes::<16>());
        // Nobody eats lunch twice, as long as there are enough of them.
        let first = self.dice.below(self.elders.len());
        for number in 0..orders as usize {
            let who = (first + number * 7) % self.elders.len();
            self.order(&actor, who, &mut changes)?;
        }
        self.day = self.day.checked_add(1.day())?;
        Ok(changes)
    }

    fn order(&mut self, actor: &ActorId, who: usize, changes: &mut Vec<WireChange>) -> Result<()> {
        self.taken += 1;
        let (minute, second) = (i8::try_from(self.dice.below(60))?, i8::try_from(self.dice.below(60))?);
        let taken_at = self.day.at(9, minute, second, 0);
        let at = taken_at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))?.timestamp().as_second();
        let elder = *self.elders.get(who).context("nobody eats there")?;
        let (id, brought) = (self.id(at), self.taken.is_multiple_of(2));
        let order = Order {
            elder_name: NAMES.get(who % NAMES.len()).map(|name| (*name).to_owned()),
            mode: if brought { Mode::OwnDelivery } else { Mode::PickUp },
            dish: DISHES.get(self.dice.below(DISHES.len())).map(|dish| (*dish).to_owned()),
            taken_by: CLERKS.get(self.dice.below(CLERKS.len())).map(|clerk| (*clerk).to_owned()),
            ..placed(order_number::compose(1, self.taken), elder, &self.canteen, taken_at)
        };
        let first = first_change(actor, &order.to_fields(), at);
        let arrived_at = self.day.at(11, i8::try_from(self.dice.below(60))?, i8::try_from(self.dice.below(60))?, 0);
        let state = |value: &str| Value::Text(value.into());
        let edit = Fields::from([
            ("state".into(), state(if brought { "delivered" } else { "picked_up" })),
            ("state_at".into(), state(&arrived_at.to_string())),
        ]);
        let second = next_change(actor, &[&first.bytes], &edit, at + 7_200)?;
        let wire =
            |kind: RecordKind, change: RecordChange| WireChange { kind: kind.code().into(), record: *id.0.as_bytes(), bytes: change.bytes };
        changes.extend([wire(RecordKind::Order, first), wire(RecordKind::Order, second)]);
        if brought {
            let receipt = Receipt {
                order: id,
                canteen: self.canteen.clone(),
                arrived_at,
                recorded_at: arrived_at,
                received_by: Some(ReceivedBy::Elder),
                seen: Some(Seen::Well),
                note: None,
                photos: [hex::encode(self.bytes::<32>())].into_iter().collect(),
            };
            changes.push(wire(RecordKind::Receipt, first_change(actor, &receipt.to_fields(), at + 7_200)));
        }
        Ok(())
    }
}
