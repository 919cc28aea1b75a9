//! 审计日志: who did what, for auditors; and that it, or another table, was changed by another hand, where one was.

use super::console;
use super::list::ConsoleList;
use crate::kit::icon::{Draw, Icon};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::AUDIT;
use shared::label;

const AUDIT_LIST: ListOptions = ListOptions { icon: Icon::Ledger, test: "audit", empty: label!(audit::NOTHING), ..ListOptions::NOTHING };

#[component]
pub fn Audit() -> impl IntoView {
    let altered = console().altered;
    view! {
        <div class="console-head"><h1 class="site-name">{AUDIT.title.said()}</h1></div>
        {move || altered.get().map(|words| view! {
            <p class="banner bad" role="alert" data-testid="audit-broken"><Draw icon=Icon::Alert/>{words}</p>
        })}
        <ConsoleList list=&AUDIT path="/audit" beside=AUDIT_LIST/>
    }
}
