//! 改派 on the elder's file: the canteens the elder ate at and, at a township office, the way to another one.

use super::DeskContext;
use crate::backend;
use crate::kit::act::button;
use crate::kit::fault::FaultBanner;
use crate::kit::load::load;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{BindingRow, Canteens, ElderCard, MoveElder};
use shared::fault::Fault;
use shared::say;
use shared::schema::RecordId;

#[component]
pub fn ElderMove(context: DeskContext, elder: RecordId) -> impl IntoView {
    let card = load(move || {
        context.revision.track();
        backend::ask(&ElderCard { elder: Some(elder) })
    });
    // After a move the desk says at once how they stand.
    let moved = RwSignal::new(None::<Vec<BindingRow>>);
    let canteens = load(move || backend::ask(&Canteens {}));
    let (to, fault, busy) = (RwSignal::new(String::new()), RwSignal::new(None::<Fault>), RwSignal::new(false));
    let send = move || {
        let canteen = to.get_untracked();
        if canteen.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = backend::call(&MoveElder { elder: Some(elder), canteen }).await;
            busy.try_set(false);
            match answer {
                Ok(now) => {
                    moved.try_set(Some(now));
                    to.try_set(String::new());
                    fault.try_set(None);
                    context.notes.good(say!(binding::MOVED));
                    context.refresh();
                }
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    let lines = move || {
        moved
            .get()
            .or_else(|| card.value.with(|card| card.as_ref().map(|card| card.bindings.clone())))
            .unwrap_or_default()
            .into_iter()
            .map(|line| view! { <Line line/> })
            .collect_view()
    };
    let choices = move || {
        let choices = canteens.value.get().unwrap_or_default();
        (!choices.is_empty()).then(|| {
            let options = choices.into_iter().map(|canteen| view! { <option value=canteen.code>{canteen.name}</option> }).collect_view();
            view! {
                <label class="f"><span>{say!(binding::MOVE_TO)}</span>
                    <select data-testid="move-canteen" prop:value=move || to.get() on:change:target=move |event| to.set(event.target().value())>
                        <option value="">{say!(binding::NOT_MOVED)}</option>
                        {options}
                    </select></label>
                {button("", "move-elder", "", say!(binding::MOVE_FROM_TODAY), move || busy.get() || to.with(String::is_empty), send)}
            }
        })
    };
    view! {
        <section class="move">
            <h2>{say!(binding::CANTEENS)}</h2>
            <FaultBanner fault/>
            <ul data-testid="elder-bindings">{lines}</ul>
            {choices}
        </section>
    }
}

#[component]
fn Line(line: BindingRow) -> impl IntoView {
    view! { <li>{line.canteen}" "<span class="muted num">{say!(binding::days(line.since, line.until))}</span></li> }
}
