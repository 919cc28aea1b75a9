//! What an elder eats by standing meals, in a line beside her file, and the way to change it.

use super::dialog::{Of, StandingDialog};
use crate::backend;
use crate::desk::desk;
use crate::kit::act::{button, on};
use crate::kit::load::load;
use leptos::prelude::*;
use shared::command::{StandingEntry, StandingOf};
use shared::say;
use shared::schema::RecordId;

#[component]
pub fn StandingLine(elder: RecordId) -> impl IntoView {
    let (context, open) = (desk(), RwSignal::new(false));
    let known = load(move || {
        context.revision.track();
        backend::ask(&StandingOf { elder: Some(elder), record: None })
    });
    let entered = |entry: &StandingEntry| entry.record.is_some();
    let line = |entry: StandingEntry| view! { <li><b>{entry.meal.said()}</b>" "{entry.words}</li> };
    let lines = move || known.value.get().map(|of| of.meals).unwrap_or_default().into_iter().filter(entered).map(line).collect_view();
    let any = Memo::new(move |_| known.value.with(|of| of.as_ref().is_some_and(|of| of.meals.iter().any(entered))));
    let words = move || if any.get() { say!(standing::CHANGE_OR_PAUSE) } else { say!(standing::ENTER) };
    view! {
        <section class="standing" data-testid="standing">
            <h2>{say!(standing::TITLE)}<span class="sp"></span>{move || button("small", "standing-open", "", words(), on, move || open.set(true))}</h2>
            <ul>{lines}</ul>
        </section>
        {move || open.get().then(|| view! { <StandingDialog of=Of::Elder(elder) close=move |()| open.set(false)/> })}
    }
}
