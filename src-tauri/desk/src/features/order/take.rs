//! Taking an order: gathers the facts, asks the rule, plans one change.

use crate::fault::{missing, no_elder};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{calendar, master, order as table};
use jiff::civil::Date;
use shared::command::{OrderTaken, TakeOrder};
use shared::fault::Fault;
use shared::kinds::{Elder, Meal, Mode, Order, RecordKind};
use shared::label;
use shared::money::Fen;
use shared::rule::order::{OrderAsk, OrderFacts, begun, may_place_order};
use shared::rule::{meal_time, order_number};

/// Takes an order by phone or at the counter.
pub(crate) fn take(look: &Look<'_>, ask: TakeOrder) -> Result<Plan<OrderTaken>, Fault> {
    let elder_id = ask.elder.ok_or_else(|| missing(RecordKind::Elder.label()))?;
    let (enrolled, now) = (look.enrolled()?, look.now);
    let elder: Elder = look.record(elder_id)?.ok_or_else(no_elder)?;
    let code = enrolled.canteen.clone().or_else(|| elder.canteen.clone());
    let code = code.ok_or_else(|| missing(label!(binding::CANTEEN_OF_THE_ELDER)))?;
    let canteen = look.read(|store| master::serving(store, &code))?;
    let (next_date, next_meal) = meal_time::next_meal(&canteen, now);
    let (date, meal) = (ask.date.unwrap_or(next_date), ask.meal.unwrap_or(next_meal));
    let mode = ask.mode.unwrap_or(if elder.delivery_need { Mode::OwnDelivery } else { Mode::PickUp });
    let reason = Some(ask.supplement_reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let facts = OrderFacts {
        elder: elder.status,
        existing: look.read(|store| table::existing(store, elder_id, date, meal))?,
        cut_off: meal_time::cut_off(&canteen, date, meal),
        rest: look.read(|store| calendar::rests(store, &code, (date, date)))?.remove(&date),
    };
    may_place_order(&facts, &OrderAsk { date, meal, mode, confirmed: ask.confirmed, supplement_reason: reason.clone() }, now)?;
    let (dish, price) = dish(look, &code, (date, meal), ask.dish)?;
    let (id, device) = (look.new_id(), enrolled.device_number);
    let mut order = Order {
        dish,
        price,
        note: Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty()),
        taken_by: look.clerk(),
        supplement_reason: reason.filter(|_| now > facts.cut_off),
        platform_number: Some(ask.platform_number.trim().to_owned()).filter(|number| !number.is_empty()),
        ..begun(elder_id, elder.name, code, (date, meal), mode, now)
    };
    // The number is given in the transaction of the order: two programs on one folder never give the same.
    Ok(Plan::within(move |writing| {
        order.number = order_number::compose(device, writing.next_sequence(device)?);
        writing.write(&Mutation::create(id, &order))?;
        Ok(OrderTaken { id, number: order.number })
    }))
}

/// The dish asked for, or the first of the meal, and its price; none where there is no list.
fn dish(look: &Look<'_>, canteen: &str, (date, meal): (Date, Meal), asked: Option<String>) -> Result<(Option<String>, Fen), Fault> {
    let dishes = look.read(|store| master::dishes(store, canteen, date))?;
    let mut of_meal = dishes.into_iter().filter(|dish| dish.meal == meal);
    let found = match asked {
        Some(name) => of_meal.find(|dish| dish.name == name),
        None => of_meal.next(),
    };
    Ok(found.map_or((None, Fen::ZERO), |dish| (Some(dish.name), dish.price)))
}
