//! The choice between the whole day and one meal.

use crate::kit::seg::{Seg, place_of};
use crate::record::field_said;
use leptos::prelude::*;
use shared::kinds::{Meal, RecordKind};
use shared::say;

#[component]
pub fn MealChoice(meal: RwSignal<Option<Meal>>) -> impl IntoView {
    let all: Vec<Option<Meal>> = std::iter::once(None).chain(Meal::ALL.iter().copied().map(Some)).collect();
    let words: Vec<String> = all.iter().map(|meal| meal.map_or(say!(order::WHOLE_DAY), Meal::said).to_owned()).collect();
    let all = StoredValue::new(all);
    let value = Signal::derive(move || all.with_value(|all| place_of(all, Some(meal.get()))));
    view! { <Seg label=field_said(RecordKind::Order, "meal") options=words value test="meals" pick=move |at: usize| meal.set(all.with_value(|all| all.get(at).copied().flatten()))/> }
}
