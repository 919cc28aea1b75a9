//! Showing orders: the board of a day, one order with its history.

use crate::desk::Inner;
use crate::fault::{OrBroken, broken, missing, not_found};
use crate::store::{change, fact, order as table};
use crate::title::Named;
use shared::command::{LatestOrders, MealCount, OrderDetail, OrderSummary, OrderView, SaveRun, Today, TodayBoard};
use shared::fault::Fault;
use shared::kinds::{Meal, Mode, OrderState};
use shared::rule::order::ended;
use shared::schema::{Language, RecordId};
use shared::timeline::{LoggedChange, timeline};
use std::collections::BTreeMap;

/// The line of an order.
pub(crate) fn summary(desk: &Inner, order: RecordId) -> Result<OrderSummary, Fault> {
    desk.read(|store| table::find(store, order))?.ok_or_else(|| not_found("张订单"))
}

impl Inner {
    /// The board of a day.
    pub(crate) fn today(&self, ask: &Today) -> Result<TodayBoard, Fault> {
        let date = ask.date.unwrap_or(self.clock.now().date());
        let mut orders = self.read(|store| table::of_day(store, date))?;
        orders.sort_by_key(|order| (order.meal, ended(order.state) && !order.receipt_missing));
        let meals = Meal::ALL.iter().map(|meal| count(*meal, &orders)).filter(|count| count.total > 0).collect();
        let run = self.read(fact::run)?;
        Ok(TodayBoard { date, meals, orders, run })
    }

    /// Keeps the order in which elders are driven to.
    pub(crate) fn save_run(&self, ask: &SaveRun) -> Result<(), Fault> {
        let mut writer = self.writer.lock().map_err(broken)?;
        let transaction = writer.transaction().or_broken()?;
        fact::set_run(&transaction, &ask.run).or_broken()?;
        transaction.commit().or_broken()?;
        self.touched();
        Ok(())
    }

    /// The orders that this desk took last.
    pub(crate) fn latest_orders(&self, ask: &LatestOrders) -> Result<Vec<OrderSummary>, Fault> {
        let device = self.facts().enrolled.map(|enrolled| enrolled.device_number).unwrap_or_default();
        self.read(|store| table::latest(store, device, ask.limit))
    }

    /// One order with its receipt and its history.
    pub(crate) fn order_detail(&self, ask: &OrderDetail) -> Result<OrderView, Fault> {
        let id = ask.order.ok_or_else(|| missing("订单"))?;
        let order = summary(self, id)?;
        let (taken_by, supplement_reason, platform_number, _) = self.read(|store| table::particulars(store, id))?;
        let changes = self.read(|store| change::under_id(store, id))?;
        let logged: Vec<LoggedChange<'_>> =
            changes.iter().map(|(kind, bytes, unsent)| LoggedChange { kind: *kind, bytes, unsent: *unsent }).collect();
        let history = self.read(|store| Ok(timeline(&logged, Language::Zh, &Named(store))?))?;
        Ok(OrderView { order, taken_by, supplement_reason, platform_number, history })
    }
}

fn count(meal: Meal, orders: &[OrderSummary]) -> MealCount {
    let standing: Vec<&OrderSummary> = orders.iter().filter(|order| order.meal == meal && order.state != OrderState::Cancelled).collect();
    let number =
        |fits: &dyn Fn(&OrderSummary) -> bool| u32::try_from(standing.iter().filter(|order| fits(order)).count()).unwrap_or(u32::MAX);
    let mut dishes: BTreeMap<&str, u32> = BTreeMap::new();
    for order in &standing {
        *dishes.entry(if order.dish.is_empty() { "普通" } else { &order.dish }).or_default() += 1;
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
