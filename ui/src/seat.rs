//! Who sits at the desk: the screen over all others on which somebody signs in, one key to change the person, and that somebody is at work.
//! What stands below is kept as it was. Ids and moments travel as the text that they are, as on the courier's page.

use crate::backend;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{focus_soon, in_field};
use crate::kit::load::load;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use shared::command::{self, Command};
use shared::fault::{Code, Fault};
use shared::kinds::StaffRole;
use shared::rule::pin;
use shared::{fault, say};

/// Somebody at work is told of at most so often, in milliseconds.
const STIR_MS: f64 = 30_000.0;

/// Who may sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    role: StaffRole,
    pub has_pin: bool,
    may_choose: bool,
    waits_until: Option<String>,
}

/// Asks for them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct People {}

impl Command for People {
    const NAME: &'static str = command::People::NAME;
    type Reply = Vec<Person>;
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct SignIn {
    person: String,
    pin: String,
    new_pin: String,
}

/// How the desk stands then is asked for by itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Signed {}

impl Command for SignIn {
    const NAME: &'static str = command::SignIn::NAME;
    type Reply = Signed;
}

/// What a program knows of who sits there.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// Nobody: nothing else is shown.
    pub locked: Signal<bool>,
    /// Somebody does.
    pub taken: Signal<bool>,
    /// Another one is to be chosen.
    pub changing: RwSignal<bool>,
    /// What is to be asked anew then.
    pub refresh: Callback<()>,
}

impl Seat {
    /// Tells the desk while somebody types or presses something: else it locks itself.
    pub fn stir_by_hand(self) {
        let last = StoredValue::new(0.0);
        let stir = move || {
            let now = js_sys::Date::now();
            if self.taken.get_untracked() && now - last.get_value() > STIR_MS {
                last.set_value(now);
                spawn_local(async {
                    // Told again with the next key.
                    let _ = backend::call(&command::Stir {}).await;
                });
            }
        };
        let keys = window_event_listener(leptos::ev::keydown, move |_| stir());
        let pointer = window_event_listener(leptos::ev::pointerdown, move |_| stir());
        on_cleanup(move || {
            keys.remove();
            pointer.remove();
        });
    }
}

/// Over everything, while nobody sits there or the person changes.
#[component]
pub fn SeatScreen(seat: Seat) -> impl IntoView {
    move || (seat.locked.get() || seat.changing.get()).then(|| view! { <Chair seat/> })
}

#[component]
fn Chair(seat: Seat) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    let people = load(|| backend::ask(&People {}));
    let chosen = RwSignal::new(None::<Person>);
    let alone = Memo::new(move |_| people.value.with(|people| people.as_ref().is_some_and(|people| people.len() == 1)));
    Effect::new(move |_| {
        if alone.get() {
            chosen.set(people.value.with_untracked(|people| people.as_ref().and_then(|people| people.first().cloned())));
        }
    });
    let back = move || match chosen.get_untracked() {
        Some(_) if !alone.get_untracked() => chosen.set(None),
        _ if !seat.locked.get_untracked() => seat.changing.set(false),
        _ => {}
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            back();
        } else if chosen.with_untracked(Option::is_none)
            && !in_field(&event)
            && let Some(at) = event.key().parse::<usize>().ok().and_then(|digit| digit.checked_sub(1))
            && let Some(person) = people.value.with_untracked(|people| people.as_ref().and_then(|people| people.get(at).cloned()))
        {
            event.prevent_default();
            chosen.set(Some(person));
        }
    };
    let lock = move |_| {
        spawn_local(async move {
            let _ = backend::call(&command::Lock {}).await;
            seat.changing.try_set(false);
            seat.refresh.run(());
        });
    };
    let title = move || if seat.locked.get() { say!(staff::LOCKED_TITLE) } else { say!(staff::CHANGE) };
    view! {
        <dialog class="seat" node_ref=node aria-label=say!(staff::WHO) on:keydown=on_key on:cancel=move |event: leptos::ev::Event| event.prevent_default()>
            <div class="seat-box card" data-testid="seat">
                <header><Draw icon=Icon::Person/><h2>{title}</h2><span class="sp"></span>
                    {move || seat.taken.get().then(|| view! { <button type="button" class="btn small" data-testid="seat-lock" on:click=lock>{say!(staff::LOCK)}</button> })}
                    {move || (!seat.locked.get()).then(|| view! {
                        <button type="button" class="btn small" on:click=move |_| seat.changing.set(false)><kbd>"Esc"</kbd>{say!(staff::BACK)}</button>
                    })}
                </header>
                <FaultBanner fault=people.fault/>
                {move || match chosen.get() {
                    None => view! { <Names people=people.value chosen/> }.into_any(),
                    Some(person) => view! { <PinForm seat person alone back=move |()| chosen.set(None)/> }.into_any(),
                }}
            </div>
        </dialog>
    }
}

