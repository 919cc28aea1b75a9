//! The workbook that goes back to the office: titles, header and the rows with errors as they were,
//! a column of reasons, wrong cells marked. Everything is written as text, dates as dates, so that
//! nothing computes and no long number is rounded; corrected, it can be imported again.

use super::{Cell, Header, Sheet, SheetRow};
use crate::export::fault_of;
use rust_xlsxwriter::{Color, Format, FormatBorder, Workbook, Worksheet, XlsxError};
use shared::command::{Bucket, ImportRow};
use shared::fault::Fault;
use shared::schema::{Label, Language};
use shared::workbook::{Watermark, serial};
use shared::{label, say};
use std::collections::HashMap;
use std::io::{Seek, Write};

/// The word above the reasons.
const REASON: Label = label!(import::REASON);

/// Writes the rows in error and gives their number.
///
/// # Errors
/// A fault when the file can't be written.
pub fn write_errors(
    sheet: &Sheet,
    header: &Header,
    rows: &[ImportRow],
    mark: &Watermark,
    out: impl Write + Seek + Send,
) -> Result<u64, Fault> {
    write(sheet, header, rows, mark, out).map_err(|error| fault_of(&error))
}

fn write(sheet: &Sheet, header: &Header, rows: &[ImportRow], mark: &Watermark, out: impl Write + Seek + Send) -> Result<u64, XlsxError> {
    let errors: HashMap<u32, &ImportRow> = rows.iter().filter(|row| row.bucket == Bucket::Error).map(|row| (row.row, row)).collect();
    // A list that comes back for the second time has the column already, in either language.
    let is_reason = |word: &str| Language::ALL.into_iter().any(|language| REASON.of(language) == word);
    let former = header.columns.iter().find(|column| is_reason(&column.header)).map(|column| column.column);
    let width = header.columns.iter().map(|column| column.column + 1).max().unwrap_or_default();
    let reason = former.unwrap_or(width);
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet_with_constant_memory()?;
    page.set_name(say!(import::ROWS_TO_CORRECT))?;
    for column in 0..=width.max(reason) {
        page.set_column_width(u16_of(column), if column == reason { 60.0 } else { column_width(header, column) })?;
    }
    let (mut at, mut count) = (0, 0);
    for row in sheet.rows() {
        if row.number < header.row {
            write_row(page, at, &row, &styles.plain, &styles, &[], None)?;
        } else if row.number <= header.last_row {
            write_row(page, at, &row, &styles.head, &styles, &[], former)?;
            if row.number == header.row {
                page.write_string_with_format(at, u16_of(reason), REASON.said(), &styles.head)?;
            }
            page.set_freeze_panes(at + 1, 0)?;
        } else if let Some(error) = errors.get(&row.number) {
            write_row(page, at, &row, &styles.plain, &styles, &error.columns, former)?;
            page.write_string_with_format(at, u16_of(reason), short(&error.message), &styles.reason)?;
            count += 1;
        } else {
            continue;
        }
        at += 1;
    }
    // Not among the rows: the sheet is to be brought again.
    mark.at_foot(page);
    mark.into_properties(&mut workbook, say!(import::ROWS_TO_CORRECT));
    workbook.save_to_writer(out)?;
    Ok(count)
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

fn write_row(
    page: &mut Worksheet,
    at: u32,
    row: &SheetRow<'_>,
    format: &Format,
    styles: &Styles,
    wrong: &[u32],
    skip: Option<u32>,
) -> Result<(), XlsxError> {
    let width = u32::try_from(row.width()).unwrap_or_default().max(wrong.iter().map(|column| column + 1).max().unwrap_or_default());
    for column in (0..width).filter(|column| Some(*column) != skip) {
        let is_wrong = wrong.contains(&column);
        let format = if is_wrong { &styles.wrong } else { format };
        match row.cell(column) {
            Cell::Empty if is_wrong => page.write_blank(at, u16_of(column), format)?,
            Cell::Empty => continue,
            Cell::Date(day) => {
                page.write_number_with_format(at, u16_of(column), serial(day), if is_wrong { &styles.wrong_day } else { &styles.day })?
            }
            cell => page.write_string_with_format(at, u16_of(column), short(&cell.text()), format)?,
        };
    }
    Ok(())
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
