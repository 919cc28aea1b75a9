//! 出餐交接 on the screen: what of the run that is shown was handed over, and handing over the rest.

use super::Run;
use super::route::called;
use crate::backend;
use crate::kit::act::button;
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::keys::focus_soon;
use crate::kit::tag::Tag;
use crate::kit::time::clock;
use crate::record::field_said;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{HandOver, HandedOver};
use shared::fault::{Code, Fault};
use shared::kinds::{Meal, Mode, RecordKind};
use shared::rule::half_width::half_width;
use shared::schema::RecordId;
use shared::{fault, say};

/// A run: a meal on a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    meal: Meal,
    route: Option<RecordId>,
}

impl Run {
    /// The run that can be handed over: of one meal, on one way.
    fn which(self) -> Option<Which> {
        let own = self.mode.get() == Mode::OwnDelivery;
        let mut meals: Vec<Meal> = self.stops_anywhere().iter().map(|line| line.meal).collect();
        meals.dedup();
        let meal = self.meal.get().or_else(|| <[Meal; 1]>::try_from(meals).ok().map(|[meal]| meal));
        own.then(|| Some(Which { meal: meal?, route: self.one_route()? })).flatten()
    }

    /// What was handed over of a run.
    fn handed(self, which: Which) -> Vec<HandedOver> {
        let of_it = |one: &&HandedOver| one.meal == which.meal && one.route == which.route;
        self.board.value.with(|board| board.iter().flat_map(|board| &board.hand_overs).filter(of_it).cloned().collect())
    }

    /// How many of a run were not handed over yet.
    fn waiting(self, which: Which) -> usize {
        let handed: Vec<RecordId> =
            self.board.value.with(|board| board.iter().flat_map(|board| &board.hand_overs).flat_map(|one| one.orders.clone()).collect());
        let of_it = |order: RecordId| self.route_of(order) == which.route;
        let stops = self.stops_anywhere();
        stops.iter().filter(|line| line.meal == which.meal && of_it(line.id) && !handed.contains(&line.id)).count()
    }

    /// F2: the boxes are counted to whoever brings them.
    pub(super) fn begin_hand_over(self) {
        match untrack(|| self.which()) {
            Some(which) => self.handing.set(Some(which)),
            None => self.desk.notes.bad(&fault!(Code::NotNow, delivery::CHOOSE_RUN_FIRST)),
        }
    }
}

/// What was handed over of the run that is shown.
#[component]
pub fn HandedLines(run: Run) -> impl IntoView {
    let line = |one: HandedOver| {
        view! {
            <div class="handed" data-testid="handed"><span>{say!(delivery::handed_at(&clock(one.made_at), one.boxes, &one.taken_by))}</span><span class="sp"></span>
                {(!one.back).then(|| view! { <Tag tone="due" icon=Icon::Clock words=say!(delivery::NOTHING_BACK).to_owned()/><a class="btn small" href="/list/hand_overs?out=1" data-testid="count-back">{say!(delivery::COUNT_BACK)}</a> })}</div>
        }
    };
    move || {
        run.which().map(|which| {
            let (handed, waiting) = (run.handed(which), run.waiting(which));
            let rest = (!handed.is_empty() && waiting > 0)
                .then(|| view! { <div class="handed"><Tag tone="due" icon=Icon::Alert words=say!(delivery::still_here(waiting))/></div> });
            view! { {handed.into_iter().map(line).collect_view()}{rest} }
        })
    }
}

/// Counting the boxes of a run.
#[component]
pub fn HandOverDialog(run: Run, which: Which) -> impl IntoView {
    let routes = run.routes();
    let courier = routes.iter().find(|route| Some(route.id) == which.route).map(|route| route.courier.clone()).unwrap_or_default();
    let (boxes, taken_by, note) = (RwSignal::new(String::new()), RwSignal::new(courier), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let close = move || run.handing.set(None);
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = HandOver {
            date: Some(run.date.get_untracked()),
            meal: Some(which.meal),
            route: which.route,
            boxes: boxes.with_untracked(|text| text.chars().map(half_width).collect::<String>().trim().parse().unwrap_or_default()),
            taken_by: taken_by.get_untracked(),
            note: note.get_untracked(),
        };
        spawn_local(async move {
            match backend::call(&ask).await {
                Ok(done) => {
                    run.desk.notes.good(say!(delivery::handed_over(done.boxes, &done.taken_by)));
                    close();
                    run.desk.refresh();
                }
                Err(refused) => drop(fault.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            save();
        }
    };
    let field = |name: &'static str, test: &'static str, text: RwSignal<String>, hint: &'static str, numbers: bool| {
        view! {
            <label class="f wide"><span>{field_said(RecordKind::HandOver, name)}</span><input id=test data-testid=test autocomplete="off" placeholder=hint inputmode=if numbers { "numeric" } else { "text" }
                prop:value=move || text.get() on:input:target=move |event| text.set(event.target().value())/></label>
        }
    };
    focus_soon("hand-boxes");
    view! {
        <Dialog title=say!(delivery::run_of(&called(&routes, which.route), which.meal.said())) close=move |()| close()>
            <div class="hand-over" on:keydown=on_key>
                <FaultBanner fault/>
                <p class="hand-listed" data-testid="hand-listed"><b>{move || say!(delivery::on_sheet(run.waiting(which)))}</b></p>
                {field("boxes", "hand-boxes", boxes, "", true)}
                {field("taken_by", "hand-taken", taken_by, "", false)}
                {field("note", "hand-note", note, say!(delivery::WHY_DIFFERENT), false)}
                <p class="muted">{say!(delivery::STATE_OUT_NOW)}</p>
                {button("go block", "hand-save", "Enter", say!(delivery::HAND_OVER), move || busy.get(), save)}
            </div>
        </Dialog>
    }
}
