//! 厨房: how many of what for a meal, what is special, what changed since the count was frozen, which samples are due; on paper as a sheet and as labels.

mod act;
mod paper;
mod samples;
mod sheet;
mod side;

use super::{DeskContext, desk};
use crate::backend;
use crate::kit::act::{banner, button};
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::keys::{in_field, on_keys, plain, print_keys};
use crate::kit::load::{Loaded, load};
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::{clock, day_long, days_away};
use crate::record::field_said;
use jiff::civil::Date;
use leptos::prelude::*;
use paper::Paper;
use shared::command::{Kitchen as Ask, KitchenBox, KitchenSheet};
use shared::kinds::{Meal, RecordKind};
use shared::say;

/// The shares of a hundred that may be cooked beyond what is ordered.
const SHARES: [u32; 4] = [0, 3, 5, 10];

/// The screen's signals; copied freely.
#[derive(Clone, Copy)]
struct Screen {
    desk: DeskContext,
    day: RwSignal<Option<Date>>,
    meal: RwSignal<Option<Meal>>,
    sheet: Loaded<KitchenSheet>,
    /// So many of a hundred beyond what is ordered.
    spare: RwSignal<u32>,
    busy: RwSignal<bool>,
    /// What is on its way to the printer.
    paper: RwSignal<Option<Paper>>,
}

impl Screen {
    /// The meal that is shown.
    fn of(self) -> Option<(Date, Meal)> {
        self.sheet.value.with_untracked(|sheet| sheet.as_ref().map(|sheet| (sheet.date, sheet.meal)))
    }

    /// Something of the sheet, once it is there.
    fn with<T: Default>(self, read: impl FnOnce(&KitchenSheet) -> T) -> T {
        self.sheet.value.with(|sheet| sheet.as_ref().map(read).unwrap_or_default())
    }

    fn turn(self, days: i32) {
        let shown = self.of().map_or_else(|| self.desk.today.get_untracked(), |(date, _)| date);
        self.day.set(Some(days_away(shown, days)));
    }
}

/// Boxes with an allergy to something that is cooked.
fn stopped(sheet: &KitchenSheet) -> Vec<&KitchenBox> {
    sheet.boxes.iter().filter(|one| one.clashes.iter().any(|clash| clash.stops)).collect()
}

#[component]
pub fn Kitchen() -> impl IntoView {
    print_keys(&[
        ("F2", say!(kitchen::FREEZE)),
        ("F5", say!(kitchen::PRINT_SHEET)),
        ("F8", say!(kitchen::PRINT_LABELS)),
        ("←→", say!(today::DAY_BEFORE_OR_AFTER)),
    ]);
    let desk = desk();
    let (day, meal) = (RwSignal::new(None::<Date>), RwSignal::new(None::<Meal>));
    let sheet = load(move || {
        desk.revision.track();
        let (date, meal) = (Some(day.get().unwrap_or_else(|| desk.today.get())), meal.get());
        backend::ask(&Ask { date, meal })
    });
    let screen = Screen { desk, day, meal, sheet, spare: RwSignal::new(0), busy: RwSignal::new(false), paper: RwSignal::new(None) };
    // What was cooked beyond the orders last time is what is cooked this time.
    Effect::new(move |_| {
        let last = sheet.value.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.counts.last().map(|count| count.spare_percent)));
        last.into_iter().for_each(|share| screen.spare.set(share));
    });
    on_keys(move |event| {
        if !plain(event) || in_field(event) {
            return false;
        }
        match event.key().as_str() {
            "F2" => act::freeze(screen),
            "F5" => act::print(screen, Paper::Sheet),
            "F8" => act::print_labels(screen),
            "ArrowLeft" => screen.turn(-1),
            "ArrowRight" => screen.turn(1),
            _ => return false,
        }
        true
    });
    view! {
        {move || screen.paper.get().map(|paper| screen.with(|sheet| Some(paper::paper(screen, sheet, paper))))}
        <div class="kitchen">
            <section class="card fill">
                <FaultBanner fault=sheet.fault/>
                <Head screen/>
                {move || screen.with(|sheet| Some(told(sheet)))}
                <sheet::Sheet screen/>
            </section>
            <section class="card fill"><side::Side screen/></section>
        </div>
    }
}

