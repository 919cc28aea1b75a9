//! Edits, moves, orders and erasure of one elder at two desks that don't hear of each other: every pair, synced in both
//! orders, ends as the table of rules in ARCHITECTURE.md says, at both desks, at the elder's canteen, and on the server.

use super::kit::{Office, TOWN, Town, open_at};
use anyhow::{Context, Result, ensure};
use serde_json::Value as Json;
use shared::command::{ElderCard, ElderForm, MoveElder, SaveElder, SetOutcome};
use shared::fault::Code;
use shared::kinds::OrderState;
use shared::schema::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// What somebody does to an elder, or to an order of hers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Phone(&'static str),
    Note(&'static str),
    /// To another canteen, by name.
    Move(&'static str),
    Erase,
    TakeOrder,
    State(OrderState),
}

const HOME: &str = "罗城街道长者饭堂";
const LEFT: [Act; 7] = [
    Act::Phone("13900000001"),
    Act::Note("甲"),
    Act::Move("第二饭堂"),
    Act::Erase,
    Act::TakeOrder,
    Act::State(OrderState::Delivered),
    Act::State(OrderState::Cancelled),
];
const RIGHT: [Act; 10] = [
    Act::Phone("13900000002"),
    Act::Phone("13900000001"),
    Act::Note("乙"),
    Act::Note(""),
    Act::Move("第三饭堂"),
    Act::Move("第二饭堂"),
    Act::Erase,
    Act::TakeOrder,
    Act::State(OrderState::Delivered),
    Act::State(OrderState::Cancelled),
];

/// What is seen of an elder and of her orders: at a desk, or as the table says.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Phone, note and canteen; none where the elder is not seen.
    file: Option<(String, String, String)>,
    state: String,
    orders: usize,
    /// Labels of the fields that wait for a person.
    open: BTreeSet<String>,
}

/// The rules, for two acts of which none knew of the other.
fn table(left: Act, right: Act) -> Seen {
    // A field holds what was said of it, two values are shown to people, and until they decide the value of the second
    // desk counts, whose number is the greater one.
    let field = |label: &str, before: &str, said: &dyn Fn(Act) -> Option<String>, open: &mut BTreeSet<String>| {
        let (left, right) = (said(left), said(right));
        // Who clears knows nothing of what is said meanwhile: it stays.
        let right = right.filter(|value| !value.is_empty() || left.is_none());
        if left.is_some() && right.is_some() && left != right {
            open.insert(label.to_owned());
        }
        right.or(left).unwrap_or_else(|| before.to_owned())
    };
    let mut open = BTreeSet::new();
    let phone = |act| if let Act::Phone(phone) = act { Some(phone.to_owned()) } else { None };
    let note = |act| if let Act::Note(note) = act { Some(note.to_owned()) } else { None };
    let canteen = |act| if let Act::Move(canteen) = act { Some(canteen.to_owned()) } else { None };
    let state = |act| if let Act::State(state) = act { Some(state.code().to_owned()) } else { None };
    let mut file = (
        field("电话", "13900000000", &phone, &mut open),
        field("备注", "旧", &note, &mut open),
        field("绑定饭堂", HOME, &canteen, &mut open),
    );
    let state = field("状态", "placed", &state, &mut open);
    // Erasure counts, whatever else is said of what is sealed.
    if [left, right].contains(&Act::Erase) {
        (file.0, file.1) = (String::new(), String::new());
        open.remove("电话");
        open.remove("备注");
    }
    // An order stays where it was taken.
    let orders = 1 + [left, right].iter().filter(|act| **act == Act::TakeOrder).count();
    Seen { file: Some(file), state, orders, open }
}

/// One elder with one order.
#[derive(Clone, Debug)]
struct Person {
    name: String,
    elder: RecordId,
    order: RecordId,
}

struct House {
    town: Town,
    /// Codes of canteens by name.
    canteens: BTreeMap<&'static str, String>,
    /// The canteen's desk, and two of the township.
    home: Office,
    one: Office,
    two: Office,
}

impl House {
    fn new() -> Result<Self> {
        let town = Town::new()?;
        let mut canteens = BTreeMap::from([(HOME, town.canteen.clone())]);
        for name in ["第二饭堂", "第三饭堂"] {
            canteens.insert(name, town.server()?.add_canteen(name, TOWN, None)?.code);
        }
        let (home, one, two) = (town.desk("home", false)?, town.desk("one", true)?, town.desk("two", true)?);
        Ok(Self { town, canteens, home, one, two })
    }

    fn person(&self, number: usize) -> Result<Person> {
        let name = format!("王{number}");
        let elder = self.home.elder(&name, "")?;
        let person = Person { name, elder, order: self.home.order(elder)?.0.parse()? };
        self.act(&self.home, &person, Act::Phone("13900000000"))?;
        self.act(&self.home, &person, Act::Note("旧"))?;
        Ok(person)
    }

