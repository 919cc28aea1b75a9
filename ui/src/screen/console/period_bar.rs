//! The way back up and the period: both only change the address.

use super::console;
use crate::form::date::parse_date;
use crate::form::period::{Period, View};
use crate::kit::seg::Seg;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

#[component]
pub fn PeriodBar(
    /// `/` or `/ledger`.
    path: &'static str,
    shown: Memo<View>,
) -> impl IntoView {
    let context = console();
    let go = StoredValue::new_local(use_navigate());
    let show = move |view: &View| {
        go.with_value(|go| {
            go(&format!("{path}?{}", view.query()), NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() })
        })
    };
    let periods = vec![
        (Period::Today, "今天".to_owned()),
        (Period::Week, "本周".to_owned()),
        (Period::Month, "本月".to_owned()),
        (Period::Own, "自选".to_owned()),
    ];
    let own = Memo::new(move |_| shown.get().period == Period::Own);
    let day = move |label: &'static str, first: bool| {
        let value = move || shown.with(|view| if first { view.from } else { view.to }.to_string());
        view! {
            <input class="day-field" aria-label=label autocomplete="off" prop:value=value
                on:change:target=move |event| {
                    if let Some(day) = parse_date(&event.target().value(), context.today.get_untracked()) {
                        let view = shown.get_untracked();
                        show(&if first { View { from: day, ..view } } else { View { to: day, ..view } });
                    }
                }/>
        }
    };
    view! {
        {move || own.get().then(|| view! { {day("从", true)}<span>"至"</span>{day("到", false)} })}
        <Seg label="期间" options=periods test="period" value=Signal::derive(move || Some(shown.get().period)) pick=move |period| show(&shown.get_untracked().over(period, context.today.get_untracked()))/>
    }
}
