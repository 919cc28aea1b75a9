//! 我的账号: what people do with their own account of the console: another password, codes of an app, keys, their sessions. A page of its own,
//! since it is opened once in a while; with it the first account of a new server, and where the link to an account leads.

mod asked;
mod factor;
mod field;
mod first;
pub(crate) mod frame;
mod invited;
mod keys;
mod password;
mod sessions;

use crate::backend::http;
use crate::kit::fault::{FaultBanner, Notes, NotesView};
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::{Loaded, load};
use frame::{Framed, frame};
use leptos::prelude::*;
use shared::console::{FIRST_PLACE, INVITED_PLACE, OwnAccount};
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

/// What a one-time link carries: it stands in the fragment of the address.
fn carried() -> String {
    window().location().hash().unwrap_or_default().trim_start_matches('#').to_owned()
}

#[component]
pub fn Account() -> impl IntoView {
    frame(label!(account::OWN), || match window().location().pathname().unwrap_or_default().as_str() {
        FIRST_PLACE => Framed { title: say!(account::FIRST_ACCOUNT), parts: view! { <first::FirstAccount/> }.into_any(), beside: None },
        INVITED_PLACE => Framed { title: say!(accounts::INVITED), parts: view! { <invited::Invited/> }.into_any(), beside: None },
        _ => Framed { title: say!(account::OWN), parts: view! { <Own/> }.into_any(), beside: Some(("/", say!(account::BACK))) },
    })
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

/// What has to be done, or waited for, before anything else is answered.
fn first_of_all(account: &OwnAccount) -> Option<AnyView> {
    let words = if account.factor_due {
        say!(accounts::FACTOR_DUE)
    } else if account.waits {
        say!(accounts::WAITS)
    } else {
        return None;
    };
    Some(
        view! { <div class="banner due" role="alert" data-testid="account-due"><Draw icon=Icon::Clock/><div><b>{words}</b></div></div> }
            .into_any(),
    )
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
        {move || account.value.get().and_then(|account| first_of_all(&account))}
        {facts}
        {move || known.get().then(|| view! { <password::Password context/><factor::Factor context/><keys::Keys context/><sessions::Sessions context/> })}
    }
}
