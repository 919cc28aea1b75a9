//! 今日: totals of a site over a period, and the way down: county, town, canteen, rows.

use super::chart::Chart;
use super::console;
use super::ledger::Rows;
use super::period_bar::PeriodBar;
use crate::backend::http;
use crate::form::period::View;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::route::location;
use leptos::prelude::*;
use shared::console::{Counts, Overview as Figures, Site};
use shared::kinds::{Level, Mode, ORDERS, OrderState};
use shared::schema::Label;
use shared::{label, say};

/// 97.8 %, in tenths without floats; none while nothing is due.
fn share(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| {
        let tenths = part * 1000 / whole;
        format!("{}.{} %", tenths / 10, tenths % 10)
    })
}

/// 9,410
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    digits.char_indices().fold(String::new(), |mut text, (at, digit)| {
        if at > 0 && at % 3 == head {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

fn below(level: Level) -> &'static str {
    match level {
        Level::City => say!(overview::COUNTIES_BELOW),
        Level::County => say!(overview::TOWNSHIPS_BELOW),
        Level::Town | Level::Canteen => say!(overview::CANTEENS_BELOW),
    }
}

#[component]
pub fn Overview() -> impl IntoView {
    let context = console();
    let here = location();
    let shown = Memo::new(move |_| View::read(|key| here.value(key), context.today.get()));
    let figures = load(move || {
        context.tick.track();
        let path = format!("/api/overview?{}", shown.get().ask());
        http::get::<Figures>(&path)
    });
    let site = Memo::new(move |_| figures.value.with(|figures| figures.as_ref().map(|figures| figures.site.clone())));
    view! {
        <div class="console-head"><Trail trail=Signal::derive(move || figures.value.with(|figures| figures.as_ref().map(|figures| figures.trail.clone()).unwrap_or_default())) shown path="/"/><span class="sp"></span><PeriodBar path="/" shown/></div>
        <FaultBanner fault=figures.fault/>
        {move || figures.value.get().map(|figures| view! { <Cards figures shown/> })}
        {move || site.get().map(|site| if site.level == Level::Canteen {
            view! { <section class="card fill"><h2>{ORDERS.title.said()}</h2><Rows shown path="/"/></section> }.into_any()
        } else {
            view! { <Below figures=figures.value shown level=site.level/> }.into_any()
        })}
    }
}

/// From the account's own site down to this one.
#[component]
pub fn Trail(#[prop(into)] trail: Signal<Vec<Site>>, shown: Memo<View>, path: &'static str) -> impl IntoView {
    move || {
        let trail = trail.get();
        let last = trail.len().saturating_sub(1);
        let step = move |(at, site): (usize, Site)| {
            if at == last {
                return view! { <h1 class="site-name" data-testid="site-name">{site.name}</h1> }.into_any();
            }
            let href = format!("{path}?{}", shown.get().at(&site).query());
            view! { <a href=href data-testid=format!("trail-{}", site.code)>{site.name}</a><span class="muted">" › "</span> }.into_any()
        };
        view! { <nav class="trail" aria-label=say!(overview::WHERE_ONE_IS)>{trail.into_iter().enumerate().map(step).collect_view()}</nav> }
    }
}

#[component]
fn Cards(figures: Figures, shown: Memo<View>) -> impl IntoView {
    let totals = figures.totals;
    let (devices, silent) = figures.devices;
    let lacking = totals.receipts_due.saturating_sub(totals.receipts);
    let card = |label: &'static str, big: String, small: String, bad: bool, test: &'static str, filter: &'static str| {
        let href = if test == "kpi-devices" { "/devices".to_owned() } else { format!("/ledger?{}{filter}", shown.get_untracked().query()) };
        view! { <a class="card kpi" href=href><span class="muted">{label}</span><span class="big" data-testid=test>{big}</span><span class=if bad { "bad" } else { "muted" }>{small}</span></a> }
    };
    view! {
        <div class="kpis">
            {card(say!(overview::MEALS), say!(overview::meals(&thousands(totals.meals))), say!(overview::served(&thousands(totals.served))), false, "kpi-meals", "")}
            {card(say!(overview::BROUGHT_AND_FETCHED), format!("{} / {}", thousands(totals.own_delivery + totals.third_party), thousands(totals.pick_up)), say!(overview::by_third_party(&thousands(totals.third_party))), false, "kpi-modes", "")}
            {card(say!(overview::RECEIPTS_DONE), share(totals.receipts, totals.receipts_due).unwrap_or_else(|| "—".to_owned()), if lacking > 0 { say!(overview::receipts_lacking(&thousands(lacking))) } else { say!(overview::NO_RECEIPT_LACKING).to_owned() }, lacking > 0, "kpi-receipts", "&missing=1")}
            {card(say!(overview::AMOUNT), say!(money::yuan(totals.amount)), say!(overview::canteens(&thousands(totals.canteens))), false, "kpi-amount", "")}
            {card(OrderState::NotDelivered.said(), thousands(totals.not_delivered), share(totals.not_delivered, totals.own_delivery + totals.third_party).map(|share| say!(overview::of_brought(&share))).unwrap_or_else(|| say!(overview::NOTHING_BROUGHT).to_owned()), totals.not_delivered > 0, "kpi-missed", "&state=not_delivered")}
            {card(say!(overview::DEVICES_HEARD_OF), format!("{} / {}", devices.saturating_sub(silent), devices), if silent > 0 { say!(overview::devices_silent(silent)) } else { say!(overview::ALL_HEARD_OF).to_owned() }, silent > 0, "kpi-devices", "")}
        </div>
    }
}

const HEAD: [(Label, Fit); 8] = [
    (label!(overview::PLACE), Fit::Title),
    (label!(overview::CANTEENS), Fit::Figure),
    (label!(overview::MEALS), Fit::Figure),
    (label!(overview::BROUGHT), Fit::Figure),
    (Mode::PickUp.label(), Fit::Figure),
    (OrderState::NotDelivered.label(), Fit::Figure),
    (label!(overview::RECEIPT_RATE), Fit::Figure),
    (label!(overview::AMOUNT_IN_YUAN), Fit::Figure),
];

#[component]
fn Below(figures: RwSignal<Option<Figures>>, shown: Memo<View>, level: Level) -> impl IntoView {
    let children = move || figures.with(|figures| figures.as_ref().map(|figures| figures.children.clone()).unwrap_or_default());
    let head: Vec<Head> = HEAD.iter().map(|(label, fit)| (label.said(), *fit)).collect();
    let days = move || figures.with(|figures| figures.as_ref().map(|figures| figures.days.clone()).unwrap_or_default());
    view! {
        <div class="console-two">
            <section class="card fill">
                <h2>{below(level)}<span class="sp"></span><a href=move || format!("/ledger?{}", shown.get().query()) data-testid="to-ledger">{say!(overview::TO_THE_LEDGER)}</a></h2>
                <ListTable label=say!(overview::FIGURES_BY_PLACE) head=head rows=Box::new(move || children().into_iter().map(|(site, counts)| row(site, &counts, shown)).collect()) test="place-row" loading=Signal::derive(move || figures.with(Option::is_none)) icon=Icon::Home empty=say!(overview::NO_CANTEENS)/>
            </section>
            <section class="card"><h2>{say!(overview::LAST_FOURTEEN_DAYS)}</h2>{move || view! { <Chart days=days()/> }}</section>
        </div>
    }
}

fn row(site: Site, counts: &Counts, shown: Memo<View>) -> Row {
    let (below, code) = (site.clone(), site.code);
    let href = move || format!("/?{}", shown.get().at(&below).query());
    Row {
        id: None,
        cells: cells![
            view! { <a href=href data-testid=format!("site-{code}")>{site.name}</a> },
            thousands(counts.canteens),
            view! { <span data-testid=format!("meals-{code}")>{thousands(counts.meals)}</span> },
            thousands(counts.own_delivery + counts.third_party),
            thousands(counts.pick_up),
            thousands(counts.not_delivered),
            share(counts.receipts, counts.receipts_due),
            counts.amount.to_string(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!(
            (thousands(0), thousands(999), thousands(9410), thousands(1234567)),
            ("0".into(), "999".into(), "9,410".into(), "1,234,567".into())
        );
        assert_eq!((share(978, 1000).as_deref(), share(1, 3).as_deref(), share(0, 0)), (Some("97.8 %"), Some("33.3 %"), None));
    }
}
