//! The form of an elder's file, the same inside an order and in the list of elders.

use super::village::VillageField;
use crate::form::FieldProblem;
use crate::form::elder::{age_words, follow_id_number};
use crate::kit::seg::{Seg, place_of};
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::ElderForm;
use shared::kinds::{Ability, Sex};

/// A line of text: label, what reads and what writes the field.
type TextField = (&'static str, &'static str, fn(&ElderForm) -> &String, fn(&mut ElderForm) -> &mut String);

#[component]
pub fn ElderFields(form: RwSignal<ElderForm>, problems: RwSignal<Vec<FieldProblem>>, #[prop(into)] today: Signal<Date>) -> impl IntoView {
    let problem = move |field: &'static str| {
        move || {
            problems.with(|found| {
                found
                    .iter()
                    .find(|problem| problem.field == field)
                    .map(|problem| view! { <em class="problem" role="alert">{problem.words.clone()}</em> })
            })
        }
    };
    let text = move |(field, label, read, write): TextField, id: &'static str| {
        view! {
            <label class="f"><span>{label}</span><div>
                <input id=id autocomplete="off" prop:value=move || form.with(|form| read(form).clone()) data-testid=format!("elder-{field}")
                    on:input:target=move |event| {
                        form.update(|form| { event.target().value().clone_into(write(form)); if field == "id_number" { follow_id_number(form); } });
                        problems.update(|found| found.retain(|problem| problem.field != field));
                    }/>
                {problem(field)}
            </div></label>
        }
    };
    let flag = move |label: &'static str, read: fn(&ElderForm) -> bool, write: fn(&mut ElderForm) -> &mut bool| {
        view! { <label class="check"><input type="checkbox" prop:checked=move || form.with(read) on:change:target=move |event| form.update(|form| *write(form) = event.target().checked())/>{label}</label> }
    };
    let sexes: Vec<String> = Sex::ALL.iter().map(|sex| sex.zh().to_owned()).collect();
    let sex = Signal::derive(move || place_of(Sex::ALL, form.with(|form| form.sex)));
    let abilities: Vec<String> = Ability::ALL.iter().map(|ability| ability.zh().to_owned()).collect();
    let ability = Signal::derive(move || place_of(Ability::ALL, form.with(|form| form.ability)));
    view! {
        <div class="two-fields">
            {text(("name", "姓名", |form| &form.name, |form| &mut form.name), "elder-name")}
            {text(("id_number", "身份证号", |form| &form.id_number, |form| &mut form.id_number), "elder-id-number")}
            <label class="f"><span>"村社区"</span><div>
                <VillageField id="elder-village" value=Signal::derive(move || form.with(|form| form.division.clone()))
                    pick=move |code| { form.update(|form| form.division = code); problems.update(|found| found.retain(|problem| problem.field != "division")); }/>
                {problem("division")}
            </div></label>
            {text(("address", "住址", |form| &form.address, |form| &mut form.address), "elder-address")}
            {text(("phone", "电话", |form| &form.phone, |form| &mut form.phone), "elder-phone")}
            <div class="f"><span>"性别"</span><Seg label="性别" options=sexes value=sex pick=move |at: usize| form.update(|form| form.sex = Sex::ALL.get(at).copied())/></div>
            {text(("birth_date", "出生日期", |form| &form.birth_date, |form| &mut form.birth_date), "elder-birth")}
            <div class="f"><span>"自理能力"</span><Seg label="自理能力" options=abilities value=ability pick=move |at: usize| form.update(|form| form.ability = Ability::ALL.get(at).copied())/></div>
            {text(("emergency_name", "紧急联系", |form| &form.emergency_name, |form| &mut form.emergency_name), "elder-emergency-name")}
            {text(("emergency_phone", "联系电话", |form| &form.emergency_phone, |form| &mut form.emergency_phone), "elder-emergency-phone")}
            {text(("diet", "饮食禁忌", |form| &form.diet, |form| &mut form.diet), "elder-diet")}
            {text(("note", "备注", |form| &form.note, |form| &mut form.note), "elder-note")}
        </div>
        <div class="checks">
            {flag("独居", |form| form.living_alone, |form| &mut form.living_alone)}
            {flag("送餐需求", |form| form.delivery_need, |form| &mut form.delivery_need)}
            <span class="muted">{move || form.with(|form| age_words(form, today.get()))}</span>
        </div>
    }
}
