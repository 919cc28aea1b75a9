//! 就餐台账: filter row, table, pager, export as filtered. The filters stand in the address.

use super::desk;
use super::order_dialog::OrderDialog;
use crate::backend;
use crate::desk::progress::RunningProgress;
use crate::form::date::parse_date;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{focus_soon, on_keys, plain, print_keys};
use crate::kit::list::{Fit, Head, List, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::pager::Pager;
use crate::kit::route::{escaped, location};
use crate::kit::time::{day_short, days_away, weekday};
use crate::record::tag::{lack_tags, mode_icon, state_tag};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ExportLedger, Exported, Ledger as LedgerAsk, LedgerFilter, OrderSummary};
use shared::kinds::{Meal, Mode, OrderState};
use shared::schema::RecordId;

/// The filter and the page that the address holds.
fn read_query(query: impl Fn(&str) -> Option<String>) -> (LedgerFilter, u32) {
    let text = |key: &str| query(key).unwrap_or_default();
    let day = |key: &str| text(key).parse::<Date>().ok();
    let filter = LedgerFilter {
        from: day("from"),
        to: day("to"),
        meal: Meal::of_code(&text("meal")),
        mode: Mode::of_code(&text("mode")),
        state: OrderState::of_code(&text("state")),
        receipt_missing: text("missing") == "1",
        text: text("text"),
    };
    (filter, text("page").parse().unwrap_or(0))
}

/// The address of a filter and a page.
fn address(filter: &LedgerFilter, page: u32) -> String {
    let mut pairs = Vec::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push(format!("{key}={}", escaped(&value)));
        }
    };
    put("from", filter.from.map(|day| day.to_string()));
    put("to", filter.to.map(|day| day.to_string()));
    put("meal", filter.meal.map(|meal| meal.code().to_owned()));
    put("mode", filter.mode.map(|mode| mode.code().to_owned()));
    put("state", filter.state.map(|state| state.code().to_owned()));
    put("missing", filter.receipt_missing.then(|| "1".to_owned()));
    put("text", Some(filter.text.clone()));
    put("page", (page > 0).then(|| page.to_string()));
    if pairs.is_empty() { "/ledger".to_owned() } else { format!("/ledger?{}", pairs.join("&")) }
}

const HEAD: &[Head] = &[
    ("日期", Fit::Digits),
    ("订单号", Fit::Digits),
    ("姓名", Fit::Title),
    ("餐次", Fit::Plain),
    ("餐品", Fit::Plain),
    ("怎么拿", Fit::Plain),
    ("餐费", Fit::Figure),
    ("状态", Fit::Plain),
    ("回单", Fit::Plain),
];

#[component]
pub fn Ledger() -> impl IntoView {
    print_keys(&[("↑↓", "选行"), ("Enter", "看详情"), ("F8", "导出"), ("PgUp PgDn", "翻页"), ("Esc", "清空条件")]);
    let context = desk();
    let location = location();
    let asked = Memo::new(move |_| read_query(|key| location.value(key)));
    let change = Callback::new(move |(filter, page): (LedgerFilter, u32)| location.replace(&address(&filter, page)));
    let page = load(move || {
        context.revision.track();
        let (filter, page) = asked.get();
        backend::ask(&LedgerAsk { filter, page })
    });
    let rows = Memo::new(move |_| page.value.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default()));
    let total = move || page.value.with(|page| page.as_ref().map_or(0, |page| page.total));
    let list = List::new(rows, |line: &OrderSummary| line.id);
    let open = RwSignal::new(None::<RecordId>);
    let show = move |id: RecordId| {
        list.chosen.set(Some(id));
        open.set(Some(id));
    };
    focus_soon("ledger-text");
    list.keys(show);
    let (exporting, exported) = (RwSignal::new(false), RwSignal::new(None::<Exported>));
    let export = move || {
        if exporting.get_untracked() {
            return;
        }
        exporting.set(true);
        exported.set(None);
        spawn_local(async move {
            let done = backend::call(&ExportLedger { filter: asked.get_untracked().0 }).await;
            exporting.set(false);
            match done {
                Ok(done) => exported.set(Some(done)),
                Err(fault) => context.notes.bad(&fault),
            }
        });
    };
    on_keys(move |event| {
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "F8" => export(),
            "Escape" => change.run((LedgerFilter::default(), 0)),
            _ => return false,
        }
        true
    });
    view! {
        <section class="card fill">
            <div class="filters">
                <FilterRow asked change/>
                <span class="sp"></span>
                <button type="button" class="btn small" data-testid="ledger-export" disabled=move || exporting.get() on:click=move |_| export()><kbd>"F8"</kbd><Draw icon=Icon::Download/>"导出表格"</button>
            </div>
            <RunningProgress busy=exporting label="正在导出"/>
            {move || exported.get().map(|done| view! { <div class="banner ok" role="status" data-testid="exported"><Draw icon=Icon::Check/><div><b>{format!("已导出 {} 行：{}", done.rows, done.file_name)}</b><div class="path">{done.path}</div></div></div> })}
            <FaultBanner fault=page.fault/>
            <ListTable label="台账" head=HEAD rows=Box::new(move || rows.get().into_iter().map(row).collect()) list press=show test="ledger-row" loading=page.loading icon=Icon::Ledger empty="没有符合条件的订单。按 Esc 清空条件。"/>
            <div class="table-foot">
                <span>"合计 "<b class="num" data-testid="ledger-amount">{move || page.value.with(|page| page.as_ref().map(|page| page.amount.to_string()))}</b>" 元"</span>
                <span class="sp"></span>
                <Pager page=Signal::derive(move || asked.get().1) total=Signal::derive(total) turn=move |page| change.run((asked.get_untracked().0, page))/>
            </div>
        </section>
        {move || open.get().map(|order| view! { <OrderDialog order close=move |()| open.set(None)/> })}
    }
}

