//! One order in words at the desk, and what happened to any record. Photos and acts are the business of the screen around it.

use crate::kit::time::{clock, day_long, day_short};
use crate::record::field_said;
use crate::record::tag::{lack_tags, state_tag};
use jiff::civil::DateTime;
use leptos::prelude::*;
use shared::command::{OrderSummary, TimelineEntry};
use shared::kinds::RecordKind;
use shared::say;

/// What an order says, as label and value.
#[component]
pub fn OrderFacts(
    line: OrderSummary,
    taken_by: String,
    supplement_reason: String,
    #[prop(optional)] platform_number: String,
) -> impl IntoView {
    let receipt = line.receipt.clone();
    let fact = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <span>{label}</span><div>{value}</div> });
    let of = |name| field_said(RecordKind::Order, name);
    let of_elder = |name| field_said(RecordKind::Elder, name);
    let of_receipt = |name| field_said(RecordKind::Receipt, name);
    let taken = format!("{}{}", at(line.taken_at), if taken_by.is_empty() { String::new() } else { format!(" · {taken_by}") });
    view! {
        <div class="facts-head"><span class="big">{line.name.clone()}</span><b class="big num" data-testid="detail-number">{line.number.clone()}</b>{state_tag(&line)}{lack_tags(&line)}</div>
        <div class="kv">
            {fact(say!(order::WHICH_MEAL), format!("{} {} · {}", day_long(line.date), line.meal.said(), line.mode.said()))}
            {fact(of("dish"), format!("{} {}", line.dish, say!(money::yuan(line.price))))}
            {fact(of_elder("address"), line.address.clone())}
            {fact(of_elder("phone"), line.phone.clone())}
            {fact(of_elder("diet"), line.diet.clone())}
            {fact(of("note"), line.note.clone())}
            {fact(say!(order::TAKEN), taken)}
            {fact(of("supplement_reason"), supplement_reason)}
            {fact(of("platform_number"), platform_number)}
            {receipt.map(|receipt| view! {
                {fact(of_receipt("arrived_at"), at(receipt.arrived_at))}
                {fact(of_receipt("received_by"), receipt.received_by.map(|by| by.said().to_owned()).unwrap_or_default())}
                {fact(of_receipt("seen"), receipt.seen.map(|seen| seen.said().to_owned()).unwrap_or_default())}
                {fact(say!(receipt::NOTE_OF_IT), receipt.note)}
                {fact(say!(receipt::WRITTEN), say!(receipt::written_here(&at(receipt.recorded_at))))}
            })}
        </div>
    }
}

/// 11-22 09:41
fn at(at: DateTime) -> String {
    format!("{} {}", day_short(at.date()), clock(at))
}

/// What happened to it, oldest first.
#[component]
pub fn History(entries: Vec<TimelineEntry>) -> impl IntoView {
    let rows = entries.into_iter().map(|entry| {
        let by = entry.by.map(|by| view! { <span class="by">{by}</span> });
        view! { <li><span class="muted num">{at(entry.at)}</span><span>{say!(record::happened(&entry.words, entry.unsent))}</span>{by}</li> }
    });
    view! { <h3>{say!(record::HISTORY)}</h3><ol class="history">{rows.collect_view()}</ol> }
}
