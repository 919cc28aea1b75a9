//! 送餐单 on paper: the stops as they stand on the screen, a sheet for each route, with room for a signature and a box for what comes back, since
//! the sheet bears addresses. On the screen it is not shown; the style sheet prints it alone.

use super::Run;
use crate::kit::time::{clock, day_long};
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::{OrderSummary, RouteOfDay};
use shared::kinds::RecordKind;
use shared::say;
use shared::schema::RecordId;
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

/// The stops of each route, as they are driven.
fn sheets(run: Run, stops: Vec<OrderSummary>) -> Vec<(Option<RouteOfDay>, Vec<OrderSummary>)> {
    let mut sheets: Vec<(Option<RecordId>, Vec<OrderSummary>)> = Vec::new();
    for line in stops {
        let route = run.route_of(line.id);
        match sheets.iter_mut().find(|(of, _)| *of == route) {
            Some((_, stops)) => stops.push(line),
            None => sheets.push((route, vec![line])),
        }
    }
    let routes = run.routes();
    sheets.into_iter().map(|(of, stops)| (routes.iter().find(|route| Some(route.id) == of).cloned(), stops)).collect()
}

fn row((at, line): (usize, OrderSummary)) -> impl IntoView {
    let mind: Vec<String> = [line.diet, line.note].into_iter().filter(|part| !part.is_empty()).collect();
    view! {
        <tr><td class="right">{at + 1}</td><td><b>{line.name}</b><div class="num">{line.phone}</div></td><td class="wrap">{line.address}</td>
            <td>{line.meal.said()}<div>{line.dish}</div></td><td class="wrap">{say!(delivery::minded(&mind))}</td><td class="num">{line.number}</td><td class="sign"></td></tr>
    }
}

#[component]
pub fn Slip(run: Run, stops: Memo<Vec<OrderSummary>>) -> impl IntoView {
    let status = run.desk.status;
    let title = move |route: Option<&RouteOfDay>| {
        let meal = run.meal.get().map_or(say!(order::WHOLE_DAY), |meal| meal.said());
        let whole = format!("{} · {meal} · {}", day_long(run.date.get()), run.mode.get().said());
        let named = route.map(|route| {
            let courier = (!route.courier.is_empty()).then(|| say!(delivery::courier(&route.courier)));
            [Some(route.name.clone()), courier].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        [Some(whole), named].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let printed = move || status.with(|status| say!(delivery::printed(&day_long(status.now.date()), &clock(status.now))));
    let sheet = move |(route, stops): (Option<RouteOfDay>, Vec<OrderSummary>)| {
        view! {
            <section class="slip" data-testid="slip" aria-hidden="true">
                <h1>{say!(delivery::SHEET)}</h1>
                <p><b>{status.with(|status| status.office.clone())}</b>"\u{2003}"{title(route.as_ref())}</p>
                <p>{dishes(&stops)}</p>
                <table><thead><tr><th class="right">{say!(delivery::PLACE_IN_RUN)}</th><th>{say!(delivery::NAME_AND_PHONE)}</th><th>{field_said(RecordKind::Elder, "address")}</th><th>{field_said(RecordKind::Order, "dish")}</th><th>{say!(delivery::DIET_AND_INSTRUCTIONS)}</th><th>{field_said(RecordKind::Order, "number")}</th><th>{say!(delivery::SIGNATURE_AND_TIME)}</th></tr></thead>
                    <tbody>{stops.into_iter().enumerate().map(row).collect_view()}</tbody></table>
                <p>{say!(delivery::SHEET_FOOT)}{printed()}</p>
                <p class="return-box">{say!(delivery::RETURN_BOX)}</p>
            </section>
        }
    };
    move || sheets(run, stops.get()).into_iter().map(sheet).collect_view()
}
