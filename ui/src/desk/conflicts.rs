//! 两处改过: what was said differently in two places, with both values, who and when. A press on one of them decides.

use super::{DeskContext, desk};
use crate::backend;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::print_keys;
use crate::kit::load::load;
use crate::kit::pager::{PAGE, Pager};
use crate::record::version_origin::version_origin;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ConflictChoice, ConflictRow, Conflicts as Ask, Decide};
use shared::fault::Fault;
use shared::kinds::CONFLICTS;
use shared::say;

#[component]
pub fn Conflicts() -> impl IntoView {
    print_keys(&[("Tab", say!(conflict::NEXT_ONE)), ("Enter", say!(conflict::CHOOSE_THIS))]);
    let context = desk();
    let (page, fault) = (RwSignal::new(0), RwSignal::new(None::<Fault>));
    let list = load(move || {
        context.revision.track();
        let page = page.get();
        backend::ask(&Ask { page })
    });
    let rows = Memo::new(move |_| list.value.with(|list| list.as_ref().map(|list| list.rows.clone()).unwrap_or_default()));
    let total = Signal::derive(move || list.value.with(|list| list.as_ref().map_or(0, |list| list.total)));
    let decide = move |(line, choice): (ConflictRow, ConflictChoice)| {
        let ask = Decide {
            kind: Some(line.kind),
            record: Some(line.record),
            field: line.field.clone(),
            choice: choice.name,
            stands: line.stands.clone(),
        };
        spawn_local(async move {
            match backend::call(&ask).await {
                Ok(()) => {
                    fault.set(None);
                    context.notes.good(say!(conflict::decided(&line.title, &line.label, &choice.words)));
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
            context.refresh();
        });
    };
    view! {
        <section class="card fill conflicts">
            <h2>{CONFLICTS.title.said()}</h2>
            <p class="muted">{say!(conflict::CHOOSE_RIGHT_ONE)}</p>
            <FaultBanner fault=list.fault/>
            <FaultBanner fault/>
            <div class="scroll" role="region" tabindex="0" aria-label=say!(conflict::WHAT_DIFFERS)>
                {move || rows.get().into_iter().map(|line| view! { <Matter context line decide/> }).collect_view()}
                {move || (rows.with(Vec::is_empty) && !list.loading.get()).then(|| view! {
                    <div class="empty" data-testid="no-conflicts"><Draw icon=Icon::Check/><p>{say!(conflict::NOTHING_DIFFERS)}</p></div>
                })}
            </div>
            {move || (total.get() > PAGE).then(|| view! { <Pager page total turn=move |turned| page.set(turned)/> })}
        </section>
    }
}

#[component]
fn Matter(context: DeskContext, line: ConflictRow, #[prop(into)] decide: Callback<(ConflictRow, ConflictChoice)>) -> impl IntoView {
    let today = context.today.get_untracked();
    let refused = line.choices.iter().find_map(|choice| choice.refused.clone());
    let choices = line.choices.iter().enumerate().map(|(at, choice)| {
        let (asked, chosen) = (line.clone(), choice.clone());
        let head = match (at, choice.refused.is_some()) {
            (0, false) => say!(conflict::KEEP_STANDING),
            (_, false) => say!(conflict::USE_OTHER),
            (0, true) => say!(conflict::STANDING),
            (_, true) => say!(conflict::WRITTEN_ELSEWHERE),
        };
        view! {
            <button type="button" class="choice" data-testid="conflict-choice" disabled=choice.refused.is_some()
                on:click=move |_| decide.run((asked.clone(), chosen.clone()))>
                <span class="choice-head">{head}</span>
                <b>{choice.words.clone()}</b>
                {choice.versions.iter().map(|by| view! { <span class="choice-by">{version_origin(by, today)}</span> }).collect_view()}
            </button>
        }
    });
    view! {
        <article class="matter" data-testid="conflict">
            <h3>{line.title.clone()}<span class="tag">{line.label.clone()}</span></h3>
            <div class="matter-choices">{choices.collect_view()}</div>
            {refused.map(|words| view! { <p class="warn info">{words}</p> })}
        </article>
    }
}
