//! What is asked before something changes about how one signs in: the password, a second factor where the account has one, or both.

use super::{AccountContext, field};
use crate::backend::http;
use crate::key;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::{FactorAsk, FactorCode};
use shared::fault::Fault;
use shared::say;
use std::pin::Pin;

/// What is done with what was typed.
pub type Sent = Pin<Box<dyn Future<Output = Result<(), Fault>>>>;
/// How: behind a pointer, so that the form is in the page once.
pub type Send = Box<dyn Fn(FactorAsk) -> Sent>;

/// Ends what stands in an address, by a second factor.
pub fn ending(context: AccountContext, path: String, done: &'static str) -> Send {
    Box::new(move |FactorAsk { code, .. }| {
        let path = path.clone();
        Box::pin(async move {
            http::post(&path, &FactorCode { code }).await?;
            context.notes.good(done);
            context.again();
            Ok(())
        })
    })
}

#[component]
pub fn Asked(
    context: AccountContext,
    /// By which tests find the password, where it is asked for as well.
    #[prop(optional)]
    password: &'static str,
    act: &'static str,
    test: &'static str,
    send: Send,
) -> impl IntoView {
    let (secret, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let sent = send(FactorAsk { password: secret.get_untracked(), code: code.get_untracked().trim().to_owned() });
        spawn_local(async move {
            let refusal = sent.await.err();
            busy.try_set(false);
            // What was used up is asked for anew, and the password where it went well.
            code.try_set(String::new());
            if refusal.is_none() {
                secret.try_set(String::new());
            }
            fault.try_set(refusal);
        });
    };
    view! {
        <form on:submit=submit>
            {(!password.is_empty()).then(|| field::secret(password, say!(account::PASSWORD_NOW), field::KNOWN, secret))}
            <Factor context code fault/>
            <FaultBanner fault/>
            <button type="submit" class="btn" data-testid=test disabled=move || busy.get()>{act}</button>
        </form>
    }
}

/// Signs of a signature: no code is as long.
const SIGNED: usize = 128;

/// A code of the app, or the signature of a key: whichever the account has.
#[component]
fn Factor(context: AccountContext, code: RwSignal<String>, fault: RwSignal<Option<Fault>>) -> impl IntoView {
    let of = move |has: fn(&shared::console::OwnAccount) -> bool| context.account.value.with(|account| account.as_ref().is_some_and(has));
    let signed = move || code.with(String::len) == SIGNED;
    let sign = move |_| {
        fault.set(None);
        spawn_local(async move {
            match key::signature("/api/account/challenge", &()).await {
                Ok(Some(signature)) => drop(code.try_set(signature)),
                Ok(None) => {}
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let app = move || (of(|account| account.app) && !signed()).then(|| field::code(say!(account::FACTOR_OLD), code));
    let keys = move || {
        of(|account| !account.keys.is_empty()).then(|| match signed() {
            true => view! { <p class="tag ok" data-testid="key-ready"><Draw icon=Icon::Check/>{say!(account::KEY_READY)}</p> }.into_any(),
            false => {
                view! { <p><button type="button" class="btn" data-testid="factor-key" on:click=sign>{say!(account::USE_KEY)}</button></p> }
                    .into_any()
            }
        })
    };
    view! { {app}{keys} }
}
