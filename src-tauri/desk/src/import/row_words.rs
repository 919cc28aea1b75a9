//! Of a row what stands beside name, number and village: phones, yes and no, ability, texts. What can't be read stays empty, and the row
//! says so; only an own phone that can't be read keeps somebody off the list.

use super::row::{Around, Row};
use super::rows::Problem;
use super::{Cell, values};
use shared::kinds::RecordKind;
use shared::say;
use shared::schema::{Field, FieldType, FieldValue, Fields};

/// Of a text the rest is cut off, in characters.
const LONGEST: usize = 500;

impl<'a> Row<'a> {
    pub(super) fn phones(&self, fields: &mut Fields, problems: &mut Vec<Problem>, notes: &mut Vec<String>) {
        for Field { name: field, label, .. } in declared(["second_phone", "phone", "emergency_phone"]) {
            let cell = self.cell(field);
            if cell == Cell::NoValue {
                notes.push(say!(left_out::formula_without_value(*label)));
                continue;
            }
            let Some(found) = values::phones(cell) else { continue };
            let mut numbers = found.numbers.into_iter();
            let Some(first) = numbers.next() else {
                // Without the family's number somebody can be served; an own one that can't be read is asked for.
                if *field == "phone" {
                    problems.push(self.problem("bad_phone", field, say!(import::not_a_phone(*label))));
                } else {
                    notes.push(say!(left_out::phone_left_empty(*label)));
                }
                continue;
            };
            first.put(field, fields);
            if *field == "phone"
                && !fields.contains_key("second_phone")
                && let Some(second) = numbers.next()
            {
                second.put("second_phone", fields);
            }
            let more = numbers.count();
            if more + found.rest.len() > 0 {
                notes.push(say!(left_out::phones_left_out(*label, more + found.rest.len())));
            }
            if !found.extensions.is_empty() {
                notes.push(say!(left_out::extension_left_out(*label)));
            }
        }
    }

    pub(super) fn words(&self, around: &mut Around<'a>, fields: &mut Fields, notes: &mut Vec<String>) {
        // The name is read by itself: without one there is nobody. So is another document.
        let texts =
            RecordKind::Elder.fields.iter().filter(|field| field.ty == FieldType::Text && !matches!(field.name, "name" | "other_document"));
        for field in texts {
            let cell = if field.name == "address" { self.place(around, 2, notes) } else { self.cell(field.name) };
            match values::text(cell, LONGEST) {
                Some(text) if values::is_broken(&cell.text()) => {
                    notes.push(say!(left_out::broken_in_text(field.label)));
                    text.put(field.name, fields);
                }
                Some(text) => text.put(field.name, fields),
                None if cell == Cell::NoValue => notes.push(say!(left_out::formula_without_value(field.label))),
                None => {}
            }
        }
        for Field { name: field, label, .. } in declared(["living_alone", "delivery_need"]) {
            match values::yes_or_no(self.cell(field)) {
                None => {}
                Some(Ok(yes)) => yes.put(field, fields),
                Some(Err(())) => notes.push(say!(left_out::word_left_out(*label, &self.cell(field).text()))),
            }
        }
        match values::ability(self.cell("ability")) {
            None => {}
            Some(Ok(ability)) => ability.put("ability", fields),
            Some(Err(())) => notes.push(say!(left_out::word_left_out(RecordKind::Elder.label_of("ability"), &self.cell("ability").text()))),
        }
    }
}

/// Fields of an elder by their names.
fn declared<const MANY: usize>(names: [&str; MANY]) -> impl Iterator<Item = &'static Field> {
    names.into_iter().filter_map(|name| {
        let field = RecordKind::Elder.field(name);
        debug_assert!(field.is_some(), "an elder has no {name}");
        field
    })
}
