//! The boxes of a meal in the order in which they are packed: special ones first, within them and behind as they are driven.

use crate::look::Look;
use crate::store::{kitchen as table, run};
use jiff::civil::Date;
use shared::command::KitchenBox;
use shared::fault::Fault;
use shared::kinds::Meal;
use shared::rule::kitchen::{Needs, Portion, Served, clashes, in_the_box, needs};
use shared::rule::run::Brought;
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
pub(super) fn packed(
    look: &Look<'_>,
    (canteen, of_meal): (&str, (Date, Meal)),
    all: &[Prepared],
    menu: &[Served],
) -> Result<Vec<KitchenBox>, Fault> {
    let places = places(look, canteen, of_meal)?;
    let mut boxes: Vec<(Option<usize>, KitchenBox)> = Vec::new();
    for one in all {
        let place = places.get(&one.of.order);
        boxes.push((place.map(|place| place.at), of(one, place, menu)));
    }
    boxes.sort_by_key(|(at, one)| (!one.special, at.is_none(), *at, one.mode));
    Ok(boxes.into_iter().map(|(_, one)| one).collect())
}

/// Where the box of an order stands in what is driven.
struct Place {
    /// Among all.
    at: usize,
    /// The name of its route; empty for none.
    route: String,
    /// On its route, from 1.
    stop: u32,
}

/// The places of the orders of a meal that the canteen brings.
fn places(look: &Look<'_>, canteen: &str, of_meal: (Date, Meal)) -> Result<HashMap<RecordId, Place>, Fault> {
    let (stops, routes) = (look.read(run::stops)?, look.read(run::routes)?);
    let by_name: Vec<RecordId> = routes.iter().map(|(id, ..)| *id).collect();
    let brought = look.read(|store| run::of_meal(store, canteen, of_meal))?.into_iter().map(|(one, _)| one).collect();
    let mut counted = HashMap::new();
    let driven = stops.driven(&by_name, brought).into_iter().enumerate();
    let place = |(at, (one, route)): (usize, (Brought, Option<RecordId>))| {
        let stop = counted.entry(route).and_modify(|stop| *stop += 1).or_insert(1);
        let name = routes.iter().find(|(id, ..)| Some(*id) == route).map(|(_, route, _)| route.name.clone());
        (one.order, Place { at, route: name.unwrap_or_default(), stop: *stop })
    };
    Ok(driven.map(place).collect())
}

fn of(one: &Prepared, place: Option<&Place>, menu: &[Served]) -> KitchenBox {
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
        stop: place.map(|place| place.stop),
        route: place.map(|place| place.route.clone()).unwrap_or_default(),
        clashes: clashes(needs, &in_the_box(dish, menu)),
    }
}
