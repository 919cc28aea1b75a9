//! Devices: their keys, who a key belongs to, and what they last told of themselves.

use super::engine::{Row, put};
use super::sealed::DEVICE_KEY;
use super::{Scope, StoreError, Tx};
use shared::crypto::PublicKey;
use shared::division;
use shared::kinds::{Level, RecordKind};
use shared::sync::DeviceSession;
use shared::wire::DeviceReport;

/// The setting below which no new device gets its number.
const FIRST_NUMBER: &str = "first_device_number";

/// A device that signed what it asks.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Id of the device record.
    pub id: Vec<u8>,
    /// Its number.
    pub number: i64,
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

    /// On which level it stands.
    #[must_use]
    pub fn level(&self) -> Level {
        if self.canteen.is_some() { Level::Canteen } else { division::level(&self.division) }
    }
}

/// A device with its last report.
#[derive(Clone, Debug)]
pub struct DeviceSummary {
    /// Id of the device record.
    pub id: Vec<u8>,
    /// Its number.
    pub number: i64,
    /// Code of the canteen it stands in.
    pub canteen: Option<String>,
    /// Its division.
    pub division: String,
    /// Whether it was shut out.
    pub revoked: bool,
    /// When it enrolled, in seconds.
    pub enrolled_at: i64,
    /// Photos that it had sent and the server lost.
    pub lost_photos: i64,
    /// When it last reported, in seconds, and what.
    pub report: Option<(i64, DeviceReport)>,
}

