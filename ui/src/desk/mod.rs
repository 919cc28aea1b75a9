//! The desk: the frame around its screens, and what they all know (how it stands, what changed).

mod conflicts;
mod delivery;
mod elder_form;
mod elder_move;
mod elders;
mod frame;
mod import;
mod kitchen;
mod ledger;
mod list;
mod menu;
mod order;
mod order_dialog;
mod progress;
mod reason;
mod record;
mod screens;
mod settings;
mod staff;
mod standing;
mod today;
mod village;

use crate::backend;
use crate::kit::fault::Notes;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{Hint, KeyBar};
use crate::kit::look;
use crate::kit::nav::{Menu, Screen, Screens};
use crate::kit::route::Location;
use crate::seat::{Seat, SeatScreen};
use gloo_timers::future::TimeoutFuture;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{DeskStatus, Status};
use shared::fault::Fault;
use shared::kinds::StaffRole;
use shared::{label, rights, say};
use std::sync::LazyLock;

/// How often the desk is asked how it stands.
const POLL_MS: u32 = 2_000;

/// What every screen of the desk knows.
#[derive(Clone, Copy, Debug)]
pub struct DeskContext {
    pub status: RwSignal<DeskStatus>,
    /// The first answer is there.
    pub known: RwSignal<bool>,
    /// Why the program behind the page does not answer as it should.
    pub fault: RwSignal<Option<Fault>>,
    /// Another number: records changed, fetch again.
    pub revision: RwSignal<u64>,
    pub today: RwSignal<Date>,
    pub notes: Notes,
    /// Who sits here.
    pub seat: Seat,
    /// What he is here for, or who sat here last while it is locked; none where nobody has a PIN, and all may be done.
    role: Memo<Option<StaffRole>>,
}

impl DeskContext {
    fn new() -> Self {
        let status = RwSignal::new(DeskStatus::default());
        let seat = Seat {
            locked: Memo::new(move |_| status.with(|status| status.locked)).into(),
            taken: Memo::new(move |_| status.with(|status| status.person.is_some())).into(),
            changing: RwSignal::new(false),
            refresh: Callback::new(|()| desk().refresh()),
        };
        let role = move |before: Option<&Option<StaffRole>>| {
            status.with(|status| match &status.person {
                Some(person) => Some(person.role),
                None => before.copied().flatten().filter(|_| status.locked),
            })
        };
        Self {
            status,
            role: Memo::new(role),
            known: RwSignal::new(false),
            fault: RwSignal::new(None),
            revision: RwSignal::new(0),
            today: RwSignal::new(Date::default()),
            notes: Notes(RwSignal::new(None)),
            seat,
        }
    }

    /// Whether who sits here may give a command, about a list where it names one.
    pub fn may(self, [command, list]: [&str; 2]) -> bool {
        self.role.get().is_none_or(|role| rights::desk::may(Some(role), command, Some(list)))
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
                        if self.fault.with_untracked(Option::is_some) {
                            self.fault.set(None);
                        }
                    }
                    Err(fault) if self.fault.with_untracked(|known| known.as_ref() != Some(&fault)) => self.fault.set(Some(fault)),
                    Err(_) => {}
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

/// The program of every day.
#[component]
pub fn Day() -> impl IntoView {
    view! { <Desk screens=&screens::DAY/> }
}

/// The program of what is done once a day for all meals.
#[component]
pub fn Meals() -> impl IntoView {
    view! { <Desk screens=&screens::MEALS_OF_DAY/> }
}

/// The program of what is opened now and then.
#[component]
pub fn Office() -> impl IntoView {
    view! { <Desk screens=&screens::OFFICE/> }
}

#[component]
fn Desk(screens: &'static LazyLock<Vec<Screen>>) -> impl IntoView {
    let screens: &'static [Screen] = screens;
    let context = DeskContext::new();
    Location::provide();
    provide_context(context);
    provide_context(reason::Remembered(RwSignal::new(reason::Given::default())));
    provide_context(KeyBar(RwSignal::new(Vec::<Hint>::new())));
    context.poll();
    let look = Memo::new(move |_| context.status.with(|status| (status.settings.large_type, status.settings.high_contrast)));
    Effect::new(move |_| {
        let (large, contrast) = look.get();
        look::apply_theme(large, contrast);
    });
    // Spoken before anything is built; another language builds all anew.
    let language = Memo::new(move |_| {
        let language = context.status.with(|status| status.settings.language);
        look::speak(language, label!(page::PRODUCT));
        language
    });
    context.seat.stir_by_hand();
    // Nothing is asked for before somebody has signed in; after that a lock lies over what stands there.
    let opened = Memo::new(move |before: Option<&bool>| before == Some(&true) || context.known.get() && !context.seat.locked.get());
    let stage =
        Memo::new(move |_| (context.known.get().then(|| context.status.with(|status| status.enrolled)), language.get(), opened.get()));
    let menu = Menu::new(screens, move |asks| context.may(asks));
    let settings = screens::settings(screens);
    let at_settings = move || settings.map(|screen| (screen.view)(screen.path));
    let stands = move || match stage.get() {
        (None, ..) => view! { <Opening fault=context.fault/> }.into_any(),
        (Some(_), _, false) => ().into_any(),
        (Some(false), ..) => view! { <frame::Frame menu settings enrolled=false>{at_settings()}</frame::Frame> }.into_any(),
        (Some(true), ..) => view! { <frame::Frame menu settings enrolled=true><Screens menu other=|_| None/></frame::Frame> }.into_any(),
    };
    view! { {stands}<SeatScreen seat=context.seat/> }
}

/// Before the first answer: the program is opening, or it says why it can't.
#[component]
fn Opening(fault: RwSignal<Option<Fault>>) -> impl IntoView {
    move || match fault.get() {
        None => view! { <main class="boot">{say!(page::OPENING)}</main> }.into_any(),
        Some(fault) => {
            let (happened, next_step) = fault.said();
            let (happened, next_step) = (happened.to_owned(), next_step.to_owned());
            view! {
            <main class="unopened"><section class="card" role="alert" data-testid="unopened">
                <h1><Draw icon=Icon::Alert/>{happened}</h1>
                <p>{next_step}</p>
                <p class="muted">{say!(page::RETRYING)}</p>
            </section></main>
            }
            .into_any()
        }
    }
}
