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
mod sheet;
mod text_file;
mod values;
mod villages;
mod xls;
mod xlsx;

pub use errors_workbook::write_errors;
pub use header::{Header, apply_mapping, find_header};
pub use header_words::fields;
pub use judge::{ImportAction, Judged, Known, judge};
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
    /// Its sheet that looks most like a list of elders.
    pub sheet: Sheet,
    /// SHA-256 of the whole file: names it wherever it comes from again.
    pub hash: [u8; 32],
}

/// Reads the sheet of an office file that looks most like a list of elders. The kind of file is
/// told from its content; `progress` hears rows done and expected (0 while not known).
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
    let sheet = catch_unwind(AssertUnwindSafe(|| match bytes.get(..4) {
        Some(b"PK\x03\x04") => xlsx::read(&bytes, progress),
        Some(b"\xD0\xCF\x11\xE0") => xls::read(&bytes, progress),
        _ => text_file::read(&bytes, file_name, progress),
    }))
    .unwrap_or_else(|_| Err(damaged()))?;
    if sheet.is_empty() {
        return Err(fault!(Code::BadFile, import::NOTHING_IN_IT));
    }
    Ok(OfficeFile { sheet, hash })
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
mod tests;
