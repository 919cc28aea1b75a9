//! What a canteen's desk does by itself: the orders of standing meals, some days ahead.

use super::batch::write_day;
use super::make::{Maker, Making, Wish};
use crate::look::Look;
use crate::plan::Plan;
use crate::store::standing as table;
use shared::fault::Fault;
use shared::kinds::OrderOrigin;
use shared::rule::standing::{days_made, eats_on};

/// Makes the orders of standing meals that are missing. Whatever was said of somebody and a meal before, an order or its being cancelled, stays as it is: that
/// is how a day is left out. Nothing before the first sync: what others made is not known yet.
pub(crate) fn keep_up(look: &Look<'_>) -> Result<Plan<()>, Fault> {
    let nothing = Plan::Changes(Vec::new(), ());
    let (Some(code), Some(device)) = (look.canteen().map(str::to_owned), look.device_number()) else { return Ok(nothing) };
    if look.facts.person_keys.is_none() || look.sync_state()?.last_sync.is_none() {
        return Ok(nothing);
    }
    let today = look.now.date();
    let meals = look.read(|store| table::at(store, &code, today))?;
    if meals.is_empty() {
        return Ok(nothing);
    }
    let mut maker = Maker::at(look, &code)?;
    let mut days: Vec<Vec<Making>> = Vec::new();
    for date in days_made(today) {
        let mut makings = Vec::new();
        for (_, meal) in meals.iter().filter(|(_, meal)| eats_on(meal, date)) {
            if look.read(|store| table::found(store, meal.elder, date, meal.meal))?.is_empty() {
                makings.extend(maker.judge(Wish::of(meal, date), OrderOrigin::Standing)?);
            }
        }
        days.push(makings);
    }
    days.retain(|makings| !makings.is_empty());
    if days.is_empty() {
        return Ok(nothing);
    }
    Ok(Plan::within(move |writing| {
        for makings in days {
            let Some(date) = makings.first().map(|making| making.order.date) else { continue };
            write_day(writing, &code, date, device, makings)?;
        }
        Ok(())
    }))
}
