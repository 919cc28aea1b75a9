//! Routes on the screen: which one is shown, and putting a stop on one.

use super::Run;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::seg::{Seg, place_of};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{OrderSummary, PutOnRoute, RouteOfDay, TodayBoard};
use shared::say;
use shared::schema::RecordId;
use std::collections::HashMap;

/// The keys of the first routes.
const DIGITS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Which stops are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lies {
    /// All of them.
    #[default]
    Anywhere,
    /// Those of a route.
    On(RecordId),
    /// Those on no route.
    Nowhere,
}

impl Lies {
    /// Whether a stop is shown that lies there.
    pub fn shows(self, route: Option<RecordId>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::On(shown) => route == Some(shown),
            Self::Nowhere => route.is_none(),
        }
    }
}

impl Run {
    /// The canteen's routes.
    pub(super) fn routes(self) -> Vec<RouteOfDay> {
        self.board.value.with(|board| board.as_ref().map(|board| board.routes.clone()).unwrap_or_default())
    }

    /// The route on which an order lies.
    pub(super) fn route_of(self, order: RecordId) -> Option<RecordId> {
        self.on.with(|on| on.get(&order).copied())
    }

    /// The run that is shown, where it is one: on a route, or on none where there are no routes.
    pub(super) fn one_route(self) -> Option<Option<RecordId>> {
        match self.lies.get() {
            Lies::On(route) => Some(Some(route)),
            Lies::Nowhere => Some(None),
            Lies::Anywhere => self.routes().is_empty().then_some(None),
        }
    }
}

/// The route of each order that lies on one.
pub fn routes_of(board: Option<&TodayBoard>) -> HashMap<RecordId, RecordId> {
    let routes = board.into_iter().flat_map(|board| &board.routes);
    routes.flat_map(|route| route.orders.iter().map(|order| (*order, route.id))).collect()
}

/// What a route is called; what lies on none as well.
pub fn called(routes: &[RouteOfDay], route: Option<RecordId>) -> String {
    let found = routes.iter().find(|one| Some(one.id) == route);
    found.map_or_else(|| say!(delivery::NO_ROUTE).to_owned(), |one| one.name.clone())
}

/// The routes, each with its stops; nothing where there are none.
#[component]
pub fn RouteChoice(run: Run) -> impl IntoView {
    let all = Memo::new(move |_| {
        let routes = run.routes();
        let ways = routes.iter().map(|route| Lies::On(route.id));
        let all: Vec<Lies> = [Lies::Anywhere].into_iter().chain(ways).chain([Lies::Nowhere]).collect();
        if routes.is_empty() { Vec::new() } else { all }
    });
    let options = Signal::derive(move || {
        let (routes, stops) = (run.routes(), run.stops_anywhere());
        let named = |lies: &Lies| {
            let count = stops.iter().filter(|line| lies.shows(run.route_of(line.id))).count();
            let name = match lies {
                Lies::Anywhere => say!(delivery::ALL_ROUTES).to_owned(),
                Lies::On(route) => called(&routes, Some(*route)),
                Lies::Nowhere => called(&routes, None),
            };
            say!(delivery::by(&name, count))
        };
        all.with(|all| all.iter().map(named).collect::<Vec<_>>())
    });
    let value = Signal::derive(move || all.with(|all| place_of(all, Some(run.lies.get()))));
    let pick = move |at: usize| run.lies.set(all.with_untracked(|all| all.get(at).copied().unwrap_or_default()));
    move || all.with(|all| !all.is_empty()).then(|| view! { <Seg label=say!(delivery::ROUTE) options value test="routes" pick/> })
}

/// Where the chosen stop is to lie.
#[component]
pub fn PutDialog(run: Run, line: OrderSummary) -> impl IntoView {
    let (routes, village) = (run.routes(), RwSignal::new(false));
    let order = line.id;
    let close = move || run.putting.set(false);
    let put = move |route: Option<RecordId>| {
        let routes = run.routes();
        spawn_local(async move {
            let ask = PutOnRoute { order: Some(order), route, village: village.get_untracked() };
            match backend::call(&ask).await {
                Ok(stops) => {
                    let name = if route.is_some() { called(&routes, route) } else { say!(delivery::WITH_NEIGHBOURS).to_owned() };
                    run.desk.notes.good(say!(delivery::put(&name, stops)));
                    close();
                    run.desk.refresh();
                }
                Err(fault) => run.desk.notes.bad(&fault),
            }
        });
    };
    let ids: Vec<RecordId> = routes.iter().map(|route| route.id).collect();
    let on_key = move |event: KeyboardEvent| {
        let digit = event.key().parse::<usize>().ok().filter(|_| !event.ctrl_key() && !event.alt_key());
        let chosen = match digit {
            Some(0) => Some(None),
            Some(at) => ids.get(at - 1).map(|id| Some(*id)),
            None => None,
        };
        if let Some(route) = chosen {
            event.prevent_default();
            event.stop_propagation();
            put(route);
        }
    };
    let none = routes.is_empty();
    let choices = (1..).zip(routes).map(move |(at, route): (usize, RouteOfDay)| {
        let id = route.id;
        button("block", &format!("route-{at}"), DIGITS.get(at - 1).copied().unwrap_or_default(), route.name, on, move || put(Some(id)))
    });
    view! {
        <Dialog title=format!("{} · {}", line.name, say!(delivery::PUT_ON_ROUTE)) close=move |()| close()>
            <div class="put-on-route" on:keydown=on_key>
                {none.then(|| view! { <p>{say!(delivery::NO_ROUTES_YET)}</p><a class="btn go" href="/list/routes" data-testid="add-routes">{say!(delivery::ADD_ROUTES)}</a> })}
                {choices.collect_view()}
                {(!none).then(|| button("block", "route-0", "0", say!(delivery::WITH_NEIGHBOURS), on, move || put(None)))}
                {(!none).then(|| view! { <label class="check"><input type="checkbox" data-testid="route-village" on:change:target=move |event| village.set(event.target().checked())/>{say!(delivery::WHOLE_VILLAGE)}</label> })}
            </div>
        </Dialog>
    }
}
