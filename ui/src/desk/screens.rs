//! The screens of the desk, as data. Menu, keys, addresses and the box behind Ctrl K follow from this list; another
//! screen is a line here. The five of every day come first and stand in the rail.

use super::{conflicts, delivery, elders, import, ledger, list, order, settings, today};
use crate::kit::icon::Icon;
use crate::kit::nav::{Screen, list_at, with_lists};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::list::End;
use std::sync::LazyLock;

const EVERY_DAY: &str = "每天";
const FILES: &str = "资料";
const HERE: &str = "这台电脑";

/// All of them: those below, and the lists that have a place in the menu.
pub static SCREENS: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    with_lists(OWN, End::Desk, |path| {
        list_at(path).map(|list| view! { <list::DeskList list path beside=ListOptions::NOTHING/> }).into_any()
    })
});

static OWN: &[Screen] = &[
    Screen {
        path: "/",
        title: "今日",
        initials: "jr sy",
        group: EVERY_DAY,
        key: Some("F9"),
        icon: Icon::Home,
        test: "nav-today",
        view: |_| view! { <today::Today/> }.into_any(),
    },
    Screen {
        path: "/order",
        title: "电话订餐",
        initials: "dhdc dc xd",
        group: EVERY_DAY,
        key: Some("F3"),
        icon: Icon::Phone,
        test: "nav-order",
        view: |_| view! { <order::PhoneOrder/> }.into_any(),
    },
    Screen {
        path: "/delivery",
        title: "配送回单",
        initials: "pshd sc hd",
        group: EVERY_DAY,
        key: Some("F4"),
        icon: Icon::Truck,
        test: "nav-delivery",
        view: |_| view! { <delivery::Delivery/> }.into_any(),
    },
    Screen {
        path: "/ledger",
        title: "台账",
        initials: "tz jctz",
        group: EVERY_DAY,
        key: Some("F6"),
        icon: Icon::Ledger,
        test: "nav-ledger",
        view: |_| view! { <ledger::Ledger/> }.into_any(),
    },
    Screen {
        path: "/elders",
        title: "长者",
        initials: "zz lr da",
        group: EVERY_DAY,
        key: Some("F7"),
        icon: Icon::Person,
        test: "nav-elders",
        view: |_| view! { <elders::Elders/> }.into_any(),
    },
    Screen {
        path: "/import",
        title: "导入名单",
        initials: "drmd",
        group: FILES,
        key: None,
        icon: Icon::Upload,
        test: "nav-import",
        view: |_| view! { <import::Import/> }.into_any(),
    },
    Screen {
        path: "/conflicts",
        title: "两处改过",
        initials: "lcgg ct",
        group: FILES,
        key: None,
        icon: Icon::Alert,
        test: "nav-conflicts",
        view: |_| view! { <conflicts::Conflicts/> }.into_any(),
    },
    Screen {
        path: "/settings",
        title: "设置",
        initials: "sz dj",
        group: HERE,
        key: Some("F10"),
        icon: Icon::Gear,
        test: "nav-settings",
        view: |_| view! { <settings::Settings/> }.into_any(),
    },
];

/// Those that stand in the rail above the box: the work of every day.
pub fn every_day() -> impl Iterator<Item = &'static Screen> {
    SCREENS.iter().filter(|screen| screen.group == EVERY_DAY)
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
        assert_eq!(every_day().filter(|screen| screen.key.is_some()).count(), 5, "the work of every day has its keys");
        assert!(settings().is_some());
    }
}
