//! One order in words at the desk, and what happened to any record. Photos and acts are the business of the screen around it.

use crate::kit::time::{clock, day_long, day_short};
use crate::record::tag::{lack_tags, state_tag};
use leptos::prelude::*;
use shared::command::{OrderSummary, TimelineEntry};

/// What an order says, as label and value.
#[component]
pub fn OrderFacts(
    line: OrderSummary,
    taken_by: String,
    supplement_reason: String,
    #[prop(optional)] platform_number: String,
) -> impl IntoView {
    let receipt = line.receipt.clone();
    let fact = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <span>{label}</span><div>{value}</div> });
    let taken = format!(
        "{} {}{}",
        day_short(line.taken_at.date()),
        clock(line.taken_at),
        if taken_by.is_empty() { String::new() } else { format!(" · {taken_by}") }
    );
    view! {
        <div class="facts-head"><span class="big">{line.name.clone()}</span><b class="big num" data-testid="detail-number">{line.number.clone()}</b>{state_tag(&line)}{lack_tags(&line)}</div>
        <div class="kv">
            {fact("哪一餐", format!("{} {} · {}", day_long(line.date), line.meal.zh(), line.mode.zh()))}
            {fact("餐品", format!("{} {} 元", line.dish, line.price))}
            {fact("住址", line.address.clone())}
            {fact("电话", line.phone.clone())}
            {fact("饮食禁忌", line.diet.clone())}
            {fact("嘱咐", line.note.clone())}
            {fact("下单", taken)}
            {fact("补录原因", supplement_reason)}
            {fact("第三方订单号", platform_number)}
            {receipt.map(|receipt| view! {
                {fact("送达时间", format!("{} {}", day_short(receipt.arrived_at.date()), clock(receipt.arrived_at)))}
                {fact("谁收的", receipt.received_by.map(|by| by.zh().to_owned()).unwrap_or_default())}
                {fact("探访", receipt.seen.map(|seen| seen.zh().to_owned()).unwrap_or_default())}
                {fact("回单备注", receipt.note)}
                {fact("回单记录", format!("{} {}（本机）", day_short(receipt.recorded_at.date()), clock(receipt.recorded_at)))}
            })}
        </div>
    }
}

/// What happened to it, oldest first.
#[component]
pub fn History(entries: Vec<TimelineEntry>) -> impl IntoView {
    let rows = entries.into_iter().map(|entry| {
        view! { <li><span class="muted num">{format!("{} {}", day_short(entry.at.date()), clock(entry.at))}</span><span>{entry.words.join("；")}{entry.unsent.then_some("（待上传）")}</span></li> }
    });
    view! { <h3>"经过"</h3><ol class="history">{rows.collect_view()}</ol> }
}
