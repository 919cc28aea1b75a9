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
        {move || broken.get().map(|row| view! {
            <p class="banner bad" role="alert" data-testid="audit-broken"><Draw icon=Icon::Alert/>{say!(audit::broken_from(row))}</p>
        })}
        {move || tables.get().map(|many| view! {
            <p class="banner bad" role="alert" data-testid="tables-broken"><Draw icon=Icon::Alert/>{say!(audit::tables_broken(many))}</p>
        })}
        <ConsoleList list=&AUDIT path="/audit" beside=AUDIT_LIST/>
    }
}
