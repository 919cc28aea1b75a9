//! 送餐单 on paper: the stops as they stand on the screen, with room for a signature. On the screen it is not shown;
//! the style sheet prints it alone.

use super::Run;
use crate::kit::time::{clock, day_long};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::RecordKind;
use shared::say;
use std::collections::BTreeMap;

/// 共 42 份：软饭 12 份，普通 30 份
fn dishes(stops: &[OrderSummary]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for line in stops {
        *counts.entry(if line.dish.is_empty() { say!(menu::PLAIN_DISH) } else { &line.dish }).or_default() += 1;
    }
    let counts: Vec<_> = counts.into_iter().collect();
    say!(delivery::dishes(stops.len(), &counts))
}

#[component]
pub fn Slip(run: Run, stops: Memo<Vec<OrderSummary>>) -> impl IntoView {
    let status = run.desk.status;
    let title = move || {
        let meal = run.meal.get().map_or(say!(order::WHOLE_DAY), |meal| meal.said());
        format!("{} · {meal} · {}", day_long(run.date.get()), run.mode.get().said())
    };
    let printed = move || status.with(|status| say!(delivery::printed(&day_long(status.now.date()), &clock(status.now))));
    let row = |(at, line): (usize, OrderSummary)| {
        let mind: Vec<String> = [line.diet, line.note].into_iter().filter(|part| !part.is_empty()).collect();
        view! {
            <tr><td class="right">{at + 1}</td><td><b>{line.name}</b><div class="num">{line.phone}</div></td><td class="wrap">{line.address}</td>
                <td>{line.meal.said()}<div>{line.dish}</div></td><td class="wrap">{say!(delivery::minded(&mind))}</td><td class="num">{line.number}</td><td class="sign"></td></tr>
        }
    };
    view! {
        <section class="slip" data-testid="slip" aria-hidden="true">
            <h1>{say!(delivery::SHEET)}</h1>
            <p><b>{move || status.with(|status| status.office.clone())}</b>"\u{2003}"{title}</p>
            <p>{move || stops.with(|stops| dishes(stops))}</p>
            <table><thead><tr><th class="right">{say!(delivery::PLACE_IN_RUN)}</th><th>{say!(delivery::NAME_AND_PHONE)}</th><th>{field_said(RecordKind::Elder, "address")}</th><th>{field_said(RecordKind::Order, "dish")}</th><th>{say!(delivery::DIET_AND_INSTRUCTIONS)}</th><th>{field_said(RecordKind::Order, "number")}</th><th>{say!(delivery::SIGNATURE_AND_TIME)}</th></tr></thead>
                <tbody>{move || stops.get().into_iter().enumerate().map(row).collect_view()}</tbody></table>
            <p>{say!(delivery::SHEET_FOOT)}{printed}</p>
        </section>
    }
}
