//! The left column: the stops of a run.

use super::Run;
use super::hand_over::HandedLines;
use super::route::{Lies, RouteChoice, called};
use crate::kit::act::{button, print};
use crate::kit::icon::{Draw, Icon};
use crate::kit::seg::{Seg, place_of};
use crate::kit::tag::Tag;
use crate::kit::time::{day_long, days_away};
use crate::record::meals::MealChoice;
use crate::record::tag::{lack_tags, state_tag};
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::{Mode, OrderState};
use shared::say;
use std::collections::HashMap;

#[component]
pub fn RunList(run: Run, stops: Memo<Vec<OrderSummary>>) -> impl IntoView {
    let of_mode = move |mode: Mode| {
        run.board.value.with(|board| {
            board
                .iter()
                .flat_map(|board| board.orders.iter())
                .filter(|line| line.mode == mode && line.state != OrderState::Cancelled)
                .count()
        })
    };
    const MODES: [Mode; 2] = [Mode::OwnDelivery, Mode::ThirdParty];
    let modes = Signal::derive(move || MODES.map(|mode| say!(delivery::by(mode.said(), of_mode(mode)))).to_vec());
    let mode = Signal::derive(move || place_of(&MODES, Some(run.mode.get())));
    let pick = move |at: usize| run.mode.set(MODES.get(at).copied().unwrap_or(Mode::OwnDelivery));
    let ended = move || {
        stops.with(|stops| stops.iter().filter(|line| matches!(line.state, OrderState::Delivered | OrderState::LeftAtDoor)).count())
    };
    let missed = move || stops.with(|stops| stops.iter().filter(|line| line.state == OrderState::NotDelivered).count());
    let lacking = move || stops.with(|stops| stops.iter().filter(|line| line.receipt_missing).count());
    let turn = move |days: i32| run.day.set(Some(days_away(run.date.get_untracked(), days)));
    view! {
        <h2>
            <button type="button" class="btn small" aria-label=say!(delivery::DAY_BEFORE) on:click=move |_| turn(-1)>"‹"</button>
            {move || day_long(run.date.get())}
            <button type="button" class="btn small" aria-label=say!(delivery::DAY_AFTER) on:click=move |_| turn(1)>"›"</button>
            <span class="sp"></span>
            {move || view! { <Tag tone="ok" icon=Icon::Check words=say!(delivery::delivered(ended()))/> }}
            {move || (missed() > 0).then(|| view! { <Tag tone="bad" icon=Icon::Cross words=say!(delivery::not_delivered(missed()))/> })}
            {move || (lacking() > 0).then(|| view! { <Tag tone="due" icon=Icon::Alert words=say!(delivery::without_receipt(lacking()))/> })}
        </h2>
        <div class="run-filters">
            <Seg label=say!(delivery::BY_WHOM) options=modes value=mode pick/>
            <MealChoice meal=run.meal/>
            <div class="routes"><RouteChoice run/></div>
            <div class="three-buttons">
                {button("small", "hand-over", "F2", say!(delivery::HAND_OVER), move || stops.with(Vec::is_empty), move || run.begin_hand_over())}
                <button type="button" class="btn small" class:on=move || run.missing_only.get() aria-pressed=move || run.missing_only.get().to_string() on:click=move |_| run.missing_only.update(|on| *on = !*on)><kbd>"F8"</kbd>{say!(delivery::ONLY_WITHOUT_RECEIPT)}</button>
                {button("small", "print", "F5", say!(delivery::PRINT_SHEET), move || stops.with(Vec::is_empty), print)}
            </div>
        </div>
        <HandedLines run/>
        <div class="scroll" role="listbox" tabindex="0" aria-label=say!(delivery::SHEET)>
            {move || numbered(run, stops.get()).into_iter().map(|(number, line)| view! { <Stop run number line/> }).collect_view()}
            {move || stops.with(Vec::is_empty).then(|| view! { <div class="empty"><Draw icon=Icon::Truck/><p>{say!(delivery::NOTHING_TO_DELIVER)}</p></div> })}
        </div>
        <p class="muted run-hint"><kbd>"Alt ↑↓"</kbd>{say!(delivery::MOVED_STOPS_STAY)}</p>
    }
}

/// Stops with where each stands in its run, from 1.
fn numbered(run: Run, stops: Vec<OrderSummary>) -> Vec<(usize, OrderSummary)> {
    let mut counted = HashMap::new();
    let number = |line: &OrderSummary| *counted.entry((line.meal, run.route_of(line.id))).and_modify(|count| *count += 1).or_insert(1);
    let numbers: Vec<usize> = stops.iter().map(number).collect();
    numbers.into_iter().zip(stops).collect()
}

#[component]
fn Stop(run: Run, number: usize, line: OrderSummary) -> impl IntoView {
    let id = line.id;
    let on = move || run.chosen.get() == Some(id);
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    let among = (run.lies.get() == Lies::Anywhere).then(|| run.route_of(id)).flatten();
    let route = among.map(|route| format!("{} · ", called(&run.routes(), Some(route))));
    view! {
        <div class="stop" class:on=on role="option" aria-selected=move || on().to_string() data-testid="stop" on:click=move |_| run.choose(id)>
            <span class="no">{number}</span>
            <div class="stop-who"><b>{line.name}</b>" "<span class="muted num">{line.number}</span>" "{(!line.diet.is_empty()).then(|| view! { <span class="tag due">{line.diet}</span> })}<div class="muted">{route}{line.address}</div></div>
            <div class="stop-tags">{state}{lacks}</div>
        </div>
    }
}