#[component]
fn FilterRow(asked: Memo<(LedgerFilter, u32)>, change: Callback<(LedgerFilter, u32)>) -> impl IntoView {
    let context = desk();
    let edit = move |act: &dyn Fn(&mut LedgerFilter)| {
        let mut filter = asked.get_untracked().0;
        act(&mut filter);
        change.run((filter, 0));
    };
    let day_field = move |label: &'static str,
                          test: &'static str,
                          read: fn(&LedgerFilter) -> Option<Date>,
                          write: fn(&mut LedgerFilter, Option<Date>)| {
        view! {
            <input class="day-field" aria-label=label placeholder=label autocomplete="off" data-testid=test
                prop:value=move || asked.with(|(filter, _)| read(filter).map(|day| day.to_string()).unwrap_or_default())
                on:change:target=move |event| { let day = parse_date(&event.target().value(), context.today.get_untracked()); edit(&move |filter| write(filter, day)); }/>
        }
    };
    let options = |all: Vec<(&'static str, &'static str)>, now: Signal<String>| {
        all.into_iter()
            .map(move |(code, words)| view! { <option value=code prop:selected=move || now.get() == code>{words}</option> })
            .collect_view()
    };
    let meal = Signal::derive(move || asked.with(|(filter, _)| filter.meal.map(|meal| meal.code().to_owned()).unwrap_or_default()));
    let mode = Signal::derive(move || asked.with(|(filter, _)| filter.mode.map(|mode| mode.code().to_owned()).unwrap_or_default()));
    let state = Signal::derive(move || asked.with(|(filter, _)| filter.state.map(|state| state.code().to_owned()).unwrap_or_default()));
    let with_all =
        |words: &'static str, all: Vec<(&'static str, &'static str)>| std::iter::once(("", words)).chain(all).collect::<Vec<_>>();
    let range = move |from: i32| {
        let today = context.today.get_untracked();
        edit(&move |filter| (filter.from, filter.to) = (Some(days_away(today, -from)), Some(today)));
    };
    view! {
        <input id="ledger-text" class="find-field" role="searchbox" aria-label="姓名、订单号、拼音首字母" placeholder="姓名、订单号、首字母" autocomplete="off" data-testid="ledger-text"
            prop:value=move || asked.with(|(filter, _)| filter.text.clone())
            on:input:target=move |event| { let text = event.target().value(); edit(&move |filter| filter.text.clone_from(&text)); }/>
        {day_field("从", "ledger-from", |filter| filter.from, |filter, day| filter.from = day)}
        {day_field("到", "ledger-to", |filter| filter.to, |filter, day| filter.to = day)}
        <button type="button" class="btn small" on:click=move |_| range(0)>"今天"</button>
        <button type="button" class="btn small" on:click=move |_| range(6)>"近七天"</button>
        <select aria-label="餐次" on:change:target=move |event| { let code = event.target().value(); edit(&move |filter| filter.meal = Meal::of_code(&code)); }>
            {options(with_all("全部餐次", Meal::ALL.iter().map(|meal| (meal.code(), meal.zh())).collect()), meal)}</select>
        <select aria-label="怎么拿" on:change:target=move |event| { let code = event.target().value(); edit(&move |filter| filter.mode = Mode::of_code(&code)); }>
            {options(with_all("全部方式", Mode::ALL.iter().map(|mode| (mode.code(), mode.zh())).collect()), mode)}</select>
        <select aria-label="状态" on:change:target=move |event| { let code = event.target().value(); edit(&move |filter| filter.state = OrderState::of_code(&code)); }>
            {options(with_all("全部状态", OrderState::ALL.iter().map(|state| (state.code(), state.zh())).collect()), state)}</select>
        <label class="check"><input type="checkbox" data-testid="ledger-missing" prop:checked=move || asked.with(|(filter, _)| filter.receipt_missing)
            on:change:target=move |event| { let on = event.target().checked(); edit(&move |filter| filter.receipt_missing = on); }/>"缺回单"</label>
    }
}

fn row(line: OrderSummary) -> Row {
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    let photos = line.receipt.as_ref().map_or(0, |receipt| receipt.photos.len());
    let photos = (photos > 0).then(|| view! { <span class="tag info"><Draw icon=Icon::Camera/>{format!("{photos} 张")}</span>" " });
    Row {
        id: Some(line.id),
        cells: cells![
            format!("{} {}", day_short(line.date), weekday(line.date)),
            line.number,
            line.name,
            line.meal.zh(),
            line.dish,
            view! { <Draw icon=mode_icon(line.mode)/>{line.mode.zh()} },
            line.price.to_string(),
            state,
            view! { {photos}{lacks} },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_the_filter() {
        let filter = LedgerFilter {
            from: "2026-11-01".parse().ok(),
            meal: Some(Meal::Lunch),
            state: Some(OrderState::NotDelivered),
            receipt_missing: true,
            ..LedgerFilter::default()
        };
        let address = address(&filter, 2);
        assert!(
            address.starts_with("/ledger?") && address.contains("from=2026-11-01") && address.contains("state=not_delivered"),
            "{address}"
        );
        let query: Vec<_> = address.trim_start_matches("/ledger?").split('&').filter_map(|pair| pair.split_once('=')).collect();
        assert_eq!(read_query(|key| query.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())), (filter, 2));
    }
}
