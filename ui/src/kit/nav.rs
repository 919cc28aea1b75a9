//! The screens of a program as data: from one list follow its menu, its keys, what stands at an address, and the box
//! in which any of them is found by its words or their pinyin initials.

use super::dialog::Dialog;
use super::icon::{Draw, Icon};
use super::keys::{focus_soon, on_keys, plain, show_soon};
use super::route::location;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use shared::list::ListSpec;
use shared::say;
use shared::schema::Label;
use shared::words::{Language, language};

/// A screen of a program.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Its address.
    pub path: &'static str,
    /// In the menu.
    pub title: Label,
    /// Of the Chinese title and of other names for it, in small letters, with a space between.
    pub initials: &'static str,
    /// The heading it stands under.
    pub group: Label,
    /// Its function key, when it has one.
    pub key: Option<&'static str>,
    pub icon: Icon,
    /// What it asks for first, as the table of rights names it: [`READ`] and a list; at a desk another command, at the console a method and a path.
    pub asks: [&'static str; 2],
    /// `data-testid` of its link.
    pub test: &'static str,
    /// What stands there, by its address.
    pub view: fn(&'static str) -> AnyView,
}

/// The screens of a program, and which of them are offered to who sits there: what somebody may not do is not shown.
#[derive(Clone, Copy, Debug)]
pub struct Menu {
    screens: &'static [Screen],
    /// A bit for each.
    offered: Memo<u64>,
}

impl Menu {
    /// `may` says whether somebody may ask for something; what it reads is followed.
    pub fn new(screens: &'static [Screen], may: impl Fn([&'static str; 2]) -> bool + Send + Sync + 'static) -> Self {
        let bits = move |_: Option<&u64>| screens.iter().rev().fold(0, |bits, screen| bits << 1 | u64::from(may(screen.asks)));
        Self { screens, offered: Memo::new(bits) }
    }

    /// Those that are offered, in order.
    pub fn offered(self) -> impl Iterator<Item = &'static Screen> {
        let bits = self.offered.get();
        self.screens.iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1).map(|(_, screen)| screen)
    }

    /// Whether the screen at an address is.
    pub fn offers(self, path: &str) -> bool {
        self.offered().any(|screen| screen.path == path)
    }
}

/// The screens of a program with the lists of its menu, which are screens by themselves: each stands at the end of its group, or as a
/// group at the end.
pub fn with_lists(own: &[Screen], lists: impl Iterator<Item = &'static ListSpec>, view: fn(&'static str) -> AnyView) -> Vec<Screen> {
    let mut screens = own.to_vec();
    for list in lists {
        let Some(menu) = list.menu else { continue };
        let group = menu.group;
        let at = screens.iter().rposition(|screen| screen.group == group).map_or(screens.len(), |at| at + 1);
        // Made once, for as long as the program runs.
        let path: &'static str = Box::leak(format!("{LIST}{}", list.name).into_boxed_str());
        let named = Screen {
            path,
            title: list.title,
            initials: menu.initials,
            group,
            key: None,
            icon: Icon::Ledger,
            asks: [READ, list.name],
            test: list.name,
            view,
        };
        screens.insert(at, named);
    }
    screens
}

/// What the screen of a list asks for, with its name: to read it.
pub const READ: &str = "list";
/// Before the name of a list, in the address.
pub const LIST: &str = "/list/";

