//! Which photos are here and which receipts name them; the pictures themselves are files.

use super::engine::put;
use super::{Scope, StoreError, Tx};
use shared::kinds::RecordKind;
use shared::schema::RecordId;

impl Tx<'_> {
    /// Notes that a photo is here; one that was lost is no longer.
    pub fn put_photo(&self, hash: &str, size: u32, device: &[u8], at: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO photo (hash, size, device, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE SET lost_at = NULL",
            put![hash, i64::from(size), device, at],
        )?;
        Ok(())
    }

    /// Whether the photo is here.
    pub fn has_photo(&self, hash: &str) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM photo WHERE hash = $1 AND lost_at IS NULL", put![hash])
    }

    /// Marks a photo as lost since then, or as here.
    pub fn mark_lost(&self, hash: &str, since: Option<i64>) -> Result<(), StoreError> {
        self.execute("UPDATE photo SET lost_at = $1 WHERE hash = $2", put![since, hash])?;
        Ok(())
    }

    /// Whether the photo was here and is lost.
    pub fn is_lost(&self, hash: &str) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM photo WHERE hash = $1 AND lost_at IS NOT NULL", put![hash])
    }

    /// How many photos are lost.
    pub fn lost_count(&self) -> Result<i64, StoreError> {
        Ok(self.value("SELECT count(*) FROM photo WHERE lost_at IS NOT NULL", put![])?.unwrap_or(0))
    }

    /// Photos behind a hash, in the order of their hashes, and whether each is lost.
    pub fn photos_after(&self, hash: &str, most: usize) -> Result<Vec<(String, bool)>, StoreError> {
        let sql = format!("SELECT hash, lost_at FROM photo WHERE hash > $1 ORDER BY hash LIMIT {most}");
        self.all(&sql, put![hash], |row| Ok((row.get(0)?, row.get::<Option<i64>>(1)?.is_some())))
    }

    /// Lost photos that receipts in `scope` name, at most so many. They begin at any hash `from`, so that those which nobody
    /// has don't stand before the others for ever.
    pub fn lost_photos(&self, scope: &Scope, from: &str, most: usize) -> Result<Vec<String>, StoreError> {
        let Some(condition) = scope.condition(RecordKind::Receipt) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT p.hash FROM photo p WHERE p.lost_at IS NOT NULL AND EXISTS (SELECT 1 FROM receipt_photo n \
             JOIN receipt r ON r.id = n.receipt WHERE n.hash = p.hash AND {condition}) \
             ORDER BY CASE WHEN p.hash < $2 THEN 1 ELSE 0 END, p.hash LIMIT {most}"
        );
        self.all(&sql, put![scope.code(), from], |row| row.get(0))
    }

    /// Photos that a device sent since then: how many, and their bytes.
    pub fn sent_since(&self, device: &[u8], at: i64) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM photo WHERE device = $1 AND received_at >= $2";
        let sent = self.one(sql, put![device, at], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(sent.unwrap_or_default())
    }

    /// Photos that a device began to send: how many, and their bytes when they are whole.
    pub fn begun(&self, device: &[u8]) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM photo_part WHERE device = $1";
        let begun = self.one(sql, put![device], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(begun.unwrap_or_default())
    }

    /// Whether a device began to send the photo.
    pub fn has_part(&self, device: &[u8], hash: &str) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM photo_part WHERE device = $1 AND hash = $2", put![device, hash])
    }

    /// Notes that a device sent a piece.
    pub fn put_part(&self, device: &[u8], hash: &str, size: u32, at: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO photo_part (device, hash, size, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (device, hash) DO UPDATE SET size = excluded.size, at = excluded.at",
            put![device, hash, i64::from(size), at],
        )?;
        Ok(())
    }

    /// Forgets what a device began to send.
    pub fn end_part(&self, device: &[u8], hash: &str) -> Result<(), StoreError> {
        self.execute("DELETE FROM photo_part WHERE device = $1 AND hash = $2", put![device, hash])?;
        Ok(())
    }

    /// What was begun and got no piece since then: device and hash.
    pub fn parts_before(&self, at: i64) -> Result<Vec<(Vec<u8>, String)>, StoreError> {
        self.all("SELECT device, hash FROM photo_part WHERE at < $1 ORDER BY at LIMIT 1000", put![at], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Sets which photos a receipt names; what is no hash names none.
    pub fn put_receipt_photos<'a>(&self, receipt: &[u8], hashes: impl Iterator<Item = &'a str>) -> Result<(), StoreError> {
        self.execute("DELETE FROM receipt_photo WHERE receipt = $1", put![receipt])?;
        for hash in hashes.filter(|hash| hash.len() == 64) {
            self.execute("INSERT INTO receipt_photo (hash, receipt) VALUES ($1, $2) ON CONFLICT DO NOTHING", put![hash, receipt])?;
        }
        Ok(())
    }

    /// The photos that stand for a receipt, in order.
    pub fn photos_of(&self, receipt: &[u8]) -> Result<Vec<String>, StoreError> {
        self.all("SELECT hash FROM receipt_photo WHERE receipt = $1 ORDER BY hash", put![receipt], |row| row.get(0))
    }

    /// Receipts of which the log knows nothing and that have photos.
    pub fn photos_without(&self) -> Result<Vec<[u8; 16]>, StoreError> {
        let sql = "SELECT DISTINCT p.receipt FROM receipt_photo p WHERE NOT EXISTS \
             (SELECT 1 FROM log l WHERE l.record = p.receipt AND l.kind = $1) ORDER BY p.receipt";
        self.all(sql, put![RecordKind::Receipt.code()], |row| row.get(0))
    }

    /// The ids of the elders of the orders on whose receipts the photo stands.
    pub fn elders_of_photo(&self, hash: &str) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT DISTINCT o.elder FROM receipt_photo p JOIN meal_order o ON o.id = p.receipt WHERE p.hash = $1 AND o.elder IS NOT NULL";
        self.all(sql, put![hash], |row| Ok(RecordId(uuid::Uuid::from_bytes(row.get(0)?)).to_string()))
    }

    /// Whether a receipt in `scope` names the photo, one of a canteen that the device sees which sent the photo: who knows a hash and writes it
    /// into a receipt of its own has no photo by that.
    pub fn photo_in_scope(&self, hash: &str, scope: &Scope) -> Result<bool, StoreError> {
        let Some(condition) = scope.condition(RecordKind::Receipt) else { return Ok(false) };
        let sql = format!(
            "SELECT 1 FROM receipt_photo p JOIN receipt r ON r.id = p.receipt JOIN photo f ON f.hash = p.hash JOIN device d ON d.id = f.device \
             LEFT JOIN canteen c ON c.code = r.canteen WHERE {condition} AND p.hash = $2 \
             AND (d.canteen = r.canteen OR d.canteen IS NULL AND substr(c.division, 1, length(d.division)) = d.division)"
        );
        self.exists(&sql, put![scope.code(), hash])
    }
}
