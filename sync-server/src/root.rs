//! The root key and the database: the master key is opened with the root key at each start, and sealed anew when the root
//! key is changed. A change can be cut anywhere: the old file stays until the database is switched, and a start after that
//! finishes what is left.

use crate::fault::{self, Refusal};
use crate::key_provider::{self, FileKeyProvider, KeyProvider, Master};
use crate::store::{Store, StoreError};
use crate::{Parts, Server};
use serde::Serialize;
use shared::crypto::CryptoProvider;
use shared::fault::Fault;
use shared::kinds::AuditEvent;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// Tells whether the root key is that of the database.
const CHECK: &str = "root_check";
/// The master key, sealed under the root key.
const MASTER: &str = "master_key";

fn check(root: &dyn KeyProvider) -> String {
    hex::encode(root.derive(CHECK))
}

/// What a change of the root key did.
#[derive(Clone, Debug, Serialize)]
pub struct RootRotated {
    /// Where the old root key lies: backups of the database from before open with it alone.
    pub old: String,
}

/// Opens the master key of a database with the root key in a file; makes both for a new one.
pub(crate) fn master(store: &Store, file: &Path, crypto: &Arc<dyn CryptoProvider>) -> Result<Master, Fault> {
    let known = store.read(|tx| tx.setting(CHECK)).map_err(fault::cannot_open)?;
    // A new root key would open nothing of what lies in the database.
    let is_new = known.is_none();
    let root = FileKeyProvider::open(file, is_new, Arc::clone(crypto)).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => fault::no_root_key(&error),
        _ if is_new => fault::no_new_root_key(&error),
        _ => fault::no_root_key(&error),
    })?;
    let root = match known {
        Some(known) if known != check(&root) => finish(file, &known, crypto).ok_or_else(|| fault::no_root_key(&"another root key"))?,
        _ => root,
    };
    // Before there was a master key, the others came from the root key itself.
    let (check, drawn) = (check(&root), if is_new { Master::draw(Arc::clone(crypto)) } else { root.as_master() });
    let sealed = drawn.seal(&root).map_err(|error| fault::no_root_key(&error))?;
    // Of two servers that make a database together, the first one's counts.
    let kept = store.write(|tx| {
        tx.set_once(CHECK, &check)?;
        tx.set_once(MASTER, &sealed)?;
        Ok::<_, StoreError>((tx.setting(CHECK)?, tx.setting(MASTER)?.unwrap_or_default()))
    });
    let (known, sealed) = kept.map_err(fault::cannot_open)?;
    let opened = Master::open(Arc::clone(crypto), &root, &sealed).filter(|_| known == Some(check));
    opened.ok_or_else(|| fault::no_root_key(&"another root key"))
}

/// A change of the root key was cut off after the database was switched: the next root key is the one that counts.
fn finish(file: &Path, known: &str, crypto: &Arc<dyn CryptoProvider>) -> Option<FileKeyProvider> {
    let next = FileKeyProvider::open(&key_provider::next_to(file), false, Arc::clone(crypto)).ok()?;
    if check(&next) != known {
        return None;
    }
    if let Err(error) = key_provider::switch(file) {
        tracing::warn!(%error, "the next root key counts already, its file could not be renamed");
    }
    Some(next)
}

/// The steps of a change, for who wants to cut in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    NextMade,
    OldKept,
    DatabaseSwitched,
}

impl Server {
    /// A new root key takes the place of the old one. Servers that run on the database go on: what they derive keys from stays.
    ///
    /// # Errors
    /// A [`Fault`] when a file or the store can't be written; then the old root key counts, or the next start finishes the change.
    pub fn rotate_root(&self) -> Result<RootRotated, Fault> {
        Ok(self.0.rotate_root(&mut |_| Ok(()))?)
    }
}

