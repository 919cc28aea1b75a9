//! Workbooks of the newer kind (.xlsx, .xlsm), read cell by cell under caps. The whole-range reader
//! of the library is never used: it reserves memory for every cell up to the last one.

use super::sheet::{Collector, Shown};
use super::xlsx_marks::Said;
use super::{Cell, MAX_ROWS, Sheet, all_within, damaged, guard, too_large, xlsx_marks};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::{DateTime, date};
use shared::fault;
use shared::fault::{Code, Fault};
use std::collections::BTreeSet;
use std::io::Cursor;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads all sheets.
pub(super) fn read(bytes: &[u8], progress: &dyn Fn(u64, u64)) -> Result<Vec<Sheet>, Fault> {
    guard::check(bytes)?;
    let mut workbook: Workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| not_a_workbook())?;
    let sheets: Vec<(String, Shown)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), shown(sheet.visible)))
        .collect();
    if sheets.is_empty() {
        return Err(not_a_workbook());
    }
    let (parts, strings) = (xlsx_marks::parts(bytes), xlsx_marks::struck_strings(bytes));
    all_within(sheets.into_iter().map(|(name, shown)| {
        let part = parts.get(&name).map(String::as_str).unwrap_or_default();
        let mut said = xlsx_marks::of_sheet(bytes, part, &strings)?;
        said.marks.shown = shown;
        cells(&mut workbook, said, &name, progress)
    }))
}

/// How the library says whether a sheet is seen.
pub(super) fn shown(visible: SheetVisible) -> Shown {
    match visible {
        SheetVisible::Visible => Shown::Visible,
        SheetVisible::Hidden => Shown::Hidden,
        SheetVisible::VeryHidden => Shown::VeryHidden,
    }
}

fn cells(workbook: &mut Workbook<'_>, mut said: Said, name: &str, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let total = reader.dimensions().end.0;
    let total = if total < MAX_ROWS { u64::from(total) + 1 } else { 0 };
    let struck: BTreeSet<usize> = reader
        .styles()
        .iter()
        .enumerate()
        .filter(|(_, style)| style.font.as_ref().is_some_and(|font| font.has_strikethrough()))
        .map(|(at, _)| at)
        .collect();
    let mut collector = Collector::default();
    let mut reported = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        if row >= reported + 1_000 {
            reported = row;
            progress(u64::from(row), total);
        }
        let value = if said.unsaid.remove(&(row, column)) { Cell::NoValue } else { value(cell.get_value())? };
        if struck.contains(&style) && !value.is_blank() {
            collector.strike(row, column);
        }
        match said.parts.remove(&(row, column)) {
            Some(parts) => collector.put_parts(row, column, &parts)?,
            None => collector.put(row, column, value)?,
        }
    }
    collector.finish(name, said.marks)
}

fn value<'a>(data: &'a DataRef<'_>) -> Result<Cell<'a>, Fault> {
    let text = |text: &'a str| if text.len() > 200_000 { Err(too_large()) } else { Ok(Cell::Text(text)) };
    match data {
        DataRef::Int(number) => Ok(Cell::Number(*number as f64)),
        DataRef::Float(number) => Ok(Cell::Number(*number)),
        DataRef::String(string) => text(string),
        DataRef::SharedString(string) => text(string),
        DataRef::Bool(yes) => Ok(Cell::Bool(*yes)),
        DataRef::DateTime(at) => Ok(date_or_number(at)),
        DataRef::DateTimeIso(iso) | DataRef::DurationIso(iso) => iso.parse().map(Cell::Date).or_else(|_| text(iso)),
        DataRef::Error(_) => Ok(Cell::NoValue),
        DataRef::Empty => Ok(Cell::Empty),
    }
}

/// A number shown as a date; one that is no day stays a number.
pub(super) fn date_or_number(at: &ExcelDateTime) -> Cell<'static> {
    if !at.is_datetime() || !(1.0..2_958_466.0).contains(&at.as_f64()) {
        return Cell::Number(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    // Year, month and day fit: the serial was checked above. 1900-02-29 exists in workbooks only.
    let day = jiff::civil::Date::new(year as i16, month as i8, day as i8).unwrap_or(date(1900, 2, 28));
    let time = jiff::civil::Time::new(hour as i8, minute as i8, second as i8, 0).unwrap_or_default();
    Cell::Date(DateTime::from_parts(day, time))
}

fn not_a_workbook() -> Fault {
    fault!(Code::BadFile, import::NO_XLSX)
}
