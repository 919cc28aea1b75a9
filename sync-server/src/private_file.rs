//! Files of the server for nobody else's eyes: the root key, what lies beside the database, the link to the first account.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// How such a file is opened where it may have to be made.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes one whole or not at all, in the place of one that is there; on the disk when it returns.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Under a name of its own first: other programs on the folder may write one as well.
    let partial = path.with_added_extension(uuid::Uuid::new_v4().simple().to_string());
    let mut file = options().write(true).create_new(true).open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    sync_folder(path)
}

/// Keeps the names in the folder of a file.
///
/// # Errors
/// When the disk refuses.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> std::io::Result<()> {
    // Whole: a relative path may have no folder with a name above it.
    match std::path::absolute(path)?.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Windows does not sync folders; the name is journalled there.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}
