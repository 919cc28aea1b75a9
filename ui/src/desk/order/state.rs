//! What the phone order screen holds, and its acts: search, choose, save, begin anew.

use crate::backend;
use crate::desk::DeskContext;
use crate::form::FieldProblem;
use crate::form::elder::from_search;
use crate::form::order::OrderForm;
use crate::kit::keys::{focus_soon, show_soon};
use crate::kit::time::day_short;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ElderCard, ElderForm, ElderHit, ElderView, FindElders, TakeOrder};
use shared::fault::{Code, Fault};
use shared::rule::order::AFTER_CUT_OFF;
use shared::schema::RecordId;

/// As many hits as stand on one screen.
const HITS: u32 = 8;
/// Between the last key and the search.
const PAUSE_MS: u32 = 20;

/// What an unusual order asks of the cashier before it is saved, in the words of the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Warned {
    pub words: String,
    /// After the cut-off: a reason has to be written.
    pub late: bool,
    /// What did not fit of the answer before.
    pub problem: Option<String>,
}

impl Warned {
    fn new(fault: &Fault) -> Self {
        let late = fault.warnings.iter().any(|warning| warning.code == AFTER_CUT_OFF);
        Self { words: fault.said().0.to_owned(), late, problem: None }
    }
}

/// The screen's signals; copied freely.
#[derive(Clone, Copy, Debug)]
pub struct OrderState {
    pub desk: DeskContext,
    pub text: RwSignal<String>,
    pub hits: RwSignal<Vec<ElderHit>>,
    /// The text that `hits` answers.
    answered: RwSignal<String>,
    /// The hit under the bar; none while nothing was typed.
    pub at: RwSignal<Option<usize>>,
    pub card: RwSignal<Option<ElderView>>,
    pub form: RwSignal<Option<OrderForm>>,
    pub problems: RwSignal<Vec<FieldProblem>>,
    /// Enter was pressed on the hit: the order stands ready to be saved.
    pub chosen: RwSignal<bool>,
    pub enrolling: RwSignal<bool>,
    pub elder_form: RwSignal<ElderForm>,
    pub fault: RwSignal<Option<Fault>>,
    /// Warnings to answer.
    pub confirm: RwSignal<Option<Warned>>,
    pub saving: RwSignal<bool>,
    /// Enter came before the hits did.
    hurry: RwSignal<bool>,
}

impl OrderState {
    pub fn new(desk: DeskContext) -> Self {
        let state = Self {
            desk,
            text: RwSignal::new(String::new()),
            hits: RwSignal::new(Vec::new()),
            answered: RwSignal::new(String::new()),
            at: RwSignal::new(None),
            card: RwSignal::new(None),
            form: RwSignal::new(None),
            problems: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(false),
            enrolling: RwSignal::new(false),
            elder_form: RwSignal::new(ElderForm::default()),
            fault: RwSignal::new(None),
            confirm: RwSignal::new(None),
            saving: RwSignal::new(false),
            hurry: RwSignal::new(false),
        };
        state.search();
        state
    }

    /// Something was typed into the search.
    pub fn type_text(self, text: String) {
        self.text.set(text);
        self.chosen.set(false);
        self.hurry.set(false);
        self.search();
    }

