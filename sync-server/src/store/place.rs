//! Canteens as places.

use super::{Scope, StoreError, Tx};
use rusqlite::{OptionalExtension, params};

/// A canteen as a place in a division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanteenPlace {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Town or village.
    pub division: String,
}

impl Tx<'_> {
    /// The canteen of a code.
    pub fn canteen(&self, code: &str) -> Result<Option<CanteenPlace>, StoreError> {
        let mut select = self.0.prepare_cached("SELECT code, name, division FROM canteen WHERE code = $1 ORDER BY id LIMIT 1")?;
        Ok(select.query_row(params![code], place_of).optional()?)
    }

    /// The canteens in `scope`, in the order of their codes.
    pub fn canteens(&self, scope: &Scope) -> Result<Vec<CanteenPlace>, StoreError> {
        let (condition, code) = match scope {
            Scope::Canteen(code) => ("code = $1", code),
            Scope::Division(code) => ("substr(division, 1, length($1)) = $1", code),
        };
        let mut select = self.0.prepare_cached(&format!("SELECT code, name, division FROM canteen WHERE {condition} ORDER BY code"))?;
        let rows = select.query_map(params![code], place_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many canteens there are.
    pub fn canteen_count(&self) -> Result<i64, StoreError> {
        Ok(self.0.query_row("SELECT count(*) FROM canteen", [], |row| row.get(0))?)
    }
}

fn place_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<CanteenPlace> {
    let text = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    Ok(CanteenPlace { code: text(0)?, name: text(1)?, division: text(2)? })
}
