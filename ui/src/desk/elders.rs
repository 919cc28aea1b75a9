//! 长者: the list, the file of one, and the way to the import.

use super::elder_form::ElderFields;
use super::elder_move::ElderMove;
use super::list::DeskList;
use super::reason::{AskReason, remembered};
use super::standing::StandingLine;
use super::{DeskContext, desk};
use crate::backend;
use crate::form::elder::ready;
use crate::kit::act::{button, on};
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::keys::{focus_soon, on_keys, plain};
use crate::kit::route::location;
use crate::kit::tag::Tag;
use crate::list::ListOptions;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ElderCard, ElderForm, Reveal, SaveElder, SignIn};
use shared::fault::Fault;
use shared::kinds::ELDERS;
use shared::list::ListRow;
use shared::schema::RecordId;
use shared::{label, say};

/// The file under the dialog: a new one or a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    New,
    Known(RecordId),
}

const ELDERS_LIST: ListOptions =
    ListOptions { special, icon: Icon::Person, test: "elders", empty: label!(elder::NO_ELDER_FITS), ..ListOptions::NOTHING };

#[component]
pub fn Elders() -> impl IntoView {
    let context = desk();
    let open = RwSignal::new(None::<Open>);
    let location = location();
    on_keys(move |event| {
        let new = plain(event) && event.key() == "F2";
        if new {
            open.set(Some(Open::New));
        }
        new
    });
    view! {
        <DeskList list=&ELDERS path="/elders" beside=ELDERS_LIST keys=vec![("F2", say!(elder::NEW_ONE))] open=Some(Callback::new(move |elder| open.set(Some(Open::Known(elder)))))>
            {button("small", "elder-new", "F2", say!(elder::REGISTER_NEW), on, move || open.set(Some(Open::New)))}
            {button("small", "elders-import", "", say!(screen::IMPORT), on, move || location.go("/import"))}
        </DeskList>
        {move || open.get().map(|which| view! { <ElderDialog context which close=move |()| open.set(None)/> })}
    }
}

/// The order that stands for the next meal.
fn special(column: &str, row: &ListRow) -> Option<AnyView> {
    let number = row.text("next_meal");
    (column == "next_meal" && !number.is_empty())
        .then(|| view! { <Tag tone="ok" icon=Icon::Check words=say!(phone_order::ordered(number))/> }.into_any())
}

#[component]
fn ElderDialog(context: DeskContext, which: Open, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let (form, problems, fault) = (RwSignal::new(ElderForm::default()), RwSignal::new(Vec::new()), RwSignal::new(None::<Fault>));
    let (busy, known_number) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let elder = if let Open::Known(elder) = which { Some(elder) } else { None };
    if elder.is_some() {
        spawn_local(async move {
            match backend::call(&ElderCard { elder }).await {
                Ok(card) => {
                    known_number.try_set(card.id_number);
                    form.try_set(card.form);
                }
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    }
    let save = move || {
        let ready = match ready(&form.get_untracked(), context.today.get_untracked()) {
            Ok(ready) => ready,
            Err(found) => return problems.set(found),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let saved = backend::call(&SaveElder { elder, form: ready }).await;
            busy.try_set(false);
            match saved {
                Ok(_) => {
                    context.notes.good(say!(elder::FILE_SAVED));
                    context.refresh();
                    close.run(());
                }
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    let (asking, refused, given) = (RwSignal::new(false), RwSignal::new(None::<Fault>), remembered());
    let reveal = move |second: Option<SignIn>| {
        let (reason, note) = given.get_untracked();
        if reason.is_none() && !asking.get_untracked() {
            refused.set(None);
            return asking.set(true);
        }
        spawn_local(async move {
            match backend::call(&Reveal { elder, reason, note, second }).await {
                Ok(shown) => {
                    asking.try_set(false);
                    known_number.try_set(shown.id_number);
                    form.try_update(|form| {
                        (form.phone, form.emergency_phone, form.other_document) =
                            (shown.phone, shown.emergency_phone, shown.other_document);
                    });
                    context.notes.good(say!(disclosure::NUMBERS_SHOWN));
                }
                Err(refusal) => {
                    asking.try_set(true);
                    refused.try_set(Some(refusal));
                }
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            save();
        }
    };
    focus_soon("elder-name");
    let title = if elder.is_some() { say!(elder::FILE) } else { say!(elder::REGISTER_NEW) };
    view! {
        <Dialog title=title.to_owned() close wide=true>
            <div on:keydown=on_key>
                <FaultBanner fault/>
                <ElderFields form problems today=context.today known_number reveal=Callback::new(move |()| reveal(None))/>
                {button("go", "save-elder", "Enter", say!(form::SAVE), move || busy.get(), save)}
            </div>
            {elder.map(|elder| view! { <StandingLine elder/><ElderMove context elder/> })}
        </Dialog>
        {move || asking.get().then(|| view! { <AskReason title=say!(disclosure::SHOW_NUMBERS) fault=refused busy=false close=move |()| asking.set(false) done=reveal/> })}
    }
}
