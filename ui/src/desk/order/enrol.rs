//! An unknown caller becomes an elder inside the order: Enter saves the file and goes on.

use super::state::OrderState;
use crate::backend;
use crate::desk::elder_form::ElderFields;
use crate::form::elder::ready;
use crate::kit::act::button;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::SaveElder;
use shared::say;

#[component]
pub fn Enrolment(state: OrderState) -> impl IntoView {
    let busy = RwSignal::new(false);
    let save = move || {
        let form = match ready(&state.elder_form.get_untracked(), state.desk.today.get_untracked()) {
            Ok(form) => form,
            Err(found) => return state.problems.set(found),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let saved = backend::call(&SaveElder { elder: None, form }).await;
            busy.set(false);
            match saved {
                Ok(elder) => state.enrolled(elder),
                Err(fault) => state.fault.set(Some(fault)),
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            save();
        }
    };
    view! {
        <div class="enrol" on:keydown=on_key>
            <h2>{say!(elder::REGISTER_NEW)}</h2>
            <ElderFields form=state.elder_form problems=state.problems today=state.desk.today/>
            {button("go", "save-elder", "Enter", say!(phone_order::REGISTER_AND_ORDER), move || busy.get(), save)}
        </div>
    }
}
