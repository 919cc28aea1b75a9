//! The week on paper, for the wall: dishes in large type with their prices, for whom they are made and what is in them. On the screen it is not shown; the
//! style sheet prints it alone.

use super::Week;
use crate::kit::time::day_long;
use crate::record::field_said;
use leptos::prelude::*;
use shared::command::{MenuDish, MenuOfDay};
use shared::kinds::{Meal, RecordKind};
use shared::say;

#[component]
pub fn Sheet(week: Week) -> impl IntoView {
    // A meal that is never served takes no room.
    let meals = Memo::new(move |_| {
        let days = week.days();
        let served = |meal: &&Meal| days.iter().flat_map(|day| &day.meals).any(|(of, dishes)| of == *meal && !dishes.is_empty());
        Meal::ALL.iter().filter(served).copied().collect::<Vec<_>>()
    });
    let name = move || week.menu.value.with(|menu| menu.as_ref().map(|menu| menu.name.clone()));
    let span = move || {
        let days = week.days();
        days.first().zip(days.last()).map(|(first, last)| say!(menu::week_from(&day_long(first.date), &day_long(last.date))))
    };
    let head = move || meals.get().into_iter().map(|meal| view! { <th>{meal.said()}</th> }).collect_view();
    view! {
        <section class="slip wall" data-testid="menu-sheet" aria-hidden="true">
            <h1>{name}" · "{say!(menu::WEEK)}</h1>
            <p class="span">{span}</p>
            <table><thead><tr><th>{field_said(RecordKind::MenuDay, "date")}</th>{head}</tr></thead>
                <tbody>{move || week.days().into_iter().map(|day| row(day, &meals.get())).collect_view()}</tbody></table>
            <p>{say!(menu::SHEET_FOOT)}</p>
        </section>
    }
}

fn row(day: MenuOfDay, meals: &[Meal]) -> AnyView {
    let rest = day.said.filter(|said| said.rests);
    let cells = match rest {
        Some(said) => {
            view! { <td class="rests" colspan=meals.len().max(1).to_string()>{say!(calendar::rests(&said.name))}</td> }.into_any()
        }
        None => day.meals.into_iter().filter(|(meal, _)| meals.contains(meal)).map(|(_, dishes)| cell(dishes)).collect_view().into_any(),
    };
    view! { <tr><th>{day_long(day.date)}</th>{cells}</tr> }.into_any()
}

fn cell(dishes: Vec<MenuDish>) -> AnyView {
    let dish = |dish: MenuDish| {
        let suits = dish.suits.map(|suits| view! { <span class="suits">{suits.said()}</span> });
        let with = dish.allergens.map(|words| view! { <div class="with">{say!(menu::allergens(&words))}</div> });
        view! { <div class="dish"><b>{dish.name}</b>{suits}<span class="price">{say!(money::yuan(dish.price))}</span>{with}</div> }
    };
    view! { <td>{dishes.into_iter().map(dish).collect_view()}</td> }.into_any()
}
