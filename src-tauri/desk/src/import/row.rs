//! One row of a list as an elder. An empty cell gives no field, so that a list never clears what is known. A row needs a name and an ID
//! number; without a number it needs another document, or birth date and village. What else can't be read is left out, and the row says so.

use super::dates::{self, Birth};
use super::gone;
use super::lists::{List, letters};
use super::rows::{Asked, OfficeElder, Problem, is_ditto};
use super::values::{self, Identity};
use super::villages::{self, Unknown};
use super::{Cell, Header, Sheet, SheetRow};
use crate::import::profile::is_village;
use shared::command::FoundColumn;
use shared::kinds::{ElderStatus, RecordKind};
use shared::rule::id_number::IdNumber;
use shared::say;
use shared::schema::{FieldValue, Fields, Unnamed, Value, language, masked};

/// What the rows around say of a row.
#[derive(Debug, Default)]
pub(super) struct Around<'a> {
    /// The first column of the list and the last.
    pub(super) reach: (u32, u32),
    /// The village that stands as a row of its own over those below.
    pub(super) section: Option<String>,
    /// What such a row says of people who are gone.
    pub(super) section_gone: Option<(ElderStatus, String)>,
    /// The village that the sheet is named after, or a title.
    sheet_village: Option<String>,
    /// What the sheet's name or the title says of people who are gone.
    title_gone: Option<(ElderStatus, String)>,
    /// Whether town and village are written once over the rows they hold for.
    once: [bool; 2],
    /// The last cells of town, village and address, for those that say "as above".
    last: [Cell<'a>; 3],
}

const PLACES: [&str; 3] = ["town", "division", "address"];

impl<'a> Around<'a> {
    pub(super) fn of(sheet: &'a Sheet, list: &List, scope: &str) -> Self {
        let top = if list.header.row == 0 { list.rows.0 } else { sheet.behind(list.header.row - 1) };
        let titles = sheet.rows().take(top).take(8).flat_map(|row| row.cells().collect::<Vec<_>>());
        let titles: Vec<String> = titles.map(|cell| cell.text()).chain([sheet.name.clone()]).collect();
        let with_others = |text: &str| ["含", "除", "不", "和", "及", "变动", "增减", "台账"].iter().any(|word| text.contains(word));
        let title_gone = titles.iter().filter(|title| !with_others(title)).find_map(|title| gone::in_text(title));
        let names_village =
            |name: &&String| is_village(name) && villages::resolve(scope, None, Some(name)).is_ok_and(|code| code.len() == 12);
        let sheet_village = titles.iter().rev().find(names_village).cloned();
        let once = |field: &str| list.header.column(field).is_some_and(|column| is_written_once(sheet, list, column));
        Self { reach: list.header.reach(), sheet_village, title_gone, once: [once("town"), once("division")], ..Self::default() }
    }
}

/// Whether each value of a column stands once, over blank cells for which it holds too.
fn is_written_once(sheet: &Sheet, list: &List, column: u32) -> bool {
    let (mut seen, mut blank) = (Vec::new(), 0_usize);
    let telling: Vec<u32> = ["id_number", "name"].into_iter().filter_map(|field| list.header.column(field)).collect();
    for (at, row) in (list.rows.0..list.rows.1)
        .filter_map(|at| sheet.row(at))
        .filter(|row| telling.iter().any(|at| !row.cell(*at).is_blank()))
        .enumerate()
    {
        let text = row.cell(column).text();
        match (text.is_empty(), at) {
            (true, 0) => return false,
            (true, _) => blank += 1,
            (false, _) if seen.contains(&text) || seen.len() > 100 => return false,
            (false, _) => seen.push(text),
        }
    }
    blank > 0 && blank >= seen.len()
}

/// A row, and the header over it.
pub(super) struct Row<'a> {
    pub(super) row: SheetRow<'a>,
    pub(super) header: &'a Header,
    pub(super) reach: (u32, u32),
    /// Whether it is struck out, and not only some of its cells.
    struck: bool,
}

impl<'a> Row<'a> {
    pub(super) fn of(row: SheetRow<'a>, header: &'a Header, reach: (u32, u32)) -> Self {
        let telling: Vec<u32> = ["name", "id_number"].into_iter().filter_map(|field| header.column(field)).collect();
        Self { row, header, reach, struck: row.is_struck(&telling, reach.0, reach.1) }
    }

