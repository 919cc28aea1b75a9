//! The keeper of the deployment's root key. All other keys of the server (of the towns, of the elders' ids, of
//! proofs) are derived from it by name, so that none lies in the database and none is lost with it. The
//! root key is kept apart: in a file, or behind the same trait in a module.

use shared::crypto::{CryptoProvider, StoredKey};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Holds the root key and never gives it away.
pub trait Keeper: Send + Sync + std::fmt::Debug {
    /// The key of that name: HMAC-SM3 of the name under the root key.
    fn derive(&self, name: &str) -> [u8; 32];
}

/// The root key in a file, readable by the service alone.
#[derive(Debug)]
pub struct FileKeeper {
    crypto: Arc<dyn CryptoProvider>,
    root: StoredKey,
}

impl FileKeeper {
    /// Reads the key file; makes one where there is none and `may_make`. Of two servers that start together one makes it.
    ///
    /// # Errors
    /// When it can't be read or made, or is no key.
    pub fn open(path: &Path, may_make: bool, crypto: Arc<dyn CryptoProvider>) -> std::io::Result<Self> {
        if may_make && !path.exists() {
            make(path, crypto.as_ref())?;
        }
        let no_key = || std::io::Error::new(std::io::ErrorKind::InvalidData, "no key in the keeper's file");
        let text = std::fs::read_to_string(path)?;
        let root = hex::decode(text.trim()).ok().filter(|root| root.len() == 32).ok_or_else(no_key)?;
        Ok(Self { crypto, root: StoredKey::from_bytes(root) })
    }
}

fn make(path: &Path, crypto: &dyn CryptoProvider) -> std::io::Result<()> {
    let lock = std::fs::File::options().create(true).append(true).open(path.with_extension("lock"))?;
    lock.lock()?;
    if path.exists() {
        return Ok(());
    }
    let partial = path.with_extension(format!("key.{}", uuid::Uuid::new_v4().simple()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    let mut root = [0; 32];
    crypto.random(&mut root);
    writeln!(file, "{}", hex::encode(root))?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    if let Some(folder) = path.parent().and_then(|folder| std::fs::File::open(folder).ok()) {
        // Windows does not sync folders; the name is journalled there.
        let _ = folder.sync_all();
    }
    Ok(())
}

impl Keeper for FileKeeper {
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
        assert!(FileKeeper::open(&path, false, Arc::clone(&crypto)).is_err() && !path.exists());
        let derived = FileKeeper::open(&path, true, Arc::clone(&crypto)).unwrap().derive("town 445381001");
        let again = FileKeeper::open(&path, true, Arc::clone(&crypto)).unwrap();
        assert_eq!(again.derive("town 445381001"), derived);
        assert_ne!(again.derive("town 445381002"), derived);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "").unwrap();
        assert!(FileKeeper::open(&path, true, crypto).is_err(), "a damaged key is not replaced");
    }
}
