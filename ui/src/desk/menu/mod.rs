//! 一周菜单: a week by days and meals. A meal opens with its dishes; days are published, the week before is copied, the whole is printed for the wall.

mod copy;
mod meal;
mod sheet;

use crate::backend;
use crate::desk::{DeskContext, desk};
use crate::kit::act::{button, on, print};
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{in_field, on_keys, plain, print_keys};
use crate::kit::load::{Loaded, load};
use crate::kit::nav::LIST;
use crate::kit::time::{day_long, days_away};
use copy::{Copied, Proposal};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{CanteenName, Canteens, MenuDish, MenuOfDay, MenuWeek, PublishMenu, WeekMenu};
use shared::kinds::{CALENDAR_DAYS, Meal, RecordKind};
use shared::say;

/// What every part of the screen knows.
#[derive(Clone, Copy)]
struct Week {
    context: DeskContext,
    /// The code of the canteen; empty at a canteen, which has one only.
    canteen: RwSignal<String>,
    /// Some day of the week that is shown.
    day: RwSignal<Date>,
    menu: Loaded<WeekMenu>,
    /// The meal that stands open.
    open: RwSignal<Option<(Date, Meal)>>,
}

impl Week {
    fn days(self) -> Vec<MenuOfDay> {
        self.menu.value.with(|menu| menu.as_ref().map(|menu| menu.days.clone())).unwrap_or_default()
    }

    /// What stands on the menu of a meal.
    fn dishes(self, date: Date, meal: Meal) -> Vec<MenuDish> {
        let day = self.days().into_iter().find(|day| day.date == date);
        day.and_then(|day| day.meals.into_iter().find(|(of, _)| *of == meal)).map(|(_, dishes)| dishes).unwrap_or_default()
    }

    fn turn(self, days: i32) {
        self.day.update(|day| *day = days_away(*day, days));
    }

    fn publish(self, days: Vec<Date>) {
        let ask = PublishMenu { canteen: self.canteen.get_untracked(), days };
        spawn_local(async move {
            match backend::call(&ask).await {
                Ok(dishes) => self.context.notes.good(say!(menu::published(dishes))),
                Err(fault) => self.context.notes.bad(&fault),
            }
            self.context.refresh();
        });
    }
}

/// How many dishes of a day wait to be published; none where the canteen rests.
fn waiting(day: &MenuOfDay) -> usize {
    let rests = day.said.as_ref().is_some_and(|said| said.rests);
    if rests { 0 } else { day.meals.iter().flat_map(|(_, dishes)| dishes).filter(|dish| !dish.published).count() }
}

#[component]
pub fn MenuOfWeek() -> impl IntoView {
    print_keys(&[
        ("←→", say!(menu::TURN_WEEKS)),
        ("Tab", say!(screen::KEY_NEXT)),
        ("Enter", say!(menu::OPEN_MEAL)),
        ("F5", say!(menu::PRINT)),
    ]);
    let context = desk();
    let (canteen, day) = (RwSignal::new(String::new()), RwSignal::new(context.today.get_untracked()));
    let at_canteen = context.status.with_untracked(|status| status.canteen.is_some());
    let menu = load(move || {
        context.revision.track();
        backend::ask(&MenuWeek { canteen: canteen.get(), day: Some(day.get()) })
    });
    let week = Week { context, canteen, day, menu, open: RwSignal::new(None) };
    let copied = Copied::new();
    Effect::new(move |_| {
        day.track();
        canteen.track();
        copied.forget();
    });
    on_keys(move |event| {
        let turns = plain(event) && !in_field(event);
        match event.key().as_str() {
            "ArrowLeft" if turns => week.turn(-7),
            "ArrowRight" if turns => week.turn(7),
            "F5" if turns => print(),
            _ => return false,
        }
        true
    });
    let all = Memo::new(move |_| week.days().iter().map(waiting).sum::<usize>());
    let span = move || {
        let days = week.days();
        days.first().zip(days.last()).map(|(first, last)| say!(menu::week_from(&day_long(first.date), &day_long(last.date))))
    };
    let empty = move || week.days().iter().all(|day| day.meals.iter().all(|(_, dishes)| dishes.is_empty()));
    let publish_all = move || week.publish(untrack(|| week.days()).iter().map(|day| day.date).collect());
    let fault = Signal::derive(move || menu.fault.get().filter(|_| at_canteen || !canteen.with(String::is_empty)));
    let head = Meal::ALL.iter().map(|meal| view! { <th scope="col">{meal.said()}</th> }).collect_view();
    view! {
        <section class="card fill week-menu">
            <div class="menu-head">
                {(!at_canteen).then(|| view! { <CanteenChoice canteen/> })}
                {button("small", "week-before", "←", say!(menu::WEEK_BEFORE), on, move || week.turn(-7))}
                <b class="menu-span" data-testid="menu-span">{span}</b>
                {button("small", "week-after", "→", say!(menu::WEEK_AFTER), on, move || week.turn(7))}
                <a class="btn small" href=format!("{LIST}{}", CALENDAR_DAYS.name) data-testid="menu-calendar">{CALENDAR_DAYS.title.said()}</a>
                <span class="sp"></span>
                {button("", "menu-copy", "", say!(menu::COPY), move || copied.busy(), move || copied.ask(week, false))}
                {button("", "menu-print", "F5", say!(menu::PRINT), empty, print)}
                {button("main", "menu-publish", "", say!(menu::PUBLISH_WEEK), move || all.get() == 0, publish_all)}
            </div>
            <FaultBanner fault/>
            <Proposal week copied/>
            <div class="scroll">
                <table class="menu-table" data-testid="menu-table">
                    <thead><tr><th scope="col">{crate::record::field_said(RecordKind::MenuDay, "date")}</th>{head}</tr></thead>
                    <tbody>{move || week.days().into_iter().map(|day| line(week, day)).collect_view()}</tbody>
                </table>
            </div>
        </section>
        <sheet::Sheet week/>
        {move || week.open.get().map(|(date, meal)| view! { <meal::MealDialog week date meal/> })}
    }
}

