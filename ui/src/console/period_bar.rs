//! The way back up and the period: both only change the address.

use super::console;
use crate::form::date::parse_date;
use crate::form::period::{Period, View};
use crate::kit::route::location;
use crate::kit::seg::{Seg, place_of};
use leptos::prelude::*;

#[component]
pub fn PeriodBar(
    /// `/` or `/ledger`.
    path: &'static str,
    shown: Memo<View>,
) -> impl IntoView {
    let context = console();
    const PERIODS: [Period; 4] = [Period::Today, Period::Week, Period::Month, Period::Own];
    let location = location();
    let show = move |view: &View| location.replace(&format!("{path}?{}", view.query()));
    let periods = ["今天", "本周", "本月", "自选"].map(str::to_owned).to_vec();
    let value = Signal::derive(move || place_of(&PERIODS, Some(shown.get().period)));
    let pick = move |at: usize| {
        let period = PERIODS.get(at).copied().unwrap_or(Period::Today);
        show(&shown.get_untracked().over(period, context.today.get_untracked()));
    };
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
        <Seg label="期间" options=periods test="period" value pick/>
    }
}
