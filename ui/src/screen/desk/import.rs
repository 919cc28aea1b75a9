//! Not yet.
use leptos::prelude::*;
#[component]
pub fn Import() -> impl IntoView { view! { <p></p> } }
