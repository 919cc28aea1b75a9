//! Finding the header of a list: below title rows, in one row or two, under whatever words the
//! office uses. What each column is taken for can be corrected by the person who imports.

use super::header_words::{fields, recognise};
use super::{Cell, Sheet, SheetRow};
use shared::command::{ColumnChoice, FoundColumn};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::{id_number::IdNumber, phone::PhoneNumber};

/// Rows that may stand above the header.
const SEARCHED_ROWS: usize = 60;
/// Bytes of the longest text that is looked at as a header's word.
const LONGEST_WORD: usize = 400;
/// Values shown for each column.
const SAMPLES: usize = 3;

/// The header as found, with what each column is taken for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// Its row in the file, from 1.
    pub row: u32,
    /// Its last row: the next one where it takes two.
    pub last_row: u32,
    /// The columns with a word above them or a value below.
    pub columns: Vec<FoundColumn>,
}

impl Header {
    /// The column taken for a field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<u32> {
        self.columns.iter().find(|column| column.field.as_deref() == Some(field)).map(|column| column.column)
    }
}

/// Finds the row (or two) whose words name the most fields.
///
/// # Errors
/// A fault when no row names at least two.
pub fn find_header(sheet: &Sheet) -> Result<Header, Fault> {
    let (at, rows, _) = best(sheet).ok_or_else(|| fault!(Code::BadFile, import::NO_HEADER))?;
    let words = words_of(sheet, at, rows);
    let number = |at| sheet.row(at).map_or(0, |row| row.number);
    let (row, last) = (number(at), number(at + rows - 1));
    let below = || sheet.rows().skip(at + rows);
    let width = below().take(200).map(|row| row.width()).chain([words.len()]).max().unwrap_or_default();
    let taken = assign(&words);
    let columns = (0..width).filter_map(|at| {
        let column = u32::try_from(at).ok()?;
        let values = below().map(|row| row.cell(column)).filter(|cell| !cell.is_blank());
        let samples: Vec<String> = values.take(SAMPLES).map(|cell| cell.text()).collect();
        let header = words.get(at).cloned().unwrap_or_default();
        let field = taken.get(at).copied().flatten().map(str::to_owned);
        (!header.is_empty() || !samples.is_empty()).then_some(FoundColumn { column, header, field, samples })
    });
    Ok(Header { row, last_row: last, columns: columns.collect() })
}

/// Corrects what columns are taken for; a field that moves leaves its former column.
pub fn apply_mapping(header: &mut Header, choices: &[ColumnChoice]) {
    for choice in choices {
        let known = choice.field.as_deref().filter(|field| fields().iter().any(|(name, _)| name == field));
        for column in &mut header.columns {
            if column.column == choice.column {
                column.field = known.map(str::to_owned);
            } else if known.is_some() && column.field.as_deref() == known {
                column.field = None;
            }
        }
    }
}

/// How many fields the best header of the sheet names.
pub(super) fn likeness(sheet: &Sheet) -> usize {
    best(sheet).map_or(0, |(_, _, score)| score)
}

/// Index of the row, count of rows and score of the best header.
fn best(sheet: &Sheet) -> Option<(usize, usize, usize)> {
    let mut best = None;
    for at in 0..sheet.len().min(SEARCHED_ROWS) {
        for rows in [1, 2] {
            if (at..at + rows).any(|at| sheet.row(at).is_none_or(looks_like_data)) {
                continue;
            }
            let words = words_of(sheet, at, rows);
            let taken = assign(&words);
            let score = taken.iter().flatten().count() + usize::from(taken.contains(&Some("name")));
            if score >= 2 && best.is_none_or(|(_, _, highest)| score > highest) {
                best = Some((at, rows, score));
            }
        }
    }
    best
}

/// A row with numbers of persons or phones is no header.
fn looks_like_data(row: SheetRow<'_>) -> bool {
    row.cells().any(|cell| match cell {
        Cell::Text(text) => text.len() <= LONGEST_WORD && (IdNumber::parse(text).is_ok() || PhoneNumber::parse(text).is_ok()),
        Cell::Number(number) => number >= 1e6,
        Cell::Date(_) => true,
        _ => false,
    })
}

