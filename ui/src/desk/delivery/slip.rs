//! 送餐单 on paper: the stops as they stand on the screen, with room for a signature. On the screen it is not shown;
//! the style sheet prints it alone.

use super::Run;
use crate::kit::time::{clock, day_long};
use leptos::prelude::*;
use shared::command::OrderSummary;
use std::collections::BTreeMap;

/// Opens the print dialog of the browser or the window.
pub fn print() {
    let _ = window().print();
}

/// 软饭 12，普通 30
fn dishes(stops: &[OrderSummary]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for line in stops {
        *counts.entry(if line.dish.is_empty() { "普通" } else { &line.dish }).or_default() += 1;
    }
    counts.iter().map(|(dish, count)| format!("{dish} {count} 份")).collect::<Vec<_>>().join("，")
}

#[component]
pub fn Slip(run: Run, stops: Memo<Vec<OrderSummary>>) -> impl IntoView {
    let status = run.desk.status;
    let title = move || {
        let meal = run.meal.get().map_or("全天", |meal| meal.zh());
        format!("{} · {meal} · {}", day_long(run.date.get()), run.mode.get().zh())
    };
    let printed = move || status.with(|status| format!("{} {} 打印", day_long(status.now.date()), clock(status.now)));
    let row = |(at, line): (usize, OrderSummary)| {
        let mind = [line.diet, line.note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；");
        view! {
            <tr><td class="right">{at + 1}</td><td><b>{line.name}</b><div class="num">{line.phone}</div></td><td class="wrap">{line.address}</td>
                <td>{line.meal.zh()}<div>{line.dish}</div></td><td class="wrap">{mind}</td><td class="num">{line.number}</td><td class="sign"></td></tr>
        }
    };
    view! {
        <section class="slip" data-testid="slip" aria-hidden="true">
            <h1>"送餐单"</h1>
            <p><b>{move || status.with(|status| status.office.clone())}</b>"　"{title}</p>
            <p>{move || stops.with(|stops| format!("共 {} 份：{}", stops.len(), dishes(stops)))}</p>
            <table><thead><tr><th class="right">"序"</th><th>"姓名和电话"</th><th>"住址"</th><th>"餐品"</th><th>"忌口和嘱咐"</th><th>"订单号"</th><th>"签收和时间"</th></tr></thead>
                <tbody>{move || stops.get().into_iter().enumerate().map(row).collect_view()}</tbody></table>
            <p>"送餐员：＿＿＿＿＿＿＿＿　出发时间：＿＿＿＿＿＿　"{printed}</p>
        </section>
    }
}
