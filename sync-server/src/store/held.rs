//! `held_change`: what was written about a person whose file another place holds, kept as it came until that place answers.

use super::engine::put;
use super::sealed::HELD_CHANGE;
use super::{StoreError, Tx};
use std::collections::BTreeSet;

/// A change that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldChange {
    /// Code word of its kind.
    pub kind: String,
    /// As it came.
    pub bytes: Vec<u8>,
    /// Id of the device that brought it.
    pub device: Vec<u8>,
    /// When, in seconds.
    pub at: i64,
}

impl Tx<'_> {
    /// What a scope wrote about a record, in the order in which it came.
    pub fn held(&self, record: &[u8], scope: &str) -> Result<Vec<HeldChange>, StoreError> {
        self.sealed(&HELD_CHANGE, "record = $1 AND scope = $2 ORDER BY number", put![record, scope], |row| {
            Ok(HeldChange { kind: row.get(3)?, bytes: row.get(4)?, device: row.get(5)?, at: row.get(6)? })
        })
    }

    /// Keeps a change behind `number` others of the same scope and record.
    pub fn hold(&self, record: &[u8], scope: &str, number: usize, change: &HeldChange) -> Result<(), StoreError> {
        self.put_sealed(
            &HELD_CHANGE,
            put![
                record,
                scope,
                i64::try_from(number).unwrap_or(i64::MAX),
                change.kind.as_str(),
                change.bytes.as_slice(),
                change.device.as_slice(),
                change.at
            ],
        )
    }

    /// The scopes of which something about a record is held.
    pub fn holders(&self, record: &[u8]) -> Result<Vec<String>, StoreError> {
        self.all("SELECT DISTINCT scope FROM held_change WHERE record = $1 ORDER BY scope", put![record], |row| row.get(0))
    }

    /// The records of which something is held.
    pub fn held_records(&self) -> Result<BTreeSet<[u8; 16]>, StoreError> {
        let all: Vec<[u8; 16]> = self.all("SELECT DISTINCT record FROM held_change", put![], |row| row.get(0))?;
        Ok(all.into_iter().collect())
    }

    /// Lets go of what a scope wrote about a record.
    pub fn let_go(&self, record: &[u8], scope: &str) -> Result<(), StoreError> {
        self.take_sealed(&HELD_CHANGE, "record = $1 AND scope = $2", put![record, scope], |_| Ok(()))?;
        Ok(())
    }

    /// Lets go of all that is held about a record.
    pub fn let_all_go(&self, record: &[u8]) -> Result<(), StoreError> {
        self.take_sealed(&HELD_CHANGE, "record = $1", put![record], |_| Ok(()))?;
        Ok(())
    }

    /// Of how many records a device's changes are held since then.
    pub fn held_since(&self, device: &[u8], at: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(DISTINCT record) FROM held_change WHERE device = $1 AND received_at >= $2";
        Ok(self.value(sql, put![device, at])?.unwrap_or(0))
    }

    /// The devices of which changes of so many records are held since then.
    pub fn holding_many_since(&self, at: i64, least: i64) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        let sql = "SELECT device FROM held_change WHERE received_at >= $1 GROUP BY device HAVING count(DISTINCT record) >= $2";
        Ok(self.all(sql, put![at, least], |row| row.get(0))?.into_iter().collect())
    }
}
