//! The middle column: who it is, what to mind, what was eaten lately.

use super::state::OrderState;
use crate::desk::standing::StandingLine;
use crate::kit::icon::{Draw, Icon};
use crate::kit::tag::Tag;
use crate::kit::time::{day_short, weekday};
use crate::record::field_said;
use crate::record::tag::state_tag;
use leptos::prelude::*;
use shared::command::{ElderView, OrderSummary};
use shared::kinds::RecordKind;
use shared::say;

#[component]
pub fn Card(state: OrderState) -> impl IntoView {
    move || match state.card.get() {
        Some(card) => view! { <Person card/> }.into_any(),
        None => view! {
            <div class="empty"><Draw icon=Icon::Phone/><p>{say!(phone_order::HOW_IT_GOES)}</p></div>
        }
        .into_any(),
    }
}

#[component]
fn Person(card: ElderView) -> impl IntoView {
    let person = [card.hit.sex.map(|sex| sex.said().to_owned()), card.hit.age.map(|age| say!(elder::aged(age)))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let fact = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <span>{label}</span><div>{value}</div> });
    let family = card.emergency_phone.as_ref().map(|phone| {
        format!("{} {phone}", if card.form.emergency_name.is_empty() { say!(elder::FAMILY) } else { &card.form.emergency_name })
    });
    let binding = card.binding.clone().map(|(canteen, since)| match since {
        Some(since) => say!(binding::bound_since(&canteen, since)),
        None => canteen,
    });
    let of = |name| field_said(RecordKind::Elder, name);
    view! {
        <div class="facts-head">
            <span class="big" data-testid="card-name">{card.hit.name.clone()}</span><span>{person}</span>
            {card.form.living_alone.then(|| view! { <Tag tone="info" icon=Icon::Home words=of("living_alone")/> })}
            {card.form.ability.map(|ability| view! { <Tag tone="info" icon=Icon::Person words=ability.said()/> })}
            {card.hit.delivery_need.then(|| view! { <Tag tone="due" icon=Icon::Truck words=say!(elder::NEEDS_DELIVERY)/> })}
        </div>
        {card.not_active.clone().map(|state| view! { <div class="warn bad"><Draw icon=Icon::Alert/>{say!(elder::file_state(&state))}</div> })}
        {card.asked.iter().cloned().map(|asked| view! { <div class="warn info" data-testid="card-asked"><Draw icon=Icon::Clock/>{asked}</div> }).collect_view()}
        {(!card.form.diet.is_empty()).then(|| view! { <div class="warn"><Draw icon=Icon::Alert/>{card.form.diet.clone()}</div> })}
        {card.hit.existing_order.clone().map(|number| view! { <div class="warn info"><Draw icon=Icon::Check/>{say!(phone_order::ordered_already(&number))}</div> })}
        <div class="kv">
            {fact(of("address"), format!("{} {}", card.division, card.form.address).trim().to_owned())}
            {fact(of("phone"), card.hit.phone.clone().unwrap_or_default())}
            {fact(say!(elder::EMERGENCY), family.unwrap_or_default())}
            {fact(of("id_number"), card.id_number.clone().unwrap_or_default())}
            {fact(of("other_document"), card.form.other_document.clone())}
            {fact(of("canteen"), binding.unwrap_or_default())}
            {fact(of("note"), card.form.note.clone())}
        </div>
        <StandingLine elder=card.hit.id/>
        <h2>{say!(phone_order::RECENT_ORDERS)}</h2>
        {if card.recent.is_empty() { view! { <p class="muted">{say!(phone_order::NO_ORDER_YET)}</p> }.into_any() } else { view! { <RecentTable lines=card.recent/> }.into_any() }}
    }
}

#[component]
fn RecentTable(lines: Vec<OrderSummary>) -> impl IntoView {
    let rows = lines.into_iter().take(6).map(|line| {
        view! { <tr><td>{format!("{} {}", day_short(line.date), weekday(line.date))}</td><td>{line.meal.said()}</td><td>{line.dish.clone()}</td><td>{line.mode.said()}</td><td>{state_tag(&line)}</td></tr> }
    });
    let heads = ["date", "meal", "dish", "mode"].map(|name| view! { <th>{field_said(RecordKind::Order, name)}</th> });
    view! { <table><thead><tr>{heads}<th>{say!(receipt::OUTCOME)}</th></tr></thead><tbody>{rows.collect_view()}</tbody></table> }
}
