//! The state of an order and what it still lacks, as tags.

use crate::kit::icon::Icon;
use crate::kit::tag::Tag;
use crate::kit::time::clock;
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::{Mode, NotDeliveredReason, OrderState};
use shared::say;

/// The tone and icon of a state.
fn look(state: OrderState) -> (&'static str, Icon) {
    match state {
        OrderState::Placed => ("due", Icon::Clock),
        OrderState::Prepared => ("info", Icon::Bag),
        OrderState::Out => ("info", Icon::Truck),
        OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp => ("ok", Icon::Check),
        OrderState::NotDelivered => ("bad", Icon::Cross),
        OrderState::Cancelled => ("", Icon::Slash),
    }
}

/// 已送达 11:52, 无人在家
pub fn state_words(state: OrderState, reason: Option<NotDeliveredReason>) -> &'static str {
    match (state, reason) {
        (OrderState::NotDelivered, Some(reason)) if reason != NotDeliveredReason::Other => reason.said(),
        _ => state.said(),
    }
}

/// Where an order stands, with the time of its end.
pub fn state_tag(line: &OrderSummary) -> impl IntoView + use<> {
    let at = line.receipt.as_ref().map_or(line.state_at, |receipt| receipt.arrived_at);
    view! { <StateTag state=line.state reason=line.reason at=clock(at)/> }
}

/// A state with its reason, and with its time (11:52) where it ended well.
#[component]
pub fn StateTag(state: OrderState, reason: Option<NotDeliveredReason>, at: String) -> impl IntoView {
    let (tone, icon) = look(state);
    let words = state_words(state, reason);
    let ended = matches!(state, OrderState::Delivered | OrderState::LeftAtDoor | OrderState::PickedUp);
    let words = if ended { format!("{words} {at}") } else { words.to_owned() };
    view! { <Tag tone icon words/> }
}

/// What is brought has no receipt yet.
#[component]
pub fn ReceiptMissing() -> impl IntoView {
    view! { <Tag tone="due" icon=Icon::Alert words=say!(receipt::LACKING)/> }
}

/// How the meal gets there.
pub fn mode_icon(mode: Mode) -> Icon {
    match mode {
        Mode::PickUp => Icon::Bag,
        Mode::OwnDelivery | Mode::ThirdParty => Icon::Truck,
    }
}

/// Tags for what is still missing with an order.
pub fn lack_tags(line: &OrderSummary) -> impl IntoView + use<> {
    view! {
        {line.receipt_missing.then(|| view! { <ReceiptMissing/> })}
        {line.supplement.then(|| view! { <Tag tone="" icon=Icon::Clock words=say!(order::LATE_ENTRY)/> })}
        {line.unsent.then(|| view! { <Tag tone="" icon=Icon::Upload words=say!(sync::NOT_SENT)/> })}
    }
}
