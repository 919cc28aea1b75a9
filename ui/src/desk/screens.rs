//! The screens of the desk, as data. Menu, keys, addresses and the box behind Ctrl K follow from this list; another
//! screen is a line here, and a line among those of its program. The five of every day come first and stand in the rail.
//!
//! They are three programs, so that none grows too large: that of every day, that of what is done once a day for all meals (kitchen, ordering ahead), and
//! that of the office, which is opened now and then. Each knows all screens and shows its own; at the address of another it is loaded anew, and
//! `ui/web/desk/boot.js` takes the program whose the address is.

use super::{conflicts, delivery, elders, import, kitchen, ledger, list, menu, order, settings, staff, standing, today};
use crate::kit::icon::Icon;
use crate::kit::nav::{READ, Screen, list_at, with_lists};
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::{KITCHEN, MEALS, ORDER_BATCHES, STAFF};
use shared::label;
use shared::list::{End, ListSpec};
use shared::schema::Label;
use std::sync::LazyLock;

const EVERY_DAY: Label = label!(screen::EVERY_DAY);
const FILES: Label = label!(screen::FILES);
/// The list that has a screen of its own, with the people it is about.
const STANDING: &str = "/list/standing_meals";
const HERE: Label = label!(screen::HERE);
const SETTINGS: &str = "/settings";

