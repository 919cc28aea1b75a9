//! Making orders that nobody takes one by one: who wants what when, whether the rules allow it, and the change that it is.

use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Writing;
use crate::store::{calendar, master, row, standing as table};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::command::Dish;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Canteen, Elder, Meal, Mode, Order, OrderOrigin, OrderState, RecordKind, StandingMeal};
use shared::money::Fen;
use shared::rule::order::{MAX_DAYS_AHEAD, begun};
use shared::rule::standing::{MakeFacts, SkipReason, eats_at, is_paused, may_make, order_id};
use shared::rule::{meal_time, order_number};
use shared::schema::{FieldValue, Fields, RecordId, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What somebody is to eat.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) elder: RecordId,
    pub(super) date: Date,
    pub(super) meal: Meal,
    /// None: as her standing meal says, else by whether she needs delivery.
    pub(super) mode: Option<Mode>,
    /// None, or no dish of the day: the first of the meal.
    pub(super) dish: Option<String>,
    pub(super) note: Option<String>,
}

impl Wish {
    /// What a standing meal wants on a day.
    pub(super) fn of(meal: &StandingMeal, date: Date) -> Self {
        let (mode, dish, note) = (Some(meal.mode), meal.dish.clone(), meal.note.clone());
        Self { elder: meal.elder, date, meal: meal.meal, mode, dish, note }
    }
}

/// An order that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) id: RecordId,
    pub(super) order: Order,
    /// It was made before, with a batch that was taken back.
    again: bool,
}

/// Judges one wish after another; what it asks once it keeps.
pub(super) struct Maker<'a, 'l> {
    look: &'a Look<'l>,
    pub(super) canteen: Canteen,
    key: Vec<u8>,
    clerk: Option<String>,
    elders: HashMap<RecordId, Option<Elder>>,
    standing: HashMap<RecordId, Vec<StandingMeal>>,
    menus: HashMap<Date, Vec<Dish>>,
    /// The days ahead on which the canteen rests.
    rests: BTreeMap<Date, String>,
    made: HashSet<RecordId>,
}

impl<'a, 'l> Maker<'a, 'l> {
    /// At a canteen.
    pub(super) fn at(look: &'a Look<'l>, code: &str) -> Result<Self, Fault> {
        let (today, last) = (look.now.date(), look.now.date().saturating_add(MAX_DAYS_AHEAD.days()));
        Ok(Self {
            look,
            canteen: look.read(|store| master::serving(store, code))?,
            key: look.county_key()?,
            clerk: look.clerk(),
            elders: HashMap::new(),
            standing: HashMap::new(),
            menus: HashMap::new(),
            rests: look.read(|store| calendar::rests(store, code, (today, last)))?,
            made: HashSet::new(),
        })
    }

    /// What an elder is called; nothing where her file is not here.
    pub(super) fn name(&mut self, elder: RecordId) -> Result<String, Fault> {
        Ok(self.elder(elder)?.map(|elder| elder.name).unwrap_or_default())
    }

    fn elder(&mut self, id: RecordId) -> Result<Option<Elder>, Fault> {
        if let Some(known) = self.elders.get(&id) {
            return Ok(known.clone());
        }
        let elder: Option<Elder> = self.look.record(id)?;
        self.elders.insert(id, elder.clone());
        Ok(elder)
    }

    fn standing(&mut self, elder: RecordId, meal: Meal) -> Result<Option<StandingMeal>, Fault> {
        if !self.standing.contains_key(&elder) {
            let known = self.look.read(|store| table::of_elder(store, elder))?;
            self.standing.insert(elder, known.into_iter().map(|(_, meal)| meal).collect());
        }
        let here = |one: &&StandingMeal| one.meal == meal && one.canteen == self.canteen.code;
        Ok(self.standing.get(&elder).and_then(|known| known.iter().find(here)).cloned())
    }

    /// A standing meal as it is to be counts from here on, before it is written.
    pub(super) fn suppose(&mut self, meal: &StandingMeal) {
        self.standing.insert(meal.elder, vec![meal.clone()]);
    }

