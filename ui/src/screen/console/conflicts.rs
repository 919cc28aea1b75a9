//! 两处改过: what was said differently in two places and waits for somebody at a desk. The console only shows it.

use super::console;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::load;
use crate::kit::pager::{PAGE, Pager};
use crate::screen::said_by::said_by;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::ConflictChoice;
use shared::console::{ConsoleConflict, ConsoleConflicts};

#[component]
pub fn Conflicts() -> impl IntoView {
    let context = console();
    let page = RwSignal::new(0);
    let list = load(move || {
        context.tick.track();
        let path = format!("/api/conflicts?page={}", page.get());
        async move { http::get::<ConsoleConflicts>(&path).await }
    });
    let rows = Memo::new(move |_| list.value.with(|list| list.as_ref().map(|list| list.rows.clone()).unwrap_or_default()));
    let total = Signal::derive(move || list.value.with(|list| list.as_ref().map_or(0, |list| list.total)));
    view! {
        <div class="console-head"><b class="place-name">"两处改过"</b><span class="sp"></span><span class="muted" data-testid="conflicts-total">{move || format!("共 {} 项", total.get())}</span></div>
        <p class="banner info"><Draw icon=Icon::Devices/>"同一项在两台电脑上改得不一样。这里只能看；请饭堂或镇街在办公端的“两处改过”里决定用哪个，定好后自动从这里消失。"</p>
        <FaultBanner fault=list.fault/>
        <section class="card fill">
            <div class="scroll">
                <table class="list still"><thead><tr><th>"饭堂或村社区"</th><th>"哪一份"</th><th>"哪一项"</th><th>"现在用的"</th><th>"另一处写的"</th></tr></thead>
                    <tbody>{move || rows.get().into_iter().map(|row| view! { <Row row today=context.today.get()/> }).collect_view()}</tbody></table>
                {move || (rows.with(Vec::is_empty) && !list.loading.get()).then(|| view! { <div class="empty"><Draw icon=Icon::Check/><p>"没有两处改得不一样的内容。"</p></div> })}
            </div>
            {move || (total.get() > PAGE).then(|| view! { <Pager page total turn=move |turned| page.set(turned)/> })}
        </section>
    }
}

#[component]
fn Row(row: ConsoleConflict, today: Date) -> impl IntoView {
    let said = move |choice: &ConflictChoice| {
        let by = choice.said.iter().map(|by| view! { <span class="muted">{said_by(by, today)}</span> }).collect_view();
        view! { <div class="said"><b>{choice.words.clone()}</b>{by}</div> }
    };
    let (first, others) = row.line.choices.split_at(row.line.choices.len().min(1));
    view! {
        <tr data-testid="conflict-row"><td class="wrap place">{row.place}</td><td class="wrap"><b>{row.line.title}</b></td><td>{row.line.label}</td>
            <td class="wrap half">{first.iter().map(said).collect_view()}</td><td class="wrap half">{others.iter().map(said).collect_view()}</td></tr>
    }
}
