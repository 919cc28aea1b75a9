//! What the table of enrolment periods is asked for.

use super::engine::put;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// The enrolment periods of an elder that go on at other canteens than that one.
    pub fn open_bindings(&self, elder: &[u8], but: &str) -> Result<Vec<[u8; 16]>, StoreError> {
        let sql = "SELECT id FROM binding WHERE elder = $1 AND until IS NULL AND canteen <> $2 ORDER BY id";
        self.all(sql, put![elder, but], |row| row.get(0))
    }
}
