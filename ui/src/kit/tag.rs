//! A tag: an icon, a word and a tone. The word alone says it all.

use super::icon::{Draw, Icon};
use leptos::prelude::*;

#[component]
pub fn Tag(tone: &'static str, icon: Icon, #[prop(into)] words: String) -> impl IntoView {
    view! { <span class=format!("tag {tone}")><Draw icon/>{words}</span> }
}
