//! Imports of this desk, each of which can be taken back.

use super::Wizard;
use crate::backend;
use crate::kit::act::{button, on};
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::time::{clock, day_short};
use leptos::prelude::*;
use shared::command::{Bucket, ImportEntry, ListImports};
use shared::say;

fn head() -> Vec<Head> {
    let count = |bucket: Bucket| (say!(import::bucket(bucket)), Fit::Figure);
    vec![
        (say!(import::TIME), Fit::Digits),
        (say!(import::FILE), Fit::Title),
        count(Bucket::New),
        count(Bucket::Update),
        count(Bucket::Same),
        count(Bucket::Error),
        ("", Fit::Plain),
    ]
}

#[component]
pub fn Past(wizard: Wizard) -> impl IntoView {
    let list = load(move || {
        wizard.turn.track();
        backend::ask(&ListImports {})
    });
    let sure = RwSignal::new(None::<i64>);
    let row = move |entry: ImportEntry| {
        let import = entry.import;
        let undo = match entry.undone_at {
            Some(at) => view! { <span class="muted">{say!(import::undone_at(&day_short(at.date()), &clock(at)))}</span> }.into_any(),
            None => (move || {
                let asked = sure.get() == Some(import);
                let words = if asked { say!(import::UNDO_FOR_SURE) } else { say!(import::UNDO) };
                button("small", "past-undo", "", words, on, move || {
                    sure.set((!asked).then_some(import));
                    if asked {
                        wizard.undo(import);
                    }
                })
            })
            .into_any(),
        };
        Row {
            id: None,
            cells: cells![
                format!("{} {}", day_short(entry.at.date()), clock(entry.at)),
                entry.file_name,
                entry.new,
                entry.update,
                entry.same,
                entry.error,
                undo,
            ],
        }
    };
    view! {
        <h2 class="gap">{say!(import::PAST_IMPORTS)}</h2>
        <FaultBanner fault=list.fault/>
        <ListTable label=say!(import::PAST_IMPORTS) head=head() rows=Box::new(move || list.value.get().unwrap_or_default().into_iter().map(row).collect()) test="past-import" loading=list.loading icon=Icon::Upload empty=say!(import::NO_IMPORTS)/>
    }
}
