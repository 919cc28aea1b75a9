//! Imports of this desk, each of which can be taken back.

use super::Wizard;
use crate::backend;
use crate::kit::fault::FaultBanner;
use crate::kit::load::load;
use crate::kit::time::{clock, day_short};
use leptos::prelude::*;
use shared::command::{ImportEntry, ListImports};

#[component]
pub fn Past(wizard: Wizard) -> impl IntoView {
    let list = load(move || {
        wizard.turn.track();
        async { backend::call(&ListImports {}).await }
    });
    let sure = RwSignal::new(None::<i64>);
    let row = move |entry: ImportEntry| {
        let import = entry.import;
        let undo = match entry.undone_at {
            Some(at) => view! { <span class="muted">{format!("{} {} 已撤回", day_short(at.date()), clock(at))}</span> }.into_any(),
            None => view! {
                <button type="button" class="btn small" data-testid="past-undo" on:click=move |_| if sure.get_untracked() == Some(import) { sure.set(None); wizard.undo(import) } else { sure.set(Some(import)) }>
                    {move || if sure.get() == Some(import) { "再点一次，确定撤回" } else { "撤回" }}</button>
            }
            .into_any(),
        };
        view! { <tr><td class="num">{format!("{} {}", day_short(entry.at.date()), clock(entry.at))}</td><td>{entry.file_name}</td><td class="right">{entry.new}</td><td class="right">{entry.update}</td><td class="right">{entry.same}</td><td class="right">{entry.error}</td><td>{undo}</td></tr> }
    };
    view! {
        <h2 class="gap">"导入过的名单"</h2>
        <FaultBanner fault=list.fault/>
        <div class="scroll">
            <table><thead><tr><th>"时间"</th><th>"文件"</th><th class="right">"新增"</th><th class="right">"更新"</th><th class="right">"不变"</th><th class="right">"有错"</th><th></th></tr></thead>
                <tbody>{move || list.value.get().unwrap_or_default().into_iter().map(row).collect_view()}</tbody></table>
            {move || list.value.with(|list| list.as_ref().is_some_and(Vec::is_empty)).then(|| view! { <p class="muted">"还没有导入过。"</p> })}
        </div>
    }
}