    fn act(&self, desk: &Office, person: &Person, act: Act) -> Result<()> {
        let edit = |change: &dyn Fn(&mut ElderForm)| {
            let mut form = desk.desk.ask(&ElderCard { elder: Some(person.elder) })?.form;
            change(&mut form);
            desk.desk.ask(&SaveElder { elder: Some(person.elder), form })
        };
        match act {
            Act::Phone(phone) => drop(edit(&|form| form.phone = phone.into())?),
            Act::Note(note) => drop(edit(&|form| form.note = note.into())?),
            Act::Move(to) => drop(desk.desk.ask(&MoveElder { elder: Some(person.elder), canteen: self.canteens[to].clone() })?),
            Act::Erase => drop(self.town.server()?.erase_elder(&person.elder.to_string())?),
            Act::TakeOrder => drop(desk.order(person.elder)?),
            Act::State(state) => drop(desk.desk.ask(&SetOutcome { order: Some(person.order), state: Some(state), reason: None })?),
        }
        Ok(())
    }

    /// Plays every pair with the left acts at one desk and the right ones at another; `left_first` says who syncs first.
    fn play(&self, left: &Office, left_first: bool, number: &mut usize) -> Result<Vec<(Person, Seen, String)>> {
        let server = self.town.server()?;
        let all = [&self.home, &self.one, &self.two];
        let mut played = Vec::new();
        for first in LEFT {
            // A canteen sends nobody away.
            if matches!(first, Act::Move(_)) && std::ptr::eq(left, &raw const self.home) {
                continue;
            }
            for second in RIGHT {
                *number += 1;
                let what = format!("{first:?} and {second:?}, the {} one synced first", if left_first { "left" } else { "right" });
                played.push((self.person(*number)?, table(first, second), what, first, second));
            }
        }
        for _ in 0..2 {
            all.iter().try_for_each(|desk| desk.sync(server).map(drop))?;
        }
        for (person, _, what, first, second) in &played {
            self.act(left, person, *first).with_context(|| what.clone())?;
            self.act(&self.two, person, *second).with_context(|| what.clone())?;
        }
        let order = if left_first { [left, &self.two] } else { [&self.two, left] };
        for desk in order.into_iter().chain([all, all, all].concat()) {
            desk.sync(server)?;
        }
        Ok(played.into_iter().map(|(person, expect, what, ..)| (person, expect, what)).collect())
    }
}

/// What a desk shows, by elder and order.
struct Shown<'d> {
    desk: &'d Office,
    orders: Vec<Json>,
    open: Vec<(RecordId, String)>,
}

impl<'d> Shown<'d> {
    fn of(desk: &'d Office) -> Result<Self> {
        let ledger = desk.desk.ledger_json(None, None)?;
        let open = open_at(&desk.desk)?.into_iter().map(|line| (line.record, line.label)).collect();
        Ok(Self { desk, orders: ledger["rows"].as_array().context("rows")?.clone(), open })
    }

    fn seen(&self, person: &Person) -> Result<Seen> {
        let file = match self.desk.desk.ask(&ElderCard { elder: Some(person.elder) }) {
            Ok(card) => Some((card.form.phone.replace("****", "0000"), card.form.note, card.binding.context("a canteen")?.0)),
            Err(fault) if fault.code == Code::NotFound => None,
            Err(fault) => return Err(fault.into()),
        };
        let own: Vec<&Json> = self.orders.iter().filter(|row| row["elder"] == person.name).collect();
        let row = own.iter().find(|row| row["id"].as_str().is_some_and(|id| id.replace('-', "") == person.order.to_string()));
        let state = row.with_context(|| format!("no order of {}", person.name))?["outcome"].as_str().context("outcome")?.to_owned();
        let open = self.open.iter().filter(|(record, _)| [person.elder, person.order].contains(record));
        Ok(Seen { file, state, orders: own.len(), open: open.map(|(_, label)| label.clone()).collect() })
    }
}

#[test]
fn f24_every_pair_of_acts_ends_as_the_table_says() -> Result<()> {
    let house = House::new()?;
    let (mut played, mut number) = (Vec::new(), 0);
    for left in [&house.home, &house.one] {
        for left_first in [true, false] {
            played.extend(house.play(left, left_first, &mut number)?);
        }
    }
    // What the server hands out to one who was not there.
    let late = house.town.desk("late", true)?;
    let offices = [("one", &house.one), ("two", &house.two), ("late", &late), ("home", &house.home)];
    for (name, desk) in offices {
        ensure!(desk.sync(house.town.server()?)?.agrees && desk.desk.check()?.is_empty(), "{name}");
        let shown = Shown::of(desk)?;
        for (person, expect, what) in &played {
            let mut expect = expect.clone();
            if name == "home" && expect.file.as_ref().is_some_and(|(.., canteen)| canteen != HOME) {
                // The file left, and what is asked about it; the orders stay in the ledger of who served her.
                expect.file = None;
                expect.open.retain(|label| label == "状态");
            }
            let seen = shown.seen(person)?;
            ensure!(seen == expect, "{what}: {name} shows {seen:#?}, the table says {expect:#?}");
        }
    }
    let on_server: BTreeSet<(RecordId, String)> =
        house.town.server()?.conflicts(None, None)?.into_iter().map(|line| (line.record, line.stands)).collect();
    let at_town = open_at(&house.one.desk)?.into_iter().map(|line| (line.record, line.stands)).collect();
    ensure!(on_server == at_town, "{on_server:#?} on the server, {at_town:#?} at the township");
    Ok(())
}
