//! Another password.

use super::AccountContext;
use super::field::{KNOWN, NEW, refused, secret};
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::dated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::PasswordAsk;
use shared::fault::Fault;
use shared::say;

#[component]
pub fn Password(context: AccountContext) -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (old, new, again) = (typed(), typed(), typed());
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let account = context.account.value;
    let due = move || account.with(|account| account.as_ref().is_some_and(|account| account.password_due));
    let name = move || account.with_untracked(|account| account.as_ref().map(|account| account.name.clone()).unwrap_or_default());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(weak) = refused(&name(), new, again) {
            return fault.set(Some(weak));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = PasswordAsk { old: old.get_untracked(), new: new.get_untracked() };
        spawn_local(async move {
            let done = http::post("/api/account/password", &ask).await;
            busy.try_set(false);
            match done {
                Ok(()) => {
                    [old, new, again].into_iter().for_each(|typed| drop(typed.try_set(String::new())));
                    context.notes.good(say!(account::PASSWORD_CHANGED));
                    context.again();
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let since = move || account.with(|account| account.as_ref().and_then(|account| account.password_at)).map(dated);
    view! {
        <section class="card">
            <h2>{say!(account::CHANGE_PASSWORD)}</h2>
            {move || due().then(|| view! { <div class="banner due" role="alert" data-testid="password-due"><Draw icon=Icon::Alert/><div><b>{say!(account::PASSWORD_DUE)}</b></div></div> })}
            {move || since().map(|at| view! { <p class="muted">{say!(account::password_since(&at))}</p> })}
            <form on:submit=submit>
                {secret("password-old", say!(account::PASSWORD_NOW), KNOWN, old)}
                {secret("password-new", say!(account::PASSWORD_NEW), NEW, new)}
                {secret("password-again", say!(account::PASSWORD_AGAIN), NEW, again)}
                <p class="muted">{say!(account::password_rule())}</p>
                <FaultBanner fault/>
                <button type="submit" class="btn" data-testid="password-save" disabled=move || busy.get()>{say!(account::CHANGE_PASSWORD)}</button>
            </form>
        </section>
    }
}
