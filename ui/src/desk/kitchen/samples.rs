//! 留样 and the checks of the day: one tap for each sample that is kept or thrown away; checks by their form.

use super::{Screen, act};
use crate::kit::act::button;
use crate::kit::icon::Icon;
use crate::kit::tag::Tag;
use crate::kit::time::{clock, day_short};
use leptos::prelude::*;
use shared::command::KitchenSample;
use shared::rule::kitchen::{MIN_GRAMS, SampleState};
use shared::say;

#[component]
pub fn Samples(screen: Screen) -> impl IntoView {
    let list = move |read: fn(&shared::command::KitchenSheet) -> &Vec<KitchenSample>| {
        screen.with(|sheet| read(sheet).clone()).into_iter().map(|sample| line(screen, sample)).collect_view()
    };
    let none = move || screen.with(|sheet| sheet.samples.is_empty() && sheet.discards.is_empty());
    let checks = move || {
        let tag = |(what, done, unfit): (shared::kinds::CheckOf, u32, u32)| {
            let (tone, icon) = match (done, unfit) {
                (0, _) => ("plain", Icon::Clock),
                (_, 0) => ("ok", Icon::Check),
                _ => ("bad", Icon::Alert),
            };
            view! { <Tag tone icon words=format!("{} {done}", what.said())/>" " }
        };
        screen.with(|sheet| sheet.checks.clone()).into_iter().map(tag).collect_view()
    };
    view! {
        <div class="boxes">
            {move || list(|sheet| &sheet.samples)}
            {move || list(|sheet| &sheet.discards)}
            {move || none().then(|| view! { <p class="muted">{say!(kitchen::NO_DISHES)}</p> })}
        </div>
        <h2 class="gap">{say!(kitchen::CHECKS)}<span class="sp"></span><a class="btn small" href="/list/kitchen_checks">{say!(kitchen::NOTE_CHECK)}</a></h2>
        <p>{checks}</p>
    }
}

fn line(screen: Screen, sample: KitchenSample) -> impl IntoView {
    let (tone, icon, words) = match sample.state {
        SampleState::Due => ("due", Icon::Clock, say!(kitchen::SAMPLE_DUE)),
        SampleState::Late => ("bad", Icon::Alert, say!(kitchen::SAMPLE_LATE)),
        SampleState::Kept => ("ok", Icon::Check, say!(kitchen::SAMPLE_KEPT)),
        SampleState::Discard => ("due", Icon::Clock, say!(kitchen::SAMPLE_DISCARD)),
        SampleState::Gone => ("plain", Icon::Check, say!(kitchen::SAMPLE_GONE)),
    };
    let of = format!("{} {}", day_short(sample.date), sample.meal.said());
    let taken = sample.taken_at.map(clock).unwrap_or_default();
    let state = sample.state;
    let dish = sample.dish.clone();
    let off = move || screen.busy.get();
    let act = match state {
        SampleState::Due | SampleState::Late => {
            Some(button("small", "keep-sample", "", say!(kitchen::take_sample(MIN_GRAMS)), off, move || act::keep(screen, &sample)))
        }
        SampleState::Discard => {
            Some(button("small", "discard-sample", "", say!(kitchen::DISCARD), off, move || act::discard(screen, &sample)))
        }
        SampleState::Kept | SampleState::Gone => None,
    };
    view! {
        <div class="box two" data-testid="kitchen-sample">
            <div><b>{dish}</b>" "<span class="muted">{of}" "{taken}</span><div><Tag tone icon words/></div></div>
            {act}
        </div>
    }
}
