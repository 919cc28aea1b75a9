//! The ledger at the desk and at the console: the cells that say more than their column.

use super::tag::{StateTag, mode_icon};
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::clock;
use crate::list::ListOptions;
use jiff::civil::DateTime;
use leptos::prelude::*;
use shared::kinds::{Mode, NotDeliveredReason, OrderState};
use shared::list::ListRow;
use shared::{label, say};

pub const LEDGER: ListOptions =
    ListOptions { special, test: "ledger", empty: label!(order::NONE_FITS), icon: Icon::Ledger, ..ListOptions::NOTHING };

/// The state with its time, the way with its picture, photos as they are counted.
pub fn special(column: &str, row: &ListRow) -> Option<AnyView> {
    match column {
        "state" => {
            let at = |name: &str| row.text(name).parse::<DateTime>().ok();
            let at = at("arrived_at").or_else(|| at("state_at")).map(clock).unwrap_or_default();
            let (state, reason) = (OrderState::of_code(row.text("state"))?, NotDeliveredReason::of_code(row.text("reason")));
            Some(view! { <StateTag state reason at/> }.into_any())
        }
        "mode" => {
            let mode = Mode::of_code(row.text("mode"))?;
            Some(view! { <Draw icon=mode_icon(mode)/>{mode.said()} }.into_any())
        }
        "photos" => {
            let photos = row.number("photos").filter(|photos| *photos > 0)?;
            Some(view! { <span class="tag info"><Draw icon=Icon::Camera/>{say!(receipt::photos(photos.unsigned_abs()))}</span> }.into_any())
        }
        _ => None,
    }
}
