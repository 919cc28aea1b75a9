//! 登录, and the first account of a new server by its one-time address.

use super::ConsoleContext;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::focus_soon;
use crate::kit::look::LookSwitches;
use crate::kit::route::location;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::SignIn;
use shared::fault::{Code, Fault};
use shared::rule::password;
use shared::{fault, say};

#[component]
pub fn SignInPage(context: ConsoleContext) -> impl IntoView {
    let done = move |()| context.refresh();
    view! { <Form title=say!(account::SIGN_IN) words=say!(account::SIGN_IN_HINT).to_owned() act=say!(account::SIGN_IN) twice=false context target=Signal::derive(|| "/api/session".to_owned()) done/> }
}

#[component]
pub fn FirstAccount(context: ConsoleContext) -> impl IntoView {
    let location = location();
    let token = location.value_now("token").unwrap_or_default();
    let done = move |()| {
        context.refresh();
        location.replace("/");
    };
    view! { <Form title=say!(account::FIRST_ACCOUNT) words=say!(account::first_account_hint()) act=say!(account::MAKE_FIRST_ACCOUNT) twice=true context target=Signal::derive(move || format!("/api/first-account?token={token}")) done/> }
}

#[component]
fn Form(
    title: &'static str,
    words: String,
    act: &'static str,
    twice: bool,
    context: ConsoleContext,
    target: Signal<String>,
    #[prop(into)] done: Callback<()>,
) -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (name, secret, again, code) = (typed(), typed(), typed(), typed());
    // The field stays once it was asked for: a wrong code is followed by another one.
    let wanted = RwSignal::new(false);
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if twice && let Err(weak) = password::check(name.get_untracked().trim(), &secret.get_untracked()) {
            return fault.set(Some(weak.into()));
        }
        if twice && secret.get_untracked() != again.get_untracked() {
            return fault.set(Some(fault!(Code::BadInput, account::PASSWORDS_DIFFER)));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = SignIn { name: name.get_untracked().trim().to_owned(), password: secret.get_untracked(), code: code.get_untracked() };
        let target = target.get_untracked();
        spawn_local(async move {
            let answer = http::post(&target, &ask).await;
            busy.try_set(false);
            match answer {
                Ok(()) => done.run(()),
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
    focus_soon("console-name");
    view! {
        <main class="sign-in">
            <form class="card" on:submit=submit>
                <h1>{say!(page::CONSOLE)}</h1>
                <h2>{title}</h2>
                <p class="muted" data-testid="sign-in-words">{words}</p>
                <label class="f"><span>{say!(account::NAME)}</span><input id="console-name" data-testid="console-name" autocomplete="username" required=true prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                <label class="f"><span>{say!(account::PASSWORD)}</span><input type="password" data-testid="console-password" autocomplete=if twice { "new-password" } else { "current-password" } required=true prop:value=move || secret.get() on:input:target=move |event| secret.set(event.target().value())/></label>
                {twice.then(|| view! { <label class="f"><span>{say!(account::PASSWORD_AGAIN)}</span><input type="password" data-testid="console-password-again" autocomplete="new-password" required=true prop:value=move || again.get() on:input:target=move |event| again.set(event.target().value())/></label> })}
                {move || wanted.get().then(|| view! { <label class="f"><span>{say!(account::FACTOR)}</span><input id="console-code" data-testid="console-code" inputmode="numeric" autocomplete="one-time-code" prop:value=move || code.get() on:input:target=move |event| code.set(event.target().value())/></label> })}
                <FaultBanner fault/>
                <button type="submit" class="btn go" data-testid="console-signin" disabled=move || busy.get()>{act}<kbd>"Enter"</kbd></button>
                <div class="sign-in-foot">
                    {twice.then(|| view! { <a href="/" data-testid="to-sign-in">{say!(account::HAVE_AN_ACCOUNT)}</a> })}
                    <span class="sp"></span>
                    <LookSwitches large=context.large contrast=context.contrast spoken=context.language class="btn small"/>
                </div>
            </form>
        </main>
    }
}
