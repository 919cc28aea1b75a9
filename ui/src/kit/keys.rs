//! Keys of a screen: one listener per screen that ends with it, the bar at the bottom that prints
//! them, which alone knows of F1.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::say;
use std::borrow::Cow;
use wasm_bindgen::JsCast;

/// A key and what it does here.
pub type Hint = (&'static str, &'static str);

/// The keys that the bottom bar prints now.
#[derive(Clone, Copy, Debug)]
pub struct KeyBar(pub RwSignal<Vec<Hint>>);

/// Prints the keys of a screen in the bar while the screen stands.
pub fn print_keys(hints: &[Hint]) {
    if let Some(KeyBar(bar)) = use_context::<KeyBar>() {
        bar.set(hints.to_vec());
    }
}

/// Listens on the whole window while the screen stands; silent while a dialog is open. `act`
/// says whether the key was meant for it.
pub fn on_keys(act: impl Fn(&KeyboardEvent) -> bool + Send + Sync + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if !event.is_composing() && !dialog_open() && act(&event) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Keeps the browser's own meanings of the function keys (help, search, reload) out, whatever
/// stands on the screen.
pub fn own_function_keys() {
    let handle = window_event_listener(leptos::ev::keydown, |event| {
        let key = event.key();
        if plain(&event)
            && key.strip_prefix('F').and_then(|number| number.parse::<u8>().ok()).is_some_and(|number| number <= 10 || number == 12)
        {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether a dialog stands over the screen.
pub fn dialog_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether the key was typed into a field, where letters and digits are text.
pub fn in_field(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

fn target(event: &KeyboardEvent) -> Option<web_sys::Element> {
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
}

/// Whether the key was typed into the search field of a list, which leaves ↑, ↓ and Enter to the list.
pub fn in_searchbox(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| element.get_attribute("role").as_deref() == Some("searchbox"))
}

/// Whether the focus is on something that has its own meaning of Enter and space. A choice of a row of choices has
/// none: it was made already.
pub fn on_control(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| {
        matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY") && element.get_attribute("role").as_deref() != Some("radio")
    })
}

/// Takes the focus off a button, so that Enter means the list again.
pub fn leave_control() {
    if let Some(element) = document().active_element().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        && matches!(element.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY")
    {
        let _ = element.blur();
    }
}

/// Plain: without Ctrl, Alt or Meta.
pub fn plain(event: &KeyboardEvent) -> bool {
    !event.ctrl_key() && !event.alt_key() && !event.meta_key()
}

/// Puts the focus on an element by its id, once the screen has been drawn.
pub fn focus_soon(id: impl Into<Cow<'static, str>>) {
    let id = id.into();
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Brings the chosen row of a list into sight.
pub fn show_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

#[component]
pub fn KeyBarView(
    /// Before the way to help.
    children: Children,
) -> impl IntoView {
    let bar = use_context::<KeyBar>().map(|bar| bar.0);
    let hints = move || bar.map(|bar| bar.get()).unwrap_or_default();
    view! {
        <footer class="keys">
            <div class="hints">{move || hints().into_iter().map(|(key, what)| view! { <span><kbd>{key}</kbd>{what}</span> }).collect_view()}</div>
            {children()}
            <span><kbd>"F1"</kbd>{say!(program::HOW_TO_USE)}</span>
        </footer>
    }
}
