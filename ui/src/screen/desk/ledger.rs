//! 就餐台账: filter row, table, pager, export as filtered. The filters stand in the address.

use super::desk;
use super::order_dialog::OrderDialog;
use crate::backend;
use crate::form::date::parse_date;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{focus_soon, on_keys, plain, print_keys};
use crate::kit::list::{Head, List, ListTable};
use crate::kit::load::load;
use crate::kit::pager::Pager;
use crate::kit::progress::RunningProgress;
use crate::kit::tag::{lack_tags, mode_icon, state_tag};
use crate::kit::time::{day_short, weekday};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::command::{ExportLedger, Exported, Ledger as LedgerAsk, LedgerFilter, OrderLine};
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

/// Bytes that an address can't hold as they are.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
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
    ("日期", false),
    ("订单号", false),
    ("姓名", false),
    ("餐次", false),
    ("餐品", false),
    ("怎么拿", false),
    ("餐费", true),
    ("状态", false),
    ("回单", false),
];

#[component]
pub fn Ledger() -> impl IntoView {
    print_keys(&[("↑↓", "选行"), ("Enter", "看详情"), ("F8", "导出"), ("PgUp PgDn", "翻页"), ("Esc", "清空条件")]);
    let context = desk();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| read_query(|key| query.get(key))));
    let go = StoredValue::new_local(use_navigate());
    let change = Callback::new(move |(filter, page): (LedgerFilter, u32)| {
        go.with_value(|go| go(&address(&filter, page), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() }))
    });
    let page = load(move || {
        context.revision.track();
        let (filter, page) = asked.get();
        async move { backend::call(&LedgerAsk { filter, page }).await }
    });
    let rows = Memo::new(move |_| page.value.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default()));
    let total = move || page.value.with(|page| page.as_ref().map_or(0, |page| page.total));
    let list = List::new(rows, |line: &OrderLine| line.id);
    let (chosen, open) = (list.chosen, RwSignal::new(None::<RecordId>));
    focus_soon("ledger-text");
    list.keys(move |line| open.set(Some(line.id)));
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
            <ListTable list head=HEAD row=move |line| view! { <Row line chosen open/> } loading=page.loading icon=Icon::Ledger empty="没有符合条件的订单。按 Esc 清空条件。"/>
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
    let range = move |from: i64| {
        let today = context.today.get_untracked();
        edit(&move |filter| (filter.from, filter.to) = (today.checked_sub(jiff::Span::new().days(from)).ok(), Some(today)));
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

#[component]
fn Row(line: OrderLine, chosen: RwSignal<Option<RecordId>>, open: RwSignal<Option<RecordId>>) -> impl IntoView {
    let id = line.id;
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    let photos = line.receipt.as_ref().map_or(0, |receipt| receipt.photos.len());
    let first = line.receipt.as_ref().and_then(|receipt| receipt.photos.first().cloned());
    view! {
        <tr class:sel=move || chosen.get() == Some(id) data-testid="ledger-row" on:click=move |_| { chosen.set(Some(id)); open.set(Some(id)); }>
            <td class="num">{format!("{} {}", day_short(line.date), weekday(line.date))}</td><td class="num">{line.number.clone()}</td><td><b>{line.name.clone()}</b></td>
            <td>{line.meal.zh()}</td><td>{line.dish.clone()}</td><td><Draw icon=mode_icon(line.mode)/>{line.mode.zh()}</td><td class="right">{line.price.to_string()}</td>
            <td>{state}</td>
            <td>{first.map(|_| view! { <span class="tag info"><Draw icon=Icon::Camera/>{format!("{photos} 张")}</span>" " })}{lacks}</td>
        </tr>
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
        assert_eq!(escaped("王-1"), "%E7%8E%8B-1");
    }
}
