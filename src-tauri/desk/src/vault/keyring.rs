//! The system's keyring: the Secret Service on Linux, the Credential Manager on Windows. It may ask the
//! user to unlock it, or never answer: it is asked on a thread of its own, and not waited for without end.

use super::{Keyring, Unreachable};
use keyring_core::{CredentialStore, Error};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

const SERVICE: &str = "yinling-desk";
/// Somebody may have to type a password first.
const ASKS: Duration = Duration::from_secs(30);
/// At the first start nobody waits long: there is the sealed file.
const KEEPS: Duration = Duration::from_secs(5);

/// The keyring of this session.
#[derive(Debug)]
pub(crate) struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unreachable> {
        let name = name.to_owned();
        within(ASKS, move || match store()?.build(SERVICE, &name, None)?.get_secret() {
            Ok(key) => Ok(Some(key)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn put(&self, name: &str, key: &[u8]) -> Result<(), Unreachable> {
        let (name, key) = (name.to_owned(), key.to_vec());
        within(KEEPS, move || store()?.build(SERVICE, &name, None)?.set_secret(&key))
    }
}

#[cfg(target_os = "linux")]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", windows)))]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NoDefaultStore)
}

fn within<T: Send + 'static>(patience: Duration, ask: impl FnOnce() -> keyring_core::Result<T> + Send + 'static) -> Result<T, Unreachable> {
    let (tell, hear) = mpsc::channel();
    let asking = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || drop(tell.send(ask())));
    asking.map_err(|_| Unreachable)?;
    match hear.recv_timeout(patience) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            // Only the kind: some errors carry what was asked for.
            let kind = match error {
                Error::NoStorageAccess(_) => "locked or not there",
                Error::PlatformFailure(_) => "failed",
                _ => "other",
            };
            tracing::info!(kind, "the system's keyring is not used");
            Err(Unreachable)
        }
        Err(_) => {
            tracing::warn!("the system's keyring does not answer");
            Err(Unreachable)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_never_answers_is_given_up() {
        let (_hold, never) = mpsc::channel::<()>();
        let asked = within(Duration::ZERO, move || {
            let _ = never.recv();
            Ok(())
        });
        assert_eq!(asked, Err(Unreachable));
    }
}
