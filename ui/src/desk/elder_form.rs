//! The form of an elder's file, the same inside an order and in the list of elders.

use super::village::VillageField;
use crate::form::FieldProblem;
use crate::form::elder::{age_words, follow_id_number};
use crate::kit::seg::{Seg, place_of};
use crate::record::field_said;
use jiff::civil::Date;
use leptos::prelude::*;
use shared::command::ElderForm;
use shared::kinds::{Ability, RecordKind, Sex};
use shared::say;

/// A line of text: label, what reads and what writes the field.
type TextField = (&'static str, &'static str, fn(&ElderForm) -> &String, fn(&mut ElderForm) -> &mut String);

#[component]
pub fn ElderFields(
    form: RwSignal<ElderForm>,
    problems: RwSignal<Vec<FieldProblem>>,
    #[prop(into)] today: Signal<Date>,
    /// The ID number of a file that has one, masked: it stays as it is.
    #[prop(optional, into)]
    known_number: Signal<Option<String>>,
    /// Shows it, the other document and the phones in full: a button beside it.
    #[prop(optional)]
    reveal: Option<Callback<()>>,
) -> impl IntoView {
    let problem = move |field: &'static str| {
        move || {
            problems.with(|found| {
                found
                    .iter()
                    .find(|problem| problem.field == field)
                    .map(|problem| view! { <em class="problem" role="alert">{problem.words.said().to_owned()}</em> })
            })
        }
    };
    let declared = |name: &'static str| field_said(RecordKind::Elder, name);
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
    let shows = move || {
        reveal.map(|reveal| view! { <button type="button" class="btn small" data-testid="elder-reveal" on:click=move |_| reveal.run(())>{say!(disclosure::SHOW_NUMBERS)}</button> })
    };
    let sexes: Vec<String> = Sex::ALL.iter().map(|sex| sex.said().to_owned()).collect();
    let sex = Signal::derive(move || place_of(Sex::ALL, form.with(|form| form.sex)));
    let abilities: Vec<String> = Ability::ALL.iter().map(|ability| ability.said().to_owned()).collect();
    let ability = Signal::derive(move || place_of(Ability::ALL, form.with(|form| form.ability)));
    view! {
        <div class="two-fields">
            {text(("name", declared("name"), |form| &form.name, |form| &mut form.name), "elder-name")}
            {move || match known_number.get() {
                Some(masked) => view! { <div class="f"><span>{declared("id_number")}</span><div class="num revealed"><span data-testid="elder-id-known">{masked}</span>{shows()}</div></div> }.into_any(),
                None => text(("id_number", declared("id_number"), |form| &form.id_number, |form| &mut form.id_number), "elder-id-number").into_any(),
            }}
            <label class="f"><span>{declared("division")}</span><div>
                <VillageField id="elder-village" value=Signal::derive(move || form.with(|form| form.division.clone()))
                    pick=move |code| { form.update(|form| form.division = code); problems.update(|found| found.retain(|problem| problem.field != "division")); }/>
                {problem("division")}
            </div></label>
            {text(("address", declared("address"), |form| &form.address, |form| &mut form.address), "elder-address")}
            {text(("phone", declared("phone"), |form| &form.phone, |form| &mut form.phone), "elder-phone")}
            <div class="f"><span>{declared("sex")}</span><Seg label=declared("sex") options=sexes value=sex pick=move |at: usize| form.update(|form| form.sex = Sex::ALL.get(at).copied())/></div>
            {text(("birth_date", declared("birth_date"), |form| &form.birth_date, |form| &mut form.birth_date), "elder-birth")}
            <div class="f"><span>{declared("ability")}</span><Seg label=declared("ability") options=abilities value=ability pick=move |at: usize| form.update(|form| form.ability = Ability::ALL.get(at).copied())/></div>
            {text(("emergency_name", say!(elder::EMERGENCY_CONTACT), |form| &form.emergency_name, |form| &mut form.emergency_name), "elder-emergency-name")}
            {text(("emergency_phone", say!(elder::EMERGENCY_PHONE), |form| &form.emergency_phone, |form| &mut form.emergency_phone), "elder-emergency-phone")}
            {text(("diet", declared("diet"), |form| &form.diet, |form| &mut form.diet), "elder-diet")}
            {text(("note", declared("note"), |form| &form.note, |form| &mut form.note), "elder-note")}
            {text(("other_document", declared("other_document"), |form| &form.other_document, |form| &mut form.other_document), "elder-other-document")}
        </div>
        <div class="checks">
            {flag(declared("living_alone"), |form| form.living_alone, |form| &mut form.living_alone)}
            {flag(declared("delivery_need"), |form| form.delivery_need, |form| &mut form.delivery_need)}
            {move || (known_number.get().is_none() && form.with(|form| form.other_document.contains('…'))).then(shows)}
            <span class="muted">{move || form.with(|form| age_words(form, today.get()))}</span>
        </div>
    }
}
