//! Lists at the desk: asked through its command, written into workbooks by F8. Those of the menu are screens by themselves.

use super::desk;
use super::progress::RunningProgress;
use super::reason::{AskReason, Given, remembered};
use super::record::{ActsOfOne, PLACE, RecordDialog, form_here};
use super::village::VillageField;
use crate::backend;
use crate::kit::act::{banner, button, on};
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{Hint, focus_soon, on_keys, plain, print_keys};
use crate::kit::load::load;
use crate::list::{ListAddress, ListOptions, ListView, Words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Export, Exported, List, ListWords, SignIn};
use shared::fault::{Code, Fault};
use shared::list::{End, ListSpec};
use shared::rule::disclosure::DAYS_HERE;
use shared::say;
use shared::schema::RecordId;

/// What a screen of the menu adds to its list.
#[derive(Clone, Copy, Debug)]
pub struct Acts {
    /// Above the list.
    pub above: fn() -> AnyView,
    /// With one record, below its form.
    pub of_one: ActsOfOne,
}

/// A list with what its screen adds.
#[component]
pub fn DeskList(
    list: &'static ListSpec,
    path: &'static str,
    beside: ListOptions,
    #[prop(optional_no_strip)] open: Option<Callback<RecordId>>,
    /// Keys of the screen beside those of every list.
    #[prop(optional, into)]
    keys: Vec<Hint>,
    #[prop(optional_no_strip)] acts: Option<Acts>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (shown, form) = (RwSignal::new(None::<Option<RecordId>>), form_here(list).filter(|_| open.is_none()));
    let open = Some(open.unwrap_or_else(|| Callback::new(move |record| shown.set(Some(Some(record))))));
    let makes = form.filter(|form| form.makes_records());
    let new = makes.map(|_| ("F2", say!(record::ADD_NEW)));
    let ours = [
        ("↑↓", say!(list::CHOOSE_ROW)),
        ("Enter", say!(list::OPEN_ROW)),
        ("F8", say!(list::EXPORT_KEY)),
        ("PgUp PgDn", say!(list::TURN_PAGES)),
        ("Esc", say!(list::CLEAR_FILTERS)),
    ];
    print_keys(&new.into_iter().chain(keys).chain(ours).collect::<Vec<_>>());
    let context = desk();
    // At a canteen each row would name that canteen.
    let at_canteen = context.status.with_untracked(|status| status.canteen.is_some());
    let beside = ListOptions { hidden: if at_canteen { PLACE } else { &[] }, ..beside };
    let beside =
        ListOptions { pick_division: Some(|value, pick| view! { <VillageField id="list-village" value pick/> }.into_any()), ..beside };
    let at = ListAddress::new(list, End::Desk, path, Signal::stored(String::new()), &[]);
    let page = load(move || {
        context.revision.track();
        backend::ask(&List { list: list.name.to_owned(), words: named(at.words.get()) })
    });
    let (exporting, exported) = (RwSignal::new(false), RwSignal::new(None::<Exported>));
    // With full numbers, or masked; and why it was not done.
    let (asking, refused, given) = (RwSignal::new(None::<bool>), RwSignal::new(None::<Fault>), remembered());
    let export = move |full: bool, for_reason: bool, second: Option<SignIn>| {
        if exporting.get_untracked() {
            return;
        }
        exporting.set(true);
        exported.set(None);
        let (reason, note) = if for_reason { given.get_untracked() } else { Given::default() };
        let ask = Export { list: list.name.to_owned(), words: named(at.words.get_untracked()), full, reason, note, second };
        spawn_local(async move {
            let done = backend::call(&ask).await;
            exporting.try_set(false);
            match done {
                Ok(done) => {
                    asking.try_set(None);
                    exported.try_set(Some(done));
                }
                Err(fault) if for_reason => drop(refused.try_set(Some(fault))),
                // So many people: a reason is asked for.
                Err(fault) if fault.code == Code::Confirm => drop(asking.try_set(Some(full))),
                Err(fault) => context.notes.bad(&fault),
            }
        });
    };
    let ask_why = move |full: bool| {
        refused.set(None);
        asking.set(Some(full));
    };
    let why = move |full: bool| {
        let title = if full { say!(disclosure::FULL_NUMBERS) } else { say!(list::EXPORT_TABLE) };
        view! { <AskReason title fault=refused busy=exporting close=move |()| asking.set(None) done=move |second| export(full, true, second)/> }
    };
    on_keys(move |event| {
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "F2" if makes.is_some() => shown.set(Some(None)),
            "F8" => export(false, false, None),
            "Escape" => at.clear(),
            _ => return false,
        }
        true
    });
    focus_soon(format!("{}-text", beside.test));
    let told = move |done: Exported| {
        let text = format!("{}\n{}", done.path, say!(disclosure::kept_for(DAYS_HERE)));
        banner("ok", "exported", Icon::Check, say!(list::exported(done.rows, &done.file_name)), text)
    };
    view! {
        <section class="card fill">
            {acts.map(|acts| (acts.above)())}
            <RunningProgress busy=exporting label=say!(list::EXPORTING)/>
            {move || exported.get().map(told)}
            <ListView at page today=context.today beside open>
                {makes.map(|_| button("small", "record-new", "F2", say!(record::ADD_NEW), on, move || shown.set(Some(None))))}
                {children.map(|children| children())}
                <button type="button" class="btn small" data-testid=format!("{}-export", beside.test) disabled=move || exporting.get() on:click=move |_| export(false, false, None)><kbd>"F8"</kbd><Draw icon=Icon::Download/>{say!(list::EXPORT_TABLE)}</button>
                {list.masks().then(|| button("small", &format!("{}-export-full", beside.test), "", say!(disclosure::FULL_NUMBERS), move || exporting.get(), move || ask_why(true)))}
            </ListView>
        </section>
        {move || asking.get().map(why)}
        {move || shown.get().map(|record| view! { <RecordDialog list record special=beside.special acts=acts.map(|acts| acts.of_one) close=move |()| shown.set(None)/> })}
    }
}

fn named(words: Words) -> ListWords {
    words.into_iter().map(|(name, word)| (name.to_owned(), word)).collect()
}
