//! Where a one-time link leads: who was invited chooses the password, and is signed in with it.

use super::field;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::time::dated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::{Invitation, InvitationAsk, InvitationTaken, OWN_PLACE, SignIn};
use shared::fault::Fault;
use shared::say;

#[component]
pub fn Invited() -> impl IntoView {
    let (invitation, fault) = (RwSignal::new(None::<Invitation>), RwSignal::new(None::<Fault>));
    spawn_local(async move {
        match http::ask::<Invitation>("/api/invitation", &InvitationAsk { token: super::carried() }).await {
            Ok(found) => drop(invitation.try_set(Some(found))),
            Err(refusal) => drop(fault.try_set(Some(refusal))),
        }
    });
    view! {
        <section class="card">
            {move || match invitation.get() {
                Some(invitation) => view! { <Choose invitation fault/> }.into_any(),
                None => view! { <FaultBanner fault/> }.into_any(),
            }}
            <p><a href="/" data-testid="to-sign-in">{say!(account::HAVE_AN_ACCOUNT)}</a></p>
        </section>
    }
}

#[component]
fn Choose(invitation: Invitation, fault: RwSignal<Option<Fault>>) -> impl IntoView {
    let (secret, again, busy) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let Invitation { name, role, place, until } = invitation;
    let hint = say!(accounts::invited_hint(&name, role.said(), &place, &dated(until)));
    let (shown, account) = (name.clone(), name);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(weak) = field::refused(&account, secret, again) {
            return fault.set(Some(weak));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let (name, password) = (account.clone(), secret.get_untracked());
        spawn_local(async move {
            match http::post("/api/invitation/password", &InvitationTaken { token: super::carried(), password: password.clone() }).await {
                // A second factor of before is asked for at the door.
                Ok(()) => {
                    let opened = http::post("/api/session", &SignIn { name, password, ..SignIn::default() }).await;
                    let _ = window().location().set_href(if opened.is_ok() { OWN_PLACE } else { "/" });
                }
                Err(refusal) => {
                    busy.try_set(false);
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    view! {
        <p data-testid="invited-words">{hint}</p>
        <p class="muted">{say!(account::password_rule())}</p>
        <form on:submit=submit>
            <label class="f wide"><span>{say!(account::NAME)}</span><input readonly=true autocomplete="username" data-testid="invited-name" prop:value=shown/></label>
            {field::secret("invited-password", say!(account::PASSWORD), field::NEW, secret)}
            {field::secret("invited-again", say!(account::PASSWORD_AGAIN), field::NEW, again)}
            <FaultBanner fault/>
            <button type="submit" class="btn go" data-testid="invited-save" disabled=move || busy.get()>{say!(accounts::CHOOSE)}</button>
        </form>
    }
}
