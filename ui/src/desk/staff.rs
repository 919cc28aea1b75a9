//! 工作人员 beside their form: a PIN that was forgotten is made void.

use super::desk;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::icon::{Draw, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::ResetPin;
use shared::list::ListRecord;
use shared::say;
use shared::schema::{RecordId, Value};

/// What can be done with one of them.
pub fn acts(person: RecordId, shown: &ListRecord) -> AnyView {
    let (context, busy) = (desk(), RwSignal::new(false));
    let name = match shown.row.cells.get("name") {
        Some(Value::Text(name)) => name.to_string(),
        _ => String::new(),
    };
    let reset = move |_| {
        let name = name.clone();
        busy.set(true);
        spawn_local(async move {
            match backend::call(&ResetPin { person: Some(person) }).await {
                Ok(()) => context.notes.good(say!(staff::pin_reset(&name))),
                Err(fault) => context.notes.bad(&fault),
            }
            busy.try_set(false);
            context.refresh();
        });
    };
    view! { <div class="acts">{button("", "reset-pin", "", say!(staff::RESET_PIN), move || busy.get(), move || reset(()))}</div> }
        .into_any()
}

/// While nobody has a PIN here: who is to be entered, and then the first PIN.
#[component]
pub fn FirstPerson() -> impl IntoView {
    let context = desk();
    let (locked, unstaffed) = (context.seat.locked, Memo::new(move |_| context.status.with(|status| status.enrolled && status.unstaffed)));
    move || {
        (unstaffed.get() && !locked.get()).then(|| {
            view! {
                <div class="banner info" role="status" data-testid="unstaffed"><Draw icon=Icon::Person/>
                    <div><b>{say!(staff::NOBODY_YET)}</b><div>{say!(staff::NOBODY_YET_HINT)}</div></div>
                    <span class="sp"></span>
                    {button("", "first-pin", "", say!(staff::FIRST_PIN), on, move || context.seat.changing.set(true))}
                </div>
            }
        })
    }
}
