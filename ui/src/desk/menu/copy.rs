//! The week before, copied: what that would do stands above the week until it is done or something else is shown.

use super::Week;
use crate::backend;
use crate::kit::act::button;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::{day_long, days_away};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{CopyMenu, MenuCopy};
use shared::say;

/// What was asked about copying.
#[derive(Clone, Copy)]
pub struct Copied {
    would: RwSignal<Option<MenuCopy>>,
    busy: RwSignal<bool>,
}

impl Copied {
    pub fn new() -> Self {
        Self { would: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    pub fn busy(self) -> bool {
        self.busy.get()
    }

    pub fn forget(self) {
        self.would.set(None);
    }

    /// Asks what it would do; with `commit` it is done.
    pub fn ask(self, week: Week, commit: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let to = week.day.get_untracked();
        let ask = CopyMenu { canteen: week.canteen.get_untracked(), of: Some(days_away(to, -7)), to: Some(to), commit };
        spawn_local(async move {
            match backend::call(&ask).await {
                Ok(copy) if copy.done => {
                    self.would.try_set(None);
                    week.context.notes.good(say!(menu::copied(copy.new)));
                    week.context.refresh();
                }
                // Another week may be shown by now.
                Ok(copy) if week.day.try_get_untracked() == Some(to) => drop(self.would.try_set(Some(copy))),
                Ok(_) => {}
                Err(fault) => week.context.notes.bad(&fault),
            }
            self.busy.try_set(false);
        });
    }
}

#[component]
pub fn Proposal(week: Week, copied: Copied) -> impl IntoView {
    let told = move |copy: MenuCopy| {
        let days: Vec<String> = copy.days.iter().map(|(date, dishes)| say!(menu::dishes_on(&day_long(*date), *dishes))).collect();
        let reasons = copy
            .reasons
            .iter()
            .map(|(reason, dishes)| view! { <span class="tag">{format!("{} {dishes}", reason.said())}</span> })
            .collect_view();
        let left_out = (!copy.reasons.is_empty()).then(|| view! { <div class="menu-not-copied">{say!(menu::NOT_COPIED)}{reasons}</div> });
        let new = copy.new;
        let words = if new > 0 { say!(menu::would_copy(new, days.len())) } else { say!(menu::NOTHING_NEW).to_owned() };
        view! {
            <div class="banner info menu-proposal" role="status" data-testid="menu-would-copy"><Draw icon=Icon::Sync/>
                <div><b>{words}</b><div class="muted">{days.join(" · ")}</div>{left_out}</div>
                <span class="sp"></span>
                {(new > 0).then(|| button("main", "menu-copy-sure", "", say!(menu::copy(new)), move || copied.busy(), move || copied.ask(week, true)))}
                {button("", "menu-copy-not", "", say!(program::CLOSE), move || copied.busy(), move || copied.forget())}
            </div>
        }
    };
    move || copied.would.get().map(told)
}
