//! Operators and the canteens they run.

use super::{StoreError, Tx};
use rusqlite::params;
use shared::record::RecordId;

/// An operator as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorLine {
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
    pub fn operators(&self) -> Result<Vec<OperatorLine>, StoreError> {
        let mut select = self.0.prepare_cached(
            "SELECT o.id, o.name, o.licence, o.phone, \
             (SELECT group_concat(c.code, ' ') FROM canteen c WHERE c.operator = lower(hex(o.id))) \
             FROM operator o ORDER BY o.name, o.id",
        )?;
        let rows = select.query_map(params![], |row| {
            let codes: String = row.get::<_, Option<String>>(4)?.unwrap_or_default();
            let mut canteens: Vec<String> = codes.split_whitespace().map(str::to_owned).collect();
            canteens.sort();
            Ok(OperatorLine {
                id: RecordId(uuid::Uuid::from_bytes(row.get(0)?)),
                name: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                licence: row.get(2)?,
                phone: row.get(3)?,
                canteens,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The record of the canteen of a code.
    pub fn canteen_record(&self, code: &str) -> Result<Option<RecordId>, StoreError> {
        let mut select = self.0.prepare_cached("SELECT id FROM canteen WHERE code = $1 ORDER BY id LIMIT 1")?;
        let mut rows = select.query(params![code])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?.map(|id| RecordId(uuid::Uuid::from_bytes(id))))
    }
}
