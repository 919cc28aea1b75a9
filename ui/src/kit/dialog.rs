//! A dialog over the screen, on the native element: it holds the focus, Esc closes it.

use super::act::{button, on};
use leptos::html;
use leptos::prelude::*;
use shared::say;

#[component]
pub fn Dialog(
    title: String,
    /// Called by Esc and by the cross.
    #[prop(into)]
    close: Callback<()>,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let label = title.clone();
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog node_ref=node class:wide=wide aria-label=label on:cancel=move |event: leptos::ev::Event| { event.prevent_default(); close.run(()); }>
            <header class="dialog-head">
                <h2>{title}</h2>
                {button("small", "", "Esc", say!(program::CLOSE), on, move || close.run(()))}
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
