//! The workbook that goes back to the office: titles, header and the rows with errors as they were,
//! a column of reasons, wrong cells marked; on a sheet of its own what else was left out. Everything is written as text, dates as dates, so that
//! nothing computes and no long number is rounded; corrected, it can be imported again.

use super::{Cell, Header, List, OfficeFile, Sheet, SheetRow};
use crate::export::fault_of;
use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, Worksheet, XlsxError};
use shared::command::{Bucket, ImportRow, LeftOut};
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::schema::{Label, Language};
use shared::workbook::{Watermark, serial};
use shared::{label, say};
use std::collections::HashMap;
use std::io::{Seek, Write};

/// The word above the reasons.
const REASON: Label = label!(import::REASON);

/// The columns of the sheet that says what was left out, and how wide they are.
const LEFT: [(Label, f64); 3] = [(label!(import::SHEET), 20.0), (label!(import::PLACE_IN_FILE), 20.0), (label!(import::EXPLANATION), 80.0)];

/// Writes the rows in error, a sheet for each list that has some, and what else was left out; gives the number of rows.
///
/// # Errors
/// A fault when the file can't be written.
pub fn write_errors(
    file: &OfficeFile,
    lists: &[List],
    rows: &[Vec<ImportRow>],
    left_out: &[LeftOut],
    mark: &Watermark,
    out: impl Write + Seek + Send,
) -> Result<u64, Fault> {
    write(file, lists, rows, left_out, mark, out).map_err(|error| fault_of(&error))
}

fn write(
    file: &OfficeFile,
    lists: &[List],
    rows: &[Vec<ImportRow>],
    left_out: &[LeftOut],
    mark: &Watermark,
    out: impl Write + Seek + Send,
) -> Result<u64, XlsxError> {
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    let wrong = |rows: &Vec<ImportRow>| rows.iter().any(|row| row.bucket == Bucket::Error);
    let with_errors: Vec<usize> = (0..lists.len()).filter(|at| rows.get(*at).is_some_and(wrong)).collect();
    let mut count = 0;
    for (number, at) in with_errors.iter().enumerate() {
        let page = workbook.add_worksheet_with_constant_memory()?;
        page.set_name(page_name(number, with_errors.len()))?;
        let list = &lists[*at];
        let titled = !lists.iter().any(|other| other.sheet == list.sheet && other.header.row < list.header.row);
        count += write_list(page, &file.sheets[list.sheet], list, titled, &rows[*at], &styles)?;
        // Not among the rows: the sheet is to be brought again.
        mark.at_foot(page);
    }
    if with_errors.is_empty() || !left_out.is_empty() {
        write_left_out(workbook.add_worksheet_with_constant_memory()?, left_out, mark, &styles)?;
    }
    mark.into_properties(&mut workbook, say!(import::ROWS_TO_CORRECT));
    workbook.save_to_writer(out)?;
    Ok(count)
}

/// The name of a sheet with rows in error: a number follows where there are several.
fn page_name(number: usize, of: usize) -> String {
    if of < 2 { say!(import::ROWS_TO_CORRECT).to_owned() } else { format!("{} {}", say!(import::ROWS_TO_CORRECT), number + 1) }
}

fn write_list(
    page: &mut Worksheet,
    sheet: &Sheet,
    list: &List,
    titled: bool,
    rows: &[ImportRow],
    styles: &Styles,
) -> Result<u64, XlsxError> {
    let header = &list.header;
    let errors: HashMap<u32, &ImportRow> = rows.iter().filter(|row| row.bucket == Bucket::Error).map(|row| (row.row, row)).collect();
    // A list that comes back for the second time has the column already, in either language.
    let is_reason = |word: &str| Language::ALL.into_iter().any(|language| REASON.of(language) == word);
    let former = header.columns.iter().find(|column| is_reason(&column.header)).map(|column| column.column);
    let (first, last) = header.reach();
    let reason = former.unwrap_or(last + 1);
    for column in first..=last.max(reason) {
        page.set_column_width(u16_of(column), if column == reason { 60.0 } else { column_width(header, column) })?;
    }
    // Titles stand above the first list of a sheet only.
    let begin = if titled { 0 } else { sheet.behind(header.row.saturating_sub(1)) };
    let (mut at, mut count) = (0, 0);
    if header.row == 0 {
        write_names(page, header, reason, styles)?;
        at = 1;
    }
    let shown = (begin..list.rows.1).filter_map(|row| sheet.row(row));
    for row in shown {
        let written = Written { row: &row, reach: (first, last), styles, skip: former };
        if row.number < header.row {
            written.write(page, at, &styles.plain, &[])?;
        } else if row.number <= header.last_row {
            written.write(page, at, &styles.head, &[])?;
            if row.number == header.row {
                page.write_string_with_format(at, u16_of(reason), REASON.said(), &styles.head)?;
            }
            page.set_freeze_panes(at + 1, 0)?;
        } else if let Some(error) = errors.get(&row.number) {
            written.write(page, at, &styles.plain, &error.columns)?;
            page.write_string_with_format(at, u16_of(reason), short(&error.message), &styles.reason)?;
            count += 1;
        } else {
            continue;
        }
        at += 1;
    }
    Ok(count)
}

