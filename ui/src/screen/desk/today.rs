//! 今日: who eats what, what is due, what is unsent. A row is handled by Enter.

use super::order_dialog::OrderDialog;
use super::{DeskContext, desk};
use crate::backend;
use crate::form::date::parse_date;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{in_field, on_control, on_keys, plain, print_keys};
use crate::kit::list::{Head, List, ListTable};
use crate::kit::load::load;
use crate::kit::seg::Seg;
use crate::kit::tag::{lack_tags, mode_icon, state_tag};
use crate::kit::time::day_long;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use shared::command::{MealCount, OrderLine, SetOutcome, Today as TodayAsk, TodayBoard};
use shared::kinds::{Meal, Mode, OrderState};
use shared::schema::RecordId;

/// Which orders of the day are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Due,
    ReceiptMissing,
    Unsent,
}

/// Still to be handed out or brought.
fn due(line: &OrderLine) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out)
}

impl Shown {
    fn fits(self, line: &OrderLine) -> bool {
        match self {
            Self::All => true,
            Self::Due => due(line),
            Self::ReceiptMissing => line.receipt_missing,
            Self::Unsent => line.unsent,
        }
    }
}

const HEAD: &[Head] = &[
    ("订单号", false),
    ("姓名", false),
    ("餐次", false),
    ("餐品", false),
    ("怎么拿", false),
    ("住址和嘱咐", false),
    ("状态", false),
    ("", false),
];

#[component]
pub fn Today() -> impl IntoView {
    print_keys(&[("↑↓", "选单"), ("Enter", "已取餐、写回单"), ("空格", "看详情"), ("←→", "前一天、后一天")]);
    let context = desk();
    let day = RwSignal::new(None::<Date>);
    let date = Memo::new(move |_| day.get().unwrap_or_else(|| context.today.get()));
    let board = load(move || {
        context.revision.track();
        let date = date.get();
        async move { backend::call(&TodayAsk { date: Some(date) }).await }
    });
    let (meal, shown) = (RwSignal::new(None::<Meal>), RwSignal::new(Shown::All));
    let lines = Memo::new(move |_| {
        let fits = |line: &&OrderLine| meal.get().is_none_or(|meal| line.meal == meal) && shown.get().fits(line);
        board.value.with(|board| board.iter().flat_map(|board| board.orders.iter()).filter(fits).cloned().collect::<Vec<_>>())
    });
    view! {
        <div class="today">
            <Head context day date board=board.value/>
            <FaultBanner fault=board.fault/>
            <section class="card fill">
                <Filters meal shown board=board.value/>
                <Orders context lines loading=board.loading date day/>
            </section>
        </div>
    }
}

#[component]
fn Head(
    context: DeskContext,
    day: RwSignal<Option<Date>>,
    #[prop(into)] date: Signal<Date>,
    board: RwSignal<Option<TodayBoard>>,
) -> impl IntoView {
    let meals = move || board.with(|board| board.iter().flat_map(|board| board.meals.iter()).cloned().collect::<Vec<_>>());
    view! {
        <div class="meals">
            <section class="card meal-card day-card">
                <b class="day">{move || day_long(date.get())}</b>
                <DaySeg context day date/>
            </section>
            {move || meals().into_iter().map(|count| view! { <MealCard count/> }).collect_view()}
        </div>
    }
}

#[component]
fn DaySeg(context: DeskContext, day: RwSignal<Option<Date>>, #[prop(into)] date: Signal<Date>) -> impl IntoView {
    let value = Signal::derive(move || i64::from((date.get() - context.today.get()).get_days()));
    let days = vec![(-1, "昨天".to_owned()), (0, "今天".to_owned()), (1, "明天".to_owned())];
    let pick = move |away: i64| {
        day.set(if away == 0 { None } else { context.today.get_untracked().checked_add(jiff::Span::new().days(away)).ok() })
    };
    view! {
        <Seg label="日期" options=days value=Signal::derive(move || Some(value.get())) pick/>
        <input class="slim" aria-label="别的日期" placeholder="别的日期，如 11-25" autocomplete="off"
            on:change:target=move |event| { if let Some(date) = parse_date(&event.target().value(), context.today.get_untracked()) { day.set(Some(date)); } }/>
    }
}

#[component]
fn MealCard(count: MealCount) -> impl IntoView {
    let dishes = count.dishes.iter().map(|(dish, number)| format!("{dish} {number}")).collect::<Vec<_>>().join("　");
    view! {
        <section class="card meal-card" data-testid=format!("meal-{}", count.meal.code())>
            <div class="meal-head"><b>{count.meal.zh()}</b><span class="big num" data-testid="meal-total">{count.total}</span><span class="muted">"份"</span>
                {(count.not_delivered > 0).then(|| view! { <span class="tag bad"><Draw icon=Icon::Cross/>{format!("未送达 {}", count.not_delivered)}</span> })}
                {(count.receipts_missing > 0).then(|| view! { <span class="tag due"><Draw icon=Icon::Alert/>{format!("缺回单 {}", count.receipts_missing)}</span> })}
            </div>
            <div class="muted">{format!("自取 {} · 自行配送 {} · 第三方 {}", count.pick_up, count.own_delivery, count.third_party)}</div>
            <div class="bar-line"><progress max=count.total.max(1).to_string() value=count.ended.to_string()></progress><span class="muted num">{format!("已完成 {} / {}", count.ended, count.total)}</span></div>
            <div class="dishes">{dishes}</div>
        </section>
    }
}