    /// The cell of a field; one that is struck out in a row that counts is empty.
    pub(super) fn cell(&self, field: &str) -> Cell<'a> {
        let column = self.header.column(field).filter(|column| self.struck || !self.row.is_cell_struck(*column));
        column.map_or(Cell::Empty, |column| self.row.cell(column))
    }

    /// What is struck out in cells of a row that counts, in words.
    fn struck_out(&self) -> Vec<String> {
        let in_column = |column: &FoundColumn| {
            let field = RecordKind::Elder.field(column.field.as_deref()?);
            let whole = || (!self.struck && self.row.is_cell_struck(column.column)).then(|| self.row.cell(column.column).text());
            let text = self.row.struck_part(column.column).map(str::to_owned).or_else(whole).filter(|text| !text.is_empty())?;
            let shown = field.map_or(text.clone(), |field| masked(field, &Value::Text(text.into()), language(), &Unnamed));
            let word = if column.header.is_empty() { letters(column.column) } else { column.header.clone() };
            Some(say!(left_out::struck_out_in(&word, &shown)))
        };
        self.header.columns.iter().filter_map(in_column).collect()
    }

    pub(super) fn problem(&self, code: &'static str, field: &str, message: impl Into<String>) -> Problem {
        Problem { code, message: message.into(), column: self.header.column(field) }
    }

    /// The texts in the list's columns, each once.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for column in self.reach.0..=self.reach.1 {
            let cell = self.row.cell(column);
            let text = if cell == Cell::NoValue { "=".to_owned() } else { cell.text() };
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// Whether the row only goes on with the person above: name and number are one cell with those above.
    pub(super) fn goes_on(&self) -> bool {
        let [name, number] = ["name", "id_number"].map(|field| self.header.column(field));
        let one = |column: Option<u32>| column.is_some_and(|column| self.row.goes_on(column));
        let none = |column: Option<u32>| column.is_none_or(|column| self.row.cell(column).is_blank());
        one(number) && (one(name) || none(name)) || one(name) && none(number)
    }

    pub(super) fn has_number(&self) -> bool {
        matches!(values::identity(self.cell("id_number")), Some(Identity::Number(_) | Identity::Both(..)))
    }

    /// Whether nothing in it names somebody.
    pub(super) fn names_nobody(&self) -> bool {
        ["name", "id_number", "birth_date", "phone", "address", "other_document"].into_iter().all(|field| self.cell(field).is_blank())
    }

    /// Whether name and number, where something stands there, are formulas without a value.
    pub(super) fn only_formulas(&self) -> bool {
        let both = ["name", "id_number"].map(|field| self.cell(field));
        both.contains(&Cell::NoValue) && both.iter().all(|cell| matches!(cell, Cell::NoValue | Cell::Empty))
    }

    /// Whether it holds a running number and nothing else.
    pub(super) fn only_counts(&self) -> bool {
        self.texts().iter().all(|text| text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()))
    }

    pub(super) fn is_header_again(&self) -> bool {
        let same = |column: &&FoundColumn| !column.header.is_empty() && column.header == self.row.cell(column.column).text();
        self.header.columns.iter().filter(same).count() >= 3
    }

    /// Totals, signatures, remarks below the list, repeated headers.
    pub(super) fn is_title_or_total(&self, texts: &[String]) -> bool {
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
        let opens = |words: &[&str]| {
            texts.iter().take(3).any(|text| {
                let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                words.iter().any(|word| text.starts_with(word))
            })
        };
        opens(ENDS) || opens(SIGNED) || self.is_header_again()
    }

    /// What is to be asked about the row before it is taken.
    pub(super) fn asked(&self, name: &str, around: &Around<'_>) -> Option<Vec<Asked>> {
        let mut asked = Vec::new();
        let mut ask = |problem, gone| asked.push(Asked { problem, gone });
        let first: Vec<String> = (self.reach.0..=self.reach.1).take(2).map(|column| self.row.cell(column).text()).collect();
        let example = ["示例", "样例", "范例", "例如", "举例"]
            .iter()
            .any(|word| name.contains(word) || first.iter().any(|text| text.starts_with(word)))
            || first.iter().any(|text| matches!(text.as_str(), "例" | "例：" | "例:"));
        if example {
            ask(self.problem("example_row", "name", say!(import::ROW_IS_EXAMPLE)), None);
        }
        if self.row.hidden {
            ask(self.problem("hidden_row", "name", say!(import::ROW_IS_HIDDEN)), None);
        }
        if self.struck {
            ask(self.problem("struck_row", "name", say!(import::ROW_IS_STRUCK)), None);
        }
        let said = || around.section_gone.clone().or_else(|| around.title_gone.clone());
        let around = || said().map(|(status, words)| gone::Gone { status, words, column: None });
        if let Some(gone) = gone::in_row(&self.row, self.header).or_else(around) {
            let message = say!(left_out::row_says_gone(&gone.words));
            ask(Problem { code: "gone", message, column: gone.column }, Some(gone));
        }
        (!asked.is_empty()).then_some(asked)
    }

    pub(super) fn parse(&self, around: &mut Around<'a>, scope: &str) -> (String, Result<OfficeElder, Vec<Problem>>) {
        let mut fields = Fields::new();
        let (mut problems, mut notes) = (Vec::new(), Vec::new());
        let name = values::name(self.cell("name"));
        match &name {
            Some(name) => name.put("name", &mut fields),
            None if self.cell("name") == Cell::NoValue => problems.push(self.no_value("name")),
            None => problems.push(self.problem("name_missing", "name", say!(import::NAME_MISSING))),
        }
        let id = self.identity(&mut fields, &mut problems, &mut notes);
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
        self.division(around, scope, &mut fields, &mut problems, &mut notes);
        self.phones(&mut fields, &mut problems, &mut notes);
        self.words(around, &mut fields, &mut notes);
        if id.is_none() && !problems.iter().any(|problem| matches!(problem.code, "bad_id" | "bad_date" | "formula")) {
            let village = matches!(fields.get("division"), Some(Value::Text(code)) if code.len() == 12);
            if !fields.contains_key("other_document") && (!village || !fields.contains_key("birth_date")) {
                problems.push(self.problem("id_missing", "id_number", say!(import::ID_NUMBER_MISSING)));
            }
        }
        let shown = name.unwrap_or_default();
        notes.extend(self.struck_out());
        if problems.is_empty() {
            (shown, Ok(OfficeElder { fields, id_number: id, notes, ..OfficeElder::default() }))
        } else {
            problems.extend(self.struck_out().into_iter().map(|message| Problem { code: "struck_part", message, column: None }));
            (shown, Err(problems))
        }
    }

    fn no_value(&self, field: &str) -> Problem {
        self.problem("formula", field, say!(left_out::formula_without_value(RecordKind::Elder.label_of(field))))
    }

    fn identity(&self, fields: &mut Fields, problems: &mut Vec<Problem>, notes: &mut Vec<String>) -> Option<IdNumber> {
        let cell = self.cell("id_number");
        values::document(self.cell("other_document")).put("other_document", fields);
        if cell == Cell::NoValue {
            problems.push(self.no_value("id_number"));
            return None;
        }
        let mut other = |document: String| {
            document.put("other_document", fields);
            notes.push(say!(import::TAKEN_AS_OTHER_DOCUMENT).to_owned());
        };
        match values::identity(cell)? {
            Identity::Number(id) => return Some(id),
            Identity::Both(id, document) => {
                other(document);
                return Some(id);
            }
            Identity::Document(document) => other(document),
            Identity::Wrong(error) => problems.push(self.problem("bad_id", "id_number", say!(elder::id_number(error)))),
        }
        None
    }

    /// The birth date of the list. Beside an ID number it only has to agree, where it can be read.
    fn birth_date(&self, id: Option<&IdNumber>, problems: &mut Vec<Problem>) -> Option<Birth> {
        let cell = self.cell("birth_date");
        let birth = dates::of_cell(cell);
        let without = self.cell("id_number").is_blank() && self.cell("other_document").is_blank();
        match (birth, id) {
            (Some(birth), Some(id)) if !birth.agrees(id.birth_date()) => {
                let message = say!(import::birth_date_differs(&cell.text(), id.birth_date()));
                problems.push(self.problem("birth_mismatch", "birth_date", message));
            }
            (None | Some(Birth::Year(_)), None) if without && values::text(cell, 40).is_some() => {
                let message = say!(import::birth_date_unread(&cell.text()));
                problems.push(self.problem("bad_date", "birth_date", message));
            }
            _ => {}
        }
        birth
    }

    /// The cell of a place; one that says "as above", or is blank below a place that is written once, has the value above it.
    pub(super) fn place(&self, around: &mut Around<'a>, which: usize, notes: &mut Vec<String>) -> Cell<'a> {
        let cell = self.cell(PLACES[which]);
        let once = around.once.get(which).copied().unwrap_or_default();
        if is_ditto(cell) {
            return around.last[which];
        }
        if cell.is_blank() && once {
            if which == 1 && around.last[which] != Cell::Empty {
                notes.push(say!(left_out::village_from_above(&around.last[which].text())));
            }
            return around.last[which];
        }
        if !cell.is_blank() {
            around.last[which] = cell;
        }
        cell
    }

    fn division(&self, around: &mut Around<'a>, scope: &str, fields: &mut Fields, problems: &mut Vec<Problem>, notes: &mut Vec<String>) {
        let (town, village) = (self.place(around, 0, notes), self.place(around, 1, notes));
        let (town, mut village) = (values::text(town, 60), values::text(village, 60));
        let written = village.is_some();
        if village.is_none() {
            village = around.section.clone().or_else(|| around.sheet_village.clone());
        }
        let (asked_town, asked_village) = (town.as_deref().unwrap_or_default(), village.as_deref().unwrap_or_default());
        let problem = match villages::resolve(scope, town.as_deref(), village.as_deref()) {
            // With an empty cell the town is only a guess; it is kept for elders that are new.
            Ok(code) => {
                if code.len() < 12 && !written {
                    notes.push(say!(left_out::filed_under_the_town(shared::division::name(&code))));
                } else if code.len() == 12 && villages::says_more(&code, asked_village) {
                    notes.push(say!(left_out::filed_under(asked_village, shared::division::short_name(&code))));
                }
                return code.put("division", fields);
            }
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
}
