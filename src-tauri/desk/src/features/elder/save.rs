//! Entering and changing an elder's file by hand.

use super::bind::begin;
use super::card::{masked_document, masked_phones};
use crate::fault::{missing, no_elder};
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use shared::command::{ElderForm, SaveElder};
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{Elder, ElderStatus, RecordKind};
use shared::rule::document::plain as document;
use shared::rule::id_number::IdNumber;
use shared::rule::name::plain;
use shared::rule::phone::PhoneNumber;
use shared::schema::{Record, RecordId, differences};
use shared::seal::is_sealed;

/// A new elder (no `elder`) or a changed one.
pub(crate) fn save(look: &Look<'_>, ask: SaveElder) -> Result<Plan<RecordId>, Fault> {
    let keys = look.facts.person_keys.as_ref().ok_or_else(Fault::not_enrolled)?;
    let enrolled = look.enrolled()?;
    let Some(id) = ask.elder else {
        let mut elder = read_form(&ask.form, &enrolled.division)?;
        elder.canteen.clone_from(&enrolled.canteen);
        let id = elder.id_number.as_ref().map_or_else(|| look.new_id(), |number| number.elder_id(keys.of(&elder.division)));
        look.not_erased(id)?;
        if let Some(known) = look.record::<Elder>(id)?
            && known.status != ElderStatus::Withdrawn
        {
            return Err(fault!(Code::NotNow, elder::id_number_known(&known.name)));
        }
        let mut mutations = vec![Mutation::create(id, &elder)];
        mutations.extend(elder.canteen.as_deref().map(|canteen| begin(look, id, canteen)));
        return Ok(Plan::Changes(mutations, id));
    };
    let known: Elder = look.record(id)?.ok_or_else(no_elder)?;
    let elder = read_over(&known, &ask.form, &enrolled.division)?;
    let changes = differences(&known.to_fields(), &elder.to_fields());
    if changes.keys().any(|name| is_sealed(RecordKind::Elder, name)) {
        look.not_erased(id)?;
    }
    let changed = (!changes.is_empty()).then(|| Mutation::edit(RecordKind::Elder, id, changes));
    Ok(Plan::Changes(changed.into_iter().collect(), id))
}

/// What a form makes of a file: what it does not carry stays, the ID number too, once there is one.
fn read_over(known: &Elder, form: &ElderForm, scope: &str) -> Result<Elder, Fault> {
    let mut form = form.clone();
    if let Some(number) = known.id_number.as_ref().filter(|_| form.id_number.trim().is_empty()) {
        number.as_str().clone_into(&mut form.id_number);
    }
    // Numbers that nobody touched come back as they were shown.
    let [phone, emergency_phone] = masked_phones(known);
    let keeps = |typed: &mut String, shown: &str| {
        let kept = !shown.is_empty() && typed.trim() == shown;
        if kept {
            typed.clear();
        }
        kept
    };
    let (keeps_phone, keeps_emergency) = (keeps(&mut form.phone, &phone), keeps(&mut form.emergency_phone, &emergency_phone));
    let keeps_document = keeps(&mut form.other_document, &masked_document(known));
    let mut elder = read_form(&form, scope)?;
    if keeps_document {
        elder.other_document.clone_from(&known.other_document);
    }
    if keeps_phone {
        (elder.phone, elder.second_phone) = (known.phone.clone(), known.second_phone.clone());
    }
    if keeps_emergency {
        elder.emergency_phone.clone_from(&known.emergency_phone);
    }
    if known.id_number.is_some() && known.id_number != elder.id_number {
        return Err(fault!(Code::BadInput, elder::ID_NUMBER_STAYS));
    }
    Ok(Elder { canteen: known.canteen.clone(), status: known.status, last_imported: known.last_imported.clone(), ..elder })
}

/// Refuses a village outside of the office's town.
pub(super) fn in_town(division: &str, scope: &str) -> Result<(), Fault> {
    if division::within(division, division::town_of(scope)) {
        return Ok(());
    }
    Err(fault!(Code::BadInput, elder::VILLAGE_OUTSIDE))
}

fn read_form(form: &ElderForm, scope: &str) -> Result<Elder, Fault> {
    let text = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    let name = text(&plain(&form.name)).ok_or_else(|| missing(RecordKind::Elder.label_of("name")))?;
    let id_number = match text(&form.id_number) {
        Some(number) => Some(IdNumber::parse(&number).map_err(|error| fault!(Code::BadInput, elder::bad_id_number(error)))?),
        None => None,
    };
    let phone = |value: &str, field: &str| {
        let bad = || fault!(Code::BadInput, elder::not_a_phone(RecordKind::Elder.label_of(field)));
        text(value).map(|value| PhoneNumber::parse_cell(&value).map_err(|_| bad())).transpose()
    };
    let phones = phone(&form.phone, "phone")?;
    let birth_date = match (&id_number, text(&form.birth_date)) {
        (Some(id), _) => Some(id.birth_date()),
        (None, Some(date)) => Some(date.parse().map_err(|_| fault!(Code::BadInput, elder::BIRTH_DATE_UNREAD))?),
        (None, None) => None,
    };
    let division = text(&form.division).unwrap_or_else(|| division::town_of(scope).to_owned());
    in_town(&division, scope)?;
    Ok(Elder {
        name,
        sex: id_number.as_ref().map(IdNumber::sex).or(form.sex),
        birth_date,
        id_number,
        other_document: document(&form.other_document),
        phone: phones.as_ref().map(|(first, _)| first.clone()),
        second_phone: phones.and_then(|(_, second)| second),
        emergency_name: text(&form.emergency_name),
        emergency_phone: phone(&form.emergency_phone, "emergency_phone")?.map(|(first, _)| first),
        division,
        address: text(&form.address),
        ability: form.ability,
        living_alone: form.living_alone,
        delivery_need: form.delivery_need,
        diet: text(&form.diet),
        note: text(&form.note),
        canteen: None,
        status: ElderStatus::Active,
        last_imported: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::elder::card::form_of;
    use shared::schema::{FieldType, Fields, Value};

    #[test]
    fn a_file_that_is_opened_and_saved_stays_as_it_was() {
        // With something in every field: one that the form does not carry would be cleared.
        let mut fields = Fields::new();
        for field in RecordKind::Elder.fields {
            let text = match field.ty {
                FieldType::YesNo => {
                    fields.insert(field.name, Value::Bool(true));
                    continue;
                }
                FieldType::IdNumber => "11010519491231002X",
                FieldType::Day => "1949-12-31",
                FieldType::Phone => "0766-8812345",
                FieldType::Division => "445381001008",
                FieldType::Words(words) if words.label("female").is_some() => "female",
                FieldType::Words(words) => words.all[0].0,
                _ => "番茄",
            };
            fields.insert(field.name, Value::Text(text.into()));
        }
        let elder = Elder::from_fields(&fields).unwrap();
        let form = form_of(&elder);
        let saved = read_over(&elder, &form, "445381001").unwrap();
        assert_eq!(differences(&elder.to_fields(), &saved.to_fields()), Fields::new());
        assert!(!serde_json::to_string(&form).unwrap().contains("19491231"), "the number is not handed out");
        for (typed, kept) in [("Ｈ012 3456700", Some("H0123456700")), ("", None)] {
            let typed = ElderForm { other_document: typed.into(), ..form.clone() };
            assert_eq!(read_over(&elder, &typed, "445381001").unwrap().other_document.as_deref(), kept);
        }
        let other = ElderForm { id_number: "445381194403050021".into(), ..form };
        assert!(read_over(&elder, &other, "445381001").is_err(), "another number is another person");
    }
}
