//! 今日: who eats what, what is due, what is unsent. A row is handled by Enter.

use super::order_dialog::OrderDialog;
use super::{DeskContext, desk};
use crate::backend;
use crate::form::date::parse_date;
use crate::kit::act::banner;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{in_field, on_control, on_keys, plain, print_keys};
use crate::kit::list::{Fit, Head, List, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::route::location;
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::{day_long, days_away, days_until};
use crate::record::field_said;
use crate::record::meals::MealChoice;
use crate::record::tag::{lack_tags, mode_icon, state_tag};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{DaySaid, MealCount, OrderSummary, SetOutcome, Today as TodayAsk, TodayBoard};
use shared::kinds::{Meal, Mode, OrderState, RecordKind};
use shared::say;
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
fn due(line: &OrderSummary) -> bool {
    matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out)
}

impl Shown {
    const ALL: [Self; 4] = [Self::All, Self::Due, Self::ReceiptMissing, Self::Unsent];

    fn said(self) -> &'static str {
        match self {
            Self::All => say!(today::SHOW_ALL),
            Self::Due => say!(today::TO_DO),
            Self::ReceiptMissing => say!(receipt::LACKING),
            Self::Unsent => say!(sync::NOT_SENT),
        }
    }

    fn fits(self, line: &OrderSummary) -> bool {
        match self {
            Self::All => true,
            Self::Due => due(line),
            Self::ReceiptMissing => line.receipt_missing,
            Self::Unsent => line.unsent,
        }
    }
}

fn head() -> Vec<Head> {
    let of = |name| field_said(RecordKind::Order, name);
    vec![
        (of("number"), Fit::Digits),
        (of("elder_name"), Fit::Title),
        (of("meal"), Fit::Plain),
        (of("dish"), Fit::Plain),
        (of("mode"), Fit::Plain),
        (say!(today::ADDRESS_AND_INSTRUCTIONS), Fit::Cut),
        (of("state"), Fit::Plain),
        ("", Fit::Plain),
    ]
}

