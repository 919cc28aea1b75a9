//! 审计日志: who did what, for auditors; and that it, or another table, was changed by another hand, where one was.

use super::console;
use super::list::ConsoleList;
use crate::kit::icon::{Draw, Icon};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::AUDIT;
use shared::{label, say};

const AUDIT_LIST: ListOptions = ListOptions { icon: Icon::Ledger, test: "audit", empty: label!(audit::NOTHING), ..ListOptions::NOTHING };

#[component]
pub fn Audit() -> impl IntoView {
    let (broken, tables) = (console().audit_broken, console().tables_broken);
    view! {
        <div class="console-head"><h1 class="site-name">{AUDIT.title.said()}</h1></div>
        {move || {
            let audit = broken.get().map(|row| ("audit-broken", say!(audit::broken_from(row))));
            let tables = tables.get().map(|many| ("tables-broken", say!(audit::tables_broken(many))));
            let banner = |(test, words)| view! { <p class="banner bad" role="alert" data-testid=test><Draw icon=Icon::Alert/>{words}</p> };
            audit.into_iter().chain(tables).map(banner).collect_view()
        }}
        <ConsoleList list=&AUDIT path="/audit" beside=AUDIT_LIST/>
    }
}
