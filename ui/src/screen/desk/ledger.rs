//! Not yet.
use leptos::prelude::*;
#[component]
pub fn Ledger() -> impl IntoView { view! { <p></p> } }
