//! 存疑: each order is held against what is known here when it comes, and again when it changes, when what it depends on changes, and when
//! somebody decided. The rules are `shared::rule::doubt`; here the facts are gathered, for many orders at a time, and what is found is said in
//! records of the kind `doubt`, in the transaction of what brought it. An order that fits leaves nothing behind.

use crate::Parts;
use crate::clock::civil;
use crate::journal::{Incoming, Journal, JournalError, KnownRecord};
use crate::store::{ListedPrice, MealOrder, RecordName, StoreError, Tx};
use jiff::civil::Date;
use shared::crdt::History;
use shared::division;
use shared::kinds::{Doubt, DoubtReason, Meal, Order, OrderState, RecordKind, Transfer};
use shared::money::Fen;
use shared::rule::doubt::{Doubted, Judged, Known, is_repriced, judge, judged, knew, last_known, seconds};
use shared::schema::{Fields, Record, RecordId, Value};
use shared::wire::WireChange;
use std::collections::{BTreeMap, BTreeSet};

/// What a doubt repeats of its order.
const REPEATED: [&str; 7] = ["canteen", "number", "elder", "elder_name", "date", "meal", "price"];
/// So many orders are looked over at a time.
const AT_ONCE: usize = 512;

type Id = [u8; 16];

/// What a push touches of what orders are held against.
#[derive(Debug, Default)]
pub struct Watch {
    /// Orders as they were known.
    before: BTreeMap<Id, Fields>,
    /// Orders of which somebody decided, and whether without knowing what they say by now.
    decided: BTreeMap<Id, bool>,
    /// New orders, as they were read ahead.
    ahead: BTreeMap<Id, Box<Order>>,
    /// Persons, and at which canteen they were.
    elders: BTreeMap<Id, Option<Value>>,
}

impl Watch {
    /// Notes how things stand before these changes are taken.
    pub fn over(journal: &mut Journal<'_, '_>, changes: &[WireChange]) -> Result<Self, StoreError> {
        let mut watch = Self::default();
        for change in changes {
            if change.kind == RecordKind::Order.code() && !watch.before.contains_key(&change.record) {
                let known = journal.fields((RecordKind::Order, change.record))?.unwrap_or_default();
                watch.before.insert(change.record, known);
            } else if change.kind == RecordKind::Elder.code() {
                watch.elder(journal, change.record)?;
            } else if change.kind == RecordKind::Transfer.code() {
                // An answer moves the file.
                let asked = journal.fields((RecordKind::Transfer, change.record))?.and_then(|asked| Transfer::from_fields(&asked).ok());
                asked.map(|asked| watch.elder(journal, *asked.elder.0.as_bytes())).transpose()?;
            }
        }
        Ok(watch)
    }

    fn elder(&mut self, journal: &mut Journal<'_, '_>, elder: Id) -> Result<(), StoreError> {
        let canteen = canteen_of(journal, elder)?;
        self.elders.entry(elder).or_insert(canteen);
        Ok(())
    }

    /// Keeps an order that was read ahead.
    pub fn ahead(&mut self, (_, id): RecordName, order: Option<Box<Order>>) {
        self.ahead.extend(order.map(|order| (id, order)));
    }

    /// Notes a decision that is about to be taken.
    pub fn decision(&mut self, journal: &mut Journal<'_, '_>, change: &Incoming<'_>) -> Result<(), StoreError> {
        if change.name().0 == RecordKind::Doubt {
            let stale = !journal.follows_the_centre(change)?;
            *self.decided.entry(change.name().1).or_default() |= stale;
        }
        Ok(())
    }

    /// Judges what the push touched.
    pub fn settle(self, parts: &Parts, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, at: i64) -> Result<(), StoreError> {
        let mut bench = Bench {
            ahead: self.ahead,
            stale: self.decided.iter().filter(|(_, stale)| **stale).map(|(id, _)| *id).collect(),
            ..Bench::default()
        };
        let mut orders: BTreeSet<Id> = self.decided.into_keys().collect();
        for (id, before) in self.before {
            if before.is_empty() {
                orders.insert(id);
                continue;
            }
            let Some(after) = journal.known((RecordKind::Order, id))?.map(|known| known.fields) else { continue };
            let read = [&before, after].map(|order| Order::from_fields(order).ok());
            if REPEATED.iter().all(|name| before.get(name) == after.get(name)) && is_judged_alike(&read) {
                continue;
            }
            orders.insert(id);
            if let [Some(before), after] = read {
                bench.meals.insert((before.date, before.elder));
                if after.is_some_and(|after| is_repriced(&before, &after)) {
                    bench.repriced.insert(id);
                }
            }
        }
        if !self.elders.is_empty() {
            journal.flush()?;
            let (mut elders, mut moved) = (Vec::new(), Vec::new());
            for (elder, canteen) in self.elders {
                elders.push(elder);
                if canteen.is_some() && canteen_of(journal, elder)? != canteen {
                    moved.push(elder);
                }
            }
            orders.extend(tx.unknown_among(&elders)?);
            // Who leaves stays known for what could be ordered by now.
            orders.extend(tx.orders_beyond(last_known(civil(at).date()), &moved)?);
        }
        bench.judge(tx, journal, orders)?.into_iter().try_for_each(|found| found.say(parts, journal, at))
    }
}

