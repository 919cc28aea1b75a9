//! 工作人员 as an office stops somebody from afar: disabled, or the PIN void. Whom an account may stop is decided by the server.

use super::ConsoleContext;
use super::export::act;
use crate::kit::icon::{Draw, Icon};
use leptos::prelude::*;
use shared::kinds::{Role, STAFF};
use shared::list::{ListRecord, ListSpec};
use shared::say;

/// The buttons beside the record of somebody of the staff, for offices.
pub fn acts(context: ConsoleContext, list: &ListSpec, record: &ListRecord) -> Option<AnyView> {
    let office = context.session.with_untracked(|session| session.as_ref().is_some_and(|session| session.role != Role::Canteen));
    if list.name != STAFF.name || !office {
        return None;
    }
    let (id, name) = (record.row.id.to_string(), record.row.text("name").to_owned());
    let button = |what: &'static str, words: &'static str, sure: String, icon: Icon| {
        let path = ["/api/staff/", &id, "/", what].concat();
        let press = move |_| {
            if window().confirm_with_message(&sure).unwrap_or(false) {
                act(path.clone(), Box::new(move || context.tick.update(|tick| *tick += 1)));
            }
        };
        let test = ["staff-", what].concat();
        view! { <button type="button" class="btn small" data-testid=test on:click=press><Draw icon/>{words}</button> }
    };
    let stop = if record.row.is("disabled") {
        button("enable", say!(staff::ENABLE), say!(staff::sure_enable(&name)), Icon::Check)
    } else {
        button("disable", say!(staff::DISABLE), say!(staff::sure_disable(&name)), Icon::Slash)
    };
    let reset = button("pin", say!(staff::RESET_PIN), say!(staff::sure_reset(&name)), Icon::Sync);
    Some(view! { <div class="acts">{stop}{reset}</div> }.into_any())
}
