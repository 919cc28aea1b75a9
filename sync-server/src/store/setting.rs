//! Secrets and marks of the deployment, by name.

use super::engine::put;
use super::{StoreError, Tx};
use std::collections::BTreeMap;

const DECLARED: &str = "declared";

impl Tx<'_> {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.value("SELECT value FROM setting WHERE name = $1", put![name])
    }

    /// The digests of the declarations by which the rows were written, by code word of the kind; none in a new database.
    pub fn declared(&self) -> Result<BTreeMap<String, String>, StoreError> {
        Ok(self.setting(DECLARED)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Sets by which declarations the rows are written.
    pub fn set_declared(&self, declared: &BTreeMap<String, String>) -> Result<(), StoreError> {
        self.set(DECLARED, &serde_json::to_string(declared).unwrap_or_default())
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
