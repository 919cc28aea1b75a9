//! 导出: a list of persons is asked for with a reason; where many are in it, another account agrees under 导出申请.

use super::console;
use super::list::ConsoleList;
use crate::backend::http;
use crate::kit::icon::{Draw, Icon};
use crate::list::ListOptions;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::ExportAsk;
use shared::fault::Fault;
use shared::kinds::{DisclosureReason, EXPORTS, ExportState};
use shared::list::ListRow;
use shared::say;

/// Asks for a workbook by its address, and takes it.
#[component]
pub fn ExportButton(
    list: &'static str,
    test: String,
    words: Signal<String>,
    book: Signal<String>,
    fault: RwSignal<Option<Fault>>,
) -> impl IntoView {
    let (reason, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let go = move |_| {
        let ask = ExportAsk {
            list: list.to_owned(),
            words: words.get_untracked(),
            reason: DisclosureReason::of_code(&reason.get_untracked()),
            note: note.get_untracked(),
        };
        spawn_local(async move {
            match http::post("/api/export", &ask).await {
                Ok(()) => {
                    fault.try_set(None);
                    let _ = window().location().assign(&book.get_untracked());
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let option = |reason: &DisclosureReason| view! { <option value=reason.code()>{reason.said()}</option> };
    view! {
        <select data-testid="export-reason" aria-label=say!(disclosure::ASK_REASON) on:change:target=move |event| reason.set(event.target().value())>
            <option value="">{say!(disclosure::ASK_REASON)}</option>
            {DisclosureReason::ALL.iter().map(option).collect_view()}
        </select>
        <input class:hidden=move || reason.get() != DisclosureReason::Other.code() data-testid="export-note" placeholder=say!(disclosure::EXPLANATION) aria-label=say!(disclosure::EXPLANATION)
            on:input:target=move |event| note.set(event.target().value())/>
        <button type="button" class="btn small" data-testid=test on:click=go><Draw icon=Icon::Download/>{say!(list::EXPORT_TABLE)}</button>
    }
}

const ASKED: ListOptions = ListOptions { special, test: "exports", icon: Icon::Download, ..ListOptions::NOTHING };

/// 导出申请, where others agree.
#[component]
pub fn Exports() -> impl IntoView {
    view! {
        <div class="console-head"><h1 class="site-name">{EXPORTS.title.said()}</h1></div>
        <ConsoleList list=&EXPORTS path="/exports" beside=ASKED/>
    }
}

fn special(column: &str, row: &ListRow) -> Option<AnyView> {
    let context = console();
    let own = context.session.with_untracked(|session| session.as_ref().is_some_and(|session| session.name == row.text("who")));
    if column != "state" || row.text("state") != ExportState::Waiting.code() || own {
        return None;
    }
    let number = row.text("number").to_owned();
    let agree = move |_| {
        let path = format!("/api/export/{number}");
        spawn_local(async move {
            // What stands there then says how it went.
            let _ = http::post(&path, &()).await;
            context.tick.update(|tick| *tick += 1);
        });
    };
    Some(
        view! { <button type="button" class="btn small" data-testid="export-agree" on:click=agree>{say!(disclosure::AGREE)}</button> }
            .into_any(),
    )
}
