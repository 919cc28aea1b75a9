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
    let written = options().write(true).create_new(true).open(&partial).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    });
    if written.is_err() {
        // A disk that is full does not fill up with tries.
        drop(std::fs::remove_file(&partial));
    }
    written?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_for_nobody_else_and_a_try_that_fails_leaves_none() {
        let folder = tempfile::tempdir().unwrap();
        let names = || std::fs::read_dir(folder.path()).unwrap().count();
        let path = folder.path().join("secret");
        std::fs::write(&path, "of before, for all to read").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!((std::fs::read(&path).unwrap().as_slice(), names()), (&b"new"[..], 1));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).unwrap();
        assert!(write(&taken, b"in the place of a folder").is_err());
        assert_eq!(names(), 2, "nothing is left beside the two");
    }
}
