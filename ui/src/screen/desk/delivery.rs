//! Not yet.
use leptos::prelude::*;
#[component]
pub fn Delivery() -> impl IntoView { view! { <p></p> } }
