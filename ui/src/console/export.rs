//! 导出: a list of persons is asked for with a reason; where many are in it, another account agrees under 导出申请. It is asked in the
//! browser's own boxes: views of it would weigh more than this page may.

use super::ConsoleContext;
use crate::backend::http;
use js_sys::encode_uri_component;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::fault::Fault;
use shared::kinds::DisclosureReason;
use shared::say;
use shared::schema::RecordId;

/// Asks why a list of persons is to be exported, and for the workbook; takes it where it is given.
pub fn ask(event: &MouseEvent, list: &'static str, words: String) {
    event.prevent_default();
    let mut told = say!(disclosure::WHY).to_owned();
    for (at, reason) in DisclosureReason::ALL.iter().enumerate() {
        told += ["\n1 ", "\n2 ", "\n3 ", "\n4 "].get(at).copied().unwrap_or_default();
        told += reason.said();
    }
    let Ok(Some(typed)) = window().prompt_with_message(&told) else { return };
    let typed = typed.trim();
    let chosen = typed.bytes().next().and_then(|digit| DisclosureReason::ALL.get(usize::from(digit).wrapping_sub(usize::from(b'1'))));
    let (reason, note) = chosen.map_or(("", typed), |reason| (reason.code(), typed.get(1..).unwrap_or_default()));
    let encoded = |text: &str| String::from(encode_uri_component(text));
    let path = ["/api/export?list=", list, "&reason=", reason, "&note=", &encoded(note), "&words=", &encoded(&words)].concat();
    let book = ["/api/list/", list, "/workbook?", &words].concat();
    act(path, Box::new(move || drop(window().location().assign(&book))));
}

/// Agrees to the request of a row, whose id is its number.
pub fn agree(context: ConsoleContext, row: RecordId) {
    let number: String = row.bytes().iter().map(|byte| char::from(*byte)).filter(|letter| *letter != '\0').collect();
    if window().confirm_with_message(&say!(disclosure::agree_to(&number))).unwrap_or(false) {
        act(["/api/export/", &number].concat(), Box::new(move || context.tick.update(|tick| *tick += 1)));
    }
}

/// Does what stands in an address; what is refused is told.
pub(super) fn act(path: String, then: Box<dyn FnOnce()>) {
    spawn_local(async move {
        match http::act(path).await {
            Ok(()) => then(),
            Err(fault) => tell(&fault),
        }
    });
}

fn tell(fault: &Fault) {
    let (happened, next_step) = fault.said();
    let _ = window().alert_with_message(&[happened, "\n", next_step].concat());
}
