//! The keeper of the deployment's keys. What must not lie in the database in plain (the keys of the towns,
//! the key of the elders' ids) lies there sealed under a root key that is kept apart: in a file, or behind
//! the same trait in a module.

use shared::crypto::{CryptoError, CryptoProvider, SecretKey};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Holds the root key and never gives it away.
pub trait Keeper: Send + Sync + std::fmt::Debug {
    /// Seals what the database keeps under that name.
    ///
    /// # Errors
    /// [`CryptoError`]
    fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError>;

    /// Opens what was sealed under that name.
    ///
    /// # Errors
    /// [`CryptoError::BadSeal`] when it was not, or under another root key.
    fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError>;
}

/// The root key in a file, readable by the service alone.
#[derive(Debug)]
pub struct FileKeeper {
    crypto: Arc<dyn CryptoProvider>,
    root: SecretKey,
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
        let bytes: [u8; 16] = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(no_key)?;
        Ok(Self { crypto, root: SecretKey::from_bytes(bytes) })
    }
}

fn make(path: &Path, crypto: &dyn CryptoProvider) -> std::io::Result<()> {
    let partial = path.with_extension(format!("key.{}", uuid::Uuid::new_v4().simple()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    writeln!(file, "{}", hex::encode(SecretKey::draw(crypto).as_bytes()))?;
    file.sync_all()?;
    let done = match std::fs::hard_link(&partial, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => std::fs::rename(&partial, path),
        _ => std::fs::remove_file(&partial),
    };
    if let Some(folder) = path.parent().and_then(|folder| std::fs::File::open(folder).ok()) {
        // Windows does not sync folders; the name is journalled there.
        let _ = folder.sync_all();
    }
    done
}

impl Keeper for FileKeeper {
    fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.crypto.seal(&self.root, name.as_bytes(), plain)
    }

    fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.crypto.open(&self.root, name.as_bytes(), sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crypto::SoftProvider;

    #[test]
    fn the_root_key_is_made_once_for_one_pair_of_eyes_and_seals_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keeper.key");
        let crypto: Arc<dyn CryptoProvider> = Arc::new(SoftProvider::new());
        assert!(FileKeeper::open(&path, false, Arc::clone(&crypto)).is_err() && !path.exists());
        let sealed = FileKeeper::open(&path, true, Arc::clone(&crypto)).unwrap().seal("town 445381001", b"key").unwrap();
        let again = FileKeeper::open(&path, true, Arc::clone(&crypto)).unwrap();
        assert_eq!(again.open("town 445381001", &sealed).unwrap(), b"key");
        assert!(again.open("town 445381002", &sealed).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "").unwrap();
        assert!(FileKeeper::open(&path, true, crypto).is_err(), "a damaged key is not replaced");
    }
}
