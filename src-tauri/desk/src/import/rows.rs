//! From rows to elders: each row of the lists that are taken becomes the fields the office gave, or every reason why not. What is no
//! person (totals, signatures, repeated headers, a village over its people) is named and left out.

use super::gone::{Gone, in_text};
use super::lists::{List, of};
use super::profile::is_village;
use super::row::{Around, Row};
use super::{Cell, Header, Sheet};
use shared::command::{AskedAct, LeftOut, ListChoice};
use shared::kinds::ElderStatus;
use shared::rule::id_number::IdNumber;
use shared::rule::listed::same_person;
use shared::say;
use shared::schema::Fields;
use std::collections::HashMap;
use std::fmt;

/// Rows that are no persons and are named one by one.
const NAMED: usize = 200;

/// A row of a list.
#[derive(Clone, Debug)]
pub struct ParsedRow {
    /// Which of the file's lists.
    pub list: usize,
    /// The row in the file, from 1.
    pub row: u32,
    /// 姓名, for the eye; may be empty.
    pub name: String,
    /// The column of names, from 0.
    pub name_column: Option<u32>,
    /// The elder, or all that is wrong.
    pub elder: Result<OfficeElder, Vec<Problem>>,
    /// The elder of a row that is only asked about.
    pub asked: Option<OfficeElder>,
}

/// An elder as the office's list has them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OfficeElder {
    /// The fields that the list gave, named as in the record.
    pub fields: Fields,
    /// The ID number, also among the fields.
    pub id_number: Option<IdNumber>,
    /// What of the row is left out, or taken for something, in words.
    pub notes: Vec<String>,
    /// What the list says of somebody who is gone.
    pub gone: Option<Gone>,
    /// Whether the file is to be closed as it says.
    pub closes: bool,
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
    /// For scripts: `name_missing`, `id_missing`, `bad_id`, `bad_date`, `birth_mismatch`, `bad_phone`, `unknown_village`,
    /// `division_missing`, `outside_scope`, `duplicate_in_file`, `formula`, `struck_part`; of rows that are asked about `hidden_row`, `struck_row`,
    /// `gone`, `example_row`.
    pub code: &'static str,
    /// For people, in the language that is spoken.
    pub message: String,
    /// The column (from 0) that is wrong.
    pub column: Option<u32>,
}

/// The rows of the lists one after the other, so that a long list is never in memory as elders.
#[derive(Debug)]
pub struct ListRows<'a> {
    sheets: &'a [Sheet],
    lists: &'a [List],
    scope: &'a str,
    choices: &'a [ListChoice],
    /// The list under way, and the row in it.
    list: usize,
    at: usize,
    around: Around<'a>,
    done: u64,
    /// The list and row where each person stood first.
    firsts: HashMap<Box<str>, (usize, u32)>,
    left: Vec<LeftOut>,
    unnamed: u64,
}

impl<'a> ListRows<'a> {
    /// From the first row on; `scope` is the town or wider area of this desk.
    #[must_use]
    pub fn new(sheets: &'a [Sheet], lists: &'a [List], scope: &'a str, choices: &'a [ListChoice]) -> Self {
        let mut rows = Self {
            sheets,
            lists,
            scope,
            choices,
            list: 0,
            at: 0,
            around: Around::default(),
            done: 0,
            firsts: HashMap::new(),
            left: Vec::new(),
            unnamed: 0,
        };
        rows.enter(0);
        rows
    }

    /// Rows read so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// All rows of the lists that are taken.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.lists.iter().filter(|list| list.left.is_none()).map(|list| (list.rows.1 - list.rows.0) as u64).sum()
    }

    /// The rows that were no persons, once all are read.
    #[must_use]
    pub fn left_out(mut self) -> Vec<LeftOut> {
        if let Some(last) = self.left.last().filter(|_| self.unnamed > 0).cloned() {
            let message = say!(left_out::more_rows_left_out(self.unnamed));
            self.left.push(LeftOut { rows: self.unnamed, place: String::new(), code: "more_rows".into(), message, ..last });
        }
        self.left
    }

    /// Begins with the first list that is taken, from a place on.
    fn enter(&mut self, from: usize) {
        let taken = self.lists.iter().enumerate().skip(from).find(|(_, list)| list.left.is_none());
        self.list = taken.map_or(self.lists.len(), |(at, _)| at);
        if let Some(list) = self.lists.get(self.list) {
            self.at = list.rows.0;
            self.around = Around::of(&self.sheets[list.sheet], list, self.scope);
        }
    }

    fn leave_out(&mut self, code: &'static str, row: &Row<'_>, message: String) {
        if self.left.len() < NAMED {
            self.left.push(of("row", code, &self.sheets[self.lists[self.list].sheet], &row.row.number.to_string(), 1, message));
        } else {
            self.unnamed += 1;
        }
    }

    /// What a row is that is no person, if it is none; what it says of those below is remembered.
    fn is_no_person(&mut self, row: &Row<'_>) -> bool {
        let texts = row.texts();
        if texts.is_empty() {
            return true;
        }
        if row.goes_on() {
            self.leave_out("goes_on", row, say!(left_out::row_goes_on(row.row.number)));
            return true;
        }
        if row.has_number() {
            return false;
        }
        if let [only] = &texts[..]
            && let Some((village, gone)) = section(only)
        {
            if village {
                self.around.section = Some(only.trim_end_matches(['：', ':']).to_owned());
            }
            self.around.section_gone = gone;
            return true;
        }
        let formulas = row.only_formulas();
        if row.names_nobody() || formulas || row.is_title_or_total(&texts) {
            // A header that is printed again on each page says nothing new, nor does a running number before empty cells.
            if formulas {
                self.leave_out("formula", row, say!(left_out::row_of_formulas(row.row.number)));
            } else if !row.is_header_again() && !row.only_counts() {
                self.leave_out("no_person", row, say!(left_out::row_is_no_person(row.row.number, &shortly(&texts))));
            }
            return true;
        }
        false
    }
}

