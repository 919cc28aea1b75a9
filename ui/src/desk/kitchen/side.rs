//! Beside the sheet: what is special box by box, what changed since the count, samples and checks.

use super::samples::Samples;
use super::{Screen, stopped};
use crate::kit::icon::Icon;
use crate::kit::seg::Seg;
use crate::kit::tag::Tag;
use crate::kit::time::clock;
use leptos::prelude::*;
use shared::command::{KitchenBox, KitchenDifference};
use shared::rule::kitchen::{Change, SampleState, Size, Texture};
use shared::say;

const SPECIAL: usize = 0;
const SINCE: usize = 1;

#[component]
pub fn Side(screen: Screen) -> impl IntoView {
    let shown = RwSignal::new(SPECIAL);
    let due = |state: SampleState| matches!(state, SampleState::Due | SampleState::Late | SampleState::Discard);
    let tabs = Signal::derive(move || {
        let counts = screen.with(|sheet| {
            let samples = sheet.samples.iter().chain(&sheet.discards).filter(|sample| due(sample.state));
            [sheet.boxes.iter().filter(|one| one.special).count(), sheet.differences.len(), samples.count()]
        });
        let names = [say!(kitchen::SPECIAL), say!(kitchen::SINCE), say!(kitchen::SAMPLES)];
        names.iter().zip(counts).map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>()
    });
    let value = Signal::derive(move || Some(shown.get()));
    let body = move || match shown.get() {
        SPECIAL => special(screen),
        SINCE => since(screen),
        _ => view! { <Samples screen/> }.into_any(),
    };
    view! {
        <Seg label=say!(kitchen::SHEET) options=tabs value test="kitchen-side" pick=move |at: usize| shown.set(at)/>
        <div class="scroll" tabindex="0" role="region" aria-label=say!(kitchen::SPECIAL)>{body}</div>
    }
}

fn special(screen: Screen) -> AnyView {
    let boxes = screen.with(|sheet| sheet.boxes.iter().filter(|one| one.special).cloned().collect::<Vec<_>>());
    let menu = screen.with(|sheet| sheet.menu || sheet.boxes.is_empty());
    let none = boxes.is_empty().then(|| view! { <p class="muted">{say!(kitchen::NO_SPECIAL)}</p> });
    let hint = (!menu).then(|| view! { <p class="muted" data-testid="kitchen-no-menu">{say!(kitchen::NO_MENU)}</p> });
    let stops = screen.with(|sheet| stopped(sheet).iter().map(|one| one.order).collect::<Vec<_>>());
    let line = move |one: KitchenBox| {
        let stop = stops.contains(&one.order);
        special_line(one, stop)
    };
    view! { {hint}{none}<div class="boxes">{boxes.into_iter().map(line).collect_view()}</div> }.into_any()
}

fn special_line(one: KitchenBox, stops: bool) -> impl IntoView {
    let clashes = one
        .clashes
        .iter()
        .map(|clash| {
            let (tone, icon) = if clash.stops { ("bad", Icon::Cross) } else { ("due", Icon::Alert) };
            view! { <Tag tone icon words=say!(kitchen::clash(&clash.dish, &clash.stated))/> }
        })
        .collect_view();
    let what = [(one.texture != Texture::Usual).then(|| one.texture.said()), (one.size != Size::Usual).then(|| one.size.said())];
    let what: Vec<&str> = what.into_iter().flatten().chain(one.restrictions.iter().map(String::as_str)).collect();
    let stop = one.stop.map_or_else(|| one.mode.said().to_owned(), |stop| say!(kitchen::stop(&one.route, stop)));
    view! {
        <div class="box" class:stops=stops data-testid="kitchen-box">
            <div><b>{one.name}</b>" "<span class="muted num">{one.number}</span>" "<span class="muted">{one.dish}" · "{stop}</span></div>
            <div class="needs">{what.join(" · ")}</div>
            <div>{clashes}</div>
        </div>
    }
}

fn since(screen: Screen) -> AnyView {
    let differences = screen.with(|sheet| sheet.differences.clone());
    let frozen = screen.with(|sheet| !sheet.counts.is_empty());
    let none = differences.is_empty().then(|| {
        let words = if frozen { say!(kitchen::NOTHING_SINCE) } else { say!(kitchen::NOT_FROZEN_HINT) };
        view! { <p class="muted">{words}</p> }
    });
    view! { {none}<div class="boxes">{differences.into_iter().map(difference).collect_view()}</div> }.into_any()
}

/// What became of an order, as a tag.
pub fn became(change: Change) -> (&'static str, Icon, &'static str) {
    match change {
        Change::Added => ("ok", Icon::Check, say!(kitchen::ADDED)),
        Change::Gone => ("bad", Icon::Cross, say!(kitchen::GONE)),
        Change::Changed => ("due", Icon::Sync, say!(kitchen::CHANGED)),
        Change::Needs => ("due", Icon::Alert, say!(kitchen::NEEDS_CHANGED)),
    }
}

fn difference(one: KitchenDifference) -> impl IntoView {
    let (tone, icon, words) = became(one.change);
    let when = one.at.map(clock).unwrap_or_default();
    let was = (!one.was.is_empty() && one.change != Change::Needs).then(|| format!("{} {}", say!(kitchen::WAS), one.was));
    let now = (!one.now.is_empty()).then(|| format!("{} {}", say!(kitchen::NOW), one.now));
    let what: Vec<String> = was.into_iter().chain(now).collect();
    view! {
        <div class="box" data-testid="kitchen-difference">
            <div><Tag tone icon words/>" "<b>{one.name}</b>" "<span class="muted num">{one.number}</span></div>
            <div>{what.join("，")}</div>
            <div class="muted">{format!("{when} {}", one.by)}</div>
        </div>
    }
}
