//! Entering and changing a standing meal, and what follows for orders that stand.

use super::batch::write_day;
use super::make::{Maker, Making, Wish, cancelled};
use crate::fault::{missing, no_elder};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::standing::{self as table, Ahead};
use crate::store::{master, row};
use jiff::ToSpan;
use shared::command::{SaveStanding, StandingEntry, StandingOf, StandingOfElder, StandingSaved};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::form::FieldProblem;
use shared::kinds::{Elder, Meal, Mode, OrderOrigin, OrderState, RecordKind, STANDING_FORM, StandingMeal};
use shared::rule::meal_time;
use shared::rule::order::MAX_DAYS_AHEAD;
use shared::rule::standing::{days_made, eats_at, eats_on, is_paused, standing_id};
use shared::schema::{FieldValue, Fields, Record, RecordId, TextValue, differences};
use shared::{label, say};

/// The standing meals of an elder here, each meal once.
pub(crate) fn of_elder(look: &Look<'_>, ask: &StandingOf) -> Result<StandingOfElder, Fault> {
    let named = match ask.record {
        Some(record) => look.record::<StandingMeal>(record)?.map(|meal| meal.elder),
        None => ask.elder,
    };
    let id = named.ok_or_else(|| fault!(Code::NotFound, standing::NOT_HERE))?;
    let elder: Elder = look.record(id)?.ok_or_else(no_elder)?;
    let code = canteen_of(look, &elder)?;
    let known = look.read(|store| table::of_elder(store, id))?;
    let entry = |meal: &Meal| {
        let found = known.iter().find(|(_, one)| one.meal == *meal && one.canteen == code);
        let standing = found.map_or_else(|| beginning(look, (id, &elder), &code, *meal), |(_, standing)| standing.clone());
        StandingEntry {
            meal: *meal,
            record: found.map(|(record, _)| *record),
            draft: STANDING_FORM.draft(&standing.to_fields()),
            words: found.map(|(_, standing)| in_words(standing, look)).unwrap_or_default(),
        }
    };
    let dishes = look.read(|store| master::dishes(store, &code, look.now.date()))?;
    Ok(StandingOfElder { elder: id, name: elder.name.clone(), meals: Meal::ALL.iter().map(entry).collect(), dishes })
}

/// The canteen at which an elder eats, as this desk sees it.
fn canteen_of(look: &Look<'_>, elder: &Elder) -> Result<String, Fault> {
    let code = look.enrolled()?.canteen.clone().or_else(|| elder.canteen.clone());
    code.ok_or_else(|| missing(label!(binding::CANTEEN_OF_THE_ELDER)))
}

/// A standing meal as one begins: no day yet, from tomorrow.
fn beginning(look: &Look<'_>, (id, elder): (RecordId, &Elder), canteen: &str, meal: Meal) -> StandingMeal {
    StandingMeal {
        elder: id,
        elder_name: Some(elder.name.clone()),
        canteen: canteen.to_owned(),
        meal,
        monday: false,
        tuesday: false,
        wednesday: false,
        thursday: false,
        friday: false,
        saturday: false,
        sunday: false,
        mode: if elder.delivery_need { Mode::OwnDelivery } else { Mode::PickUp },
        dish: None,
        note: None,
        since: look.now.date().tomorrow().unwrap_or(look.now.date()),
        until: None,
        paused_from: None,
        back_on: None,
    }
}

/// 周一 周三 周五 · 自行配送 · 12月7日 起暂停
fn in_words(meal: &StandingMeal, look: &Look<'_>) -> String {
    use jiff::civil::Weekday;
    let week: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
    let days: Vec<&str> = week.iter().filter(|day| meal.names(**day)).map(|day| say!(time::weekday(*day))).collect();
    let days = match days.len() {
        0 => say!(standing::NO_DAY).to_owned(),
        7 => say!(standing::EVERY_DAY).to_owned(),
        _ => days.join(" "),
    };
    let today = look.now.date();
    let mut words = vec![days, meal.mode.said().to_owned()];
    words.extend(meal.dish.clone());
    words.extend((meal.since > today).then(|| say!(standing::since(meal.since))));
    let pause = meal.paused_from.filter(|_| meal.back_on.is_none_or(|back| back > today));
    words.extend(pause.map(|from| say!(standing::paused(from, meal.back_on))));
    words.extend(meal.until.map(|last| say!(standing::until(last))));
    words.join(" · ")
}

