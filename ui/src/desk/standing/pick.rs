//! Finding an elder by typing, for what begins with a person.

use crate::backend;
use crate::kit::keys::focus_soon;
use crate::kit::load::load;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::command::{ElderHit, FindElders};
use shared::say;

/// As many as stand under the field.
const HITS: u32 = 6;

/// `picked` gets who was chosen: by a tap, or the first one by Enter.
#[component]
pub fn PickElder(#[prop(into)] picked: Callback<ElderHit>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let hits = load(move || backend::ask(&FindElders { text: text.get(), limit: HITS }));
    let pick = move |hit: ElderHit| {
        text.set(String::new());
        picked.run(hit);
        focus_soon("pick-elder");
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !hits.loading.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            if let Some(hit) =
                hits.value.get_untracked().into_iter().flatten().next().filter(|_| text.with_untracked(|text| !text.is_empty()))
            {
                pick(hit);
            }
        }
    };
    focus_soon("pick-elder");
    let line = move |hit: ElderHit| {
        let place =
            [Some(hit.village.clone()), hit.id_tail.clone().or(hit.phone.clone())].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let this = hit.clone();
        view! { <button type="button" class="res" data-testid="pick-hit" on:click=move |_| pick(this.clone())><b>{hit.name}</b><span>{hit.age.map(|age| say!(elder::aged(age)))}</span><span class="muted">{place}</span></button> }
    };
    view! {
        <input id="pick-elder" class="search" data-testid="pick-elder" autocomplete="off" spellcheck="false" aria-label=say!(phone_order::FIND_ELDER) placeholder=say!(phone_order::SEARCHED_BY)
            prop:value=move || text.get() on:keydown=on_key on:input:target=move |event| text.set(event.target().value())/>
        <div class="hits">{move || hits.value.get().into_iter().flatten().map(line).collect_view()}</div>
    }
}
