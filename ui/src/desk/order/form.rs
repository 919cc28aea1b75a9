//! The right column: this order. Arrows and digits change it, Enter saves it from anywhere.

use super::state::OrderState;
use crate::form::order::{DayChoice, OrderForm};
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::day_long;
use crate::record::field_said;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::kinds::{Meal, Mode, RecordKind};
use shared::say;

#[component]
pub fn Form(state: OrderState) -> impl IntoView {
    let there = Memo::new(move |_| state.form.with(Option::is_some));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            event.stop_propagation();
            state.save();
        }
    };
    view! {
        <section class="card order-form" on:keydown=on_key>
            <h2>{say!(phone_order::THIS_ORDER)}</h2>
            {move || there.get().then(|| view! { <Fields state/> })}
            <div class="sp"></div>
            <Price state/>
            <button type="button" id="save-order" class="btn go" data-testid="save-order"
                disabled=move || !there.get() || state.saving.get() on:click=move |_| state.save()>{say!(phone_order::SAVE_ORDER)}<kbd>"Enter"</kbd></button>
        </section>
    }
}

fn of(name: &str) -> &'static str {
    field_said(RecordKind::Order, name)
}

#[component]
fn Fields(state: OrderState) -> impl IntoView {
    let form = state.form;
    let update = move |act: &dyn Fn(&mut OrderForm)| {
        form.update(|form| {
            if let Some(form) = form {
                act(form);
            }
        });
        state.problems.set(Vec::new());
    };
    const DAYS: [DayChoice; 3] = [DayChoice::Today, DayChoice::Tomorrow, DayChoice::Other];
    let days = [say!(time::TODAY), say!(time::TOMORROW), say!(phone_order::OTHER_DAY)].map(str::to_owned).to_vec();
    let day = Signal::derive(move || place_of(&DAYS, form.with(|form| form.as_ref().map(OrderForm::day_choice))));
    let meals: Vec<String> = Meal::ALL.iter().map(|meal| meal.said().to_owned()).collect();
    let meal = Signal::derive(move || place_of(Meal::ALL, form.with(|form| form.as_ref().map(|form| form.meal))));
    let modes: Vec<String> = Mode::ALL.iter().map(|mode| mode.said().to_owned()).collect();
    let mode = Signal::derive(move || place_of(Mode::ALL, form.with(|form| form.as_ref().map(|form| form.mode))));
    let names = move || form.with(|form| form.iter().flat_map(OrderForm::menu).map(|dish| dish.name.clone()).collect::<Vec<_>>());
    let dishes = Signal::derive(move || {
        form.with(|form| form.iter().flat_map(OrderForm::menu).map(|dish| format!("{} {}", dish.name, dish.price)).collect::<Vec<_>>())
    });
    let dish = Signal::derive(move || place_of(&names(), form.with(|form| form.as_ref().and_then(|form| form.dish.clone()))));
    let pick_dish = move |at: usize| {
        let name = untrack(names).get(at).cloned();
        update(&move |form| form.dish.clone_from(&name));
    };
    let other = Memo::new(move |_| form.with(|form| form.as_ref().is_some_and(|form| form.other_date.is_some())));
    let third = Memo::new(move |_| form.with(|form| form.as_ref().is_some_and(|form| form.mode == Mode::ThirdParty)));
    let choose_day = move |at: usize| {
        let choice = DAYS.get(at).copied().unwrap_or(DayChoice::Other);
        update(&move |form| form.choose_day(choice));
        if choice == DayChoice::Other {
            crate::kit::keys::focus_soon("other-date");
        }
    };
    view! {
        <div class="f"><span>{of("date")}</span><Seg label=of("date") options=days test="order-day" value=day pick=choose_day/></div>
        {move || other.get().then(|| view! {
            <label class="f"><span></span><div>
                <input id="other-date" placeholder=say!(phone_order::DAY_EXAMPLE) autocomplete="off" data-testid="order-other-date"
                    prop:value=move || form.with(|form| form.as_ref().and_then(|form| form.other_date.clone()).unwrap_or_default())
                    on:input:target=move |event| { let text = event.target().value(); update(&move |form| form.type_day(text.clone())); }/>
                <span class="muted">{move || form.with(|form| form.as_ref().map(|form| day_long(form.date)))}</span>
            </div></label>
        })}
        {move || state.problems.with(|found| found.iter().find(|problem| problem.field == "date").map(|problem| view! { <em class="problem" role="alert">{problem.words.said().to_owned()}</em> }))}
        <div class="f"><span>{of("meal")}</span><Seg label=of("meal") options=meals test="order-meal" value=meal pick=move |at: usize| if let Some(meal) = Meal::ALL.get(at).copied() { update(&move |form| form.choose_meal(meal)) }/></div>
        <div class="f"><span>{of("dish")}</span>
            {move || if dishes.with(Vec::is_empty) {
                view! { <span class="muted">{say!(phone_order::NO_DISHES)}</span> }.into_any()
            } else {
                view! { <Seg label=of("dish") options=dishes test="order-dish" value=dish pick=pick_dish/> }.into_any()
            }}
        </div>
        <div class="f"><span>{of("mode")}</span><Seg label=of("mode") options=modes test="order-mode" value=mode pick=move |at: usize| if let Some(mode) = Mode::ALL.get(at).copied() { update(&move |form| form.mode = mode) }/></div>
        {move || third.get().then(|| view! {
            <label class="f"><span>{say!(phone_order::PLATFORM_ORDER)}</span><input autocomplete="off" placeholder=say!(phone_order::PLATFORM_NUMBER_IF_ANY)
                prop:value=move || form.with(|form| form.as_ref().map(|form| form.platform_number.clone()).unwrap_or_default())
                on:input:target=move |event| { let text = event.target().value(); update(&move |form| form.platform_number = text.clone()); }/></label>
        })}
        <label class="f"><span>{of("note")}</span><input autocomplete="off" data-testid="order-note"
            prop:value=move || form.with(|form| form.as_ref().map(|form| form.note.clone()).unwrap_or_default())
            on:input:target=move |event| { let text = event.target().value(); update(&move |form| form.note = text.clone()); }/></label>
    }
}

#[component]
fn Price(state: OrderState) -> impl IntoView {
    move || {
        let form = state.form.get()?;
        let price = form.price().map_or_else(|| say!(phone_order::NO_PRICE).to_owned(), |price| say!(money::yuan(price)));
        Some(
            view! { <div class="money"><span class="muted">{format!("{} {}", day_long(form.date), form.meal.said())}</span><span></span><b>{of("price")}</b><b data-testid="price">{price}</b></div> },
        )
    }
}
