//! 账号管理: the accounts of others, for system and security administrators. What each may do follows from `shared::rule::apart`; the server asks
//! it again. What is dear is asked in the browser's own box.

use crate::account::frame::{Framed, frame};
use crate::backend::{Question, http};
use crate::kit::fault::{FaultBanner, Notes, NotesView};
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::{Loaded, load};
use crate::kit::pager::{PAGE, Pager};
use crate::kit::tag::Tag;
use crate::kit::time::dated;
use js_sys::encode_uri_component;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::console::{AccountPlaces, AccountRights, AccountShown, AccountsPage, InviteAsk, LinkGiven, OWN_PLACE, Site};
use shared::fault::Fault;
use shared::kinds::{AccountState, Level, Role};
use shared::rule::apart::{Duty, duties};
use shared::{label, say};

/// What the parts of the page know.
#[derive(Clone, Copy, Debug)]
struct Others {
    page: Loaded<AccountsPage>,
    places: Loaded<AccountPlaces>,
    turn: RwSignal<u64>,
    notes: Notes,
    /// A link that was just given, and to whom.
    given: RwSignal<Option<(String, LinkGiven)>>,
    /// The account whose rights are being changed.
    assigned: RwSignal<Option<String>>,
}

impl Others {
    fn again(self) {
        self.turn.update(|turn| *turn += 1);
    }

    fn role(self) -> Option<Role> {
        self.page.value.with(|page| page.as_ref().map(|page| page.role))
    }

    /// Does something of which the answer says only that it was done.
    fn act(self, sent: impl Future<Output = Result<(), Fault>> + 'static) {
        spawn_local(async move {
            match sent.await {
                Ok(()) => {
                    self.assigned.try_set(None);
                    self.notes.good(say!(accounts::DONE));
                }
                Err(fault) => self.notes.bad(&fault),
            }
            self.again();
        });
    }
}

#[component]
pub fn Accounts() -> impl IntoView {
    frame(label!(accounts::TITLE), || Framed {
        title: say!(accounts::TITLE),
        parts: view! { <Page/> }.into_any(),
        beside: Some((OWN_PLACE, say!(accounts::OWN))),
    })
}

#[component]
fn Page() -> impl IntoView {
    let (turn, asked, at) = (RwSignal::new(0), RwSignal::new(String::new()), RwSignal::new(0));
    let page = load(move || {
        turn.track();
        http::get::<AccountsPage>(&["/api/accounts?page=", &at.get().to_string(), &asked.get()].concat())
    });
    let places: Loaded<AccountPlaces> = load(|| -> Question<AccountPlaces> { http::get("/api/accounts/places") });
    let notes = Notes(RwSignal::new(None));
    let context = Others { page, places, turn, notes, given: RwSignal::new(None), assigned: RwSignal::new(None) };
    let role = Memo::new(move |_| context.role());
    let hint = move || {
        role.get().map(|role| {
            let words = if role == Role::System { say!(accounts::SYSTEM_HINT) } else { say!(accounts::SECURITY_HINT) };
            view! { <p class="banner info" data-testid="accounts-hint"><Draw icon=Icon::Person/><span>{words}</span></p> }
        })
    };
    view! {
        <FaultBanner fault=page.fault/>
        {hint}
        {move || (role.get() == Some(Role::System)).then(|| view! { <Invite context/> })}
        {move || context.given.get().map(link)}
        {move || role.get().map(|_| view! { <section class="card"><Search asked at/><Rows context/><Pages context at/></section> })}
        <NotesView notes/>
    }
}

/// The link that was given: to be copied, once.
fn link((name, given): (String, LinkGiven)) -> impl IntoView {
    let address = [window().location().origin().unwrap_or_default(), given.link].concat();
    let words = say!(accounts::link_for(&name, &dated(given.until)));
    view! {
        <section class="card" role="status">
            <h2>{say!(accounts::LINK)}</h2>
            <p>{words}</p>
            <input readonly=true aria-label=say!(accounts::LINK) data-testid="link" prop:value=address on:focus:target=move |event| event.target().select()/>
            <p class="muted">{say!(accounts::LINK_HINT)}</p>
        </section>
    }
}

