//! Not yet.
use leptos::prelude::*;
#[component]
pub fn Elders() -> impl IntoView { view! { <p></p> } }
