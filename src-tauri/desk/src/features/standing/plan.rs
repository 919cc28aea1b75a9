//! 代点餐: orders for many days or many elders in one go, or as on another day.

use super::batch::write;
use super::make::{Maker, Wish, own_canteen};
use crate::fault::missing;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::standing as table;
use jiff::civil::Date;
use shared::command::{OrderPlan, PlanOrders, PlanSkipped};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Meal, Mode, OrderOrigin};
use shared::label;
use shared::money::Fen;
use shared::rule::standing::{MOST_AT_ONCE, SkipReason};
use shared::schema::RecordId;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many orders that are not made are named.
const NAMED: usize = 200;

/// Says what would be made; with `commit` it is, as one batch.
pub(crate) fn plan(look: &Look<'_>, ask: PlanOrders) -> Result<Plan<OrderPlan>, Fault> {
    let (code, commit) = (own_canteen(look)?, ask.commit);
    let device = look.enrolled()?.device_number;
    let days: Vec<Date> = ask.days.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if days.is_empty() {
        return Err(fault!(Code::BadInput, standing::NO_DAYS));
    }
    if days.first().is_some_and(|first| *first < look.now.date()) {
        return Err(fault!(Code::BadInput, standing::DAYS_PAST));
    }
    let origin = if ask.of_day.is_some() { OrderOrigin::Copied } else { OrderOrigin::Month };
    let wanted = match ask.of_day {
        Some(day) => as_on(look, &code, day, ask.meal)?,
        None => of_elders(look, &code, ask)?,
    };
    if wanted.len() * days.len() > MOST_AT_ONCE {
        return Err(fault!(Code::BadInput, standing::too_many(MOST_AT_ONCE)));
    }
    let mut maker = Maker::at(look, &code)?;
    let (mut answer, mut makings, mut reasons) = (OrderPlan::default(), Vec::new(), BTreeMap::<SkipReason, u32>::new());
    for date in days {
        let before = makings.len();
        for wish in &wanted {
            match maker.judge(Wish { date, ..wish.clone() }, origin)? {
                Ok(making) => makings.push(making),
                Err(reason) => {
                    *reasons.entry(reason).or_default() += 1;
                    if answer.skipped.len() < NAMED {
                        answer.skipped.push(PlanSkipped { name: maker.name(wish.elder)?, date, reason });
                    }
                }
            }
        }
        answer.days.push((date, count(makings.len() - before)));
    }
    let eaters: HashSet<RecordId> = makings.iter().map(|making| making.order.elder).collect();
    (answer.new, answer.elders) = (count(makings.len()), count(eaters.len()));
    answer.price = Fen(makings.iter().map(|making| making.order.price.0).sum());
    answer.reasons = reasons.into_iter().collect();
    if !commit {
        return Ok(Plan::Changes(Vec::new(), answer));
    }
    if makings.is_empty() {
        return Err(fault!(Code::NotNow, standing::NOTHING_TO_MAKE));
    }
    Ok(Plan::within(move |writing| {
        answer.batch = Some(write(writing, (code, origin), device, makings)?);
        Ok(answer)
    }))
}

/// What was eaten on a day, without the day.
fn as_on(look: &Look<'_>, canteen: &str, day: Date, meal: Option<Meal>) -> Result<Vec<Wish>, Fault> {
    let eaten = look.read(|store| table::eaten(store, canteen, day))?;
    let wish = |eaten: table::Eaten| Wish {
        elder: eaten.elder,
        date: day,
        meal: eaten.meal,
        mode: Mode::of_code(&eaten.mode),
        dish: eaten.dish,
        note: eaten.note,
    };
    Ok(eaten.into_iter().filter(|eaten| meal.is_none_or(|meal| eaten.meal == meal)).map(wish).collect())
}

/// What is asked for some elders, without the day.
fn of_elders(look: &Look<'_>, canteen: &str, ask: PlanOrders) -> Result<Vec<Wish>, Fault> {
    let meal = ask.meal.ok_or_else(|| missing(label!(order::WHICH_MEAL)))?;
    let mut elders = ask.elders;
    if let Some(group) = ask.group {
        elders.extend(look.read(|store| table::eaters(store, canteen, group))?);
    }
    if elders.is_empty() {
        return Err(fault!(Code::BadInput, standing::NOBODY_CHOSEN));
    }
    let mut seen = HashSet::new();
    elders.retain(|elder| seen.insert(*elder));
    let note = Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty());
    let date = look.now.date();
    let wish = |elder| Wish { elder, date, meal, mode: ask.mode, dish: ask.dish.clone(), note: note.clone() };
    Ok(elders.into_iter().map(wish).collect())
}

fn count(orders: usize) -> u32 {
    u32::try_from(orders).unwrap_or(u32::MAX)
}
