//! Canteens as places.

use super::engine::{Row, put};
use super::{Scope, StoreError, Tx};

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
        self.one("SELECT code, name, division FROM canteen WHERE code = $1 ORDER BY id LIMIT 1", put![code], place_of)
    }

    /// The canteens in `scope`, in the order of their codes.
    pub fn canteens(&self, scope: &Scope) -> Result<Vec<CanteenPlace>, StoreError> {
        let (condition, code) = match scope {
            Scope::Canteen(code) => ("code = $1", code),
            Scope::Division(code) => ("substr(division, 1, length($1)) = $1", code),
        };
        let sql = format!("SELECT code, name, division FROM canteen WHERE {condition} ORDER BY code NULLS FIRST, id");
        self.all(&sql, put![code], place_of)
    }

    /// How many canteens there are.
    pub fn canteen_count(&self) -> Result<i64, StoreError> {
        Ok(self.value("SELECT count(*) FROM canteen", put![])?.unwrap_or(0))
    }
}

fn place_of(row: &Row<'_>) -> Result<CanteenPlace, StoreError> {
    let text = |at: usize| row.get::<Option<String>>(at).map(Option::unwrap_or_default);
    Ok(CanteenPlace { code: text(0)?, name: text(1)?, division: text(2)? })
}
