//! 导出: a list of persons is asked for with a reason; where many are in it, another account agrees under 导出申请. What is chosen and typed
//! stands as markup and is read when the button is pressed: as views it would weigh several times as much.

use super::console;
use crate::backend::http;
use js_sys::{Reflect, encode_uri_component};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::fault::Fault;
use shared::kinds::{DisclosureReason, ExportState};
use shared::list::ListRow;
use shared::say;

/// Asks for a workbook by its address, and takes it.
pub fn export_form(list: &'static str, test: &str, words: Signal<String>, fault: RwSignal<Option<Fault>>) -> AnyView {
    let (why, note) = (say!(disclosure::ASK_REASON), say!(disclosure::EXPLANATION));
    let mut markup = ["<select id=export-reason data-testid=export-reason aria-label=\"", why, "\"><option value=\"\">", why].concat();
    for reason in DisclosureReason::ALL {
        markup += &["<option value=", reason.code(), ">", reason.said()].concat();
    }
    markup += &["</select><input id=export-note placeholder=\"", note, "\" aria-label=\"", note, "\">"].concat();
    markup += &button(test, say!(list::EXPORT_TABLE));
    form(
        markup,
        Box::new(move || {
            let words = words.get_untracked();
            let asked = [list, "&reason=", &typed("export-reason"), "&note=", &typed("export-note"), "&words=", &encoded(&words)].concat();
            let book = ["/api/list/", list, "/workbook?", &words].concat();
            let then = move |refused: Option<Fault>| {
                if refused.is_none() {
                    let _ = window().location().assign(&book);
                }
                fault.try_set(refused);
            };
            act(["/api/export?list=", &asked].concat(), Box::new(then));
        }),
    )
}

/// Where a request of somebody else waits: the button by which it is agreed to.
pub fn waiting(column: &str, row: &ListRow) -> Option<AnyView> {
    let context = console();
    let own = context.session.with_untracked(|session| session.as_ref().is_some_and(|session| session.name == row.text("who")));
    if column != "state" || row.text("state") != ExportState::Waiting.code() || own {
        return None;
    }
    let path = ["/api/export/", row.text("number")].concat();
    // What stands there then says how it went.
    let go = move || act(path.clone(), Box::new(move |_| context.tick.update(|tick| *tick += 1)));
    Some(form(button("export-agree", say!(disclosure::AGREE)), Box::new(go)))
}

fn button(test: &str, words: &str) -> String {
    ["<button class=\"btn small\" data-testid=", test, ">", words, "</button>"].concat()
}

fn form(markup: String, go: Box<dyn Fn()>) -> AnyView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        go();
    };
    view! { <form class="export-why" inner_html=markup on:submit=submit></form> }.into_any()
}

fn act(path: String, then: Box<dyn FnOnce(Option<Fault>)>) {
    spawn_local(async move { then(http::act(path).await.err()) });
}

/// What stands in a field of the page, as it goes into an address.
fn typed(id: &str) -> String {
    let field = document().get_element_by_id(id);
    encoded(&field.and_then(|field| Reflect::get(&field, &"value".into()).ok()?.as_string()).unwrap_or_default())
}

fn encoded(text: &str) -> String {
    encode_uri_component(text).into()
}
