//! A stop as a card: who and where, what is eaten, what to mind, and the two things a thumb does.

use super::stops::{Stops, waits};
use super::wire::{Stop, clock};
use crate::kit::icon::{Draw, Icon};
use crate::record::tag::{ReceiptMissing, StateTag};
use leptos::prelude::*;
use shared::say;

#[component]
pub fn Card(stops: Stops, at: usize, line: Stop) -> impl IntoView {
    let waiting = waits(&line);
    let ended = clock(line.receipt.as_ref().map_or(&line.state_at, |receipt| &receipt.arrived_at)).to_owned();
    let opened = line.clone();
    let words = if waiting {
        say!(delivery::ARRIVED)
    } else if line.receipt_missing {
        say!(receipt::WRITE_NOW)
    } else {
        say!(receipt::CHANGE)
    };
    view! {
        <li class="card stop-card" class:done=!waiting data-testid="phone-stop">
            <h2><span class="no">{at + 1}</span><span>{line.name}</span><span class="num muted">{line.number}</span></h2>
            <p class="stop-place">{line.address}</p>
            <p>{line.meal.said()}" · "<b>{if line.dish.is_empty() { say!(menu::PLAIN_DISH).to_owned() } else { line.dish }}</b></p>
            {(!line.diet.is_empty()).then(|| view! { <p class="warn"><Draw icon=Icon::Alert/>{line.diet}</p> })}
            {(!line.note.is_empty()).then(|| view! { <p class="warn info">{say!(delivery::instructions(&line.note))}</p> })}
            <p class="stop-state"><StateTag state=line.state reason=line.reason at=ended/>{line.receipt_missing.then(|| view! { <ReceiptMissing/> })}</p>
            <div class="thumb-acts">
                {(!line.phone.is_empty()).then(|| view! { <a class="btn" href=format!("tel:{}", line.phone) data-testid="phone-call"><Draw icon=Icon::Phone/>{say!(delivery::CALL)}</a> })}
                <button type="button" class="btn" class:main=waiting data-testid="phone-close" on:click=move |_| stops.open.set(Some(opened.clone()))>{words}</button>
            </div>
        </li>
    }
}
