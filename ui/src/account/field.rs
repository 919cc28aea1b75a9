//! The fields of these pages, each a label beside what is typed: here once, since a page has to be light.

use leptos::prelude::*;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::password;

/// What browsers may fill in: a password that is known, one that is new, a code.
pub const KNOWN: &str = "current-password";
pub const NEW: &str = "new-password";

/// A password.
pub fn secret(test: &'static str, label: &'static str, complete: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <label class="f wide"><span>{label}</span><input type="password" data-testid=test autocomplete=complete required=true prop:value=move || value.get() on:input:target=move |event| value.set(event.target().value())/></label>
    }
    .into_any()
}

/// Why a new password, typed twice, is not sent.
pub fn refused(name: &str, new: RwSignal<String>, again: RwSignal<String>) -> Option<Fault> {
    let (new, again) = (new.get_untracked(), again.get_untracked());
    match password::check(name, &new) {
        Err(weak) => Some(weak.into()),
        Ok(()) => (new != again).then(|| fault!(Code::BadInput, account::PASSWORDS_DIFFER)),
    }
}

/// A code of an app. Where a key may stand in its place nothing has to be typed.
pub fn code(label: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <label class="f wide"><span>{label}</span><input id="factor-code" inputmode="numeric" autocomplete="one-time-code" data-testid="factor-code" prop:value=move || value.get() on:input:target=move |event| value.set(event.target().value())/></label>
    }
    .into_any()
}
