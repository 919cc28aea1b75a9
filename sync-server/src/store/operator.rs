//! Operators and the canteens they run.

use super::engine::put;
use super::{StoreError, Tx};
use shared::schema::RecordId;

/// An operator as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorRow {
    /// Its record.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// 统一社会信用代码
    pub licence: Option<String>,
    /// Its phone.
    pub phone: Option<String>,
    /// Codes of the canteens it runs.
    pub canteens: Vec<String>,
}

impl Tx<'_> {
    /// All operators, by name.
    pub fn operators(&self) -> Result<Vec<OperatorRow>, StoreError> {
        let run =
            self.all("SELECT operator, code FROM canteen WHERE operator IS NOT NULL AND code IS NOT NULL ORDER BY code", put![], |row| {
                Ok((row.get::<[u8; 16]>(0)?, row.get::<String>(1)?))
            })?;
        self.all("SELECT id, name, licence, phone FROM operator ORDER BY name NULLS FIRST, id", put![], |row| {
            let id: [u8; 16] = row.get(0)?;
            Ok(OperatorRow {
                id: RecordId(uuid::Uuid::from_bytes(id)),
                name: row.get::<Option<String>>(1)?.unwrap_or_default(),
                licence: row.get(2)?,
                phone: row.get(3)?,
                canteens: run.iter().filter(|(operator, _)| *operator == id).map(|(_, code)| code.clone()).collect(),
            })
        })
    }

    /// The record of the canteen of a code.
    pub fn canteen_record(&self, code: &str) -> Result<Option<RecordId>, StoreError> {
        let id: Option<[u8; 16]> = self.value("SELECT id FROM canteen WHERE code = $1 ORDER BY id LIMIT 1", put![code])?;
        Ok(id.map(|id| RecordId(uuid::Uuid::from_bytes(id))))
    }
}
