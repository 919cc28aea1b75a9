//! Secrets and marks of the deployment, by name.

use super::{StoreError, Tx};
use rusqlite::{OptionalExtension, params};

impl Tx<'_> {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut select = self.0.prepare_cached("SELECT value FROM setting WHERE name = $1")?;
        Ok(select.query_row(params![name], |row| row.get(0)).optional()?)
    }

    /// Sets a value that had none.
    pub fn set_once(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut insert = self.0.prepare_cached("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")?;
        insert.execute(params![name, value])?;
        Ok(())
    }

    /// Sets a value, over what stood there.
    pub fn set(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut upsert = self
            .0
            .prepare_cached("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?;
        upsert.execute(params![name, value])?;
        Ok(())
    }
}
