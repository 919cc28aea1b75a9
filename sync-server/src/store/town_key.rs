//! `town_key`: the keys of the towns, sealed by the keeper. Nothing here opens them.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// The sealed key of a town.
    pub fn town_key(&self, town: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.value("SELECT sealed FROM town_key WHERE town = $1", put![town])
    }

    /// Keeps the sealed key of a town that had none.
    pub fn put_town_key(&self, town: &str, sealed: &[u8]) -> Result<(), StoreError> {
        self.execute("INSERT INTO town_key (town, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![town, sealed])?;
        Ok(())
    }
}
