//! The left column: the stops of a run.

use super::{Run, slip};
use crate::kit::icon::{Draw, Icon};
use crate::kit::seg::{Seg, place_of};
use crate::kit::tag::Tag;
use crate::kit::time::{day_long, days_away};
use crate::record::meals::MealChoice;
use crate::record::tag::{lack_tags, state_tag};
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::{Mode, OrderState};

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
    let modes = Signal::derive(move || MODES.map(|mode| format!("{}（{}）", mode.zh(), of_mode(mode))).to_vec());
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
            <button type="button" class="btn small" aria-label="前一天" on:click=move |_| turn(-1)>"‹"</button>
            {move || day_long(run.date.get())}
            <button type="button" class="btn small" aria-label="后一天" on:click=move |_| turn(1)>"›"</button>
            <span class="sp"></span>
            {move || view! { <Tag tone="ok" icon=Icon::Check words=format!("已送 {}", ended())/> }}
            {move || (missed() > 0).then(|| view! { <Tag tone="bad" icon=Icon::Cross words=format!("未送达 {}", missed())/> })}
            {move || (lacking() > 0).then(|| view! { <Tag tone="due" icon=Icon::Alert words=format!("缺回单 {}", lacking())/> })}
        </h2>
        <div class="run-filters">
            <Seg label="谁送" options=modes value=mode pick/>
            <MealChoice meal=run.meal/>
            <div class="two-buttons">
                <button type="button" class="btn small" class:on=move || run.missing_only.get() aria-pressed=move || run.missing_only.get().to_string() on:click=move |_| run.missing_only.update(|on| *on = !*on)><kbd>"F8"</kbd>"只看缺回单的"</button>
                <button type="button" class="btn small" data-testid="print" disabled=move || stops.with(Vec::is_empty) on:click=move |_| slip::print()><kbd>"F5"</kbd>"打印送餐单"</button>
            </div>
        </div>
        <div class="scroll" role="listbox" tabindex="0" aria-label="送餐单">
            {move || stops.get().into_iter().enumerate().map(|(index, line)| view! { <Stop run index line/> }).collect_view()}
            {move || stops.with(Vec::is_empty).then(|| view! { <div class="empty"><Draw icon=Icon::Truck/><p>"这里没有要送的单。"</p></div> })}
        </div>
        <p class="muted run-hint"><kbd>"Alt ↑↓"</kbd>"调整送餐顺序，明天照旧"</p>
    }
}

#[component]
fn Stop(run: Run, index: usize, line: OrderSummary) -> impl IntoView {
    let id = line.id;
    let on = move || run.chosen.get() == Some(id);
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    view! {
        <div class="stop" class:on=on role="option" aria-selected=move || on().to_string() data-testid="stop" on:click=move |_| run.choose(id)>
            <span class="no">{index + 1}</span>
            <div class="stop-who"><b>{line.name}</b>" "<span class="muted num">{line.number}</span>" "{(!line.diet.is_empty()).then(|| view! { <span class="tag due">{line.diet}</span> })}<div class="muted">{line.address}</div></div>
            <div class="stop-tags">{state}{lacks}</div>
        </div>
    }
}
