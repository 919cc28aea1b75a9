//! The right column: the receipt of one stop.

use super::Run;
use crate::form::receipt::Outcome;
use crate::kit::fault::FaultBanner;
use crate::kit::files;
use crate::kit::icon::{Draw, Icon};
use crate::kit::time::{clock, day_short};
use leptos::prelude::*;
use shared::command::OrderSummary;
use shared::kinds::Seen;
use wasm_bindgen::JsCast;

const PICKER: &str = "receipt-photo";

/// P: opens the system's file dialog.
pub fn pick_photos() {
    if let Some(input) = document().get_element_by_id(PICKER).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        input.click();
    }
}

#[component]
pub fn Receipt(run: Run, line: OrderSummary) -> impl IntoView {
    let problem = move |field: &'static str| {
        move || {
            run.problems.with(|found| {
                found
                    .iter()
                    .find(|problem| problem.field == field)
                    .map(|problem| view! { <em class="problem" role="alert">{problem.words.clone()}</em> })
            })
        }
    };
    let recorded =
        line.receipt.as_ref().map(|receipt| format!("{} {}（本机）", day_short(receipt.recorded_at.date()), clock(receipt.recorded_at)));
    view! {
        <h2>"回单 · "{line.name.clone()}" "<span class="num">{line.number.clone()}</span><span class="sp"></span><span class="muted">{line.meal.zh()}" · "{line.dish.clone()}</span></h2>
        <FaultBanner fault=run.fault/>
        {(!line.note.is_empty() || !line.phone.is_empty()).then(|| view! { <p class="call"><Draw icon=Icon::Phone/><span class="num">{line.phone.clone()}</span>" "<span class="muted">{line.address.clone()}{(!line.note.is_empty()).then(|| format!(" · 嘱咐：{}", line.note))}</span></p> })}
        <div class="receipt-top">
            <div><Photos run/>{problem("photos")}</div>
            <div>
                <label class="f wide"><span>"送达时间"</span><div><input data-testid="receipt-arrived" autocomplete="off" prop:value=move || run.form.with(|form| form.as_ref().map(|form| form.arrived.clone()).unwrap_or_default())
                    on:input:target=move |event| { let text = event.target().value(); run.update(|form| form.arrived.clone_from(&text)); }/>{problem("arrived")}</div></label>
                <div class="f wide recorded"><span>"记录时间"</span><span class="muted">{recorded.unwrap_or_else(|| "保存时由本机记，上传后服务器再记".to_owned())}</span></div>
                <label class="f wide"><span>"备注"</span><input data-testid="receipt-note" autocomplete="off" placeholder="可不填" prop:value=move || run.form.with(|form| form.as_ref().map(|form| form.note.clone()).unwrap_or_default())
                    on:input:target=move |event| { let text = event.target().value(); run.update(|form| form.note.clone_from(&text)); }/></label>
            </div>
        </div>
        <h2>"结果"</h2>
        <Outcomes run/>
        {problem("outcome")}
        <h2 class="gap">"看到老人了吗"</h2>
        <div class="choices three" role="radiogroup" aria-label="看到老人了吗">
            {Seen::ALL.iter().enumerate().map(|(at, seen)| {
                let on = move || run.form.with(|form| form.as_ref().and_then(|form| form.seen) == Some(*seen));
                view! { <button type="button" class="btn" class:on=on role="radio" aria-checked=move || on().to_string() data-testid=format!("seen-{}", at + 7) on:click=move |_| run.update(|form| form.seen = Some(*seen))><kbd>{at + 7}</kbd>{seen.zh()}</button> }
            }).collect_view()}
        </div>
        <div class="sp"></div>
        <button type="button" class="btn go" data-testid="receipt-save" disabled=move || run.saving.get() on:click=move |_| run.save()>"保存回单，下一位"<kbd>"Enter"</kbd></button>
    }
}

#[component]
fn Outcomes(run: Run) -> impl IntoView {
    let is = move |outcome: Outcome| run.form.with(|form| form.as_ref().and_then(|form| form.outcome) == Some(outcome));
    let other = move || Outcome::OTHERS.into_iter().any(is);
    let open = move || run.others.get() || other();
    view! {
        <div class="choices six" role="radiogroup" aria-label="结果">
            {Outcome::DIGITS.into_iter().enumerate().map(|(at, outcome)| view! {
                <button type="button" class="btn" class:on=move || is(outcome) role="radio" aria-checked=move || is(outcome).to_string() data-testid=format!("outcome-{}", at + 1) on:click=move |_| run.update(|form| form.choose(outcome))><kbd>{at + 1}</kbd>{outcome.zh()}</button>
            }).collect_view()}
            <button type="button" class="btn" class:on=other aria-expanded=move || open().to_string() data-testid="outcome-6" on:click=move |_| run.others.update(|on| *on = !*on)><kbd>"6"</kbd>"其他…"</button>
        </div>
        {move || open().then(|| view! {
            <div class="choices three others" role="radiogroup" aria-label="其他结果">
                {Outcome::OTHERS.into_iter().map(|outcome| view! { <button type="button" class="btn" class:on=move || is(outcome) role="radio" aria-checked=move || is(outcome).to_string() on:click=move |_| run.update(|form| form.choose(outcome))>{outcome.zh()}</button> }).collect_view()}
            </div>
        })}
    }
}

#[component]
fn Photos(run: Run) -> impl IntoView {
    let over = RwSignal::new(false);
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        run.take_photos(files::of(event.data_transfer().and_then(|data| data.files())));
    };
    let thumbs = move || run.form.with(|form| form.as_ref().map(|form| form.photos.clone()).unwrap_or_default());
    view! {
        <div class="drop" class:over=move || over.get() on:dragover=move |event| { event.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false) on:drop=drop>
            <Draw icon=Icon::Camera/>
            <button type="button" class="btn small" on:click=move |_| pick_photos()><kbd>"P"</kbd>"选照片"</button>
            <div class="muted">"也可以拖到这里。自动缩小，去掉隐藏信息"</div>
            <input type="file" id=PICKER data-testid="receipt-photo" class="hidden-file" tabindex="-1" aria-label="回单照片" accept="image/*" multiple=true
                on:change:target=move |event| { let input = event.target(); run.take_photos(files::of(input.files())); input.set_value(""); }/>
        </div>
        <div class="thumbs">
            {move || thumbs().into_iter().map(|photo| {
                let hash = photo.hash.clone();
                view! {
                    <div class="thumb" data-testid="photo-kept" data-hash=photo.hash.clone()>
                        {(!photo.thumbnail.is_empty()).then(|| view! { <img src=photo.thumbnail.clone() alt="回单照片"/> })}
                        <button type="button" class="drop-photo" aria-label="去掉这张照片" on:click=move |_| run.update(|form| form.photos.retain(|photo| photo.hash != hash))><Draw icon=Icon::Cross/></button>
                    </div>
                }
            }).collect_view()}
            {move || (run.photos_coming.get() > 0).then(|| view! { <span class="muted">"正在处理照片…"</span> })}
        </div>
    }
}
