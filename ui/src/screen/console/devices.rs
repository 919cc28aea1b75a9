//! 设备与同步: when each desk was last heard of, and what it still holds.

use super::console;
use crate::backend::http;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::Icon;
use crate::kit::load::load;
use crate::kit::tag::Tag;
use crate::kit::time::moment;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::console::DeviceRow;

#[component]
pub fn Devices() -> impl IntoView {
    let context = console();
    let devices = load(move || {
        context.tick.track();
        async { http::get::<Vec<DeviceRow>>("/api/devices").await }
    });
    let rows = move || devices.value.get().unwrap_or_default();
    view! {
        <div class="console-head"><b class="place-name">"设备与同步"</b><span class="sp"></span><span class="muted">{move || format!("共 {} 台", rows().len())}</span></div>
        <FaultBanner fault=devices.fault/>
        <section class="card fill"><div class="scroll">
            <table class="list still"><thead><tr><th class="right">"设备号"</th><th>"名称"</th><th>"饭堂或镇街"</th><th>"状态"</th><th>"上次同步"</th><th class="right">"待上传"</th><th class="right">"待传照片"</th><th class="right">"被退回"</th><th>"两边核对"</th><th>"版本"</th></tr></thead>
                <tbody>{move || rows().into_iter().map(|device| view! { <Row device today=context.today.get()/> }).collect_view()}</tbody></table>
        </div></section>
    }
}

#[component]
fn Row(device: DeviceRow, today: Date) -> impl IntoView {
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
    view! {
        <tr data-testid="device-row"><td class="right">{device.number}</td><td><b>{device.name}</b></td><td>{device.place}</td><td>{state}</td>
            <td class="num">{device.last_sync.map_or_else(|| "从未".to_owned(), |at| moment(at, today))}</td><td class="right" data-testid="device-unsent">{device.unsent}</td><td class="right">{photos}</td><td class="right">{device.refused}</td><td>{agrees}</td><td class="muted">{device.version}</td></tr>
    }
}
