//! Wrong tries to sign in, known names or not, so that no answer tells which names exist. A row with no wrong try says that it
//! went well there.

use super::engine::put;
use super::{StoreError, Tx};
use crate::secret::hash;

/// By what tries are counted: half of it tells the name, half of it the place, each as a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TryKey([u8; 32]);

impl TryKey {
    /// A name at a place.
    #[must_use]
    pub fn here(name: &str, place: &str) -> Self {
        Self::of(half(name), half(place))
    }

    /// A name, wherever.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::of(half(name), [0; 16])
    }

    /// A place, whatever name.
    #[must_use]
    pub fn place(place: &str) -> Self {
        Self::of([0; 16], half(place))
    }

    /// That it went well for a name at a place.
    #[must_use]
    pub fn known(name: &str, place: &str) -> Self {
        Self::of(half(name), half(&format!("known {place}")))
    }

    fn of(name: [u8; 16], place: [u8; 16]) -> Self {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&name);
        key[16..].copy_from_slice(&place);
        Self(key)
    }
}

fn half(text: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash(text)[..16]);
    half
}

/// Wrong tries by one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row.
    pub failed: i64,
    /// When the last one was, in seconds.
    pub last_at: i64,
    /// Until when nobody may try, in seconds.
    pub locked_until: i64,
}

impl Tx<'_> {
    /// What is known of a key.
    pub fn tries(&self, key: &TryKey) -> Result<Option<Tries>, StoreError> {
        self.one("SELECT failed, last_at, locked_until FROM sign_in_try WHERE name_hash = $1", put![&key.0], |row| {
            Ok(Tries { failed: row.get(0)?, last_at: row.get(1)?, locked_until: row.get(2)? })
        })
    }

    /// Sets what is known of a key.
    pub fn put_tries(&self, key: &TryKey, tries: Tries) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO sign_in_try (name_hash, failed, last_at, locked_until) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name_hash) DO UPDATE SET failed = excluded.failed, last_at = excluded.last_at, locked_until = excluded.locked_until",
            put![&key.0, tries.failed, tries.last_at, tries.locked_until],
        )?;
        Ok(())
    }

    /// Forgets wrong tries from before `oldest`, what went well before `known`, and what is said to come after `latest`.
    pub fn forget_tries(&self, oldest: i64, known: i64, latest: i64) -> Result<(), StoreError> {
        self.execute(
            "DELETE FROM sign_in_try WHERE (last_at < $1 AND failed > 0) OR last_at < $2 OR last_at > $3",
            put![oldest, known, latest],
        )?;
        Ok(())
    }

    /// Forgets the wrong tries by a name at all places, and the locks with them.
    pub fn unlock(&self, name: &str) -> Result<(), StoreError> {
        self.execute("DELETE FROM sign_in_try WHERE substr(name_hash, 1, 16) = $1 AND failed > 0", put![&half(name)])?;
        Ok(())
    }

    /// Whether a name is locked somewhere, by a lock that ends between these times.
    pub fn is_locked(&self, name: &str, after: i64, latest: i64) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM sign_in_try WHERE substr(name_hash, 1, 16) = $1 AND locked_until > $2 AND locked_until <= $3",
            put![&half(name), after, latest],
        )
    }
}
