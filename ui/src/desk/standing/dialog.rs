//! The standing meals of one elder: days of the week, how and what, from when to when, and the pause. What that changes in orders is told first.

use crate::backend;
use crate::desk::desk;
use crate::edit::{Editing, FormFields};
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::show_soon;
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::{days_away, weekday};
use crate::record::field_said;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Choices, SaveStanding, StandingOf, StandingOfElder};
use shared::fault::Fault;
use shared::form::Draft;
use shared::kinds::{Meal, RecordKind, STANDING_FORM};
use shared::say;
use shared::schema::RecordId;

/// Whose.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Elder(RecordId),
    /// Of the elder of this standing meal.
    Record(RecordId),
}

const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Drawn by hand: as a row of days, and as what the canteen serves.
const BY_HAND: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "dish"];

#[component]
pub fn StandingDialog(of: Of, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let context = desk();
    let (found, fault, meal) = (RwSignal::new(None::<StandingOfElder>), RwSignal::new(None::<Fault>), RwSignal::new(Meal::Lunch));
    // What would become of orders; it waits for a yes.
    let (asked, busy, editing) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false), Editing::new(&STANDING_FORM));
    let show = move |which: Meal| {
        meal.set(which);
        asked.set(Vec::new());
        let draft = found.with_untracked(|found| {
            found.iter().flat_map(|of| &of.meals).find(|entry| entry.meal == which).map(|entry| entry.draft.clone())
        });
        editing.open(draft.unwrap_or_default());
    };
    let ask = match of {
        Of::Elder(elder) => StandingOf { elder: Some(elder), record: None },
        Of::Record(record) => StandingOf { elder: None, record: Some(record) },
    };
    spawn_local(async move {
        match backend::call(&ask).await {
            Ok(answer) => {
                let named = answer.meals.iter().find(|entry| match of {
                    Of::Elder(_) => entry.record.is_some(),
                    Of::Record(record) => entry.record == Some(record),
                });
                let first = named.map_or(Meal::Lunch, |entry| entry.meal);
                found.try_set(Some(answer));
                show(first);
            }
            Err(refusal) => drop(fault.try_set(Some(refusal))),
        }
    });
    let save = move |confirmed: bool| {
        if busy.get_untracked() || !editing.fits(context.today.get_untracked()) {
            return;
        }
        let elder = found.with_untracked(|found| found.as_ref().map(|of| of.elder));
        busy.set(true);
        fault.set(None);
        let ask = SaveStanding { elder, meal: Some(meal.get_untracked()), draft: editing.changed(), confirmed };
        spawn_local(async move {
            let saved = backend::call(&ask).await;
            busy.try_set(false);
            match saved {
                Ok(saved) if !saved.done => {
                    asked.try_set(saved.changes);
                    show_soon(".standing-form .banner");
                }
                Ok(saved) => {
                    let words = [vec![say!(standing::SAVED).to_owned()], saved.changes].concat();
                    context.notes.good(words.join(" · "));
                    context.refresh();
                    close.run(());
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            save(asked.with_untracked(|asked| !asked.is_empty()));
        }
    };
    // Another word typed makes the proposal old.
    Effect::new(move |_| {
        editing.draft.track();
        asked.set(Vec::new());
    });
    let meals: Vec<String> = Meal::ALL.iter().map(|meal| meal.said().to_owned()).collect();
    let chosen = Signal::derive(move || place_of(Meal::ALL, Some(meal.get())));
    let title = move || found.with(|found| found.as_ref().map(|of| of.name.clone())).unwrap_or_default();
    let choices = Callback::new(move |field: &'static str| {
        backend::ask(&Choices { list: shared::kinds::STANDING_MEALS.name.to_owned(), field: field.to_owned(), text: String::new() })
    });
    let proposal = move || {
        let changes = asked.get();
        (!changes.is_empty()).then(|| {
            let lines = changes.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
            view! {
                <div class="banner due" role="alert" data-testid="standing-changes"><Draw icon=Icon::Alert/>
                    <div><b>{say!(standing::CHANGES)}</b><ul>{lines}</ul></div></div>
            }
        })
    };
    let go = move || {
        let waits = asked.with(|asked| !asked.is_empty());
        let words = if waits { say!(standing::DO_IT) } else { say!(form::SAVE) };
        button("go", "standing-save", "Enter", words, move || busy.get() || found.with(Option::is_none), move || save(waits))
    };
    view! {
        <Dialog title=say!(standing::TITLE).to_owned() close wide=true>
            <div class="standing-form" on:keydown=on_key>
                <p class="standing-who"><b class="big" data-testid="standing-name">{title}</b></p>
                <FaultBanner fault/>
                <div class="f"><span>{field_said(RecordKind::StandingMeal, "meal")}</span>
                    <Seg label=field_said(RecordKind::StandingMeal, "meal") options=meals value=chosen test="standing-meal" pick=move |at: usize| show(Meal::ALL.get(at).copied().unwrap_or(Meal::Lunch))/></div>
                <Week draft=editing.draft/>
                <Dish draft=editing.draft found meal/>
                <FormFields editing hidden=BY_HAND today=context.today choices pick_division=|_, _| ().into_any()/>
                <Pause draft=editing.draft/>
                <p class="muted">{say!(standing::HOW_IT_GOES)}</p>
                {proposal}
                {go}
            </div>
        </Dialog>
    }
}

fn set(draft: RwSignal<Draft>, name: &str, typed: String) {
    draft.update(|draft| drop(draft.insert(name.to_owned(), typed)));
}

fn is(draft: RwSignal<Draft>, name: &str) -> bool {
    draft.with(|draft| draft.get(name).is_some_and(|typed| typed == "1"))
}

/// The days of the week, each by itself, and the two weeks that most people have.
#[component]
fn Week(draft: RwSignal<Draft>) -> impl IntoView {
    let day = move |name: &'static str| {
        let turn = move |_| set(draft, name, if untrack(|| is(draft, name)) { String::new() } else { "1".to_owned() });
        let label = field_said(RecordKind::StandingMeal, name);
        view! {
            <button type="button" class="btn day" class:on=move || is(draft, name) aria-pressed=move || is(draft, name).to_string()
                data-testid=format!("standing-{name}") on:click=turn>{label}</button>
        }
    };
    let all = move |days: usize| {
        for (at, name) in WEEK.iter().enumerate() {
            set(draft, name, if at < days { "1".to_owned() } else { String::new() });
        }
    };
    view! {
        <div class="f"><span>{say!(standing::WHICH_DAYS)}</span>
            <div class="week">{WEEK.map(day)}
                {button("small", "standing-five", "", say!(standing::WEEKDAYS), on, move || all(5))}
                {button("small", "standing-seven", "", say!(standing::EVERY_DAY), on, move || all(7))}</div></div>
    }
}

