//! The menu of a week, day by day and meal by meal.

use super::{canteen_asked, shown};
use crate::look::Look;
use crate::store::{calendar, menu as table};
use jiff::civil::Date;
use shared::command::{MenuDish, MenuOfDay, MenuWeek, WeekMenu};
use shared::fault::Fault;
use shared::kinds::{Meal, MenuItem};
use shared::rule::menu::week_of;
use shared::schema::RecordId;
use std::collections::{BTreeMap, HashMap};

/// The week of a day, or this one.
pub(crate) fn week(look: &Look<'_>, ask: &MenuWeek) -> Result<WeekMenu, Fault> {
    let canteen = canteen_asked(look, &ask.canteen)?;
    let dates: Vec<Date> = week_of(ask.day.unwrap_or(look.now.date())).collect();
    let span = (dates[0], dates[dates.len() - 1]);
    let items: HashMap<RecordId, MenuItem> = look.read(|store| table::items(store, &canteen.code))?.into_iter().collect();
    // Two desks that put a dish there apart, before they had the keys, put it there once.
    let mut menus: BTreeMap<(Date, Meal), BTreeMap<RecordId, bool>> = BTreeMap::new();
    for (_, line) in look.read(|store| table::of_days(store, &canteen.code, span))?.into_iter().filter(|(_, line)| !line.taken_off) {
        *menus.entry((line.date, line.meal)).or_default().entry(line.item).or_default() |= line.published;
    }
    let mut said = look.read(|store| calendar::days(store, &canteen.code, span))?;
    let mut day = |date: Date| {
        let meal = |meal: &Meal| {
            let on_it = menus.get(&(date, *meal)).into_iter().flatten();
            let mut dishes: Vec<MenuDish> =
                on_it.filter_map(|(item, published)| Some(shown(*item, items.get(item)?, *published))).collect();
            dishes.sort_by(|one, other| (one.course, &one.name).cmp(&(other.course, &other.name)));
            (*meal, dishes)
        };
        let at = said.iter().position(|said| said.date == date);
        MenuOfDay { date, said: at.map(|at| said.swap_remove(at)), meals: Meal::ALL.iter().map(meal).collect() }
    };
    Ok(WeekMenu { days: dates.into_iter().map(&mut day).collect(), canteen: canteen.code, name: canteen.name })
}
