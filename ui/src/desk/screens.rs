//! The screens of the desk, as data. Menu, keys, addresses and the box behind Ctrl K follow from this list; another
//! screen is a line here. The five of every day come first and stand in the rail.

use super::{conflicts, delivery, elders, import, ledger, list, order, settings, staff, today};
use crate::kit::icon::Icon;
use crate::kit::nav::{READ, Screen, list_at, with_lists};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::STAFF;
use shared::label;
use shared::list::{End, ListSpec};
use shared::schema::Label;
use std::sync::LazyLock;

const EVERY_DAY: Label = label!(screen::EVERY_DAY);
const FILES: Label = label!(screen::FILES);
const HERE: Label = label!(screen::HERE);

/// All of them: those below, and the lists that have a place in the menu.
pub static SCREENS: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    with_lists(OWN, ListSpec::at(End::Desk), |path| {
        list_at(ListSpec::at(End::Desk), path)
            .map(|list| view! { <list::DeskList list path beside=ListOptions::NOTHING acts=acts_of(list)/> })
            .into_any()
    })
});

/// What can be done with a record of a list beside its form.
fn acts_of(list: &ListSpec) -> Option<list::Acts> {
    (list.name == STAFF.name).then_some(list::Acts { above: || view! { <staff::FirstPerson/> }.into_any(), of_one: staff::acts })
}

static OWN: &[Screen] = &[
    Screen {
        path: "/",
        title: label!(screen::TODAY),
        initials: "jr sy",
        group: EVERY_DAY,
        key: Some("F9"),
        icon: Icon::Home,
        asks: ["today", ""],
        test: "nav-today",
        view: |_| view! { <today::Today/> }.into_any(),
    },
    Screen {
        path: "/order",
        title: label!(screen::PHONE_ORDER),
        initials: "dhdc dc xd",
        group: EVERY_DAY,
        key: Some("F3"),
        icon: Icon::Phone,
        asks: ["take_order", ""],
        test: "nav-order",
        view: |_| view! { <order::PhoneOrder/> }.into_any(),
    },
    Screen {
        path: "/delivery",
        title: label!(screen::DELIVERY),
        initials: "pshd sc hd",
        group: EVERY_DAY,
        key: Some("F4"),
        icon: Icon::Truck,
        asks: ["save_receipt", ""],
        test: "nav-delivery",
        view: |_| view! { <delivery::Delivery/> }.into_any(),
    },
    Screen {
        path: "/ledger",
        title: label!(screen::LEDGER),
        initials: "tz jctz",
        group: EVERY_DAY,
        key: Some("F6"),
        icon: Icon::Ledger,
        asks: [READ, "orders"],
        test: "nav-ledger",
        view: |_| view! { <ledger::Ledger/> }.into_any(),
    },
    Screen {
        path: "/elders",
        title: label!(screen::ELDERS),
        initials: "zz lr da",
        group: EVERY_DAY,
        key: Some("F7"),
        icon: Icon::Person,
        asks: [READ, "elders"],
        test: "nav-elders",
        view: |_| view! { <elders::Elders/> }.into_any(),
    },
    Screen {
        path: "/import",
        title: label!(screen::IMPORT),
        initials: "drmd",
        group: FILES,
        key: None,
        icon: Icon::Upload,
        asks: ["commit_import", ""],
        test: "nav-import",
        view: |_| view! { <import::Import/> }.into_any(),
    },
    Screen {
        path: "/conflicts",
        title: label!(screen::CONFLICTS),
        initials: "lcgg ct",
        group: FILES,
        key: None,
        icon: Icon::Alert,
        asks: ["decide", ""],
        test: "nav-conflicts",
        view: |_| view! { <conflicts::Conflicts/> }.into_any(),
    },
    Screen {
        path: "/settings",
        title: label!(screen::SETTINGS),
        initials: "sz dj",
        group: HERE,
        key: Some("F10"),
        icon: Icon::Gear,
        asks: ["save_settings", ""],
        test: "nav-settings",
        view: |_| view! { <settings::Settings/> }.into_any(),
    },
];

/// Whether it stands in the rail above the box: the work of every day.
pub fn is_every_day(screen: &Screen) -> bool {
    screen.group == EVERY_DAY
}

/// Where an unenrolled computer has to begin.
pub fn settings() -> Option<&'static Screen> {
    SCREENS.iter().find(|screen| screen.path == "/settings")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screens_stand_in_order() {
        assert_eq!(crate::kit::nav::problems(&SCREENS), Vec::<String>::new());
        assert_eq!(
            SCREENS.iter().filter(|screen| is_every_day(screen) && screen.key.is_some()).count(),
            5,
            "the work of every day has its keys"
        );
        assert!(settings().is_some());
    }

    #[test]
    fn each_screen_is_somebodys_and_each_role_has_one() {
        use shared::kinds::StaffRole;
        use shared::rights::{Who, desk};
        let may = |role, screen: &Screen| desk::may(role, screen.asks[0], Some(screen.asks[1]));
        for screen in SCREENS.iter() {
            assert_ne!(desk::who(screen.asks[0], Some(screen.asks[1])), Who::These(&[]), "{}", screen.path);
            assert!(may(Some(StaffRole::Manager), screen) && !may(None, screen), "{}", screen.path);
        }
        let of = |role| SCREENS.iter().filter(|screen| may(Some(role), screen)).map(|screen| screen.path).collect::<Vec<_>>();
        assert_eq!(of(StaffRole::Courier), ["/", "/delivery", "/settings"]);
        assert_eq!(of(StaffRole::Operations), ["/settings"]);
        assert!(!of(StaffRole::Cashier).contains(&"/list/staff"));
    }
}