/// What a row with one text says of the rows below it: a village, or that they are gone.
fn section(text: &str) -> Option<(bool, Option<(ElderStatus, String)>)> {
    let gone = in_text(text);
    let plain = text.trim_end_matches(['：', ':']);
    let named = is_village(plain.split(['（', '(', ' ', '　', '共']).next().unwrap_or_default());
    (named || gone.is_some()).then_some((named, gone))
}

fn shortly(texts: &[String]) -> String {
    let all = texts.join(" ");
    if all.chars().count() > 40 { all.chars().take(39).chain(['…']).collect() } else { all }
}

impl Iterator for ListRows<'_> {
    type Item = ParsedRow;

    fn next(&mut self) -> Option<ParsedRow> {
        loop {
            let list = self.lists.get(self.list)?;
            if self.at >= list.rows.1 {
                self.enter(self.list + 1);
                continue;
            }
            let sheet = &self.sheets[list.sheet];
            let row = sheet.row(self.at)?;
            self.at += 1;
            self.done += 1;
            let row = Row::of(row, &list.header, self.around.reach);
            if self.is_no_person(&row) {
                continue;
            }
            let (name, mut elder) = row.parse(&mut self.around, self.scope);
            let mut kept = None;
            if let Some(asked) = row.asked(&name, &self.around) {
                kept = elder
                    .as_ref()
                    .ok()
                    .map(|elder| OfficeElder { gone: asked.iter().find_map(|asked| asked.gone.clone()), ..elder.clone() });
                elder = answered(elder, asked, self.choices);
            }
            if let Ok(found) = &elder {
                let here = (self.list, row.row.number);
                let first = *self.firsts.entry(key(found)).or_insert(here);
                if first != here {
                    elder = Err(vec![twice(&list.header, found, &self.sheets[self.lists[first.0].sheet], sheet, first.1)]);
                }
            }
            let asked = kept.filter(|_| elder.is_err());
            return Some(ParsedRow { list: self.list, row: row.row.number, name, name_column: list.header.column("name"), elder, asked });
        }
    }
}

/// What is asked about a row, or all that is.
pub(super) struct Asked {
    pub(super) problem: Problem,
    pub(super) gone: Option<Gone>,
}

/// A row about which something is asked: what was answered, or the question as what keeps it from being taken.
fn answered(elder: Result<OfficeElder, Vec<Problem>>, asked: Vec<Asked>, choices: &[ListChoice]) -> Result<OfficeElder, Vec<Problem>> {
    let mut open = Vec::new();
    let mut elder = elder;
    for asked in asked {
        let answer = choices.iter().rev().find_map(|choice| match choice {
            ListChoice::Rows { rows, act } if rows == asked.problem.code => Some(*act),
            _ => None,
        });
        match (&mut elder, answer) {
            (_, None) => open.push(asked.problem),
            (Ok(elder), Some(act)) => {
                elder.closes |= act == AskedAct::Close && asked.gone.is_some();
                elder.gone = asked.gone.or(elder.gone.take());
            }
            (Err(_), Some(_)) => {}
        }
    }
    if open.is_empty() {
        return elder;
    }
    // What is wrong with the row counts only once it is wanted.
    Err(open.into_iter().chain(elder.err().unwrap_or_default()).collect())
}

fn twice(header: &Header, found: &OfficeElder, first_sheet: &Sheet, sheet: &Sheet, first: u32) -> Problem {
    let column = header.column("id_number").filter(|_| found.id_number.is_some()).or_else(|| header.column("name"));
    let message = if first_sheet.name == sheet.name {
        say!(import::twice_in_the_list(first))
    } else {
        say!(import::twice_in_the_file(&first_sheet.name, first))
    };
    Problem { code: "duplicate_in_file", message, column }
}

/// What makes two rows the same person.
fn key(elder: &OfficeElder) -> Box<str> {
    match &elder.id_number {
        Some(id) => id.as_str().into(),
        None => same_person(&elder.fields).into(),
    }
}

/// Whether a cell only says "as above".
pub(super) fn is_ditto(cell: Cell<'_>) -> bool {
    matches!(cell.text().as_str(), "同上" | "同上行" | "〃" | "″" | "\"" | "”" | "“" | "''" | "~" | "～" | "同")
}