#[component]
fn Names(people: RwSignal<Option<Vec<Person>>>, chosen: RwSignal<Option<Person>>) -> impl IntoView {
    focus_soon("seat-1");
    let name = move |(at, person): (usize, Person)| {
        let note = match &person {
            Person { waits_until: Some(_), .. } => say!(staff::WAITS),
            Person { has_pin: false, .. } => say!(staff::NO_PIN),
            _ => "",
        };
        let (name, role) = (person.name.clone(), person.role.said());
        view! {
            <button type="button" class="btn person" id=format!("seat-{}", at + 1) data-testid="seat-person" on:click=move |_| chosen.set(Some(person.clone()))>
                <kbd>{at + 1}</kbd><b>{name}</b><span class="muted">{role}</span><span class="muted">{note}</span>
            </button>
        }
    };
    view! {
        <p>{say!(staff::WHO)}</p>
        <div class="people">{move || people.get().into_iter().flatten().enumerate().map(name).collect_view()}</div>
    }
}

#[component]
fn PinForm(seat: Seat, person: Person, alone: Memo<bool>, #[prop(into)] back: Callback<()>) -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (now, new, again) = (typed(), typed(), typed());
    let (busy, fault, changing) = (RwSignal::new(false), RwSignal::new(None::<Fault>), RwSignal::new(!person.has_pin));
    let (has_pin, may) = (person.has_pin, person.has_pin || person.may_choose);
    let id = person.id.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (pin, new_pin) = (now.get_untracked(), if changing.get_untracked() { new.get_untracked() } else { String::new() });
        if changing.get_untracked() {
            if let Err(weak) = pin::check(&new_pin) {
                return fault.set(Some(weak.into()));
            }
            if new_pin != again.get_untracked() {
                return fault.set(Some(fault!(Code::BadInput, staff::PINS_DIFFER)));
            }
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = SignIn { person: id.clone(), pin, new_pin };
        spawn_local(async move {
            let answer = backend::call(&ask).await;
            busy.try_set(false);
            match answer {
                Ok(Signed {}) => {
                    seat.changing.try_set(false);
                    seat.refresh.run(());
                }
                Err(refusal) => {
                    now.try_set(String::new());
                    fault.try_set(Some(refusal));
                    focus_soon("seat-pin");
                }
            }
        });
    };
    focus_soon(if has_pin { "seat-pin" } else { "seat-new" });
    let field = |id: &'static str, label: &'static str, value: RwSignal<String>, complete: &'static str| {
        view! {
            <label class="f wide"><span>{label}</span><input type="password" id=id data-testid=id autocomplete=complete prop:value=move || value.get() on:input:target=move |event| value.set(event.target().value())/></label>
        }
    };
    let old = move || {
        let label = if changing.get() { say!(staff::PIN_OLD) } else { say!(staff::PIN) };
        has_pin.then(|| field("seat-pin", label, now, "off"))
    };
    let fresh = move || {
        changing.get().then(|| {
            view! {
                {field("seat-new", say!(staff::PIN_NEW), new, "new-password")}
                {field("seat-again", say!(staff::PIN_AGAIN), again, "new-password")}
                <p class="muted">{say!(staff::pin_rule())}</p>
            }
        })
    };
    let to_ask = || {
        let (happened, next_step) = say!(staff::ASK_FOR_RESET);
        view! { <div class="banner due" data-testid="seat-ask"><Draw icon=Icon::Alert/><div><b>{happened}</b><div>{next_step}</div></div></div> }
    };
    view! {
        <form on:submit=submit>
            <p class="seat-name"><b class="big">{person.name}</b><span class="muted">{person.role.said()}</span></p>
            <FaultBanner fault/>
            {(!has_pin && may).then(|| view! { <p>{say!(staff::CHOOSE_PIN)}</p> })}
            {if may { view! { {old}{fresh}<button type="submit" class="btn go" data-testid="seat-go" disabled=move || busy.get()>{say!(staff::SIGN_IN)}<kbd>"Enter"</kbd></button> }.into_any() } else { to_ask().into_any() }}
            <div class="acts">
                {move || (!alone.get()).then(|| view! { <button type="button" class="btn small" data-testid="seat-back" on:click=move |_| back.run(())><kbd>"Esc"</kbd>{say!(staff::BACK)}</button> })}
                {has_pin.then(|| view! { <button type="button" class="btn small" data-testid="seat-change-pin" on:click=move |_| changing.update(|on| *on = !*on)>{say!(staff::CHANGE_PIN)}</button> })}
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::json;
    use shared::schema::RecordId;

    #[test]
    fn reads_what_the_desk_answers_and_sends_what_it_reads() {
        let id: RecordId = "0190a5f0000070008000000000000001".parse().expect("an id");
        let waits_until = Some(jiff::civil::date(2026, 11, 2).at(9, 5, 0, 0));
        let person = command::Person { id, name: "王芳".into(), role: StaffRole::Cashier, has_pin: true, may_choose: false, waits_until };
        let read: Vec<Person> = json::read(&serde_json::to_string(&[person]).expect("people")).expect("it is read");
        assert_eq!((read[0].id.parse(), read[0].role, read[0].has_pin), (Ok(id), StaffRole::Cashier, true));
        let ask = SignIn { person: read[0].id.clone(), pin: "271943".into(), new_pin: String::new() };
        let ask: command::SignIn = serde_json::from_value(serde_json::to_value(&ask).expect("written")).expect("the desk reads it");
        assert_eq!((ask.person, ask.pin.as_str()), (Some(id), "271943"));
        let status = serde_json::to_string(&command::DeskStatus::default()).expect("status");
        assert!(json::read::<Signed>(&status).is_ok(), "the rest is asked for by itself");
    }
}
