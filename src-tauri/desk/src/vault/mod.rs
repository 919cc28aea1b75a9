//! The key of the desk's file: where it lies and how it comes back. `desk.key` beside the file says
//! where: in the system's keyring, or sealed in `desk.key` itself under a key that only this machine
//! and this user derive. Nothing of the file is touched here, and a key that can't be had is never
//! replaced by another.

mod keyring;
mod machine;

pub(crate) use keyring::SystemKeyring;

use crate::photo::sync_folders;
use serde::{Deserialize, Serialize};
use shared::crypto::{CryptoProvider, SecretKey};
use std::io::Write;
use std::path::Path;

/// The key of the desk's file.
pub(crate) type FileKey = [u8; 32];

/// A keyring that survives the program.
pub(crate) trait Keyring: std::fmt::Debug {
    /// The key of that name; `None` when the keyring is there and has none.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unreachable>;
    /// Keeps a key under a new name.
    fn put(&self, name: &str, key: &[u8]) -> Result<(), Unreachable>;
}

/// There is no keyring, or it is locked, or it does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreachable;

/// Why the key can't be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the disk failed")]
    Disk(#[from] std::io::Error),
    #[error("the suite failed")]
    Crypto(#[from] shared::crypto::CryptoError),
    #[error("the keyring does not answer")]
    Keyring,
    #[error("the keyring has no such key any more")]
    Gone,
    #[error("the key file is of another machine or user, or damaged")]
    Foreign,
    #[error("there is a desk's file and no key file beside it")]
    Missing,
}

/// What stands in `desk.key`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeyLocation {
    /// The key lies in the system's keyring under that name.
    Keyring(String),
    /// The key lies here, sealed for this machine and user.
    Sealed {
        /// Hex, 16 bytes.
        salt: String,
        /// Hex: the sealed key.
        key: String,
    },
}

const FILE: &str = "desk.key";
const SERVICE_AAD: &[u8] = b"yinling desk key 1";

/// The key of the desk's file in `dir`; a new one, into `keyring` where one is given and works, where neither
/// key nor file are there yet.
pub(crate) fn key(dir: &Path, has_file: bool, crypto: &dyn CryptoProvider, keyring: Option<&dyn Keyring>) -> Result<FileKey, VaultError> {
    let path = dir.join(FILE);
    for _ in 0..2 {
        match std::fs::read(&path) {
            Ok(bytes) => return from_location(&bytes, crypto, keyring),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Err(_) if has_file => return Err(VaultError::Missing),
            Err(_) => make(&path, crypto, keyring)?,
        }
    }
    Err(VaultError::Missing)
}

fn from_location(bytes: &[u8], crypto: &dyn CryptoProvider, keyring: Option<&dyn Keyring>) -> Result<FileKey, VaultError> {
    let key = match serde_json::from_slice(bytes).map_err(|_| VaultError::Foreign)? {
        KeyLocation::Keyring(name) => {
            keyring.unwrap_or(&SystemKeyring).get(&name).map_err(|Unreachable| VaultError::Keyring)?.ok_or(VaultError::Gone)?
        }
        KeyLocation::Sealed { salt, key } => {
            let salt = hex::decode(salt).map_err(|_| VaultError::Foreign)?;
            let sealed = hex::decode(key).map_err(|_| VaultError::Foreign)?;
            crypto.open(&sealing_key(crypto, &salt), SERVICE_AAD, &sealed).map_err(|_| VaultError::Foreign)?
        }
    };
    key.try_into().map_err(|_| VaultError::Foreign)
}

/// Makes a key and writes where it lies. Who comes second finds the first one's file and leaves it.
fn make(path: &Path, crypto: &dyn CryptoProvider, keyring: Option<&dyn Keyring>) -> Result<(), VaultError> {
    let (mut key, mut salt, mut name) = ([0; 32], [0; 16], [0; 16]);
    crypto.random(&mut key);
    crypto.random(&mut salt);
    crypto.random(&mut name);
    let name = hex::encode(name);
    // A keyring counts only when it gives back what it was given.
    let kept = keyring.filter(|keyring| keyring.put(&name, &key).is_ok() && keyring.get(&name) == Ok(Some(key.to_vec())));
    let location = match kept {
        Some(_) => KeyLocation::Keyring(name),
        None => {
            let sealed = crypto.seal(&sealing_key(crypto, &salt), SERVICE_AAD, &key)?;
            KeyLocation::Sealed { salt: hex::encode(salt), key: hex::encode(sealed) }
        }
    };
    // Of two programs that start together on a new folder one makes the key.
    let lock = std::fs::File::options().create(true).append(true).open(path.with_extension("lock"))?;
    lock.lock()?;
    if path.exists() {
        return Ok(());
    }
    let partial = path.with_extension(format!("key.{}", uuid::Uuid::new_v4().simple()));
    let mut file = private(&partial)?;
    file.write_all(&serde_json::to_vec(&location).map_err(std::io::Error::other)?)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    Ok(sync_folders(path)?)
}

