//! The courier's phone: the stops of the day as cards, in the order in which they are driven, for one hand. A stop is
//! called, closed with what happened at the door, and photographed; everything goes over the commands of the desk.

mod card;
mod closing;
mod stops;
mod wire;

use crate::backend;
use crate::kit::fault::{FaultBanner, Notes, NotesView};
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::load;
use crate::kit::look;
use crate::record::meals::MealChoice;
use crate::seat::{Seat, SeatScreen};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::fault::Fault;
use shared::words::Language;
use shared::{label, say};
use stops::{Stops, waits};
use wire::{Desk, Status, Stop, Today};

/// How often the desk is asked how it stands.
const POLL_MS: u32 = 5_000;

/// What is known of the desk behind the page.
#[derive(Clone, Copy, Debug)]
pub struct Behind {
    pub status: RwSignal<Option<Desk>>,
    fault: RwSignal<Option<Fault>>,
}

impl Behind {
    async fn ask(self) {
        match backend::call(&Status {}).await {
            Ok(status) => {
                if self.status.with_untracked(|known| known.as_ref() != Some(&status)) {
                    self.status.set(Some(status));
                }
                if self.fault.with_untracked(Option::is_some) {
                    self.fault.set(None);
                }
            }
            Err(fault) => self.fault.set(Some(fault)),
        }
    }

    /// The name of who sits there.
    fn person(self) -> Option<String> {
        self.status.with(|status| status.as_ref().and_then(|status| Some(status.person.as_ref()?.name.clone())))
    }

    fn poll(self) {
        spawn_local(async move {
            loop {
                self.ask().await;
                TimeoutFuture::new(POLL_MS).await;
            }
        });
    }
}

#[component]
pub fn Phone() -> impl IntoView {
    let behind = Behind { status: RwSignal::new(None), fault: RwSignal::new(None) };
    behind.poll();
    let revision = Memo::new(move |_| behind.status.with(|status| status.as_ref().map(|status| status.revision)));
    let today = Memo::new(move |_| behind.status.with(|status| status.as_ref().map(|status| wire::day(&status.now).to_owned())));
    let language =
        Memo::new(move |_| behind.status.with(|status| status.as_ref().map(|status| status.settings.language).unwrap_or_default()));
    Effect::new(move |_| {
        let look = behind.status.with(|status| status.as_ref().map(|status| (status.settings.large_type, status.settings.high_contrast)));
        let (large, contrast) = look.unwrap_or_default();
        look::apply_theme(large, contrast);
    });
    let board = load(move || {
        // Read, not only tracked: a memo that nobody reads never learns of a change.
        let _ = (revision.get(), today.get());
        backend::ask(&Today {})
    });
    let seat = Seat {
        locked: Memo::new(move |_| behind.status.with(|status| status.as_ref().is_some_and(|status| status.locked))).into(),
        taken: Memo::new(move |_| behind.person().is_some()).into(),
        changing: RwSignal::new(false),
        refresh: Callback::new(move |()| spawn_local(behind.ask())),
    };
    seat.stir_by_hand();
    let stops = Stops::new(behind, board.value, Notes(RwSignal::new(None)));
    // Another language builds all anew, and waits until an open receipt is closed: nothing that was typed there is lost.
    let language = Memo::new(move |spoken: Option<&Language>| {
        let told = language.get();
        let spoken = spoken.copied().filter(|_| stops.open.with(Option::is_some)).unwrap_or(told);
        look::speak(spoken, label!(page::COURIER));
        spoken
    });
    let known = Signal::derive(move || board.value.with(Option::is_some));
    move || {
        let _ = language.get();
        view! { <Page behind stops known fault=board.fault seat/><SeatScreen seat/> }
    }
}

#[component]
fn Page(behind: Behind, stops: Stops, known: Signal<bool>, fault: RwSignal<Option<Fault>>, seat: Seat) -> impl IntoView {
    let office = move || {
        let office = behind.status.with(|status| status.as_ref().map(|status| status.office.clone()).unwrap_or_default());
        if office.is_empty() { say!(page::COURIER).to_owned() } else { office }
    };
    let done = move || stops.of_day.with(|lines| (lines.iter().filter(|line| !waits(line)).count(), lines.len()));
    view! {
        <header class="phone-top">
            <div class="phone-who"><h1>{office}</h1>{move || behind.person().map(|name| view! { <button type="button" class="btn small" data-testid="who" on:click=move |_| seat.changing.set(true)><Draw icon=Icon::Person/>{name}</button> })}</div>
            <p><span>{move || behind.status.with(|status| status.as_ref().map(|status| wire::day_words(&status.now)))}</span><b class="num" data-testid="phone-done">{move || { let (done, all) = done(); say!(delivery::done_of(done, all)) }}</b></p>
            <progress max=move || done().1.max(1).to_string() value=move || done().0.to_string() aria-label=say!(delivery::PROGRESS)></progress>
        </header>
        <main class="phone-main">
            <FaultBanner fault=Signal::derive(move || behind.fault.get().or_else(|| fault.get()))/>
            {move || match stops.open.get() {
                Some(line) => view! { <closing::Closing stops line/> }.into_any(),
                None => view! { <List stops known/> }.into_any(),
            }}
        </main>
        <NotesView notes=stops.notes/>
    }
}

#[component]
fn List(stops: Stops, known: Signal<bool>) -> impl IntoView {
    let leaving = move || stops.shown.with(|lines| lines.iter().filter(|line| stops::leaves(line)).count());
    let cards = move || {
        stops.shown.get().into_iter().enumerate().map(|(at, line): (usize, Stop)| view! { <card::Card stops at line/> }).collect_view()
    };
    view! {
        <MealChoice meal=stops.meal/>
        {move || (leaving() > 0).then(|| view! { <button type="button" class="btn go" data-testid="phone-leave" disabled=move || stops.busy.get() on:click=move |_| stops.leave()><Draw icon=Icon::Truck/>{say!(delivery::leave_with(leaving()))}</button> })}
        <ol class="cards">{cards}</ol>
        {move || (stops.shown.with(Vec::is_empty) && known.get()).then(|| view! { <div class="empty"><Draw icon=Icon::Truck/><p>{say!(delivery::NOTHING_TODAY)}</p></div> })}
    }
}
