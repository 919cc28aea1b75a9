//! The lists in a file: on which sheets, beside and below each other, which of them are taken, and what is left out. Nothing is left out
//! without a word: a sheet that nobody sees, a sheet of examples, a column that stands for nothing, numbers of people beside the list.

use super::header::{Header, find_headers, is_header_again};
use super::header_words::{exactly, fields, normalised, says_nothing};
use super::sheet::Shown;
use super::values::{Identity, identity};
use super::{OfficeFile, Sheet, headerless};
use shared::command::{FoundList, LeftOut, ListChoice};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::id_number::IdNumberError;
use shared::say;
use shared::schema::Language;
use std::collections::BTreeMap;

/// People that stand at most on a sheet of examples.
const EXAMPLES: usize = 5;
/// Rows among which the header of a further list begins.
const NEXT_HEADER: usize = 4;
/// Rows in which the first header of a sheet is looked for.
const ANYWHERE: usize = 60;

/// What the person who imports decided, and what the office decided before.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Sheets, columns and rows; the later counts.
    pub now: Vec<ListChoice>,
    /// Of former files: words above columns, normalised, and the field; an empty one for none.
    pub words: BTreeMap<String, String>,
}

/// A list: the rows below a header, on one sheet.
#[derive(Clone, Debug)]
pub struct List {
    /// Which sheet of the file.
    pub sheet: usize,
    /// Its header.
    pub header: Header,
    /// What the header was taken for before anybody chose.
    pub guessed: Header,
    /// Its first row and the one behind its last, among those with a value.
    pub rows: (usize, usize),
    /// Why it is not taken, as a code word; none if it is.
    pub left: Option<&'static str>,
}

/// All lists of a file, and what is no part of any.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// In the order of the file.
    pub lists: Vec<List>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

impl Lists {
    /// Finds the lists of a file.
    ///
    /// # Errors
    /// When there is none, or only where nobody sees it.
    pub fn of(file: &OfficeFile, choices: &Choices) -> Result<Self, Fault> {
        let mut lists: Vec<List> = Vec::new();
        for (at, sheet) in file.sheets.iter().enumerate().filter(|(_, sheet)| !is_our_own(sheet)) {
            let found = of_sheet(at, sheet);
            let bare = if found.is_empty() { headerless::find(at, sheet) } else { None };
            lists.extend(found.into_iter().chain(bare));
        }
        if lists.is_empty() {
            return Err(fault!(Code::BadFile, import::NO_HEADER));
        }
        let real = |lists: &[List]| lists.iter().any(|list| file.sheets[list.sheet].shown == Shown::Visible && !is_example(file, list));
        let others = real(&lists);
        for (number, list) in lists.iter_mut().enumerate() {
            let sheet = &file.sheets[list.sheet];
            let left = match sheet.shown {
                Shown::Hidden => Some("hidden_sheet"),
                Shown::VeryHidden => Some("very_hidden_sheet"),
                Shown::Visible if others && is_example(file, list) => Some("example_sheet"),
                Shown::Visible => list.left,
            };
            let chosen = choices.now.iter().rev().find_map(|choice| match choice {
                ListChoice::Sheet { sheet: name, take } if *name == sheet.name => Some(*take),
                _ => None,
            });
            list.left = match chosen {
                Some(true) => None,
                Some(false) => Some(left.unwrap_or("sheet_not_wanted")),
                None => left,
            };
            correct(list, number, choices);
        }
        let hidden = |list: &List| list.left.is_some_and(|code| code != headerless::CODE);
        if lists.iter().all(hidden) && !choices.now.iter().any(|choice| matches!(choice, ListChoice::Sheet { .. })) {
            let names: Vec<String> = lists.iter().map(|list| file.sheets[list.sheet].name.clone()).collect();
            return Err(fault!(Code::BadFile, import::only_hidden_sheets(&names)));
        }
        let mut found = Self { lists, left_out: Vec::new() };
        found.name_what_is_left(file);
        Ok(found)
    }

    /// Whether nothing is taken before somebody has looked at columns that have no words.
    #[must_use]
    pub fn all_without_header(&self) -> bool {
        let waits = |list: &List| list.left == Some(headerless::CODE);
        self.lists.iter().all(|list| list.left.is_some()) && self.lists.iter().any(waits)
    }

    /// What a script is told that nobody looks over the shoulder of: which columns were taken for what.
    pub(crate) fn to_look_at(&self, file: &OfficeFile) -> Fault {
        let told = self.lists.iter().filter(|list| list.left == Some(headerless::CODE)).map(|list| {
            let field = |name: &str| fields().into_iter().find(|(field, _)| *field == name).map_or("", |(_, label)| label.said());
            let taken = list.header.columns.iter().filter_map(|column| Some((letters(column.column), field(column.field.as_deref()?))));
            (file.sheets[list.sheet].name.clone(), taken.collect())
        });
        let told: Vec<(String, Vec<(String, &str)>)> = told.collect();
        fault!(Code::BadFile, import::columns_by_values(&told))
    }

