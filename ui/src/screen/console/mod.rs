//! Not yet.
use leptos::prelude::*;
#[component]
pub fn Console() -> impl IntoView { view! { <p></p> } }
