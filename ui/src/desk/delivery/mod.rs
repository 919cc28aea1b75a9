//! 配送回单: the run in its order at the left, the receipt of one stop at the right. Digits choose
//! the outcome, P takes photos, Enter saves and goes to the next stop.

mod hand_over;
mod receipt;
mod route;
mod run;
mod slip;

use super::desk;
use crate::backend;
use crate::form::FieldProblem;
use crate::form::receipt::{FormPhoto, Outcome, ReceiptForm};
use crate::form::run::{beside, put};
use crate::kit::act::print;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::{in_field, leave_control, on_control, on_keys, plain, print_keys, show_soon};
use crate::kit::load::{Loaded, load};
use crate::kit::route::location;
use crate::record::field_said;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use route::Lies;
use shared::command::{MoveStop, OrderSummary, PhotoData, Today, TodayBoard};
use shared::fault::Fault;
use shared::kinds::{Meal, Mode, OrderState, RecordKind, Seen};
use shared::schema::RecordId;
use shared::{both, say};
use std::collections::HashMap;

/// The screen's signals; copied freely.
#[derive(Clone, Copy, Debug)]
struct Run {
    desk: super::DeskContext,
    day: RwSignal<Option<Date>>,
    date: Memo<Date>,
    board: Loaded<TodayBoard>,
    meal: RwSignal<Option<Meal>>,
    mode: RwSignal<Mode>,
    missing_only: RwSignal<bool>,
    chosen: RwSignal<Option<RecordId>>,
    form: RwSignal<Option<ReceiptForm>>,
    problems: RwSignal<Vec<FieldProblem>>,
    fault: RwSignal<Option<Fault>>,
    saving: RwSignal<bool>,
    /// Photos under way to the desk.
    photos_coming: RwSignal<u32>,
    others: RwSignal<bool>,
    /// The route of each order that lies on one.
    on: Memo<HashMap<RecordId, RecordId>>,
    /// Which of the stops are shown.
    lies: RwSignal<Lies>,
    /// The chosen stop is being put on a route.
    putting: RwSignal<bool>,
    /// The run that is being handed over.
    handing: RwSignal<Option<hand_over::Which>>,
}

impl Run {
    /// The stops that are shown, as they are driven.
    fn stops(self) -> Vec<OrderSummary> {
        let (lies, missing) = (self.lies.get(), self.missing_only.get());
        let fits = |line: &OrderSummary| (!missing || line.receipt_missing) && lies.shows(self.route_of(line.id));
        self.stops_anywhere().into_iter().filter(fits).collect()
    }

    /// Those of the meal and the way, on whatever route.
    fn stops_anywhere(self) -> Vec<OrderSummary> {
        let (meal, mode) = (self.meal.get(), self.mode.get());
        let fits =
            |line: &&OrderSummary| line.mode == mode && meal.is_none_or(|meal| line.meal == meal) && line.state != OrderState::Cancelled;
        self.day_stops().into_iter().filter(|line| fits(&line)).collect()
    }

    /// All stops of the day, as they are driven.
    fn day_stops(self) -> Vec<OrderSummary> {
        self.board.value.with(|board| {
            let Some(board) = board else { return Vec::new() };
            let mut stops: Vec<OrderSummary> = board.orders.iter().filter(|line| line.mode != Mode::PickUp).cloned().collect();
            let places: HashMap<RecordId, usize> = board.run.iter().copied().zip(0..).collect();
            stops.sort_by_key(|line| places.get(&line.id).copied().unwrap_or(usize::MAX));
            stops
        })
    }

    /// Alt with ↑ or ↓: the chosen stop changes places with the one beside it.
    fn shift(self, by: isize) {
        let Some(order) = self.chosen.get_untracked() else { return };
        let (Some(line), shown) = (self.line(order), untrack(|| self.stops())) else { return };
        let alike = |other: &RecordId| {
            let meal = self.line(*other).is_some_and(|other| other.meal == line.meal);
            meal && untrack(|| self.route_of(*other) == self.route_of(order))
        };
        let Some(other) = beside(&shown, order, by).map(|other| other.id).filter(alike) else { return };
        let known = self.board.value.with_untracked(|board| board.as_ref().map(|board| board.run.clone()).unwrap_or_default());
        let run = put(&known, order, other, by);
        let orders = run.iter().copied().filter(alike).collect();
        self.board.value.update(|board| {
            if let Some(board) = board {
                board.run = run;
            }
        });
        show_soon(".stop.on");
        let ask = MoveStop { orders, moved: Some(order) };
        spawn_local(async move {
            if let Err(fault) = backend::call(&ask).await {
                self.desk.notes.bad(&fault);
            }
        });
    }

