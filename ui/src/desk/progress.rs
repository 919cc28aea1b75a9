//! How far a long act is: asks the desk while the act runs.

use crate::backend;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Progress, ProgressNow};
use shared::say;

/// A bar while `busy`; the words and the counts come from the desk.
#[component]
pub fn RunningProgress(#[prop(into)] busy: Signal<bool>, label: &'static str) -> impl IntoView {
    let now = RwSignal::new(None::<ProgressNow>);
    Effect::new(move |_| {
        if !busy.get() {
            return now.set(None);
        }
        spawn_local(async move {
            while busy.try_get_untracked() == Some(true) {
                if let Ok(progress) = backend::call(&Progress {}).await
                    && now.try_set(progress).is_some()
                {
                    return;
                }
                TimeoutFuture::new(250).await;
            }
        });
    });
    move || {
        busy.get().then(|| {
            let ProgressNow { label: words, done, total } = now.get().unwrap_or_default();
            let words = if words.is_empty() { label.to_owned() } else { words };
            let bar = if total > 0 {
                view! { <progress max=total.to_string() value=done.min(total).to_string()></progress> }.into_any()
            } else {
                view! { <progress></progress> }.into_any()
            };
            let counts = (total > 0).then(|| say!(program::part_done(done, total)));
            view! { <div class="running" role="status" data-testid="progress"><span>{words}</span>{bar}<span class="num">{counts}</span></div> }
        })
    }
}
