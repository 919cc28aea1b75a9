//! The frame: the rail, the top bar with the office, the next meal and the sync state, the keys.

use super::screens::is_every_day;
use super::{DeskContext, desk};
use crate::backend;
use crate::kit::act::banner;
use crate::kit::dialog::Dialog;
use crate::kit::fault::NotesView;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{KeyBar, KeyBarView, on_keys, own_function_keys, plain};
use crate::kit::nav::{CommandBox, Menu, NavLink, Screen, nav_keys};
use crate::kit::time::{clock, day_long, moment, until};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{DeskStatus, SyncNow};
use shared::say;

#[component]
pub fn Frame(menu: Menu, settings: Option<&'static Screen>, enrolled: bool, children: Children) -> impl IntoView {
    let context = desk();
    let (help, finding) = (RwSignal::new(false), RwSignal::new(false));
    own_function_keys();
    on_keys(move |event| {
        match event.key().as_str() {
            "F1" => help.set(true),
            "F11" if context.seat.taken.get_untracked() => context.seat.changing.set(true),
            _ => return false,
        }
        true
    });
    if enrolled {
        nav_keys(menu, finding);
    }
    let due = Signal::derive(move || context.status.with(|status| status.due));
    let unstaffed = Memo::new(move |_| context.status.with(|status| status.enrolled && status.unstaffed));
    let everyday = move || {
        let link = |screen: &'static crate::kit::nav::Screen| match screen.path {
            "/delivery" => view! { <NavLink screen count=due/> }.into_any(),
            _ => view! { <NavLink screen/> }.into_any(),
        };
        menu.offered().filter(|screen| is_every_day(screen)).map(link).collect_view()
    };
    let rest = move || {
        view! {
            <button type="button" data-testid="nav-all" on:click=move |_| finding.set(true)><Draw icon=Icon::Grid/><span>{say!(screen::ALL)}</span><kbd>"Ctrl K"</kbd></button>
        }
    };
    view! {
        <div class="app">
            <nav class="rail" aria-label=say!(screen::MENU)>
                {enrolled.then_some(everyday)}
                <div class="sp"></div>
                {enrolled.then(rest)}
                {settings.map(|screen| view! { <NavLink screen/> })}
            </nav>
            <TopBar context menu/>
            <main><Trouble context/>{children()}</main>
            <KeyBarView>{move || unstaffed.get().then(|| view! { <a href="/list/staff" class="tag info" data-testid="unstaffed-tag"><Draw icon=Icon::Person/>{say!(staff::ENTER_STAFF)}</a> })}</KeyBarView>
            <NotesView notes=context.notes/>
            <CommandBox menu finding/>
            {move || help.get().then(|| view! { <Help menu close=move |()| help.set(false)/> })}
        </div>
    }
}

#[component]
fn TopBar(context: DeskContext, menu: Menu) -> impl IntoView {
    let status = context.status;
    let meal = move || {
        status.with(|status| {
            status.next_meal.as_ref().map(|next| {
                let left = until(status.now, next.cut_off);
                // Today goes without saying.
                let day = (next.date != status.now.date()).then(|| format!(" · {}", day_long(next.date)));
                (next.meal.said(), day, say!(order::closes(&clock(next.cut_off), left.as_deref())))
            })
        })
    };
    let refused =
        Memo::new(move |_| Some(status.with(|status| status.refused)).filter(|count| *count > 0 && context.may(["refused_changes", ""])));
    // What waits for somebody is told to who may do something about it.
    let waits = move |path: &'static str, count: fn(&DeskStatus) -> u64| {
        Memo::new(move |_| Some(status.with(count)).filter(|count| *count > 0 && menu.offers(path)))
    };
    let conflicts = waits("/conflicts", |status| status.conflicts);
    let transfers = waits("/list/transfers", |status| status.transfers);
    let concerns = waits("/list/concerns", |status| status.concerns);
    let doubts = waits("/list/doubts", |status| status.doubts);
    view! {
        <header class="top">
            <h1>{move || status.with(|status| if status.office.is_empty() { say!(page::PRODUCT).to_owned() } else { status.office.clone() })}</h1>
            {move || meal().map(|(meal, day, left)| view! { <span class="meal"><Draw icon=Icon::Clock/>{meal}<span class="meal-day">{day}</span>{format!(" · {left}")}</span> })}
            <span class="sp"></span>
            {move || refused.get().map(|count| view! { <a href="/settings" class="tag bad" data-testid="refused-tag"><Draw icon=Icon::Alert/>{say!(sync::refused_count(count))}</a> })}
            {move || concerns.get().map(|count| view! { <a href="/list/concerns?open=1" class="tag bad" data-testid="concerns-tag"><Draw icon=Icon::Alert/>{say!(concern::count(count))}</a> })}
            {move || conflicts.get().map(|count| view! { <a href="/conflicts" class="tag due" data-testid="conflicts-tag"><Draw icon=Icon::Alert/>{say!(sync::conflict_count(count))}</a> })}
            {move || transfers.get().map(|count| view! { <a href="/list/transfers" class="tag due" data-testid="transfers-tag"><Draw icon=Icon::Alert/>{say!(sync::transfer_count(count))}</a> })}
            {move || doubts.get().map(|count| view! { <a href="/list/doubts" class="tag due" data-testid="doubts-tag"><Draw icon=Icon::Alert/>{say!(doubt::count(count))}</a> })}
            <SyncPill context/>
            <Who context/>
        </header>
    }
}

