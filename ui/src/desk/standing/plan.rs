//! 代点餐: for whom, what, on which days; then what that makes, and for whom it makes nothing and why; then it is done.

use super::calendar::Calendar;
use super::pick::PickElder;
use crate::backend;
use crate::desk::desk;
use crate::form::date::parse_date;
use crate::kit::act::button;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::print_keys;
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::{day_long, days_away};
use crate::record::field_said;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ElderHit, OrderPlan, PlanOrders, PlanSkipped};
use shared::fault::Fault;
use shared::kinds::{Meal, Mode, RecordKind};
use shared::rule::standing::PlanGroup;
use shared::say;
use shared::schema::RecordId;
use std::collections::BTreeSet;

/// For whom: the first is chosen one by one, the last is whoever ate on another day.
const GROUPS: [Option<PlanGroup>; 5] = [None, Some(PlanGroup::Everybody), Some(PlanGroup::Delivery), Some(PlanGroup::LivingAlone), None];
const ONE_BY_ONE: usize = 0;
const AS_ON: usize = 4;

#[derive(Clone, Copy)]
struct Asked {
    whom: RwSignal<usize>,
    elders: RwSignal<Vec<(RecordId, String)>>,
    of_day: RwSignal<String>,
    meal: RwSignal<usize>,
    /// None: as each is used to.
    mode: RwSignal<Option<Mode>>,
    note: RwSignal<String>,
    days: RwSignal<BTreeSet<Date>>,
}

impl Asked {
    fn command(self, today: Date, commit: bool) -> PlanOrders {
        let whom = self.whom.get();
        let meal = Meal::ALL.get(self.meal.get()).copied();
        let of_day = (whom == AS_ON).then(|| parse_date(&self.of_day.get(), today).unwrap_or(days_away(today, -1)));
        PlanOrders {
            elders: if whom == ONE_BY_ONE { self.elders.with(|all| all.iter().map(|(id, _)| *id).collect()) } else { Vec::new() },
            group: GROUPS.get(whom).copied().flatten(),
            of_day,
            days: self.days.with(|days| days.iter().copied().collect()),
            meal,
            mode: self.mode.get(),
            dish: None,
            note: self.note.get(),
            commit,
        }
    }
}