/// Judges the orders of a canteen from a day on: its price list is another one.
///
/// # Errors
/// [`StoreError`]
pub fn list_changed(parts: &Parts, tx: &Tx<'_>, canteen: &str, from: Date, at: i64) -> Result<(), StoreError> {
    let mut journal = Journal::open(tx)?;
    for some in tx.orders_from(canteen, from)?.chunks(AT_ONCE) {
        for found in Bench::default().judge(tx, &mut journal, some.iter().copied().collect())? {
            found.say(parts, &mut journal, at)?;
        }
    }
    journal.flush()
}

/// Judges every order; gives those of which something else is said than follows, and says it where somebody `mends`.
///
/// # Errors
/// [`StoreError`]
pub fn look_over(tx: &Tx<'_>, mends: Option<(&Parts, i64)>) -> Result<Vec<[u8; 16]>, StoreError> {
    let mut journal = if mends.is_some() { Journal::open(tx)? } else { Journal::looking(tx)? };
    let (mut differing, mut after) = (Vec::new(), Vec::new());
    loop {
        let some = tx.orders_after(&after, AT_ONCE)?;
        let Some(last) = some.last() else { break };
        after = last.to_vec();
        for found in Bench::default().judge(tx, &mut journal, some.into_iter().collect())? {
            differing.push(found.order);
            if let Some((parts, at)) = mends {
                found.say(parts, &mut journal, at)?;
            }
        }
    }
    differing.sort_unstable();
    differing.dedup();
    journal.flush()?;
    Ok(differing)
}

/// At which canteen a person's file is; none where there is no file, or it is at none.
fn canteen_of(journal: &mut Journal<'_, '_>, elder: Id) -> Result<Option<Value>, StoreError> {
    Ok(journal.fields((RecordKind::Elder, elder))?.and_then(|file| file.get("canteen").cloned()).filter(|canteen| *canteen != Value::Null))
}

/// A new order, read where others wait for nothing.
pub fn read_ahead(change: &Incoming<'_>) -> Option<Box<Order>> {
    let new = change.name().0 == RecordKind::Order && change.is_first();
    new.then(|| Order::from_fields(change.touched()).ok().map(Box::new)).flatten()
}

/// Whether an order reads, and is cancelled, as it did before.
fn is_judged_alike([before, after]: &[Option<Order>; 2]) -> bool {
    let cancelled = |order: &Option<Order>| order.as_ref().map(|order| order.state == OrderState::Cancelled);
    cancelled(before) == cancelled(after)
}

/// What a doubt repeats of an order, as far as it is of the right type.
fn repeated(order: &Fields) -> Fields {
    let fits = |name: &&str, value: &Value| RecordKind::Doubt.field(name).is_some_and(|field| field.fits(value)) && *value != Value::Null;
    REPEATED.iter().filter_map(|name| Some(((*name).into(), order.get(name).filter(|value| fits(name, value))?.clone()))).collect()
}

/// An order on the bench.
struct Case {
    id: Id,
    order: Option<Box<Order>>,
    /// Place in the log, and time of receipt.
    came: (i64, i64),
    said: Option<Doubted>,
    found: Judged,
}

/// Something else is to be said of an order than is said.
struct Found {
    order: Id,
    repeated: Fields,
    doubt: Fields,
    found: Judged,
}

/// The facts around the orders that are judged together.
#[derive(Default)]
struct Bench {
    ahead: BTreeMap<Id, Box<Order>>,
    meals: BTreeSet<(Date, RecordId)>,
    repriced: BTreeSet<Id>,
    stale: BTreeSet<Id>,
    lists: BTreeMap<String, Vec<ListedPrice>>,
    files: BTreeMap<Id, Option<String>>,
}

