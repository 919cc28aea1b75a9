//! Sealed photo files: `photos/aa/<hash>.sealed` in the data folder, written whole and durable or not at all.

use crate::secret;
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
    folder.join("photos").join(&hash[..2]).join(format!("{hash}.sealed"))
}

/// Takes a piece of a photo from byte `at` on and gives how far the photo has come: a piece that does not begin where
/// the last one ended is left. At the end the whole is checked; then it is on the disk under its name. `None` when it
/// is not what it says: what came is thrown away.
///
/// # Errors
/// [`StoreError::Disk`]
pub fn put_part(folder: &Path, device: &[u8], hash: &str, size: u32, at: u32, bytes: &[u8]) -> Result<Option<u32>, StoreError> {
    let path = path_of(folder, hash);
    let Some(parent) = path.parent() else { return Ok(None) };
    fs::create_dir_all(parent)?;
    // Each device has its own beginning: another one can't spoil it.
    let beside = parent.join(format!("{hash}.{}.part", hex::encode(device)));
    let mut file = File::options().create(true).append(true).read(true).open(&beside)?;
    if file.metadata()?.len() == u64::from(at) {
        file.write_all(bytes)?;
    }
    let held = file.metadata()?.len();
    if held < u64::from(size) {
        return Ok(u32::try_from(held).ok());
    }
    let whole = fs::read(&beside)?;
    if hex::encode(secret::sha256(&whole)) != hash || !shared::seal::looks_sealed(&whole) {
        fs::remove_file(&beside)?;
        return Ok(None);
    }
    file.sync_all()?;
    fs::rename(&beside, &path)?;
    #[cfg(unix)]
    for folder in parent.ancestors().take(3) {
        File::open(folder)?.sync_all()?;
    }
    Ok(Some(size))
}

/// The bytes of a photo.
///
/// # Errors
/// [`StoreError::Disk`]
pub fn read(folder: &Path, hash: &str) -> Result<Vec<u8>, StoreError> {
    Ok(fs::read(path_of(folder, hash))?)
}