/// The header that the list lacked: each column under the word for what it was taken for.
fn write_names(page: &mut Worksheet, header: &Header, reason: u32, styles: &Styles) -> Result<(), XlsxError> {
    for column in &header.columns {
        let label = column.field.as_deref().and_then(|field| RecordKind::Elder.field(field)).map(|field| field.label);
        if let Some(label) = label {
            page.write_string_with_format(0, u16_of(column.column), label.said(), &styles.head)?;
        }
    }
    page.write_string_with_format(0, u16_of(reason), REASON.said(), &styles.head)?;
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_left_out(page: &mut Worksheet, left_out: &[LeftOut], mark: &Watermark, styles: &Styles) -> Result<(), XlsxError> {
    page.set_name(say!(import::LEFT_OUT))?;
    for (column, (label, width)) in (0..).zip(LEFT) {
        page.set_column_width(column, width)?;
        page.write_string_with_format(0, column, label.said(), &styles.head)?;
    }
    for (row, left) in (1..).zip(left_out) {
        for (column, text) in (0..).zip([&left.sheet, &left.place, &left.message]) {
            page.write_string_with_format(row, column, short(text), &styles.plain)?;
        }
    }
    mark.at_foot(page);
    Ok(())
}

struct Styles {
    plain: Format,
    head: Format,
    wrong: Format,
    reason: Format,
    day: Format,
    wrong_day: Format,
}

impl Styles {
    fn new() -> Self {
        // 49 is the format "text": what is typed into the cell later stays text as well.
        let plain = Format::new().set_num_format_index(49);
        let wrong = plain.clone().set_background_color(Color::RGB(0x00FF_C7CE)).set_border(FormatBorder::Thin);
        let day = |format: &Format| format.clone().set_num_format("yyyy-mm-dd");
        Self {
            head: plain.clone().set_bold().set_background_color(Color::RGB(0x00E7_E6E6)),
            reason: plain.clone().set_font_color(Color::RGB(0x00C0_0000)).set_text_wrap(),
            day: day(&plain),
            wrong_day: day(&wrong),
            plain,
            wrong,
        }
    }
}

/// A row of the list on its way into the workbook. Cells that were one come apart: each has the value.
struct Written<'a> {
    row: &'a SheetRow<'a>,
    reach: (u32, u32),
    styles: &'a Styles,
    skip: Option<u32>,
}

impl Written<'_> {
    fn write(&self, page: &mut Worksheet, at: u32, format: &Format, wrong: &[u32]) -> Result<(), XlsxError> {
        for column in (self.reach.0..=self.reach.1).filter(|column| Some(*column) != self.skip) {
            let is_wrong = wrong.contains(&column);
            let format = if is_wrong { &self.styles.wrong } else { format };
            match self.row.cell(column) {
                Cell::Empty | Cell::NoValue if is_wrong => page.write_blank(at, u16_of(column), format)?,
                Cell::Empty | Cell::NoValue => continue,
                Cell::Date(day) => {
                    let format = if is_wrong { &self.styles.wrong_day } else { &self.styles.day };
                    page.write_number_with_format(at, u16_of(column), serial(day), format)?
                }
                cell => page.write_string_with_format(at, u16_of(column), short(&cell.text()), format)?,
            };
        }
        Ok(())
    }
}

fn column_width(header: &Header, column: u32) -> f64 {
    let found = header.columns.iter().find(|found| found.column == column);
    match found.and_then(|found| found.field.as_deref()) {
        Some("id_number") => 22.0,
        Some("phone" | "second_phone" | "emergency_phone") => 15.0,
        Some("address" | "division" | "note") => 26.0,
        _ => 12.0,
    }
}

/// A cell holds at most 32,767 characters.
fn short(text: &str) -> String {
    text.chars().take(32_000).collect()
}

fn u16_of(column: u32) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