impl Bench {
    /// Judges these orders, and those for the same meals; gives those of which something else is to be said.
    fn judge(&mut self, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, orders: BTreeSet<Id>) -> Result<Vec<Found>, StoreError> {
        if orders.is_empty() && self.meals.is_empty() {
            return Ok(Vec::new());
        }
        journal.expect(orders.iter().copied().collect())?;
        let mut cases = Vec::with_capacity(orders.len());
        for id in &orders {
            cases.extend(Case::of(journal, *id, self.ahead.remove(id))?);
        }
        self.meals.extend(cases.iter().filter_map(|case| case.order.as_ref()).map(|order| (order.date, order.elder)));
        let mut by_day = BTreeMap::<Date, Vec<Id>>::new();
        self.meals.iter().for_each(|(date, elder)| by_day.entry(*date).or_default().push(*elder.0.as_bytes()));
        // What this push brings is judged anyway: other orders are asked for before it is written, persons and who asks for them after.
        let mut others = Vec::new();
        for (date, elders) in by_day {
            others.extend(beside(&orders, tx.orders_for(date, &elders)?));
        }
        journal.flush()?;
        journal.expect(others.clone())?;
        for id in others {
            cases.extend(Case::of(journal, id, None)?);
        }
        let elders: BTreeSet<Id> = self.meals.iter().map(|(_, elder)| *elder.0.as_bytes()).collect();
        self.files = tx.canteens_of(&elders.into_iter().collect::<Vec<_>>())?;
        for case in &mut cases {
            self.by_itself(tx, journal, case)?;
        }
        second(&mut cases);
        let mut found = Vec::new();
        for case in cases {
            found.extend(case.differs(journal)?);
        }
        Ok(found)
    }

    /// What is to be said of an order, whatever others there are.
    fn by_itself(&mut self, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, case: &mut Case) -> Result<(), StoreError> {
        let received = civil(case.came.1).date();
        let found = match &case.order {
            None => judge(None, &Known { elder: false, prices: &[], received }),
            Some(order) => {
                let elder = self.knows(tx, journal, order)?;
                let prices = self.prices(tx, order)?;
                judge(Some(order), &Known { elder, prices: &prices, received })
            }
        };
        if let Some(said) = &mut case.said {
            said.holds &= !self.stale.contains(&case.id);
        }
        case.found = judged(case.said, found, self.repriced.contains(&case.id));
        Ok(())
    }

    /// Whether the canteen sees the person, saw her then, or asks for her file: a guest who is asked for may eat.
    fn knows(&self, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, order: &Order) -> Result<bool, StoreError> {
        let elder = *order.elder.0.as_bytes();
        // Who is asked for is somebody: a request is made about a file.
        let Some(file) = self.files.get(&elder) else { return Ok(false) };
        if file.as_ref() == Some(&order.canteen) || knew(last_seen(journal, elder, &order.canteen)?, order.date) {
            return Ok(true);
        }
        let asking = tx.asking_for(&elder)?;
        if asking.iter().any(|(canteen, _)| canteen.as_ref() == Some(&order.canteen)) {
            return Ok(true);
        }
        let site = tx.canteen(&order.canteen)?.map(|site| site.division).unwrap_or_default();
        Ok(asking.iter().any(|(canteen, place)| canteen.is_none() && !place.is_empty() && division::within(&site, place)))
    }

    fn prices(&mut self, tx: &Tx<'_>, order: &Order) -> Result<Vec<(Meal, Fen)>, StoreError> {
        if !self.lists.contains_key(&order.canteen) {
            self.lists.insert(order.canteen.clone(), tx.price_list(&order.canteen)?);
        }
        let list = self.lists.get(&order.canteen).map_or(&[][..], Vec::as_slice);
        Ok(list.iter().filter(|listed| listed.holds_on(order.date)).map(|listed| (listed.meal, listed.price)).collect())
    }
}

/// Finds those that come second.
fn second(cases: &mut [Case]) {
    let meal = |case: &Case| case.order.as_ref().map(|order| (order.date, order.elder, order.meal.code()));
    cases.sort_unstable_by_key(|case| (meal(case), case.came));
    for together in cases.chunk_by_mut(|one, next| one.order.is_some() && meal(one) == meal(next)).filter(|together| together.len() > 1) {
        let cancelled = |case: &Case| case.order.as_ref().is_some_and(|order| order.state == OrderState::Cancelled);
        let as_they_came: Vec<_> = together.iter().map(|case| (case.found, cancelled(case))).collect();
        for (case, _) in together.iter_mut().zip(seconds(&as_they_came)).filter(|(_, second)| *second) {
            case.found = judged(case.said, Some(DoubtReason::Second), false);
        }
    }
}

/// Of the other orders for the same meals those on which something depends: what counts; and what comes second, where nothing else counts any
/// more and one of them is to. However many somebody wrote for one meal, the next one is judged beside one.
fn beside(judged: &BTreeSet<Id>, all: Vec<MealOrder>) -> Vec<Id> {
    let mut meals = BTreeMap::<(Id, String), Vec<MealOrder>>::new();
    for other in all.into_iter().filter(|other| !judged.contains(&other.order)) {
        meals.entry((other.elder, other.meal.clone())).or_default().push(other);
    }
    let depends = |others: Vec<MealOrder>| {
        let taken = others.iter().any(|other| other.counts);
        others.into_iter().filter(move |other| if taken { other.counts } else { other.comes_second }).map(|other| other.order)
    };
    meals.into_values().flat_map(depends).collect()
}

