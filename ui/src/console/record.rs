//! One record of a list: all that its columns say, its photos, and what happened to it.

use super::{console, staff};
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{on_keys, plain};
use crate::kit::load::load;
use crate::kit::nav::list_at;
use crate::kit::time::{clock, day_short};
use crate::list::{CellRenderer, facts};
use crate::record::facts::History;
use leptos::prelude::*;
use shared::list::{End, ListRecord, ListSpec, RecordPhotos};
use shared::say;

/// The list and the record whose page stands at an address.
pub fn at(path: &str) -> Option<(&'static ListSpec, String)> {
    let (list, id) = path.rsplit_once('/')?;
    Some((list_at(ListSpec::at(End::Console), list)?, id.to_owned()))
}

#[component]
pub fn Record(list: &'static ListSpec, id: String, special: CellRenderer) -> impl IntoView {
    let context = console();
    let record = load(move || {
        context.tick.track();
        http::get::<ListRecord>(&format!("/api/list/{}/{id}", list.name))
    });
    // Photos stay in place while the poll brings the same answer again.
    let same = Memo::new(move |_| record.value.get());
    let back = move || {
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    };
    on_keys(move |event| {
        let ours = plain(event) && event.key() == "Escape";
        if ours {
            back();
        }
        ours
    });
    let whole = move |record: ListRecord| {
        let photos = record.photos.as_ref().map(photos);
        view! {
            <div class="console-two order-page">
                <section class="card scroll" tabindex="0" aria-label=say!(record::CONTENTS)>
                    <h2>{say!(record::CONTENTS)}</h2>
                    <div class="kv">{facts(list, End::Console, &record, special)}</div>
                    {staff::acts(context, list, &record)}
                    <div class="dialog-body"><History entries=record.history/></div>
                </section>
                {photos}
            </div>
        }
    };
    view! {
        <div class="console-head"><button type="button" class="btn small" data-testid="record-back" on:click=move |_| back()><kbd>"Esc"</kbd>{say!(record::BACK)}</button><h1 class="site-name">{list.title.said()}</h1></div>
        <FaultBanner fault=record.fault/>
        {move || same.get().map(whole)}
    }
}

fn photos(of: &RecordPhotos) -> AnyView {
    let received = of.received_at.map(|at| say!(photo::received(&day_short(at.date()), &clock(at))));
    let photo = |hash: &String| {
        let address = format!("/api/photo/{hash}");
        let picture = address.clone();
        view! { <a href=address target="_blank" rel="noopener"><figure class="photo"><img src=picture alt=say!(photo::ONE) data-testid="ledger-photo" data-hash=hash.clone()/></figure></a> }
    };
    let pending = (of.pending > 0).then(|| say!(photo::pending(of.pending)));
    view! {
        <section class="card scroll" tabindex="0" aria-label=say!(photo::PHOTOS)>
            <h2>{say!(photo::PHOTOS)}</h2>
            {received.map(|words| view! { <p class="muted">{words}</p> })}
            <div class="photos">{of.hashes.iter().map(photo).collect_view()}</div>
            {pending.map(|words| view! { <div class="banner due"><Draw icon=Icon::Clock/>{words}</div> })}
            {of.hashes.is_empty().then(|| view! { <p class="muted">{say!(photo::NONE)}</p> })}
        </section>
    }
    .into_any()
}
