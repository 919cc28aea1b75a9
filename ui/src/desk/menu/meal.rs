//! One meal of a day: the dishes on its menu, each with a way off it, and the library to choose others from by typing.

use super::Week;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::keys::focus_soon;
use crate::kit::load::load;
use crate::kit::time::day_long;
use jiff::civil::Date;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ChangeMenu, FindMenuItems, MenuDish};
use shared::fault::Fault;
use shared::kinds::Meal;
use shared::say;
use shared::schema::RecordId;

/// As many as stand under the field.
const HITS: u32 = 8;

#[component]
pub fn MealDialog(week: Week, date: Date, meal: Meal) -> impl IntoView {
    let fault = RwSignal::new(None::<Fault>);
    let dishes = Memo::new(move |_| week.dishes(date, meal));
    let change = move |item: RecordId, off: bool| {
        let ask = ChangeMenu { canteen: week.canteen.get_untracked(), date: Some(date), meal: Some(meal), item: Some(item), off };
        spawn_local(async move {
            fault.try_set(backend::call(&ask).await.err());
            week.context.refresh();
        });
        focus_soon(FIELD);
    };
    let line = move |dish: MenuDish| {
        let (item, waits) = (dish.item, !dish.published);
        view! {
            <div class="menu-line"><div class="menu-dish"><b>{dish.name.clone()}</b>{facts(&dish)}
                {waits.then(|| view! { <span class="tag due">{say!(menu::NOT_PUBLISHED)}</span> })}</div>
                {button("small", "take-off", "", say!(menu::TAKE_OFF), on, move || change(item, true))}</div>
        }
    };
    let lines = move || dishes.get().into_iter().map(line).collect_view();
    let none = move || dishes.with(Vec::is_empty).then(|| view! { <p class="muted">{say!(menu::NONE_YET)}</p> });
    view! {
        <Dialog title=format!("{} · {}", day_long(date), meal.said()) close=move |()| week.open.set(None) wide=true>
            <FaultBanner fault/>
            <div class="menu-form">
                <section><h3>{say!(menu::ON_THE_MENU)}</h3><div class="menu-lines" data-testid="menu-on">{lines}{none}</div></section>
                <section><h3>{say!(menu::ADD)}</h3><PickDish canteen=week.canteen on_menu=dishes picked=move |item| change(item, false)/></section>
            </div>
        </Dialog>
    }
}

/// What stands beside the name of a dish: what it costs, what is in it, for whom it is made.
fn facts(dish: &MenuDish) -> AnyView {
    let allergens = dish.allergens.as_ref().map(|words| view! { <span class="tag due">{say!(menu::allergens(words))}</span> });
    let suits = dish.suits.map(|suits| view! { <span class="tag info">{suits.said()}</span> });
    view! { <span class="muted">{dish.course.said()}" · "{say!(money::yuan(dish.price))}</span>{suits}{allergens} }.into_any()
}

/// The field in which dishes are looked for.
const FIELD: &str = "pick-dish";

#[component]
fn PickDish(canteen: RwSignal<String>, on_menu: Memo<Vec<MenuDish>>, #[prop(into)] picked: Callback<RecordId>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = load(move || backend::ask(&FindMenuItems { canteen: canteen.get(), text: text.get(), limit: HITS }));
    let hits = move || {
        let others = on_menu.with(|dishes| dishes.iter().map(|dish| dish.item).collect::<Vec<_>>());
        let mut hits = found.value.get().unwrap_or_default();
        hits.retain(|hit| !others.contains(&hit.item));
        hits
    };
    let pick = move |item: RecordId| {
        text.set(String::new());
        picked.run(item);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            let first = untrack(hits).first().map(|hit| hit.item);
            if let Some(item) = first.filter(|_| !found.loading.get_untracked() && text.with_untracked(|text| !text.is_empty())) {
                pick(item);
            }
        }
    };
    focus_soon(FIELD);
    let line = move |hit: MenuDish| {
        let item = hit.item;
        view! { <button type="button" class="menu-line menu-dish" data-testid="dish-hit" on:click=move |_| pick(item)><b>{hit.name.clone()}</b>{facts(&hit)}</button> }
    };
    let nothing = move || {
        let none = found.value.with(|found| found.as_ref().is_some_and(Vec::is_empty));
        none.then(|| view! { <p class="muted" data-testid="no-dish">{say!(menu::NONE_FITS)}</p> })
    };
    view! {
        <input id=FIELD class="search" data-testid=FIELD autocomplete="off" spellcheck="false" aria-label=say!(menu::ADD) placeholder=say!(menu::ADD_HINT)
            prop:value=move || text.get() on:keydown=on_key on:input:target=move |event| text.set(event.target().value())/>
        <div class="menu-lines hits">{move || hits().into_iter().map(line).collect_view()}{nothing}</div>
    }
}
