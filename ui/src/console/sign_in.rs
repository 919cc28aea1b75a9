//! 登录: the password, and a second factor where the account has one: a code of an app, or a key.

use super::ConsoleContext;
use crate::backend::http;
use crate::key;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::focus_soon;
use crate::kit::look::LookSwitches;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::SignIn;
use shared::fault::{Code, Fault};
use shared::say;

#[component]
pub fn SignInPage(context: ConsoleContext) -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (name, secret, code) = (typed(), typed(), typed());
    // The field stays once it was asked for: a wrong code is followed by another one.
    let wanted = RwSignal::new(false);
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    // A key signs what the server gives out for this sign-in, in the place of a code.
    let send = move |by_key: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let mut ask = SignIn { name: name.get_untracked().trim().to_owned(), password: secret.get_untracked(), code: code.get_untracked() };
        spawn_local(async move {
            let answer = async {
                if by_key {
                    match key::signature("/api/session/challenge", &ask).await? {
                        Some(signature) => ask.code = signature,
                        None => return Ok(false),
                    }
                }
                http::post("/api/session", &ask).await.map(|()| true)
            };
            let answer = answer.await;
            busy.try_set(false);
            match answer {
                Ok(true) => context.refresh(),
                Ok(false) => {}
                Err(refusal) => {
                    if refusal.code == Code::SecondFactor {
                        wanted.try_set(true);
                        focus_soon("console-code");
                    }
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send(false);
    };
    focus_soon("console-name");
    view! {
        <main class="sign-in">
            <form class="card" on:submit=submit>
                <h1>{say!(page::CONSOLE)}</h1>
                <h2>{say!(account::SIGN_IN)}</h2>
                <p class="muted" data-testid="sign-in-words">{say!(account::SIGN_IN_HINT)}</p>
                <label class="f"><span>{say!(account::NAME)}</span><input id="console-name" data-testid="console-name" autocomplete="username" required=true prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                <label class="f"><span>{say!(account::PASSWORD)}</span><input type="password" data-testid="console-password" autocomplete="current-password" required=true prop:value=move || secret.get() on:input:target=move |event| secret.set(event.target().value())/></label>
                {move || wanted.get().then(|| view! { <label class="f"><span>{say!(account::FACTOR)}</span><input id="console-code" data-testid="console-code" inputmode="numeric" autocomplete="one-time-code" prop:value=move || code.get() on:input:target=move |event| code.set(event.target().value())/></label><p><button type="button" class="btn" data-testid="console-key" on:click=move |_| send(true)>{say!(account::USE_KEY)}</button></p> })}
                <FaultBanner fault/>
                <button type="submit" class="btn go" data-testid="console-signin" disabled=move || busy.get()>{say!(account::SIGN_IN)}<kbd>"Enter"</kbd></button>
                <div class="sign-in-foot">
                    <span class="sp"></span>
                    <LookSwitches large=context.large contrast=context.contrast spoken=context.language class="btn small"/>
                </div>
            </form>
        </main>
    }
}
