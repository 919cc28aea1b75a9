//! 设备与同步: when each desk was last heard of, and what it still holds.

use super::list::ListScreen;
use crate::kit::icon::Icon;
use crate::kit::tag::Tag;
use crate::list::ListOptions;
use leptos::prelude::*;
use shared::kinds::DEVICES;
use shared::list::ListRow;
use shared::{label, say};

const DEVICES_LIST: ListOptions =
    ListOptions { special, icon: Icon::Devices, test: "device", empty: label!(device::NONE), ..ListOptions::NOTHING };

#[component]
pub fn Devices() -> impl IntoView {
    view! { <ListScreen list=&DEVICES path="/devices" beside=DEVICES_LIST/> }
}

/// That all is well is said too, and that nothing was ever heard.
fn special(column: &str, row: &ListRow) -> Option<AnyView> {
    let heard = !row.text("last_sync").is_empty();
    let alarms = || DEVICES.columns.iter().any(|column| column.alarming && row.is(column.name()));
    match column {
        "overdue" if heard && !row.is("revoked") && !alarms() => {
            Some(view! { <Tag tone="ok" icon=Icon::Cloud words=say!(device::ALL_WELL)/> }.into_any())
        }
        "last_sync" if !heard => Some(view! { <span class="muted">{say!(device::NEVER_HEARD_OF)}</span> }.into_any()),
        "unsent" => Some(view! { <span data-testid="device-unsent">{row.number("unsent").unwrap_or(0)}</span> }.into_any()),
        _ => None,
    }
}