#[component]
pub fn Today() -> impl IntoView {
    print_keys(&[
        ("↑↓", say!(today::CHOOSE_ORDER)),
        ("Enter", say!(today::PICKED_UP_OR_RECEIPT)),
        (say!(screen::SPACE_KEY), say!(today::DETAILS)),
        ("←→", say!(today::DAY_BEFORE_OR_AFTER)),
    ]);
    let context = desk();
    let day = RwSignal::new(None::<Date>);
    let date = Memo::new(move |_| day.get().unwrap_or_else(|| context.today.get()));
    let board = load(move || {
        context.revision.track();
        let date = date.get();
        backend::ask(&TodayAsk { date: Some(date) })
    });
    let (meal, shown) = (RwSignal::new(None::<Meal>), RwSignal::new(Shown::All));
    let lines = Memo::new(move |_| {
        let fits = |line: &&OrderSummary| meal.get().is_none_or(|meal| line.meal == meal) && shown.get().fits(line);
        board.value.with(|board| board.iter().flat_map(|board| board.orders.iter()).filter(fits).cloned().collect::<Vec<_>>())
    });
    let unmade = Memo::new(move |_| board.value.with(|board| board.as_ref().map(|board| board.unmade.clone()).unwrap_or_default()));
    let resting = Memo::new(move |_| board.value.with(|board| board.as_ref().map(|board| board.resting.clone()).unwrap_or_default()));
    let told = move |days: &Vec<DaySaid>| {
        let lines: Vec<String> = days.iter().map(|day| say!(calendar::ordered_on(&day_long(day.date), &day.name, day.orders))).collect();
        let orders = days.iter().map(|day| day.orders).sum();
        (orders > 0).then(|| banner("due", "resting", Icon::Alert, say!(calendar::ordered(orders)), lines.join("、")))
    };
    view! {
        <div class="today">
            <Head context day date board=board.value/>
            <FaultBanner fault=board.fault/>
            {move || unmade.with(|names| (!names.is_empty()).then(|| banner("due", "unmade", Icon::Alert, say!(standing::unmade(names.len())), names.join("、"))))}
            {move || resting.with(told)}
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
    let rest = move || {
        let name = board.with(|board| board.as_ref().and_then(|board| board.rest.clone()));
        name.map(|name| view! { <span class="tag due" data-testid="today-rests">{say!(calendar::rests(&name))}</span> })
    };
    view! {
        <div class="meals">
            <section class="card meal-card day-card">
                <div class="meal-head"><b class="day">{move || day_long(date.get())}</b>{rest}</div>
                <DaySeg context day date/>
            </section>
            {move || meals().into_iter().map(|count| view! { <MealCard count/> }).collect_view()}
        </div>
    }
}

#[component]
fn DaySeg(context: DeskContext, day: RwSignal<Option<Date>>, #[prop(into)] date: Signal<Date>) -> impl IntoView {
    const AWAY: [i64; 3] = [-1, 0, 1];
    let value = Signal::derive(move || place_of(&AWAY, Some(days_until(context.today.get(), date.get()))));
    let days = [say!(time::YESTERDAY), say!(time::TODAY), say!(time::TOMORROW)].map(str::to_owned).to_vec();
    let pick = move |at: usize| {
        let today = context.today.get_untracked();
        day.set(match at {
            0 => Some(days_away(today, -1)),
            2 => Some(days_away(today, 1)),
            _ => None,
        });
    };
    view! {
        <Seg label=field_said(RecordKind::Order, "date") options=days value pick/>
        <input class="slim" aria-label=say!(today::ANOTHER_DAY) placeholder=say!(today::ANOTHER_DAY_EXAMPLE) autocomplete="off"
            on:change:target=move |event| { if let Some(date) = parse_date(&event.target().value(), context.today.get_untracked()) { day.set(Some(date)); } }/>
    }
}

#[component]
fn MealCard(count: MealCount) -> impl IntoView {
    let dishes = count.dishes.iter().map(|(dish, number)| format!("{dish} {number}")).collect::<Vec<_>>().join("\u{2003}");
    let ways = [(Mode::PickUp, count.pick_up), (Mode::OwnDelivery, count.own_delivery), (Mode::ThirdParty, count.third_party)]
        .map(|(mode, number)| format!("{} {number}", mode.said()))
        .join(" · ");
    view! {
        <section class="card meal-card" data-testid=format!("meal-{}", count.meal.code())>
            <div class="meal-head"><b>{count.meal.said()}</b><span class="big num" data-testid="meal-total">{count.total}</span><span class="muted">{say!(today::PORTIONS)}</span>
                {(count.not_delivered > 0).then(|| view! { <span class="tag bad"><Draw icon=Icon::Cross/>{format!("{} {}", OrderState::NotDelivered.said(), count.not_delivered)}</span> })}
                {(count.receipts_missing > 0).then(|| view! { <span class="tag due"><Draw icon=Icon::Alert/>{format!("{} {}", say!(receipt::LACKING), count.receipts_missing)}</span> })}
            </div>
            <div class="muted">{ways}</div>
            <div class="bar-line"><progress max=count.total.max(1).to_string() value=count.ended.to_string()></progress><span class="muted num">{say!(today::completed(count.ended, count.total))}</span></div>
            <div class="dishes">{dishes}</div>
        </section>
    }
}

#[component]
fn Filters(meal: RwSignal<Option<Meal>>, shown: RwSignal<Shown>, board: RwSignal<Option<TodayBoard>>) -> impl IntoView {
    let count =
        move |kind: Shown| board.with(|board| board.iter().flat_map(|board| board.orders.iter()).filter(|line| kind.fits(line)).count());
    let kinds = Signal::derive(move || Shown::ALL.iter().map(|kind| format!("{} {}", kind.said(), count(*kind))).collect::<Vec<_>>());
    let value = Signal::derive(move || place_of(&Shown::ALL, Some(shown.get())));
    let pick = move |at: usize| shown.set(Shown::ALL.get(at).copied().unwrap_or(Shown::All));
    view! {
        <div class="filters">
            <MealChoice meal/>
            <Seg label=say!(today::WHICH_ORDERS) options=kinds test="today-shown" value pick/>
        </div>
    }
}

#[component]
fn Orders(
    context: DeskContext,
    lines: Memo<Vec<OrderSummary>>,
    loading: RwSignal<bool>,
    #[prop(into)] date: Signal<Date>,
    day: RwSignal<Option<Date>>,
) -> impl IntoView {
    let list = List::new(lines, |line: &OrderSummary| line.id);
    let open = RwSignal::new(None::<RecordId>);
    let location = location();
    let handle = Callback::new(move |order: RecordId| {
        let line = lines.with_untracked(|lines| lines.iter().find(|line| line.id == order).map(|line| (line.mode, due(line))));
        match line {
            Some((Mode::PickUp, true)) => picked_up(context, order),
            Some((Mode::PickUp, false)) => open.set(Some(order)),
            Some(_) => location.go(&format!("/delivery?order={order}")),
            None => {}
        }
    });
    let turn = move |days: i32| day.set(Some(days_away(date.get_untracked(), days)));
    list.keys(move |order| handle.run(order));
    on_keys(move |event| {
        if !plain(event) || in_field(event) {
            return false;
        }
        match (event.key().as_str(), list.current()) {
            ("ArrowLeft", _) => turn(-1),
            ("ArrowRight", _) => turn(1),
            (" ", Some(order)) if !on_control(event) => open.set(Some(order)),
            _ => return false,
        }
        true
    });
    let rows = Box::new(move || lines.get().into_iter().map(|line| row(line, open, handle)).collect());
    view! {
        <ListTable label=say!(today::ORDERS) head=head() rows list press=move |order| list.chosen.set(Some(order)) twice=move |order| open.set(Some(order)) test="today-row" loading icon=Icon::Bag empty=say!(today::NO_ORDERS)/>
        {move || open.get().map(|order| view! { <OrderDialog order close=move |()| open.set(None)/> })}
    }
}

fn row(line: OrderSummary, open: RwSignal<Option<RecordId>>, handle: Callback<RecordId>) -> Row {
    let id = line.id;
    let act = match (line.mode, due(&line)) {
        (Mode::PickUp, true) => Some(OrderState::PickedUp.said()),
        (Mode::PickUp, false) => None,
        _ if line.state == OrderState::Cancelled => None,
        (_, true) => Some(say!(receipt::WRITE)),
        (_, false) if line.receipt_missing => Some(say!(receipt::WRITE_NOW)),
        _ => None,
    };
    let (state, lacks) = (state_tag(&line), lack_tags(&line));
    let location = [line.address, line.note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let diet = (!line.diet.is_empty()).then(|| view! { <span class="tag due">{line.diet}</span>" " });
    Row {
        id: Some(id),
        cells: cells![
            view! { <button type="button" class="link" on:click=move |_| open.set(Some(id))>{line.number}</button> },
            line.name,
            line.meal.said(),
            line.dish,
            view! { <Draw icon=mode_icon(line.mode)/>{line.mode.said()} },
            view! { {diet}<span class="muted">{location}</span> },
            view! { {state}" "{lacks} },
            act.map(|words| view! { <button type="button" class="btn small" data-testid="row-act" on:click=move |event| { event.stop_propagation(); handle.run(id); }>{words}</button> }),
        ],
    }
}

fn picked_up(context: DeskContext, order: RecordId) {
    spawn_local(async move {
        match backend::call(&SetOutcome { order: Some(order), state: Some(OrderState::PickedUp), reason: None }).await {
            Ok(_) => {
                context.notes.good(say!(today::PICKED_UP_NOTED));
                context.refresh();
            }
            Err(fault) => context.notes.bad(&fault),
        }
    });
}
