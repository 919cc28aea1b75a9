//! 两处改过: what was said differently in two places and waits for somebody at a desk. The console only shows it.

use super::list::ConsoleList;
use crate::kit::icon::{Draw, Icon};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::CONFLICTS;

const CONFLICTS_LIST: ListOptions =
    ListOptions { icon: Icon::Check, test: "conflict", empty: "没有两处改得不一样的内容。", ..ListOptions::NOTHING };

#[component]
pub fn Conflicts() -> impl IntoView {
    view! {
        <div class="console-head"><h1 class="site-name">{CONFLICTS.title.zh}</h1></div>
        <p class="banner info"><Draw icon=Icon::Devices/>"同一项在两台电脑上改得不一样。这里只能看；请饭堂或镇街在办公端的“两处改过”里决定用哪个，定好后自动从这里消失。"</p>
        <ConsoleList list=&CONFLICTS path="/conflicts" beside=CONFLICTS_LIST/>
    }
}
