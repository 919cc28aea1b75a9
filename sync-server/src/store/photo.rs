//! Which photos are here and which receipts name them; the pictures themselves are files.

use super::engine::put;
use super::{Scope, StoreError, Tx};
use shared::record::RecordKind;

impl Tx<'_> {
    /// Notes that a photo is here.
    pub fn put_photo(&self, hash: &str, size: usize, device: Option<&[u8]>, at: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO photo (hash, size, device, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            put![hash, i64::try_from(size).unwrap_or(i64::MAX), device, at],
        )?;
        Ok(())
    }

    /// Whether the photo is here.
    pub fn has_photo(&self, hash: &str) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM photo WHERE hash = $1", put![hash])
    }

    /// Sets which photos a receipt names; what is no hash names none.
    pub fn put_receipt_photos<'a>(&self, receipt: &[u8], hashes: impl Iterator<Item = &'a str>) -> Result<(), StoreError> {
        self.execute("DELETE FROM receipt_photo WHERE receipt = $1", put![receipt])?;
        for hash in hashes.filter(|hash| hash.len() == 64) {
            self.execute("INSERT INTO receipt_photo (hash, receipt) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![hash, receipt])?;
        }
        Ok(())
    }

    /// The elders of the orders on whose receipts the photo stands.
    pub fn elders_of_photo(&self, hash: &str) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT DISTINCT o.elder FROM receipt_photo p JOIN meal_order o ON o.id = p.receipt WHERE p.hash = $1 AND o.elder IS NOT NULL";
        self.all(sql, put![hash], |row| row.get(0))
    }

    /// Whether a receipt in `scope` names the photo.
    pub fn photo_in_scope(&self, hash: &str, scope: &Scope) -> Result<bool, StoreError> {
        let Some(condition) = scope.condition(RecordKind::Receipt) else { return Ok(false) };
        let sql = format!("SELECT 1 FROM receipt_photo p JOIN receipt r ON r.id = p.receipt WHERE {condition} AND p.hash = $2");
        self.exists(&sql, put![scope.code(), hash])
    }
}
