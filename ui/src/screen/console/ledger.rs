//! 就餐台账: the rows behind the figures. Filters stand in the address; a row leads to its order.

use super::console;
use super::overview::Trail;
use super::period_bar::PeriodBar;
use crate::backend::http;
use crate::form::period::View;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::list::{Head, List, ListTable};
use crate::kit::load::load;
use crate::kit::pager::Pager;
use crate::kit::tag::{lack_tags, mode_icon, state_tag};
use crate::kit::time::{day_short, weekday};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use shared::console::{ConsoleLedger, ConsoleRow, Overview};
use shared::kinds::{Meal, Mode, OrderState};
use shared::schema::RecordId;

/// The filters beside place and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Narrow {
    meal: Option<Meal>,
    mode: Option<Mode>,
    state: Option<OrderState>,
    missing: bool,
}

impl Narrow {
    /// What the address says, and the page.
    fn read(query: &ParamsMap) -> (Self, u32) {
        let text = |key: &str| query.get(key).unwrap_or_default();
        let narrow = Self {
            meal: Meal::of_code(&text("meal")),
            mode: Mode::of_code(&text("mode")),
            state: OrderState::of_code(&text("state")),
            missing: text("missing") == "1",
        };
        (narrow, text("page").parse().unwrap_or(0))
    }

    fn ask(&self) -> String {
        let mut text = String::new();
        for (key, code) in [
            ("meal", self.meal.map(Meal::code)),
            ("mode", self.mode.map(Mode::code)),
            ("state", self.state.map(OrderState::code)),
            ("missing", self.missing.then_some("1")),
        ] {
            if let Some(code) = code {
                text.push_str(&format!("&{key}={code}"));
            }
        }
        text
    }
}

#[component]
pub fn Ledger() -> impl IntoView {
    let context = console();
    let query = use_query_map();
    let shown = Memo::new(move |_| query.with(|query| View::read(|key| query.get(key), context.today.get())));
    let trail = load(move || {
        let path = format!("/api/overview?{}", shown.get().ask());
        async move { http::get::<Overview>(&path).await.map(|figures| figures.trail) }
    });
    view! {
        <div class="console-head"><Trail trail=Signal::derive(move || trail.value.get().unwrap_or_default()) shown path="/ledger"/><span class="sp"></span><PeriodBar path="/ledger" shown/></div>
        <section class="card fill"><Rows shown path="/ledger"/></section>
    }
}

const HEAD: &[Head] = &[
    ("日期", false),
    ("订单号", false),
    ("饭堂", false),
    ("姓名", false),
    ("餐次", false),
    ("餐品", false),
    ("怎么拿", false),
    ("餐费", true),
    ("状态", false),
    ("回单", false),
];

