//! The way back up and the period: both only change the address.

use super::console;
use crate::form::date::parse_date;
use crate::form::period::{Period, View};
use crate::kit::route::location;
use crate::kit::seg::{Seg, place_of};
use leptos::prelude::*;
use shared::schema::Label;
use shared::{label, say};

#[component]
pub fn PeriodBar(
    /// `/` or `/ledger`.
    path: &'static str,
    shown: Memo<View>,
) -> impl IntoView {
    let context = console();
    const PERIODS: [Period; 4] = [Period::Today, Period::Week, Period::Month, Period::Own];
    const WORDS: [Label; 4] = [label!(time::TODAY), label!(period::THIS_WEEK), label!(period::THIS_MONTH), label!(period::CHOSEN_DAYS)];
    let location = location();
    let show = move |view: &View| location.replace(&format!("{path}?{}", view.query()));
    let periods = WORDS.map(|word| word.said().to_owned()).to_vec();
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
        {move || own.get().then(|| view! { {day(say!(period::FIRST_DAY), true)}<span>{say!(period::UP_TO)}</span>{day(say!(period::LAST_DAY), false)} })}
        <Seg label=say!(period::PERIOD) options=periods test="period" value pick/>
    }
}
