//! What the cashier answers before an unusual order is saved. Enter goes on, Esc goes back.

use super::state::{OrderState, Warned};
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::focus_soon;
use crate::record::field_said;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::kinds::RecordKind;
use shared::say;

#[component]
pub fn Confirm(state: OrderState, warned: Warned) -> impl IntoView {
    let late = warned.late;
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(warned.problem);
    let go_on = move || {
        if late && reason.with_untracked(|reason| reason.trim().is_empty()) {
            problem.set(Some(say!(order::LATE_WITHOUT_REASON).1.to_owned()));
            focus_soon("late-reason");
        } else {
            state.save_with(true, reason.get_untracked().trim().to_owned());
        }
    };
    let back = move |()| {
        state.confirm.set(None);
        focus_soon("save-order");
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            go_on();
        }
    };
    focus_soon(if late { "late-reason" } else { "confirm-order" });
    view! {
        <Dialog title=say!(phone_order::LOOK_FIRST).to_owned() close=back>
            <div on:keydown=on_key data-testid="confirm-dialog">
                <div class="warn"><Draw icon=Icon::Alert/>{warned.words}</div>
                {late.then(|| view! {
                    <label class="f"><span>{field_said(RecordKind::Order, "supplement_reason")}</span><input id="late-reason" data-testid="late-reason" autocomplete="off" prop:value=move || reason.get() on:input:target=move |event| { reason.set(event.target().value()); problem.set(None); }/></label>
                })}
                {move || problem.get().map(|words| view! { <em class="problem" role="alert">{words}</em> })}
                <div class="acts">
                    <button type="button" id="confirm-order" class="btn go" data-testid="confirm-order" on:click=move |_| go_on()>{say!(phone_order::SAVE_ANYWAY)}<kbd>"Enter"</kbd></button>
                    {button("", "", "Esc", say!(phone_order::GO_BACK), on, move || back(()))}
                </div>
            </div>
        </Dialog>
    }
}
