//! Workbooks of the newer kind (.xlsx, .xlsm), read cell by cell under caps. The whole-range reader
//! of the library is never used: it reserves memory for every cell up to the last one.

use super::header::likeness;
use super::sheet::Collector;
use super::{Cell, MAX_ROWS, Sheet, damaged, guard, too_large};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::{DateTime, date};
use shared::fault;
use shared::fault::{Code, Fault};
use std::io::Cursor;

/// Rows looked at to choose a sheet.
const PROBED_ROWS: u32 = 60;
/// Sheets looked at.
const PROBED_SHEETS: usize = 32;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the sheet with the best header.
pub(super) fn read(bytes: &[u8], progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    guard::check(bytes)?;
    let mut workbook: Workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| not_a_workbook())?;
    let sheets: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .take(PROBED_SHEETS)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let mut best: Option<((usize, bool), &str)> = None;
    for (name, visible) in &sheets {
        let probe = cells(&mut workbook, name, PROBED_ROWS, &|_, _| {}).unwrap_or_default();
        let score = (likeness(&probe), *visible);
        if best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, name));
        }
    }
    let (_, name) = best.ok_or_else(not_a_workbook)?;
    cells(&mut workbook, name, u32::MAX, progress)
}

fn cells(workbook: &mut Workbook, name: &str, until_row: u32, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let total = reader.dimensions().end.0;
    let total = if total < MAX_ROWS { u64::from(total) + 1 } else { 0 };
    let mut collector = Collector::default();
    let mut reported = 0;
    while let Some(cell) = reader.next_cell().map_err(|_| damaged())? {
        let (row, column) = cell.get_position();
        if row >= until_row {
            break;
        }
        if row >= reported + 1_000 {
            reported = row;
            progress(u64::from(row), total);
        }
        collector.put(row, column, value(cell.get_value())?)?;
    }
    Ok(collector.finish(name))
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
        DataRef::Error(_) | DataRef::Empty => Ok(Cell::Empty),
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
