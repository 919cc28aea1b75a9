//! The right column: the receipt of one stop.

use super::Run;
use super::route::called;
use crate::form::receipt::Outcome;
use crate::kit::act::{button, on};
use crate::kit::fault::FaultBanner;
use crate::kit::files;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::{clock, day_short};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::{RecordKind, Seen};
use shared::say;
use wasm_bindgen::JsCast;

const PICKER: &str = "receipt-photo";

/// P: opens the system's file dialog.
pub fn pick_photos() {
    if let Some(input) = document().get_element_by_id(PICKER).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        input.click();
    }
}

#[component]
pub fn Receipt(run: Run, line: OrderSummary) -> impl IntoView {
    let problem = move |field: &'static str| {
        move || {
            run.problems.with(|found| {
                found
                    .iter()
                    .find(|problem| problem.field == field)
                    .map(|problem| view! { <em class="problem" role="alert">{problem.words.said().to_owned()}</em> })
            })
        }
    };
    let field = |name: &'static str| field_said(RecordKind::Receipt, name);
    let recorded = line
        .receipt
        .as_ref()
        .map(|receipt| say!(receipt::recorded_here(&day_short(receipt.recorded_at.date()), &clock(receipt.recorded_at))));
    let order = line.id;
    let on_route = move || say!(delivery::on_route(&called(&run.routes(), run.route_of(order))));
    view! {
        <h2>{say!(receipt::of_elder(&line.name))}" "<span class="num">{line.number.clone()}</span><span class="sp"></span><span class="muted">{line.meal.said()}" · "{line.dish.clone()}</span></h2>
        <FaultBanner fault=run.fault/>
        <p class="call"><Draw icon=Icon::Phone/><span class="num">{line.phone.clone()}</span>" "<span class="muted">{line.address.clone()}{(!line.note.is_empty()).then(|| format!(" · {}", say!(delivery::instructions(&line.note))))}</span><span class="sp"></span>
            {move || button("small", "put-on-route", "L", on_route(), on, move || run.putting.set(true))}</p>
        <div class="receipt-top">
            <div><Photos run/>{problem("photos")}</div>
            <div>
                <label class="f wide"><span>{field("arrived_at")}</span><div><input data-testid="receipt-arrived" autocomplete="off" prop:value=move || run.form.with(|form| form.as_ref().map(|form| form.arrived.clone()).unwrap_or_default())
                    on:input:target=move |event| { let text = event.target().value(); run.update(|form| form.arrived.clone_from(&text)); }/>{problem("arrived")}</div></label>
                <div class="f wide recorded"><span>{field("recorded_at")}</span><span class="muted">{recorded.unwrap_or_else(|| say!(receipt::RECORDED_WHEN_SAVED).to_owned())}</span></div>
                <label class="f wide"><span>{field("note")}</span><input data-testid="receipt-note" autocomplete="off" placeholder=say!(receipt::NOTE_IF_ANY) prop:value=move || run.form.with(|form| form.as_ref().map(|form| form.note.clone()).unwrap_or_default())
                    on:input:target=move |event| { let text = event.target().value(); run.update(|form| form.note.clone_from(&text)); }/></label>
            </div>
        </div>
        <h2>{say!(receipt::OUTCOME)}</h2>
        <Outcomes run/>
        {problem("outcome")}
        <h2 class="gap">{say!(receipt::ELDER_SEEN)}</h2>
        <div class="choices three" role="radiogroup" aria-label=say!(receipt::ELDER_SEEN)>
            {Seen::ALL.iter().enumerate().map(|(at, seen)| {
                let on = move || run.form.with(|form| form.as_ref().and_then(|form| form.seen) == Some(*seen));
                choice(Box::new(on), "seen", at + 7, seen.said(), Box::new(move || run.update(|form| form.seen = Some(*seen))))
            }).collect_view()}
        </div>
        <div class="sp"></div>
        {button("go", "receipt-save", "Enter", say!(receipt::SAVE_IT_THEN_NEXT), move || run.saving.get(), move || run.save())}
    }
}

