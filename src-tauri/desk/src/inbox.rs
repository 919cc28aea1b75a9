//! What a screen hands over: office lists and photos on their way in. They hold personal data in plain,
//! so each goes when it was used, and what is left over goes at the next start.

use crate::desk::{Desk, Inner};
use crate::fault::OrBroken;
use crate::{folder, store};
use shared::fault;
use shared::fault::{Code, Fault};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

pub(crate) const FOLDER: &str = "inbox";
/// So many bytes a file has at most.
pub(crate) const MOST: usize = 50 * 1024 * 1024;
const LOCK: &str = "inbox.lock";

/// Held by every program on the folder while it may have something in the inbox.
#[derive(Debug)]
pub(crate) struct Inbox {
    _lock: File,
    /// Used, but its wrong rows may still be asked for: goes when the next file comes.
    used: Mutex<Vec<PathBuf>>,
}

impl Inbox {
    /// Makes the folder, and empties it when no other program is at work on it.
    pub(crate) fn open(dir: &Path) -> std::io::Result<Self> {
        folder::make_own(dir, store::is_there(dir))?;
        folder::make(&dir.join(FOLDER))?;
        let lock = File::options().create(true).append(true).open(dir.join(LOCK))?;
        if lock.try_lock().is_ok() {
            folder::empty(&dir.join(FOLDER), None)?;
            lock.unlock()?;
        }
        lock.lock_shared()?;
        Ok(Self { _lock: lock, used: Mutex::default() })
    }

    /// The file goes when the next one comes.
    pub(crate) fn used(&self, path: PathBuf) {
        if let Ok(mut used) = self.used.lock() {
            used.push(path);
        }
    }

    fn clear_used(&self) {
        if let Ok(mut used) = self.used.lock() {
            used.drain(..).for_each(|path| forget(&path));
        }
    }
}

impl Desk {
    /// Takes bytes from a screen (an office file, a photo) and gives the handle by which a command names them.
    ///
    /// # Errors
    /// When they are too many, or the disk does not take them.
    pub fn hand_over(&self, bytes: &[u8]) -> Result<String, Fault> {
        if bytes.len() > MOST {
            return Err(fault!(Code::BadFile, program::FILE_OVER_50_MB));
        }
        self.0.inbox.clear_used();
        let handle = uuid::Uuid::new_v4().simple().to_string();
        let path = self.0.dir.join(FOLDER).join(&handle);
        if let Err(error) = folder::new_file(&path).and_then(|mut file| file.write_all(bytes)) {
            let _ = std::fs::remove_file(&path);
            return Err(error).or_broken();
        }
        Ok(handle)
    }
}

impl Inner {
    /// The path of what a screen handed over.
    pub(crate) fn handed_over(&self, handle: &str) -> Result<PathBuf, Fault> {
        let plain = handle.len() == 32 && handle.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = self.dir.join(FOLDER).join(handle);
        if plain && path.is_file() { Ok(path) } else { Err(fault!(Code::NotFound, program::FILE_GONE)) }
    }

    /// What a screen handed over was used: it goes at once, or with the next one where it may still be asked for.
    pub(crate) fn used(&self, handle: &str, is_asked_for: bool) {
        match self.handed_over(handle) {
            Ok(path) if is_asked_for => self.inbox.used(path),
            Ok(path) => forget(&path),
            // It is gone already.
            Err(_) => {}
        }
    }
}

/// Removes what was handed over and is of no more use.
pub(crate) fn forget(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, "a handed-over file stays until the next start");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_over_goes_at_the_next_start_but_not_under_a_program_at_work() {
        let dir = tempfile::tempdir().unwrap();
        let desk = Desk::open(dir.path()).unwrap();
        let handle = desk.hand_over(b"a list").unwrap();
        let second = Desk::open(dir.path()).unwrap();
        assert!(desk.0.handed_over(&handle).is_ok(), "another program started meanwhile");
        drop((desk, second));
        assert!(Desk::open(dir.path()).unwrap().0.handed_over(&handle).is_err());
        assert_eq!(std::fs::read_dir(dir.path().join(FOLDER)).unwrap().count(), 0);
    }
}
