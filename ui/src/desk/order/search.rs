//! The left column: who is calling, and the calls before.

use super::state::OrderState;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::load;
use crate::kit::tag::Tag;
use crate::kit::time::{day_short, moment};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::command::{ElderHit, LatestOrders, OrderSummary};
use shared::kinds::Mode;
use shared::say;

/// Calls shown below the search.
const CALLS: u32 = 2;

#[component]
pub fn Search(state: OrderState) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => state.step(true),
            "ArrowUp" => state.step(false),
            "Enter" => state.choose(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let hits = move || state.hits.get().into_iter().enumerate().map(|(index, hit)| view! { <Hit state index hit/> }).collect_view();
    let nobody = move || {
        (state.hits.with(Vec::is_empty) && !state.text.with(String::is_empty))
            .then(|| view! { <p class="muted">{say!(phone_order::NOBODY_FOUND)}</p> })
    };
    view! {
        <section class="card finder">
            <h2><label for="search">{say!(phone_order::FIND_ELDER)}</label></h2>
            <input id="search" class="search" data-testid="search" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="true" aria-controls="hits"
                prop:value=move || state.text.get() on:keydown=on_key on:input:target=move |event| state.type_text(event.target().value())/>
            <p class="muted hint">{say!(phone_order::SEARCHED_BY)}</p>
            <div class="hits" id="hits" role="listbox" aria-label=say!(phone_order::FOUND)>{hits}{nobody}</div>
            {button("block", "enrol-elder", "F2", say!(phone_order::REGISTER_UNKNOWN), on, move || state.start_enrolling())}
            <Recent state/>
        </section>
    }
}

#[component]
fn Hit(state: OrderState, index: usize, hit: ElderHit) -> impl IntoView {
    let on = move || state.at.get() == Some(index);
    let person = [hit.sex.map(|sex| sex.said().to_owned()), hit.age.map(|age| say!(elder::aged(age)))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let place = [Some(hit.village.clone()), hit.id_tail.clone().or(hit.phone.clone())]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let tag = match hit.existing_order.clone() {
        Some(number) => view! { <Tag tone="ok" icon=Icon::Check words=say!(phone_order::ordered(&number))/> },
        None if hit.delivery_need => view! { <Tag tone="due" icon=Icon::Truck words=say!(elder::NEEDS_DELIVERY)/> },
        None => view! { <Tag tone="" icon=Icon::Bag words=Mode::PickUp.said()/> },
    };
    view! {
        <div class="res" class:on=on role="option" aria-selected=move || on().to_string() data-testid="hit" on:click=move |_| state.pick(index)>
            <b>{hit.name.clone()}</b><span>{person}</span><span class="muted">{place}</span>{tag}
        </div>
    }
}

/// 刚接的电话: as the desk has them, so that they are still there after a restart.
#[component]
fn Recent(state: OrderState) -> impl IntoView {
    let latest = load(move || {
        state.desk.revision.track();
        backend::ask(&LatestOrders { limit: CALLS })
    });
    let call = move |line: OrderSummary| {
        let day = if line.date == state.desk.today.get() { String::new() } else { format!("{} ", day_short(line.date)) };
        let words = format!("{day}{} · {}", line.meal.said(), line.mode.said());
        view! { <div class="res still" data-testid="recent-call"><b>{line.name}</b><span class="muted">{moment(line.taken_at, state.desk.today.get())}</span><span class="muted">{words}</span><span class="tag ok"><Draw icon=Icon::Check/>{line.number}</span></div> }
    };
    move || {
        let lines = latest.value.get().unwrap_or_default();
        (!lines.is_empty()).then(|| {
            view! {
                <h2 class="recent">{say!(phone_order::LATEST_CALLS)}</h2>
                <div class="taken">{lines.into_iter().map(call).collect_view()}</div>
            }
        })
    }
}
