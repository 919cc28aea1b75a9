//! What is done on the screen: the count is frozen, something is printed, a sample is kept or thrown away.

use super::Screen;
use super::paper::Paper;
use crate::backend;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{FreezeCount, KitchenSample, NumberLabels, Save};
use shared::form::Draft;
use shared::kinds::FOOD_SAMPLES;
use shared::rule::kitchen::MIN_GRAMS;
use shared::say;

/// Freezes the count of the meal that is shown.
pub fn freeze(screen: Screen) {
    let Some((date, meal)) = screen.of() else { return };
    if screen.busy.get_untracked() {
        return;
    }
    screen.busy.set(true);
    let ask = FreezeCount { date: Some(date), meal: Some(meal), spare_percent: screen.spare.get_untracked() };
    spawn_local(async move {
        match backend::call(&ask).await {
            Ok(count) => screen.desk.notes.good(say!(kitchen::frozen_now(count.number, count.portions))),
            Err(fault) => screen.desk.notes.bad(&fault),
        }
        screen.busy.try_set(false);
        screen.desk.refresh();
    });
}

/// Puts something on paper: it is drawn first, then the print dialog opens.
pub fn print(screen: Screen, paper: Paper) {
    screen.paper.set(Some(paper));
    request_animation_frame(|| request_animation_frame(|| drop(window().print())));
}

/// Labels bear how often they were printed.
pub fn print_labels(screen: Screen) {
    let Some((date, meal)) = screen.of() else { return };
    spawn_local(async move {
        match backend::call(&NumberLabels { date: Some(date), meal: Some(meal) }).await {
            Ok(number) => print(screen, Paper::Labels(number)),
            Err(fault) => screen.desk.notes.bad(&fault),
        }
    });
}

fn typed<const MANY: usize>(fields: [(&str, String); MANY]) -> Draft {
    fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// Notes that a sample of a dish was kept just now.
pub fn keep(screen: Screen, sample: &KitchenSample) {
    let draft = typed([
        ("date", sample.date.to_string()),
        ("meal", sample.meal.code().to_owned()),
        ("dish", sample.dish.clone()),
        ("grams", MIN_GRAMS.to_string()),
        ("taken_at", now(screen)),
        ("taken_by", who(screen)),
    ]);
    save(screen, None, draft, say!(kitchen::SAMPLE_NOTED));
}

/// Notes that a sample was thrown away just now.
pub fn discard(screen: Screen, sample: &KitchenSample) {
    let draft = typed([("discarded_at", now(screen)), ("discarded_by", who(screen))]);
    save(screen, sample.record, draft, say!(kitchen::DISCARD_NOTED));
}

fn save(screen: Screen, record: Option<shared::schema::RecordId>, draft: Draft, noted: &'static str) {
    if screen.busy.get_untracked() {
        return;
    }
    screen.busy.set(true);
    spawn_local(async move {
        match backend::call(&Save { list: FOOD_SAMPLES.name.to_owned(), record, draft }).await {
            Ok(_) => screen.desk.notes.good(noted),
            Err(fault) => screen.desk.notes.bad(&fault),
        }
        screen.busy.try_set(false);
        screen.desk.refresh();
    });
}

fn now(screen: Screen) -> String {
    screen.desk.status.with_untracked(|status| status.now.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// Who sits here, or who is written in the settings where nobody signs in.
fn who(screen: Screen) -> String {
    screen
        .desk
        .status
        .with_untracked(|status| status.person.as_ref().map_or_else(|| status.settings.clerk.clone(), |person| person.name.clone()))
}
