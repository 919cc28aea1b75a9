//! `staff`, by the marks that changes bear.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// The ids of whoever bears that mark; mostly one, in a whole city seldom two.
    pub fn staff_marked(&self, mark: &[u8; 4]) -> Result<Vec<Vec<u8>>, StoreError> {
        self.all("SELECT id FROM staff WHERE substr(id, 13) = $1", put![&mark[..]], |row| row.get(0))
    }
}
