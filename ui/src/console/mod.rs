//! The console: figures of a site and a period, down to the row and its photo. It reads; what it stops is somebody of the staff. What
//! an account may see and do is decided by the server.

mod audit;
mod chart;
mod conflicts;
mod devices;
mod export;
mod ledger;
mod list;
mod overview;
mod period_bar;
mod record;
mod screens;
mod sign_in;
mod staff;

use crate::backend::http;
use crate::kit::icon::{Draw, Icon};
use crate::kit::look::{self, LookSwitches};
use crate::kit::nav::{CommandBox, Menu, NavLink, READ, Screen, Screens, nav_keys};
use crate::kit::route::Location;
use crate::kit::tag::Tag;
use crate::kit::time::{clock, day_long};
use gloo_timers::future::TimeoutFuture;
use jiff::civil::{Date, DateTime};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::Session;
use shared::fault::Code;
use shared::kinds::Role;
use shared::rights::console as rights;
use shared::schema::Label;
use shared::words::Language;
use shared::{label, say};

/// How often figures are fetched again.
const POLL_MS: u32 = 10_000;

/// What every page of the console knows.
#[derive(Clone, Copy, Debug)]
pub struct ConsoleContext {
    pub session: RwSignal<Option<Session>>,
    /// The first answer is there.
    known: RwSignal<bool>,
    /// Counts up with every poll.
    pub tick: RwSignal<u64>,
    pub today: Memo<Date>,
    now: RwSignal<Option<DateTime>>,
    online: RwSignal<bool>,
    /// To auditors: what another hand changed, in words.
    pub altered: RwSignal<Option<String>>,
    pub large: RwSignal<bool>,
    pub contrast: RwSignal<bool>,
    pub language: RwSignal<Language>,
}

impl ConsoleContext {
    fn new() -> Self {
        let session = RwSignal::new(None::<Session>);
        let (large, contrast) = look::kept();
        let now = RwSignal::new(None::<DateTime>);
        let today = Memo::new(move |_| now.get().map(DateTime::date).unwrap_or_default());
        Self {
            session,
            known: RwSignal::new(false),
            tick: RwSignal::new(0),
            today,
            now,
            online: RwSignal::new(true),
            altered: RwSignal::new(None),
            large: RwSignal::new(large),
            contrast: RwSignal::new(contrast),
            language: RwSignal::new(look::kept_language()),
        }
    }

    /// Asks who is signed in.
    async fn ask(self) {
        match http::get::<Session>("/api/session").answer().await {
            Ok(session) => {
                self.now.set(Some(session.now));
                self.online.set(true);
                if let Some(place) = &session.elsewhere {
                    let _ = window().location().set_href(place);
                }
                self.altered.set(session.altered.clone());
                if self.session.with_untracked(|known| known.as_ref().map(|known| &known.name) != Some(&session.name)) {
                    self.session.set(Some(session));
                }
            }
            Err(fault) if matches!(fault.code, Code::SignIn | Code::Forbidden) => self.session.set(None),
            Err(_) => self.online.set(false),
        }
        self.known.set(true);
    }

    /// Whether who is signed in may ask for something.
    pub fn may(self, asks: [&str; 2]) -> bool {
        self.session.with(|session| session.as_ref().is_some_and(|session| may(session.role, asks)))
    }

    pub fn refresh(self) {
        spawn_local(async move {
            self.ask().await;
            self.tick.update(|tick| *tick += 1);
        });
    }

    fn poll(self) {
        spawn_local(async move {
            loop {
                self.ask().await;
                if self.session.with_untracked(Option::is_some) {
                    self.tick.update(|tick| *tick += 1);
                }
                TimeoutFuture::new(POLL_MS).await;
            }
        });
    }
}

/// Whether an account of that role may ask for something: the table of rights says so, at the server as here.
fn may(role: Role, [method, path]: [&str; 2]) -> bool {
    if method == READ { rights::reads(role, path) } else { rights::who(method, path).has(Some(role)) }
}

/// The context of the console.
pub fn console() -> ConsoleContext {
    use_context::<ConsoleContext>().unwrap_or_else(ConsoleContext::new)
}

#[component]
pub fn Console() -> impl IntoView {
    let context = ConsoleContext::new();
    Location::provide();
    provide_context(context);
    context.poll();
    Effect::new(move |_| {
        let (large, contrast) = (context.large.get(), context.contrast.get());
        look::apply_theme(large, contrast);
        look::keep(large, contrast);
    });
    // Spoken before anything is built; another language builds all anew.
    let language = Memo::new(move |_| {
        let language = context.language.get();
        look::speak(language, label!(page::CONSOLE));
        look::keep_language(language);
        language
    });
    let stage = Memo::new(move |_| (context.known.get(), context.session.with(Option::is_some), language.get()));
    move || match stage.get() {
        (false, ..) => view! { <main class="boot">{say!(page::OPENING)}</main> }.into_any(),
        (_, false, ..) => view! { <sign_in::SignInPage context/> }.into_any(),
        (_, true, ..) => view! { <Frame context/> }.into_any(),
    }
}

#[component]
fn Frame(context: ConsoleContext) -> impl IntoView {
    let finding = RwSignal::new(false);
    let menu = Menu::new(&screens::SCREENS, move |asks| context.may(asks));
    nav_keys(menu, finding);
    let sign_out = move |_| {
        spawn_local(async move {
            let _ = http::delete("/api/session").await;
            context.session.set(None);
        });
    };
    let who = move || {
        context
            .session
            .with(|session| session.as_ref().map(|session| (session.division_name.clone(), session.name.clone())).unwrap_or_default())
    };
    let fresh = move || context.now.get().map(|now| say!(page::fresh(&clock(now)))).unwrap_or_default();
    view! {
        <div class="console">
            <header class="console-top">
                <b>{say!(page::PRODUCT)}" · "{move || who().0}</b>
                <span class="tag plain">{move || day_long(context.today.get())}</span>
                <span class="sp"></span>
                {move || if context.online.get() { view! { <span class="live"><Draw icon=Icon::Cloud/>{fresh}</span> }.into_any() } else { view! { <span class="live"><Draw icon=Icon::CloudOff/>{say!(page::SERVER_AWAY)}</span> }.into_any() }}
                <LookSwitches large=context.large contrast=context.contrast spoken=context.language class="btn small dark"/>
                {move || context.altered.get().map(|_| view! { <Tag tone="bad" icon=Icon::Alert words=say!(alarm::SOME)/> })}
                <a href="/account" target="_self" class="btn small dark" data-testid="console-who">{move || who().1}</a>
                <button type="button" class="btn small dark" data-testid="console-signout" on:click=sign_out>{say!(account::SIGN_OUT)}</button>
            </header>
            <nav class="console-nav" aria-label=say!(screen::MENU)>
                <button type="button" class="btn small" data-testid="console-nav-all" on:click=move |_| finding.set(true)><Draw icon=Icon::Grid/>{say!(screen::FIND)}<kbd>"Ctrl K"</kbd></button>
                {move || groups(menu)}
            </nav>
            <main class="console-main"><Screens menu other=screens::other/></main>
            <CommandBox menu finding/>
        </div>
    }
}

/// The screens under the headings of their groups.
fn groups(menu: Menu) -> impl IntoView {
    let mut group = Label::new("", "");
    let line = |screen: &'static Screen| {
        let head = (std::mem::replace(&mut group, screen.group) != screen.group).then(|| view! { <h2>{screen.group.said()}</h2> });
        view! { {head}<NavLink screen/> }
    };
    menu.offered().map(line).collect_view()
}
