//! 大字版 and 高对比度: classes on the page, from which the style sheet does the rest; and the language of the page. The desk
//! keeps them with its settings; the console, which has none, keeps these words in the browser and nothing else.

use leptos::prelude::*;
use shared::console::LANGUAGE_COOKIE;
use shared::say;
use shared::schema::Label;
use shared::words::Language;
use wasm_bindgen::JsCast;

const KEPT: &str = "yinling-look";
const LARGE: &str = "large";
const CONTRAST: &str = "contrast";

/// Speaks a language from now on: words on the page, its name, and what browsers read aloud by.
pub fn speak(language: Language, name: Label) {
    shared::words::speak(language);
    document().set_title(name.said());
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language.tag());
    }
}

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

/// The language as this browser keeps it: in a cookie, since the server has to know it as well, for what it puts into words.
pub fn kept_language() -> Language {
    let cookies = document().dyn_into::<web_sys::HtmlDocument>().ok().and_then(|page| page.cookie().ok()).unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    Language::of_tag(pairs.find(|(name, _)| *name == LANGUAGE_COOKIE).map_or("", |(_, tag)| tag))
}

/// Keeps the language in this browser, for a year.
pub fn keep_language(language: Language) {
    if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
        let _ = page.set_cookie(&format!("{LANGUAGE_COOKIE}={}; path=/; max-age=31536000; samesite=strict", language.tag()));
    }
}

/// The switches; the language is named by what it would become.
#[component]
pub fn LookSwitches(large: RwSignal<bool>, contrast: RwSignal<bool>, spoken: RwSignal<Language>, class: &'static str) -> impl IntoView {
    let other = if spoken.get_untracked() == Language::En { Language::Zh } else { Language::En };
    let switch = move |words: &'static str, test: &'static str, on: RwSignal<bool>| {
        view! { <button type="button" class=class aria-pressed=move || on.get().to_string() data-testid=test on:click=move |_| on.update(|on| *on = !*on)>{words}</button> }
    };
    view! {
        {switch(say!(page::LARGE_TYPE), "console-large", large)}
        {switch(say!(page::HIGH_CONTRAST), "console-contrast", contrast)}
        <button type="button" class=class lang=other.tag() data-testid="console-language" on:click=move |_| spoken.set(other)>{other.called()}</button>
    }
}
