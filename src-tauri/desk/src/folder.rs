//! Folders and files that this user alone reads: they hold personal data in plain, or what opens it. On systems without modes the
//! user's own folder guards them. What is a link in the place of a folder of ours goes; what lies behind it stays.

use jiff::Timestamp;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Makes a folder for this user alone, with those above it, or makes one that is there such. Where a link stands, the link goes.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => return close(folder, 0o700),
        Ok(_) => std::fs::remove_file(folder)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The desk's own folder: made for this user alone; one that somebody else made, and in which no desk is yet, stays as it is.
pub(crate) fn make_own(folder: &Path, is_a_desk: bool) -> io::Result<()> {
    if is_a_desk {
        close(folder, 0o700)
    } else if folder.is_dir() {
        Ok(())
    } else {
        make(folder)
    }
}

/// A new file for this user alone, in the place of one that is there. A link is not followed.
pub(crate) fn new_file(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn close(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if open == mode { Ok(()) } else { std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)) }
}

#[cfg(not(unix))]
fn close(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Removes the files of a folder that were last written before a moment, all of them where none is given, and gives how many stay that
/// should have gone. Links go, and nothing behind them; where the folder itself is one, it goes.
pub(crate) fn empty(folder: &Path, before: Option<Timestamp>) -> io::Result<usize> {
    match std::fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => return std::fs::remove_file(folder).map(|()| 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    }
    let mut left = 0;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let Ok(found) = entry.metadata() else { continue };
        let is_due = before.is_none_or(|before| found.modified().is_ok_and(|at| at < system_time(before)));
        if is_due && !found.is_dir() && std::fs::remove_file(entry.path()).is_err() {
            left += 1;
        }
    }
    Ok(left)
}

/// A moment as file systems keep it.
pub(crate) fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    pub(crate) fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn folders_and_files_are_for_this_user_alone_also_those_that_were_not() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/b");
        make(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&dir.path().join("a"))), (0o700, 0o700));
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        make(&folder).unwrap();
        let file = folder.join("c");
        std::fs::write(&file, "open").unwrap();
        new_file(&file).unwrap();
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    }

    #[test]
    fn a_link_goes_and_nothing_behind_it() {
        let (dir, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let treasure = away.path().join("treasure");
        std::fs::write(&treasure, "gold").unwrap();
        let folder = dir.path().join("inbox");
        symlink(away.path(), &folder).unwrap();
        assert_eq!(empty(&folder, None).unwrap(), 0);
        assert!(!folder.exists() && treasure.exists());
        make(&folder).unwrap();
        symlink(&treasure, folder.join("file")).unwrap();
        new_file(&folder.join("file")).unwrap();
        symlink(&treasure, folder.join("other")).unwrap();
        empty(&folder, None).unwrap();
        assert_eq!(std::fs::read_to_string(&treasure).unwrap(), "gold");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        symlink(away.path(), dir.path().join("other")).unwrap();
        make(&dir.path().join("other")).unwrap();
        assert!(!dir.path().join("other/treasure").exists() && treasure.exists());
    }
}