/// What the canteen serves at that meal; the first of the day where nothing is chosen.
#[component]
fn Dish(draft: RwSignal<Draft>, found: RwSignal<Option<StandingOfElder>>, meal: RwSignal<Meal>) -> impl IntoView {
    let typed = move || draft.with(|draft| draft.get("dish").cloned().unwrap_or_default());
    let names = move || {
        let mut names: Vec<String> = found.with(|found| {
            found.iter().flat_map(|of| &of.dishes).filter(|dish| dish.meal == meal.get()).map(|dish| dish.name.clone()).collect()
        });
        // One that is not served today may be served then.
        let kept = typed();
        if !kept.is_empty() && !names.contains(&kept) {
            names.push(kept);
        }
        names
    };
    let option = move |name: String| {
        let (this, value) = (name.clone(), name.clone());
        view! { <option value=value prop:selected=move || typed() == this>{name}</option> }
    };
    let label = field_said(RecordKind::StandingMeal, "dish");
    view! {
        <label class="f"><span>{label}</span>
            <select data-testid="standing-dish" on:change:target=move |event| set(draft, "dish", event.target().value())>
                <option value="" prop:selected=move || typed().is_empty()>{say!(standing::FIRST_OF_THE_DAY)}</option>
                {move || names().into_iter().map(option).collect_view()}
            </select></label>
    }
}

/// A pause of a week from tomorrow in one tap; one that is on ends as quickly.
#[component]
fn Pause(draft: RwSignal<Draft>) -> impl IntoView {
    let today = desk().today;
    let put = move |from: Option<i32>, back: Option<i32>| {
        let day = |days: i32| days_away(today.get_untracked(), days).to_string();
        if let Some(from) = from {
            set(draft, "paused_from", day(from));
        }
        set(draft, "back_on", back.map(day).unwrap_or_default());
    };
    let is_paused = Memo::new(move |_| draft.with(|draft| draft.get("paused_from").is_some_and(|from| !from.is_empty())));
    let over =
        move || is_paused.get().then(|| button("", "standing-resume", "", say!(standing::RESUME_TOMORROW), on, move || put(None, Some(1))));
    let week = format!(
        "{} ({}–{})",
        say!(standing::PAUSE_A_WEEK),
        weekday(days_away(today.get_untracked(), 1)),
        weekday(days_away(today.get_untracked(), 7))
    );
    view! { <div class="acts">{button("", "standing-pause-week", "", week, on, move || put(Some(1), Some(8)))}{over}</div> }
}