impl Tx<'_> {
    /// Keeps the public key of a new device; `false` when some device has it already.
    pub fn put_key(&self, device: &[u8], key: &PublicKey, at: i64) -> Result<bool, StoreError> {
        self.add_sealed(&DEVICE_KEY, put![device, &key.0, at, "{}"])
    }

    /// A device and its public key, unless it was shut out.
    pub fn device(&self, id: &[u8]) -> Result<Option<(Identity, PublicKey)>, StoreError> {
        self.identified(id, "coalesce(revoked, 0) = 0 AND division IS NOT NULL")
    }

    /// A device that was shut out, and its public key.
    pub fn shut_out(&self, id: &[u8]) -> Result<Option<(Identity, PublicKey)>, StoreError> {
        self.identified(id, "coalesce(revoked, 0) <> 0")
    }

    /// A device and its key, where neither its rights nor its key were changed by another hand.
    fn identified(&self, id: &[u8], condition: &str) -> Result<Option<(Identity, PublicKey)>, StoreError> {
        let sql = format!("SELECT id, canteen, coalesce(division, ''), coalesce(number, 0) FROM device WHERE id = $1 AND {condition}");
        let identity = self.one(&sql, put![id], |row| {
            Ok(Identity { id: row.get(0)?, number: row.get(3)?, canteen: row.get(1)?, division: row.get(2)? })
        })?;
        let Some(identity) = identity else { return Ok(None) };
        if !self.stands(RecordKind::Device, id)? {
            return Ok(None);
        }
        Ok(self.public_key(id)?.map(|key| (identity, key)))
    }

    /// The public key of a device, shut out or not.
    pub fn public_key(&self, device: &[u8]) -> Result<Option<PublicKey>, StoreError> {
        self.sealed_one(&DEVICE_KEY, "device = $1", put![device], |row| Ok(PublicKey(row.get(1)?)))
    }

    /// What a device may see or could see before it was shut out.
    pub fn device_scope(&self, id: &[u8]) -> Result<Option<Scope>, StoreError> {
        let found = self.one("SELECT canteen, division FROM device WHERE id = $1 AND division IS NOT NULL", put![id], |row| {
            Ok(match row.get(0)? {
                Some(code) => Scope::Canteen(code),
                None => Scope::Division(row.get(1)?),
            })
        })?;
        Ok(if found.is_some() && self.stands(RecordKind::Device, id)? { found } else { None })
    }

    /// The session of a device.
    pub fn device_session(&self, device: &[u8]) -> Result<DeviceSession, StoreError> {
        let session: Option<String> = self.sealed_one(&DEVICE_KEY, "device = $1", put![device], |row| row.get(3))?;
        Ok(session.and_then(|session| serde_json::from_str(&session).ok()).unwrap_or_default())
    }

    /// Keeps the session of a device.
    pub fn put_device_session(&self, device: &[u8], session: &DeviceSession) -> Result<(), StoreError> {
        let session = serde_json::to_string(session).unwrap_or_default();
        self.change_sealed(&DEVICE_KEY, put![device], &[("session", session.into())])?;
        Ok(())
    }

    /// What a device told of itself last, and when, in seconds.
    pub fn last_report(&self, device: &[u8]) -> Result<Option<(i64, DeviceReport)>, StoreError> {
        self.one("SELECT at, unsent, unsent_photos, refused, version, agrees FROM device_report WHERE device = $1", put![device], |row| {
            Ok((row.get(0)?, report_of(row, 1)?))
        })
    }

    /// The number of the next device.
    pub fn next_device_number(&self) -> Result<i64, StoreError> {
        let next = self.value("SELECT coalesce(max(number), 0) + 1 FROM device", put![])?.unwrap_or(1);
        let first = self.setting(FIRST_NUMBER)?.and_then(|number| number.parse().ok()).unwrap_or(1);
        Ok(next.max(first))
    }

    /// Leaves out so many numbers of devices.
    pub fn skip_device_numbers(&self, many: i64) -> Result<(), StoreError> {
        self.set(FIRST_NUMBER, &(self.next_device_number()? + many).to_string())
    }

    /// Id of the device with that number.
    pub fn device_by_number(&self, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.value("SELECT id FROM device WHERE number = $1", put![number])
    }

    /// Keeps what a device told of itself.
    pub fn put_report(&self, device: &[u8], report: &DeviceReport, at: i64) -> Result<(), StoreError> {
        let whole = |figure: u64| i64::try_from(figure).unwrap_or(i64::MAX);
        let (unsent, photos, refused) = (whole(report.unsent), whole(report.unsent_photos), whole(report.refused));
        self.execute(
            "INSERT INTO device_report (device, at, unsent, unsent_photos, refused, version, agrees) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (device) DO UPDATE SET at = excluded.at, unsent = excluded.unsent, unsent_photos = excluded.unsent_photos, \
             refused = excluded.refused, version = excluded.version, agrees = excluded.agrees",
            put![device, at, unsent, photos, refused, &report.version, i64::from(report.agrees)],
        )?;
        Ok(())
    }

    /// All enrolled devices with their last report, by number.
    pub fn devices(&self) -> Result<Vec<DeviceSummary>, StoreError> {
        let sql = "SELECT d.id, d.canteen, d.division, coalesce(d.revoked, 0), k.enrolled_at, \
             r.at, r.unsent, r.unsent_photos, r.refused, r.version, r.agrees, \
             (SELECT count(*) FROM photo p WHERE p.device = d.id AND p.lost_at IS NOT NULL), coalesce(d.number, 0) \
             FROM device d JOIN device_key k ON k.device = d.id LEFT JOIN device_report r ON r.device = d.id \
             ORDER BY d.number NULLS FIRST, d.id";
        self.all(sql, put![], |row| {
            let report = match row.get::<Option<i64>>(5)? {
                None => None,
                Some(at) => Some((at, report_of(row, 6)?)),
            };
            Ok(DeviceSummary {
                id: row.get(0)?,
                number: row.get(12)?,
                canteen: row.get(1)?,
                division: row.get::<Option<String>>(2)?.unwrap_or_default(),
                revoked: row.get::<i64>(3)? != 0,
                enrolled_at: row.get(4)?,
                lost_photos: row.get(11)?,
                report,
            })
        })
    }
}

/// A report from the columns that start at `from`.
fn report_of(row: &Row<'_>, from: usize) -> Result<DeviceReport, StoreError> {
    let figure = |at: usize| row.get::<i64>(from + at).map(|value| u64::try_from(value).unwrap_or(0));
    Ok(DeviceReport {
        unsent: figure(0)?,
        unsent_photos: figure(1)?,
        refused: figure(2)?,
        version: row.get(from + 3)?,
        agrees: row.get(from + 4)?,
    })
}
