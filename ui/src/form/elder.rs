//! 长者 as typed: what a file starts with, and which fields do not fit, by the rules of `shared`.

use super::FieldProblem;
use super::date::parse_date;
use jiff::civil::Date;
use shared::command::ElderForm;
use shared::rule::id_number::{IdNumber, age_on};
use shared::{both, say};

/// A new file from what was typed into the search: digits are a phone, anything else that is not
/// pinyin is a name.
pub fn from_search(text: &str) -> ElderForm {
    let text = text.trim();
    let mut form = ElderForm::default();
    if text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        if text.len() >= 7 {
            text.clone_into(&mut form.phone);
        }
    } else if !text.is_ascii() {
        text.clone_into(&mut form.name);
    }
    form
}

/// What does not fit, in the order of the form.
pub fn problems(form: &ElderForm, today: Date) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    if form.name.trim().is_empty() {
        found.push(FieldProblem::new("name", both!(elder::NAME_MISSING)));
    }
    if !form.id_number.trim().is_empty()
        && let Err(error) = IdNumber::parse(&form.id_number)
    {
        found.push(FieldProblem::new("id_number", both!(elder::id_number(error))));
    }
    if !form.birth_date.trim().is_empty() && parse_date(&form.birth_date, today).is_none_or(|birth| birth > today) {
        found.push(FieldProblem::new("birth_date", both!(elder::BIRTH_UNREADABLE)));
    }
    for (field, text) in [("phone", &form.phone), ("emergency_phone", &form.emergency_phone)] {
        // One that is masked is known to the desk, which keeps it; what is long enough the desk reads.
        let masked = text.contains("****");
        if !text.trim().is_empty() && !masked && text.chars().filter(|letter| letter.is_numeric()).count() < 7 {
            found.push(FieldProblem::new(field, both!(elder::NOT_A_PHONE)));
        }
    }
    if form.division.is_empty() {
        found.push(FieldProblem::new("division", both!(elder::VILLAGE_MISSING)));
    }
    found
}

/// Fills what follows from a good ID number.
pub fn follow_id_number(form: &mut ElderForm) {
    if let Ok(id_number) = IdNumber::parse(&form.id_number) {
        form.sex = Some(id_number.sex());
        form.birth_date = id_number.birth_date().to_string();
    }
}

/// The form with its dates as the desk reads them.
pub fn ready(form: &ElderForm, today: Date) -> Result<ElderForm, Vec<FieldProblem>> {
    let found = problems(form, today);
    if !found.is_empty() {
        return Err(found);
    }
    let mut form = form.clone();
    form.birth_date = parse_date(&form.birth_date, today).map(|birth| birth.to_string()).unwrap_or_default();
    Ok(form)
}

/// 82 岁
pub fn age_words(form: &ElderForm, today: Date) -> Option<String> {
    parse_date(&form.birth_date, today).filter(|birth| *birth <= today).map(|birth| say!(elder::aged(age_on(birth, today))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use shared::kinds::Sex;

    const TODAY: Date = date(2026, 11, 22);

    fn good() -> ElderForm {
        ElderForm { name: "王桂英".into(), division: "445381001008".into(), ..ElderForm::default() }
    }

    #[test]
    fn the_search_text_goes_where_it_belongs() {
        assert_eq!(from_search(" 王桂英 ").name, "王桂英");
        assert_eq!(from_search("13800000000").phone, "13800000000");
        assert_eq!(from_search("wgy").name, "");
        assert_eq!(from_search("1162").phone, "");
    }

    #[test]
    fn a_name_and_a_village_are_enough() {
        assert_eq!(problems(&good(), TODAY), vec![]);
        let fields: Vec<_> = problems(&ElderForm::default(), TODAY).into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["name", "division"]);
    }

    #[test]
    fn wrong_fields_are_named() {
        let form = ElderForm { id_number: "445381194403050021".into(), phone: "12".into(), birth_date: "昨年".into(), ..good() };
        let fields: Vec<_> = problems(&form, TODAY).into_iter().map(|problem| problem.field).collect();
        assert!(fields.ends_with(&["birth_date", "phone"]), "{fields:?}");
        assert_eq!(ready(&ElderForm { birth_date: "19440305".into(), ..good() }, TODAY).unwrap().birth_date, "1944-03-05");
    }

    #[test]
    fn a_phone_that_is_masked_is_left_to_the_desk() {
        assert_eq!(problems(&ElderForm { phone: "187****9597 07****12".into(), ..good() }, TODAY), vec![]);
    }

    #[test]
    fn an_id_number_says_sex_and_birth() {
        let body = "44538119440305002";
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        let check = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize];
        let mut form = ElderForm { id_number: format!("{body}{check}"), ..good() };
        follow_id_number(&mut form);
        assert_eq!((form.sex, form.birth_date.as_str()), (Some(Sex::Female), "1944-03-05"));
        assert_eq!(age_words(&form, TODAY).as_deref(), Some("82 岁"));
    }
}
