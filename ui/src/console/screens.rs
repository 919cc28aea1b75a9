//! The screens of the console, as data: menu, keys, addresses and the box behind Ctrl K follow from this list.

use super::{audit, conflicts, devices, ledger, list, overview, record};
use crate::kit::icon::Icon;
use crate::kit::nav::{Screen, list_at, with_lists};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::{ORDERS, Role};
use shared::label;
use shared::list::End;
use shared::schema::Label;
use std::sync::LazyLock;

const MEALS: Label = label!(screen::MEALS);
const OFFICES: Label = label!(screen::OFFICES);

/// The screens of a role, and what stands where none of them does.
pub fn of(role: Option<Role>) -> (&'static [Screen], fn(&str) -> AnyView) {
    match role {
        Some(Role::Auditor) => (AUDITORS, |_| view! { <audit::Audit/> }.into_any()),
        _ => (&SCREENS, other),
    }
}

/// All that an auditor sees.
static AUDITORS: &[Screen] = &[Screen {
    path: "/audit",
    title: label!(screen::AUDIT),
    initials: "sjrz sj",
    group: OFFICES,
    key: Some("F9"),
    icon: Icon::Ledger,
    test: "console-nav-audit",
    view: |_| view! { <audit::Audit/> }.into_any(),
}];

/// All of them: those below, and the lists that have a place in the menu.
static SCREENS: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    with_lists(OWN, End::Console, |path| {
        list_at(path).map(|list| view! { <list::ListScreen list path beside=ListOptions::NOTHING/> }).into_any()
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
        test: "console-nav-devices",
        view: |_| view! { <devices::Devices/> }.into_any(),
    },
];

/// Where no screen of the menu stands: one record of a list, else the day.
fn other(path: &str) -> AnyView {
    match record::at(path) {
        Some((list, id)) => {
            let special = if list.name == ORDERS.name { crate::record::ledger::special } else { ListOptions::NOTHING.special };
            view! { <record::Record list id special/> }.into_any()
        }
        None => view! { <overview::Overview/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screens_stand_in_order() {
        assert_eq!(crate::kit::nav::problems(&SCREENS), Vec::<String>::new());
        assert_eq!(crate::kit::nav::problems(AUDITORS), Vec::<String>::new());
    }

    #[test]
    fn the_server_knows_where_they_stand() {
        let mut places: Vec<&str> = OWN.iter().chain(AUDITORS).map(|screen| screen.path).collect();
        places.sort_unstable();
        assert_eq!(places, shared::console::PLACES);
    }
}