    fn line(self, order: RecordId) -> Option<OrderSummary> {
        self.board.value.with_untracked(|board| board.iter().flat_map(|board| board.orders.iter()).find(|line| line.id == order).cloned())
    }

    fn choose(self, order: RecordId) {
        let Some(line) = self.line(order) else { return };
        self.chosen.set(Some(order));
        self.problems.set(Vec::new());
        self.fault.set(None);
        self.others.set(false);
        let now = self.desk.status.with_untracked(|status| status.now);
        let form = ReceiptForm::new(&line, now);
        let kept: Vec<String> = form.photos.iter().map(|photo| photo.hash.clone()).collect();
        self.form.set(Some(form));
        for hash in kept {
            spawn_local(async move {
                if let Ok(thumbnail) = backend::call(&PhotoData { hash: hash.clone(), thumbnail: true }).await {
                    self.with_form(order, |form| {
                        form.photos.iter_mut().filter(|photo| photo.hash == hash).for_each(|photo| photo.thumbnail.clone_from(&thumbnail))
                    });
                }
            });
        }
        show_soon(".stop.on");
    }

    /// Changes the form while it is still the one of this order.
    fn with_form(self, order: RecordId, act: impl Fn(&mut ReceiptForm)) {
        self.form.try_update(|form| {
            if let Some(form) = form.as_mut().filter(|form| form.order == order) {
                act(form);
            }
        });
    }

    fn update(self, act: impl Fn(&mut ReceiptForm)) {
        if let Some(order) = self.chosen.get_untracked() {
            self.with_form(order, act);
            self.problems.set(Vec::new());
        }
    }

    fn step(self, by: isize) {
        leave_control();
        let stops = untrack(|| self.stops());
        let here = stops.iter().position(|line| Some(line.id) == self.chosen.get_untracked());
        let next = here.map_or(0, |at| at.saturating_add_signed(by).min(stops.len().saturating_sub(1)));
        if let Some(line) = stops.get(next) {
            self.choose(line.id);
        }
    }

