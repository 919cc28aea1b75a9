//! Elder lists as offices send them: reading the file, finding the header, parsing the rows and
//! judging them against the elders that are known. Facts in, verdict out: no store, no journal and
//! no clock here; the only I/O is on the paths given.

mod compound;
mod dates;
mod errors_workbook;
mod guard;
mod header;
mod header_words;
mod judge;
mod rows;
mod text_file;
mod values;
mod villages;
mod xls;
mod xlsx;

pub use errors_workbook::write_errors;
pub use header::{FIELDS, Header, apply_mapping, find_header};
pub use judge::{Act, Judged, Known, judge};
pub use rows::{OfficeElder, ParsedRow, Problem, parse_rows};

use jiff::civil::DateTime;
use shared::fault::{Code, Fault};
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The largest file that is opened.
const MAX_FILE_BYTES: u64 = 50 << 20;
/// The last row, counted from 1, that may hold a value.
const MAX_ROWS: u32 = 200_000;
/// Columns that may hold values.
const MAX_COLUMNS: u32 = 200;
/// Cells kept in memory, blanks between values among them.
const MAX_CELLS: usize = 6_000_000;
/// Bytes of text kept in memory.
const MAX_TEXT_BYTES: usize = 200 << 20;

/// One sheet of a file, blank rows left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The sheet's name, or the file's where it has no sheets.
    pub name: String,
    /// The rows with a value in them, in the order of the file.
    pub rows: Vec<SheetRow>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// The row in the file, from 1.
    pub number: u32,
    /// The cells from the first column on; none after the last value.
    pub cells: Vec<Cell>,
}

impl SheetRow {
    /// The cell of a column, from 0.
    #[must_use]
    pub fn cell(&self, column: u32) -> &Cell {
        self.cells.get(column as usize).unwrap_or(&Cell::Empty)
    }
}

/// One cell as the file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as written.
    Text(String),
    /// Any number that is not shown as a date.
    Number(f64),
    /// A number shown as a date.
    Date(DateTime),
    /// Yes or no.
    Bool(bool),
}

impl Cell {
    /// What stands in the cell: trimmed text, whole numbers without decimals or exponent.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e21 => format!("{number:.0}"),
            Self::Number(number) => number.to_string(),
            Self::Date(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Self::Date(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
        }
    }

    /// Whether there is nothing to see in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || c == '\u{feff}'),
            _ => false,
        }
    }
}

/// Reads the sheet of an office file that looks most like a list of elders. The kind of file is
/// told from its content; `progress` hears rows done and expected (0 while not known).
///
/// # Errors
/// A [`Fault`] with [`Code::BadFile`] for what can't be read or is made to exhaust memory.
pub fn read(path: &Path, file_name: &str, progress: &dyn Fn(u64, u64)) -> Result<Sheet, Fault> {
    let mut file = File::open(path).map_err(|_| unreadable())?;
    let size = file.metadata().map_err(|_| unreadable())?.len();
    if size > MAX_FILE_BYTES {
        return Err(bad_file("文件超过 50 MB，没有读取。", "请只保留名单那一张表，去掉图片后另存再导入。"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.by_ref().take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.is_empty() {
        return Err(bad_file("文件是空的。", "请核对是否选错文件，或让对方重新发一份。"));
    }
    // The readers of foreign formats may panic over damaged files; the program must live.
    let sheet = catch_unwind(AssertUnwindSafe(|| match bytes.get(..4) {
        Some(b"PK\x03\x04") => xlsx::read(&bytes, progress),
        Some(b"\xD0\xCF\x11\xE0") => xls::read(&bytes, progress),
        _ => text_file::read(&bytes, file_name, progress),
    }))
    .unwrap_or_else(|_| Err(damaged()))?;
    if sheet.rows.is_empty() {
        return Err(bad_file("文件里没有内容。", "请核对是否选错文件，或名单在别的文件里。"));
    }
    Ok(sheet)
}

/// Collects cells row by row under the caps.
#[derive(Default)]
struct Collector {
    rows: Vec<SheetRow>,
    cells: usize,
    bytes: usize,
}

impl Collector {
    /// Takes a value at a row and column, both from 0; blank ones leave no trace.
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Fault> {
        if cell.is_blank() {
            return Ok(());
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(too_large());
        }
        if self.rows.last().is_none_or(|last| last.number != row + 1) {
            self.rows.push(SheetRow { number: row + 1, cells: Vec::new() });
        }
        if let Cell::Text(text) = &cell {
            self.bytes += text.len();
        }
        let Some(last) = self.rows.last_mut() else { return Ok(()) };
        let column = column as usize;
        if last.cells.len() <= column {
            self.cells += column + 1 - last.cells.len();
            last.cells.resize(column + 1, Cell::Empty);
        }
        last.cells[column] = cell;
        if self.cells > MAX_CELLS || self.bytes > MAX_TEXT_BYTES { Err(too_large()) } else { Ok(()) }
    }

    /// The rows in their order; a file may have them out of order.
    fn finish(self, name: &str) -> Sheet {
        let mut rows = self.rows;
        if !rows.is_sorted_by_key(|row| row.number) {
            rows.sort_by_key(|row| row.number);
        }
        Sheet { name: name.to_owned(), rows }
    }
}

fn bad_file(happened: &str, next_step: &str) -> Fault {
    Fault::new(Code::BadFile, happened, next_step)
}

fn unreadable() -> Fault {
    bad_file("文件打不开。", "请先在表格软件里关闭它，再选一次。")
}

fn damaged() -> Fault {
    bad_file("文件已损坏或不是表格文件。", "请用表格软件打开，另存为 .xlsx 再导入。")
}

fn too_large() -> Fault {
    bad_file("表格太大：最多 20 万行、200 列。", "请删去名单以外的行、列和工作表，另存为 .xlsx 再导入。")
}

fn locked() -> Fault {
    bad_file("文件设了打开密码。", "请用表格软件去掉密码，另存后再导入。")
}

#[cfg(test)]
mod tests;
