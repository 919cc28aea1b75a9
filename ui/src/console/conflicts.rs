//! 两处改过: what was said differently in two places and waits for somebody at a desk. The console only shows it.

use super::console;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::pager::{PAGE, Pager};
use crate::record::version_origin::version_origin;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::ConflictChoice;
use shared::console::{ConsoleConflict, ConsoleConflicts};

const HEAD: &[Head] =
    &[("饭堂或村社区", Fit::Wrap), ("哪一份", Fit::Title), ("哪一项", Fit::Plain), ("现在用的", Fit::Half), ("另一处写的", Fit::Half)];

#[component]
pub fn Conflicts() -> impl IntoView {
    let context = console();
    let page = RwSignal::new(0);
    let list = load(move || {
        context.tick.track();
        let path = format!("/api/conflicts?page={}", page.get());
        http::get::<ConsoleConflicts>(&path)
    });
    let rows = Memo::new(move |_| list.value.with(|list| list.as_ref().map(|list| list.rows.clone()).unwrap_or_default()));
    let total = Signal::derive(move || list.value.with(|list| list.as_ref().map_or(0, |list| list.total)));
    view! {
        <div class="console-head"><h1 class="site-name">"两处改过"</h1><span class="sp"></span><span class="muted" data-testid="conflicts-total">{move || format!("共 {} 项", total.get())}</span></div>
        <p class="banner info"><Draw icon=Icon::Devices/>"同一项在两台电脑上改得不一样。这里只能看；请饭堂或镇街在办公端的“两处改过”里决定用哪个，定好后自动从这里消失。"</p>
        <FaultBanner fault=list.fault/>
        <section class="card fill">
            <ListTable label="两处改过" head=HEAD rows=Box::new(move || rows.get().into_iter().map(|line| row(line, context.today.get())).collect()) test="conflict-row" loading=list.loading icon=Icon::Check empty="没有两处改得不一样的内容。"/>
            {move || (total.get() > PAGE).then(|| view! { <Pager page total turn=move |turned| page.set(turned)/> })}
        </section>
    }
}

fn row(conflict: ConsoleConflict, today: Date) -> Row {
    let said = move |choice: &ConflictChoice| {
        let by = choice.versions.iter().map(|by| view! { <span class="muted">{version_origin(by, today)}</span> }).collect_view();
        view! { <div class="said"><b>{choice.words.clone()}</b>{by}</div> }
    };
    let (first, others) = conflict.conflict.choices.split_at(conflict.conflict.choices.len().min(1));
    let (first, others) = (first.iter().map(said).collect_view(), others.iter().map(said).collect_view());
    Row { id: None, cells: cells![conflict.site, conflict.conflict.title, conflict.conflict.label, first, others] }
}
