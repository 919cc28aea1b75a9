//! Fourteen days as bars, with the same in words for those who do not see it.

use crate::kit::time::day_short;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::console::Counts;
use shared::kinds::Mode;
use shared::say;

const WIDTH: u64 = 434;
const HEIGHT: u64 = 230;
const FOOT: u64 = 20;

#[component]
pub fn Chart(days: Vec<(Date, Counts)>) -> impl IntoView {
    let top = days.iter().map(|(_, counts)| counts.meals).max().unwrap_or(0).max(1);
    let step = WIDTH / u64::try_from(days.len().max(1)).unwrap_or(1);
    let room = HEIGHT - FOOT - 16;
    let told: Vec<_> = days.iter().map(|(day, counts)| (day_short(*day), counts.meals, counts.own_delivery + counts.third_party)).collect();
    let bar = |(at, (day, counts)): (usize, (Date, Counts))| {
        let x = u64::try_from(at).unwrap_or(0) * step;
        let all = counts.meals * room / top;
        let brought = (counts.own_delivery + counts.third_party).min(counts.meals) * room / top;
        let base = HEIGHT - FOOT;
        view! {
            <g>
                <title>{say!(overview::bar(&day_short(day), counts.meals, counts.own_delivery + counts.third_party))}</title>
                <rect class="bar-all" x=x + 5 y=base - all width=step - 10 height=all rx="2"></rect>
                <rect class="bar-brought" x=x + 5 y=base - brought width=step - 10 height=brought rx="2"></rect>
                <text class="bar-count" x=x + step / 2 y=base - all - 4>{(counts.meals > 0).then(|| counts.meals.to_string())}</text>
                <text class="bar-day" x=x + step / 2 y=HEIGHT - 4>{if at == 0 || day.day() == 1 { day_short(day) } else { day.day().to_string() }}</text>
            </g>
        }
    };
    view! {
        <figure class="chart">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=say!(overview::chart(&told))>{days.into_iter().enumerate().map(bar).collect_view()}</svg>
            <figcaption class="muted"><i class="swatch all"></i>{Mode::PickUp.said()}<i class="swatch brought"></i>{say!(overview::BROUGHT)}</figcaption>
        </figure>
    }
}
