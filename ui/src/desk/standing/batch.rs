//! 订餐批次 beside what the list says of one: it is taken back, after it was said what that means.

use crate::backend;
use crate::desk::desk;
use crate::kit::act::button;
use crate::kit::icon::{Draw, Icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{BatchUndone, UndoBatch};
use shared::list::ListRecord;
use shared::say;
use shared::schema::RecordId;

/// What can be done with one of them.
pub fn acts(batch: RecordId, shown: &ListRecord) -> AnyView {
    let (context, busy, would) = (desk(), RwSignal::new(false), RwSignal::new(None::<BatchUndone>));
    let over = RwSignal::new(!shown.row.text("undone_at").is_empty());
    let undo = move |confirmed: bool| {
        busy.set(true);
        spawn_local(async move {
            match backend::call(&UndoBatch { batch: Some(batch), confirmed }).await {
                Ok(undone) if undone.done => {
                    context.notes.good(say!(standing::undone(undone.cancelled)));
                    over.try_set(true);
                    would.try_set(None);
                }
                Ok(undone) => drop(would.try_set(Some(undone))),
                Err(fault) => context.notes.bad(&fault),
            }
            busy.try_set(false);
            context.refresh();
        });
    };
    let told = move || {
        would.get().map(|undone| {
            view! { <div class="banner due" role="alert" data-testid="batch-would"><Draw icon=Icon::Alert/><div>{say!(standing::would_undo(undone.cancelled, undone.kept))}</div></div> }
        })
    };
    let act = move || {
        let sure = would.with(Option::is_some);
        let (test, words) = if sure { ("batch-undo-sure", say!(standing::UNDO_FOR_SURE)) } else { ("batch-undo", say!(standing::UNDO)) };
        (!over.get()).then(|| button("", test, "", words, move || busy.get(), move || undo(sure)))
    };
    view! { {told}<div class="acts">{act}</div> }.into_any()
}
