//! Putting a dish on the menu of a meal, taking it off, and publishing what stands there.

use super::{canteen_asked, id_of, not_too_far};
use crate::fault::missing;
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{calendar, menu as table};
use jiff::civil::Date;
use shared::command::{ChangeMenu, PublishMenu};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Meal, MenuDay, MenuItem, RecordKind};
use shared::label;
use shared::schema::{FieldValue, Fields, RecordId};

/// Puts a dish on the menu of a meal, or takes it off.
pub(crate) fn change(look: &Look<'_>, ask: &ChangeMenu) -> Result<Plan<()>, Fault> {
    let canteen = canteen_asked(look, &ask.canteen)?.code;
    let date = ask.date.ok_or_else(|| missing(RecordKind::MenuDay.declared().label_of("date")))?;
    let meal = ask.meal.ok_or_else(|| missing(label!(order::WHICH_MEAL)))?;
    let item = ask.item.ok_or_else(|| missing(RecordKind::MenuItem.label()))?;
    not_too_far(look, date)?;
    let known: Option<MenuItem> = look.record(item)?;
    if known.is_none_or(|known| known.canteen != canteen) {
        return Err(fault!(Code::NotFound, menu::NO_SUCH_DISH));
    }
    let lines = look.read(|store| table::of_days(store, &canteen, (date, date)))?;
    let lines: Vec<(RecordId, MenuDay)> = lines.into_iter().filter(|(_, line)| (line.meal, line.item) == (meal, item)).collect();
    let mutations = if ask.off { taken_off(&lines) } else { put_on(look, &lines, &canteen, (date, meal), item)?.into_iter().collect() };
    Ok(Plan::Changes(mutations, ()))
}

fn taken_off(lines: &[(RecordId, MenuDay)]) -> Vec<Mutation> {
    lines.iter().filter(|(_, line)| !line.taken_off).map(|(id, _)| said(*id, &[("taken_off", true)])).collect()
}

/// What puts a dish on the menu of a meal, of which these lines are known; nothing where it stands there. One that comes back is published anew.
pub(super) fn put_on(
    look: &Look<'_>,
    lines: &[(RecordId, MenuDay)],
    canteen: &str,
    (date, meal): (Date, Meal),
    item: RecordId,
) -> Result<Option<Mutation>, Fault> {
    if lines.iter().any(|(_, line)| !line.taken_off) {
        return Ok(None);
    }
    if let Some((id, _)) = lines.first() {
        return Ok(Some(said(*id, &[("taken_off", false), ("published", false)])));
    }
    let line = MenuDay { canteen: canteen.to_owned(), date, meal, item, published: false, taken_off: false };
    Ok(Some(Mutation::create(id_of(look, canteen, (date, meal), item)?, &line)))
}

fn said(line: RecordId, values: &[(&'static str, bool)]) -> Mutation {
    let mut changes = Fields::new();
    values.iter().for_each(|(name, yes)| yes.put(name, &mut changes));
    Mutation::edit(RecordKind::MenuDay, line, changes)
}

/// Publishes what stands on the menus of some days, but of those on which the canteen rests; says how many dishes.
pub(crate) fn publish(look: &Look<'_>, ask: &PublishMenu) -> Result<Plan<u32>, Fault> {
    let canteen = canteen_asked(look, &ask.canteen)?.code;
    let (Some(first), Some(last)) = (ask.days.iter().min(), ask.days.iter().max()) else {
        return Err(missing(RecordKind::MenuDay.declared().label_of("date")));
    };
    let span = (*first, *last);
    let rests = look.read(|store| calendar::rests(store, &canteen, span))?;
    let due = |(_, line): &(RecordId, MenuDay)| {
        ask.days.contains(&line.date) && !line.published && !line.taken_off && !rests.contains_key(&line.date)
    };
    let lines = look.read(|store| table::of_days(store, &canteen, span))?;
    let mutations: Vec<Mutation> = lines.iter().filter(|line| due(line)).map(|(id, _)| said(*id, &[("published", true)])).collect();
    if mutations.is_empty() {
        return Err(fault!(Code::NotNow, menu::NOTHING_TO_PUBLISH));
    }
    let published = u32::try_from(mutations.len()).unwrap_or(u32::MAX);
    Ok(Plan::Changes(mutations, published))
}
