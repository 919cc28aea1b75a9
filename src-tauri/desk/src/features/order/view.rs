//! Showing orders: the board of a day, one order with its history.

use crate::fault::{missing, no_order};
use crate::look::Look;
use crate::store::{calendar, master, order as table, run, standing};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::{DaySaid, HandedOver, LatestOrders, MealCount, OrderDetail, OrderSummary, OrderView, RouteOfDay, Today, TodayBoard};
use shared::fault::Fault;
use shared::kinds::{Elder, HandOver, Meal, Mode, OrderState, RecordKind};
use shared::rule::meal_time;
use shared::rule::order::{MAX_DAYS_AHEAD, ended};
use shared::rule::run::read;
use shared::rule::standing::{eats_at, eats_on};
use shared::say;
use shared::schema::RecordId;
use std::collections::BTreeMap;

/// The board of a day.
pub(crate) fn today(look: &Look<'_>, ask: &Today) -> Result<TodayBoard, Fault> {
    let date = ask.date.unwrap_or(look.now.date());
    let mut orders = look.read(|store| table::of_day(store, date))?;
    orders.sort_by_key(|order| (order.meal, ended(order.state) && !order.receipt_missing));
    let meals = Meal::ALL.iter().map(|meal| count(*meal, &orders)).filter(|count| count.total > 0).collect();
    let (run, routes) = driven(look, date)?;
    let hand_overs = look.read(|store| run::hand_overs(store, date))?.into_iter().map(handed_over).collect();
    let rest = match look.canteen() {
        Some(code) => look.read(|store| calendar::rests(store, code, (date, date)))?.remove(&date),
        None => None,
    };
    let is_today = date == look.now.date();
    let unmade = if is_today && rest.is_none() { unmade(look)? } else { Vec::new() };
    let resting = if is_today { resting(look)? } else { Vec::new() };
    Ok(TodayBoard { date, meals, orders, run, routes, hand_overs, unmade, rest, resting })
}

/// The orders of a day as they are driven, and the routes with theirs.
fn driven(look: &Look<'_>, date: Date) -> Result<(Vec<RecordId>, Vec<RouteOfDay>), Fault> {
    let (stops, routes) = (look.read(run::stops)?, look.read(run::routes)?);
    let by_name: Vec<RecordId> = routes.iter().map(|(id, ..)| *id).collect();
    let driven = stops.driven(&by_name, look.read(|store| run::on_day(store, date))?);
    let of = |route: RecordId| driven.iter().filter(|(_, on)| *on == Some(route)).map(|(one, _)| one.order).collect();
    let routes = routes.into_iter().map(|(id, route, courier)| RouteOfDay { id, name: route.name, courier, orders: of(id) }).collect();
    Ok((driven.iter().map(|(one, _)| one.order).collect(), routes))
}

fn handed_over((id, one): (RecordId, HandOver)) -> HandedOver {
    let count = |number: i64| u32::try_from(number).unwrap_or_default();
    HandedOver {
        id,
        meal: one.meal,
        route: one.route,
        listed: count(one.listed),
        boxes: count(one.boxes),
        made_at: one.made_at,
        back: one.received_by.is_some(),
        orders: read(&one.orders).into_iter().collect(),
        taken_by: one.taken_by,
    }
}

/// The days from today on which the canteen rests and orders stand: somebody cancels them, or says that it works after all.
fn resting(look: &Look<'_>) -> Result<Vec<DaySaid>, Fault> {
    let (Some(code), today) = (look.canteen(), look.now.date()) else { return Ok(Vec::new()) };
    let ahead = (today, today.saturating_add(MAX_DAYS_AHEAD.days()));
    Ok(look.read(|store| calendar::days(store, code, ahead))?.into_iter().filter(|day| day.orders > 0).collect())
}

/// Who eats by a standing meal today, at a meal whose orders have closed, and was never ordered for: nobody goes without a meal without a word.
fn unmade(look: &Look<'_>) -> Result<Vec<String>, Fault> {
    let (Some(code), today) = (look.canteen(), look.now.date()) else { return Ok(Vec::new()) };
    let canteen = look.read(|store| master::serving(store, code))?;
    let mut names = Vec::new();
    for (_, meal) in look.read(|store| standing::at(store, code, today))? {
        if !eats_on(&meal, today) || look.now <= meal_time::cut_off(&canteen, today, meal.meal) {
            continue;
        }
        let Some(elder) = look.record::<Elder>(meal.elder)? else { continue };
        let here = eats_at(code, elder.status, elder.canteen.as_deref()).is_ok();
        if here && look.read(|store| standing::found(store, meal.elder, today, meal.meal))?.is_empty() {
            names.push(format!("{} {}", elder.name, meal.meal.said()));
        }
    }
    Ok(names)
}

/// The orders that this desk took last.
pub(crate) fn latest(look: &Look<'_>, ask: &LatestOrders) -> Result<Vec<OrderSummary>, Fault> {
    look.read(|store| table::latest(store, look.device_number().unwrap_or_default(), ask.limit))
}

/// The orders of some days, the latest first.
pub(crate) fn between(look: &Look<'_>, from: Option<Date>, to: Option<Date>) -> Result<Vec<OrderSummary>, Fault> {
    look.read(|store| table::between(store, from, to))
}

/// One order with its receipt and its history.
pub(crate) fn detail(look: &Look<'_>, ask: &OrderDetail) -> Result<OrderView, Fault> {
    let id = ask.order.ok_or_else(|| missing(RecordKind::Order.label()))?;
    let order = look.find(no_order, |store| table::find(store, id))?;
    let (taken_by, supplement_reason, platform_number, _) = look.read(|store| table::particulars(store, id))?;
    Ok(OrderView { order, taken_by, supplement_reason, platform_number, history: look.history(id)? })
}

fn count(meal: Meal, orders: &[OrderSummary]) -> MealCount {
    let standing: Vec<&OrderSummary> = orders.iter().filter(|order| order.meal == meal && order.state != OrderState::Cancelled).collect();
    let number =
        |fits: &dyn Fn(&OrderSummary) -> bool| u32::try_from(standing.iter().filter(|order| fits(order)).count()).unwrap_or(u32::MAX);
    let mut dishes: BTreeMap<&str, u32> = BTreeMap::new();
    for order in &standing {
        *dishes.entry(if order.dish.is_empty() { say!(menu::PLAIN_DISH) } else { &order.dish }).or_default() += 1;
    }
    let mut dishes: Vec<(String, u32)> = dishes.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    dishes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    MealCount {
        meal,
        total: number(&|_| true),
        pick_up: number(&|order| order.mode == Mode::PickUp),
        own_delivery: number(&|order| order.mode == Mode::OwnDelivery),
        third_party: number(&|order| order.mode == Mode::ThirdParty),
        ended: number(&|order| ended(order.state)),
        not_delivered: number(&|order| order.state == OrderState::NotDelivered),
        receipts_missing: number(&|order| order.receipt_missing),
        dishes,
    }
}
