//! Why data of people are taken out: asked once, and remembered while the program is open.

use crate::kit::act::button;
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::seg::{Seg, place_of};
use leptos::prelude::*;
use shared::fault::Fault;
use shared::kinds::DisclosureReason;
use shared::say;

/// A reason as it was chosen, and what was typed beside it.
pub type Given = (Option<DisclosureReason>, String);

/// The reason that was given last, for the sitting.
#[derive(Clone, Copy, Debug)]
pub struct Remembered(pub RwSignal<Given>);

/// Asks for a reason in a dialog; `done` is what the button does.
#[component]
pub fn AskReason(
    title: &'static str,
    fault: RwSignal<Option<Fault>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] close: Callback<()>,
    #[prop(into)] done: Callback<()>,
) -> impl IntoView {
    let given = remembered();
    let words: Vec<String> = DisclosureReason::ALL.iter().map(|reason| reason.said().to_owned()).collect();
    let chosen = Signal::derive(move || place_of(DisclosureReason::ALL, given.with(|(reason, _)| *reason)));
    view! {
        <Dialog title=title.to_owned() close>
            <FaultBanner fault/>
            <div class="f"><span>{say!(disclosure::ASK_REASON)}</span>
                <Seg label=say!(disclosure::ASK_REASON) options=words value=chosen test="reason" pick=move |at: usize| given.update(|(reason, _)| *reason = DisclosureReason::ALL.get(at).copied())/></div>
            <label class="f"><span>{say!(disclosure::EXPLANATION)}</span>
                <input data-testid="reason-note" autocomplete="off" prop:value=move || given.with(|(_, note)| note.clone()) on:input:target=move |event| given.update(|(_, note)| *note = event.target().value())/></label>
            <p class="muted">{say!(disclosure::IS_NOTED)}</p>
            {button("go", "reason-go", "", title, move || busy.get(), move || done.run(()))}
        </Dialog>
    }
}

/// The reason that is remembered.
pub fn remembered() -> RwSignal<Given> {
    use_context::<Remembered>().map_or_else(|| RwSignal::new(Given::default()), |remembered| remembered.0)
}
