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
use state::OrderState;

#[component]
pub fn PhoneOrder() -> impl IntoView {
    print_keys(&[
        ("↑↓", "选人"),
        ("Enter", "选定、保存"),
        ("Tab", "下一项"),
        ("←→", "改选项"),
        ("F2", "新长者"),
        ("F5", "和上次一样"),
        ("Esc", "清空"),
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
            <section class="card person" tabindex="0" aria-label="这位长者">
                <FaultBanner fault=state.fault/>
                {middle}
            </section>
            <form::Form state/>
            {move || state.confirm.get().map(|warned| view! { <confirm::Confirm state warned/> })}
        </div>
    }
}
