//! 两处改过: what was said differently in two places and waits for somebody at a desk. The console only shows it.

use super::list::ConsoleList;
use crate::kit::icon::{Draw, Icon};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::CONFLICTS;
use shared::{label, say};

const CONFLICTS_LIST: ListOptions =
    ListOptions { icon: Icon::Check, test: "conflict", empty: label!(conflict::NOTHING_DIFFERS), ..ListOptions::NOTHING };

#[component]
pub fn Conflicts() -> impl IntoView {
    view! {
        <div class="console-head"><h1 class="site-name">{CONFLICTS.title.said()}</h1></div>
        <p class="banner info"><Draw icon=Icon::Devices/>{say!(conflict::DECIDED_AT_DESKS)}</p>
        <ConsoleList list=&CONFLICTS path="/conflicts" beside=CONFLICTS_LIST/>
    }
}
