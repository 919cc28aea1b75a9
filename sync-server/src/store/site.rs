//! Canteens as sites.

use super::engine::{Row, put};
use super::{Scope, StoreError, Tx};

/// A canteen as a site in a division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanteenSite {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Town or village.
    pub division: String,
}

impl Tx<'_> {
    /// The canteen of a code.
    pub fn canteen(&self, code: &str) -> Result<Option<CanteenSite>, StoreError> {
        self.one("SELECT code, name, division FROM canteen WHERE code = $1 ORDER BY id LIMIT 1", put![code], site_of)
    }

    /// The canteens in `scope`, in the order of their codes.
    pub fn canteens(&self, scope: &Scope) -> Result<Vec<CanteenSite>, StoreError> {
        let (condition, code) = match scope {
            Scope::Canteen(code) => ("code = $1", code),
            Scope::Division(code) => ("substr(division, 1, length($1)) = $1", code),
        };
        let sql = format!("SELECT code, name, division FROM canteen WHERE {condition} ORDER BY code NULLS FIRST, id");
        self.all(&sql, put![code], site_of)
    }

    /// How many canteens there are.
    pub fn canteen_count(&self) -> Result<i64, StoreError> {
        Ok(self.value("SELECT count(*) FROM canteen", put![])?.unwrap_or(0))
    }
}

fn site_of(row: &Row<'_>) -> Result<CanteenSite, StoreError> {
    let text = |at: usize| row.get::<Option<String>>(at).map(Option::unwrap_or_default);
    Ok(CanteenSite { code: text(0)?, name: text(1)?, division: text(2)? })
}