/// The rows of a place and a period, with their own filters.
#[component]
pub fn Rows(
    shown: Memo<View>,
    /// The page they stand on: `/` or `/ledger`.
    path: &'static str,
) -> impl IntoView {
    let context = console();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Narrow::read));
    let go = StoredValue::new_local(use_navigate());
    let show = move |narrow: &Narrow, page: u32| {
        let page = if page > 0 { format!("&page={page}") } else { String::new() };
        let address = format!("{path}?{}{}{page}", shown.get_untracked().query(), narrow.ask());
        go.with_value(|go| go(&address, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() }));
    };
    let ledger = load(move || {
        context.tick.track();
        let (narrow, page) = asked.get();
        let path = format!("/api/ledger?{}{}&page={page}", shown.get().ask(), narrow.ask());
        async move { http::get::<ConsoleLedger>(&path).await }
    });
    let rows = Memo::new(move |_| ledger.value.with(|ledger| ledger.as_ref().map(|ledger| ledger.rows.clone()).unwrap_or_default()));
    let list = List::new(rows, |row: &ConsoleRow| row.line.id);
    let chosen = list.chosen;
    list.keys(move |row| go.with_value(|go| go(&address_of(row.line.id), NavigateOptions::default())));
    let total = Signal::derive(move || ledger.value.with(|ledger| ledger.as_ref().map_or(0, |ledger| ledger.total)));
    let edit = move |act: &dyn Fn(&mut Narrow)| {
        let mut narrow = asked.get_untracked().0;
        act(&mut narrow);
        show(&narrow, 0);
    };
    let choice = move |first: &'static str, all: Vec<(&'static str, &'static str)>, now: fn(&Narrow) -> Option<&'static str>| {
        let option = move |(code, words): (&'static str, &'static str)| {
            let on = move || asked.with(|(narrow, _)| now(narrow).unwrap_or_default() == code);
            view! { <option value=code prop:selected=on>{words}</option> }
        };
        std::iter::once(("", first)).chain(all).map(option).collect_view()
    };
    view! {
        <div class="filters">
            <select aria-label="餐次" on:change:target=move |event| { let code = event.target().value(); edit(&move |narrow| narrow.meal = Meal::of_code(&code)); }>{choice("全部餐次", Meal::ALL.iter().map(|meal| (meal.code(), meal.zh())).collect(), |narrow| narrow.meal.map(Meal::code))}</select>
            <select aria-label="怎么拿" on:change:target=move |event| { let code = event.target().value(); edit(&move |narrow| narrow.mode = Mode::of_code(&code)); }>{choice("全部方式", Mode::ALL.iter().map(|mode| (mode.code(), mode.zh())).collect(), |narrow| narrow.mode.map(Mode::code))}</select>
            <select aria-label="状态" on:change:target=move |event| { let code = event.target().value(); edit(&move |narrow| narrow.state = OrderState::of_code(&code)); }>{choice("全部状态", OrderState::ALL.iter().map(|state| (state.code(), state.zh())).collect(), |narrow| narrow.state.map(OrderState::code))}</select>
            <label class="check"><input type="checkbox" data-testid="ledger-missing" prop:checked=move || asked.with(|(narrow, _)| narrow.missing) on:change:target=move |event| { let on = event.target().checked(); edit(&move |narrow| narrow.missing = on); }/>"缺回单"</label>
        </div>
        <FaultBanner fault=ledger.fault/>
        <ListTable list head=HEAD row=move |row| view! { <Row row chosen/> } loading=ledger.loading icon=Icon::Ledger empty="这里没有符合条件的订单。"/>
        <div class="table-foot">
            <span class="muted"><kbd>"↑↓"</kbd>"选行　"<kbd>"Enter"</kbd>"看订单"</span><span class="sp"></span>
            <Pager page=Signal::derive(move || asked.get().1) total turn=move |to| show(&asked.get_untracked().0, to)/>
        </div>
    }
}

/// Where an order stands.
fn address_of(order: RecordId) -> String {
    format!("/order/{order}")
}

#[component]
fn Row(row: ConsoleRow, chosen: RwSignal<Option<RecordId>>) -> impl IntoView {
    let line = row.line;
    let id = line.id;
    let href = address_of(id);
    let target = href.clone();
    let go = StoredValue::new_local(use_navigate());
    let photos = line.receipt.as_ref().map_or(0, |receipt| receipt.photos.len());
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    view! {
        <tr class:sel=move || chosen.get() == Some(id) data-testid="ledger-row" on:click=move |_| go.with_value(|go| go(&target, NavigateOptions::default()))>
            <td class="num">{format!("{} {}", day_short(line.date), weekday(line.date))}</td><td class="num"><A href=href>{line.number}</A></td><td>{row.canteen}</td><td><b>{line.name}</b></td><td>{line.meal.zh()}</td><td>{line.dish}</td>
            <td><Draw icon=mode_icon(line.mode)/>{line.mode.zh()}</td><td class="right">{line.price.to_string()}</td><td>{state}</td>
            <td>{(photos > 0).then(|| view! { <span class="tag info"><Draw icon=Icon::Camera/>{format!("{photos} 张")}</span>" " })}{lacks}</td>
        </tr>
    }
}
