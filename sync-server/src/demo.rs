//! Demo data: canteens, prices, made-up elders and orders of the past fortnight, from a fixed seed.
//! Every name here is invented. A second run only gives new codes. It is in no program that is shipped (feature `drill`), and writes
//! nothing where anything was logged that it did not write.

use crate::audit::Actor;
use crate::city;
use crate::fault::Refusal;
use crate::journal::JournalError;
use crate::store::Tx;
use crate::{Parts, Server, secret};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{
    AuditEvent, Binding, Elder, ElderStatus, Meal, MenuPrice, Mode, NotDeliveredReason, Order, OrderState, Receipt, ReceivedBy, Role, Seen,
    Sex,
};
use shared::money::Fen;
use shared::rule::order::needs_receipt;
use shared::rule::{order_number, phone::PhoneNumber};
use shared::schema::RecordId;

/// What the demo gives.
#[derive(Clone, Debug, Serialize)]
pub struct DemoMade {
    /// One-time code for a device at the first canteen.
    pub device_code: String,
    /// One-time code for a device at the first canteen's town.
    pub town_device_code: String,
    /// Name of the account.
    pub console_account: String,
    /// Its password; only at the first run.
    pub console_password: Option<String>,
}

const ACCOUNT: &str = "demo";
const FIRST_CANTEEN: &str = "demo_canteen";
const SEED: u64 = 4453;
const DAYS: i64 = 14;

/// County, town and name; the first is the one whose desk is shown, and stays without orders.
const CANTEENS: [(&str, &str, &str); 10] = [
    ("445381", "罗城", "罗城街道长者饭堂"),
    ("445381", "𬜯塘", "𬜯塘镇长者饭堂"),
    ("445381", "泗纶", "泗纶镇长者饭堂"),
    ("445302", "云城", "云城街道长者饭堂"),
    ("445302", "高峰", "高峰街道长者饭堂"),
    ("445303", "六都", "六都镇长者饭堂"),
    ("445321", "新城", "新城镇长者饭堂"),
    ("445321", "簕竹", "簕竹镇长者饭堂"),
    ("445322", "都城", "都城镇长者饭堂"),
    ("445322", "连滩", "连滩镇长者饭堂"),
];

const FAMILY: [&str; 12] = ["陈", "梁", "李", "黄", "谭", "区", "欧", "莫", "叶", "范", "沈", "邱"];
const GIVEN: [&str; 16] =
    ["桂英", "木生", "亚娣", "金水", "秀莲", "观发", "细妹", "火炎", "月好", "伙旺", "玉珍", "锦全", "带好", "水养", "翠莲", "北海"];

impl Server {
    /// Makes the demo data where it is not there yet, and new codes.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails, or holds what the demo did not write.
    pub fn demo(&self) -> Result<DemoMade, Fault> {
        Ok(demo(&self.0)?)
    }
}

fn demo(parts: &Parts) -> Result<DemoMade, Refusal> {
    let now = parts.clock.seconds();
    let first = parts.commanded(AuditEvent::DemoMade, |tx, _| match tx.setting(FIRST_CANTEEN)? {
        Some(code) => Ok::<_, Refusal>(code),
        None if tx.ends()?.1 > 0 => Err(fault!(Code::NotNow, program::NOT_MADE_UP).into()),
        None => {
            let code = furnish(parts, tx, now)?;
            tx.set_once(FIRST_CANTEEN, &code)?;
            Ok(code)
        }
    })?;
    let (canteen, city) = parts.store.read(|tx| Ok::<_, Refusal>((tx.canteen(&first)?, city::of(tx)?)))?;
    let town = canteen.map_or_else(|| city.clone(), |site| site.division);
    let password = secret::password();
    let known = parts.store.read(|tx| tx.account_names())?.iter().any(|name| name == ACCOUNT);
    if !known {
        parts.add_account(ACCOUNT, Role::City, &city, &password)?;
    }
    let by = Actor::at_machine();
    Ok(DemoMade {
        device_code: parts.device_code(&by, Some(&first), None)?.code,
        town_device_code: parts.device_code(&by, None, Some(division::town_of(&town)))?.code,
        console_account: ACCOUNT.to_owned(),
        console_password: (!known).then_some(password),
    })
}

fn furnish(parts: &Parts, tx: &Tx<'_>, now: i64) -> Result<String, Refusal> {
    let today = crate::clock::civil(now).date();
    let mut codes = Vec::new();
    for (county, town, name) in CANTEENS {
        let Some(town) = division::town_by_name(county, town) else { continue };
        let code = parts.add_canteen(tx, name, town.code, None, now)?;
        price_list(parts, tx, &code, today, now)?;
        codes.push((code, town.code));
    }
    let mut scene = Scene { parts, tx, rng: StdRng::seed_from_u64(SEED), now, today };
    for (at, (code, town)) in (1u32..).zip(codes.iter().skip(1)) {
        scene.people_and_orders(900 + at, code, town)?;
    }
    codes.into_iter().next().map(|(code, _)| code).ok_or_else(|| Fault::broken().into())
}