    fn search(self) {
        let text = self.text.get_untracked();
        spawn_local(async move {
            TimeoutFuture::new(PAUSE_MS).await;
            let current = move |text: &str| self.text.try_with_untracked(|now| now == text) == Some(true);
            if !current(&text) {
                return;
            }
            let found = backend::call(&FindElders { text: text.clone(), limit: HITS }).await;
            if !current(&text) {
                return;
            }
            match found {
                Ok(hits) => self.show_hits(text, hits),
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    fn show_hits(self, text: String, hits: Vec<ElderHit>) {
        let at = (!text.trim().is_empty() && !hits.is_empty()).then_some(0);
        self.answered.set(text);
        self.hits.set(hits);
        if self.chosen.get_untracked() || self.enrolling.get_untracked() {
            return;
        }
        self.at.set(at);
        match at {
            Some(_) if self.hurry.get_untracked() => self.choose(),
            Some(_) => self.preview(),
            None => {
                self.card.set(None);
                self.form.set(None);
            }
        }
        self.hurry.set(false);
    }

    /// Moves the bar over the hits.
    pub fn step(self, down: bool) {
        let count = self.hits.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        let next = match (self.at.get_untracked(), down) {
            (None, _) => 0,
            (Some(at), true) => (at + 1).min(count - 1),
            (Some(at), false) => at.saturating_sub(1),
        };
        self.at.set(Some(next));
        self.chosen.set(false);
        show_soon(".res.on");
        self.preview();
    }

    fn hit(self) -> Option<ElderHit> {
        let at = self.at.get_untracked()?;
        self.hits.with_untracked(|hits| hits.get(at).cloned())
    }

    fn preview(self) {
        if let Some(hit) = self.hit()
            && self.card.with_untracked(|card| card.as_ref().map(|card| card.hit.id)) != Some(hit.id)
        {
            self.open(hit.id);
        }
    }

    /// Enter on the search: the hit under the bar is the caller.
    pub fn choose(self) {
        if self.text.get_untracked() != self.answered.get_untracked() {
            self.hurry.set(true);
            return;
        }
        let Some(hit) = self.hit() else { return };
        let twice = self.chosen.get_untracked();
        self.enrolling.set(false);
        self.chosen.set(true);
        if self.card.with_untracked(|card| card.as_ref().map(|card| card.hit.id)) == Some(hit.id) {
            // A quick second Enter comes before the focus has moved.
            if twice {
                return self.save();
            }
            focus_soon("save-order");
        } else {
            self.open(hit.id);
        }
    }

    /// Chooses by mouse.
    pub fn pick(self, index: usize) {
        self.at.set(Some(index));
        self.chosen.set(false);
        self.choose();
    }

    /// Fetches the file of an elder and the order's defaults.
    fn open(self, elder: RecordId) {
        self.fault.set(None);
        self.problems.set(Vec::new());
        spawn_local(async move {
            let card = backend::call(&ElderCard { elder: Some(elder) }).await;
            let wanted = self.at.try_get_untracked().is_some() && self.hit().is_none_or(|hit| hit.id == elder);
            if !wanted {
                return;
            }
            match card {
                Ok(card) => {
                    self.form.set(Some(OrderForm::new(self.desk.today.get_untracked(), &card.defaults)));
                    self.card.set(Some(card));
                    if self.chosen.get_untracked() {
                        focus_soon("save-order");
                    }
                }
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    /// F5: the order as it was last time, whatever was changed in the form.
    pub fn as_last_time(self) {
        if let Some(card) = self.card.get_untracked() {
            self.form.set(Some(OrderForm::new(self.desk.today.get_untracked(), &card.defaults)));
            self.chosen.set(true);
            focus_soon("save-order");
        }
    }

    /// F2: an unknown caller.
    pub fn start_enrolling(self) {
        self.elder_form.set(from_search(&self.text.get_untracked()));
        self.problems.set(Vec::new());
        self.fault.set(None);
        self.desk.notes.clear();
        self.enrolling.set(true);
        self.chosen.set(false);
        self.form.set(None);
        self.card.set(None);
        let named = self.elder_form.with_untracked(|form| !form.name.is_empty());
        focus_soon(if named { "elder-id-number" } else { "elder-name" });
    }

    /// The new elder is saved; the order goes on.
    pub fn enrolled(self, elder: RecordId) {
        self.enrolling.set(false);
        self.at.set(None);
        self.chosen.set(true);
        self.open(elder);
    }

    /// Saves, or shows what has to be answered first.
    pub fn save(self) {
        self.save_with(false, String::new());
    }

    pub fn save_with(self, confirmed: bool, reason: String) {
        let (Some(card), Some(form)) = (self.card.get_untracked(), self.form.get_untracked()) else { return };
        if self.saving.get_untracked() {
            return;
        }
        let ask = match form.ready(card.hit.id) {
            Ok(ask) => TakeOrder { confirmed, supplement_reason: reason, ..ask },
            Err(problems) => return self.problems.set(problems),
        };
        self.saving.set(true);
        spawn_local(async move {
            let taken = backend::call(&ask).await;
            self.saving.set(false);
            match taken {
                Ok(taken) => self.taken(taken.number, &card, &form),
                Err(fault) if fault.code == Code::Confirm => self.confirm.set(Some(Warned::new(&fault))),
                Err(fault) if confirmed && fault.code == Code::BadInput => self.confirm.update(|now| {
                    *now = now.take().map(|warned| Warned { problem: Some(fault.to_string()), ..warned });
                }),
                Err(fault) => {
                    self.confirm.set(None);
                    self.fault.set(Some(fault));
                }
            }
        });
    }

    fn taken(self, number: String, card: &ElderView, form: &OrderForm) {
        let name = &card.hit.name;
        let words = format!("{} {} · {}", day_short(form.date), form.meal.said(), form.mode.said());
        self.desk.notes.number(number, format!("{name} · {words}"));
        self.desk.refresh();
        self.clear();
    }

    /// Esc: ready for the next call.
    pub fn clear(self) {
        self.confirm.set(None);
        self.fault.set(None);
        self.problems.set(Vec::new());
        self.enrolling.set(false);
        self.chosen.set(false);
        self.card.set(None);
        self.form.set(None);
        self.at.set(None);
        self.type_text(String::new());
        focus_soon("search");
    }
}
