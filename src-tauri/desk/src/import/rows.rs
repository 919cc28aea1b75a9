//! From rows to elders: each row becomes the fields the office gave, or every reason why not. What
//! is no person (totals, signatures, repeated headers) is left out. An empty cell gives no field, so
//! that a list never clears what is known.
//!
//! A row needs a name and an ID number; without a number it needs birth date and village instead.

use super::dates::{self, Birth};
use super::villages::{self, Unknown};
use super::{Cell, Header, Sheet, SheetRow, values};
use shared::kinds::RecordKind;
use shared::rule::id_number::IdNumber;
use shared::say;
use shared::schema::{Field, FieldType, FieldValue, Fields, Value};
use std::collections::HashMap;
use std::fmt;

/// Of a text the rest is cut off, in characters.
const LONGEST: usize = 500;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct ParsedRow {
    /// The row in the file, from 1.
    pub row: u32,
    /// 姓名, for the eye; may be empty.
    pub name: String,
    /// The column of names, from 0.
    pub name_column: Option<u32>,
    /// The elder, or all that is wrong.
    pub elder: Result<OfficeElder, Vec<Problem>>,
}

/// An elder as the office's list has them.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficeElder {
    /// The fields that the list gave, named as in the record.
    pub fields: Fields,
    /// The ID number, also among the fields.
    pub id_number: Option<IdNumber>,
}

impl fmt::Debug for OfficeElder {
    /// Names of fields only: the values are persons' data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfficeElder").field("id_number", &self.id_number).field("fields", &self.fields.keys().collect::<Vec<_>>()).finish()
    }
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// For scripts: `name_missing`, `id_missing`, `bad_id`, `bad_date`, `birth_mismatch`, `bad_phone`,
    /// `bad_value`, `unknown_village`, `division_missing`, `outside_scope`, `duplicate_in_file`.
    pub code: &'static str,
    /// For people, in the language that is spoken.
    pub message: String,
    /// The column (from 0) that is wrong.
    pub column: Option<u32>,
}

/// The rows below the header one after the other, so that a long list is never in memory as elders.
#[derive(Debug)]
pub struct ListRows<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    scope: &'a str,
    at: usize,
    /// The row where each person stood first.
    firsts: HashMap<Box<str>, u32>,
}

impl<'a> ListRows<'a> {
    /// From the first row on; `scope` is the town or wider area of this desk.
    #[must_use]
    pub fn new(sheet: &'a Sheet, header: &'a Header, scope: &'a str) -> Self {
        Self { sheet, header, scope, at: 0, firsts: HashMap::new() }
    }

    /// Rows of the sheet read so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.at as u64
    }
}

impl Iterator for ListRows<'_> {
    type Item = ParsedRow;

    fn next(&mut self) -> Option<ParsedRow> {
        loop {
            let row = self.sheet.row(self.at)?;
            self.at += 1;
            let number = row.number;
            let row = Row { row, header: self.header };
            if number <= self.header.last_row || row.is_no_person() {
                continue;
            }
            let (name, mut elder) = row.parse(self.scope);
            if let Ok(found) = &elder {
                let first = *self.firsts.entry(key(found)).or_insert(number);
                if first != number {
                    let column =
                        self.header.column("id_number").filter(|_| found.id_number.is_some()).or_else(|| self.header.column("name"));
                    let message = say!(import::twice_in_the_list(first));
                    elder = Err(vec![Problem { code: "duplicate_in_file", message, column }]);
                }
            }
            return Some(ParsedRow { row: number, name, name_column: self.header.column("name"), elder });
        }
    }
}