/// What stands at an address.
type View = fn(&'static str) -> AnyView;

/// What the program of every day shows.
const OF_DAY: &[(&str, View)] = &[
    ("/", |_| view! { <today::Today/> }.into_any()),
    ("/order", |_| view! { <order::PhoneOrder/> }.into_any()),
    ("/delivery", |_| view! { <delivery::Delivery/> }.into_any()),
    ("/ledger", |_| view! { <ledger::Ledger/> }.into_any()),
    ("/elders", |_| view! { <elders::Elders/> }.into_any()),
];

/// What that of the meals of a day shows.
const OF_MEALS: &[(&str, View)] = &[
    ("/kitchen", |_| view! { <kitchen::Kitchen/> }.into_any()),
    ("/plan", |_| view! { <standing::OrderAhead/> }.into_any()),
    (STANDING, |path| view! { <standing::StandingMeals path/> }.into_any()),
    ("/menu", |_| view! { <menu::MenuOfWeek/> }.into_any()),
];

/// What that of the office shows, beside the lists of the menu.
const OF_OFFICE: &[(&str, View)] = &[
    ("/import", |_| view! { <import::Import/> }.into_any()),
    ("/conflicts", |_| view! { <conflicts::Conflicts/> }.into_any()),
    (SETTINGS, |_| view! { <settings::Settings/> }.into_any()),
];

/// All screens, as the program of every day has them.
pub static DAY: LazyLock<Vec<Screen>> = LazyLock::new(|| with(OF_DAY, elsewhere));

/// All screens, as the program of the meals has them.
pub static MEALS_OF_DAY: LazyLock<Vec<Screen>> = LazyLock::new(|| with(OF_MEALS, elsewhere));

/// All screens, as the program of the office has them.
pub static OFFICE: LazyLock<Vec<Screen>> = LazyLock::new(|| {
    with(OF_OFFICE, |path| {
        list_at(ListSpec::at(End::Desk), path)
            .map(|list| view! { <list::DeskList list path beside=ListOptions::NOTHING acts=acts_of(list)/> })
            .into_any()
    })
});

/// All screens, of which a program shows some.
fn with(own: &[(&str, View)], lists: View) -> Vec<Screen> {
    let mut screens = with_lists(ALL, ListSpec::at(End::Desk), lists);
    for (path, view) in own {
        screens.iter_mut().filter(|screen| screen.path == *path).for_each(|screen| screen.view = *view);
    }
    screens
}

/// What stands there is another program's: the page is opened anew, and that one with it.
fn elsewhere(path: &'static str) -> AnyView {
    let location = window().location();
    drop(if location.pathname().is_ok_and(|now| now == path) { location.reload() } else { location.set_href(path) });
    ().into_any()
}

/// What can be done with a record of a list beside its form.
fn acts_of(list: &ListSpec) -> Option<list::Acts> {
    match list.name {
        name if name == STAFF.name => Some(list::Acts { above: || view! { <staff::FirstPerson/> }.into_any(), of_one: staff::acts }),
        name if name == ORDER_BATCHES.name => Some(list::Acts { above: || ().into_any(), of_one: standing::acts }),
        _ => None,
    }
}

static ALL: &[Screen] = &[
    Screen {
        path: "/",
        title: label!(screen::TODAY),
        initials: "jr sy",
        group: EVERY_DAY,
        key: Some("F9"),
        icon: Icon::Home,
        asks: ["today", ""],
        test: "nav-today",
        view: elsewhere,
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
        view: elsewhere,
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
        view: elsewhere,
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
        view: elsewhere,
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
        view: elsewhere,
    },
    Screen {
        path: "/kitchen",
        title: label!(kitchen::SHEET),
        initials: "bcd cf",
        group: KITCHEN,
        key: None,
        icon: Icon::Bag,
        asks: ["kitchen", ""],
        test: "nav-kitchen",
        view: elsewhere,
    },
    Screen {
        path: "/plan",
        title: label!(standing::PLAN),
        initials: "ddc ysdc yd",
        group: MEALS,
        key: None,
        icon: Icon::Bag,
        asks: ["plan_orders", ""],
        test: "nav-plan",
        view: elsewhere,
    },
    Screen {
        path: "/menu",
        title: label!(menu::WEEK),
        initials: "yzcd cd",
        group: FILES,
        key: None,
        icon: Icon::Ledger,
        asks: ["menu_week", ""],
        test: "nav-menu",
        view: elsewhere,
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
        view: elsewhere,
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
        view: elsewhere,
    },
    Screen {
        path: SETTINGS,
        title: label!(screen::SETTINGS),
        initials: "sz dj",
        group: HERE,
        key: Some("F10"),
        icon: Icon::Gear,
        asks: ["save_settings", ""],
        test: "nav-settings",
        view: elsewhere,
    },
];

/// Whether it stands in the rail above the box: the work of every day.
pub fn is_every_day(screen: &Screen) -> bool {
    screen.group == EVERY_DAY
}

/// Where an unenrolled computer has to begin.
pub fn settings(screens: &'static [Screen]) -> Option<&'static Screen> {
    screens.iter().find(|screen| screen.path == SETTINGS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::nav::LIST;

    #[test]
    fn the_screens_stand_in_order() {
        assert_eq!(crate::kit::nav::problems(&DAY), Vec::<String>::new());
        assert_eq!(
            DAY.iter().filter(|screen| is_every_day(screen) && screen.key.is_some()).count(),
            5,
            "the work of every day has its keys"
        );
        assert!(settings(&DAY).is_some());
    }

    /// Where one is named twice or nowhere, or the page takes another program, it would be opened anew without end.
    #[test]
    fn each_screen_stands_in_one_program_and_the_page_takes_that_one() {
        let boot = include_str!("../../web/desk/boot.js");
        let of_page = |program: &str| -> Vec<&str> {
            let named = boot.split_once(&format!("{program}: [")).and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
            named.split(',').map(|path| path.trim().trim_matches('"')).collect()
        };
        let (meals, office) = (of_page("meals"), of_page("office"));
        let takes = |paths: &[&str], screen: &Screen| {
            paths.iter().any(|path| screen.path == *path || path.ends_with('/') && screen.path.starts_with(path))
        };
        let is_in = |views: &[(&str, View)], screen: &Screen| views.iter().filter(|(path, _)| *path == screen.path).count();
        for screen in DAY.iter() {
            // The page takes the first that names it.
            let taken = match (takes(&meals, screen), takes(&office, screen)) {
                (true, _) => (0, 1, 0),
                (false, true) => (0, 0, 1),
                (false, false) => (1, 0, 0),
            };
            let (of_meals, of_office) = (is_in(OF_MEALS, screen), is_in(OF_OFFICE, screen));
            let list = usize::from(screen.path.starts_with(LIST) && of_meals == 0);
            assert_eq!((is_in(OF_DAY, screen), of_meals, of_office.max(list)), taken, "{}", screen.path);
        }
        assert!(OF_DAY.iter().chain(OF_MEALS).chain(OF_OFFICE).all(|(path, _)| DAY.iter().any(|screen| screen.path == *path)));
    }

    #[test]
    fn each_screen_is_somebodys_and_each_role_has_one() {
        use shared::kinds::StaffRole;
        use shared::rights::{Who, desk};
        let may = |role, screen: &Screen| desk::may(role, screen.asks[0], Some(screen.asks[1]));
        for screen in DAY.iter() {
            assert_ne!(desk::who(screen.asks[0], Some(screen.asks[1])), Who::These(&[]), "{}", screen.path);
            assert!(may(Some(StaffRole::Manager), screen) && !may(None, screen), "{}", screen.path);
        }
        let of = |role| DAY.iter().filter(|screen| may(Some(role), screen)).map(|screen| screen.path).collect::<Vec<_>>();
        assert_eq!(of(StaffRole::Courier), ["/", "/delivery", "/settings"]);
        assert_eq!(of(StaffRole::Operations), ["/settings"]);
        assert!(!of(StaffRole::Cashier).contains(&"/list/staff"));
    }
}
