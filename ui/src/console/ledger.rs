//! 就餐台账: the rows behind the figures. Filters stand in the address; a row leads to its order.

use super::console;
use super::overview::Trail;
use super::period_bar::PeriodBar;
use crate::backend::http;
use crate::form::period::View;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::list::{Fit, Head, List, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::pager::Pager;
use crate::kit::route::location;
use crate::kit::time::{day_short, weekday};
use crate::record::tag::{lack_tags, mode_icon, state_tag};
use leptos::prelude::*;
use shared::console::{ConsoleLedger, ConsoleRow, Overview};
use shared::kinds::{Meal, Mode, OrderState};
use shared::schema::RecordId;

/// The filters beside site and period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Narrow {
    meal: Option<Meal>,
    mode: Option<Mode>,
    state: Option<OrderState>,
    missing: bool,
}

impl Narrow {
    /// What the address says, and the page.
    fn read(value: impl Fn(&str) -> Option<String>) -> (Self, u32) {
        let text = |key: &str| value(key).unwrap_or_default();
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

/// A choice of a filter: its code and its words.
type Code = (&'static str, &'static str);

#[component]
pub fn Ledger() -> impl IntoView {
    let context = console();
    let location = location();
    let shown = Memo::new(move |_| View::read(|key| location.value(key), context.today.get()));
    let trail = load(move || {
        let path = format!("/api/overview?{}", shown.get().ask());
        http::get::<Overview>(&path)
    });
    view! {
        <div class="console-head"><Trail trail=Signal::derive(move || trail.value.with(|figures| figures.as_ref().map(|figures| figures.trail.clone()).unwrap_or_default())) shown path="/ledger"/><span class="sp"></span><PeriodBar path="/ledger" shown/></div>
        <section class="card fill"><Rows shown path="/ledger"/></section>
    }
}

const HEAD: &[Head] = &[
    ("日期", Fit::Digits),
    ("订单号", Fit::Digits),
    ("饭堂", Fit::Plain),
    ("姓名", Fit::Title),
    ("餐次", Fit::Plain),
    ("餐品", Fit::Plain),
    ("怎么拿", Fit::Plain),
    ("餐费", Fit::Figure),
    ("状态", Fit::Plain),
    ("回单", Fit::Plain),
];

/// The rows of a site and a period, with their own filters.
#[component]
pub fn Rows(
    shown: Memo<View>,
    /// The page they stand on: `/` or `/ledger`.
    path: &'static str,
) -> impl IntoView {
    let context = console();
    let location = location();
    let asked = Memo::new(move |_| Narrow::read(|key| location.value(key)));
    let show = move |narrow: &Narrow, page: u32| {
        let page = if page > 0 { format!("&page={page}") } else { String::new() };
        let address = format!("{path}?{}{}{page}", shown.get_untracked().query(), narrow.ask());
        location.replace(&address);
    };
    let ledger = load(move || {
        context.tick.track();
        let (narrow, page) = asked.get();
        let path = format!("/api/ledger?{}{}&page={page}", shown.get().ask(), narrow.ask());
        http::get::<ConsoleLedger>(&path)
    });
    let rows = Memo::new(move |_| ledger.value.with(|ledger| ledger.as_ref().map(|ledger| ledger.rows.clone()).unwrap_or_default()));
    let list = List::new(rows, |row: &ConsoleRow| row.order.id);
    let open = move |order: RecordId| location.go(&address_of(order));
    list.keys(open);
    let total = Signal::derive(move || ledger.value.with(|ledger| ledger.as_ref().map_or(0, |ledger| ledger.total)));
    let edit = move |act: &dyn Fn(&mut Narrow)| {
        let mut narrow = asked.get_untracked().0;
        act(&mut narrow);
        show(&narrow, 0);
    };
    let choice = move |label: &'static str,
                       first: &'static str,
                       all: Vec<Code>,
                       now: fn(&Narrow) -> Option<&'static str>,
                       write: fn(&mut Narrow, &str)| {
        let option = move |(code, words): Code| {
            let on = move || asked.with(|(narrow, _)| now(narrow).unwrap_or_default() == code);
            view! { <option value=code prop:selected=on>{words}</option> }
        };
        let options = std::iter::once(("", first)).chain(all).map(option).collect_view();
        view! { <select aria-label=label on:change:target=move |event| { let code = event.target().value(); edit(&move |narrow| write(narrow, &code)); }>{options}</select> }
    };
    let meals = Meal::ALL.iter().map(|meal| (meal.code(), meal.zh())).collect();
    let modes = Mode::ALL.iter().map(|mode| (mode.code(), mode.zh())).collect();
    let states = OrderState::ALL.iter().map(|state| (state.code(), state.zh())).collect();
    view! {
        <div class="filters">
            {choice("餐次", "全部餐次", meals, |narrow| narrow.meal.map(Meal::code), |narrow, code| narrow.meal = Meal::of_code(code))}
            {choice("怎么拿", "全部方式", modes, |narrow| narrow.mode.map(Mode::code), |narrow, code| narrow.mode = Mode::of_code(code))}
            {choice("状态", "全部状态", states, |narrow| narrow.state.map(OrderState::code), |narrow, code| narrow.state = OrderState::of_code(code))}
            <label class="check"><input type="checkbox" data-testid="ledger-missing" prop:checked=move || asked.with(|(narrow, _)| narrow.missing) on:change:target=move |event| { let on = event.target().checked(); edit(&move |narrow| narrow.missing = on); }/>"缺回单"</label>
        </div>
        <FaultBanner fault=ledger.fault/>
        <ListTable label="就餐台账" head=HEAD rows=Box::new(move || rows.get().into_iter().map(row).collect()) list press=open test="ledger-row" loading=ledger.loading icon=Icon::Ledger empty="这里没有符合条件的订单。"/>
        <div class="table-foot">
            <span class="muted"><kbd>"↑↓"</kbd>"选行　"<kbd>"Enter"</kbd>"看订单"</span><span class="sp"></span>
            <Pager page=Signal::derive(move || asked.get().1) total turn=move |to| show(&asked.get_untracked().0, to)/>
        </div>
    }
}

/// Where an order stands.
fn address_of(order: RecordId) -> String {
    format!("{}{order}", super::order::PATH)
}

fn row(row: ConsoleRow) -> Row {
    let line = row.order;
    let photos = line.receipt.as_ref().map_or(0, |receipt| receipt.photos.len());
    let photos = (photos > 0).then(|| view! { <span class="tag info"><Draw icon=Icon::Camera/>{format!("{photos} 张")}</span>" " });
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    Row {
        id: Some(line.id),
        cells: cells![
            format!("{} {}", day_short(line.date), weekday(line.date)),
            view! { <a href=address_of(line.id)>{line.number}</a> },
            row.canteen,
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