/// What may stand above a column; a whole essay does not.
fn word(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) if text.len() > LONGEST_WORD => String::new(),
        cell => cell.text(),
    }
}

/// The words of a header; in two rows the upper word also stands over the blank cells right of it.
fn words_of(sheet: &Sheet, at: usize, rows: usize) -> Vec<String> {
    let Some(upper) = sheet.row(at) else { return Vec::new() };
    let Some(lower) = sheet.row(at + 1).filter(|_| rows == 2) else {
        return upper.cells().map(word).collect();
    };
    let width = u32::try_from(upper.width().max(lower.width())).unwrap_or_default();
    let mut carried = String::new();
    let mut words = Vec::new();
    for column in 0..width {
        let (above, below) = (word(upper.cell(column)), word(lower.cell(column)));
        if !above.is_empty() {
            carried.clone_from(&above);
        }
        words.push(match (above.is_empty(), below.is_empty()) {
            (_, true) => above,
            (false, false) => format!("{above}{below}"),
            (true, false) => format!("{carried}{below}"),
        });
    }
    words
}

/// The field of each column: for each field the best and then the leftmost word.
fn assign(words: &[String]) -> Vec<Option<&'static str>> {
    let fits: Vec<Option<(&'static str, u8)>> = words.iter().map(|word| recognise(word)).collect();
    let mut taken = vec![None; words.len()];
    for (field, _) in fields() {
        let mut columns: Vec<(u8, usize)> =
            fits.iter().enumerate().filter_map(|(at, fit)| fit.filter(|(name, _)| *name == field).map(|(_, fit)| (fit, at))).collect();
        columns.sort_unstable();
        if let Some((_, at)) = columns.first() {
            taken[*at] = Some(field);
        }
        let second = columns.get(1).filter(|_| field == "phone" && !fits.iter().flatten().any(|(name, _)| *name == "second_phone"));
        if let Some((_, at)) = second {
            taken[*at] = Some("second_phone");
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Collector;
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let mut collector = Collector::default();
        for (at, row) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*row) {
                collector.put(at, column, Cell::Text(text)).unwrap();
            }
        }
        collector.finish("名单")
    }

    fn fields(header: &Header) -> Vec<&str> {
        header.columns.iter().map(|column| column.field.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn below_titles_in_one_row_or_two() {
        let one = sheet(&[
            &["花名册"],
            &["填报单位：罗城街道"],
            &["序号", "姓名", "身份证号", "联系电话", "电话2"],
            &["1", "王冬梅", "445381192801141162", "18773589597"],
        ]);
        let header = find_header(&one).unwrap();
        assert_eq!((header.row, header.last_row, fields(&header)), (3, 3, vec!["-", "name", "id_number", "phone", "second_phone"]));
        assert_eq!(header.columns[1].samples, ["王冬梅"]);

        let two = sheet(&[
            &["花名册"],
            &["序号", "姓名", "身份证号", "紧急联系人", "", "住址"],
            &["", "", "", "姓名", "电话"],
            &["1", "王冬梅", "445381192801141162", "王小", "18773589597", "细坑"],
        ]);
        let header = find_header(&two).unwrap();
        assert_eq!((header.row, header.last_row), (2, 3));
        assert_eq!(fields(&header), ["-", "name", "id_number", "emergency_name", "emergency_phone", "address"]);
    }

    #[test]
    fn the_better_address_and_the_second_phone() {
        let header = find_header(&sheet(&[&["姓名", "户籍地址", "现住址", "联系电话", "手机号码"]])).unwrap();
        assert_eq!(fields(&header), ["name", "-", "address", "phone", "second_phone"]);
    }

    #[test]
    fn a_choice_moves_a_field() {
        let mut header = find_header(&sheet(&[&["姓名", "电话", "某列"]])).unwrap();
        apply_mapping(
            &mut header,
            &[ColumnChoice { column: 2, field: Some("phone".into()) }, ColumnChoice { column: 0, field: Some("listed".into()) }],
        );
        assert_eq!(fields(&header), ["-", "-", "phone"]);
        assert!(find_header(&sheet(&[&["花名册"], &["王冬梅", "445381192801141162"]])).is_err());
    }
}