/// A day: what the calendar says, what waits to be published, and its meals.
fn line(week: Week, day: MenuOfDay) -> AnyView {
    let date = day.date;
    let today = week.context.today.get_untracked();
    let rest = day.said.clone().filter(|said| said.rests);
    let (rests, waits) = (rest.is_some(), waiting(&day));
    let planned = day.meals.iter().any(|(_, dishes)| !dishes.is_empty());
    let state = match &rest {
        Some(said) => {
            let orders = (said.orders > 0).then(|| view! { <span class="tag bad" data-testid="rest-orders"><Draw icon=Icon::Alert/>{say!(menu::ordered_on_rest(said.orders))}</span> });
            view! { <span class="tag due" data-testid="menu-rest">{say!(calendar::rests(&said.name))}</span>{orders} }.into_any()
        }
        None if waits > 0 => view! {
            <span class="tag due"><Draw icon=Icon::Clock/>{say!(menu::not_published(waits))}</span>
            {button("small", &format!("publish-{date}"), "", say!(menu::PUBLISH_DAY), on, move || week.publish(vec![date]))}
        }
        .into_any(),
        None if planned => view! { <span class="tag ok"><Draw icon=Icon::Check/>{say!(menu::PUBLISHED)}</span> }.into_any(),
        None => ().into_any(),
    };
    // A day on which it works though others rest says so.
    let works = day.said.filter(|said| !said.rests).map(|said| view! { <span class="tag info">{said.name}</span> });
    let meals = day.meals.into_iter().map(|(meal, dishes)| view! { <td>{cell(week, (date, meal), dishes, rests)}</td> }).collect_view();
    view! {
        <tr class:is-today=date == today class:is-rest=rests data-testid="menu-day">
            <th scope="row"><b>{day_long(date)}</b>{works}{state}</th>
            {meals}
        </tr>
    }
    .into_any()
}

/// A meal of a day: one button, with its dishes in it.
fn cell(week: Week, (date, meal): (Date, Meal), dishes: Vec<MenuDish>, rests: bool) -> AnyView {
    if rests && dishes.is_empty() {
        return view! { <span class="muted">"—"</span> }.into_any();
    }
    let names: Vec<&str> = dishes.iter().map(|dish| dish.name.as_str()).collect();
    let words = if names.is_empty() { say!(menu::ADD).to_owned() } else { names.join("、") };
    let label = format!("{} {}: {words}", day_long(date), meal.said());
    let is_empty = dishes.is_empty();
    let dish = |dish: MenuDish| view! { <span class="dish" class:waits=!dish.published>{dish.name}</span> };
    view! {
        <button type="button" class="menu-cell" class:empty=is_empty aria-label=label data-testid=format!("cell-{date}-{}", meal.code())
            on:click=move |_| week.open.set(Some((date, meal)))>
            {is_empty.then(|| view! { <span>"+ "{say!(menu::ADD)}</span> })}
            {dishes.into_iter().map(dish).collect_view()}
        </button>
    }
    .into_any()
}

/// At an office: the canteen whose menu it is.
#[component]
fn CanteenChoice(canteen: RwSignal<String>) -> impl IntoView {
    let known = load(move || backend::ask(&Canteens {}));
    Effect::new(move |_| {
        let first = known.value.with(|all| all.as_ref().and_then(|all| all.first().map(|one| one.code.clone())));
        if let Some(first) = first.filter(|_| canteen.with_untracked(String::is_empty)) {
            canteen.set(first);
        }
    });
    let option = move |one: CanteenName| {
        let (code, this) = (one.code.clone(), one.code);
        view! { <option value=code prop:selected=move || canteen.with(|canteen| *canteen == this)>{one.name}</option> }
    };
    view! {
        <select class="menu-canteen" data-testid="menu-canteen" aria-label=RecordKind::Canteen.said() on:change:target=move |event| canteen.set(event.target().value())>
            {move || known.value.get().into_iter().flatten().map(option).collect_view()}
        </select>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use shared::command::DaySaid;
    use shared::kinds::Course;
    use shared::money::Fen;

    #[test]
    fn what_waits_is_not_published_yet_and_on_a_day_of_rest_nothing_waits() {
        let item = "00112233445566778899aabbccddeeff".parse().unwrap();
        let dish = |published| MenuDish {
            item,
            name: "蒸排骨".into(),
            course: Course::Meat,
            price: Fen(800),
            allergens: None,
            suits: None,
            published,
        };
        let day = |said| MenuOfDay {
            date: date(2026, 10, 1),
            said,
            meals: vec![(Meal::Lunch, vec![dish(true), dish(false)]), (Meal::Dinner, vec![dish(false)])],
        };
        let said = |rests| Some(DaySaid { date: date(2026, 10, 1), rests, name: "国庆节".into(), orders: 0 });
        assert_eq!([day(None), day(said(false)), day(said(true))].map(|day| waiting(&day)), [2, 2, 0]);
    }
}
