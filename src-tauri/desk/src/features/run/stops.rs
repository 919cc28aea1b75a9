//! Where stops lie: moved within a run, put on a route.

use crate::fault::{missing, no_order};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{order as orders, run as table};
use shared::command::{MoveStop, PutOnRoute};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Elder, RecordKind, Route, Stop};
use shared::rule::run::{MOST_STOPS, moved, stop_id};
use shared::schema::{Fields, Record, RecordId, Value};

/// The stop of an order, with what it is to say.
struct Told {
    id: RecordId,
    canteen: String,
    elder: RecordId,
    name: String,
    stop: Option<Stop>,
}

fn of_order(look: &Look<'_>, order: RecordId) -> Result<Told, Fault> {
    let line = look.find(no_order, |store| orders::find(store, order))?;
    let (_, _, _, canteen) = look.read(|store| orders::particulars(store, order))?;
    let id = stop_id(&look.county_key()?, &canteen, line.elder);
    Ok(Told { id, canteen, elder: line.elder, name: line.name, stop: look.record(id)? })
}

impl Told {
    /// Says where it lies: of a stop that is there, only that.
    fn saying(self, said: Fields) -> Mutation {
        if self.stop.is_some() {
            return Mutation::edit(RecordKind::Stop, self.id, said);
        }
        let stop = Stop { elder: self.elder, elder_name: Some(self.name), canteen: self.canteen, route: None, place: None };
        Mutation::first(RecordKind::Stop, self.id, [stop.to_fields(), said].into_iter().flatten().collect())
    }
}

/// Puts a stop elsewhere in its run.
pub(crate) fn move_stop(look: &Look<'_>, ask: &MoveStop) -> Result<Plan<()>, Fault> {
    let order = ask.moved.ok_or_else(|| missing(RecordKind::Order.label()))?;
    if ask.orders.len() > MOST_STOPS || !ask.orders.contains(&order) {
        return Err(no_order());
    }
    // An elder with two orders has one stop.
    let mut stops: Vec<Told> = Vec::new();
    for order in &ask.orders {
        let told = of_order(look, *order)?;
        if stops.iter().all(|stop| stop.id != told.id) {
            stops.push(told);
        }
    }
    let moving = of_order(look, order)?.id;
    let places: Vec<(RecordId, Option<i64>)> = stops.iter().map(|told| (told.id, told.stop.as_ref().and_then(|stop| stop.place))).collect();
    let mut changes = Vec::new();
    for (id, place) in moved(&places, moving) {
        if let Some(at) = stops.iter().position(|told| told.id == id) {
            changes.push(stops.swap_remove(at).saying(Fields::from([("place".into(), Value::Int(place))])));
        }
    }
    Ok(Plan::Changes(changes, ()))
}

/// Puts the stop of an order on a route; with its village, everybody there who was put somewhere. Who was not goes with the neighbours anyway.
pub(crate) fn put_on_route(look: &Look<'_>, ask: &PutOnRoute) -> Result<Plan<u32>, Fault> {
    let told = of_order(look, ask.order.ok_or_else(|| missing(RecordKind::Order.label()))?)?;
    if let Some(route) = ask.route {
        let there = look.record::<Route>(route)?.filter(|route| route.canteen == told.canteen && !route.disabled);
        there.ok_or_else(|| fault!(Code::NotFound, delivery::NO_SUCH_ROUTE))?;
    }
    let route = ask.route.map_or(Value::Null, |route| Value::Text(route.to_string().into()));
    let said = Fields::from([("route".into(), route)]);
    let (own, mut changes) = (told.id, Vec::new());
    if ask.village
        && let Some(elder) = look.record::<Elder>(told.elder)?
    {
        for id in look.read(|store| table::of_village(store, &told.canteen, &elder.division))? {
            if id != own && look.record::<Stop>(id)?.is_some_and(|stop| stop.route != ask.route) {
                changes.push(Mutation::edit(RecordKind::Stop, id, said.clone()));
            }
        }
    }
    if told.stop.as_ref().is_none_or(|stop| stop.route != ask.route) {
        changes.push(told.saying(said));
    }
    let count = u32::try_from(changes.len()).unwrap_or(u32::MAX);
    Ok(Plan::Changes(changes, count))
}
