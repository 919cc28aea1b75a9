//! The desk: the frame around its screens, and what they all know (how it stands, what changed).

mod delivery;
mod elder_form;
mod elders;
mod frame;
mod import;
mod ledger;
mod order;
mod order_dialog;
mod settings;
mod today;
mod village;

use crate::backend;
use crate::kit::fault::Notes;
use crate::kit::keys::{Hint, KeyBar};
use gloo_timers::future::TimeoutFuture;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use shared::command::{DeskStatus, Status};

/// How often the desk is asked how it stands.
const POLL_MS: u32 = 2_000;

/// An order taken at this desk since the page was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub number: String,
    pub name: String,
    pub words: String,
    pub at: String,
}

/// What every screen of the desk knows.
#[derive(Clone, Copy, Debug)]
pub struct DeskContext {
    pub status: RwSignal<DeskStatus>,
    /// The first answer is there.
    pub known: RwSignal<bool>,
    /// The program behind the page answers.
    pub answers: RwSignal<bool>,
    /// Another number: records changed, fetch again.
    pub revision: RwSignal<u64>,
    pub today: RwSignal<Date>,
    pub notes: Notes,
    pub taken: RwSignal<Vec<Taken>>,
}

impl DeskContext {
    fn new() -> Self {
        Self {
            status: RwSignal::new(DeskStatus::default()),
            known: RwSignal::new(false),
            answers: RwSignal::new(true),
            revision: RwSignal::new(0),
            today: RwSignal::new(Date::default()),
            notes: Notes(RwSignal::new(None)),
            taken: RwSignal::new(Vec::new()),
        }
    }

    /// Takes in how the desk stands.
    pub fn learn(self, status: DeskStatus) {
        if self.today.get_untracked() != status.now.date() {
            self.today.set(status.now.date());
        }
        if self.revision.get_untracked() != status.revision {
            self.revision.set(status.revision);
        }
        if !self.known.get_untracked() || self.status.with_untracked(|known| *known != status) {
            self.status.set(status);
        }
        self.known.set(true);
    }

    /// Asks at once, after an act.
    pub fn refresh(self) {
        spawn_local(async move {
            if let Ok(status) = backend::call(&Status {}).await {
                self.learn(status);
            }
        });
    }

    fn poll(self) {
        spawn_local(async move {
            loop {
                match backend::call(&Status {}).await {
                    Ok(status) => {
                        self.learn(status);
                        if !self.answers.get_untracked() {
                            self.answers.set(true);
                        }
                    }
                    Err(_) => self.answers.set(false),
                }
                TimeoutFuture::new(POLL_MS).await;
            }
        });
    }
}

/// The context of the desk.
pub fn desk() -> DeskContext {
    use_context::<DeskContext>().unwrap_or_else(DeskContext::new)
}

#[component]
pub fn Desk() -> impl IntoView {
    let context = DeskContext::new();
    provide_context(context);
    provide_context(KeyBar(RwSignal::new(Vec::<Hint>::new())));
    context.poll();
    let settings = Memo::new(move |_| context.status.with(|status| (status.settings.large_type, status.settings.high_contrast)));
    Effect::new(move |_| {
        let (large, contrast) = settings.get();
        if let Some(root) = document().document_element() {
            let _ = root.class_list().toggle_with_force("large", large);
            let _ = root.class_list().toggle_with_force("contrast", contrast);
        }
    });
    let stage = Memo::new(move |_| context.known.get().then(|| context.status.with(|status| status.enrolled)));
    view! {
        <Router>
            {move || match stage.get() {
                None => view! { <p class="boot">{move || if context.answers.get() { "正在打开…" } else { "程序没有应答，正在重试…" }}</p> }.into_any(),
                Some(false) => view! { <frame::Frame enrolled=false><settings::Settings/></frame::Frame> }.into_any(),
                Some(true) => view! { <frame::Frame enrolled=true><Screens/></frame::Frame> }.into_any(),
            }}
        </Router>
    }
}

#[component]
fn Screens() -> impl IntoView {
    view! {
        <Routes fallback=today::Today>
            <Route path=path!("/") view=today::Today/>
            <Route path=path!("/order") view=order::PhoneOrder/>
            <Route path=path!("/delivery") view=delivery::Delivery/>
            <Route path=path!("/ledger") view=ledger::Ledger/>
            <Route path=path!("/elders") view=elders::Elders/>
            <Route path=path!("/import") view=import::Import/>
            <Route path=path!("/settings") view=settings::Settings/>
        </Routes>
    }
}
