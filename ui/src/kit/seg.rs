//! A row of choices of which one holds: a radio group of buttons. Arrows move, digits choose.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

#[component]
pub fn Seg<T>(
    /// What is chosen, for those who hear the screen.
    label: &'static str,
    #[prop(into)] options: Signal<Vec<(T, String)>>,
    #[prop(into)] value: Signal<Option<T>>,
    #[prop(into)] pick: Callback<T>,
    #[prop(optional)] test: &'static str,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let step = move |event: &KeyboardEvent, by: isize| {
        let all = options.get_untracked();
        let count = isize::try_from(all.len()).unwrap_or(1).max(1);
        let here = value.with_untracked(|now| all.iter().position(|(option, _)| Some(option) == now.as_ref()));
        let next = (here.and_then(|at| isize::try_from(at).ok()).unwrap_or(-by.min(0)) + by).rem_euclid(count);
        choose(event, next.unsigned_abs(), &all, pick);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" => step(&event, 1),
            "ArrowLeft" => step(&event, -1),
            digit => {
                if let Some(at) = digit.parse::<usize>().ok().filter(|at| *at >= 1 && *at <= options.with_untracked(Vec::len)) {
                    choose(&event, at - 1, &options.get_untracked(), pick);
                }
            }
        }
    };
    let buttons = move || {
        let all = options.get();
        let any = value.with(|now| all.iter().any(|(option, _)| Some(option) == now.as_ref()));
        all.into_iter()
            .enumerate()
            .map(|(at, (option, words))| {
                let on = value.with(|now| now.as_ref() == Some(&option));
                let reached = on || (!any && at == 0);
                view! {
                    <button type="button" role="radio" class:on=on aria-checked=on.to_string()
                        tabindex=if reached { "0" } else { "-1" } on:click=move |_| pick.run(option.clone())>{words}</button>
                }
            })
            .collect_view()
    };
    view! { <div class="seg" role="radiogroup" aria-label=label data-testid=test on:keydown=on_key>{buttons}</div> }
}

fn choose<T: Clone + Send + Sync + 'static>(event: &KeyboardEvent, at: usize, all: &[(T, String)], pick: Callback<T>) {
    let Some((option, _)) = all.get(at) else { return };
    event.prevent_default();
    event.stop_propagation();
    pick.run(option.clone());
    // The buttons are drawn anew; the focus follows the choice.
    let group = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    request_animation_frame(move || {
        let button = group.and_then(|group| group.query_selector("[aria-checked=true]").ok().flatten());
        if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
