//! Made-up changes, for the dictionary and for what it is held to: orders, how they went, receipts, elders. The bin
//! `dictionary` of the tests reads this file as well.

use jiff::ToSpan;
use jiff::civil::date;
use shared::crdt::{ActorId, first_change, next_change};
use shared::kinds::{Meal, Mode, Order, OrderState};
use shared::money::Fen;
use shared::rule::order_number;
use shared::schema::{Fields, Record, RecordId, Value};
use std::error::Error;

fn id(seed: u64) -> RecordId {
    RecordId(uuid::Uuid::from_u64_pair(0x0199_aa00_0000_7000 + seed, seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

/// Sixteen hundred of them, from a seed.
pub fn samples(of: u64) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut state = of;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut samples = Vec::new();
    for n in 0..400_u64 {
        let actor = ActorId::from(std::array::from_fn::<u8, 16, _>(|_| draw(256).to_le_bytes()[0]));
        let day = date(2026, 1, 1).checked_add(i64::try_from(draw(700))?.days())?;
        let at = day.at(i8::try_from(6 + draw(12))?, i8::try_from(draw(60))?, i8::try_from(draw(60))?, 0);
        let canteen = format!("C{:03}", draw(200));
        let number = order_number::compose(u32::try_from(draw(60) + 1)?, u32::try_from(n * 7 + 1)?);
        let elder = id(draw(5000));
        let order = Order {
            number,
            elder,
            elder_name: Some("王桂英".to_owned()),
            canteen: canteen.clone(),
            date: day,
            meal: Meal::ALL[usize::try_from(draw(3))?],
            mode: Mode::ALL[usize::try_from(draw(3))?],
            dish: Some(["软饭", "普通", "粥"][usize::try_from(draw(3))?].to_owned()),
            price: Fen(i64::try_from(500 + 100 * draw(12))?),
            note: match draw(3) {
                0 => Some(["少盐", "多汤", "不要辣"][usize::try_from(draw(3))?].to_owned()),
                _ => None,
            },
            state: OrderState::Placed,
            reason: None,
            state_at: at,
            taken_at: at,
            taken_by: (draw(2) == 0).then(|| "前台".to_owned()),
            supplement_reason: None,
            platform_number: None,
            origin: None,
            batch: None,
        };
        let time = 1_767_000_000 + i64::try_from(draw(50_000_000))?;
        let first = first_change(&actor, &order.to_fields(), time).bytes;
        let went = [OrderState::Delivered, OrderState::PickedUp, OrderState::Out, OrderState::LeftAtDoor][usize::try_from(draw(4))?];
        let edit = Fields::from([("state".into(), text(went.code())), ("state_at".into(), text(&at.to_string()))]);
        samples.push(next_change(&actor, std::slice::from_ref(&first), &edit, time + 60)?.bytes);
        samples.push(first);
        let mut receipt = Fields::from([
            ("order".into(), text(&id(n).to_string())),
            ("canteen".into(), text(&canteen)),
            ("arrived_at".into(), text(&at.to_string())),
            ("recorded_at".into(), text(&at.to_string())),
            ("received_by".into(), text("elder")),
            ("seen".into(), text("well")),
        ]);
        receipt.insert(format!("photos/{:064x}", u128::from(draw(u64::MAX)) * 0x9E37_79B9_7F4A_7C15), Value::Bool(true));
        samples.push(first_change(&actor, &receipt, time + 120).bytes);
        let elder = [
            ("name", "王桂英"),
            ("sex", "female"),
            ("birth_date", "1945-03-02"),
            ("division", "445381001008"),
            ("canteen", "C001"),
            ("status", "active"),
            ("diet", "低盐"),
        ];
        let elder: Fields = elder.map(|(name, value)| (name.into(), text(value))).into();
        samples.push(first_change(&actor, &elder, time).bytes);
    }
    Ok(samples)
}
