//! The middle column: who it is, what to mind, what was eaten lately.

use super::state::OrderState;
use crate::kit::icon::{Draw, Icon};
use crate::kit::tag::Tag;
use crate::kit::time::{day_short, weekday};
use crate::record::tag::state_tag;
use leptos::prelude::*;
use shared::command::{ElderView, OrderSummary};

#[component]
pub fn Card(state: OrderState) -> impl IntoView {
    move || match state.card.get() {
        Some(card) => view! { <Person card/> }.into_any(),
        None => view! {
            <div class="empty"><Draw icon=Icon::Phone/><p>"接起电话，输入姓名首字母，按 Enter 选人，再按 Enter 保存。"</p></div>
        }
        .into_any(),
    }
}

#[component]
fn Person(card: ElderView) -> impl IntoView {
    let person = [card.hit.sex.map(|sex| sex.zh().to_owned()), card.hit.age.map(|age| format!("{age} 岁"))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let fact = |label: &'static str, value: String| (!value.is_empty()).then(|| view! { <span>{label}</span><div>{value}</div> });
    let family = card
        .emergency_phone
        .as_ref()
        .map(|phone| format!("{} {phone}", if card.form.emergency_name.is_empty() { "家属" } else { &card.form.emergency_name }));
    let binding = card.binding.clone().map(|(canteen, since)| since.map_or(canteen.clone(), |since| format!("{canteen}（{since} 起）")));
    view! {
        <div class="facts-head">
            <span class="big" data-testid="card-name">{card.hit.name.clone()}</span><span>{person}</span>
            {card.form.living_alone.then(|| view! { <Tag tone="info" icon=Icon::Home words="独居"/> })}
            {card.form.ability.map(|ability| view! { <Tag tone="info" icon=Icon::Person words=ability.zh()/> })}
            {card.hit.delivery_need.then(|| view! { <Tag tone="due" icon=Icon::Truck words="需送餐"/> })}
        </div>
        {card.not_active.clone().map(|state| view! { <div class="warn bad"><Draw icon=Icon::Alert/>{format!("档案状态：{state}")}</div> })}
        {(!card.form.diet.is_empty()).then(|| view! { <div class="warn"><Draw icon=Icon::Alert/>{card.form.diet.clone()}</div> })}
        {card.hit.existing_order.clone().map(|number| view! { <div class="warn info"><Draw icon=Icon::Check/>{format!("这一餐已经有订单 {number}")}</div> })}
        <div class="kv">
            {fact("住址", format!("{} {}", card.division, card.form.address).trim().to_owned())}
            {fact("电话", card.hit.phone.clone().unwrap_or_default())}
            {fact("紧急联系", family.unwrap_or_default())}
            {fact("身份证号", card.id_number.clone().unwrap_or_default())}
            {fact("绑定饭堂", binding.unwrap_or_default())}
            {fact("备注", card.form.note.clone())}
        </div>
        <h2>"最近订餐"</h2>
        {if card.recent.is_empty() { view! { <p class="muted">"还没有订过餐。"</p> }.into_any() } else { view! { <RecentTable lines=card.recent/> }.into_any() }}
    }
}

#[component]
fn RecentTable(lines: Vec<OrderSummary>) -> impl IntoView {
    let rows = lines.into_iter().take(6).map(|line| {
        view! { <tr><td>{format!("{} {}", day_short(line.date), weekday(line.date))}</td><td>{line.meal.zh()}</td><td>{line.dish.clone()}</td><td>{line.mode.zh()}</td><td>{state_tag(&line)}</td></tr> }
    });
    view! { <table><thead><tr><th>"日期"</th><th>"餐次"</th><th>"餐品"</th><th>"怎么拿"</th><th>"结果"</th></tr></thead><tbody>{rows.collect_view()}</tbody></table> }
}
