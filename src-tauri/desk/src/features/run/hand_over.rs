//! 出餐交接: the boxes of a run, counted against its sheet, go to whoever brings them.

use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::run as table;
use shared::command::{HandOver as Ask, HandedOver};
use shared::fault::{Code, Fault};
use shared::form::FieldProblem;
use shared::kinds::{HandOver, OrderState, RecordKind};
use shared::rule::order::outcome;
use shared::rule::run::{MOST_BOXES, MOST_STOPS, content, hand_over_id, read};
use shared::schema::RecordId;
use shared::{both, fault, label};
use std::collections::BTreeSet;

/// Hands over what stands for a run and was not handed over before: counted in its own transaction, what was ordered since the screen looked is in it.
pub(crate) fn hand_over(look: &Look<'_>, ask: Ask) -> Result<Plan<HandedOver>, Fault> {
    let canteen = look.enrolled()?.canteen.clone().ok_or_else(|| fault!(Code::NotNow, delivery::ONLY_AT_CANTEENS))?;
    let meal = ask.meal.ok_or_else(|| crate::fault::missing(label!(order::WHICH_MEAL)))?;
    let date = ask.date.unwrap_or(look.now.date());
    if date != look.now.date() {
        return Err(fault!(Code::NotNow, delivery::ONLY_TODAY));
    }
    let key = look.county_key()?;
    Ok(Plan::within(move |writing| {
        let look = writing.look();
        let before = look.read(|store| table::hand_overs(store, date))?;
        let before: Vec<&HandOver> = before.iter().map(|(_, one)| one).filter(|one| one.canteen == canteen && one.meal == meal).collect();
        let handed: BTreeSet<RecordId> = before.iter().flat_map(|one| read(&one.orders)).collect();
        let (stops, routes) = (look.read(table::stops)?, look.read(table::routes)?);
        let driven: Vec<RecordId> = routes.iter().map(|(id, ..)| *id).collect();
        let on_route = |of: &shared::rule::run::Brought| {
            let route = stops.of(&of.canteen, of.elder, &of.village).0.filter(|route| driven.contains(route));
            route == ask.route
        };
        let mut going = look.read(|store| table::of_meal(store, &canteen, (date, meal)))?;
        going.retain(|(of, _)| !handed.contains(&of.order) && on_route(of));
        if going.is_empty() {
            return Err(fault!(Code::NotNow, delivery::NOTHING_TO_HAND_OVER));
        }
        let listed = u32::try_from(going.len()).unwrap_or(u32::MAX);
        fits(&ask, listed)?;
        let orders: Vec<RecordId> = going.iter().map(|(of, _)| of.order).collect();
        let number = before.iter().filter(|one| one.route == ask.route).count() + 1;
        let record = HandOver {
            canteen: canteen.clone(),
            date,
            meal,
            route: ask.route,
            listed: i64::from(listed),
            boxes: i64::from(ask.boxes),
            made_at: look.now,
            given_by: look.clerk(),
            taken_by: ask.taken_by.trim().to_owned(),
            note: Some(ask.note.trim().to_owned()).filter(|note| !note.is_empty()),
            boxes_back: None,
            meals_back: None,
            sheet_back: false,
            back_at: None,
            received_by: None,
            orders: content(&orders),
        };
        let id = hand_over_id(&key, &canteen, (date, meal), ask.route, number);
        writing.write(&Mutation::create(id, &record))?;
        for (of, _) in going.iter().filter(|(_, state)| matches!(state, OrderState::Placed | OrderState::Prepared)) {
            writing.write(&Mutation::edit(RecordKind::Order, of.order, outcome(None, OrderState::Out, None, look.now)))?;
        }
        let (boxes, made_at, taken_by) = (ask.boxes, record.made_at, record.taken_by);
        Ok(HandedOver { id, meal, route: ask.route, listed, boxes, made_at, taken_by, back: false, orders })
    }))
}

/// Who takes them is named, and counts that differ say why.
fn fits(ask: &Ask, listed: u32) -> Result<(), Fault> {
    let mut problems = Vec::new();
    if ask.taken_by.trim().is_empty() {
        problems.push(FieldProblem::new("taken_by", both!(delivery::TAKEN_BY_WHOM)));
    }
    if ask.boxes == 0 || ask.boxes > MOST_BOXES {
        problems.push(FieldProblem::new("boxes", both!(delivery::COUNT_THE_BOXES)));
    } else if ask.boxes != listed && ask.note.trim().is_empty() {
        problems.push(FieldProblem::new("note", both!(delivery::counts_differ(listed, ask.boxes))));
    }
    if listed as usize > MOST_STOPS {
        return Err(fault!(Code::NotNow, delivery::too_many(MOST_STOPS)));
    }
    if problems.is_empty() { Ok(()) } else { Err(FieldProblem::fault(&problems)) }
}
