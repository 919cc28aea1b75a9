//! A button, and something that is told in a few lines: drawn in one place, since each view of its own makes a page heavier.

use super::icon::{Draw, Icon};
use leptos::prelude::*;

/// A button with its words and its key, which stands behind the words of what goes on and before those of everything else.
pub fn button(
    class: &'static str,
    test: &str,
    key: &'static str,
    words: impl Into<String>,
    off: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    drawn(class, test.to_owned(), key, words.into(), Box::new(off), Box::new(act))
}

/// Never off.
pub fn on() -> bool {
    false
}

fn drawn(
    class: &'static str,
    test: String,
    key: &'static str,
    words: String,
    off: Box<dyn Fn() -> bool + Send + Sync>,
    act: Box<dyn Fn()>,
) -> AnyView {
    let kbd = |shown: bool| (shown && !key.is_empty()).then(|| view! { <kbd>{key}</kbd> });
    let last = class.contains("go");
    let test = (!test.is_empty()).then_some(test);
    view! { <button type="button" class=format!("btn {class}") data-testid=test disabled=off on:click=move |_| act()>{kbd(!last)}{words}{kbd(last)}</button> }.into_any()
}

/// Opens the print dialog of the browser or the window.
pub fn print() {
    let _ = window().print();
}

/// Something that is told in a few lines.
pub fn banner(tone: &'static str, test: &'static str, icon: Icon, title: String, text: String) -> AnyView {
    view! { <div class=format!("banner {tone}") role="status" data-testid=test><Draw icon/><div><b>{title}</b><div class="path">{text}</div></div></div> }.into_any()
}
