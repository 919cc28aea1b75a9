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
use shared::zh;

#[component]
pub fn SignInPage(context: ConsoleContext) -> impl IntoView {
    let done = move |()| context.refresh();
    view! { <Form title="登录" words="账号和密码由上级民政部门发给。".to_owned() act="登录" twice=false context target=Signal::derive(|| "/api/session".to_owned()) done/> }
}

#[component]
pub fn FirstAccount(context: ConsoleContext) -> impl IntoView {
    let location = location();
    let token = location.value_now("token").unwrap_or_default();
    let done = move |()| {
        context.refresh();
        location.replace("/");
    };
    view! { <Form title="建立市级账号" words=format!("这是新服务器的第一个账号，这个地址只能用一次。{}", zh::password_rule()) act="建立账号" twice=true context target=Signal::derive(move || format!("/api/first-account?token={token}")) done/> }
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
    let (name, secret, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if twice && let Err(weak) = password::check(name.get_untracked().trim(), &secret.get_untracked()) {
            return fault.set(Some(weak.into()));
        }
        if twice && secret.get_untracked() != again.get_untracked() {
            return fault.set(Some(Fault::new(Code::BadInput, "两次密码不一样。", "请再输一遍。")));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = SignIn { name: name.get_untracked().trim().to_owned(), password: secret.get_untracked() };
        let target = target.get_untracked();
        spawn_local(async move {
            let answer = http::post(&target, &ask).await;
            busy.try_set(false);
            match answer {
                Ok(()) => done.run(()),
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    focus_soon("console-name");
    view! {
        <main class="sign-in">
            <form class="card" on:submit=submit>
                <h1>"银龄饭堂 · 监管平台"</h1>
                <h2>{title}</h2>
                <p class="muted" data-testid="sign-in-words">{words}</p>
                <label class="f"><span>"账号"</span><input id="console-name" data-testid="console-name" autocomplete="username" required=true prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                <label class="f"><span>"密码"</span><input type="password" data-testid="console-password" autocomplete=if twice { "new-password" } else { "current-password" } required=true prop:value=move || secret.get() on:input:target=move |event| secret.set(event.target().value())/></label>
                {twice.then(|| view! { <label class="f"><span>"再输一遍"</span><input type="password" data-testid="console-password-again" autocomplete="new-password" required=true prop:value=move || again.get() on:input:target=move |event| again.set(event.target().value())/></label> })}
                <FaultBanner fault/>
                <button type="submit" class="btn go" data-testid="console-signin" disabled=move || busy.get()>{act}<kbd>"Enter"</kbd></button>
                <div class="sign-in-foot">
                    {twice.then(|| view! { <a href="/" data-testid="to-sign-in">"已经有账号，去登录"</a> })}
                    <span class="sp"></span>
                    <LookSwitches large=context.large contrast=context.contrast class="btn small"/>
                </div>
            </form>
        </main>
    }
}
