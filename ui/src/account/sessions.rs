//! Where one is signed in, and how to end that from afar.

use super::AccountContext;
use crate::backend::http;
use crate::kit::time::dated;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::OwnSession;
use shared::say;

#[component]
pub fn Sessions(context: AccountContext) -> impl IntoView {
    let end = move |id: String| {
        spawn_local(async move {
            match http::delete(&format!("/api/account/sessions/{id}")).await {
                Ok(()) => context.notes.good(say!(account::SESSION_ENDED)),
                Err(fault) => context.notes.bad(&fault),
            }
            context.again();
        });
    };
    let sessions =
        move || context.account.value.with(|account| account.as_ref().map(|account| account.sessions.clone()).unwrap_or_default());
    let row = move |session: OwnSession| {
        let (since, seen) = (dated(session.since), dated(session.seen));
        let act = if session.here {
            view! { <span class="tag ok">{say!(account::SESSION_HERE)}</span> }.into_any()
        } else {
            view! { <button type="button" class="btn small" data-testid="session-end" on:click=move |_| end(session.id.clone())>{say!(account::SESSION_END)}</button> }.into_any()
        };
        let facts = say!(account::session(&since, &seen, &session.source));
        view! { <li data-testid="session"><span>{facts}</span><span class="sp"></span>{act}</li> }
    };
    view! {
        <section class="card">
            <h2>{say!(account::SESSIONS)}</h2>
            <ul class="rows">{move || sessions().into_iter().map(row).collect_view()}</ul>
        </section>
    }
}
