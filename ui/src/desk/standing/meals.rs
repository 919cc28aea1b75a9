//! The list of standing meals: a row opens those of its elder, F2 begins with an elder.

use super::dialog::{Of, StandingDialog};
use super::pick::PickElder;
use crate::desk::list::DeskList;
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::keys::{on_keys, plain};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::command::ElderHit;
use shared::kinds::STANDING_MEALS;
use shared::say;

#[component]
pub fn StandingMeals(path: &'static str) -> impl IntoView {
    let (open, finding) = (RwSignal::new(None::<Of>), RwSignal::new(false));
    on_keys(move |event| {
        let new = plain(event) && event.key() == "F2";
        if new {
            finding.set(true);
        }
        new
    });
    let picked = move |hit: ElderHit| {
        finding.set(false);
        open.set(Some(Of::Elder(hit.id)));
    };
    view! {
        <DeskList list=&STANDING_MEALS path beside=ListOptions::NOTHING keys=vec![("F2", say!(standing::ENTER))] open=Some(Callback::new(move |record| open.set(Some(Of::Record(record)))))>
            {button("small", "standing-new", "F2", say!(standing::ENTER), on, move || finding.set(true))}
        </DeskList>
        {move || finding.get().then(|| view! { <Dialog title=say!(standing::ENTER).to_owned() close=move |()| finding.set(false)><p class="muted">{say!(standing::NEW_HINT)}</p><PickElder picked/></Dialog> })}
        {move || open.get().map(|of| view! { <StandingDialog of close=move |()| open.set(None)/> })}
    }
}
