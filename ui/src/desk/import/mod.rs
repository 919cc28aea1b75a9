//! 导入名单: choose a file, look at what would happen, do it, take it back. A file can't be imported
//! before its preview was seen.

mod past;
mod preview;

use super::desk;
use crate::backend;
use crate::desk::progress::RunningProgress;
use crate::kit::act::{banner, button, on};
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{on_keys, plain, print_keys};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{CommitImport, Exported, ImportDone, ImportErrors, ImportPreview, ListChoice, PreviewImport, UndoDone, UndoImport};
use shared::fault::Fault;
use shared::kinds::ELDERS;
use shared::say;
use wasm_bindgen::JsCast;

const PICKER: &str = "import-file";

/// The wizard's signals; copied freely.
#[derive(Clone, Copy, Debug)]
struct Wizard {
    desk: super::DeskContext,
    /// The file, its handle and its name, and how it is to be read; no handle before one was chosen.
    ask: RwSignal<PreviewImport>,
    preview: RwSignal<Option<ImportPreview>>,
    done: RwSignal<Option<ImportDone>>,
    undone: RwSignal<Option<UndoDone>>,
    errors: RwSignal<Option<Exported>>,
    /// What runs now.
    busy: RwSignal<Option<&'static str>>,
    fault: RwSignal<Option<Fault>>,
    /// Counts up when the list of imports changed.
    turn: RwSignal<u32>,
}

impl Wizard {
    fn run(self, label: &'static str, act: impl Future<Output = Result<(), Fault>> + 'static) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.busy.set(Some(label));
        self.fault.set(None);
        spawn_local(async move {
            let done = act.await;
            self.busy.try_set(None);
            if let Err(fault) = done {
                self.fault.try_set(Some(fault));
            }
        });
    }

    fn take(self, file: web_sys::File) {
        self.clear();
        self.run(say!(import::READING_THE_LIST), async move {
            let handle = backend::hand_over(&file).await?;
            let ask = PreviewImport { file: handle, file_name: file.name(), ..PreviewImport::default() };
            let preview = backend::call(&ask).await?;
            self.ask.set(ask);
            self.preview.set(Some(preview));
            Ok(())
        });
    }

    /// Has the file read otherwise, and looks again.
    fn again(self, choice: ListChoice) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        let mut ask = self.ask.get_untracked();
        ask.mapping.get_or_insert_default().push(choice);
        self.run(say!(import::CHECKING_AGAIN), async move {
            let preview = backend::call(&ask).await?;
            self.ask.set(ask);
            self.preview.set(Some(preview));
            Ok(())
        });
    }

    fn commit(self) {
        if self.preview.with_untracked(|preview| preview.as_ref().is_none_or(|preview| preview.new + preview.update == 0))
            || self.done.with_untracked(Option::is_some)
        {
            return;
        }
        self.run(say!(import::IMPORTING), async move {
            let PreviewImport { file, file_name, mapping } = self.ask.get_untracked();
            let done = backend::call(&CommitImport { file, file_name, mapping }).await?;
            self.done.set(Some(done));
            self.turn.update(|turn| *turn += 1);
            self.desk.refresh();
            Ok(())
        });
    }

    fn save_errors(self) {
        self.run(say!(import::WRITING_ERRORS), async move {
            let PreviewImport { file, file_name, mapping } = self.ask.get_untracked();
            let errors = backend::call(&ImportErrors { file, file_name, mapping }).await?;
            self.errors.set(Some(errors));
            Ok(())
        });
    }

    fn undo(self, import: i64) {
        self.run(say!(import::UNDOING), async move {
            let undone = backend::call(&UndoImport { import }).await?;
            self.undone.set(Some(undone));
            self.turn.update(|turn| *turn += 1);
            self.desk.refresh();
            Ok(())
        });
    }

    fn clear(self) {
        self.ask.set(PreviewImport::default());
        self.preview.set(None);
        self.done.set(None);
        self.undone.set(None);
        self.errors.set(None);
        self.fault.set(None);
    }
}

fn open_picker() {
    if let Some(input) = document().get_element_by_id(PICKER).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        input.click();
    }
}

#[component]
pub fn Import() -> impl IntoView {
    print_keys(&[("F2", say!(import::CHOOSE_FILE)), ("F8", say!(import::START)), ("Esc", say!(import::ANOTHER_FILE))]);
    let wizard = Wizard {
        desk: desk(),
        ask: RwSignal::new(PreviewImport::default()),
        preview: RwSignal::new(None),
        done: RwSignal::new(None),
        undone: RwSignal::new(None),
        errors: RwSignal::new(None),
        busy: RwSignal::new(None),
        fault: RwSignal::new(None),
        turn: RwSignal::new(0),
    };
    on_keys(move |event| {
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "F2" => open_picker(),
            "F8" => wizard.commit(),
            "Escape" if wizard.busy.get_untracked().is_none() => wizard.clear(),
            _ => return false,
        }
        true
    });
    let busy = Signal::derive(move || wizard.busy.get().is_some());
    let begun = move || wizard.preview.with(Option::is_some);
    let words = move || wizard.busy.get().unwrap_or(say!(import::WAIT));
    view! {
        <section class="card fill import">
            <h2><a href="/elders">{ELDERS.title.said()}</a>" › "{say!(screen::IMPORT)}<span class="sp"></span>
                {move || begun().then(|| button("small", "", "F2", say!(import::CHOOSE_ANOTHER_FILE), move || busy.get(), open_picker))}</h2>
            <input id=PICKER type="file" class="hidden-file" tabindex="-1" aria-label=say!(import::LIST_FILE) data-testid="import-file" accept=".xlsx,.xlsm,.xls,.et,.ods,.csv,.txt,.htm,.html,.mht,.mhtml"
                on:change:target=move |event| { let input = event.target(); if let Some(file) = input.files().and_then(|files| files.get(0)) { wizard.take(file); } input.set_value(""); }/>
            <FaultBanner fault=wizard.fault/>
            {move || busy.get().then(|| view! { <RunningProgress busy label=words()/> })}
            {move || wizard.undone.get().map(|undone| {
                let mut kept = if undone.listed == 0 { String::new() } else { say!(import::listed_later(undone.listed)) };
                if !undone.kept.is_empty() {
                    kept.push_str(&say!(import::stayed(&undone.kept)));
                }
                banner("ok", "import-undone", Icon::Check, say!(import::undone(undone.withdrawn, undone.restored)), kept)
            })}
            {move || match (wizard.done.get(), wizard.preview.get()) {
                (Some(done), _) => view! { <preview::Done wizard done/> }.into_any(),
                (None, Some(preview)) => view! { <preview::Preview wizard preview/> }.into_any(),
                (None, None) => view! { <Start wizard/><past::Past wizard/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Start(wizard: Wizard) -> impl IntoView {
    let over = RwSignal::new(false);
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            wizard.take(file);
        }
    };
    view! {
        <div class="drop large" data-testid="import-drop" class:over=move || over.get() on:dragover=move |event| { event.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false) on:drop=drop>
            <Draw icon=Icon::Upload/>
            {button("", "", "F2", say!(import::CHOOSE_LIST_FILE), on, open_picker)}
            <div class="muted">{say!(import::WHAT_CAN_BE_READ)}</div>
        </div>
    }
}
