//! An elder's file with what an order needs, and the villages to choose from.

use super::bind::bindings;
use super::find::hit;
use crate::fault::{missing, no_elder};
use crate::look::Look;
use crate::store::{elder as table, master, order as orders, row};
use shared::command::{DivisionName, ElderCard, ElderForm, ElderView, OrderDefaults};
use shared::division;
use shared::fault::Fault;
use shared::kinds::{Elder, ElderStatus, Mode, RecordKind, Transfer, TransferAnswer, TransferSide};
use shared::rule::meal_time::next_meal;
use shared::rule::phone::PhoneNumber;
use shared::say;
use shared::schema::{RecordId, Unnamed, Value, language, masked};

/// The file of one elder with what an order needs.
pub(crate) fn card(look: &Look<'_>, ask: &ElderCard) -> Result<ElderView, Fault> {
    let id = ask.elder.ok_or_else(|| missing(RecordKind::Elder.label()))?;
    let elder: Elder = look.record(id)?.ok_or_else(no_elder)?;
    let recent = look.read(|store| orders::of_elder(store, id, 6))?;
    let code = look.canteen().map(str::to_owned).or_else(|| elder.canteen.clone()).unwrap_or_default();
    let canteen = look.read(|store| master::serving(store, &code))?;
    let (date, meal) = next_meal(&canteen, look.now);
    let dishes = look.read(|store| master::dishes(store, &code, date))?;
    let last = recent.iter().find(|line| line.mode != Mode::PickUp || !elder.delivery_need);
    let defaults = OrderDefaults {
        date,
        meal,
        mode: last.map_or(if elder.delivery_need { Mode::OwnDelivery } else { Mode::PickUp }, |line| line.mode),
        dish: last.map(|line| line.dish.clone()).filter(|name| dishes.iter().any(|dish| dish.meal == meal && dish.name == *name)),
        note: last.map(|line| line.note.clone()).unwrap_or_default(),
        dishes,
    };
    let binding = match &elder.canteen {
        Some(code) => {
            let name = look.read(|store| master::canteen(store, code))?.map_or_else(|| code.clone(), |canteen| canteen.name);
            Some((name, look.read(|store| table::bound_since(store, id, code))?))
        }
        None => None,
    };
    Ok(ElderView {
        hit: hit(look, id, &elder)?,
        form: form_of(&elder),
        id_number: match &elder.id_number {
            Some(number) => Some(number.masked()),
            None => look.instead(id)?.map(str::to_owned),
        },
        emergency_phone: elder.emergency_phone.as_ref().map(PhoneNumber::masked),
        division: format!("{} {}", division::name(division::town_of(&elder.division)), division::short_name(&elder.division)),
        binding,
        bindings: bindings(look, id)?,
        asked: asked(look, id)?,
        not_active: (elder.status != ElderStatus::Active).then(|| elder.status.said().to_owned()),
        recent,
        defaults,
    })
}

/// What is asked about a file and not settled, in words.
fn asked(look: &Look<'_>, elder: RecordId) -> Result<Vec<String>, Fault> {
    let mut asked = Vec::new();
    for request in look.read(|store| row::referring(store, RecordKind::Transfer, "elder", elder))? {
        let Some(Transfer { side, asked_by, asked_at, answer, reason, .. }) = look.record(request)? else { continue };
        let on = asked_at.date();
        asked.extend(match (side, answer) {
            (TransferSide::Holding, None) => Some(say!(binding::asked_by(&asked_by, on))),
            (TransferSide::Asking, None) => Some(say!(binding::asked_from_here(on))),
            (TransferSide::Asking, Some(TransferAnswer::Declined)) => {
                Some(say!(binding::kept_there(reason.as_deref().unwrap_or_default())))
            }
            (_, Some(_)) => None,
        });
    }
    Ok(asked)
}

/// The villages that this desk may choose from.
pub(crate) fn villages(look: &Look<'_>) -> Vec<DivisionName> {
    let scope = division::town_of(look.facts.enrolled.as_ref().map_or("", |enrolled| &enrolled.division));
    division::all()
        .iter()
        .filter(|entry| entry.code.len() == 12 && entry.valid_to.is_none() && division::within(entry.code, scope))
        .map(|entry| {
            let name = division::short_name(entry.code);
            DivisionName { code: entry.code.to_owned(), name: name.to_owned(), initials: crate::pinyin::initials(name).join(" ") }
        })
        .collect()
}

/// Another document as the form has it, masked.
pub(super) fn masked_document(elder: &Elder) -> String {
    let field = RecordKind::Elder.field("other_document").zip(elder.other_document.as_deref());
    field.map(|(field, number)| masked(field, &Value::Text(number.into()), language(), &Unnamed)).unwrap_or_default()
}

/// Phones as the form has them, masked: its own, one or two, and that for emergencies.
pub(super) fn masked_phones(elder: &Elder) -> [String; 2] {
    let phone = |number: &Option<PhoneNumber>| number.as_ref().map(PhoneNumber::masked).unwrap_or_default();
    let own = format!("{} {}", phone(&elder.phone), phone(&elder.second_phone));
    [own.trim().to_owned(), phone(&elder.emergency_phone)]
}

pub(super) fn form_of(elder: &Elder) -> ElderForm {
    let [phone, emergency_phone] = masked_phones(elder);
    ElderForm {
        name: elder.name.clone(),
        // It does not change any more, and is shown masked.
        id_number: String::new(),
        sex: elder.sex,
        birth_date: elder.birth_date.map(|date| date.to_string()).unwrap_or_default(),
        phone,
        emergency_name: elder.emergency_name.clone().unwrap_or_default(),
        emergency_phone,
        division: elder.division.clone(),
        address: elder.address.clone().unwrap_or_default(),
        ability: elder.ability,
        living_alone: elder.living_alone,
        delivery_need: elder.delivery_need,
        diet: elder.diet.clone().unwrap_or_default(),
        note: elder.note.clone().unwrap_or_default(),
        other_document: masked_document(elder),
    }
}
