//! 设置: enrolling this computer, type and contrast, the person at the desk, the server, and what the
//! server did not take.

use super::{DeskContext, desk};
use crate::backend;
use crate::desk::progress::RunningProgress;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::print_keys;
use crate::kit::load::load;
use crate::kit::time::moment;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{Enrol, NameOfDivision, RefusedChanges, SaveSettings, Settings as DeskSettings};
use shared::fault::Fault;

#[component]
pub fn Settings() -> impl IntoView {
    print_keys(&[("Tab", "下一项"), ("空格", "开关"), ("Enter", "保存")]);
    let context = desk();
    let enrolled = Memo::new(move |_| context.status.with(|status| status.enrolled));
    let copied = Memo::new(move |_| context.status.with(|status| status.copied));
    let conflicts = Memo::new(move |_| context.status.with(|status| status.conflicts > 0));
    view! {
        <div class="settings">
            {move || copied.get().then(|| view! { <EnrolForm context again=true/> })}
            {move || if enrolled.get() { view! { <ThisDesk context/> }.into_any() } else { view! { <EnrolForm context again=false/> }.into_any() }}
            <Looks context/>
            {move || enrolled.get().then(|| view! { <Refused context/> })}
            {move || conflicts.get().then(|| view! { <Apart context/> })}
        </div>
    }
}