/// The one of these lists whose screen stands at an address.
pub fn list_at(mut lists: impl Iterator<Item = &'static ListSpec>, path: &str) -> Option<&'static ListSpec> {
    let name = path.strip_prefix(LIST)?;
    lists.find(|list| list.name == name)
}

/// The screens that fit what was typed: titles and initials that are it, those that begin with it, then those that hold it.
fn fitting(screens: impl Iterator<Item = &'static Screen>, text: &str) -> Vec<&'static Screen> {
    let text = text.trim().to_ascii_lowercase();
    let title = |screen: &Screen| screen.title.said().to_ascii_lowercase();
    let is = |screen: &Screen| title(screen) == text || screen.initials.split(' ').any(|word| word == text);
    let begins = |screen: &Screen| title(screen).starts_with(&text) || screen.initials.split(' ').any(|word| word.starts_with(&text));
    let holds = |screen: &Screen| title(screen).contains(&text) || screen.initials.contains(&text);
    let mut found: Vec<&Screen> = screens.filter(|screen| holds(screen)).collect();
    // In the order of the menu, where they fit alike.
    found.sort_by_key(|screen| if is(screen) { 0 } else { 2 - u8::from(begins(screen)) });
    found
}

/// What stands at the address; what `other` has where no screen of the list does, else the first that is offered.
#[component]
pub fn Screens(menu: Menu, other: fn(&str) -> Option<AnyView>) -> impl IntoView {
    let path = location().path;
    // Another query is the same screen: it follows by itself. So is that of another person who may look at it.
    let at = Memo::new(move |_| path.with(|path| menu.offered().map(|screen| screen.path).find(|at| at == path)));
    let first = Memo::new(move |_| menu.offered().next().map(|screen| screen.path));
    let stands = move |path: &str| menu.screens.iter().find(|screen| screen.path == path).map(|screen| (screen.view)(screen.path));
    move || match at.get() {
        Some(path) => stands(path),
        None => other(&path.get()).or_else(|| stands(first.get()?)),
    }
}

/// Function keys lead to their screens, Ctrl K opens the box.
pub fn nav_keys(menu: Menu, finding: RwSignal<bool>) {
    let location = location();
    on_keys(move |event| {
        if event.key().eq_ignore_ascii_case("k") && event.ctrl_key() && !event.alt_key() && !event.shift_key() {
            finding.set(true);
            return true;
        }
        let screen = untrack(|| menu.offered().find(|screen| plain(event) && screen.key == Some(event.key().as_str())));
        if let Some(screen) = screen {
            location.go(screen.path);
        }
        screen.is_some()
    });
}

/// A screen in a menu.
#[component]
pub fn NavLink(screen: &'static Screen, #[prop(optional)] count: Option<Signal<u32>>) -> impl IntoView {
    let location = location();
    view! {
        <a href=screen.path aria-current=move || location.current(screen.path) data-testid=screen.test>
            <Draw icon=screen.icon/><span>{screen.title.said()}</span>{screen.key.map(|key| view! { <kbd>{key}</kbd> })}
            {move || count.map(|count| count.get()).filter(|count| *count > 0).map(|count| view! { <span class="n">{count}</span> })}
        </a>
    }
}

/// 找功能: any screen by typing; the arrows move, Enter goes there. With nothing typed it shows all, by group.
#[component]
pub fn CommandBox(menu: Menu, finding: RwSignal<bool>) -> impl IntoView {
    move || finding.get().then(|| view! { <Finder menu finding/> })
}

#[component]
fn Finder(menu: Menu, finding: RwSignal<bool>) -> impl IntoView {
    let (location, screens) = (location(), menu.screens);
    let (text, at) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let hits = Memo::new(move |_| {
        text.with(|text| fitting(menu.offered(), text))
            .iter()
            .map(|hit| screens.iter().position(|screen| screen.path == hit.path).unwrap_or(0))
            .collect::<Vec<_>>()
    });
    let go = move |path: &'static str| {
        finding.set(false);
        location.go(path);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = hits.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(count.saturating_sub(1))),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                if let Some(screen) = hits.with_untracked(|hits| hits.get(at.get_untracked()).and_then(|hit| screens.get(*hit))) {
                    go(screen.path);
                }
            }
            _ => return,
        }
        event.prevent_default();
        show_soon("#finder-hits .on");
    };
    let line = move |(index, screen): (usize, &'static Screen), head: bool| {
        let on = move || at.get() == index;
        view! {
            {head.then(|| view! { <li role="presentation" class="muted">{screen.group.said()}</li> })}
            <li role="option" id=format!("finder-{index}") class="find-hit" class:on=on aria-selected=move || on().to_string() data-testid="find-hit" on:click=move |_| go(screen.path)>
                <Draw icon=screen.icon/><span>{screen.title.said()}</span>{(language() == Language::Zh).then(|| view! { <span class="muted">{screen.initials.split(' ').next()}</span> })}{screen.key.map(|key| view! { <kbd>{key}</kbd> })}
            </li>
        }
    };
    let lines = move || {
        let grouped = text.with(|text| text.trim().is_empty());
        let mut group = Label::new("", "");
        let shown = hits.get().into_iter().filter_map(|hit| screens.get(hit)).enumerate();
        shown
            .map(|(index, screen)| {
                let head = grouped && std::mem::replace(&mut group, screen.group) != screen.group;
                line((index, screen), head)
            })
            .collect_view()
    };
    focus_soon("finder");
    view! {
        <Dialog title=say!(screen::FIND).to_owned() close=move |()| finding.set(false)>
            <input id="finder" class="search" data-testid="finder" role="combobox" aria-label=say!(screen::FIND_LABEL) placeholder=say!(screen::FIND_HINT) autocomplete="off" spellcheck="false"
                aria-expanded="true" aria-controls="finder-hits" aria-activedescendant=move || format!("finder-{}", at.get())
                prop:value=move || text.get() on:keydown=on_key on:input:target=move |event| { text.set(event.target().value()); at.set(0); }/>
            <ul id="finder-hits" class="find-hits" role="listbox" aria-label=say!(screen::FOUND)>{lines}</ul>
            {move || hits.with(Vec::is_empty).then(|| view! { <p class="muted">{say!(screen::NOT_FOUND)}</p> })}
        </Dialog>
    }
}

