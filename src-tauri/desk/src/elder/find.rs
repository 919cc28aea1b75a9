//! Finding elders and showing a file with what an order needs.

use crate::desk::Inner;
use crate::fault::{broken, missing, not_found};
use crate::order;
use crate::store;
use shared::command::{DivisionName, ElderCard, ElderForm, ElderHit, ElderView, FindElders, OrderDefaults};
use shared::division;
use shared::fault::Fault;
use shared::kinds::{Elder, ElderStatus, Meal, Mode};
use shared::list::ListRow;
use shared::rule::id_number::age_on;
use shared::rule::meal_time::next_meal;
use shared::rule::phone::PhoneNumber;
use shared::schema::{RecordId, Value};

impl Inner {
    /// Elders by name, pinyin initials, phone or ID tail.
    pub(crate) fn find_elders(&self, ask: &FindElders) -> Result<Vec<ElderHit>, Fault> {
        let limit = usize::try_from(ask.limit.clamp(1, 200)).unwrap_or(8);
        let text = ask.text.trim();
        let ids = if text.is_empty() {
            self.read(|store| store::elder::latest_served(store, limit))?
        } else {
            self.elders.read().map_err(broken)?.index.find(text, limit)
        };
        self.hits(&ids)
    }

    /// What the list of elders says beside their files: the order that stands for the next meal, and why something sealed can't be read.
    pub(crate) fn tell_of_elders(&self, rows: &mut [ListRow]) -> Result<(), Fault> {
        let offered = self.offered_meal();
        for row in rows {
            if let Some((date, meal)) = offered
                && let Some(number) = self.existing_order(row.id, date, meal)?
            {
                row.cells.insert("next_meal", Value::Text(number.into()));
            }
            for sealed in ["id_number", "phone"] {
                if row.text(sealed).is_empty()
                    && let Some(words) = self.read(|store| self.instead(store, row.id))?
                {
                    row.cells.insert(sealed, Value::Text(words.into()));
                }
            }
        }
        Ok(())
    }

    fn hits(&self, ids: &[RecordId]) -> Result<Vec<ElderHit>, Fault> {
        let mut hits = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(elder) = self.read(|store| store::elder::find(store, *id))? {
                hits.push(self.hit(*id, &elder)?);
            }
        }
        Ok(hits)
    }

    fn hit(&self, id: RecordId, elder: &Elder) -> Result<ElderHit, Fault> {
        let now = self.clock.now();
        let existing_order = match self.offered_meal() {
            Some((date, meal)) => self.existing_order(id, date, meal)?,
            None => None,
        };
        Ok(ElderHit {
            id,
            name: elder.name.clone(),
            sex: elder.sex,
            age: elder.birth_date.map(|birth| age_on(birth, now.date())),
            village: division::short_name(&elder.division).to_owned(),
            id_tail: elder.id_number.as_ref().map(|id| id.tail().to_owned()),
            phone: match &elder.phone {
                Some(phone) => Some(phone.masked()),
                None => self.read(|store| self.instead(store, id))?.map(str::to_owned),
            },
            delivery_need: elder.delivery_need,
            existing_order,
        })
    }

    /// The meal an order is offered for now, at this desk's canteen.
    pub(crate) fn offered_meal(&self) -> Option<(jiff::civil::Date, Meal)> {
        let code = self.facts().enrolled?.canteen?;
        let canteen = self.read(|store| store::master::canteen(store, &code)).ok()??;
        Some(next_meal(&canteen, self.clock.now()))
    }

    /// The file of one elder with what an order needs.
    pub(crate) fn elder_card(&self, ask: &ElderCard) -> Result<ElderView, Fault> {
        let id = ask.elder.ok_or_else(|| missing("长者"))?;
        let elder = self.read(|store| store::elder::find(store, id))?.ok_or_else(|| not_found("位长者"))?;
        let recent = self.read(|store| store::order::of_elder(store, id, 6))?;
        let enrolled = self.facts().enrolled;
        let code = enrolled.and_then(|enrolled| enrolled.canteen).or_else(|| elder.canteen.clone()).unwrap_or_default();
        let canteen = self.read(|store| store::master::canteen(store, &code))?.unwrap_or_else(|| order::unknown_canteen(&code));
        let (date, meal) = next_meal(&canteen, self.clock.now());
        let dishes = self.read(|store| store::master::dishes(store, &code, date))?;
        let last = recent.iter().find(|line| line.mode != Mode::PickUp || !elder.delivery_need);
        let defaults = OrderDefaults {
            date,
            meal,
            mode: last.map_or(if elder.delivery_need { Mode::OwnDelivery } else { Mode::PickUp }, |line| line.mode),
            dish: last.map(|line| line.dish.clone()).filter(|name| dishes.iter().any(|dish| dish.meal == meal && dish.name == *name)),
            note: last.map(|line| line.note.clone()).unwrap_or_default(),
            dishes,
        };
        let binding = match &elder.canteen {
            Some(code) => {
                let name = self.read(|store| store::master::canteen(store, code))?.map_or_else(|| code.clone(), |canteen| canteen.name);
                Some((name, self.read(|store| store::elder::bound_since(store, id, code))?))
            }
            None => None,
        };
        Ok(ElderView {
            hit: self.hit(id, &elder)?,
            form: form_of(&elder),
            id_number: match &elder.id_number {
                Some(number) => Some(number.masked()),
                None => self.read(|store| self.instead(store, id))?.map(str::to_owned),
            },
            emergency_phone: elder.emergency_phone.as_ref().map(PhoneNumber::masked),
            division: format!("{} {}", division::name(division::town_of(&elder.division)), division::short_name(&elder.division)),
            binding,
            bindings: self.bindings(id)?,
            not_active: (elder.status != ElderStatus::Active).then(|| elder.status.zh().to_owned()),
            recent,
            defaults,
        })
    }

    /// The villages that this desk may choose from.
    pub(crate) fn villages(&self) -> Vec<DivisionName> {
        let scope = self.facts().enrolled.map(|enrolled| enrolled.division).unwrap_or_default();
        let scope = division::town_of(&scope);
        division::all()
            .iter()
            .filter(|entry| entry.code.len() == 12 && entry.valid_to.is_none() && division::within(entry.code, scope))
            .map(|entry| {
                let name = division::short_name(entry.code);
                DivisionName { code: entry.code.to_owned(), name: name.to_owned(), initials: crate::pinyin::initials(name).join(" ") }
            })
            .collect()
    }
}

fn form_of(elder: &Elder) -> ElderForm {
    let phone = |number: &Option<PhoneNumber>| number.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let phones = [phone(&elder.phone), phone(&elder.second_phone)];
    ElderForm {
        name: elder.name.clone(),
        id_number: elder.id_number.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        sex: elder.sex,
        birth_date: elder.birth_date.map(|date| date.to_string()).unwrap_or_default(),
        phone: phones.join(" ").trim().to_owned(),
        emergency_name: elder.emergency_name.clone().unwrap_or_default(),
        emergency_phone: phone(&elder.emergency_phone),
        division: elder.division.clone(),
        address: elder.address.clone().unwrap_or_default(),
        ability: elder.ability,
        living_alone: elder.living_alone,
        delivery_need: elder.delivery_need,
        diet: elder.diet.clone().unwrap_or_default(),
        note: elder.note.clone().unwrap_or_default(),
    }
}
