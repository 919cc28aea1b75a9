//! 我的账号: what people do with their own account of the console: another password, the second factor, their sessions. A page of its own,
//! since it is opened once in a while; with it the first account of a new server.

mod factor;
mod first;
mod password;
mod sessions;

use crate::backend::http;
use crate::kit::fault::{FaultBanner, Notes, NotesView};
use crate::kit::load::{Loaded, load};
use crate::kit::look::{self, LookSwitches};
use leptos::prelude::*;
use shared::console::OwnAccount;
use shared::fault::Code;
use shared::{label, say};

/// What every part of the page knows.
#[derive(Clone, Copy, Debug)]
pub struct AccountContext {
    account: Loaded<OwnAccount>,
    /// Another number: ask again.
    turn: RwSignal<u64>,
    notes: Notes,
}

impl AccountContext {
    fn again(self) {
        self.turn.update(|turn| *turn += 1);
    }
}

#[component]
pub fn Account() -> impl IntoView {
    let ((large, contrast), spoken) = (look::kept(), RwSignal::new(look::kept_language()));
    let (large, contrast) = (RwSignal::new(large), RwSignal::new(contrast));
    Effect::new(move |_| {
        look::apply_theme(large.get(), contrast.get());
        look::keep(large.get(), contrast.get());
    });
    // Spoken before anything is built; another language builds all anew.
    let language = Memo::new(move |_| {
        look::speak(spoken.get(), label!(account::OWN));
        look::keep_language(spoken.get());
        spoken.get()
    });
    move || {
        let _ = language.get();
        let is_first = window().location().pathname().is_ok_and(|path| path == first::PATH);
        let (title, parts) = if is_first {
            (say!(account::FIRST_ACCOUNT), view! { <first::FirstAccount/> }.into_any())
        } else {
            (say!(account::OWN), view! { <Own/> }.into_any())
        };
        view! {
            <header class="account-top">
                {(!is_first).then(|| view! { <a href="/" data-testid="account-back">{say!(account::BACK)}</a> })}
                <h1>{title}</h1><span class="sp"></span>
                <LookSwitches large contrast spoken class="btn small dark"/>
            </header>
            <main class="account-main scroll">{parts}</main>
        }
    }
}

#[component]
fn Own() -> impl IntoView {
    let turn = RwSignal::new(0);
    let account = load(move || {
        turn.track();
        http::get::<OwnAccount>("/api/account")
    });
    let context = AccountContext { account, turn, notes: Notes(RwSignal::new(None)) };
    view! { <Parts context/><NotesView notes=context.notes/> }
}

#[component]
fn Parts(context: AccountContext) -> impl IntoView {
    let account = context.account;
    let signed_out = move || account.fault.with(|fault| fault.as_ref().is_some_and(|fault| fault.code == Code::SignIn));
    let known = Memo::new(move |_| account.value.with(Option::is_some));
    let facts = move || {
        account.value.get().map(|account| {
            view! {
                <section class="card">
                    <div class="kv">
                        <span>{say!(account::NAME)}</span><div data-testid="account-name"><b>{account.name}</b></div>
                        <span>{say!(account::ROLE)}</span><div>{account.role.said()}" · "{account.place}</div>
                    </div>
                </section>
            }
        })
    };
    view! {
        <FaultBanner fault=account.fault/>
        {move || signed_out().then(|| view! { <a class="btn go" href="/" data-testid="account-sign-in">{say!(account::SIGN_IN)}</a> })}
        {facts}
        {move || known.get().then(|| view! { <password::Password context/><factor::Factor context/><sessions::Sessions context/> })}
    }
}