#[component]
fn Invite(context: Others) -> impl IntoView {
    let typed = || RwSignal::new(String::new());
    let (name, person, phone, fault) = (typed(), typed(), typed(), RwSignal::new(None::<Fault>));
    let rights = RwSignal::new(AccountRights { role: Role::Canteen, division: String::new() });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let [name_now, person_now, phone_now] = [name, person, phone].map(|typed| typed.get_untracked().trim().to_owned());
        let ask = InviteAsk { name: name_now, person: person_now, phone: phone_now, rights: rights.get_untracked() };
        spawn_local(async move {
            match http::ask::<LinkGiven>("/api/accounts", &ask).await {
                Ok(given) => {
                    [name, person, phone].into_iter().for_each(|typed| drop(typed.try_set(String::new())));
                    context.given.try_set(Some((ask.name, given)));
                    context.again();
                }
                Err(refusal) => drop(fault.try_set(Some(refusal))),
            }
        });
    };
    let field = |test: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <label class="f wide"><span>{label}</span><input data-testid=test autocomplete="off" required=true prop:value=move || value.get() on:input:target=move |event| value.set(event.target().value())/></label>
        }
    };
    view! {
        <section class="card">
            <h2>{say!(accounts::INVITE_TITLE)}</h2>
            <form on:submit=submit>
                {field("invite-name", say!(account::NAME), name)}
                {field("invite-person", say!(accounts::PERSON), person)}
                {field("invite-phone", say!(accounts::PHONE), phone)}
                <RightsFields context rights/>
                <FaultBanner fault/>
                <button type="submit" class="btn" data-testid="invite">{say!(accounts::INVITE)}</button>
            </form>
        </section>
    }
}

/// Whether an account of that role may be in such a place.
fn fits(role: Role, site: &Site) -> bool {
    role.level().map_or(site.level != Level::Canteen, |level| level == site.level)
}

/// A role and a place.
#[component]
fn RightsFields(context: Others, rights: RwSignal<AccountRights>) -> impl IntoView {
    let role = Memo::new(move |_| rights.with(|rights| rights.role));
    // A place of another level does not stay.
    Effect::new(move |_| {
        let (role, now) = (role.get(), rights.with_untracked(|rights| rights.division.clone()));
        let first = context.places.value.with(|places| {
            let mut fitting = places.iter().flat_map(|places| &places.places).filter(|site| fits(role, site));
            let stands = fitting.clone().any(|site| site.code == now);
            if stands { None } else { fitting.next().map(|site| site.code.clone()) }
        });
        if let Some(first) = first {
            rights.update(|rights| rights.division = first);
        }
    });
    let roles = move |now: Role| {
        Role::ALL.iter().map(move |role| view! { <option value=role.code() selected=now == *role>{role.said()}</option> }).collect_view()
    };
    let sites = move || {
        let (role, now) = (role.get(), rights.with_untracked(|rights| rights.division.clone()));
        let option = |site: &Site| {
            let words = [&site.name, " ", &site.code].concat();
            view! { <option value=site.code.clone() selected=site.code == now>{words}</option> }
        };
        context
            .places
            .value
            .with(|places| places.iter().flat_map(|places| &places.places).filter(|site| fits(role, site)).map(option).collect_view())
    };
    let choose = move |code: String| {
        if let Some(role) = Role::of_code(&code) {
            rights.update(|rights| rights.role = role);
        }
    };
    view! {
        <label class="f wide"><span>{say!(account::ROLE)}</span><select data-testid="rights-role" on:change:target=move |event| choose(event.target().value())>{roles(role.get_untracked())}</select></label>
        <label class="f wide"><span>{say!(accounts::PLACE)}</span><select data-testid="rights-place" on:change:target=move |event| rights.update(|rights| rights.division = event.target().value())>{sites}</select></label>
    }
}

