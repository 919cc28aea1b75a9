//! Elder lists as offices send them: reading the file, finding the header, parsing the rows and
//! judging them against the elders that are known. Facts in, verdict out: no store, no journal and
//! no clock here; the only I/O is on the paths given.

mod archive_page;
mod compound;
mod dates;
mod encoding;
mod errors_workbook;
mod gone;
mod guard;
mod header;
mod header_words;
mod headerless;
mod judge;
mod lists;
mod ods;
mod profile;
mod row;
mod row_words;
mod rows;
mod sheet;
mod strikes;
mod text_file;
mod values;
mod villages;
mod web_page;
mod xls;
mod xlsx;
mod xlsx_marks;

pub use errors_workbook::write_errors;
pub use gone::Gone;
pub use header::Header;
pub use header_words::fields;
pub use judge::{ImportAction, Judged, Known, judge};
pub use lists::{Choices, List, Lists};
pub use rows::{ListRows, OfficeElder, ParsedRow, Problem};
pub use sheet::{Cell, Sheet, SheetRow};

use sha2::{Digest, Sha256};
use shared::fault;
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
const MAX_TEXT_BYTES: usize = 64 << 20;

/// An office's file as read.
#[derive(Clone, Debug)]
pub struct OfficeFile {
    /// Its sheets with something in them, in the order of the file.
    pub sheets: Vec<Sheet>,
    /// SHA-256 of the whole file: names it wherever it comes from again.
    pub hash: [u8; 32],
}

/// Reads all sheets of an office file. The kind of file is told from its content; `progress` hears rows done and expected (0 while
/// not known).
///
/// # Errors
/// A [`Fault`] with [`Code::BadFile`] for what can't be read or is made to exhaust memory.
pub fn read(path: &Path, file_name: &str, progress: &dyn Fn(u64, u64)) -> Result<OfficeFile, Fault> {
    let mut file = File::open(path).map_err(|_| unreadable())?;
    let size = file.metadata().map_err(|_| unreadable())?.len();
    if size > MAX_FILE_BYTES {
        return Err(fault!(Code::BadFile, import::FILE_TOO_LARGE));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.by_ref().take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.is_empty() {
        return Err(fault!(Code::BadFile, import::FILE_EMPTY));
    }
    let hash = Sha256::digest(&bytes).into();
    // The readers of foreign formats may panic over damaged files; the program must live.
    let sheets = catch_unwind(AssertUnwindSafe(|| match bytes.get(..4) {
        Some(b"PK\x03\x04") if ods::is_ods(&bytes) => ods::read(&bytes, progress),
        Some(b"PK\x03\x04") => xlsx::read(&bytes, progress),
        Some(b"\xD0\xCF\x11\xE0") => xls::read(&bytes, progress),
        _ => text_file::read(&bytes, file_name, progress),
    }))
    .unwrap_or_else(|_| Err(damaged()))?;
    if sheets.is_empty() {
        return Err(fault!(Code::BadFile, import::NOTHING_IN_IT));
    }
    Ok(OfficeFile { sheets, hash })
}

/// The sheets with something in them, as long as they stay under the caps together.
fn all_within(sheets: impl Iterator<Item = Result<Sheet, Fault>>) -> Result<Vec<Sheet>, Fault> {
    let (mut all, mut cells, mut text) = (Vec::new(), 0, 0);
    for sheet in sheets {
        let sheet = sheet?;
        let size = sheet.size();
        (cells, text) = (cells + size.0, text + size.1);
        if cells > MAX_CELLS || text > MAX_TEXT_BYTES {
            return Err(too_large());
        }
        if !sheet.is_empty() {
            all.push(sheet);
        }
    }
    Ok(all)
}

/// A word above a column as it is remembered.
#[must_use]
pub fn plain_word(word: &str) -> String {
    header_words::normalised(word).0
}

fn unreadable() -> Fault {
    fault!(Code::BadFile, import::FILE_DOES_NOT_OPEN)
}

fn damaged() -> Fault {
    fault!(Code::BadFile, import::FILE_DAMAGED)
}

fn too_large() -> Fault {
    fault!(Code::BadFile, import::TABLE_TOO_LARGE)
}

fn locked() -> Fault {
    fault!(Code::BadFile, import::FILE_UNDER_PASSWORD)
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod struck_tests;
#[cfg(test)]
mod tests;