/// What makes two rows the same person.
fn key(elder: &OfficeElder) -> Box<str> {
    match &elder.id_number {
        Some(id) => id.as_str().into(),
        None => ["name", "birth_date", "division"].map(|field| format!("{:?}", elder.fields.get(field))).join("|").into(),
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

struct Row<'a> {
    row: SheetRow<'a>,
    header: &'a Header,
}

impl<'a> Row<'a> {
    fn cell(&self, field: &str) -> Cell<'a> {
        self.header.column(field).map_or(Cell::Empty, |column| self.row.cell(column))
    }

    fn problem(&self, code: &'static str, field: &str, message: impl Into<String>) -> Problem {
        Problem { code, message: message.into(), column: self.header.column(field) }
    }

    /// Totals, signatures, remarks below the list, repeated headers, group titles and rows that only
    /// have a running number.
    fn is_no_person(&self) -> bool {
        if matches!(values::id_number(self.cell("id_number")), Some(Ok(_))) {
            return false;
        }
        if ["name", "id_number", "birth_date", "phone", "address"].into_iter().all(|field| self.cell(field).is_blank()) {
            return true;
        }
        const ENDS: &[&str] = &["合计", "总计", "小计", "共计", "累计", "总人数", "人数合计", "本页"];
        const SIGNED: &[&str] = &[
            "制表",
            "审核",
            "填报",
            "填表",
            "经办",
            "负责人",
            "复核",
            "单位盖章",
            "单位(盖章",
            "单位（盖章",
            "说明:",
            "说明：",
            "备注:",
            "备注：",
            "注:",
            "注：",
        ];
        let filled: Vec<String> = self.row.cells().map(|cell| cell.text()).filter(|text| !text.is_empty()).collect();
        let opens = |words: &[&str]| {
            filled.iter().take(3).any(|text| {
                let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                words.iter().any(|word| text.starts_with(word))
            })
        };
        let repeated = self
            .header
            .columns
            .iter()
            .filter(|column| !column.header.is_empty() && column.header == self.row.cell(column.column).text())
            .count();
        opens(ENDS) || opens(SIGNED) || repeated >= 3
    }

    fn parse(&self, scope: &str) -> (String, Result<OfficeElder, Vec<Problem>>) {
        let mut fields = Fields::new();
        let mut problems = Vec::new();
        let name = values::name(self.cell("name"));
        match &name {
            Some(name) => name.put("name", &mut fields),
            None => problems.push(self.problem("name_missing", "name", say!(import::NAME_MISSING))),
        }
        let id = self.id_number(&mut problems);
        let birth = self.birth_date(id.as_ref(), &mut problems);
        match &id {
            Some(id) => {
                // The number tells sex and birth; what the list says beside it does not count.
                id.put("id_number", &mut fields);
                id.sex().put("sex", &mut fields);
                id.birth_date().put("birth_date", &mut fields);
            }
            None => {
                values::sex(self.cell("sex")).put("sex", &mut fields);
                birth.and_then(Birth::day).put("birth_date", &mut fields);
            }
        }
        self.division(scope, &mut fields, &mut problems);
        self.phones(&mut fields, &mut problems);
        self.words(&mut fields, &mut problems);
        if id.is_none() && !problems.iter().any(|problem| matches!(problem.code, "bad_id" | "bad_date")) {
            let village = matches!(fields.get("division"), Some(Value::Text(code)) if code.len() == 12);
            if !village || !fields.contains_key("birth_date") {
                problems.push(self.problem("id_missing", "id_number", say!(import::ID_NUMBER_MISSING)));
            }
        }
        let shown = name.unwrap_or_default();
        if problems.is_empty() { (shown, Ok(OfficeElder { fields, id_number: id })) } else { (shown, Err(problems)) }
    }

    fn id_number(&self, problems: &mut Vec<Problem>) -> Option<IdNumber> {
        match values::id_number(self.cell("id_number"))? {
            Ok(id) => Some(id),
            Err(error) => {
                problems.push(self.problem("bad_id", "id_number", say!(elder::id_number(error))));
                None
            }
        }
    }

    /// The birth date of the list. Beside an ID number it only has to agree, where it can be read.
    fn birth_date(&self, id: Option<&IdNumber>, problems: &mut Vec<Problem>) -> Option<Birth> {
        let cell = self.cell("birth_date");
        let birth = dates::of_cell(cell);
        let has_number = !self.cell("id_number").is_blank();
        match (birth, id) {
            (Some(birth), Some(id)) if !birth.agrees(id.birth_date()) => {
                let message = say!(import::birth_date_differs(&cell.text(), id.birth_date()));
                problems.push(self.problem("birth_mismatch", "birth_date", message));
            }
            (None | Some(Birth::Year(_)), None) if !has_number && values::text(cell, 40).is_some() => {
                let message = say!(import::birth_date_unread(&cell.text()));
                problems.push(self.problem("bad_date", "birth_date", message));
            }
            _ => {}
        }
        birth
    }

    fn division(&self, scope: &str, fields: &mut Fields, problems: &mut Vec<Problem>) {
        let (town, village) = (values::text(self.cell("town"), 60), values::text(self.cell("division"), 60));
        let (asked_town, asked_village) = (town.as_deref().unwrap_or_default(), village.as_deref().unwrap_or_default());
        let problem = match villages::resolve(scope, town.as_deref(), village.as_deref()) {
            // With an empty cell the town is only a guess; it is kept for elders that are new.
            Ok(code) => return code.put("division", fields),
            Err(Unknown::Missing) => self.problem("division_missing", "division", say!(import::PLACE_MISSING)),
            Err(Unknown::Town(near)) => self.problem("unknown_village", "town", say!(import::unknown_town(asked_town, &near))),
            Err(Unknown::Village(town, near)) => {
                self.problem("unknown_village", "division", say!(import::unknown_village(&town, asked_village, &near)))
            }
            Err(Unknown::Several(towns)) => {
                self.problem("unknown_village", "division", say!(import::village_in_several(&towns, asked_village)))
            }
            Err(Unknown::Outside(place)) => {
                let field = if town.is_some() { "town" } else { "division" };
                self.problem("outside_scope", field, say!(import::place_outside(&place)))
            }
        };
        problems.push(problem);
    }

    fn phones(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        for Field { name: field, label, .. } in declared(["second_phone", "phone", "emergency_phone"]) {
            match values::phones(self.cell(field)) {
                None => {}
                Some(Ok((first, second))) => {
                    first.put(field, fields);
                    if *field == "phone" && !fields.contains_key("second_phone") {
                        second.put("second_phone", fields);
                    }
                }
                Some(Err(_)) => problems.push(self.problem("bad_phone", field, say!(import::not_a_phone(*label)))),
            }
        }
    }

    fn words(&self, fields: &mut Fields, problems: &mut Vec<Problem>) {
        // The name is read by itself: without one there is nobody.
        for field in RecordKind::Elder.fields.iter().filter(|field| field.ty == FieldType::Text && field.name != "name") {
            values::text(self.cell(field.name), LONGEST).put(field.name, fields);
        }
        for Field { name: field, label, .. } in declared(["living_alone", "delivery_need"]) {
            match values::yes_or_no(self.cell(field)) {
                None => {}
                Some(Ok(yes)) => yes.put(field, fields),
                Some(Err(())) => {
                    problems.push(self.problem("bad_value", field, say!(import::neither_yes_nor_no(*label, &self.cell(field).text()))))
                }
            }
        }
        match values::ability(self.cell("ability")) {
            None => {}
            Some(Ok(ability)) => ability.put("ability", fields),
            Some(Err(())) => {
                problems.push(self.problem("bad_value", "ability", say!(import::ability_unread(&self.cell("ability").text()))))
            }
        }
    }
}
