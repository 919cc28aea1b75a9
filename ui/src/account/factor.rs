//! The second factor: a code of an authenticator app beside the password.

use super::AccountContext;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::focus_soon;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::{FactorAsk, FactorBegun, FactorCode};
use shared::fault::Fault;
use shared::say;

#[component]
pub fn Factor(context: AccountContext) -> impl IntoView {
    let begun = RwSignal::new(None::<FactorBegun>);
    let on = Memo::new(move |_| context.account.value.with(|account| account.as_ref().is_some_and(|account| account.second_factor)));
    let state = move || {
        match (on.get(), begun.get()) {
        (true, _) => view! {
            <p class="tag ok" data-testid="factor-on"><Draw icon=Icon::Check/>{say!(account::FACTOR_ON)}</p>
            <Code context begun act=say!(account::FACTOR_END) path="/api/account/factor/end" done=say!(account::FACTOR_ENDED) test="factor-end"/>
        }
        .into_any(),
        (false, Some(FactorBegun { secret, picture })) => view! {
            <p>{say!(account::FACTOR_SCAN)}</p>
            <div class="factor"><img src=picture alt=say!(account::FACTOR_PICTURE) width="220" height="220"/><div><p class="muted">{say!(account::FACTOR_TYPE)}</p><code data-testid="factor-secret">{secret}</code></div></div>
            <Code context begun act=say!(account::FACTOR_CONFIRM) path="/api/account/factor/confirm" done=say!(account::FACTOR_ON) test="factor-confirm"/>
        }
        .into_any(),
        (false, None) => view! { <Begin begun/> }.into_any(),
    }
    };
    view! { <section class="card"><h2>{say!(account::FACTOR)}</h2>{state}</section> }
}

#[component]
fn Begin(begun: RwSignal<Option<FactorBegun>>) -> impl IntoView {
    let (password, fault) = (RwSignal::new(String::new()), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let ask = FactorAsk { password: password.get_untracked() };
        spawn_local(async move {
            match http::ask::<FactorBegun>("/api/account/factor", &ask).await {
                Ok(answer) => drop(begun.try_set(Some(answer))),
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    view! {
        <p>{say!(account::FACTOR_WHY)}</p>
        <form on:submit=submit>
            <label class="f wide"><span>{say!(account::PASSWORD_NOW)}</span><input type="password" data-testid="factor-password" autocomplete="current-password" required=true prop:value=move || password.get() on:input:target=move |event| password.set(event.target().value())/></label>
            <FaultBanner fault/>
            <button type="submit" class="btn" data-testid="factor-begin">{say!(account::FACTOR_BEGIN)}</button>
        </form>
    }
}

/// Sends a code.
#[component]
fn Code(
    context: AccountContext,
    begun: RwSignal<Option<FactorBegun>>,
    act: &'static str,
    path: &'static str,
    done: &'static str,
    test: &'static str,
) -> impl IntoView {
    let (code, fault) = (RwSignal::new(String::new()), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let ask = FactorCode { code: code.get_untracked().trim().to_owned() };
        spawn_local(async move {
            match http::post(path, &ask).await {
                Ok(()) => {
                    begun.try_set(None);
                    context.notes.good(done);
                    context.again();
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    // What is begun goes on: the picture comes into sight with the field below it.
    if begun.with_untracked(Option::is_some) {
        focus_soon("factor-code");
    }
    view! {
        <form on:submit=submit>
            <label class="f wide"><span>{say!(account::FACTOR_CODE)}</span><input id="factor-code" inputmode="numeric" autocomplete="one-time-code" data-testid="factor-code" required=true prop:value=move || code.get() on:input:target=move |event| code.set(event.target().value())/></label>
            <FaultBanner fault/>
            <button type="submit" class="btn" data-testid=test>{act}</button>
        </form>
    }
}