#[component]
fn Search(asked: RwSignal<String>, at: RwSignal<u32>) -> impl IntoView {
    let (text, state) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let look = move || {
        at.set(0);
        asked.set(["&text=", &String::from(encode_uri_component(text.get_untracked().trim())), "&state=", &state.get_untracked()].concat());
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        look();
    };
    view! {
        <form class="accounts-find" on:submit=submit>
            <input aria-label=say!(accounts::FIND) placeholder=say!(accounts::FIND) data-testid="accounts-text" prop:value=move || text.get() on:input:target=move |event| text.set(event.target().value())/>
            <select aria-label=say!(accounts::STATE) data-testid="accounts-state" on:change:target=move |event| { state.set(event.target().value()); look(); }>
                <option value="">{say!(accounts::ANY)}</option>
                {AccountState::ALL.iter().map(|state| view! { <option value=state.code()>{state.said()}</option> }).collect_view()}
            </select>
            <button type="submit" class="btn" data-testid="accounts-search">{say!(accounts::SEARCH)}</button>
        </form>
    }
}

#[component]
fn Rows(context: Others) -> impl IntoView {
    move || {
        context.page.value.get().map(|page| {
            let role = page.role;
            let none = page.rows.is_empty().then(|| view! { <p class="muted">{say!(accounts::NONE)}</p> });
            view! {
                <p class="muted" data-testid="accounts-total">{say!(accounts::found(page.total))}</p>
                {none}
                <ul class="rows accounts">{page.rows.into_iter().map(|row| one(context, role, row)).collect_view()}</ul>
            }
        })
    }
}

/// Where there are more than stand on one page.
#[component]
fn Pages(context: Others, at: RwSignal<u32>) -> impl IntoView {
    let total = Memo::new(move |_| context.page.value.with(|page| page.as_ref().map_or(0, |page| page.total)));
    move || (total.get() > PAGE).then(|| view! { <Pager page=at total turn=move |page| at.set(page)/> })
}

fn tone(state: AccountState) -> (&'static str, Icon) {
    match state {
        AccountState::Waiting | AccountState::Changing => ("due", Icon::Clock),
        AccountState::Invited => ("info", Icon::Clock),
        AccountState::InUse => ("ok", Icon::Check),
        AccountState::Disabled => ("bad", Icon::Slash),
    }
}

fn one(context: Others, role: Role, row: AccountShown) -> impl IntoView {
    let (tone, icon) = tone(row.state);
    let facts = [
        row.person.as_deref().map(|person| [person, " ", row.phone.as_deref().unwrap_or_default()].concat()),
        row.link_until.map(|at| say!(accounts::until(&dated(at)))),
        row.asked_by.as_deref().map(|name| say!(accounts::asked_by(name))),
        row.password_at.map(|at| say!(accounts::password_at(&dated(at)))),
        (row.sessions > 0).then(|| say!(accounts::sessions(row.sessions))),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let buttons: Vec<AnyView> =
        if row.own { Vec::new() } else { duties(role).iter().filter_map(|duty| button(context, *duty, &row)).collect() };
    let next = row.next.as_ref().map(|next| say!(accounts::next(next.role.said(), &next.place, next.by.as_deref().unwrap_or_default())));
    let (id, rights) = (row.id.clone(), AccountRights { role: row.role, division: row.division.clone() });
    let is_assigned = Memo::new(move |_| context.assigned.with(|assigned| assigned.as_ref() == Some(&id)));
    let id = row.id.clone();
    view! {
        <li data-testid="account-row" data-name=row.name.clone()>
            <div class="who"><b>{row.name.clone()}</b><span>{row.role.said()}" · "{row.place.clone()}</span>
                <Tag tone icon words=row.state.said()/>
                {row.own.then(|| view! { <Tag tone="" icon=Icon::Person words=say!(accounts::ITSELF)/> })}
                {row.second_factor.then(|| view! { <Tag tone="ok" icon=Icon::Phone words=say!(accounts::HAS_FACTOR)/> })}
                {row.locked.then(|| view! { <Tag tone="bad" icon=Icon::Alert words=say!(accounts::LOCKED)/> })}
            </div>
            {(!facts.is_empty()).then(|| view! { <p class="muted">{facts.join(" · ")}</p> })}
            {next.map(|words| view! { <p data-testid="account-next">{words}</p> })}
            {(!buttons.is_empty()).then(|| view! { <div class="acts">{buttons}</div> })}
            {move || is_assigned.get().then(|| view! { <Assign context id=id.clone() rights=rights.clone()/> })}
        </li>
    }
}

#[component]
fn Assign(context: Others, id: String, rights: AccountRights) -> impl IntoView {
    let rights = RwSignal::new(rights);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let path = ["/api/accounts/", &id, "/rights"].concat();
        context.act(async move { http::post(&path, &rights.get_untracked()).await });
    };
    view! { <form on:submit=submit><RightsFields context rights/><button type="submit" class="btn" data-testid="rights-save">{say!(accounts::SAVE)}</button></form> }
}

