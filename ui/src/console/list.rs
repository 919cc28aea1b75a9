//! Lists at the console: asked of the server, given as workbooks. Those of the menu are screens by themselves.

use super::{console, export};
use crate::backend::http;
use crate::kit::icon::{Draw, Icon};
use crate::kit::load::load;
use crate::kit::nav::LIST;
use crate::kit::route::location;
use crate::list::{ListAddress, ListOptions, ListView};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::kinds::EXPORTS;
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
    let asks = list.name == EXPORTS.name;
    let open = (list.kind.is_some() || asks)
        .then(|| Callback::new(move |id| if asks { export::agree(context, id) } else { location.go(&address_of(list, id)) }));
    let go = move |event: MouseEvent| {
        if list.about.is_some() {
            export::ask(&event, list.name, untrack(query));
        }
    };
    let book = move || format!("/api/list/{}/workbook?{}", list.name, query());
    view! {
        <section class="card fill">
            <ListView at page today=context.today beside open>
                <a class="btn small" data-testid=format!("{}-export", beside.test) href=book download="" on:click=go><Draw icon=Icon::Download/>{say!(list::EXPORT_TABLE)}</a>
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
