//! The screens of the console, as data: menu, keys, addresses and the box behind Ctrl K follow from this list.

use super::{conflicts, devices, ledger, order, overview};
use crate::kit::icon::Icon;
use crate::kit::nav::Screen;
use leptos::prelude::*;

const MEALS: &str = "用餐";
const OFFICES: &str = "办公端";

pub static SCREENS: &[Screen] = &[
    Screen {
        path: "/",
        title: "今日",
        initials: "jr sy",
        group: MEALS,
        key: Some("F9"),
        icon: Icon::Home,
        test: "console-nav-today",
        view: || view! { <overview::Overview/> }.into_any(),
    },
    Screen {
        path: "/ledger",
        title: "就餐台账",
        initials: "jctz tz",
        group: MEALS,
        key: Some("F6"),
        icon: Icon::Ledger,
        test: "console-nav-ledger",
        view: || view! { <ledger::Ledger/> }.into_any(),
    },
    Screen {
        path: "/conflicts",
        title: "两处改过",
        initials: "lcgg ct",
        group: OFFICES,
        key: Some("F7"),
        icon: Icon::Alert,
        test: "console-nav-conflicts",
        view: || view! { <conflicts::Conflicts/> }.into_any(),
    },
    Screen {
        path: "/devices",
        title: "设备与同步",
        initials: "sbytb sb",
        group: OFFICES,
        key: Some("F10"),
        icon: Icon::Devices,
        test: "console-nav-devices",
        view: || view! { <devices::Devices/> }.into_any(),
    },
];

/// Where no screen of the menu stands: one order, else the day.
pub fn other(path: &str) -> AnyView {
    if path.starts_with(order::PATH) { view! { <order::Order/> }.into_any() } else { view! { <overview::Overview/> }.into_any() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screens_stand_in_order() {
        assert_eq!(crate::kit::nav::problems(SCREENS), Vec::<String>::new());
    }
}