/// The day on which a file that is elsewhere was last at the canteen; none where it never was.
fn last_seen(journal: &mut Journal<'_, '_>, elder: Id, canteen: &str) -> Result<Option<Date>, StoreError> {
    let (mut history, mut here, mut seen) = (History::default(), false, None);
    for logged in journal.logged((RecordKind::Elder, elder))? {
        // What does not read or merge says nothing of where she was.
        if shared::crdt::decode(&logged.bytes).and_then(|change| history.add(&change)).is_err() {
            continue;
        }
        let was = std::mem::replace(&mut here, history.fields().get("canteen") == Some(&Value::Text(canteen.into())));
        if was && !here {
            seen = Some(civil(logged.received_at).date());
        }
    }
    Ok(seen)
}

impl Case {
    /// An order as it is known, and what was said of it so far; none of a record that is at no canteen.
    fn of(journal: &mut Journal<'_, '_>, id: Id, ahead: Option<Box<Order>>) -> Result<Option<Self>, StoreError> {
        let Some(KnownRecord { fields, came, alone }) = journal.known((RecordKind::Order, id))? else { return Ok(None) };
        let order = ahead.filter(|_| alone).or_else(|| Order::from_fields(fields).ok().map(Box::new));
        if order.is_none() && !matches!(fields.get("canteen"), Some(Value::Text(_))) {
            return Ok(None);
        }
        let mut case = Self { id, order, came, said: None, found: Judged { reason: None, verdict: None } };
        if journal.known((RecordKind::Doubt, id))?.is_some() {
            let (order, doubt) = case.both(journal)?;
            let said = Doubt::from_fields(&doubt).ok();
            let holds = repeated(&doubt) == repeated(&order);
            case.said = said.map(|said| Doubted { reason: said.reason, verdict: said.verdict, holds });
        }
        Ok(Some(case))
    }

    fn both(&self, journal: &mut Journal<'_, '_>) -> Result<(Fields, Fields), StoreError> {
        let order = journal.fields((RecordKind::Order, self.id))?.unwrap_or_default();
        Ok((order, journal.fields((RecordKind::Doubt, self.id))?.unwrap_or_default()))
    }

    fn differs(self, journal: &mut Journal<'_, '_>) -> Result<Option<Found>, StoreError> {
        // What fits, and what was doubtful once and is not, is left alone.
        let nothing = |said: Doubted| said.reason.is_none() && said.verdict.is_none();
        if self.found.reason.is_none() && self.said.is_none_or(nothing) {
            return Ok(None);
        }
        let (order, doubt) = self.both(journal)?;
        let (id, found, repeated) = (self.id, self.found, repeated(&order));
        let same = |said: Doubted| (said.reason, said.verdict) == (found.reason, found.verdict) && self::repeated(&doubt) == repeated;
        Ok((!self.said.is_some_and(same)).then_some(Found { order: id, repeated, doubt, found }))
    }
}

impl Found {
    /// Says it, in the record of the doubt.
    fn say(self, parts: &Parts, journal: &mut Journal<'_, '_>, at: i64) -> Result<(), StoreError> {
        let Self { order, repeated, doubt, found: Judged { reason, verdict } } = self;
        let text = |text: &str| Value::Text(text.into());
        let mut due = repeated;
        due.insert("reason", reason.map_or(Value::Null, |reason| text(reason.code())));
        if due.get("reason") != doubt.get("reason") {
            due.insert("since", text(&civil(at).to_string()));
        }
        if verdict.is_none() {
            due.extend(["verdict", "note"].map(|name| (name.into(), Value::Null)));
        }
        due.extend(REPEATED.iter().filter(|name| !due.contains_key(name)).map(|name| ((*name).into(), Value::Null)).collect::<Vec<_>>());
        due.retain(|name, value| doubt.get(name).unwrap_or(&Value::Null) != value);
        let done = match doubt.is_empty() {
            true => match Doubt::from_fields(&due) {
                Ok(doubt) => parts.centre.append_first(journal, RecordId(uuid::Uuid::from_bytes(order)), &doubt, at),
                Err(_) => Ok(()),
            },
            false if due.is_empty() => Ok(()),
            false => parts.centre.append_next(journal, RecordKind::Doubt, order, &due, at),
        };
        match done {
            Ok(()) => Ok(()),
            Err(JournalError::Store(error)) => Err(error),
            Err(JournalError::Unmergeable) => Err(StoreError::Overlooked),
        }
    }
}
