//! A desk whose file has rotted: the file is set aside, and a new one takes its place with everything that only this desk had,
//! as far as it can be read. The next sync brings the rest from the server.

use crate::desk::{Desk, locked, unopened, unopened_store};
use crate::store::{self, StoreError, recover};
use crate::vault::{self, FileKey, Keyring, SystemKeyring};
use shared::crypto::SoftProvider;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::say;
use std::path::Path;

/// What a recovery did.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Recovered {
    /// This desk's own changes that were brought over; they go up again with the next sync.
    pub own: u64,
    /// Positions in the log that could not be read.
    pub unreadable: u64,
    /// Where the old file lies.
    pub old_file: String,
}

fn key(dir: &Path) -> Result<FileKey, Fault> {
    if !store::is_there(dir) {
        return Err(fault!(Code::NotFound, database::NO_DESK_FILE));
    }
    let keyring: Option<&dyn Keyring> = if cfg!(debug_assertions) { None } else { Some(&SystemKeyring) };
    vault::key(dir, true, &SoftProvider::new(), keyring).map_err(|error| locked(&error))
}

impl Desk {
    /// The rotten pages of a file that does not open, in words.
    ///
    /// # Errors
    /// When its key can't be had.
    pub fn rotten(dir: &Path) -> Result<Vec<String>, Fault> {
        let pages = store::rotten_pages(dir, &key(dir)?);
        Ok(pages.map_err(|error| unopened_store(&error))?.iter().map(|page| say!(database::rotten_page(page))).collect())
    }

    /// Sets the file of `dir` aside and goes on in a new one with what could be read. No other program may have it open.
    ///
    /// # Errors
    /// When nothing can be read, or the disk fails; the file is as it was then.
    pub fn recover(dir: &Path) -> Result<Recovered, Fault> {
        let key = key(dir)?;
        let fresh = dir.join("recovering");
        match std::fs::remove_dir_all(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unopened(&error)),
            _ => crate::folder::make(&fresh).map_err(|error| unopened(&error))?,
        }
        let saved = recover::read_over(dir, &fresh, &key).map_err(|error| match error {
            StoreError::WrongKey => fault!(Code::Broken, database::DESK_FILE_LOST),
            error => unopened_store(&error),
        })?;
        let old_file = recover::swap(dir, &fresh).map_err(|error| unopened(&error))?;
        // What waits is shown at once, as far as it can be without the rest.
        let desk = Self::open(dir)?;
        desk.0.transact(|transaction| {
            desk.0.open_wrapped_keys(transaction)?;
            desk.0.project_all(transaction)
        })?;
        Ok(Recovered { own: saved.own, unreadable: saved.unreadable, old_file: old_file.display().to_string() })
    }
}