/// A new file for nobody else's eyes.
fn private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What this machine and this user derive from the salt. It keeps a copied folder or a stolen backup
/// closed, not a folder in the hands of who has the machine.
fn sealing_key(crypto: &dyn CryptoProvider, salt: &[u8]) -> SecretKey {
    let whose = [SERVICE_AAD, machine::id().as_bytes(), &[0], machine::user().as_bytes()].concat();
    let derived = crypto.mac(salt, &whose);
    SecretKey::from_bytes(std::array::from_fn(|at| derived[at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crypto::SoftProvider;
    use std::collections::HashMap;
    use std::sync::Mutex;

    /// A keyring in memory that can be away.
    #[derive(Debug, Default)]
    struct Ring {
        keys: Mutex<HashMap<String, Vec<u8>>>,
        away: std::sync::atomic::AtomicBool,
    }

    impl Keyring for Ring {
        fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unreachable> {
            if self.away.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(Unreachable);
            }
            Ok(self.keys.lock().unwrap().get(name).cloned())
        }
        fn put(&self, name: &str, key: &[u8]) -> Result<(), Unreachable> {
            if self.away.load(std::sync::atomic::Ordering::Relaxed) {
                return Err(Unreachable);
            }
            self.keys.lock().unwrap().insert(name.to_owned(), key.to_vec());
            Ok(())
        }
    }

    fn away(ring: &Ring, away: bool) {
        ring.away.store(away, std::sync::atomic::Ordering::Relaxed);
    }

    #[test]
    fn a_key_in_the_keyring_is_not_in_the_folder_and_is_never_replaced() {
        let (dir, crypto, ring) = (tempfile::tempdir().unwrap(), SoftProvider::new(), Ring::default());
        let made = key(dir.path(), false, &crypto, Some(&ring)).unwrap();
        let written = std::fs::read_to_string(dir.path().join(FILE)).unwrap();
        assert!(!written.contains(&hex::encode(made)) && written.contains("keyring"), "{written}");
        assert_eq!(key(dir.path(), true, &crypto, Some(&ring)).unwrap(), made);
        away(&ring, true);
        assert!(matches!(key(dir.path(), true, &crypto, Some(&ring)), Err(VaultError::Keyring)));
        away(&ring, false);
        ring.keys.lock().unwrap().clear();
        assert!(matches!(key(dir.path(), true, &crypto, Some(&ring)), Err(VaultError::Gone)));
        assert_eq!(std::fs::read_to_string(dir.path().join(FILE)).unwrap(), written);
    }

    #[test]
    fn without_a_keyring_the_key_is_sealed_for_this_machine() {
        let (dir, crypto, ring) = (tempfile::tempdir().unwrap(), SoftProvider::new(), Ring::default());
        away(&ring, true);
        let made = key(dir.path(), false, &crypto, Some(&ring)).unwrap();
        let written = std::fs::read_to_string(dir.path().join(FILE)).unwrap();
        assert!(!written.contains(&hex::encode(made)) && written.contains("sealed"), "{written}");
        // A copy of the folder on the same machine opens, whether there is a keyring now or not.
        away(&ring, false);
        assert_eq!(key(dir.path(), true, &crypto, Some(&ring)).unwrap(), made);
        assert_eq!(key(dir.path(), true, &crypto, None).unwrap(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn another_machine_or_a_damaged_file_gives_no_key_and_changes_nothing() {
        let (dir, crypto) = (tempfile::tempdir().unwrap(), SoftProvider::new());
        key(dir.path(), false, &crypto, None).unwrap();
        let path = dir.path().join(FILE);
        let KeyLocation::Sealed { key: sealed, .. } = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap() else {
            panic!("sealed")
        };
        // Another salt derives another key, as another machine does.
        for wrong in
            [serde_json::to_string(&KeyLocation::Sealed { salt: "00".repeat(16), key: sealed }).unwrap(), "{".to_owned(), String::new()]
        {
            std::fs::write(&path, &wrong).unwrap();
            assert!(matches!(key(dir.path(), true, &crypto, None), Err(VaultError::Foreign)), "{wrong}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
        }
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(key(dir.path(), true, &crypto, None), Err(VaultError::Missing)));
        assert!(!path.exists(), "no new key for an old file");
    }
}
