//! Codes of an authenticator app beside the password.

use super::asked::{Asked, Sent, ending};
use super::{AccountContext, field};
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
    let (begun, other) = (RwSignal::new(None::<FactorBegun>), RwSignal::new(false));
    let on = move || context.account.value.with(|account| account.as_ref().is_some_and(|account| account.app));
    let begin = move |ask: FactorAsk| -> Sent {
        Box::pin(async move {
            let answer = http::ask::<FactorBegun>("/api/account/factor", &ask).await?;
            other.try_set(false);
            begun.try_set(Some(answer));
            Ok(())
        })
    };
    let state = move || {
        match (begun.get(), on(), other.get()) {
        (Some(begun_now), ..) => view! { <Scan context begun told=begun_now/> }.into_any(),
        (None, true, false) => view! {
            <p class="tag ok" data-testid="factor-on"><Draw icon=Icon::Check/>{say!(account::FACTOR_ON)}</p>
            <Asked context act=say!(account::FACTOR_END) test="factor-end" send=ending(context, "/api/account/factor/end".to_owned(), say!(account::FACTOR_ENDED))/>
            <p><button type="button" class="btn small" data-testid="factor-other" on:click=move |_| other.set(true)>{say!(account::FACTOR_OTHER_PHONE)}</button></p>
        }
        .into_any(),
        (None, ..) => view! {
            <p>{say!(account::FACTOR_WHY)}</p>
            <Asked context password="factor-password" act=say!(account::FACTOR_BEGIN) test="factor-begin" send=Box::new(begin)/>
        }
        .into_any(),
    }
    };
    view! { <section class="card"><h2>{say!(account::FACTOR)}</h2>{state}</section> }
}

/// What the app is told, and its first code.
#[component]
fn Scan(context: AccountContext, begun: RwSignal<Option<FactorBegun>>, told: FactorBegun) -> impl IntoView {
    let (code, fault) = (RwSignal::new(String::new()), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let ask = FactorCode { code: code.get_untracked().trim().to_owned() };
        spawn_local(async move {
            match http::post("/api/account/factor/confirm", &ask).await {
                Ok(()) => {
                    begun.try_set(None);
                    context.notes.good(say!(account::FACTOR_ON));
                    context.again();
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    // What is begun goes on: the picture comes into sight with the field below it.
    focus_soon("factor-code");
    view! {
        <p>{say!(account::FACTOR_SCAN)}</p>
        <div class="factor"><img src=told.picture alt=say!(account::FACTOR_PICTURE) width="220" height="220"/><div><p class="muted">{say!(account::FACTOR_TYPE)}</p><code data-testid="factor-secret">{told.secret}</code></div></div>
        <form on:submit=submit>
            {field::code(say!(account::FACTOR_CODE), code)}
            <FaultBanner fault/>
            <button type="submit" class="btn" data-testid="factor-confirm">{say!(account::FACTOR_CONFIRM)}</button>
        </form>
    }
}
