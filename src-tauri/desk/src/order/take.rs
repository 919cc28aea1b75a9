//! Taking an order: gathers the facts, asks the rule, commits one change.

use crate::desk::Inner;
use crate::fault::{missing, not_found};
use crate::journal::Mutation;
use crate::store;
use jiff::civil::Date;
use shared::command::{OrderTaken, TakeOrder};
use shared::fault::Fault;
use shared::kinds::{Canteen, Meal, Mode, Order, OrderState};
use shared::money::Fen;
use shared::rule::meal_time;
use shared::rule::order::{OrderAsk, OrderFacts, may_place_order};
use shared::schema::RecordId;
use shared::zh;

impl Inner {
    /// Takes an order by phone or at the counter.
    pub(crate) fn take_order(&self, ask: TakeOrder) -> Result<OrderTaken, Fault> {
        let elder_id = ask.elder.ok_or_else(|| missing("长者"))?;
        let now = self.clock.now();
        let facts = self.facts();
        let enrolled = facts.enrolled.ok_or_else(zh::not_enrolled)?;
        let elder = self.read(|store| store::elder::find(store, elder_id))?.ok_or_else(|| not_found("位长者"))?;
        let code = enrolled.canteen.or_else(|| elder.canteen.clone()).ok_or_else(|| missing("这位长者绑定的饭堂"))?;
        let canteen = self.read(|store| store::master::canteen(store, &code))?.unwrap_or_else(|| unknown_canteen(&code));
        let (next_date, next_meal) = meal_time::next_meal(&canteen, now);
        let (date, meal) = (ask.date.unwrap_or(next_date), ask.meal.unwrap_or(next_meal));
        let mode = ask.mode.unwrap_or(if elder.delivery_need { Mode::OwnDelivery } else { Mode::PickUp });
        let reason = Some(ask.supplement_reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        let order_facts = OrderFacts {
            elder: elder.status,
            existing: self.read(|store| store::order::existing(store, elder_id, date, meal))?,
            cut_off: meal_time::cut_off(&canteen, date, meal),
        };
        let order_ask = OrderAsk { date, meal, mode, confirmed: ask.confirmed, supplement_reason: reason.clone() };
        may_place_order(&order_facts, &order_ask, now)?;
        let (dish, price) = self.dish(&code, date, meal, ask.dish)?;
        let id = self.new_id();
        let mut order = Order {
            number: String::new(),
            elder: elder_id,
            elder_name: Some(elder.name.clone()),
            canteen: code,
            date,
            meal,
            mode,
            dish,
            price,
            note: Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty()),
            state: OrderState::Placed,
            reason: None,
            state_at: now,
            taken_at: now,
            taken_by: Some(facts.settings.clerk).filter(|name| !name.is_empty()),
            supplement_reason: reason.filter(|_| now > order_facts.cut_off),
            platform_number: Some(ask.platform_number.trim().to_owned()).filter(|number| !number.is_empty()),
        };
        let number = self.commit_made(|transaction| {
            order.number = self.next_number(transaction, enrolled.device_number)?;
            self.write(transaction, &Mutation::create(id, &order))?;
            Ok(order.number)
        })?;
        Ok(OrderTaken { id, number })
    }

    /// The dish asked for, or the first of the meal, and its price; none where there is no list.
    fn dish(&self, canteen: &str, date: Date, meal: Meal, asked: Option<String>) -> Result<(Option<String>, Fen), Fault> {
        let dishes = self.read(|store| store::master::dishes(store, canteen, date))?;
        let mut of_meal = dishes.into_iter().filter(|dish| dish.meal == meal);
        let found = match asked {
            Some(name) => of_meal.find(|dish| dish.name == name),
            None => of_meal.next(),
        };
        Ok(found.map_or((None, Fen::ZERO), |dish| (Some(dish.name), dish.price)))
    }

    /// Whether an order of this elder, day and meal stands.
    pub(crate) fn existing_order(&self, elder: RecordId, date: Date, meal: Meal) -> Result<Option<String>, Fault> {
        self.read(|store| store::order::existing(store, elder, date, meal))
    }
}

/// Before the first sync the canteen itself is not here yet; a counter works all the same.
pub(crate) fn unknown_canteen(code: &str) -> Canteen {
    Canteen {
        code: code.to_owned(),
        name: code.to_owned(),
        division: String::new(),
        operator: None,
        cut_off_breakfast: String::new(),
        cut_off_lunch: String::new(),
        cut_off_dinner: String::new(),
        receipt_free_hours: 24,
    }
}