    /// The lists as a person sees them.
    #[must_use]
    pub fn shown(&self, file: &OfficeFile) -> Vec<FoundList> {
        let shown = |list: &List| FoundList {
            sheet: file.sheets[list.sheet].name.clone(),
            header_row: list.header.row,
            rows: (list.rows.1 - list.rows.0) as u64,
            taken: list.left.is_none(),
            code: list.left.unwrap_or_default().to_owned(),
            columns: list.header.columns.clone(),
        };
        self.lists.iter().map(shown).collect()
    }

    /// Words above columns for which somebody chose another field than they were taken for.
    #[must_use]
    pub fn learnt(&self) -> BTreeMap<String, String> {
        let mut words = BTreeMap::new();
        for list in self.lists.iter().filter(|list| list.left.is_none()) {
            for (now, before) in list.header.columns.iter().zip(&list.guessed.columns) {
                let word = normalised(&now.header).0;
                if !word.is_empty() && now.field != before.field {
                    words.insert(word, now.field.clone().unwrap_or_default());
                }
            }
        }
        words
    }

    fn name_what_is_left(&mut self, file: &OfficeFile) {
        let mut left = Vec::new();
        let mut without = Vec::new();
        for (at, sheet) in file.sheets.iter().enumerate().filter(|(_, sheet)| !is_our_own(sheet)) {
            let lists: Vec<&List> = self.lists.iter().filter(|list| list.sheet == at).collect();
            if lists.is_empty() {
                let people = sheet.rows().flat_map(|row| row.cells().collect::<Vec<_>>()).filter(|cell| is_person(*cell)).count() as u64;
                if people > 0 {
                    left.push(of("sheet", "no_list", sheet, "", people, say!(left_out::sheet_without_header(&sheet.name, people))));
                } else if sheet.shown == Shown::Visible {
                    without.push(sheet);
                }
                continue;
            }
            for list in lists {
                if let Some(code) = list.left {
                    let rows = (list.rows.1 - list.rows.0) as u64;
                    left.push(of("sheet", code, sheet, "", rows, say!(left_out::sheet_left_out(code, &sheet.name, rows))));
                } else {
                    left.extend(beside(sheet, list));
                }
            }
        }
        if let Some(first) = without.first() {
            let names: Vec<String> = without.iter().map(|sheet| sheet.name.clone()).collect();
            left.push(of("sheet", "no_list", first, "", 0, say!(left_out::sheets_without_list(&names))));
        }
        self.left_out = left;
    }
}

/// Something that is left out.
pub(super) fn of(what: &str, code: &str, sheet: &Sheet, place: &str, rows: u64, message: String) -> LeftOut {
    LeftOut { what: what.to_owned(), code: code.to_owned(), sheet: sheet.name.clone(), place: place.to_owned(), rows, message }
}

/// Columns of a list that stand for nothing, and numbers of people that stand where no list reads them.
fn beside(sheet: &Sheet, list: &List) -> Vec<LeftOut> {
    let mut left = Vec::new();
    let is_reason = |word: &str| Language::ALL.into_iter().any(|language| shared::label!(import::REASON).of(language) == word);
    let silent = list.header.columns.iter().filter(|column| column.field.is_none() && !column.samples.is_empty());
    let silent = silent.filter(|column| !says_nothing(&column.header) && !is_reason(&column.header) && !is_count(&column.samples));
    let names: Vec<String> =
        silent.map(|column| if column.header.is_empty() { letters(column.column) } else { column.header.clone() }).collect();
    if !names.is_empty() {
        left.push(of("column", "column_not_taken", sheet, &names.join(" "), 0, say!(left_out::columns_not_taken(&sheet.name, &names))));
    }
    if list.header.column("division").is_none() {
        left.push(of("column", "no_village_column", sheet, "", 0, say!(left_out::no_village_column(&sheet.name))));
    }
    let (first, last) = list.header.reach();
    let above = sheet.rows().take_while(|row| row.number < list.header.row).flat_map(|row| {
        (first..=last).filter(move |column| is_person(row.cell(*column))).map(move |column| format!("{}{}", letters(column), row.number))
    });
    let above: Vec<String> = above.collect();
    if !above.is_empty() {
        let count = above.len() as u64;
        left.push(of("row", "above_header", sheet, &above.join(" "), count, say!(left_out::people_above_the_header(&sheet.name, &above))));
    }
    left
}