/// What every list of screens has to hold; the tests of the programs ask.
#[cfg(test)]
pub fn problems(screens: &'static [Screen]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, screen) in screens.iter().enumerate() {
        let before = &screens[..at];
        if before.iter().any(|other| other.path == screen.path || other.title == screen.title || other.test == screen.test) {
            found.push(format!("{} stands there twice", screen.title.zh));
        }
        if at >= 64 {
            found.push(format!("{} has no bit", screen.title.zh));
        }
        if screen.key.is_some() && before.iter().any(|other| other.key == screen.key) {
            found.push(format!("{} has the key of another screen", screen.title.zh));
        }
        // One letter a character of the title, as the first of its initials.
        let first = screen.initials.split(' ').next().unwrap_or_default();
        if first.chars().count() != screen.title.zh.chars().count() || !first.bytes().all(|letter| letter.is_ascii_lowercase()) {
            found.push(format!("{} is not {first}", screen.title.zh));
        }
        if at > 0 && screens[at - 1].group != screen.group && before.iter().any(|other| other.group == screen.group) {
            found.push(format!("{} stands apart from its group", screen.title.zh));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::words::speaking;

    const fn screen(path: &'static str, title: &'static str, initials: &'static str) -> Screen {
        Screen {
            path,
            title: Label::new(title, path),
            initials,
            group: Label::new("", ""),
            key: None,
            icon: Icon::Home,
            asks: ["", ""],
            test: path,
            view: |_| ().into_any(),
        }
    }
    static SOME: &[Screen] =
        &[screen("/ledger", "就餐台账", "jctz tz"), screen("/meals", "订餐统计", "dctj"), screen("/order", "电话订餐", "dhdc dc")];

    #[test]
    fn words_and_initials_find_a_screen() {
        let found = |text: &str| fitting(SOME.iter(), text).iter().map(|screen| screen.path).collect::<Vec<_>>();
        assert_eq!(found("tz"), ["/ledger"]);
        assert_eq!(found("DC"), ["/order", "/meals"], "what is just that stands before what begins so");
        assert_eq!(found("d"), ["/meals", "/order"], "in the order of the menu");
        assert_eq!(found("订餐"), ["/meals", "/order"]);
        assert_eq!(found("c"), ["/ledger", "/meals", "/order"]);
        assert_eq!(found("").len(), 3);
        assert!(found("没有").is_empty());
        assert_eq!(speaking(Language::En, || found("LED")), ["/ledger"], "by its English name");
    }

    #[test]
    fn a_list_of_screens_is_checked() {
        assert_eq!(problems(SOME).len(), 0);
        static TWICE: &[Screen] = &[screen("/a", "今日", "jr"), screen("/a", "今天", "jr"), screen("/b", "设置", "sett")];
        assert_eq!(problems(TWICE).len(), 2);
    }
}
