//! 每日菜单: the menu of a week, putting dishes there and taking them off, publishing, and copying another week. The rules stand in `shared::rule::menu`.

mod change;
mod copy;
mod find;
mod week;

pub(crate) use change::{change, publish};
pub(crate) use copy::copy;
pub(crate) use find::find;
pub(crate) use week::week;

use crate::look::Look;
use crate::store::master;
use jiff::civil::Date;
use shared::command::MenuDish;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Canteen, Meal, MenuItem};
use shared::rule::menu::{MAX_AHEAD, menu_id};
use shared::schema::RecordId;

/// The canteen that is asked about: a canteen's desk knows its own only.
fn canteen_asked(look: &Look<'_>, asked: &str) -> Result<Canteen, Fault> {
    let enrolled = look.enrolled()?;
    let found = look.read(|store| master::within_reach(store, enrolled, asked))?;
    found.ok_or_else(|| fault!(Code::NotFound, binding::no_such_canteen(asked)))
}

/// Refuses a day that is a slip.
fn not_too_far(look: &Look<'_>, date: Date) -> Result<(), Fault> {
    let days = i64::from((date - look.now.date()).get_days());
    if days > MAX_AHEAD { Err(fault!(Code::BadInput, menu::too_far(MAX_AHEAD))) } else { Ok(()) }
}

/// The id of a dish on the menu of a meal; one of its own where the keys are not here yet.
fn id_of(look: &Look<'_>, canteen: &str, (date, meal): (Date, Meal), item: RecordId) -> Result<RecordId, Fault> {
    let division = &look.enrolled()?.division;
    let keys = look.facts.person_keys.as_ref();
    Ok(keys.map_or_else(|| look.new_id(), |keys| menu_id(keys.of(division), canteen, date, meal, item)))
}

fn shown(item: RecordId, dish: &MenuItem, published: bool) -> MenuDish {
    let MenuItem { name, course, price, allergens, suits, .. } = dish.clone();
    MenuDish { item, name, course, price, allergens, suits, published }
}