/// The day, the meal, and what can be done.
#[component]
fn Head(screen: Screen) -> impl IntoView {
    let of = |name| field_said(RecordKind::Order, name);
    let meals: Vec<String> = Meal::ALL.iter().map(|meal| meal.said().to_owned()).collect();
    let shown = move || screen.sheet.value.with(|sheet| sheet.as_ref().map(|sheet| sheet.meal));
    let value = Signal::derive(move || place_of(Meal::ALL, screen.meal.get().or_else(shown)));
    let pick = move |at: usize| screen.meal.set(Meal::ALL.get(at).copied());
    let shares: Vec<String> = SHARES.iter().map(|share| format!("{share}%")).collect();
    let share = Signal::derive(move || place_of(&SHARES, Some(screen.spare.get())));
    let pick_share = move |at: usize| screen.spare.set(SHARES.get(at).copied().unwrap_or_default());
    let day = move || day_long(screen.day.get().unwrap_or_else(|| screen.desk.today.get()));
    let empty = move || screen.busy.get() || screen.with(|sheet| sheet.boxes.is_empty()) || screen.sheet.value.with(Option::is_none);
    view! {
        <h2>
            <button type="button" class="btn small" aria-label=say!(delivery::DAY_BEFORE) on:click=move |_| screen.turn(-1)>"‹"</button>
            {day}
            <button type="button" class="btn small" aria-label=say!(delivery::DAY_AFTER) on:click=move |_| screen.turn(1)>"›"</button>
            <span class="sp"></span>
            <Seg label=of("meal") options=meals value test="kitchen-meal" pick/>
        </h2>
        <div class="kitchen-acts">
            <span class="muted">{say!(kitchen::SPARE)}</span>
            <Seg label=say!(kitchen::SPARE_SHARE) options=shares value=share test="kitchen-spare" pick=pick_share/>
            {button("go", "freeze", "F2", say!(kitchen::FREEZE), empty, move || act::freeze(screen))}
            {button("", "print-sheet", "F5", say!(kitchen::PRINT_SHEET), empty, move || act::print(screen, Paper::Sheet))}
            {button("", "print-labels", "F8", say!(kitchen::PRINT_LABELS), empty, move || act::print_labels(screen))}
        </div>
    }
}

/// What has to be known before anybody cooks.
fn told(sheet: &KitchenSheet) -> AnyView {
    let stopped: Vec<String> = stopped(sheet)
        .into_iter()
        .map(|one| {
            let clashes = one.clashes.iter().filter(|clash| clash.stops);
            let dishes: Vec<String> = clashes.map(|clash| say!(kitchen::clash(&clash.dish, &clash.stated))).collect();
            format!("{} {}", one.name, dishes.join("、"))
        })
        .collect();
    let stops =
        (!stopped.is_empty()).then(|| banner("bad", "kitchen-stops", Icon::Alert, say!(kitchen::stops(stopped.len())), stopped.join("；")));
    let time = clock(sheet.closes);
    let frozen = match sheet.counts.last() {
        Some(count) => {
            let words = say!(kitchen::frozen(count.number, &clock(count.made_at), &count.made_by, count.portions));
            let shifts: Vec<String> = sheet.shifts.iter().map(|(dish, shift)| format!("{dish} {shift:+}")).collect();
            let since = if shifts.is_empty() {
                say!(kitchen::NOTHING_SINCE).to_owned()
            } else {
                format!("{}：{}", say!(kitchen::SINCE), shifts.join("，"))
            };
            let (tone, icon) = if sheet.differences.is_empty() { ("ok", Icon::Check) } else { ("due", Icon::Alert) };
            banner(tone, "kitchen-frozen", icon, words, since)
        }
        None if sheet.boxes.is_empty() => ().into_any(),
        None if sheet.closed => banner(
            "due",
            "kitchen-frozen",
            Icon::Clock,
            say!(kitchen::CLOSED_NOT_FROZEN).to_owned(),
            say!(kitchen::NOT_FROZEN_HINT).to_owned(),
        ),
        None => {
            let title = format!("{} · {}", say!(kitchen::NOT_FROZEN), say!(kitchen::closes(&time)));
            banner("info", "kitchen-frozen", Icon::Clock, title, say!(kitchen::NOT_FROZEN_HINT).to_owned())
        }
    };
    view! { <div class="kitchen-told">{stops}{frozen}</div> }.into_any()
}
