//! 就餐台账: the rows behind the figures. Place, days and filters stand in the address; a row leads to its order.

use super::console;
use super::list::{ConsoleList, address_of};
use super::overview::Trail;
use super::period_bar::PeriodBar;
use crate::backend::http;
use crate::form::period::View;
use crate::kit::load::load;
use crate::kit::route::location;
use crate::list::ListOptions;
use crate::record::ledger::{LEDGER, special};
use leptos::prelude::*;
use shared::console::Overview;
use shared::kinds::ORDERS;
use shared::label;
use shared::list::ListRow;

#[component]
pub fn Ledger() -> impl IntoView {
    let context = console();
    let location = location();
    let shown = Memo::new(move |_| View::read(|key| location.value(key), context.today.get()));
    let trail = load(move || {
        let path = format!("/api/overview?{}", shown.get().ask());
        http::get::<Overview>(&path)
    });
    view! {
        <div class="console-head"><Trail trail=Signal::derive(move || trail.value.with(|figures| figures.as_ref().map(|figures| figures.trail.clone()).unwrap_or_default())) shown path="/ledger"/><span class="sp"></span><PeriodBar path="/ledger" shown/></div>
        <Rows shown path="/ledger"/>
    }
}

/// The days are those of the period.
const ROWS: ListOptions = ListOptions { hidden: &["from", "to"], special: linked, empty: label!(order::NONE_HERE), ..LEDGER };

/// The rows of a site and a period, with their own filters.
#[component]
pub fn Rows(
    shown: Memo<View>,
    /// The page they stand on: `/` or `/ledger`.
    path: &'static str,
) -> impl IntoView {
    let place = (Signal::derive(move || shown.get().query()), Signal::derive(move || shown.get().ask()));
    view! { <ConsoleList list=&ORDERS path beside=ROWS place/> }
}

fn linked(column: &str, row: &ListRow) -> Option<AnyView> {
    match column {
        "number" => Some(view! { <a href=address_of(&ORDERS, row.id)>{row.text("number").to_owned()}</a> }.into_any()),
        _ => special(column, row),
    }
}