    /// The next stop that still waits, from `order` on and round.
    fn next_due(self, order: RecordId) -> Option<RecordId> {
        let stops = untrack(|| self.stops());
        let here = stops.iter().position(|line| line.id == order).map_or(0, |at| at + 1);
        let waits = |line: &&OrderSummary| {
            line.id != order && (matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out) || line.receipt_missing)
        };
        stops.iter().skip(here).chain(stops.iter().take(here)).find(waits).map(|line| line.id)
    }

    fn save(self) {
        let Some(form) = self.form.get_untracked() else { return };
        if self.saving.get_untracked() {
            return;
        }
        if self.photos_coming.get_untracked() > 0 {
            return self.problems.set(vec![FieldProblem::new("photos", both!(receipt::PHOTOS_STILL_COMING))]);
        }
        let ask = match form.ready() {
            Ok(ask) => ask,
            Err(found) => return self.problems.set(found),
        };
        self.saving.set(true);
        spawn_local(async move {
            let saved = backend::call(&ask).await;
            self.saving.set(false);
            match saved {
                Ok(state) => {
                    let name = self.line(form.order).map(|line| line.name).unwrap_or_default();
                    self.desk.notes.good(say!(receipt::saved_as(&name, state.said())));
                    match self.next_due(form.order) {
                        Some(next) => self.choose(next),
                        None => {
                            self.chosen.set(None);
                            self.form.set(None);
                        }
                    }
                    self.desk.refresh();
                }
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    /// Hands photos to the desk, one after the other.
    fn take_photos(self, files: Vec<web_sys::File>) {
        // The focus went back to the button; the next Enter saves.
        leave_control();
        let Some(order) = self.chosen.get_untracked() else { return };
        self.photos_coming.update(|count| *count += u32::try_from(files.len()).unwrap_or(0));
        spawn_local(async move {
            for file in files {
                let kept = backend::keep_photo(&file, order).await;
                self.photos_coming.try_update(|count| *count = count.saturating_sub(1));
                match kept {
                    Ok(kept) => {
                        self.with_form(order, |form| {
                            if form.photos.iter().all(|photo| photo.hash != kept.hash) {
                                form.photos.push(FormPhoto { hash: kept.hash.clone(), thumbnail: kept.thumbnail.clone() });
                            }
                        });
                        kept.note.iter().for_each(|note| self.desk.notes.bad(note));
                    }
                    Err(fault) => self.desk.notes.bad(&fault),
                }
            }
        });
    }
}

#[component]
pub fn Delivery() -> impl IntoView {
    print_keys(&[
        ("↑↓", say!(delivery::CHOOSE_STOP)),
        ("Alt ↑↓", say!(delivery::MOVE_STOP)),
        ("P", field_said(RecordKind::Receipt, "photos")),
        ("1–6", say!(receipt::OUTCOME)),
        ("7–9", field_said(RecordKind::Receipt, "seen")),
        ("Enter", say!(receipt::SAVE_THEN_NEXT)),
        ("L", say!(delivery::ROUTE)),
        ("F2", say!(delivery::HAND_OVER)),
        ("F5", say!(delivery::PRINT)),
        ("F8", say!(delivery::ONLY_WITHOUT_RECEIPT)),
    ]);
    let desk = desk();
    let day = RwSignal::new(None::<Date>);
    let date = Memo::new(move |_| day.get().unwrap_or_else(|| desk.today.get()));
    let board = load(move || {
        desk.revision.track();
        let date = date.get();
        backend::ask(&Today { date: Some(date) })
    });
    let run = Run {
        desk,
        day,
        date,
        board,
        meal: RwSignal::new(None),
        mode: RwSignal::new(Mode::OwnDelivery),
        missing_only: RwSignal::new(false),
        chosen: RwSignal::new(None),
        form: RwSignal::new(None),
        problems: RwSignal::new(Vec::new()),
        fault: RwSignal::new(None),
        saving: RwSignal::new(false),
        photos_coming: RwSignal::new(0),
        others: RwSignal::new(false),
        on: Memo::new(move |_| board.value.with(|board| route::routes_of(board.as_ref()))),
        lies: RwSignal::new(Lies::Anywhere),
        putting: RwSignal::new(false),
        handing: RwSignal::new(None),
    };
    let asked = location().value_now("order").and_then(|order| order.parse::<RecordId>().ok());
    // The first answer opens the stop that was asked for, else the first that waits.
    Effect::new(move |opened: Option<bool>| {
        if opened == Some(true) || board.value.with(Option::is_none) {
            return opened == Some(true);
        }
        if let Some(line) = asked.and_then(|order| run.line(order)) {
            run.mode.set(if line.mode == Mode::ThirdParty { Mode::ThirdParty } else { Mode::OwnDelivery });
            run.choose(line.id);
        } else if let Some(line) =
            untrack(|| run.stops()).iter().find(|line| matches!(line.state, OrderState::Placed | OrderState::Prepared | OrderState::Out))
        {
            run.choose(line.id);
        }
        true
    });
    on_keys(move |event| {
        let typing = in_field(event);
        if event.alt_key() && !event.ctrl_key() && !event.meta_key() && !typing {
            match event.key().as_str() {
                "ArrowDown" => run.shift(1),
                "ArrowUp" => run.shift(-1),
                _ => return false,
            }
            return true;
        }
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" if !typing => run.step(1),
            "ArrowUp" if !typing => run.step(-1),
            "Enter" if !on_control(event) => run.save(),
            "F2" => run.begin_hand_over(),
            "F5" => print(),
            "F8" => run.missing_only.update(|on| *on = !*on),
            "p" | "P" if !typing => receipt::pick_photos(),
            "l" | "L" if !typing => run.putting.set(run.chosen.get_untracked().is_some()),
            "6" if !typing => run.others.update(|on| *on = !*on),
            digit if !typing => match digit.parse::<usize>() {
                Ok(at @ 1..=5) => run.update(|form| form.choose(Outcome::DIGITS[at - 1])),
                Ok(at @ 7..=9) => run.update(|form| form.seen = Seen::ALL.get(at - 7).copied()),
                _ => return false,
            },
            _ => return false,
        }
        true
    });
    let stops = Memo::new(move |_| run.stops());
    let putting = move || run.chosen.get().filter(|_| run.putting.get()).and_then(|order| run.line(order));
    view! {
        <slip::Slip run stops/>
        <div class="delivery">
            <section class="card fill">
                <FaultBanner fault=board.fault/>
                <run::RunList run stops/>
            </section>
            <section class="card receipt">{move || match run.chosen.get().and_then(|order| run.line(order)) {
                Some(line) => view! { <receipt::Receipt run line/> }.into_any(),
                None => view! { <div class="empty"><crate::kit::icon::Draw icon=crate::kit::icon::Icon::Truck/><p>{say!(delivery::CHOOSE_ONE)}</p></div> }.into_any(),
            }}</section>
        </div>
        {move || putting().map(|line| view! { <route::PutDialog run line/> })}
        {move || run.handing.get().map(|which| view! { <hand_over::HandOverDialog run which/> })}
    }
}