    /// The dish asked for where it is served that day, or the first of the meal, and its price.
    pub(super) fn dish(&mut self, date: Date, meal: Meal, asked: Option<&str>) -> Result<(Option<String>, Fen), Fault> {
        if !self.menus.contains_key(&date) {
            let menu = self.look.read(|store| master::dishes(store, &self.canteen.code, date))?;
            self.menus.insert(date, menu);
        }
        let of_meal = || self.menus.get(&date).into_iter().flatten().filter(|dish| dish.meal == meal);
        let found = of_meal().find(|dish| asked == Some(&dish.name)).or_else(|| of_meal().next());
        Ok(found.map_or((None, Fen::ZERO), |dish| (Some(dish.name.clone()), dish.price)))
    }

    /// The order that a wish makes, or why it makes none.
    pub(super) fn judge(&mut self, wish: Wish, origin: OrderOrigin) -> Result<Result<Making, SkipReason>, Fault> {
        let Wish { elder, date, meal, mode, dish, note } = wish;
        let Some(file) = self.elder(elder)? else { return Ok(Err(SkipReason::Elsewhere)) };
        let (standing, found) = (self.standing(elder, meal)?, self.look.read(|store| table::found(store, elder, date, meal))?);
        let facts = MakeFacts {
            here: eats_at(&self.canteen.code, file.status, file.canteen.as_deref()),
            found: &found,
            cut_off: meal_time::cut_off(&self.canteen, date, meal),
            paused: standing.as_ref().is_some_and(|standing| is_paused(standing, date)),
            rests: self.rests.contains_key(&date),
        };
        if let Err(reason) = may_make(&facts, date, self.look.now) {
            return Ok(Err(reason));
        }
        let id = order_id(&self.key, &self.canteen.code, elder, date, meal);
        if !self.made.insert(id) {
            return Ok(Err(SkipReason::Standing));
        }
        let by_need = if file.delivery_need { Mode::OwnDelivery } else { Mode::PickUp };
        let usual = standing.as_ref().map_or(by_need, |standing| standing.mode);
        let asked = dish.or_else(|| standing.as_ref().and_then(|standing| standing.dish.clone()));
        let (dish, price) = self.dish(date, meal, asked.as_deref())?;
        let order = Order {
            dish,
            price,
            note: note.or_else(|| standing.and_then(|standing| standing.note)),
            taken_by: self.clerk.clone().filter(|_| origin != OrderOrigin::Standing),
            origin: Some(origin),
            ..begun(elder, file.name, self.canteen.code.clone(), (date, meal), mode.unwrap_or(usual), self.look.now)
        };
        let again = self.look.read(|store| row::read(store, RecordKind::Order, id))?.is_some();
        Ok(Ok(Making { id, order, again }))
    }
}

impl Making {
    /// Writes it as one of a batch. Numbers are given in the transaction: two programs on one folder never give the same.
    pub(super) fn write(mut self, writing: &Writing<'_>, device: u32, batch: RecordId) -> Result<(), Fault> {
        self.order.batch = Some(batch);
        if !self.again {
            self.order.number = order_number::compose(device, writing.next_sequence(device)?);
            return writing.write(&Mutation::create(self.id, &self.order));
        }
        let mut anew = Fields::new();
        let order = self.order;
        order.state.put("state", &mut anew);
        order.state_at.put("state_at", &mut anew);
        order.mode.put("mode", &mut anew);
        order.dish.put("dish", &mut anew);
        order.price.put("price", &mut anew);
        order.note.put("note", &mut anew);
        order.origin.put("origin", &mut anew);
        order.batch.put("batch", &mut anew);
        writing.write(&Mutation::edit(RecordKind::Order, self.id, anew))
    }
}

/// The canteen for which orders are made: that of the desk.
pub(super) fn own_canteen(look: &Look<'_>) -> Result<String, Fault> {
    look.enrolled()?.canteen.clone().ok_or_else(|| fault!(Code::NotNow, standing::ONLY_AT_CANTEENS))
}

/// What an order says once it is cancelled as one of many. One that says no more to which batch it belongs may be made anew.
pub(super) fn cancelled(id: RecordId, look: &Look<'_>) -> Mutation {
    let mut changes = Fields::new();
    OrderState::Cancelled.put("state", &mut changes);
    look.now.put("state_at", &mut changes);
    changes.insert("batch", Value::Null);
    Mutation::edit(RecordKind::Order, id, changes)
}
