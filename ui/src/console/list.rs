//! Lists at the console: asked of the server, given as workbooks. Those of the menu are screens by themselves.

use super::console;
use super::export::export_form;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::load;
use crate::kit::nav::LIST;
use crate::kit::route::location;
use crate::list::{ListAddress, ListOptions, ListView};
use leptos::prelude::*;
use shared::list::{End, ListPage, ListSpec};
use shared::say;
use shared::schema::RecordId;

/// Where a record of a list stands.
pub fn address_of(list: &ListSpec, id: RecordId) -> String {
    format!("{LIST}{}/{id}", list.name)
}

/// A list, in a place and over days where they stand in the address beside its own words.
#[component]
pub fn ConsoleList(
    list: &'static ListSpec,
    path: &'static str,
    beside: ListOptions,
    /// What the address keeps before the list's words, and what of it the server is asked.
    #[prop(optional)]
    place: Option<(Signal<String>, Signal<String>)>,
) -> impl IntoView {
    let context = console();
    let nothing = Signal::stored(String::new());
    let (kept, asked) = place.unwrap_or((nothing, nothing));
    let at = ListAddress::new(list, End::Console, path, kept, beside.hidden);
    let query = move || {
        let parts = [asked.get(), at.query()];
        parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("&")
    };
    let page = load(move || {
        context.tick.track();
        http::get::<ListPage>(&format!("/api/list/{}?{}", list.name, query()))
    });
    let location = location();
    let open = list.kind.map(|_| Callback::new(move |id| location.go(&address_of(list, id))));
    let words = Signal::derive(query);
    let (test, fault) = (format!("{}-export", beside.test), RwSignal::new(None));
    let export = match list.about {
        Some(_) => export_form(list.name, &test, words, fault),
        None => {
            view! { <a class="btn small" data-testid=test href=move || format!("/api/list/{}/workbook?{}", list.name, words.get()) download=""><Draw icon=Icon::Download/>{say!(list::EXPORT_TABLE)}</a> }
                .into_any()
        }
    };
    view! {
        <section class="card fill">
            <FaultBanner fault/>
            <ListView at page today=context.today beside open>
                {export}
            </ListView>
        </section>
    }
}

/// A list of the menu with its title.
#[component]
pub fn ListScreen(list: &'static ListSpec, path: &'static str, beside: ListOptions) -> impl IntoView {
    view! {
        <div class="console-head"><h1 class="site-name">{list.title.said()}</h1></div>
        <ConsoleList list path beside/>
    }
}
