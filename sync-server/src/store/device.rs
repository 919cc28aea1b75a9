//! Devices: their keys, who a key belongs to, and what they last told of themselves.

use super::{Scope, StoreError, Tx};
use rusqlite::{OptionalExtension, params};
use shared::crypto::PublicKey;
use shared::sync::ServerLine;
use shared::wire::DeviceReport;

/// A device that signed what it asks.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Id of the device record.
    pub id: Vec<u8>,
    /// Code of the canteen it stands in.
    pub canteen: Option<String>,
    /// Its division.
    pub division: String,
}

impl Identity {
    /// What it may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match &self.canteen {
            Some(code) => Scope::Canteen(code.clone()),
            None => Scope::Division(self.division.clone()),
        }
    }
}

/// A device with its last report.
#[derive(Clone, Debug)]
pub struct DeviceLine {
    /// Id of the device record.
    pub id: Vec<u8>,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Code of the canteen it stands in.
    pub canteen: Option<String>,
    /// Its division.
    pub division: String,
    /// Whether it was shut out.
    pub revoked: bool,
    /// When it enrolled, in seconds.
    pub enrolled_at: i64,
    /// When it last reported, in seconds, and what.
    pub report: Option<(i64, DeviceReport)>,
}

impl Tx<'_> {
    /// Keeps the public key of a new device; `false` when some device has it already.
    pub fn put_key(&self, device: &[u8], key: &PublicKey, at: i64) -> Result<bool, StoreError> {
        let mut insert = self.0.prepare_cached(
            "INSERT INTO device_key (device, public_key, enrolled_at, line) VALUES ($1, $2, $3, '{}') ON CONFLICT (public_key) DO NOTHING",
        )?;
        Ok(insert.execute(params![device, key.0, at])? > 0)
    }

    /// A device and its public key, unless it was shut out.
    pub fn device(&self, id: &[u8]) -> Result<Option<(Identity, PublicKey)>, StoreError> {
        let mut select = self.0.prepare_cached(
            "SELECT d.id, d.canteen, d.division, k.public_key FROM device_key k JOIN device d ON d.id = k.device \
             WHERE k.device = $1 AND coalesce(d.revoked, 0) = 0 AND d.division IS NOT NULL",
        )?;
        let found = select.query_row(params![id], |row| {
            let identity = Identity { id: row.get(0)?, canteen: row.get(1)?, division: row.get(2)? };
            Ok((identity, PublicKey(row.get(3)?)))
        });
        Ok(found.optional()?)
    }

    /// The line of a device.
    pub fn line(&self, device: &[u8]) -> Result<ServerLine, StoreError> {
        let mut select = self.0.prepare_cached("SELECT line FROM device_key WHERE device = $1")?;
        let line: Option<String> = select.query_row(params![device], |row| row.get(0)).optional()?;
        Ok(line.and_then(|line| serde_json::from_str(&line).ok()).unwrap_or_default())
    }

    /// Keeps the line of a device.
    pub fn put_line(&self, device: &[u8], line: &ServerLine) -> Result<(), StoreError> {
        let line = serde_json::to_string(line).unwrap_or_default();
        self.0.prepare_cached("UPDATE device_key SET line = $1 WHERE device = $2")?.execute(params![line, device])?;
        Ok(())
    }

    /// What a device told of itself last, and when, in seconds.
    pub fn last_report(&self, device: &[u8]) -> Result<Option<(i64, DeviceReport)>, StoreError> {
        let mut select =
            self.0.prepare_cached("SELECT at, unsent, unsent_photos, refused, version, agrees FROM device_report WHERE device = $1")?;
        let found = select.query_row(params![device], |row| {
            let figure = |at: usize| row.get::<_, i64>(at).map(|value| u64::try_from(value).unwrap_or(0));
            let report = DeviceReport {
                unsent: figure(1)?,
                unsent_photos: figure(2)?,
                refused: figure(3)?,
                version: row.get(4)?,
                agrees: row.get::<_, i64>(5)? != 0,
            };
            Ok((row.get(0)?, report))
        });
        Ok(found.optional()?)
    }

    /// The number of the next device.
    pub fn next_device_number(&self) -> Result<i64, StoreError> {
        Ok(self.0.query_row("SELECT coalesce(max(number), 0) + 1 FROM device", [], |row| row.get(0))?)
    }

    /// Id of the device with that number.
    pub fn device_by_number(&self, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let mut select = self.0.prepare_cached("SELECT id FROM device WHERE number = $1")?;
        Ok(select.query_row(params![number], |row| row.get(0)).optional()?)
    }

    /// Keeps what a device told of itself.
    pub fn put_report(&self, device: &[u8], report: &DeviceReport, at: i64) -> Result<(), StoreError> {
        let mut upsert = self.0.prepare_cached(
            "INSERT INTO device_report (device, at, unsent, unsent_photos, refused, version, agrees) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (device) DO UPDATE SET at = excluded.at, unsent = excluded.unsent, unsent_photos = excluded.unsent_photos, \
             refused = excluded.refused, version = excluded.version, agrees = excluded.agrees",
        )?;
        let whole = |figure: u64| i64::try_from(figure).unwrap_or(i64::MAX);
        let (unsent, photos, refused) = (whole(report.unsent), whole(report.unsent_photos), whole(report.refused));
        upsert.execute(params![device, at, unsent, photos, refused, report.version, i64::from(report.agrees)])?;
        Ok(())
    }

    /// All enrolled devices with their last report, by number.
    pub fn devices(&self) -> Result<Vec<DeviceLine>, StoreError> {
        let mut select = self.0.prepare_cached(
            "SELECT d.id, d.number, d.name, d.canteen, d.division, coalesce(d.revoked, 0), k.enrolled_at, \
             r.at, r.unsent, r.unsent_photos, r.refused, r.version, r.agrees \
             FROM device d JOIN device_key k ON k.device = d.id LEFT JOIN device_report r ON r.device = d.id ORDER BY d.number",
        )?;
        let rows = select.query_map([], |row| {
            let figure = |at: usize| row.get::<_, i64>(at).map(|value| u64::try_from(value).unwrap_or(0));
            let at: Option<i64> = row.get(7)?;
            let report = match at {
                None => None,
                Some(at) => Some((
                    at,
                    DeviceReport {
                        unsent: figure(8)?,
                        unsent_photos: figure(9)?,
                        refused: figure(10)?,
                        version: row.get(11)?,
                        agrees: row.get::<_, i64>(12)? != 0,
                    },
                )),
            };
            Ok(DeviceLine {
                id: row.get(0)?,
                number: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
                name: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                canteen: row.get(3)?,
                division: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                revoked: row.get::<_, i64>(5)? != 0,
                enrolled_at: row.get(6)?,
                report,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