#[component]
fn Filters(meal: RwSignal<Option<Meal>>, shown: RwSignal<Shown>, board: RwSignal<Option<TodayBoard>>) -> impl IntoView {
    let meals: Vec<(Option<Meal>, String)> =
        std::iter::once((None, "全天".to_owned())).chain(Meal::ALL.iter().map(|meal| (Some(*meal), meal.zh().to_owned()))).collect();
    let count =
        move |kind: Shown| board.with(|board| board.iter().flat_map(|board| board.orders.iter()).filter(|line| kind.fits(line)).count());
    let kinds = Signal::derive(move || {
        [(Shown::All, "全部"), (Shown::Due, "待办"), (Shown::ReceiptMissing, "缺回单"), (Shown::Unsent, "待上传")]
            .into_iter()
            .map(|(kind, words)| (kind, format!("{words} {}", count(kind))))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="filters">
            <Seg label="餐次" options=meals value=Signal::derive(move || Some(meal.get())) pick=move |choice| meal.set(choice)/>
            <Seg label="哪些" options=kinds test="today-shown" value=Signal::derive(move || Some(shown.get())) pick=move |choice| shown.set(choice)/>
        </div>
    }
}

#[component]
fn Orders(
    context: DeskContext,
    lines: Memo<Vec<OrderLine>>,
    loading: RwSignal<bool>,
    #[prop(into)] date: Signal<Date>,
    day: RwSignal<Option<Date>>,
) -> impl IntoView {
    let list = List::new(lines, |line: &OrderLine| line.id);
    let chosen = list.chosen;
    let open = RwSignal::new(None::<RecordId>);
    let go = StoredValue::new_local(use_navigate());
    let handle = move |line: &OrderLine| match (line.mode, due(line)) {
        (Mode::PickUp, true) => picked_up(context, line.id),
        (Mode::PickUp, false) => open.set(Some(line.id)),
        _ => go.with_value(|go| go(&format!("/delivery?order={}", line.id), leptos_router::NavigateOptions::default())),
    };
    let turn = move |days: i64| day.set(date.get_untracked().checked_add(jiff::Span::new().days(days)).ok());
    list.keys(move |line| handle(&line));
    on_keys(move |event| {
        if !plain(event) || in_field(event) {
            return false;
        }
        match (event.key().as_str(), list.current()) {
            ("ArrowLeft", _) => turn(-1),
            ("ArrowRight", _) => turn(1),
            (" ", Some(line)) if !on_control(event) => open.set(Some(line.id)),
            _ => return false,
        }
        true
    });
    let row = move |line: OrderLine| view! { <Row line chosen open handle=move |line: OrderLine| handle(&line)/> };
    view! {
        <ListTable list head=HEAD row loading icon=Icon::Bag empty="这里没有订单。按 F3 接电话订餐。"/>
        {move || open.get().map(|order| view! { <OrderDialog order close=move |()| open.set(None)/> })}
    }
}

#[component]
fn Row(
    line: OrderLine,
    chosen: RwSignal<Option<RecordId>>,
    open: RwSignal<Option<RecordId>>,
    #[prop(into)] handle: Callback<OrderLine>,
) -> impl IntoView {
    let id = line.id;
    let place = [line.address.clone(), line.note.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let act = match (line.mode, due(&line)) {
        (Mode::PickUp, true) => Some("已取餐"),
        (Mode::PickUp, false) => None,
        _ if line.state == OrderState::Cancelled => None,
        (_, true) => Some("写回单"),
        (_, false) if line.receipt_missing => Some("补回单"),
        _ => None,
    };
    let (state, lacks, handled) = (state_tag(&line), lack_tags(&line), line.clone());
    view! {
        <tr class:sel=move || chosen.get() == Some(id) data-testid="today-row" on:click=move |_| chosen.set(Some(id)) on:dblclick=move |_| open.set(Some(id))>
            <td class="num"><button type="button" class="link" on:click=move |_| open.set(Some(id))>{line.number.clone()}</button></td>
            <td><b>{line.name.clone()}</b></td><td>{line.meal.zh()}</td><td>{line.dish.clone()}</td>
            <td><Draw icon=mode_icon(line.mode)/>{line.mode.zh()}</td>
            <td class="cut">{(!line.diet.is_empty()).then(|| view! { <span class="tag due">{line.diet.clone()}</span>" " })}<span class="muted">{place}</span></td>
            <td>{state}" "{lacks}</td>
            <td>{act.map(|words| view! { <button type="button" class="btn small" data-testid="row-act" on:click=move |event| { event.stop_propagation(); handle.run(handled.clone()); }>{words}</button> })}</td>
        </tr>
    }
}

fn picked_up(context: DeskContext, order: RecordId) {
    spawn_local(async move {
        match backend::call(&SetOutcome { order: Some(order), state: Some(OrderState::PickedUp), reason: None }).await {
            Ok(_) => {
                context.notes.good("已取餐，记好了。");
                context.refresh();
            }
            Err(fault) => context.notes.bad(&fault),
        }
    });
}
