//! 备餐单 of a meal, with all that stands beside it on the screen.

use super::boxes::{packed, prepared};
use super::differences::{Since, differences};
use super::samples::samples;
use crate::look::Look;
use crate::store::{fact, kitchen as table, master};
use jiff::civil::Date;
use shared::command::{Kitchen, KitchenFrozen, KitchenSheet};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{KitchenCount, Meal};
use shared::rule::kitchen::sheet as rows_of;
use shared::rule::meal_time::cut_off;
use shared::schema::RecordId;

/// The canteen whose kitchen it is: that of the desk.
pub(super) fn own_canteen(look: &Look<'_>) -> Result<String, Fault> {
    look.enrolled()?.canteen.clone().ok_or_else(|| fault!(Code::NotNow, kitchen::ONLY_AT_CANTEENS))
}

/// The meal asked for; without one, the first of the day that is not brought yet.
pub(super) fn meal_of(look: &Look<'_>, canteen: &str, date: Option<Date>, meal: Option<Meal>) -> Result<(Date, Meal), Fault> {
    let date = date.unwrap_or(look.now.date());
    let canteen = look.read(|store| master::serving(store, canteen))?;
    let next = || {
        let brought = |meal: &Meal| look.now > cut_off(&canteen, date, *meal).saturating_add(jiff::Span::new().hours(COOKING_HOURS));
        Meal::ALL.iter().copied().find(|meal| !brought(meal)).unwrap_or(Meal::Dinner)
    };
    Ok((date, meal.unwrap_or_else(next)))
}

/// So many hours after orders closed a kitchen is done with a meal.
const COOKING_HOURS: i64 = 3;

/// The sheet.
pub(crate) fn sheet(look: &Look<'_>, ask: &Kitchen) -> Result<KitchenSheet, Fault> {
    let code = own_canteen(look)?;
    let of = meal_of(look, &code, ask.date, ask.meal)?;
    let canteen = look.read(|store| master::serving(store, &code))?;
    let closes = cut_off(&canteen, of.0, of.1);
    let all = prepared(look.read(|store| table::to_prepare(store, &code, of))?);
    let menu = look.read(|store| table::menu(store, &code, of))?;
    let portions: Vec<_> = all.iter().map(|one| one.portion.clone()).collect();
    let counts = look.read(|store| table::counts(store, &code, of))?;
    let Since { differences, shifts } = match counts.last() {
        Some((_, count)) => differences(look, &count.orders, &all)?,
        None => Since::default(),
    };
    let rows = rows_of(&portions);
    let (samples, discards) = samples(look, &code, of, closes, (&menu, &rows))?;
    Ok(KitchenSheet {
        date: of.0,
        meal: of.1,
        closes,
        closed: look.now > closes,
        boxes: packed(look, (&code, of), &all, &menu)?,
        rows,
        counts: counts.iter().map(frozen).collect(),
        differences,
        shifts,
        samples,
        discards,
        menu: !menu.is_empty(),
        checks: look.read(|store| table::checks(store, &code, of.0))?,
        prints: look.read(|store| fact::prints(store, of))?,
    })
}

/// A count as it is shown.
pub(super) fn frozen((id, count): &(RecordId, KitchenCount)) -> KitchenFrozen {
    let number = |number: i64| u32::try_from(number).unwrap_or_default();
    KitchenFrozen {
        id: *id,
        number: number(count.number),
        made_at: count.made_at,
        made_by: count.made_by.clone().unwrap_or_default(),
        portions: number(count.portions),
        spare_percent: number(count.spare_percent),
    }
}
