//! 就餐台账: the list of orders; a row opens the order.

use super::list::DeskList;
use super::order_dialog::OrderDialog;
use crate::record::ledger::LEDGER;
use leptos::prelude::*;
use shared::kinds::ORDERS;
use shared::schema::RecordId;

#[component]
pub fn Ledger() -> impl IntoView {
    let open = RwSignal::new(None::<RecordId>);
    view! {
        <DeskList list=&ORDERS path="/ledger" beside=LEDGER open=Some(Callback::new(move |order| open.set(Some(order))))/>
        {move || open.get().map(|order| view! { <OrderDialog order close=move |()| open.set(None)/> })}
    }
}