/// Running numbers, which stand in many a column without a word.
fn is_count(samples: &[String]) -> bool {
    samples.iter().all(|sample| sample.len() <= 5 && sample.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the number of a person stands there, also one with a slip in it: she is no less a person.
fn is_person(cell: super::Cell<'_>) -> bool {
    use IdNumberError::{BirthDate, CheckDigit, Rounded};
    // Also as a spreadsheet writes what it took for a number: 4.45E+17.
    let (digits, number) = match cell {
        super::Cell::Text(text) if (8..200).contains(&text.len()) => {
            (text.bytes().filter(u8::is_ascii_digit).count(), text.trim().parse::<f64>().is_ok_and(|number| number >= 1e14))
        }
        super::Cell::Number(number) => (0, number >= 1e14),
        _ => return false,
    };
    match identity(cell) {
        Some(Identity::Wrong(Rounded)) => number,
        Some(Identity::Wrong(BirthDate | CheckDigit) | Identity::Number(_) | Identity::Both(..)) => digits >= 14,
        _ => false,
    }
}

/// A column as spreadsheets name it.
pub(super) fn letters(column: u32) -> String {
    let letter = |at: u32| char::from(b'A' + (at % 26) as u8);
    if column < 26 { letter(column).to_string() } else { format!("{}{}", letter(column / 26 - 1), letter(column)) }
}

/// The second sheet of a workbook of errors, which only says what was left out.
fn is_our_own(sheet: &Sheet) -> bool {
    Language::ALL.into_iter().any(|language| shared::label!(import::LEFT_OUT).of(language) == sheet.name)
}

fn is_example(file: &OfficeFile, list: &List) -> bool {
    let name = &file.sheets[list.sheet].name;
    let words = ["示例", "样例", "范例", "样表", "模板", "范本", "填写", "说明", "例表", "example", "template"];
    list.rows.1 - list.rows.0 <= EXAMPLES && words.iter().any(|word| name.to_lowercase().contains(word))
}

/// The lists of one sheet.
fn of_sheet(at: usize, sheet: &Sheet) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    let (mut from, mut window) = (0, ANYWHERE);
    loop {
        let headers = find_headers(sheet, from, window);
        let Some(last_row) = headers.iter().map(|header| header.last_row).max() else {
            // What stands above the first list may be longer than anybody thinks.
            from += window;
            if !lists.is_empty() || from >= sheet.len() {
                return lists;
            }
            continue;
        };
        let begin = sheet.behind(last_row);
        let next = next_header(sheet, begin, &headers);
        let end = next.unwrap_or(sheet.len());
        lists.extend(headers.into_iter().map(|header| List { sheet: at, guessed: header.clone(), header, rows: (begin, end), left: None }));
        let Some(next) = next else { return lists };
        (from, window) = (next, NEXT_HEADER);
    }
}

/// The next row that is a header with other columns than the one above.
fn next_header(sheet: &Sheet, begin: usize, headers: &[Header]) -> Option<usize> {
    let fields = |headers: &[Header]| -> Vec<(u32, String)> {
        headers.iter().flat_map(|header| &header.columns).filter_map(|column| Some((column.column, column.field.clone()?))).collect()
    };
    let known = fields(headers);
    let telling: Vec<u32> =
        known.iter().filter(|(_, field)| matches!(field.as_str(), "name" | "id_number" | "phone")).map(|(column, _)| *column).collect();
    (begin..sheet.len()).find(|at| {
        let Some(row) = sheet.row(*at) else { return false };
        let named = telling.iter().any(|column| matches!(row.cell(*column), super::Cell::Text(text) if text.len() < 60 && exactly(text)));
        if !named || !is_header_again(sheet, *at) {
            return false;
        }
        let again = find_headers(sheet, *at, NEXT_HEADER);
        // The same header printed again on each page has the same fields in the same places.
        let found = fields(&again);
        found.len() * 2 >= known.len() && found.iter().any(|field| !known.contains(field))
    })
}

/// Takes columns for what the office chose before, and for what is chosen now.
fn correct(list: &mut List, number: usize, choices: &Choices) {
    for at in 0..list.header.columns.len() {
        let column = &list.header.columns[at];
        if let Some(field) = choices.words.get(&normalised(&column.header).0).filter(|_| !column.header.is_empty()) {
            let (column, field) = (column.column, field.clone());
            list.header.take(column, Some(field.as_str()).filter(|field| !field.is_empty()));
        }
    }
    // What is remembered once is not learnt again.
    let remembered = list.header.clone();
    for choice in &choices.now {
        if let ListChoice::Column { list: chosen, column, field } = choice
            && *chosen as usize == number
        {
            list.header.take(*column, field.as_deref());
        }
    }
    list.guessed = remembered;
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::is_person;

    #[test]
    fn a_number_with_a_slip_is_somebodys_and_a_telephone_is_nobodys() {
        for text in
            ["445381192801141162", "445381192801141163", "44538119280114116X", "445381192813411162", "4.45381E+17", "445381192801141000"]
        {
            assert!(is_person(Cell::Text(text)), "{text}");
        }
        assert!(is_person(Cell::Number(445_381_192_801_141_120.0)));
        for text in ["TEL：+86 138 1234 5678、0766-8812345", "2026年11月22日 10:30-12:30", "罗城街道长者助餐名单", "13812345678"]
        {
            assert!(!is_person(Cell::Text(text)), "{text}");
        }
        assert!(!is_person(Cell::Number(13_812_345_678.0)));
    }
}
