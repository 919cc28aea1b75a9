//! Photo files: `photos/aa/<hash>.jpg` in the data folder, written whole and durable or not at all.

use crate::store::StoreError;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Whether `hash` is a SHA-256 in lower-case hex: the only names that become paths.
#[must_use]
pub fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn path_of(folder: &Path, hash: &str) -> PathBuf {
    folder.join("photos").join(&hash[..2]).join(format!("{hash}.jpg"))
}

/// Writes a photo; afterwards it is on the disk under its name.
///
/// # Errors
/// [`StoreError::Disk`]
pub fn keep(folder: &Path, hash: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let path = path_of(folder, hash);
    let Some(parent) = path.parent() else { return Ok(()) };
    fs::create_dir_all(parent)?;
    let beside = parent.join(format!("{hash}.{}.part", uuid::Uuid::new_v4().simple()));
    let mut file = File::create_new(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, &path)?;
    #[cfg(unix)]
    for folder in parent.ancestors().take(3) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The bytes of a photo.
///
/// # Errors
/// [`StoreError::Disk`]
pub fn read(folder: &Path, hash: &str) -> Result<Vec<u8>, StoreError> {
    Ok(fs::read(path_of(folder, hash))?)
}
