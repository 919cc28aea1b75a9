//! Files for the office: where they go, what they are called, and that none is half there.

use crate::desk::Inner;
use crate::fault::OrBroken;
use crate::look::Look;
use crate::plan::Plan;
use crate::{folder, inbox, store};
use jiff::{Timestamp, ToSpan};
use rust_xlsxwriter::XlsxError;
use sha2::{Digest, Sha256};
use shared::command::Exported;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::DisclosureReason;
use shared::rule::disclosure::{DAYS_HERE, Stated};
use shared::rule::name::is_seen;
use shared::say;
use shared::schema::RecordId;
use shared::workbook::Watermark;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where they go in the data folder; one place, whatever language is spoken.
pub(crate) const FOLDER: &str = "导出";

/// What to tell a person when a workbook could not be written.
pub(crate) fn fault_of(error: &XlsxError) -> Fault {
    tracing::error!(%error, "a workbook was not written");
    fault!(Code::BadFile, list::EXPORT_NOT_WRITTEN)
}

/// That something lies there already.
fn taken(place: &Path) -> Fault {
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    fault!(Code::BadInput, list::file_is_there(&name))
}

/// A file that is written beside its place, and put there when it is whole.
pub(crate) struct NewFile {
    place: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
    at: Timestamp,
    /// Whether it may take the place of a file that is there.
    replaces: bool,
}

impl NewFile {
    /// Begins a file that is to lie there, by the clock of the desk, in the place of one that is there.
    pub(crate) fn begin(place: &Path, at: Timestamp) -> Result<Self, Fault> {
        Self::beside(place, at, true)
    }

    /// Begins a file where nothing is yet: no file, no folder, no link, whatever its name's letters are in another case.
    pub(crate) fn beside_others(place: &Path, at: Timestamp) -> Result<Self, Fault> {
        if place.symlink_metadata().is_ok() {
            return Err(taken(place));
        }
        Self::beside(place, at, false)
    }

    /// What is under way lies under a name that nobody gives a file.
    fn beside(place: &Path, at: Timestamp, replaces: bool) -> Result<Self, Fault> {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let short: String = name.chars().take(40).collect();
        let beside = place.with_file_name(format!(".{short}.{}.part", uuid::Uuid::new_v4().simple()));
        let file = folder::new_file(&beside).map_err(|error| fault_of(&XlsxError::IoError(error)))?;
        Ok(Self { place: place.to_owned(), beside, file: BufWriter::new(file), at, replaces })
    }

    /// What is written into.
    pub(crate) fn inside(&mut self) -> &mut BufWriter<File> {
        &mut self.file
    }

    /// The hash of what was written.
    fn sha256(&mut self) -> std::io::Result<String> {
        self.file.flush()?;
        let (file, mut hash, mut piece) = (self.file.get_mut(), Sha256::new(), vec![0; 64 * 1024]);
        file.seek(SeekFrom::Start(0))?;
        loop {
            let count = file.read(&mut piece)?;
            if count == 0 {
                return Ok(hex::encode(hash.finalize()));
            }
            hash.update(&piece[..count]);
        }
    }

    /// Puts it where it belongs, and says where that is.
    fn put_in_place(mut self) -> Result<PathBuf, Fault> {
        // Its age is counted by the clock of the desk.
        let written = self.file.flush().and_then(|()| self.file.get_ref().set_modified(folder::system_time(self.at)));
        written.and_then(|()| self.file.get_ref().sync_all()).or_broken()?;
        if !self.replaces {
            // A second name fails where a file came to lie meanwhile; not every file system gives one.
            match std::fs::hard_link(&self.beside, &self.place) {
                Ok(()) => return Ok(self.place.clone()),
                Err(_) if self.place.symlink_metadata().is_ok() => return Err(taken(&self.place)),
                Err(_) => {}
            }
        }
        std::fs::rename(&self.beside, &self.place).map_err(|error| fault_of(&XlsxError::IoError(error)))?;
        Ok(self.place.clone())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Nothing is there any more once it was put in place.
        let _ = std::fs::remove_file(&self.beside);
    }
}

/// What leaves a desk in plain, as it is noted.
pub(crate) struct Taken {
    /// Its number, which stands in the file as well.
    pub(crate) number: String,
    /// The code word of a list; none where numbers were shown.
    pub(crate) list: Option<String>,
    /// Whose numbers were shown.
    pub(crate) elder: Option<RecordId>,
    pub(crate) rows: u64,
    pub(crate) persons: u64,
    /// Nothing is masked.
    pub(crate) full: bool,
    pub(crate) stated: Option<Stated>,
    /// Who agreed, beside who takes it.
    pub(crate) second: Option<String>,
    /// Of the file, once it is whole.
    pub(crate) sha256: Option<String>,
}

/// A file that is whole, and waits to be noted.
pub(crate) struct Leaving {
    pub(crate) file: NewFile,
    pub(crate) taken: Taken,
}

/// How what leaves is judged: so many persons, in full or not, for which reason, and who else agreed.
pub(crate) type Judge = fn(&Look<'_>, u64, bool, (Option<DisclosureReason>, &str), Option<&str>) -> Result<Option<Stated>, Fault>;
/// How it is noted.
pub(crate) type Note = fn(&Look<'_>, Taken) -> Result<Plan<()>, Fault>;

impl Look<'_> {
    /// The watermark of what leaves from here now.
    pub(crate) fn watermark(&self, taken: &Taken, sealed: &'static str) -> Watermark {
        let (device, office) = (self.device_number().unwrap_or_default(), self.office());
        let why =
            taken.stated.as_ref().map(|stated| say!(disclosure::because(stated.reason.said(), stated.note.as_deref().unwrap_or_default())));
        Watermark {
            number: taken.number.clone(),
            who: [Some(say!(disclosure::desk(&office, device))), self.clerk()].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            at: self.now,
            why: why.unwrap_or_default(),
            rows: Some(taken.rows),
            sealed,
        }
    }
}

impl Inner {
    /// Notes a file, and puts it where it belongs; what can't be noted goes.
    pub(crate) fn leave(&self, Leaving { mut file, mut taken }: Leaving) -> Result<Exported, Fault> {
        taken.sha256 = Some(file.sha256().or_broken()?);
        let rows = taken.rows;
        self.act(crate::call::NOTE, taken)?;
        let path = file.put_in_place()?;
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Exported { file_name, path: path.display().to_string(), rows })
    }

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
