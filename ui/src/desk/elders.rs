//! 长者: the list, the file of one, and the way to the import.

use super::elder_form::ElderFields;
use super::elder_move::ElderMove;
use super::village::VillageField;
use super::{DeskContext, desk};
use crate::backend;
use crate::form::elder::ready;
use crate::kit::dialog::Dialog;
use crate::kit::fault::FaultBanner;
use crate::kit::icon::{Draw, Icon};
use crate::kit::keys::{focus_soon, in_field, on_keys, plain, print_keys};
use crate::kit::list::{Fit, Head, List, ListTable, Row, cells};
use crate::kit::load::load;
use crate::kit::pager::Pager;
use crate::kit::route::location;
use crate::kit::tag::Tag;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::command::{ElderCard, ElderForm, ElderHit, ListElders, SaveElder};
use shared::fault::Fault;
use shared::schema::RecordId;

/// The file under the dialog: a new one or a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    New,
    Known(RecordId),
}

const HEAD: &[Head] = &[
    ("姓名", Fit::Title),
    ("性别", Fit::Plain),
    ("年龄", Fit::Figure),
    ("村社区", Fit::Plain),
    ("证件后四位", Fit::Digits),
    ("电话", Fit::Digits),
    ("送餐", Fit::Plain),
    ("下一餐", Fit::Plain),
];

#[component]
pub fn Elders() -> impl IntoView {
    print_keys(&[("↑↓", "选人"), ("Enter", "打开档案"), ("F2", "新长者"), ("F8", "导入名单"), ("PgUp PgDn", "翻页")]);
    let context = desk();
    let (text, village, delivery, page) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(0_u32));
    let open = RwSignal::new(None::<Open>);
    let list = load(move || {
        context.revision.track();
        let ask = ListElders {
            text: text.get(),
            village: Some(village.get()).filter(|code| !code.is_empty()),
            delivery_only: delivery.get(),
            page: page.get(),
        };
        backend::ask(&ask)
    });
    let rows = Memo::new(move |_| list.value.with(|page| page.as_ref().map(|page| page.rows.clone()).unwrap_or_default()));
    let people = List::new(rows, |hit: &ElderHit| hit.id);
    let show = move |elder: RecordId| {
        people.chosen.set(Some(elder));
        open.set(Some(Open::Known(elder)));
    };
    people.keys(show);
    let total = Signal::derive(move || list.value.with(|page| page.as_ref().map_or(0, |page| page.total)));
    let location = location();
    let import = move || location.go("/import");
    on_keys(move |event| {
        if !plain(event) {
            return false;
        }
        match event.key().as_str() {
            "F2" => open.set(Some(Open::New)),
            "F8" => import(),
            "Escape" if !in_field(event) => people.chosen.set(None),
            _ => return false,
        }
        true
    });
    focus_soon("elders-text");
    view! {
        <section class="card fill">
            <div class="filters">
                <input id="elders-text" class="wide-find" role="searchbox" aria-label="找长者" placeholder="姓名、首字母、电话、证件后四位" autocomplete="off" data-testid="elders-text"
                    prop:value=move || text.get() on:input:target=move |event| { page.set(0); text.set(event.target().value()); }/>
                <div class="village-field"><VillageField id="elders-village" value=village pick=move |code| { page.set(0); village.set(code); }/></div>
                {move || (!village.with(String::is_empty)).then(|| view! { <button type="button" class="btn small" on:click=move |_| village.set(String::new())><Draw icon=Icon::Cross/>"不限村社区"</button> })}
                <label class="check"><input type="checkbox" prop:checked=move || delivery.get() on:change:target=move |event| { page.set(0); delivery.set(event.target().checked()); }/>"只看需送餐"</label>
                <span class="sp"></span>
                <button type="button" class="btn small" data-testid="elder-new" on:click=move |_| open.set(Some(Open::New))><kbd>"F2"</kbd>"登记新长者"</button>
                <button type="button" class="btn small" data-testid="elders-import" on:click=move |_| import()><kbd>"F8"</kbd><Draw icon=Icon::Upload/>"导入名单"</button>
            </div>
            <FaultBanner fault=list.fault/>
            <ListTable label="长者" head=HEAD rows=Box::new(move || rows.get().into_iter().map(row).collect()) list=people press=show test="elder-row" loading=list.loading icon=Icon::Person empty="没有符合条件的长者。可以按 F2 登记，或按 F8 导入名单。"/>
            <Pager page total turn=move |to| page.set(to)/>
        </section>
        {move || open.get().map(|which| view! { <ElderDialog context which close=move |()| open.set(None)/> })}
    }
}

fn row(hit: ElderHit) -> Row {
    Row {
        id: Some(hit.id),
        cells: cells![
            hit.name,
            hit.sex.map(|sex| sex.zh()),
            hit.age,
            hit.village,
            hit.id_tail,
            hit.phone,
            hit.delivery_need.then(|| view! { <Tag tone="due" icon=Icon::Truck words="需送餐"/> }),
            hit.existing_order.map(|number| view! { <Tag tone="ok" icon=Icon::Check words=format!("已订 {number}")/> }),
        ],
    }
}

#[component]
fn ElderDialog(context: DeskContext, which: Open, #[prop(into)] close: Callback<()>) -> impl IntoView {
    let (form, problems, fault) = (RwSignal::new(ElderForm::default()), RwSignal::new(Vec::new()), RwSignal::new(None::<Fault>));
    let busy = RwSignal::new(false);
    let elder = if let Open::Known(elder) = which { Some(elder) } else { None };
    if elder.is_some() {
        spawn_local(async move {
            match backend::call(&ElderCard { elder }).await {
                Ok(card) => {
                    form.try_set(card.form);
                }
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    }
    let save = move || {
        let ready = match ready(&form.get_untracked(), context.today.get_untracked()) {
            Ok(ready) => ready,
            Err(found) => return problems.set(found),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let saved = backend::call(&SaveElder { elder, form: ready }).await;
            busy.try_set(false);
            match saved {
                Ok(_) => {
                    context.notes.good("档案已保存。");
                    context.refresh();
                    close.run(());
                }
                Err(refusal) => {
                    fault.try_set(Some(refusal));
                }
            }
        });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            save();
        }
    };
    focus_soon("elder-name");
    let title = if elder.is_some() { "长者档案" } else { "登记新长者" };
    view! {
        <Dialog title=title.to_owned() close wide=true>
            <div on:keydown=on_key>
                <FaultBanner fault/>
                <ElderFields form problems today=context.today/>
                <button type="button" class="btn go" data-testid="save-elder" disabled=move || busy.get() on:click=move |_| save()>"保存"<kbd>"Enter"</kbd></button>
            </div>
            {elder.map(|elder| view! { <ElderMove context elder/> })}
        </Dialog>
    }
}