/// One of several things of which one holds; a key of 0 is none.
fn choice(on: Box<dyn Fn() -> bool + Send + Sync>, test: &str, key: usize, words: &'static str, act: Box<dyn Fn()>) -> AnyView {
    let on = Signal::derive(on);
    let test = format!("{test}-{key}");
    let key = (key > 0).then(|| view! { <kbd>{key}</kbd> });
    view! { <button type="button" class="btn" class:on=on role="radio" aria-checked=move || on.get().to_string() data-testid=test on:click=move |_| act()>{key}{words}</button> }.into_any()
}

#[component]
fn Outcomes(run: Run) -> impl IntoView {
    let is = move |outcome: Outcome| run.form.with(|form| form.as_ref().and_then(|form| form.outcome) == Some(outcome));
    let other = move || Outcome::OTHERS.into_iter().any(is);
    let open = move || run.others.get() || other();
    let named = move |outcome: Outcome, key: usize| {
        choice(Box::new(move || is(outcome)), "outcome", key, outcome.said(), Box::new(move || run.update(|form| form.choose(outcome))))
    };
    view! {
        <div class="choices six" role="radiogroup" aria-label=say!(receipt::OUTCOME)>
            {Outcome::DIGITS.into_iter().enumerate().map(|(at, outcome)| named(outcome, at + 1)).collect_view()}
            <button type="button" class="btn" class:on=other aria-expanded=move || open().to_string() data-testid="outcome-6" on:click=move |_| run.others.update(|on| *on = !*on)><kbd>"6"</kbd>{say!(receipt::ANOTHER_OUTCOME)}</button>
        </div>
        {move || open().then(|| view! {
            <div class="choices three others" role="radiogroup" aria-label=say!(receipt::OTHER_OUTCOMES)>
                {Outcome::OTHERS.into_iter().map(|outcome| named(outcome, 0)).collect_view()}
            </div>
        })}
    }
}

#[component]
fn Photos(run: Run) -> impl IntoView {
    let over = RwSignal::new(false);
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        run.take_photos(files::of(event.data_transfer().and_then(|data| data.files())));
    };
    let thumbs = move || run.form.with(|form| form.as_ref().map(|form| form.photos.clone()).unwrap_or_default());
    view! {
        <div class="drop" class:over=move || over.get() on:dragover=move |event| { event.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false) on:drop=drop>
            <Draw icon=Icon::Camera/>
            {button("small", "", "P", say!(receipt::CHOOSE_PHOTOS), on, pick_photos)}
            <div class="muted">{say!(receipt::DROP_PHOTOS)}</div>
            <input type="file" id=PICKER data-testid="receipt-photo" class="hidden-file" tabindex="-1" aria-label=say!(receipt::PHOTO_OF_IT) accept="image/*" multiple=true
                on:change:target=move |event| { let input = event.target(); run.take_photos(files::of(input.files())); input.set_value(""); }/>
        </div>
        <div class="thumbs">
            {move || thumbs().into_iter().map(|photo| {
                let hash = photo.hash.clone();
                view! {
                    <div class="thumb" data-testid="photo-kept" data-hash=photo.hash.clone()>
                        {(!photo.thumbnail.is_empty()).then(|| view! { <img src=photo.thumbnail.clone() alt=say!(receipt::PHOTO_OF_IT)/> })}
                        <button type="button" class="drop-photo" aria-label=say!(receipt::REMOVE_PHOTO) on:click=move |_| run.update(|form| form.photos.retain(|photo| photo.hash != hash))><Draw icon=Icon::Cross/></button>
                    </div>
                }
            }).collect_view()}
            {move || (run.photos_coming.get() > 0).then(|| view! { <span class="muted">{say!(receipt::PREPARING_PHOTOS)}</span> })}
        </div>
    }
}
