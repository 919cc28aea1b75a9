//! The screens of the desk, as data. Menu, keys, addresses and the box behind Ctrl K follow from this list; another
//! screen is a line here. The five of every day come first and stand in the rail.

use super::{conflicts, delivery, elders, import, ledger, order, settings, today};
use crate::kit::icon::Icon;
use crate::kit::nav::Screen;
use leptos::prelude::*;

const EVERY_DAY: &str = "每天";
const FILES: &str = "资料";
const HERE: &str = "这台电脑";

pub static SCREENS: &[Screen] = &[
    Screen {
        path: "/",
        title: "今日",
        initials: "jr sy",
        group: EVERY_DAY,
        key: Some("F9"),
        icon: Icon::Home,
        test: "nav-today",
        view: || view! { <today::Today/> }.into_any(),
    },
    Screen {
        path: "/order",
        title: "电话订餐",
        initials: "dhdc dc xd",
        group: EVERY_DAY,
        key: Some("F3"),
        icon: Icon::Phone,
        test: "nav-order",
        view: || view! { <order::PhoneOrder/> }.into_any(),
    },
    Screen {
        path: "/delivery",
        title: "配送回单",
        initials: "pshd sc hd",
        group: EVERY_DAY,
        key: Some("F4"),
        icon: Icon::Truck,
        test: "nav-delivery",
        view: || view! { <delivery::Delivery/> }.into_any(),
    },
    Screen {
        path: "/ledger",
        title: "台账",
        initials: "tz jctz",
        group: EVERY_DAY,
        key: Some("F6"),
        icon: Icon::Ledger,
        test: "nav-ledger",
        view: || view! { <ledger::Ledger/> }.into_any(),
    },
    Screen {
        path: "/elders",
        title: "长者",
        initials: "zz lr da",
        group: EVERY_DAY,
        key: Some("F7"),
        icon: Icon::Person,
        test: "nav-elders",
        view: || view! { <elders::Elders/> }.into_any(),
    },
    Screen {
        path: "/import",
        title: "导入名单",
        initials: "drmd",
        group: FILES,
        key: None,
        icon: Icon::Upload,
        test: "nav-import",
        view: || view! { <import::Import/> }.into_any(),
    },
    Screen {
        path: "/conflicts",
        title: "两处改过",
        initials: "lcgg ct",
        group: FILES,
        key: None,
        icon: Icon::Alert,
        test: "nav-conflicts",
        view: || view! { <conflicts::Conflicts/> }.into_any(),
    },
    Screen {
        path: "/settings",
        title: "设置",
        initials: "sz dj",
        group: HERE,
        key: Some("F10"),
        icon: Icon::Gear,
        test: "nav-settings",
        view: || view! { <settings::Settings/> }.into_any(),
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
        assert_eq!(crate::kit::nav::problems(SCREENS), Vec::<String>::new());
        assert_eq!(every_day().filter(|screen| screen.key.is_some()).count(), 5, "the work of every day has its keys");
        assert!(settings().is_some());
    }
}