#[component]
fn EnrolForm(context: DeskContext, again: bool) -> impl IntoView {
    let (server, code, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    server.set(context.status.with_untracked(|status| status.settings.server.clone()));
    let enrol = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let ask = Enrol {
            server: server.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
            device_name: name.get_untracked().trim().to_owned(),
        };
        spawn_local(async move {
            let done = backend::call(&ask).await;
            busy.set(false);
            match done {
                Ok(status) => {
                    context.notes.good(format!("登记好了，这里是{}。", status.office));
                    context.learn(status);
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
        });
    };
    crate::kit::keys::focus_soon("enrol-server");
    view! {
        <section class="card">
            <h2>{if again { "重新登记这台电脑" } else { "登记这台电脑" }}</h2>
            {context.status.with_untracked(|status| status.shut_out).then(|| view! {
                <p class="banner bad" data-testid="shut-out">"这台电脑已被上级停用，取回的资料已从本机清除；还没上传的记录都还在。向上级要新的登记码，重新登记后会自动补传。"</p>
            })}
            <p class="muted">{if again {
                "这台电脑的数据和另一台是同一份（复制过硬盘，或者恢复过备份），服务器只认其中一台。已录入的都已上传；请向上级要新的登记码，在这里重新登记。"
            } else {
                "服务器地址和登记码由镇街或市里发给。登记只做一次，之后没有网络也能用。"
            }}</p>
            <form on:submit=enrol>
                <label class="f wide"><span>"服务器地址"</span><input id="enrol-server" data-testid="enrol-server" required=true autocomplete="off" placeholder="https://" prop:value=move || server.get() on:input:target=move |event| server.set(event.target().value())/></label>
                <label class="f wide"><span>"登记码"</span><input data-testid="enrol-code" required=true autocomplete="off" prop:value=move || code.get() on:input:target=move |event| code.set(event.target().value())/></label>
                <label class="f wide"><span>"电脑名称"</span><input data-testid="enrol-name" autocomplete="off" placeholder="比如 前台电脑" prop:value=move || name.get() on:input:target=move |event| name.set(event.target().value())/></label>
                <FaultBanner fault/>
                <RunningProgress busy label="正在登记，第一次同步可能要几分钟"/>
                <button type="submit" class="btn go" data-testid="enrol-save" disabled=move || busy.get()>"登记"<kbd>"Enter"</kbd></button>
            </form>
        </section>
    }
}

#[component]
fn ThisDesk(context: DeskContext) -> impl IntoView {
    let code = Memo::new(move |_| context.status.with(|status| status.division.clone()));
    let division = load(move || backend::ask(&NameOfDivision { code: code.get() }));
    let facts = move || {
        let status = context.status.get();
        let aside = (status.quarantined > 0).then(|| {
            ("隔离的资料", format!("{} 份：修改记录合不到一起，停在原来的样子，其他资料不受影响。请告诉运维来修复。", status.quarantined))
        });
        let facts = [
            ("饭堂或镇街", status.office),
            ("所在区划", division.value.get().unwrap_or_default()),
            ("设备号", status.device_number.to_string()),
            ("待上传", format!("{} 笔，{} 张照片", status.unsent, status.unsent_photos)),
            ("上次同步", status.last_sync.map_or_else(|| "还没有同步过".to_owned(), |at| moment(at, status.now.date()))),
            (
                "两边核对",
                match status.agrees {
                    Some(true) => "数目一致",
                    Some(false) => "数目不符，下次同步时自动修复",
                    None => "还没有核对",
                }
                .to_owned(),
            ),
        ];
        facts.into_iter().chain(aside)
    };
    view! {
        <section class="card">
            <h2>"这台电脑"</h2>
            <div class="kv">{move || facts().map(|(label, value)| view! { <span>{label}</span><div>{value}</div> }).collect_view()}</div>
            <p class="muted">"按 F12，或点右上角的同步状态，可以马上同步一次。"</p>
        </section>
    }
}

#[component]
fn Looks(context: DeskContext) -> impl IntoView {
    let settings = RwSignal::new(context.status.with_untracked(|status| status.settings.clone()));
    let saved = Memo::new(move |_| context.status.with(|status| status.settings.clone()));
    Effect::new(move |before: Option<DeskSettings>| {
        let now = saved.get();
        if before.is_some_and(|before| before != now) {
            settings.set(now.clone());
        }
        now
    });
    if context.status.with_untracked(|status| status.enrolled) {
        crate::kit::keys::focus_soon("large-type");
    }
    let fault = RwSignal::new(None::<Fault>);
    let save = move |say: bool| {
        spawn_local(async move {
            match backend::call(&SaveSettings { settings: settings.get_untracked() }).await {
                Ok(_) => {
                    fault.set(None);
                    if say {
                        context.notes.good("设置已保存。");
                    }
                    context.refresh();
                }
                Err(refusal) => fault.set(Some(refusal)),
            }
        });
    };
    let switch = move |label: &'static str, test: &'static str, read: fn(&DeskSettings) -> bool, write: fn(&mut DeskSettings, bool)| {
        view! {
            <label class="check switch"><input type="checkbox" id=test data-testid=test prop:checked=move || settings.with(read)
                on:change:target=move |event| { settings.update(|settings| write(settings, event.target().checked())); save(false); }/>{label}</label>
        }
    };
    view! {
        <section class="card">
            <h2>"显示和经手人"</h2>
            <div class="checks">
                {switch("大字版", "large-type", |settings| settings.large_type, |settings, on| settings.large_type = on)}
                {switch("高对比度", "high-contrast", |settings| settings.high_contrast, |settings, on| settings.high_contrast = on)}
            </div>
            <form on:submit=move |event| { event.prevent_default(); save(true); }>
                <label class="f wide"><span>"经手人"</span><input data-testid="clerk" autocomplete="off" prop:value=move || settings.with(|settings| settings.clerk.clone()) on:input:target=move |event| settings.update(|settings| settings.clerk = event.target().value())/></label>
                <label class="f wide"><span>"服务器地址"</span><input data-testid="server" autocomplete="off" prop:value=move || settings.with(|settings| settings.server.clone()) on:input:target=move |event| settings.update(|settings| settings.server = event.target().value())/></label>
                <FaultBanner fault/>
                <button type="submit" class="btn" data-testid="settings-save">"保存设置"<kbd class="end">"Enter"</kbd></button>
            </form>
        </section>
    }
}

/// What was said differently in two places: the way to the list.
#[component]
fn Apart(context: DeskContext) -> impl IntoView {
    let count = move || context.status.with(|status| status.conflicts);
    view! {
        <section class="card">
            <h2>"两处改过"</h2>
            <p>{move || format!("有 {} 项在两台电脑上改得不一样，要有人定下用哪个。", count())}</p>
            <a href="/conflicts" class="btn" data-testid="settings-conflicts">"去看一看"</a>
        </section>
    }
}

/// Changes that the server did not take; the rest went on.
#[component]
fn Refused(context: DeskContext) -> impl IntoView {
    let count = Memo::new(move |_| context.status.with(|status| status.refused));
    let list = load(move || {
        let _ = count.get();
        backend::ask(&RefusedChanges {})
    });
    view! {
        <section class="card">
            <h2>"服务器退回的记录"</h2>
            <FaultBanner fault=list.fault/>
            {move || match list.value.get() {
                Some(rows) if !rows.is_empty() => view! {
                    <p>"这些修改只留在这台电脑上，没有传到服务器，其他记录不受影响。请把下面的内容告诉镇街经办，由管这份资料的饭堂或镇街来改。"</p>
                    <table data-testid="refused"><thead><tr><th>"记录"</th><th>"原因"</th></tr></thead><tbody>
                        {rows.into_iter().map(|row| view! { <tr><td>{row.title}</td><td class="wrap">{row.reason}</td></tr> }).collect_view()}
                    </tbody></table>
                }.into_any(),
                _ => view! { <p class="muted"><Draw icon=Icon::Check/>"没有被退回的记录。"</p> }.into_any(),
            }}
        </section>
    }
}