fn price_list(parts: &Parts, tx: &Tx<'_>, code: &str, today: Date, now: i64) -> Result<(), JournalError> {
    let valid_from = Date::new(today.year(), 1, 1).unwrap_or(today);
    let dishes = [
        (Meal::Lunch, "软饭", 1200),
        (Meal::Lunch, "普通", 1200),
        (Meal::Breakfast, "普通", 500),
        (Meal::Dinner, "软饭", 1000),
        (Meal::Dinner, "普通", 1000),
    ];
    for (meal, name, price) in dishes {
        let dish = MenuPrice { canteen: code.to_owned(), meal, name: name.to_owned(), price: Fen(price), valid_from, valid_to: None };
        parts.centre.create(tx, &dish, now)?;
    }
    Ok(())
}

struct Scene<'a> {
    parts: &'a Parts,
    tx: &'a Tx<'a>,
    rng: StdRng,
    now: i64,
    today: Date,
}

impl Scene<'_> {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.random_range(0..of.len())]
    }

    fn people_and_orders(&mut self, device: u32, canteen: &str, town: &str) -> Result<(), JournalError> {
        let people = self.rng.random_range(5..9);
        let mut elders = Vec::new();
        for _ in 0..people {
            elders.push(self.elder(canteen, town)?);
        }
        let mut sequence = 0;
        for back in (0..DAYS).rev() {
            let Ok(date) = self.today.checked_sub(back.days()) else { continue };
            for elder in &elders {
                if self.rng.random_ratio(2, 5) {
                    sequence += 1;
                    self.order(order_number::compose(device, sequence), *elder, canteen, date)?;
                }
            }
        }
        Ok(())
    }

    fn elder(&mut self, canteen: &str, town: &str) -> Result<RecordId, JournalError> {
        let villages: Vec<&str> = division::children(town).map(|entry| entry.code).collect();
        let village = if villages.is_empty() { town } else { self.one(&villages) };
        let age = self.rng.random_range(62..93);
        let elder = Elder {
            name: format!("{}{}", self.one(&FAMILY), self.one(&GIVEN)),
            id_number: None,
            other_document: None,
            sex: Some(self.one(&[Sex::Female, Sex::Male])),
            birth_date: Date::new(self.today.year() - age, self.rng.random_range(1..13), self.rng.random_range(1..29)).ok(),
            phone: PhoneNumber::parse(&format!("1390000{:04}", self.rng.random_range(0..10_000))).ok(),
            second_phone: None,
            emergency_name: None,
            emergency_phone: None,
            division: village.to_owned(),
            address: Some(format!("{} 号", self.rng.random_range(1..200))),
            ability: None,
            living_alone: self.rng.random_ratio(1, 3),
            delivery_need: self.rng.random_ratio(1, 2),
            diet: self.rng.random_ratio(1, 4).then(|| "少盐".to_owned()),
            note: None,
            canteen: Some(canteen.to_owned()),
            status: ElderStatus::Active,
            last_imported: None,
        };
        let id = self.parts.centre.create_elder(self.tx, self.parts.keys(), &elder, self.now)?;
        let since = self.today.checked_sub(60.days()).unwrap_or(self.today);
        let binding = Binding { elder: id, canteen: canteen.to_owned(), since, until: None };
        self.parts.centre.create(self.tx, &binding, self.now)?;
        Ok(id)
    }

    fn order(&mut self, number: String, elder: RecordId, canteen: &str, date: Date) -> Result<(), JournalError> {
        let mode = self.one(&[Mode::PickUp, Mode::OwnDelivery, Mode::OwnDelivery, Mode::OwnDelivery, Mode::ThirdParty]);
        let lucky = self.rng.random_ratio(19, 20);
        let state = match (date == self.today, lucky, mode) {
            (true, _, _) => OrderState::Placed,
            (_, false, _) => OrderState::Cancelled,
            (_, _, Mode::PickUp) => OrderState::PickedUp,
            _ => match self.rng.random_range(0..20) {
                0 => OrderState::NotDelivered,
                1..4 => OrderState::LeftAtDoor,
                _ => OrderState::Delivered,
            },
        };
        let noon: DateTime = date.at(11, self.rng.random_range(20..59), 0, 0);
        let taken_at = date.at(9, self.rng.random_range(0..59), 0, 0);
        let order = Order {
            number,
            elder,
            elder_name: None,
            canteen: canteen.to_owned(),
            date,
            meal: Meal::Lunch,
            mode,
            dish: Some(self.one(&["软饭", "普通"]).to_owned()),
            price: Fen(1200),
            note: None,
            state,
            reason: (state == OrderState::NotDelivered).then_some(NotDeliveredReason::NobodyHome),
            state_at: if state == OrderState::Placed { taken_at } else { noon },
            taken_at,
            taken_by: Some("演示".to_owned()),
            supplement_reason: None,
            platform_number: None,
            origin: None,
            batch: None,
        };
        let id = self.parts.centre.create(self.tx, &order, self.now)?;
        if needs_receipt(mode, state) && self.rng.random_ratio(9, 10) {
            let receipt = Receipt {
                order: id,
                canteen: canteen.to_owned(),
                arrived_at: noon,
                recorded_at: noon,
                received_by: Some(self.one(&[ReceivedBy::Elder, ReceivedBy::Family])),
                seen: Some(self.one(&[Seen::Well, Seen::Well, Seen::Concern])),
                note: None,
                photos: std::collections::BTreeSet::new(),
            };
            self.parts.centre.create_as(self.tx, id, &receipt, self.now)?;
        }
        Ok(())
    }
}
