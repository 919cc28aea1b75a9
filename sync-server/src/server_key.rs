//! The key by which desks know the server: it signs every answer. Made with the database, it lies there sealed under the master key;
//! servers on one database share it, and it stays as long as the database does.

use crate::key_provider::{KeyProvider, Master};
use crate::store::{Store, StoreError};
use shared::crypto::{CryptoError, CryptoProvider, PublicKey, StoredKey};
use shared::wire::Fingerprint;

const SETTING: &str = "server_key";
const SEALED: &[u8] = b"yinling server key 1";

/// Signs what the server says.
#[derive(Debug)]
pub(crate) struct ServerKey {
    stored: StoredKey,
    public: PublicKey,
    fingerprint: Fingerprint,
}

impl ServerKey {
    /// The key of a database; makes one where there is none.
    pub fn open(store: &Store, crypto: &dyn CryptoProvider, master: &Master) -> Result<Self, StoreError> {
        let sealing = master.sealing_key(SETTING);
        if store.read(|tx| tx.setting(SETTING))?.is_none() {
            let sealed = hex::encode(crypto.seal(&sealing, SEALED, crypto.new_key()?.as_bytes())?);
            // Of two servers that make a database together, the first one's counts.
            store.write(|tx| tx.set_once(SETTING, &sealed))?;
        }
        let sealed = store.read(|tx| tx.setting(SETTING))?.unwrap_or_default();
        let sealed = hex::decode(sealed).map_err(|_| CryptoError::BadSeal)?;
        let stored = StoredKey::from_bytes(crypto.open(&sealing, SEALED, &sealed)?);
        let public = crypto.public_key(&stored)?;
        Ok(Self { fingerprint: Fingerprint::of(crypto, &public), stored, public })
    }

    /// The key that signs.
    pub fn stored(&self) -> &StoredKey {
        &self.stored
    }

    /// The half that everybody may know.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Stands in every code that is given out.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

#[cfg(test)]
mod tests {
    use crate::{Clock, Server};

    #[test]
    fn the_key_stays_and_what_sql_puts_in_its_place_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Server::open(folder.path(), Clock::by(|| 0));
        let server = open().unwrap();
        let first = *server.0.server_key.public();
        server.rotate_root().unwrap();
        drop(server);
        let server = open().unwrap();
        assert_eq!(*server.0.server_key.public(), first);
        // A key of another's making, put in by who holds the database but not the root key.
        server.0.store.write(|tx| tx.set(super::SETTING, &"07".repeat(60))).unwrap();
        drop(server);
        assert!(open().is_err(), "the server does not start under a key that it has not made");
    }
}
