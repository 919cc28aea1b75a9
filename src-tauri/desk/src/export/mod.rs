//! Files for the office: where they go, what they are called, and that none is half there.

use crate::fault::OrBroken;
use rust_xlsxwriter::XlsxError;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::name::is_seen;
use shared::say;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where they go in the data folder; one place, whatever language is spoken.
pub(crate) const FOLDER: &str = "导出";

/// What to tell a person when a workbook could not be written.
pub(crate) fn fault_of(error: &XlsxError) -> Fault {
    tracing::error!(%error, "a workbook was not written");
    fault!(Code::BadFile, list::EXPORT_NOT_WRITTEN)
}

/// A file that is written beside its place, and put there when it is whole.
pub(crate) struct NewFile {
    place: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
}

impl NewFile {
    /// Begins a file that is to lie there.
    pub(crate) fn begin(place: &Path) -> Result<Self, Fault> {
        let beside = place.with_extension("part");
        let file = File::create(&beside).map_err(|error| fault_of(&XlsxError::IoError(error)))?;
        Ok(Self { place: place.to_owned(), beside, file: BufWriter::new(file) })
    }

    /// What is written into.
    pub(crate) fn inside(&mut self) -> &mut BufWriter<File> {
        &mut self.file
    }

    /// Puts it where it belongs.
    pub(crate) fn put_in_place(mut self) -> Result<(), Fault> {
        self.file.flush().and_then(|()| self.file.get_ref().sync_all()).or_broken()?;
        std::fs::rename(&self.beside, &self.place).map_err(|error| fault_of(&XlsxError::IoError(error)))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Nothing is there any more once it was put in place.
        let _ = std::fs::remove_file(&self.beside);
    }
}

/// A name that every file system takes: no separators, no reserved words, not too long.
#[must_use]
pub fn safe_file_name(text: &str) -> String {
    let plain: String = text.chars().map(|c| if !is_seen(c) || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => (stem, Some(ending)),
        _ => (plain, None),
    };
    let mut stem: String = stem.chars().take(60).collect();
    let upper = stem.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = |head: &str| upper.strip_prefix(head).is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()));
    if matches!(upper.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        stem.insert(0, '_');
    }
    match (stem.is_empty(), ending) {
        (true, _) => say!(list::NAMELESS_EXPORT).to_owned(),
        (false, None) => stem,
        (false, Some(ending)) => format!("{stem}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        for (text, expect) in [
            ("订单台账 2026年11月.xlsx", "订单台账 2026年11月.xlsx"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a:b*c?.xlsx", "a_b_c_.xlsx"),
            ("CON.xlsx", "_CON.xlsx"),
            ("lpt1", "_lpt1"),
            ("...", "导出"),
            ("", "导出"),
            ("名单\u{202e}xslx.exe", "名单_xslx.exe"),
        ] {
            assert_eq!(safe_file_name(text), expect, "{text}");
        }
        assert!(safe_file_name(&"长".repeat(300)).len() <= 255);
    }
}
