//! A row of choices of which one holds: a radio group of buttons. Arrows move, digits choose. Choices are known by
//! their place, so that one such row serves whatever is chosen.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The place of what holds among all that may be chosen.
pub fn place_of<T: PartialEq>(all: &[T], now: Option<T>) -> Option<usize> {
    all.iter().position(|one| Some(one) == now.as_ref())
}

#[component]
pub fn Seg(
    /// What is chosen, for those who hear the screen.
    label: &'static str,
    #[prop(into)] options: Signal<Vec<String>>,
    #[prop(into)] value: Signal<Option<usize>>,
    #[prop(into)] pick: Callback<usize>,
    #[prop(optional)] test: &'static str,
) -> impl IntoView {
    let count = move || options.with_untracked(Vec::len);
    let step = move |event: &KeyboardEvent, by: isize| {
        let count = isize::try_from(count()).unwrap_or(1).max(1);
        let here = value.get_untracked().and_then(|at| isize::try_from(at).ok());
        choose(event, (here.unwrap_or(-by.min(0)) + by).rem_euclid(count).unsigned_abs(), pick);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" => step(&event, 1),
            "ArrowLeft" => step(&event, -1),
            digit => {
                if let Some(at) = digit.parse::<usize>().ok().filter(|at| *at >= 1 && *at <= count()) {
                    choose(&event, at - 1, pick);
                }
            }
        }
    };
    let buttons = move || {
        let now = value.get();
        let button = move |(at, words): (usize, String)| {
            let on = now == Some(at);
            let reached = on || (now.is_none() && at == 0);
            view! {
                <button type="button" role="radio" class:on=on aria-checked=on.to_string()
                    tabindex=if reached { "0" } else { "-1" } on:click=move |_| pick.run(at)>{words}</button>
            }
        };
        options.get().into_iter().enumerate().map(button).collect_view()
    };
    view! { <div class="seg" role="radiogroup" aria-label=label data-testid=test on:keydown=on_key>{buttons}</div> }
}

fn choose(event: &KeyboardEvent, at: usize, pick: Callback<usize>) {
    event.prevent_default();
    event.stop_propagation();
    pick.run(at);
    // The buttons are drawn anew; the focus follows the choice.
    let group = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    request_animation_frame(move || {
        let button = group.and_then(|group| group.query_selector("[aria-checked=true]").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
