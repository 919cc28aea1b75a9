//! The key provider of the deployment's root key, and the master key that lies in the database sealed under it. All other keys of
//! the server (of the towns, of the elders' ids, of proofs) are derived from the master key by name. It stays when the root key
//! is changed, so desks notice nothing. The root key is kept apart: in a file, or behind the same trait in a module.

use crate::private_file::{sync_folder, write};
use shared::crypto::{CryptoError, CryptoProvider, SecretKey, StoredKey};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Holds the root key and never gives it away.
pub trait KeyProvider: Send + Sync + std::fmt::Debug {
    /// The key of that name: HMAC-SM3 of the name under the root key.
    fn derive(&self, name: &str) -> [u8; 32];

    /// The first half of the key of that name, to seal with.
    fn sealing_key(&self, name: &str) -> SecretKey {
        let derived = self.derive(name);
        SecretKey::from_bytes(std::array::from_fn(|at| derived[at]))
    }
}

/// The root key in a file, readable by the service alone.
#[derive(Debug)]
pub struct FileKeyProvider {
    crypto: Arc<dyn CryptoProvider>,
    root: StoredKey,
}

impl FileKeyProvider {
    /// Reads the key file; makes one where there is none and `may_make`, which also says that nothing was sealed with it yet: it is on
    /// the disk before anything is. Of two servers that start together one makes it.
    ///
    /// # Errors
    /// When it can't be read or made, or is no key.
    pub fn open(path: &Path, may_make: bool, crypto: Arc<dyn CryptoProvider>) -> std::io::Result<Self> {
        if may_make {
            if path.exists() {
                // A start before may have failed to keep its name.
                sync_folder(path)?;
            } else {
                make(path, crypto.as_ref())?;
            }
        }
        let no_key = || std::io::Error::new(std::io::ErrorKind::InvalidData, "no key in the root key's file");
        let text = std::fs::read_to_string(path)?;
        let root = hex::decode(text.trim()).ok().filter(|root| root.len() == 32).ok_or_else(no_key)?;
        Ok(Self { crypto, root: StoredKey::from_bytes(root) })
    }
}

impl FileKeyProvider {
    /// The root key as a master key.
    #[must_use]
    pub fn as_master(&self) -> Master {
        Master { crypto: Arc::clone(&self.crypto), key: self.root.clone() }
    }
}

/// What the other keys come from.
#[derive(Debug)]
pub struct Master {
    crypto: Arc<dyn CryptoProvider>,
    key: StoredKey,
}

const SEALED: &[u8] = b"yinling master key 1";
const MASTER: &str = "master";

impl Master {
    /// A new one.
    #[must_use]
    pub fn draw(crypto: Arc<dyn CryptoProvider>) -> Self {
        let mut key = [0; 32];
        crypto.random(&mut key);
        Self { crypto, key: StoredKey::from_bytes(key.to_vec()) }
    }

    /// Sealed under a root key, for the database.
    ///
    /// # Errors
    /// [`CryptoError`]
    pub fn seal(&self, root: &dyn KeyProvider) -> Result<String, CryptoError> {
        Ok(hex::encode(self.crypto.seal(&root.sealing_key(MASTER), SEALED, self.key.as_bytes())?))
    }

    /// The one that was sealed under this root key; `None` when it was sealed under another one.
    #[must_use]
    pub fn open(crypto: Arc<dyn CryptoProvider>, root: &dyn KeyProvider, sealed: &str) -> Option<Self> {
        let key = crypto.open(&root.sealing_key(MASTER), SEALED, &hex::decode(sealed).ok()?).ok()?;
        Some(Self { crypto, key: StoredKey::from_bytes(key) })
    }
}

impl KeyProvider for Master {
    fn derive(&self, name: &str) -> [u8; 32] {
        self.crypto.mac(self.key.as_bytes(), name.as_bytes())
    }
}

/// Where the root key lies that takes the place of the one in `path`, until it does.
#[must_use]
pub fn next_to(path: &Path) -> PathBuf {
    path.with_added_extension("next")
}

/// Keeps the root key in `path` under another name as well: backups of before open with it alone. Gives the name.
///
/// # Errors
/// When it can't be copied.
pub fn keep_old(path: &Path, check: &str) -> std::io::Result<PathBuf> {
    let old = path.with_added_extension(format!("old-{}", check.get(..8).unwrap_or(check)));
    let text = std::fs::read(path)?;
    write(&old, &text)?;
    Ok(old)
}

/// A new root key beside the one in `path`, instead of one that was begun before.
///
/// # Errors
/// When it can't be written.
pub fn make_next(path: &Path, crypto: Arc<dyn CryptoProvider>) -> std::io::Result<FileKeyProvider> {
    let next = next_to(path);
    let mut root = [0; 32];
    crypto.random(&mut root);
    write(&next, format!("{}\n", hex::encode(root)).as_bytes())?;
    FileKeyProvider::open(&next, false, crypto)
}

/// The next root key takes the place of the one in `path`.
///
/// # Errors
/// When it can't be renamed.
pub fn switch(path: &Path) -> std::io::Result<()> {
    std::fs::rename(next_to(path), path)?;
    sync_folder(path)
}

fn make(path: &Path, crypto: &dyn CryptoProvider) -> std::io::Result<()> {
    let lock = std::fs::File::options().create(true).append(true).open(path.with_extension("lock"))?;
    lock.lock()?;
    if path.exists() {
        return sync_folder(path);
    }
    let mut root = [0; 32];
    crypto.random(&mut root);
    write(path, format!("{}\n", hex::encode(root)).as_bytes())
}

impl KeyProvider for FileKeyProvider {
    fn derive(&self, name: &str) -> [u8; 32] {
        self.crypto.mac(self.root.as_bytes(), name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crypto::SoftProvider;

    #[test]
    fn the_root_key_is_made_once_for_one_pair_of_eyes_and_derives_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keeper.key");
        let crypto: Arc<dyn CryptoProvider> = Arc::new(SoftProvider::new());
        assert!(FileKeyProvider::open(&path, false, Arc::clone(&crypto)).is_err() && !path.exists());
        let derived = FileKeyProvider::open(&path, true, Arc::clone(&crypto)).unwrap().derive("town 445381001");
        let again = FileKeyProvider::open(&path, true, Arc::clone(&crypto)).unwrap();
        assert_eq!(again.derive("town 445381001"), derived);
        assert_ne!(again.derive("town 445381002"), derived);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "").unwrap();
        assert!(FileKeyProvider::open(&path, true, crypto).is_err(), "a damaged key is not replaced");
    }
}
