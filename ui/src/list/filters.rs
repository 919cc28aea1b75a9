//! The filter row of a list: a field a filter, by its kind.

use super::{ListAddress, ListOptions};
use crate::form::date::parse_date;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::days_away;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::list::{End, Filter};
use shared::say;
use shared::schema::FieldType;

#[component]
pub fn FilterRow(at: ListAddress, today: Signal<Date>, beside: ListOptions) -> impl IntoView {
    let shown = move |filter: &&'static Filter| !filter.names().iter().any(|name| beside.hidden.contains(name));
    at.list.filters_at(at.end).filter(shown).map(|filter| field(at, filter, today, beside)).collect_view()
}

fn field(at: ListAddress, filter: &'static Filter, today: Signal<Date>, beside: ListOptions) -> AnyView {
    let label = |column: &str| at.list.column(column).map_or("", |column| at.list.label(column).said());
    match filter {
        Filter::Text { hint, person, .. } => {
            // A desk's search knows people by more than what stands in the columns.
            let of_people = at.end == End::Desk && person.is_some();
            text(at, if of_people { say!(list::hint_of_people(hint.said())) } else { hint.said().to_owned() }, beside.test)
        }
        Filter::Days(_) => days(at, today, beside.test),
        Filter::One(name) => one(at, name, label(name)),
        Filter::Yes(name) => yes(at, name, label(name), beside.test),
        Filter::Within(name) => within(at, name, label(name), beside),
    }
}

fn text(at: ListAddress, hint: String, test: &'static str) -> AnyView {
    let label = hint.clone();
    view! {
        <input id=format!("{test}-text") class="find-field" class:wide-find=hint.contains(['、', ',']) role="searchbox" aria-label=label placeholder=hint autocomplete="off" data-testid=format!("{test}-text")
            prop:value=move || at.word("text") on:input:target=move |event| at.set(&[("text", event.target().value())])/>
    }
    .into_any()
}

fn days(at: ListAddress, today: Signal<Date>, test: &'static str) -> AnyView {
    let day = move |name: &'static str, label: &'static str| {
        let typed = move |text: String| parse_date(&text, today.get_untracked()).map(|day| day.to_string()).unwrap_or_default();
        view! {
            <input class="day-field" aria-label=label placeholder=label autocomplete="off" data-testid=format!("{test}-{name}")
                prop:value=move || at.word(name) on:change:target=move |event| at.set(&[(name, typed(event.target().value()))])/>
        }
    };
    let last = move |days: i32| {
        let today = today.get_untracked();
        at.set(&[("from", days_away(today, 1 - days).to_string()), ("to", today.to_string())]);
    };
    view! {
        {day("from", say!(period::FIRST_DAY))}{day("to", say!(period::LAST_DAY))}
        <button type="button" class="btn small" on:click=move |_| last(1)>{say!(time::TODAY)}</button>
        <button type="button" class="btn small" on:click=move |_| last(7)>{say!(period::LAST_SEVEN_DAYS)}</button>
    }
    .into_any()
}

fn one(at: ListAddress, name: &'static str, label: &'static str) -> AnyView {
    let Some(FieldType::Words(words)) = at.list.column(name).map(|column| at.list.ty(column)) else { return ().into_any() };
    let option = move |(code, words): (&'static str, String)| view! { <option value=code prop:selected=move || at.word(name) == code>{words}</option> };
    let all = std::iter::once(("", say!(list::any(label)))).chain(words.all.iter().map(|(code, label)| (*code, label.said().to_owned())));
    view! { <select aria-label=label on:change:target=move |event| at.set(&[(name, event.target().value())])>{all.map(option).collect_view()}</select> }.into_any()
}

fn yes(at: ListAddress, name: &'static str, label: &'static str, test: &'static str) -> AnyView {
    let set = move |on: bool| at.set(&[(name, if on { "1" } else { "" }.to_owned())]);
    view! {
        <label class="check"><input type="checkbox" data-testid=format!("{test}-{name}") prop:checked=move || at.word(name) == "1"
            on:change:target=move |event| set(event.target().checked())/>{say!(list::only(label))}</label>
    }
    .into_any()
}

fn within(at: ListAddress, name: &'static str, label: &'static str, beside: ListOptions) -> AnyView {
    let Some(pick) = beside.pick_division else { return ().into_any() };
    let chosen = Signal::derive(move || at.word(name));
    let clear = move || {
        (!chosen.with(String::is_empty))
            .then(|| view! { <button type="button" class="btn small" on:click=move |_| at.set(&[(name, String::new())])><Draw icon=Icon::Cross/>{say!(list::clear(label))}</button> })
    };
    view! { <div class="village-field">{pick(chosen, Callback::new(move |code| at.set(&[(name, code)])))}</div>{clear} }.into_any()
}
