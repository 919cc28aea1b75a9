//! 设备与同步: when each desk was last heard of, and what it still holds.

use super::console;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::list::{Fit, Head, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::tag::Tag;
use crate::kit::time::moment;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::console::DeviceRow;

const HEAD: &[Head] = &[
    ("设备号", Fit::Figure),
    ("名称", Fit::Title),
    ("饭堂或镇街", Fit::Plain),
    ("状态", Fit::Plain),
    ("上次同步", Fit::Digits),
    ("待上传", Fit::Figure),
    ("待传照片", Fit::Figure),
    ("被退回", Fit::Figure),
    ("两边核对", Fit::Plain),
    ("版本", Fit::Plain),
];

#[component]
pub fn Devices() -> impl IntoView {
    let context = console();
    let devices = load(move || {
        context.tick.track();
        http::get::<Vec<DeviceRow>>("/api/devices")
    });
    let rows = move || devices.value.get().unwrap_or_default();
    view! {
        <div class="console-head"><h1 class="site-name">"设备与同步"</h1><span class="sp"></span><span class="muted">{move || format!("共 {} 台", rows().len())}</span></div>
        <FaultBanner fault=devices.fault/>
        <section class="card fill">
            <ListTable label="设备与同步" head=HEAD rows=Box::new(move || rows().into_iter().map(|device| row(device, context.today.get())).collect()) test="device-row" loading=devices.loading icon=Icon::Devices empty="还没有登记过电脑。"/>
        </section>
    }
}

fn row(device: DeviceRow, today: Date) -> Row {
    let state = match (device.revoked, device.overdue, device.last_sync) {
        (true, ..) => view! { <Tag tone="" icon=Icon::Slash words="已停用"/> },
        (_, true, _) => view! { <Tag tone="bad" icon=Icon::CloudOff words="超过 24 小时"/> },
        (_, _, None) => view! { <Tag tone="due" icon=Icon::Clock words="还没有同步"/> },
        _ => view! { <Tag tone="ok" icon=Icon::Cloud words="正常"/> },
    };
    let photos = match device.lost_photos {
        0 => device.unsent_photos.to_string(),
        lost => format!("{}（补传 {lost}）", device.unsent_photos),
    };
    let agrees = match device.agrees {
        Some(true) => view! { <Tag tone="ok" icon=Icon::Check words="一致"/> }.into_any(),
        Some(false) => view! { <Tag tone="bad" icon=Icon::Alert words="不符"/> }.into_any(),
        None => view! { <span class="muted">"还没有"</span> }.into_any(),
    };
    Row {
        id: None,
        cells: cells![
            device.number,
            device.name,
            device.site,
            state,
            device.last_sync.map_or_else(|| "从未".to_owned(), |at| moment(at, today)),
            view! { <span data-testid="device-unsent">{device.unsent}</span> },
            photos,
            device.refused,
            agrees,
            view! { <span class="muted">{device.version}</span> },
        ],
    }
}
