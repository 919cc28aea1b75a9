//! What did not go, and what went: a banner that stays, and notes that leave by themselves.

use super::icon::{Draw, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::fault::Fault;

/// The fault in a banner: what happened, what to do.
#[component]
pub fn FaultBanner(#[prop(into)] fault: Signal<Option<Fault>>) -> impl IntoView {
    move || {
        fault.get().map(|fault| {
            let (happened, next_step) = fault.said();
            let (happened, next_step) = (happened.to_owned(), next_step.to_owned());
            view! {
                <div class="banner bad" role="alert" data-testid="fault">
                    <Draw icon=Icon::Alert/>
                    <div><b>{happened}</b>" "{next_step}</div>
                </div>
            }
        })
    }
}

/// A note over the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Shown large, when there is one.
    pub number: Option<String>,
    pub words: String,
    pub bad: bool,
}

/// The notes of the app.
#[derive(Clone, Copy, Debug)]
pub struct Notes(pub RwSignal<Option<(u64, Note)>>);

impl Notes {
    fn show(self, note: Note, stay_ms: u32) {
        let turn = self.0.with_untracked(|now| now.as_ref().map_or(0, |(turn, _)| *turn)) + 1;
        self.0.set(Some((turn, note)));
        spawn_local(async move {
            gloo_timers::future::TimeoutFuture::new(stay_ms).await;
            if self.0.try_with_untracked(|now| now.as_ref().is_some_and(|(at, _)| *at == turn)) == Some(true) {
                self.0.set(None);
            }
        });
    }

    /// Takes the note away, when another matter begins.
    pub fn clear(self) {
        self.0.try_set(None);
    }

    /// An order number, large.
    pub fn number(self, number: String, words: String) {
        self.show(Note { number: Some(number), words, bad: false }, 8_000);
    }

    /// Something went well.
    pub fn good(self, words: impl Into<String>) {
        self.show(Note { number: None, words: words.into(), bad: false }, 5_000);
    }

    /// Something did not go.
    pub fn bad(self, fault: &Fault) {
        self.show(Note { number: None, words: fault.to_string(), bad: true }, 10_000);
    }
}

/// Where the notes appear.
#[component]
pub fn NotesView(notes: Notes) -> impl IntoView {
    view! {
        <div class="notes" role="status" aria-live="polite">
            {move || notes.0.get().map(|(_, note)| { let small = note.number.is_none(); view! {
                <div class="note" class:bad=note.bad class:small=small data-testid="note">
                    <Draw icon=if note.bad { Icon::Alert } else { Icon::Check }/>
                    {note.number.map(|number| view! { <b class="huge" data-testid="order-number">{number}</b> })}
                    <span>{note.words}</span>
                </div>
            }})}
        </div>
    }
}
