//! The first account of a new server, by its one-time address.

use super::field;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::focus_soon;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::SignIn;
use shared::fault::Fault;
use shared::say;

#[component]
pub fn FirstAccount() -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (name, secret, again) = (typed(), typed(), typed());
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(weak) = field::refused(name.get_untracked().trim(), secret, again) {
            return fault.set(Some(weak));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = SignIn { name: name.get_untracked().trim().to_owned(), password: secret.get_untracked(), code: super::carried() };
        spawn_local(async move {
            match http::post("/api/first-account", &ask).await {
                Ok(()) => drop(window().location().set_href("/")),
                Err(refusal) => {
                    busy.try_set(false);
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    focus_soon("console-name");
    view! {
        <section class="card">
            <p class="muted" data-testid="sign-in-words">{say!(account::first_account_hint())}</p>
            <form on:submit=submit>
                <label class="f wide"><span>{say!(account::NAME)}</span><input id="console-name" data-testid="console-name" autocomplete="username" required=true prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                {field::secret("console-password", say!(account::PASSWORD), field::NEW, secret)}
                {field::secret("console-password-again", say!(account::PASSWORD_AGAIN), field::NEW, again)}
                <FaultBanner fault/>
                <button type="submit" class="btn go" data-testid="console-signin" disabled=move || busy.get()>{say!(account::MAKE_FIRST_ACCOUNT)}</button>
            </form>
            <p><a href="/" data-testid="to-sign-in">{say!(account::HAVE_AN_ACCOUNT)}</a></p>
        </section>
    }
}
