//! Who may see a record: grants by canteen and division. A record keeps the grants it once had, so
//! that a desk which holds it goes on hearing of it.

use super::engine::put;
use super::row::key;
use super::{StoreError, Tx};
use shared::division;
use shared::record::RecordKind;

/// What a device or an account may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// One canteen, by code.
    Canteen(String),
    /// A division and all below it.
    Division(String),
}

/// A place where a record is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Code of the canteen, empty for none, `*` for everybody.
    pub canteen: String,
    /// Division of the canteen or of the record.
    pub division: String,
}

impl Scope {
    /// The condition on a row `s` of the scope table, and the value of its parameter.
    pub(super) fn condition(&self, parameter: &str) -> (String, &str) {
        match self {
            Self::Canteen(code) => (format!("(s.canteen = {parameter} OR s.canteen = '*')"), code),
            Self::Division(code) => (format!("(s.canteen = '*' OR substr(s.division, 1, length({parameter})) = {parameter})"), code),
        }
    }

    /// Whether a record with that grant is seen.
    #[must_use]
    pub fn sees(&self, grant: &Grant) -> bool {
        match self {
            Self::Canteen(code) => grant.canteen == *code,
            Self::Division(code) => division::within(&grant.division, code),
        }
    }
}

impl Tx<'_> {
    /// Adds a grant.
    pub fn grant(&self, kind: RecordKind, record: &[u8], grant: &Grant) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO scope (kind, record, canteen, division) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            put![kind.code(), record, key(&grant.canteen), key(&grant.division)],
        )?;
        Ok(())
    }

    /// Whether `scope` may see the record.
    pub fn granted(&self, kind: RecordKind, record: &[u8], scope: &Scope) -> Result<bool, StoreError> {
        let (condition, code) = scope.condition("$3");
        let sql = format!("SELECT 1 FROM scope s WHERE s.record = $1 AND s.kind = $2 AND {condition}");
        self.exists(&sql, put![record, kind.code(), code])
    }
}
