//! One record of a list, over the list: its form for those who may write it, else what its columns say; and what happened to it. What was
//! typed and not saved is not lost by a slip.

use super::desk;
use super::village::VillageField;
use crate::backend;
use crate::edit::{Editing, FormFields};
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::list::{CellRenderer, facts};
use crate::record::facts::History;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Choices, Get as GetRecord, Save};
use shared::fault::Fault;
use shared::form::FormSpec;
use shared::list::{End, ListRecord, ListSpec};
use shared::say;
use shared::schema::RecordId;

/// What can be done with a record beside its form.
pub type ActsOfOne = fn(RecordId, &ListRecord) -> AnyView;

#[component]
pub fn RecordDialog(
    list: &'static ListSpec,
    /// None for a new one.
    record: Option<RecordId>,
    special: CellRenderer,
    acts: Option<ActsOfOne>,
    #[prop(into)] close: Callback<()>,
) -> impl IntoView {
    let (found, fault) = (RwSignal::new(None::<ListRecord>), RwSignal::new(None::<Fault>));
    let editing = list.form().map(Editing::new);
    let asking = RwSignal::new(false);
    if record.is_some() {
        spawn_local(async move {
            match backend::call(&GetRecord { list: list.name.to_owned(), record }).await {
                Ok(answer) => {
                    if let (Some(editing), Some(draft)) = (editing, answer.draft.clone()) {
                        editing.open(draft);
                    }
                    found.try_set(Some(answer));
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    }
    let leave = Callback::new(move |()| match editing {
        Some(editing) if !editing.changed().is_empty() && !asking.get_untracked() => asking.set(true),
        _ => close.run(()),
    });
    let title = if record.is_some() { list.title.said().to_owned() } else { say!(record::new_in(list.title)) };
    let writes = move || record.is_none() || found.with(|found| found.as_ref().is_some_and(|found| found.draft.is_some()));
    let form = move || editing.filter(|_| writes()).map(|editing| view! { <Form list record editing fault close/> });
    let shown = move || {
        let answer = found.get()?;
        // A form of a few fields says nothing of the rest.
        let partly = list.form().is_some_and(|form| !form.makes_records());
        let facts = (partly || answer.draft.is_none()).then(|| view! { <div class="kv">{facts(list, End::Desk, &answer, special)}</div> });
        let acts = acts.zip(record).filter(|_| list.form().is_none() || answer.draft.is_some()).map(|(acts, record)| acts(record, &answer));
        Some(view! { {facts}{acts}<History entries=answer.history/> })
    };
    let unsaved = move || {
        asking.get().then(|| {
            view! {
                <div class="banner due" role="alert" data-testid="unsaved"><Draw icon=Icon::Alert/><div><b>{say!(record::UNSAVED)}</b>
                    {button("small", "go-on", "", say!(record::GO_ON_EDITING), on, move || asking.set(false))}
                    {button("small", "discard", "", say!(record::DISCARD), on, move || close.run(()))}</div></div>
            }
        })
    };
    view! {
        <Dialog title close=leave wide=true>
            {unsaved}
            <FaultBanner fault/>
            {form}
            {shown}
        </Dialog>
    }
}

/// Fields that are not asked for at a canteen: there is only one place.
pub const PLACE: &[&str] = &["canteen", "division"];

#[component]
fn Form(
    list: &'static ListSpec,
    record: Option<RecordId>,
    editing: Editing,
    fault: RwSignal<Option<Fault>>,
    close: Callback<()>,
) -> impl IntoView {
    let (context, busy) = (desk(), RwSignal::new(false));
    let own = context.status.with_untracked(|status| status.canteen.clone());
    if let (Some(own), None) = (own.clone(), record) {
        // The desk fills it in as well; here it only has to be there.
        editing.open([(PLACE[0].to_owned(), own)].into());
    }
    let save = move || {
        if busy.get_untracked() || !editing.fits(context.today.get_untracked()) {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let saved = backend::call(&Save { list: list.name.to_owned(), record, draft: editing.changed() }).await;
            busy.try_set(false);
            match saved {
                Ok(_) => {
                    context.notes.good(say!(record::SAVED));
                    context.refresh();
                    close.run(());
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            save();
        }
    };
    let choices = Callback::new(move |field: &'static str| {
        backend::ask(&Choices { list: list.name.to_owned(), field: field.to_owned(), text: String::new() })
    });
    let hidden = if own.is_some() { PLACE } else { &[] };
    view! {
        <div on:keydown=on_key>
            <FormFields editing hidden today=context.today choices pick_division=|value, pick| view! { <VillageField id="edit-division" value pick/> }.into_any()/>
            {button("go", "save-record", "Enter", say!(form::SAVE), move || busy.get(), save)}
        </div>
    }
}

/// The form by which this desk writes records of a list.
pub fn form_here(list: &'static ListSpec) -> Option<&'static FormSpec> {
    let level = desk().status.with_untracked(|status| match &status.canteen {
        Some(_) => shared::kinds::Level::Canteen,
        None => shared::division::level(&status.division),
    });
    list.form().filter(|form| form.kind.author.has(level))
}
