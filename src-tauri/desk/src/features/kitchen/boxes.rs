//! The boxes of a meal in the order in which they are packed: special ones first, within them and behind as they are driven.

use crate::look::Look;
use crate::store::{fact, kitchen as table};
use shared::command::KitchenBox;
use shared::fault::Fault;
use shared::kinds::Mode;
use shared::rule::kitchen::{Needs, Portion, Served, clashes, in_the_box, needs};
use shared::rule::run::place;
use shared::say;
use shared::schema::RecordId;
use std::collections::HashMap;

/// An order with what its box needs.
pub(super) struct Prepared {
    pub(super) of: table::ToPrepare,
    pub(super) portion: Portion,
}

/// Everything that stands for a meal.
pub(super) fn prepared(orders: Vec<table::ToPrepare>) -> Vec<Prepared> {
    let portion =
        |of: &table::ToPrepare| Portion { order: of.order, dish: dish(&of.dish), mode: of.mode, needs: needs(&of.diet, &of.note) };
    orders.into_iter().map(|of| Prepared { portion: portion(&of), of }).collect()
}

/// What a dish is called that nobody chose.
pub(super) fn dish(dish: &str) -> String {
    if dish.is_empty() { say!(menu::PLAIN_DISH).to_owned() } else { dish.to_owned() }
}

/// The boxes, as they are packed.
pub(super) fn packed(look: &Look<'_>, all: &[Prepared], menu: &[Served]) -> Result<Vec<KitchenBox>, Fault> {
    let stops = stops(all, &look.read(fact::run)?);
    let mut boxes: Vec<KitchenBox> = all.iter().map(|one| of(one, stops.get(&one.of.order).copied(), menu)).collect();
    boxes.sort_by_key(|one| (!one.special, one.stop.is_none(), one.stop, one.mode));
    Ok(boxes)
}

fn of(one: &Prepared, stop: Option<u32>, menu: &[Served]) -> KitchenBox {
    let Portion { order, dish, mode, needs } = &one.portion;
    let Needs { texture, size, .. } = *needs;
    KitchenBox {
        order: *order,
        number: one.of.number.clone(),
        name: one.of.name.clone(),
        dish: dish.clone(),
        mode: *mode,
        texture,
        size,
        restrictions: needs.restrictions().map(str::to_owned).collect(),
        special: needs.special(),
        stop,
        clashes: clashes(needs, &in_the_box(dish, menu)),
    }
}

/// Where the stop of each order stands that this canteen brings, from 1.
fn stops(all: &[Prepared], run: &[RecordId]) -> HashMap<RecordId, u32> {
    let mut brought: Vec<&table::ToPrepare> = all.iter().map(|one| &one.of).filter(|of| of.mode == Mode::OwnDelivery).collect();
    brought.sort_by(|one, other| {
        let key = |of| -> (usize, &str, _, &str) {
            let of: &table::ToPrepare = of;
            place(run, of.elder, &of.address, of.taken_at, &of.number)
        };
        key(*one).cmp(&key(*other))
    });
    (1..).zip(brought).map(|(stop, of)| (of.order, stop)).collect()
}
