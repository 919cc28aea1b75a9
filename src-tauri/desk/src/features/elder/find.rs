//! Finding elders: by what is typed, and what lists say of them beside their files.

use crate::look::Look;
use crate::store::{elder as table, master, order as orders};
use jiff::civil::Date;
use shared::command::{ElderHit, FindElders};
use shared::division;
use shared::fault::Fault;
use shared::kinds::{Elder, Meal};
use shared::list::ListRow;
use shared::rule::id_number::age_on;
use shared::rule::meal_time::next_meal;
use shared::schema::{RecordId, Value};

/// Elders by name, pinyin initials, phone or ID tail.
pub(crate) fn find(look: &Look<'_>, ask: &FindElders) -> Result<Vec<ElderHit>, Fault> {
    let limit = usize::try_from(ask.limit.clamp(1, 200)).unwrap_or(8);
    let text = ask.text.trim();
    let ids = if text.is_empty() { look.read(|store| table::latest_served(store, limit))? } else { look.typed(text, limit)? };
    let mut hits = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(elder) = look.record(id)? {
            hits.push(hit(look, id, &elder)?);
        }
    }
    Ok(hits)
}

/// What the list of elders says beside their files: the order that stands for the next meal, and why something sealed can't be read.
pub(crate) fn tell(look: &Look<'_>, rows: &mut [ListRow]) -> Result<(), Fault> {
    let offered = offered_meal(look);
    for row in rows {
        if let Some(number) = existing_order(look, row.id, offered)? {
            row.cells.insert("next_meal", Value::Text(number.into()));
        }
        for sealed in ["id_number", "phone"] {
            if row.text(sealed).is_empty()
                && let Some(words) = look.instead(row.id)?
            {
                row.cells.insert(sealed, Value::Text(words.into()));
            }
        }
    }
    Ok(())
}

/// The line of an elder.
pub(super) fn hit(look: &Look<'_>, id: RecordId, elder: &Elder) -> Result<ElderHit, Fault> {
    Ok(ElderHit {
        id,
        name: elder.name.clone(),
        sex: elder.sex,
        age: elder.birth_date.map(|birth| age_on(birth, look.now.date())),
        village: division::short_name(&elder.division).to_owned(),
        id_tail: elder.id_number.as_ref().map(|id| id.tail().to_owned()),
        phone: match &elder.phone {
            Some(phone) => Some(phone.masked()),
            None => look.instead(id)?.map(str::to_owned),
        },
        delivery_need: elder.delivery_need,
        existing_order: existing_order(look, id, offered_meal(look))?,
    })
}

/// The meal an order is offered for now, at this desk's canteen.
fn offered_meal(look: &Look<'_>) -> Option<(Date, Meal)> {
    let code = look.canteen()?;
    let canteen = look.read(|store| master::canteen(store, code)).ok()??;
    Some(next_meal(&canteen, look.now))
}

/// The number of the order of an elder that stands for a meal.
fn existing_order(look: &Look<'_>, elder: RecordId, meal: Option<(Date, Meal)>) -> Result<Option<String>, Fault> {
    meal.map_or(Ok(None), |(date, meal)| look.read(|store| orders::existing(store, elder, date, meal)))
}
