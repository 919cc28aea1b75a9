//! 设置: enrolling this computer, type and contrast, the person at the desk, the server, and what the
//! server did not take.

use super::{DeskContext, desk};
use crate::backend;
use crate::desk::progress::RunningProgress;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::print_keys;
use crate::kit::load::load;
use crate::kit::seg::{Seg, place_of};
use crate::kit::time::moment;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Enrol, NameOfDivision, RefusedChanges, SaveSettings, Settings as DeskSettings};
use shared::fault::Fault;
use shared::say;
use shared::words::Language;

#[component]
pub fn Settings() -> impl IntoView {
    print_keys(&[("Tab", say!(screen::KEY_NEXT)), (say!(screen::SPACE_KEY), say!(screen::KEY_SWITCH)), ("Enter", say!(form::SAVE))]);
    let context = desk();
    let enrolled = Memo::new(move |_| context.status.with(|status| status.enrolled));
    let copied = Memo::new(move |_| context.status.with(|status| status.copied));
    let conflicts = Memo::new(move |_| context.status.with(|status| status.conflicts > 0) && context.may(["decide", ""]));
    view! {
        <div class="settings">
            {move || copied.get().then(|| view! { <EnrolForm context again=true/> })}
            {move || if enrolled.get() { view! { <ThisDesk context/> }.into_any() } else { view! { <EnrolForm context again=false/> }.into_any() }}
            <Looks context/>
            {move || (enrolled.get() && context.may(["refused_changes", ""])).then(|| view! { <Refused context/> })}
            {move || conflicts.get().then(|| view! { <Apart context/> })}
        </div>
    }
}

