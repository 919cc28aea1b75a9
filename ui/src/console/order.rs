//! One order with its receipt, its photos and its history.

use super::console;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{on_keys, plain};
use crate::kit::load::load;
use crate::kit::route::location;
use crate::kit::time::{clock, day_short};
use crate::record::facts::{History, OrderFacts};
use leptos::prelude::*;
use shared::console::ConsoleOrder;

/// Before the id of an order, in the address.
pub const PATH: &str = "/order/";

#[component]
pub fn Order() -> impl IntoView {
    let context = console();
    let path = location().path;
    let order = load(move || {
        context.tick.track();
        let path = format!("/api/order/{}", path.with(|path| path.trim_start_matches(PATH).to_owned()));
        http::get::<ConsoleOrder>(&path)
    });
    // Photos stay in place while the poll brings the same answer again.
    let same = Memo::new(move |_| order.value.get());
    let back = move || {
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    };
    on_keys(move |event| {
        let ours = plain(event) && event.key() == "Escape";
        if ours {
            back();
        }
        ours
    });
    view! {
        <div class="console-head"><button type="button" class="btn small" data-testid="order-back" on:click=move |_| back()><kbd>"Esc"</kbd>"返回台账"</button><h1 class="site-name">"订单"</h1></div>
        <FaultBanner fault=order.fault/>
        {move || same.get().map(|order| view! { <Whole order/> })}
    }
}

#[component]
fn Whole(order: ConsoleOrder) -> impl IntoView {
    let photos = order.row.order.receipt.as_ref().map(|receipt| receipt.photos.clone()).unwrap_or_default();
    let received = order.received_at.map(|at| format!("服务器收到回单：{} {}", day_short(at.date()), clock(at)));
    view! {
        <div class="console-two order-page">
            <section class="card scroll" tabindex="0" aria-label="这张订单">
                <h2>"这张订单"</h2>
                <OrderFacts line=order.row.order taken_by=order.taken_by supplement_reason=order.supplement_reason canteen=order.row.canteen/>
                <div class="dialog-body"><History entries=order.history/></div>
            </section>
            <section class="card scroll" tabindex="0" aria-label="回单照片">
                <h2>"回单照片"</h2>
                {received.map(|words| view! { <p class="muted">{words}</p> })}
                <div class="photos">{photos.iter().map(|hash| view! {
                    <a href=format!("/api/photo/{hash}") target="_blank" rel="noopener"><figure class="photo"><img src=format!("/api/photo/{hash}") alt="回单照片" data-testid="ledger-photo" data-hash=hash.clone()/></figure></a>
                }).collect_view()}</div>
                {(order.photos_pending > 0).then(|| view! { <div class="banner due"><Draw icon=Icon::Clock/>{format!("还有 {} 张照片在饭堂电脑上等待上传。", order.photos_pending)}</div> })}
                {photos.is_empty().then(|| view! { <p class="muted">"这张订单没有照片。"</p> })}
            </section>
        </div>
    }
}
