//! Files for the office: where they go, what they are called, and that none is half there.

use crate::desk::Inner;
use crate::fault::OrBroken;
use crate::{folder, inbox, store};
use jiff::{Timestamp, ToSpan};
use rust_xlsxwriter::XlsxError;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::disclosure::DAYS_HERE;
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
    at: Timestamp,
}

impl NewFile {
    /// Begins a file that is to lie there, by the clock of the desk.
    pub(crate) fn begin(place: &Path, at: Timestamp) -> Result<Self, Fault> {
        let beside = place.with_extension("part");
        let file = folder::new_file(&beside).map_err(|error| fault_of(&XlsxError::IoError(error)))?;
        Ok(Self { place: place.to_owned(), beside, file: BufWriter::new(file), at })
    }

    /// What is written into.
    pub(crate) fn inside(&mut self) -> &mut BufWriter<File> {
        &mut self.file
    }

    /// Puts it where it belongs.
    pub(crate) fn put_in_place(mut self) -> Result<(), Fault> {
        // Its age is counted by the clock of the desk.
        let written = self.file.flush().and_then(|()| self.file.get_ref().set_modified(folder::system_time(self.at)));
        written.and_then(|()| self.file.get_ref().sync_all()).or_broken()?;
        std::fs::rename(&self.beside, &self.place).map_err(|error| fault_of(&XlsxError::IoError(error)))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Nothing is there any more once it was put in place.
        let _ = std::fs::remove_file(&self.beside);
    }
}

impl Inner {
    /// Where files for the office go, without those whose days are over.
    pub(crate) fn export_folder(&self) -> Result<PathBuf, Fault> {
        let folder = self.dir.join(FOLDER);
        folder::make(&folder).or_broken()?;
        self.sweep_exports();
        Ok(folder)
    }

    /// Removes the exports whose days are over, and all of them where the centre shut this desk out. What is open in another program goes
    /// the next time.
    pub(crate) fn sweep_exports(&self) {
        let before = self.clock.timestamp().saturating_sub((i64::from(DAYS_HERE) * 24).hours()).ok();
        let before = before.filter(|_| !self.facts().shut_out);
        match folder::empty(&self.dir.join(FOLDER), before) {
            Ok(0) => {}
            Ok(left) => tracing::warn!(left, "exports stay that are to go"),
            Err(error) => tracing::warn!(%error, "exports stay that are to go"),
        }
    }

    /// Removes all that lies here in plain, and the damaged files that were set aside.
    pub(crate) fn forget_files(&self) {
        for folder in [FOLDER, inbox::FOLDER] {
            if folder::empty(&self.dir.join(folder), None).is_err() {
                tracing::error!(folder, "files in plain stay");
            }
        }
        for aside in store::recover::set_aside(&self.dir) {
            inbox::forget(&aside);
        }
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
mod tests;