#[component]
fn EnrolForm(context: DeskContext, again: bool) -> impl IntoView {
    let (server, code, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    server.set(context.status.with_untracked(|status| status.settings.server.clone()));
    let enrol = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = Enrol {
            server: server.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
            device_name: name.get_untracked().trim().to_owned(),
        };
        spawn_local(async move {
            let done = backend::call(&ask).await;
            busy.set(false);
            match done {
                Ok(status) => {
                    context.notes.good(say!(enrolment::enrolled(&status.office)));
                    context.learn(status);
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
        });
    };
    crate::kit::keys::focus_soon("enrol-server");
    view! {
        <section class="card">
            <h2>{if again { say!(enrolment::ENROL_AGAIN) } else { say!(enrolment::ENROL_THIS) }}</h2>
            {context.status.with_untracked(|status| status.shut_out).then(|| view! {
                <p class="banner bad" data-testid="shut-out">{say!(enrolment::SHUT_OUT_HINT)}</p>
            })}
            <p class="muted">{if again { say!(enrolment::COPIED_HINT) } else { say!(enrolment::FIRST_HINT) }}</p>
            <form on:submit=enrol>
                <label class="f wide"><span>{say!(enrolment::SERVER)}</span><input id="enrol-server" data-testid="enrol-server" required=true autocomplete="off" placeholder="yl.example.cn:8630" prop:value=move || server.get() on:input:target=move |event| server.set(event.target().value())/></label>
                <label class="f wide"><span>{say!(enrolment::CODE)}</span><input data-testid="enrol-code" required=true autocomplete="off" placeholder="1234-5678-ABCD-EFGH-JKMN" prop:value=move || code.get() on:input:target=move |event| code.set(event.target().value())/></label>
                <label class="f wide"><span>{say!(enrolment::DEVICE_NAME)}</span><input data-testid="enrol-name" autocomplete="off" placeholder=say!(enrolment::DEVICE_NAME_HINT) prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                <FaultBanner fault/>
                <RunningProgress busy label=say!(enrolment::ENROLLING)/>
                <button type="submit" class="btn go" data-testid="enrol-save" disabled=move || busy.get()>{say!(enrolment::ENROL)}<kbd>"Enter"</kbd></button>
            </form>
        </section>
    }
}

#[component]
fn ThisDesk(context: DeskContext) -> impl IntoView {
    let code = Memo::new(move |_| context.status.with(|status| status.division.clone()));
    let division = load(move || backend::ask(&NameOfDivision { code: code.get() }));
    let facts = move || {
        let status = context.status.get();
        let aside = (status.quarantined > 0).then(|| (say!(settings::QUARANTINED), say!(settings::quarantined(status.quarantined))));
        let facts = [
            (say!(settings::OFFICE), status.office),
            (say!(settings::DIVISION), division.value.get().unwrap_or_default()),
            (say!(settings::DEVICE_NUMBER), status.device_number.to_string()),
            (say!(sync::NOT_SENT), say!(settings::unsent(status.unsent, status.unsent_photos))),
            (
                say!(settings::LAST_SYNC),
                status.last_sync.map_or_else(|| say!(settings::NEVER_SYNCED).to_owned(), |at| moment(at, status.now.date())),
            ),
            (
                say!(settings::CHECK),
                match status.agrees {
                    Some(true) => say!(settings::AGREES),
                    Some(false) => say!(settings::DISAGREES),
                    None => say!(settings::NOT_CHECKED),
                }
                .to_owned(),
            ),
        ];
        facts.into_iter().chain(aside)
    };
    view! {
        <section class="card">
            <h2>{say!(screen::HERE)}</h2>
            <div class="kv">{move || facts().map(|(label, value)| view! { <span>{label}</span><div>{value}</div> }).collect_view()}</div>
            <p class="muted">{say!(settings::SYNC_HINT)}</p>
        </section>
    }
}

#[component]
fn Looks(context: DeskContext) -> impl IntoView {
    let settings = RwSignal::new(context.status.with_untracked(|status| status.settings.clone()));
    let saved = Memo::new(move |_| context.status.with(|status| status.settings.clone()));
    Effect::new(move |before: Option<DeskSettings>| {
        let now = saved.get();
        if before.is_some_and(|before| before != now) {
            settings.set(now.clone());
        }
        now
    });
    if context.status.with_untracked(|status| status.enrolled) {
        crate::kit::keys::focus_soon("large-type");
    }
    let fault = RwSignal::new(None::<Fault>);
    let save = move |say: bool| {
        spawn_local(async move {
            match backend::call(&SaveSettings { settings: settings.get_untracked() }).await {
                Ok(_) => {
                    fault.set(None);
                    if say {
                        context.notes.good(say!(settings::SAVED));
                    }
                    context.refresh();
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
        });
    };
    let languages = Signal::derive(|| Language::ALL.map(|language| language.called().to_owned()).to_vec());
    let spoken = Signal::derive(move || place_of(&Language::ALL, Some(settings.with(|settings| settings.language))));
    let speak = move |at: usize| {
        settings.update(|settings| settings.language = Language::ALL.get(at).copied().unwrap_or_default());
        save(false);
    };
    let switch = move |label: &'static str, test: &'static str, read: fn(&DeskSettings) -> bool, write: fn(&mut DeskSettings, bool)| {
        view! {
            <label class="check switch"><input type="checkbox" id=test data-testid=test prop:checked=move || settings.with(read)
                on:change:target=move |event| { settings.update(|settings| write(settings, event.target().checked())); save(false); }/>{label}</label>
        }
    };
    view! {
        <section class="card">
            <h2>{say!(settings::LOOK_AND_CLERK)}</h2>
            <div class="checks">
                {switch(say!(page::LARGE_TYPE), "large-type", |settings| settings.large_type, |settings, on| settings.large_type = on)}
                {switch(say!(page::HIGH_CONTRAST), "high-contrast", |settings| settings.high_contrast, |settings, on| settings.high_contrast = on)}
            </div>
            <div class="f wide"><span>{say!(settings::LANGUAGE)}</span>
                <Seg label=say!(settings::LANGUAGE) test="language" options=languages value=spoken pick=move |at| speak(at)/>
            </div>
            <form on:submit=move |event| { event.prevent_default(); save(true); }>
                <label class="f wide"><span>{say!(settings::CLERK)}</span><input data-testid="clerk" autocomplete="off" prop:value=move || settings.with(|settings| settings.clerk.clone()) on:input:target=move |event| settings.update(|settings| settings.clerk = event.target().value())/></label>
                {move || context.may(["enrol", ""]).then(|| view! { <label class="f wide"><span>{say!(enrolment::SERVER)}</span><input data-testid="server" autocomplete="off" prop:value=move || settings.with(|settings| settings.server.clone()) on:input:target=move |event| settings.update(|settings| settings.server = event.target().value())/></label> })}
                <FaultBanner fault/>
                <button type="submit" class="btn" data-testid="settings-save">{say!(settings::SAVE)}<kbd class="end">"Enter"</kbd></button>
            </form>
        </section>
    }
}

/// What was said differently in two places: the way to the list.
#[component]
fn Apart(context: DeskContext) -> impl IntoView {
    let count = move || context.status.with(|status| status.conflicts);
    view! {
        <section class="card">
            <h2>{say!(screen::CONFLICTS)}</h2>
            <p>{move || say!(settings::conflicts(count()))}</p>
            <a href="/conflicts" class="btn" data-testid="settings-conflicts">{say!(settings::DECIDE)}</a>
        </section>
    }
}

/// Changes that the server did not take; the rest went on.
#[component]
fn Refused(context: DeskContext) -> impl IntoView {
    let count = Memo::new(move |_| context.status.with(|status| status.refused));
    let list = load(move || {
        let _ = count.get();
        backend::ask(&RefusedChanges {})
    });
    view! {
        <section class="card">
            <h2>{say!(settings::REFUSED)}</h2>
            <FaultBanner fault=list.fault/>
            {move || match list.value.get() {
                Some(rows) if !rows.is_empty() => view! {
                    <p>{say!(settings::REFUSED_HINT)}</p>
                    <table data-testid="refused"><thead><tr><th>{say!(settings::RECORD)}</th><th>{say!(settings::REASON)}</th></tr></thead><tbody>
                        {rows.into_iter().map(|row| view! { <tr><td>{row.title}</td><td class="wrap">{row.reason}</td></tr> }).collect_view()}
                    </tbody></table>
                }.into_any(),
                _ => view! { <p class="muted"><Draw icon=Icon::Check/>{say!(settings::NONE_REFUSED)}</p> }.into_any(),
            }}
        </section>
    }
}