/// Who sits here, and the key for another one; who wrote a name into the settings, while nobody has a PIN.
#[component]
fn Who(context: DeskContext) -> impl IntoView {
    let who = Memo::new(move |_| context.status.with(|status| (status.person.clone(), status.settings.clerk.clone())));
    move || {
        match who.get() {
        (Some(person), _) => view! {
            <button type="button" class="btn small who" data-testid="who" title=say!(staff::CHANGE) on:click=move |_| context.seat.changing.set(true)><Draw icon=Icon::Person/><b>{person.name}</b><kbd>"F11"</kbd></button>
        }.into_any(),
        (None, clerk) => view! { <span class="who">{clerk}</span> }.into_any(),
    }
    }
}

/// Why nothing goes up, where somebody has to do something about it: the clock is wrong, the network wants a login, the certificate is over.
#[component]
fn Trouble(context: DeskContext) -> impl IntoView {
    let trouble = Memo::new(move |_| context.status.with(|status| status.trouble.clone().filter(|_| status.enrolled && !status.copied)));
    move || {
        trouble.get().map(|fault| {
            let (happened, next_step) = fault.said();
            banner("due", "sync-trouble", Icon::CloudOff, happened.to_owned(), next_step.to_owned())
        })
    }
}

#[component]
fn SyncPill(context: DeskContext) -> impl IntoView {
    let status = context.status;
    let busy = RwSignal::new(false);
    let sync = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match backend::call(&SyncNow {}).await {
                Ok(report) => context.notes.good(say!(sync::done(report.pushed, report.pulled))),
                Err(fault) => context.notes.bad(&fault),
            }
            busy.set(false);
            context.refresh();
        });
    };
    on_keys(move |event| {
        let ours = plain(event) && event.key() == "F12";
        if ours {
            sync();
        }
        ours
    });
    let state = move || {
        let syncing = busy.get() || status.with(|status| status.syncing);
        let (enrolled, online, disagrees) = status.with(|status| (status.enrolled, status.online, status.agrees == Some(false)));
        if status.with(|status| status.copied) {
            return ("bad", Icon::Alert, say!(sync::TO_ENROL_AGAIN));
        }
        match (context.fault.with(Option::is_none), enrolled, syncing, online) {
            (false, ..) => ("bad", Icon::Alert, say!(sync::NO_ANSWER)),
            (_, false, ..) => ("due", Icon::CloudOff, say!(sync::NOT_ENROLLED)),
            (_, _, true, _) => ("info", Icon::Sync, say!(sync::SYNCING)),
            (_, _, _, true) if disagrees => ("bad", Icon::Alert, say!(sync::DISAGREES)),
            (_, _, _, true) => ("ok", Icon::Cloud, say!(sync::ONLINE)),
            (_, _, _, false) => ("due", Icon::CloudOff, say!(sync::OFFLINE_READY)),
        }
    };
    let unsent = move || {
        status.with(|status| match (status.unsent, status.unsent_photos) {
            (0, 0) => say!(sync::ALL_SENT).to_owned(),
            (records, 0) => say!(sync::unsent(records)),
            (records, photos) => say!(sync::unsent_with_photos(records, photos)),
        })
    };
    let last = move || {
        status.with(|status| {
            status.last_sync.map_or_else(|| say!(sync::NEVER).to_owned(), |at| say!(sync::last(&moment(at, status.now.date()))))
        })
    };
    view! {
        <button type="button" class="sync" data-testid="sync-pill" title=say!(sync::PRESS_TO_SYNC) on:click=move |_| sync()>
            {move || { let (tone, icon, words) = state(); view! { <span class=format!("sync-state {tone}")><Draw icon/><b>{words}</b></span> } }}
            <span data-testid="unsent" data-count=move || status.with(|status| status.unsent.to_string())>{unsent}</span>
            <span class="sync-last">{last}</span>
            <kbd>"F12"</kbd>
        </button>
    }
}

/// F1: the keys of this screen, in words.
#[component]
fn Help(menu: Menu, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let hints = use_context::<KeyBar>().map(|bar| bar.0.get_untracked()).unwrap_or_default();
    view! {
        <Dialog title=say!(program::HOW_TO_USE).to_owned() close>
            <h3 data-testid="help">{say!(screen::KEYS_HERE)}</h3>
            <ul class="help">{hints.into_iter().map(|(key, what)| view! { <li><kbd>{key}</kbd>{what}</li> }).collect_view()}</ul>
            <h3>{say!(screen::OTHER_SCREENS)}</h3>
            <ul class="help">{menu.offered().filter_map(|screen| screen.key.map(|key| view! { <li><kbd>{key}</kbd>{screen.title.said()}</li> })).collect_view()}<li><kbd>"Ctrl K"</kbd>{say!(screen::FIND_ANOTHER)}</li><li><kbd>"F11"</kbd>{say!(staff::CHANGE)}</li></ul>
            <p class="muted">{say!(screen::WITHOUT_NETWORK)}</p>
        </Dialog>
    }
}