/// What a duty is called at an account, and what is asked before; none where it has no sense there.
fn called(duty: Duty, row: &AccountShown) -> Option<(&'static str, Option<String>, &'static str)> {
    let name = row.name.as_str();
    Some(match duty {
        Duty::GiveLink if matches!(row.state, AccountState::InUse | AccountState::Changing) => {
            (say!(accounts::RESET), Some(say!(accounts::sure_link(name))), "link")
        }
        Duty::GiveLink => (say!(accounts::GIVE_LINK), Some(say!(accounts::sure_link(name))), "link"),
        Duty::Disable if row.state == AccountState::Invited => {
            (say!(accounts::WITHDRAW), Some(say!(accounts::sure_disable(name))), "disable")
        }
        Duty::Disable => (say!(accounts::DISABLE), Some(say!(accounts::sure_disable(name))), "disable"),
        Duty::EndSessions if row.sessions > 0 => (say!(accounts::END_SESSIONS), None, "sessions"),
        Duty::Confirm => {
            let (role, place) = row.next.as_ref().map_or((row.role, &row.place), |next| (next.role, &next.place));
            (say!(accounts::CONFIRM), Some(say!(accounts::sure_confirm(name, role.said(), place))), "confirm")
        }
        Duty::Assign => (say!(accounts::ASSIGN), None, "rights"),
        Duty::Enable => (say!(accounts::ENABLE), None, "enable"),
        Duty::Unlock if row.locked => (say!(accounts::UNLOCK), None, "lock"),
        Duty::EndFactor if row.second_factor => (say!(accounts::END_FACTOR), Some(say!(accounts::sure_factor(name))), "factor"),
        Duty::Invite | Duty::EndSessions | Duty::Unlock | Duty::EndFactor => return None,
    })
}

fn button(context: Others, duty: Duty, row: &AccountShown) -> Option<AnyView> {
    if !duty.fits(Some(row.state)) {
        return None;
    }
    let (words, sure, act) = called(duty, row)?;
    let (id, name) = (row.id.clone(), row.name.clone());
    let (role, division) = row.next.as_ref().map_or((row.role, &row.division), |next| (next.role, &next.division));
    let rights = AccountRights { role, division: division.clone() };
    let press = move |_| {
        let asked = sure.as_ref().is_none_or(|sure| window().confirm_with_message(sure).unwrap_or(false));
        if !asked {
            return;
        }
        let path = ["/api/accounts/", &id, "/", act].concat();
        match duty {
            Duty::Assign => {
                context.assigned.update(|assigned| *assigned = if assigned.as_ref() == Some(&id) { None } else { Some(id.clone()) })
            }
            Duty::GiveLink => {
                let name = name.clone();
                spawn_local(async move {
                    match http::ask::<LinkGiven>(&path, &()).await {
                        Ok(given) => drop(context.given.try_set(Some((name, given)))),
                        Err(fault) => context.notes.bad(&fault),
                    }
                    context.again();
                });
            }
            Duty::EndSessions | Duty::Unlock | Duty::EndFactor => context.act(async move { http::delete(&path).await }),
            Duty::Confirm => {
                let rights = rights.clone();
                context.act(async move { http::post(&path, &rights).await });
            }
            Duty::Invite | Duty::Disable | Duty::Enable => context.act(http::act(path)),
        }
    };
    let test = ["account-", act].concat();
    Some(view! { <button type="button" class="btn small" data-testid=test on:click=press>{words}</button> }.into_any())
}
