//! The frame of the pages about accounts: the way back, the title, signing out, how it is to look; and the page in the language of its reader.

use crate::backend::http;
use crate::kit::look::{self, LookSwitches};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::say;
use shared::schema::Label;

/// A page in its frame.
#[derive(Debug)]
pub struct Framed {
    pub title: &'static str,
    pub parts: AnyView,
    /// Of who is signed in: where else one goes from here, by which words.
    pub beside: Option<(&'static str, &'static str)>,
}

/// Frames a page, and builds it anew in another language.
pub fn frame(name: Label, page: fn() -> Framed) -> impl IntoView {
    let ((large, contrast), spoken) = (look::kept(), RwSignal::new(look::kept_language()));
    let (large, contrast) = (RwSignal::new(large), RwSignal::new(contrast));
    Effect::new(move |_| {
        look::apply_theme(large.get(), contrast.get());
        look::keep(large.get(), contrast.get());
    });
    // Spoken before anything is built.
    let language = Memo::new(move |_| {
        look::speak(spoken.get(), name);
        look::keep_language(spoken.get());
        spoken.get()
    });
    move || {
        let _ = language.get();
        let Framed { title, parts, beside } = page();
        view! {
            <header class="account-top">
                {beside.map(|(place, words)| view! { <a href=place data-testid="account-back">{words}</a> })}
                <h1>{title}</h1><span class="sp"></span>
                {beside.map(|_| view! { <button type="button" class="btn small dark" data-testid="account-signout" on:click=|_| sign_out()>{say!(account::SIGN_OUT)}</button> })}
                <LookSwitches large contrast spoken class="btn small dark"/>
            </header>
            <main class="account-main scroll">{parts}</main>
        }
    }
}

fn sign_out() {
    spawn_local(async move {
        // Where it did not go the page says so by still being there.
        if http::delete("/api/session").await.is_ok() {
            let _ = window().location().set_href("/");
        }
    });
}