impl Parts {
    fn rotate_root(&self, done: &mut dyn FnMut(Step) -> Result<(), Refusal>) -> Result<RootRotated, Refusal> {
        let disk = |error: std::io::Error| fault::root_not_rotated(&error);
        let next = key_provider::make_next(&self.root_file, Arc::clone(&self.crypto)).map_err(disk)?;
        done(Step::NextMade)?;
        let before = self.store.read(|tx| tx.setting(CHECK)).map_err(Refusal::from)?.unwrap_or_default();
        let old = key_provider::keep_old(&self.root_file, &before).map_err(disk)?;
        done(Step::OldKept)?;
        let (check, sealed) = (check(&next), self.key_provider.seal(&next).map_err(StoreError::from)?);
        self.commanded(AuditEvent::RootRotated, |tx, noted| {
            noted.values(before.get(..8), check.get(..8));
            tx.set(MASTER, &sealed)?;
            Ok(tx.set(CHECK, &check)?)
        })?;
        done(Step::DatabaseSwitched)?;
        key_provider::switch(&self.root_file).map_err(disk)?;
        // The master key as the old root key sealed it must not lie in free pages.
        self.store.checkpoint()?;
        Ok(RootRotated { old: old.display().to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    fn open(folder: &Path) -> Result<Server, Fault> {
        Server::open(folder, Clock::by(|| 0))
    }

    fn derives(server: &Server) -> [u8; 32] {
        server.0.key_provider.derive("town 445381001")
    }

    #[cfg(unix)]
    #[test]
    fn a_data_folder_that_is_made_is_for_one_user() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        open(&data).unwrap();
        for made in [data.clone(), folder.path().join("a")] {
            assert_eq!(std::fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o700, "{made:?}");
        }
    }

    #[test]
    fn a_change_of_the_root_key_that_is_cut_anywhere_leaves_one_that_opens() {
        for cut in [Step::NextMade, Step::OldKept, Step::DatabaseSwitched] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(crate::KEEPER);
            let server = open(folder.path()).unwrap();
            let (keys, first) = (derives(&server), std::fs::read(&file).unwrap());
            let killed = server.0.rotate_root(&mut |step| if step == cut { Err(fault::not_found()) } else { Ok(()) });
            assert!(killed.is_err());
            assert_eq!(std::fs::read(&file).unwrap(), first, "{cut:?}: the old file is there");
            drop(server);
            let server = open(folder.path()).unwrap();
            assert_eq!(derives(&server), keys, "{cut:?}");
            assert_eq!(
                std::fs::read(&file).unwrap() != first,
                cut == Step::DatabaseSwitched,
                "{cut:?}: finished at the start or not at all"
            );
            // And once more, to its end, under a server that goes on.
            let beside = open(folder.path()).unwrap();
            let told = server.rotate_root().unwrap();
            assert!(derives(&beside) == keys && derives(&open(folder.path()).unwrap()) == keys);
            let second = std::fs::read(&file).unwrap();
            assert!(Path::new(&told.old).exists() && second != first && !key_provider::next_to(&file).exists());
            drop((server, beside));
            std::fs::write(&file, &first).unwrap();
            assert!(open(folder.path()).unwrap_err().happened.contains("根密钥"), "{cut:?}: the old one opens nothing any more");
            std::fs::write(&file, &second).unwrap();
            assert_eq!(derives(&open(folder.path()).unwrap()), keys);
        }
    }

    #[test]
    fn a_backup_of_before_opens_with_the_old_root_key_alone() {
        let (folder, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let server = open(folder.path()).unwrap();
        let keys = derives(&server);
        server.0.store.checkpoint().unwrap();
        std::fs::copy(folder.path().join("server.sqlite"), backup.path().join("server.sqlite")).unwrap();
        let old = server.rotate_root().unwrap().old;
        let at = backup.path().join(crate::KEEPER);
        std::fs::copy(folder.path().join(crate::KEEPER), &at).unwrap();
        assert!(open(backup.path()).is_err());
        std::fs::copy(old, &at).unwrap();
        assert_eq!(derives(&open(backup.path()).unwrap()), keys);
    }
}
