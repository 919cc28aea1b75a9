//! Why data of people are taken out: asked once, and remembered while the program is open; and who else agrees, where one person does not take so
//! much alone.

use crate::backend;
use crate::kit::act::button;
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::load::load;
use crate::kit::seg::{Seg, place_of};
use crate::seat::{People, Person};
use leptos::prelude::*;
use shared::command::SignIn;
use shared::fault::{Code, Fault};
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
    #[prop(into)] done: Callback<Option<SignIn>>,
) -> impl IntoView {
    let (second, pin) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let asks_second = Memo::new(move |asked: Option<&bool>| {
        asked == Some(&true) || fault.with(|fault| fault.as_ref().is_some_and(|fault| fault.code == Code::SecondFactor))
    });
    let go = move || {
        let person = second.get_untracked().parse().ok();
        done.run(person.map(|person| SignIn { person: Some(person), pin: pin.get_untracked(), ..SignIn::default() }));
        pin.set(String::new());
    };
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
            {move || asks_second.get().then(|| view! { <SecondPerson second pin/> })}
            <p class="muted">{say!(disclosure::IS_NOTED)}</p>
            {button("go", "reason-go", "", title, move || busy.get(), go)}
        </Dialog>
    }
}

/// Who else agrees, by a PIN.
#[component]
fn SecondPerson(second: RwSignal<String>, pin: RwSignal<String>) -> impl IntoView {
    let people = load(|| backend::ask(&People {}));
    let option = |person: Person| view! { <option value=person.id>{person.name}</option> };
    let all = move || people.value.get().into_iter().flatten().filter(|person| person.has_pin).map(option).collect_view();
    view! {
        <label class="f"><span>{say!(disclosure::SECOND)}</span>
            <select data-testid="second-person" on:change:target=move |event| second.set(event.target().value())><option></option>{all}</select></label>
        <label class="f"><span>{say!(staff::PIN)}</span>
            <input type="password" data-testid="second-pin" autocomplete="off" prop:value=move || pin.get() on:input:target=move |event| pin.set(event.target().value())/></label>
    }
}

/// The reason that is remembered.
pub fn remembered() -> RwSignal<Given> {
    use_context::<Remembered>().map_or_else(|| RwSignal::new(Given::default()), |remembered| remembered.0)
}
