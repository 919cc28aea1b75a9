//! The days of a month to choose from: one by one, a weekday at a time, or the working days. Those on which the canteen rests are crossed out.

use crate::backend;
use crate::desk::desk;
use crate::kit::act::{button, on};
use crate::kit::load::load;
use crate::kit::time::{day_long, days_away, days_until};
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::{Calendar as CalendarAsk, DaySaid};
use shared::rule::order::MAX_DAYS_AHEAD;
use shared::say;
use std::collections::BTreeSet;

#[component]
pub fn Calendar(chosen: RwSignal<BTreeSet<Date>>) -> impl IntoView {
    let (context, today) = (desk(), desk().today);
    // Some day of the month that is shown.
    let shown = RwSignal::new(today.get_untracked());
    let said = load(move || {
        context.revision.track();
        let last = days_away(today.get(), i32::try_from(MAX_DAYS_AHEAD).unwrap_or_default());
        backend::ask(&CalendarAsk { canteen: String::new(), from: Some(today.get()), to: Some(last) })
    });
    let of = move |date: Date| said.value.with(|days| days.iter().flatten().find(|day| day.date == date).cloned());
    let rests = move |date: Date| of(date).filter(|day| day.rests);
    let may = move |date: Date| (0..=MAX_DAYS_AHEAD).contains(&days_until(today.get(), date)) && rests(date).is_none();
    let turn = move |dates: Vec<Date>| {
        let dates: Vec<Date> = dates.into_iter().filter(|date| untrack(|| may(*date))).collect();
        chosen.update(|chosen| {
            if dates.iter().all(|date| chosen.contains(date)) {
                chosen.retain(|date| !dates.contains(date));
            } else {
                chosen.extend(dates);
            }
        });
    };
    let weekday_head = move |at: i32| {
        let words = say!(time::weekday(days_away(monday_of(today.get_untracked()), at).weekday()));
        let turn_column = move |_| {
            turn(weeks(shown.get_untracked()).into_iter().filter_map(|week| in_month(shown.get_untracked(), days_away(week, at))).collect())
        };
        view! { <button type="button" class="btn small head" on:click=turn_column>{words}</button> }
    };
    let cell = move |date: Date| {
        let on = move || chosen.with(|chosen| chosen.contains(&date));
        let other = in_month(shown.get_untracked(), date).is_none();
        let label =
            move || rests(date).map_or_else(|| day_long(date), |day| format!("{} {}", day_long(date), say!(calendar::rests(&day.name))));
        view! {
            <button type="button" class="btn day" class:on=on class:other=other class:today=move || today.get() == date class:rest=move || rests(date).is_some() aria-pressed=move || on().to_string() aria-label=label
                data-testid=format!("day-{date}") data-rest=move || rests(date).map(|_| say!(calendar::MARK)) disabled=move || !may(date) on:click=move |_| turn(vec![date])>{date.day()}</button>
        }
    };
    let grid = move || weeks(shown.get()).into_iter().flat_map(|week| (0..7).map(move |at| days_away(week, at))).map(cell).collect_view();
    let workdays = move || {
        let days = weeks(shown.get_untracked()).into_iter().flat_map(|week| (0..7).map(move |at| (at, days_away(week, at))));
        let works = |(at, date): (i32, Date)| untrack(|| works(at, of(date).as_ref())).then_some(date);
        turn(days.filter_map(works).filter_map(|date| in_month(shown.get_untracked(), date)).collect());
    };
    let month = move || shown.with(|shown| say!(standing::month(shown.year(), shown.month())));
    view! {
        <div class="calendar" data-testid="calendar">
            <div class="calendar-head">
                {button("small", "month-before", "", say!(standing::MONTH_BEFORE), on, move || shown.update(|shown| *shown = days_away(first_of(*shown), -1)))}
                <b>{month}</b>
                {button("small", "month-after", "", say!(standing::MONTH_AFTER), on, move || shown.update(|shown| *shown = days_away(first_of(*shown), 31)))}
                <span class="sp"></span>
                {button("small", "days-work", "", say!(calendar::WORKING_DAYS), on, workdays)}
                {button("small", "days-clear", "", say!(standing::CLEAR_DAYS), on, move || chosen.set(BTreeSet::new()))}
            </div>
            <div class="days">{(0..7).map(weekday_head).collect_view()}{grid}</div>
        </div>
    }
}

fn first_of(date: Date) -> Date {
    days_away(date, 1 - i32::from(date.day()))
}

fn monday_of(date: Date) -> Date {
    days_away(date, -i32::from(date.weekday().to_monday_zero_offset()))
}

/// Whether a day is a working one: as the calendar says, else from Monday to Friday.
fn works(at: i32, said: Option<&DaySaid>) -> bool {
    said.map_or(at < 5, |day| !day.rests)
}

/// The Mondays of the weeks that a month touches.
fn weeks(shown: Date) -> Vec<Date> {
    let first = first_of(shown);
    (0..6).map(|week| days_away(monday_of(first), week * 7)).filter(|monday| *monday <= first || monday.month() == first.month()).collect()
}

fn in_month(shown: Date, date: Date) -> Option<Date> {
    ((date.year(), date.month()) == (shown.year(), shown.month())).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_is_shown_in_whole_weeks_from_monday_and_works_as_the_calendar_says() {
        let of = |day: Date| weeks(day).into_iter().map(|monday| (monday.month(), monday.day())).collect::<Vec<_>>();
        assert_eq!(of(date(2026, 11, 29)), [(10, 26), (11, 2), (11, 9), (11, 16), (11, 23), (11, 30)]);
        assert_eq!(of(date(2027, 2, 1)), [(2, 1), (2, 8), (2, 15), (2, 22)]);
        let said = |rests| DaySaid { date: date(2027, 2, 6), rests, name: "春节".into(), orders: 0 };
        assert_eq!([works(4, None), works(5, None), works(4, Some(&said(true))), works(5, Some(&said(false)))], [true, false, false, true]);
        assert_eq!((first_of(date(2027, 2, 28)), in_month(date(2027, 2, 1), date(2027, 3, 1))), (date(2027, 2, 1), None));
    }
}
