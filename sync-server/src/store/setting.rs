//! Secrets and marks of the deployment, by name.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.value("SELECT value FROM setting WHERE name = $1", put![name])
    }

    /// Sets a value that had none.
    pub fn set_once(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.execute("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![name, value])?;
        Ok(())
    }

    /// Forgets all values whose names begin so.
    pub fn unset_all(&self, prefix: &str) -> Result<(), StoreError> {
        self.execute("DELETE FROM setting WHERE substr(name, 1, length($1)) = $1", put![prefix])?;
        Ok(())
    }

    /// Sets a value, over what stood there.
    pub fn set(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            put![name, value],
        )?;
        Ok(())
    }
}
