//! 大字版 and 高对比度: classes on the page, from which the style sheet does the rest. The desk keeps them with its
//! settings; the console, which has none, keeps these two words in the browser and nothing else.

use leptos::prelude::*;

const KEPT: &str = "yinling-look";
const LARGE: &str = "large";
const CONTRAST: &str = "contrast";

/// Puts the look on the page.
pub fn apply_theme(large: bool, contrast: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.class_list().toggle_with_force(LARGE, large);
        let _ = root.class_list().toggle_with_force(CONTRAST, contrast);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Large type and high contrast as this browser keeps them.
pub fn kept() -> (bool, bool) {
    let words = storage().and_then(|storage| storage.get_item(KEPT).ok().flatten()).unwrap_or_default();
    let has = |word| words.split(' ').any(|kept| kept == word);
    (has(LARGE), has(CONTRAST))
}

/// Keeps the look in this browser.
pub fn keep(large: bool, contrast: bool) {
    let words: Vec<&str> = [large.then_some(LARGE), contrast.then_some(CONTRAST)].into_iter().flatten().collect();
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEPT, &words.join(" "));
    }
}

/// The two switches.
#[component]
pub fn LookSwitches(large: RwSignal<bool>, contrast: RwSignal<bool>, class: &'static str) -> impl IntoView {
    let switch = move |words: &'static str, test: &'static str, on: RwSignal<bool>| {
        view! { <button type="button" class=class aria-pressed=move || on.get().to_string() data-testid=test on:click=move |_| on.update(|on| *on = !*on)>{words}</button> }
    };
    view! {
        {switch("大字版", "console-large", large)}
        {switch("高对比度", "console-contrast", contrast)}
    }
}
