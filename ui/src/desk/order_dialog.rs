//! One order in full, over any list: facts, receipt, photos, history, and the acts at the counter.

use super::desk;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::load::load;
use crate::record::facts::{History, OrderFacts};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{OrderDetail, OrderSummary, PhotoData, SetOutcome};
use shared::kinds::{Mode, OrderState, RecordKind};
use shared::say;
use shared::schema::RecordId;

#[component]
pub fn OrderDialog(order: RecordId, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let context = desk();
    let detail = load(move || {
        context.revision.track();
        backend::ask(&OrderDetail { order: Some(order) })
    });
    let fault = RwSignal::new(None);
    let act = move |state: OrderState| {
        spawn_local(async move {
            match backend::call(&SetOutcome { order: Some(order), state: Some(state), reason: None }).await {
                Ok(state) => {
                    context.notes.good(say!(order::now_stands(state)));
                    context.refresh();
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
        });
    };
    view! {
        <Dialog title=RecordKind::Order.said().to_owned() close wide=true>
            <FaultBanner fault=detail.fault/>
            <FaultBanner fault/>
            {move || detail.value.get().map(|view| {
                let photos = view.order.receipt.as_ref().map(|receipt| receipt.photos.clone()).unwrap_or_default();
                let line = view.order.clone();
                view! {
                    <OrderFacts line=view.order taken_by=view.taken_by supplement_reason=view.supplement_reason platform_number=view.platform_number/>
                    <div class="photos">{photos.into_iter().map(|hash| view! { <Photo hash thumbnail=false/> }).collect_view()}</div>
                    <Acts line act/>
                    <History entries=view.history/>
                }
            })}
        </Dialog>
    }
}

#[component]
fn Acts(line: OrderSummary, #[prop(into)] act: Callback<OrderState>) -> impl IntoView {
    let open = matches!(line.state, OrderState::Placed | OrderState::Prepared);
    let sure = RwSignal::new(false);
    let deliver = line.mode != Mode::PickUp && line.state != OrderState::Cancelled;
    view! {
        <div class="acts">
            {(open && line.mode == Mode::PickUp).then(|| button("", "picked-up", "", OrderState::PickedUp.said(), on, move || act.run(OrderState::PickedUp)))}
            {(line.state == OrderState::Placed).then(|| button("", "", "", OrderState::Prepared.said(), on, move || act.run(OrderState::Prepared)))}
            {(open && line.mode != Mode::PickUp).then(|| button("", "", "", say!(order::START_DELIVERY), on, move || act.run(OrderState::Out)))}
            {deliver.then(|| view! { <a class="btn" href=format!("/delivery?order={}", line.id)>{say!(receipt::WRITE)}</a> })}
            {open.then_some(move || {
                let asked = sure.get();
                let words = if asked { say!(order::CANCEL_FOR_SURE) } else { say!(order::CANCEL_ORDER) };
                button("danger", "cancel-order", "", words, on, move || if asked { act.run(OrderState::Cancelled) } else { sure.set(true) })
            })}
        </div>
    }
}

/// A stored photo; the thumbnail in lists, the whole in the dialog.
#[component]
pub fn Photo(hash: String, thumbnail: bool) -> impl IntoView {
    let asked = hash.clone();
    let data = load(move || {
        let hash = asked.clone();
        backend::ask(&PhotoData { hash, thumbnail })
    });
    view! {
        <figure class="photo" class:small=thumbnail data-testid="ledger-photo" data-hash=hash>
            {move || match (data.value.get(), data.fault.get()) {
                (Some(url), _) => view! { <img src=url alt=say!(receipt::PHOTO_OF_IT)/> }.into_any(),
                (None, Some(fault)) => view! { <figcaption>{fault.said().0.to_owned()}</figcaption> }.into_any(),
                _ => view! { <figcaption>{say!(receipt::FETCHING_PHOTO)}</figcaption> }.into_any(),
            }}
        </figure>
    }
}