/// Enters a standing meal or changes it, with the orders that follow from it.
pub(crate) fn save(look: &Look<'_>, ask: &SaveStanding) -> Result<Plan<StandingSaved>, Fault> {
    let elder_id = ask.elder.ok_or_else(|| missing(RecordKind::Elder.label()))?;
    let meal = ask.meal.ok_or_else(|| missing(label!(order::WHICH_MEAL)))?;
    let elder: Elder = look.record(elder_id)?.ok_or_else(no_elder)?;
    let (code, device) = (canteen_of(look, &elder)?, look.enrolled()?.device_number);
    let id = standing_id(&look.county_key()?, &code, elder_id, meal);
    let known = look.read(|store| row::read(store, RecordKind::StandingMeal, id))?;
    if known.is_none() {
        // One that is there may be changed and ended, whatever became of her.
        let refused = |reason| fault!(Code::NotNow, standing::may_not_begin(reason));
        eats_at(&code, elder.status, elder.canteen.as_deref()).map_err(refused)?;
    }
    let before = known.clone().unwrap_or_else(|| beginning(look, (elder_id, &elder), &code, meal).to_fields());
    let mut draft = STANDING_FORM.draft(&before);
    draft.extend(
        ask.draft
            .iter()
            .filter(|(name, _)| STANDING_FORM.fields.contains(&name.as_str()))
            .map(|(name, typed)| (name.clone(), typed.clone())),
    );
    let typed = STANDING_FORM.read(&draft, look.now.date()).map_err(|problems| FieldProblem::fault(&problems))?;
    let mut fields = before.clone();
    for (name, value) in typed {
        fields.insert(name, value);
    }
    let after = StandingMeal::from_fields(&fields).map_err(|_| Fault::broken())?;
    let record = match known {
        None => Some(Mutation::create(id, &after)),
        Some(known) => Some(differences(&known, &after.to_fields()))
            .filter(|changes| !changes.is_empty())
            .map(|changes| Mutation::edit(RecordKind::StandingMeal, id, changes)),
    };
    let Following { changed, makings, words } = following(look, &code, &after)?;
    if !changed.is_empty() && !ask.confirmed {
        return Ok(Plan::Changes(Vec::new(), StandingSaved { done: false, changes: words }));
    }
    Ok(Plan::within(move |writing| {
        writing.write_all(record.as_slice())?;
        writing.write_all(&changed)?;
        for making in makings {
            write_day(writing, &code, making.order.date, device, vec![making])?;
        }
        Ok(StandingSaved { done: true, changes: words })
    }))
}

/// What becomes of orders.
struct Following {
    /// Of those that stand.
    changed: Vec<Mutation>,
    /// Those that are to be.
    makings: Vec<Making>,
    /// All of it, in words.
    words: Vec<String>,
}

/// What a standing meal means for the orders that lie ahead: in a pause none stands, whoever took it; those that it made itself go with its days, and are
/// changed with it. What is prepared or out already stays, and it is said; so does what somebody ordered one by one.
fn following(look: &Look<'_>, code: &str, after: &StandingMeal) -> Result<Following, Fault> {
    let today = look.now.date();
    let last = today.saturating_add(MAX_DAYS_AHEAD.days());
    let mut maker = Maker::at(look, code)?;
    maker.suppose(after);
    let (mut changed, mut makings, mut words) = (Vec::new(), Vec::new(), Vec::new());
    for order in look.read(|store| table::ahead(store, after.elder, after.meal, (today, last)))? {
        let own = order.found.origin == Some(OrderOrigin::Standing);
        let goes = is_paused(after, order.date) || own && !eats_on(after, order.date);
        let closed = look.now > meal_time::cut_off(&maker.canteen, order.date, after.meal);
        let stays = closed || order.found.state != OrderState::Placed;
        if goes && stays {
            words.push(say!(standing::order_stays(order.date, after.meal, &order.number, order.found.state)));
        } else if goes {
            changed.push(cancelled(order.id, look));
            words.push(say!(standing::order_cancelled(order.date, after.meal, &order.number)));
        } else if let Some(edit) = Some(anew(&mut maker, &order, after)?).filter(|edit| own && !stays && !edit.is_empty()) {
            changed.push(Mutation::edit(RecordKind::Order, order.id, edit));
            words.push(say!(standing::order_changed(order.date, after.meal, &order.number)));
        }
    }
    for date in days_made(today).filter(|date| eats_on(after, *date)) {
        if let Ok(making) = maker.judge(Wish::of(after, date), OrderOrigin::Standing)? {
            words.push(say!(standing::order_made(date, after.meal)));
            makings.push(making);
        }
    }
    Ok(Following { changed, makings, words })
}

/// How an order differs from what its standing meal says now.
fn anew(maker: &mut Maker<'_, '_>, order: &Ahead, after: &StandingMeal) -> Result<Fields, Fault> {
    let (dish, price) = maker.dish(order.date, after.meal, after.dish.as_deref())?;
    let (mut before, mut now) = (Fields::new(), Fields::new());
    Mode::of_text(&order.mode).put("mode", &mut before);
    order.dish.put("dish", &mut before);
    order.note.put("note", &mut before);
    Some(after.mode).put("mode", &mut now);
    dish.put("dish", &mut now);
    after.note.put("note", &mut now);
    let mut changes = differences(&before, &now);
    if changes.contains_key("dish") {
        price.put("price", &mut changes);
    }
    Ok(changes)
}