#[component]
pub fn OrderAhead() -> impl IntoView {
    print_keys(&[("Tab", say!(screen::KEY_NEXT)), ("←→", say!(phone_order::CHANGE_CHOICE))]);
    let context = desk();
    let asked = Asked {
        whom: RwSignal::new(ONE_BY_ONE),
        elders: RwSignal::new(Vec::new()),
        of_day: RwSignal::new(days_away(context.today.get_untracked(), -1).to_string()),
        meal: RwSignal::new(1),
        mode: RwSignal::new(None),
        note: RwSignal::new(String::new()),
        days: RwSignal::new(BTreeSet::new()),
    };
    let (plan, fault, busy) = (RwSignal::new(None::<OrderPlan>), RwSignal::new(None::<Fault>), RwSignal::new(false));
    // What is asked otherwise is another plan.
    Effect::new(move |_| {
        asked.command(context.today.get(), false);
        plan.set(None);
        fault.set(None);
    });
    let ask = move |commit: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let command = untrack(|| asked.command(context.today.get(), commit));
        spawn_local(async move {
            let answer = backend::call(&command).await;
            busy.try_set(false);
            match answer {
                Ok(made) if commit => {
                    context.notes.good(say!(standing::made(made.new)));
                    asked.days.try_set(BTreeSet::new());
                    asked.elders.try_set(Vec::new());
                    context.refresh();
                }
                Ok(would) => drop(plan.try_set(Some(would))),
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let groups = [
        say!(standing::CHOSEN),
        PlanGroup::Everybody.said(),
        PlanGroup::Delivery.said(),
        PlanGroup::LivingAlone.said(),
        say!(standing::AS_ON),
    ];
    let whom = Signal::derive(move || Some(asked.whom.get()));
    let who = move || {
        match asked.whom.get() {
        ONE_BY_ONE => view! { <Chosen elders=asked.elders/> }.into_any(),
        AS_ON => view! {
            <label class="f"><span>{field_said(RecordKind::Order, "date")}</span>
                <input data-testid="plan-of-day" autocomplete="off" prop:value=move || asked.of_day.get() on:input:target=move |event| asked.of_day.set(event.target().value())/></label>
        }
        .into_any(),
        _ => ().into_any(),
    }
    };
    let count = move || say!(standing::days_chosen(asked.days.with(BTreeSet::len)));
    view! {
        <section class="card fill plan">
            <FaultBanner fault/>
            <div class="plan-ask">
                <div>
                    <h2>{say!(standing::FOR_WHOM)}</h2>
                    <Seg label=say!(standing::FOR_WHOM) options=groups.map(str::to_owned).to_vec() value=whom test="plan-whom" pick=move |at: usize| asked.whom.set(at)/>
                    {who}
                    <What asked/>
                </div>
                <div>
                    <h2>{say!(standing::WHICH_DAYS)}<span class="muted" data-testid="plan-days">{count}</span></h2>
                    <Calendar chosen=asked.days/>
                </div>
            </div>
            <div class="acts">{button("", "plan-look", "", say!(standing::LOOK), move || busy.get(), move || ask(false))}</div>
            {move || plan.get().map(|would| view! { <Would would busy commit=move |()| ask(true)/> })}
        </section>
    }
}

/// Elders chosen one by one.
#[component]
fn Chosen(elders: RwSignal<Vec<(RecordId, String)>>) -> impl IntoView {
    let picked = move |hit: ElderHit| {
        elders.update(|all| {
            if !all.iter().any(|(id, _)| *id == hit.id) {
                all.push((hit.id, hit.name));
            }
        });
    };
    let chip = move |(id, name): (RecordId, String)| {
        view! { <button type="button" class="btn small" data-testid="plan-elder" on:click=move |_| elders.update(|all| all.retain(|(other, _)| *other != id))>{name}" ×"</button> }
    };
    view! {
        <div class="chosen">{move || elders.get().into_iter().map(chip).collect_view()}</div>
        <PickElder picked/>
    }
}

/// Which meal, how, and what is to be minded.
#[component]
fn What(asked: Asked) -> impl IntoView {
    let of = |name| field_said(RecordKind::Order, name);
    let meals: Vec<String> = Meal::ALL.iter().map(|meal| meal.said().to_owned()).collect();
    let modes: Vec<String> =
        std::iter::once(say!(standing::AS_USUAL)).chain(Mode::ALL.iter().map(|mode| mode.said())).map(str::to_owned).collect();
    let mode = Signal::derive(move || Some(asked.mode.get().and_then(|mode| place_of(Mode::ALL, Some(mode))).map_or(0, |at| at + 1)));
    let pick_mode = move |at: usize| asked.mode.set(at.checked_sub(1).and_then(|at| Mode::ALL.get(at).copied()));
    let copied = move || asked.whom.get() == AS_ON;
    view! {
        <h2>{say!(standing::WHAT)}</h2>
        <div class="f"><span>{of("meal")}</span><Seg label=of("meal") options=meals value=Signal::derive(move || Some(asked.meal.get())) test="plan-meal" pick=move |at: usize| asked.meal.set(at)/></div>
        {move || (!copied()).then(|| view! {
            <div class="f"><span>{of("mode")}</span><Seg label=of("mode") options=modes.clone() value=mode test="plan-mode" pick=pick_mode/></div>
            <label class="f"><span>{of("note")}</span><input data-testid="plan-note" autocomplete="off" prop:value=move || asked.note.get() on:input:target=move |event| asked.note.set(event.target().value())/></label>
        })}
    }
}

/// What it would make.
#[component]
fn Would(would: OrderPlan, busy: RwSignal<bool>, #[prop(into)] commit: Callback<()>) -> impl IntoView {
    let new = would.new;
    let reasons = would
        .reasons
        .iter()
        .map(|(reason, count)| view! { <span class="tag">{format!("{} {count}", reason.said())}</span> })
        .collect_view();
    let line = |skipped: PlanSkipped| view! { <tr data-testid="plan-skipped"><td>{skipped.name}</td><td>{day_long(skipped.date)}</td><td>{skipped.reason.said()}</td></tr> };
    let skipped = (!would.skipped.is_empty()).then(|| {
        view! {
            <h2>{say!(standing::NOT_MADE)}{reasons}</h2>
            <div class="scroll"><table><tbody>{would.skipped.into_iter().map(line).collect_view()}</tbody></table></div>
        }
    });
    view! {
        <div class="plan-would">
            <p class="big" data-testid="plan-would">{say!(standing::would_make(would.new, would.elders, &say!(money::yuan(would.price))))}</p>
            {(new > 0).then(|| button("go", "plan-commit", "", say!(standing::make(new)), move || busy.get(), move || commit.run(())))}
            {skipped}
        </div>
    }
}
