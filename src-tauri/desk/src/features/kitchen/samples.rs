//! 留样: the dishes of a meal with their samples, and samples of earlier meals that may go.

use crate::look::Look;
use crate::store::kitchen as table;
use jiff::civil::{Date, DateTime};
use shared::command::KitchenSample;
use shared::fault::Fault;
use shared::kinds::{FoodSample, Meal};
use shared::rule::kitchen::{SampleState, Served, SheetRow, state};
use shared::schema::RecordId;
use std::collections::BTreeSet;

/// Of the meal, and of earlier ones. What is served says the menu; without one, what was ordered.
pub(super) fn samples(
    look: &Look<'_>,
    canteen: &str,
    of: (Date, Meal),
    closes: DateTime,
    (menu, rows): (&[Served], &[SheetRow]),
) -> Result<(Vec<KitchenSample>, Vec<KitchenSample>), Fault> {
    let taken = look.read(|store| table::samples(store, canteen, of))?;
    let (here, before): (Vec<_>, Vec<_>) = taken.into_iter().partition(|(_, sample)| (sample.date, sample.meal) == of);
    let cooked = menu.iter().filter(|served| !served.set).map(|served| served.name.as_str());
    let mut dishes: Vec<&str> = cooked.collect();
    if dishes.is_empty() {
        let ordered: BTreeSet<&str> = rows.iter().map(|row| row.dish.as_str()).collect();
        dishes.extend(ordered);
    }
    // What was kept beyond the menu is there as well.
    dishes.extend(here.iter().map(|(_, sample)| sample.dish.as_str()).filter(|dish| !menu.iter().any(|served| served.name == *dish)));
    let mut seen = BTreeSet::new();
    dishes.retain(|dish| seen.insert(*dish));
    let dish = |dish: &str| {
        let found = here.iter().find(|(_, sample)| sample.dish == dish);
        match found {
            Some((id, sample)) => shown(*id, sample, closes, look.now),
            None => KitchenSample {
                date: of.0,
                meal: of.1,
                dish: dish.to_owned(),
                state: state(closes, None, look.now),
                record: None,
                taken_at: None,
            },
        }
    };
    let here_shown = dishes.into_iter().map(dish).collect();
    let old = before.iter().map(|(id, sample)| shown(*id, sample, sample.taken_at, look.now));
    Ok((here_shown, old.filter(|sample| sample.state == SampleState::Discard).collect()))
}

fn shown(id: RecordId, sample: &FoodSample, closes: DateTime, now: DateTime) -> KitchenSample {
    KitchenSample {
        date: sample.date,
        meal: sample.meal,
        dish: sample.dish.clone(),
        state: state(closes, Some((sample.taken_at, sample.discarded_at.is_some())), now),
        record: Some(id),
        taken_at: Some(sample.taken_at),
    }
}
