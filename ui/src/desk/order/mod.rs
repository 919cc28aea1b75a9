//! 电话订餐: from the ring to the saved order. Search left, the person in the middle, the order
//! right; Enter chooses, Enter saves. What is allowed is judged by the desk.

mod card;
mod confirm;
mod enrol;
mod form;
mod search;
mod state;

use super::desk;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::{focus_soon, on_control, on_keys, plain, print_keys};
use leptos::prelude::*;
use shared::say;
use state::OrderState;

#[component]
pub fn PhoneOrder() -> impl IntoView {
    print_keys(&[
        ("↑↓", say!(phone_order::CHOOSE_PERSON)),
        ("Enter", say!(phone_order::CHOOSE_AND_SAVE)),
        ("Tab", say!(screen::KEY_NEXT)),
        ("←→", say!(phone_order::CHANGE_CHOICE)),
        ("F2", say!(elder::NEW_ONE)),
        ("F5", say!(phone_order::AS_LAST_TIME)),
        ("Esc", say!(phone_order::CLEAR)),
    ]);
    let state = OrderState::new(desk());
    focus_soon("search");
    on_cleanup(move || state.desk.notes.clear());
    on_keys(move |event| {
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "F2" => state.start_enrolling(),
            "F3" => state.clear(),
            "F5" => state.as_last_time(),
            "Escape" => state.clear(),
            "Enter" if state.chosen.get_untracked() && !state.enrolling.get_untracked() && !on_control(event) => state.save(),
            _ => return false,
        }
        true
    });
    let middle = move || {
        if state.enrolling.get() { view! { <enrol::Enrolment state/> }.into_any() } else { view! { <card::Card state/> }.into_any() }
    };
    view! {
        <div class="order-screen" class:enrolling=move || state.enrolling.get()>
            <search::Search state/>
            <section class="card person" tabindex="0" aria-label=say!(phone_order::THIS_ELDER)>
                <FaultBanner fault=state.fault/>
                {middle}
            </section>
            <form::Form state/>
            {move || state.confirm.get().map(|warned| view! { <confirm::Confirm state warned/> })}
        </div>
    }
}
