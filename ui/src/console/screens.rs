//! The screens of the console, as data: menu, keys, addresses and the box behind Ctrl K follow from this list.

use super::{audit, conflicts, console, devices, ledger, list, overview, record};
use crate::kit::icon::Icon;
use crate::kit::nav::{READ, Screen, list_at, with_lists};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::ORDERS;
use shared::label;
use shared::list::{End, ListSpec};
use shared::schema::Label;
use std::sync::LazyLock;

const MEALS: Label = label!(screen::MEALS);
const OFFICES: Label = label!(screen::OFFICES);

/// All of them: those below, and the lists that have a place in the menu.
pub static SCREENS: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    with_lists(OWN, ListSpec::at(End::Console), |path| {
        list_at(ListSpec::at(End::Console), path).map(|list| view! { <list::ListScreen list path beside=ListOptions::NOTHING/> }).into_any()
    })
});

static OWN: &[Screen] = &[
    Screen {
        path: "/",
        title: label!(screen::TODAY),
        initials: "jr sy",
        group: MEALS,
        key: Some("F9"),
        icon: Icon::Home,
        asks: ["get", "/api/overview"],
        test: "console-nav-today",
        view: |_| view! { <overview::Overview/> }.into_any(),
    },
    Screen {
        path: "/ledger",
        title: label!(screen::MEAL_LEDGER),
        initials: "jctz tz",
        group: MEALS,
        key: Some("F6"),
        icon: Icon::Ledger,
        asks: [READ, "orders"],
        test: "console-nav-ledger",
        view: |_| view! { <ledger::Ledger/> }.into_any(),
    },
    Screen {
        path: "/conflicts",
        title: label!(screen::CONFLICTS),
        initials: "lcgg ct",
        group: OFFICES,
        key: Some("F7"),
        icon: Icon::Alert,
        asks: [READ, "conflicts"],
        test: "console-nav-conflicts",
        view: |_| view! { <conflicts::Conflicts/> }.into_any(),
    },
    Screen {
        path: "/devices",
        title: label!(screen::DEVICES),
        initials: "sbytb sb",
        group: OFFICES,
        key: Some("F10"),
        icon: Icon::Devices,
        asks: [READ, "devices"],
        test: "console-nav-devices",
        view: |_| view! { <devices::Devices/> }.into_any(),
    },
    Screen {
        path: "/audit",
        title: label!(screen::AUDIT),
        initials: "sjrz sj",
        group: OFFICES,
        key: None,
        icon: Icon::Ledger,
        asks: [READ, "audit"],
        test: "console-nav-audit",
        view: |_| view! { <audit::Audit/> }.into_any(),
    },
];

/// Where no screen of the menu stands: one record of a list.
pub fn other(path: &str) -> Option<AnyView> {
    let (list, id) = record::at(path).filter(|(list, _)| console().may([READ, list.name]))?;
    let special = if list.name == ORDERS.name { crate::record::ledger::special } else { ListOptions::NOTHING.special };
    Some(view! { <record::Record list id special/> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screens_stand_in_order() {
        assert_eq!(crate::kit::nav::problems(&SCREENS), Vec::<String>::new());
    }

    #[test]
    fn each_screen_is_somebodys_and_an_auditor_has_one() {
        use crate::console::may;
        use shared::kinds::Role;
        for screen in SCREENS.iter() {
            assert!(Role::ALL.iter().any(|role| may(*role, screen.asks)), "{}", screen.path);
        }
        let of = |role| SCREENS.iter().filter(|screen| may(role, screen.asks)).map(|screen| screen.path).collect::<Vec<_>>();
        assert_eq!(of(Role::Auditor), ["/audit", "/list/alarms"]);
        assert!(of(Role::Canteen).contains(&"/list/exports") && !of(Role::City).contains(&"/audit"));
    }

    #[test]
    fn the_server_knows_where_they_stand() {
        let mut places: Vec<&str> = OWN.iter().map(|screen| screen.path).collect();
        places.sort_unstable();
        assert_eq!(places, shared::console::PLACES);
    }
}
