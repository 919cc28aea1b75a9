//! Secrets and marks of the deployment, by name.

use super::engine::put;
use super::sealed::SETTING;
use super::{StoreError, Tx};
use std::collections::BTreeMap;

const DECLARED: &str = "declared";
/// The last push that a serving server found by itself to be signed by its device.
pub const SIGNATURES_CHECKED: &str = "signatures_checked";

/// Settings that carry no MAC: those that open the master key are sealed under the root key, the others decide nothing.
pub(super) const OPEN: [&str; 5] = ["root_check", "master_key", DECLARED, "ends", "compacted_on"];

fn is_open(name: &str) -> bool {
    OPEN.contains(&name)
}

impl Tx<'_> {
    /// The value of a setting.
    ///
    /// # Errors
    /// [`StoreError::Forged`] where another hand changed it: it is not as if there were none.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let there = self.value("SELECT value FROM setting WHERE name = $1", put![name])?;
        if is_open(name) || there.is_none() {
            return Ok(there);
        }
        let sealed = self.sealed_one(&SETTING, "name = $1", put![name], |row| row.get(1))?;
        sealed.map(Some).ok_or(StoreError::Forged(SETTING.name))
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
        if is_open(name) {
            self.execute("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![name, value])?;
        } else {
            self.add_sealed(&SETTING, put![name, value])?;
        }
        Ok(())
    }

    /// Forgets all values whose names begin so.
    pub fn unset_all(&self, prefix: &str) -> Result<(), StoreError> {
        self.take_sealed(&SETTING, "substr(name, 1, length($1)) = $1", put![prefix], |_| Ok(()))?;
        Ok(())
    }

    /// Sets a value, over what stood there.
    pub fn set(&self, name: &str, value: &str) -> Result<(), StoreError> {
        if !is_open(name) {
            return self.put_sealed(&SETTING, put![name, value]);
        }
        self.execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            put![name, value],
        )?;
        Ok(())
    }
}
