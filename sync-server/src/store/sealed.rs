//! Rows that decide something carry the MAC of `seal`: which tables, under which key, and which columns. Whoever reads such a row gets it as it
//! was written or does not get it; whoever writes one moves the sealed end of its table in the same transaction. A row that does not fit
//! is no row, and is told ([`Tx::forged`]).

use super::engine::{Got, Put, Row, put};
use super::seal::{End, Forged, Mac, Seal};
use super::{StoreError, Tx};

/// A table whose rows are sealed, and what of them.
#[derive(Debug)]
pub(super) struct Sealed {
    pub name: &'static str,
    pub key: &'static [&'static str],
    /// A column that is added here leaves the rows of before as they are, as long as it is empty in them.
    pub columns: &'static [&'static str],
    /// It grows with the years: looked at once a day, the others every minute.
    pub is_large: bool,
}

/// The change log.
pub(super) static LOG: Sealed =
    Sealed { name: "log", key: &["seq"], columns: &["kind", "record", "bytes", "device", "received_at"], is_large: true };
/// What accounts sign in with.
pub(super) static ACCOUNT_SECRET: Sealed = Sealed {
    name: "account_secret",
    key: &["account"],
    columns: &["password_hash", "chosen_at", "due", "waits", "asked_by", "next_role", "next_division", "next_by", "used_at"],
    is_large: false,
};
/// One-time links by which a password is chosen.
pub(super) static INVITATION: Sealed =
    Sealed { name: "invitation", key: &["account"], columns: &["token_hash", "expires_at"], is_large: false };
/// Second factors of accounts.
pub(super) static SECOND_FACTOR: Sealed =
    Sealed { name: "second_factor", key: &["account"], columns: &["secret", "since", "last_step", "next_secret"], is_large: false };
/// Keys that are second factors.
pub(super) static FACTOR_KEY: Sealed =
    Sealed { name: "factor_key", key: &["account", "public_key"], columns: &["name", "since"], is_large: false };
/// What is to be signed by them.
pub(super) static FACTOR_CHALLENGE: Sealed =
    Sealed { name: "factor_challenge", key: &["account", "bound"], columns: &["nonce", "origin", "expires_at"], is_large: false };
/// Sessions of the console.
pub(super) static SESSION: Sealed =
    Sealed { name: "session", key: &["token_hash"], columns: &["account", "started_at", "seen_at", "source"], is_large: false };
/// Keys of devices, and their session tokens.
pub(super) static DEVICE_KEY: Sealed =
    Sealed { name: "device_key", key: &["device"], columns: &["public_key", "enrolled_at", "session"], is_large: false };
/// One-time codes.
pub(super) static ENROL_CODE: Sealed =
    Sealed { name: "enrol_code", key: &["hash"], columns: &["canteen", "division", "expires_at", "used_at"], is_large: false };
/// Changes that wait for an answer.
pub(super) static HELD_CHANGE: Sealed = Sealed {
    name: "held_change",
    key: &["record", "scope", "number"],
    columns: &["kind", "bytes", "device", "received_at"],
    is_large: false,
};
/// Elders whose keys were destroyed.
pub(super) static ERASED: Sealed = Sealed { name: "erased", key: &["elder"], columns: &["at"], is_large: false };
/// Settings that decide.
pub(super) static SETTING: Sealed = Sealed { name: "setting", key: &["name"], columns: &["value"], is_large: false };
/// Requests for exports, and who agreed.
pub(super) static EXPORT_ASK: Sealed = Sealed {
    name: "export_ask",
    key: &["number"],
    columns: &[
        "account",
        "name",
        "role",
        "division",
        "list",
        "words",
        "reason",
        "note",
        "persons",
        "asked_at",
        "second",
        "agreed_by",
        "taken_at",
    ],
    is_large: false,
};
/// The MACs of rows that give rights.
pub(super) static STANDING: Sealed = Sealed { name: "standing", key: &["kind", "record"], columns: &["mark"], is_large: false };
/// Packed pages that devices are sent as they lie there.
pub(super) static SNAPSHOT: Sealed = Sealed { name: "snapshot", key: &["scope", "after"], columns: &["upto", "page"], is_large: true };

/// What devices signed when they pushed.
pub(super) static PUSH: Sealed =
    Sealed { name: "push", key: &["number"], columns: &["device", "at", "message", "signature", "parts"], is_large: true };
/// Digests of changes that stand in the log no more as they came.
pub(super) static MOVED_CHANGE: Sealed = Sealed { name: "moved_change", key: &["seq"], columns: &["digest"], is_large: true };

/// All of them.
pub(super) static ALL: &[&Sealed] = &[
    &LOG,
    &ACCOUNT_SECRET,
    &INVITATION,
    &SECOND_FACTOR,
    &FACTOR_KEY,
    &FACTOR_CHALLENGE,
    &SESSION,
    &DEVICE_KEY,
    &ENROL_CODE,
    &HELD_CHANGE,
    &ERASED,
    &SETTING,
    &EXPORT_ASK,
    &STANDING,
    &SNAPSHOT,
    &PUSH,
    &MOVED_CHANGE,
];

impl Sealed {
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.key.iter().chain(self.columns).copied()
    }

    fn width(&self) -> usize {
        self.key.len() + self.columns.len()
    }

    /// Key, columns and MAC, as [`Tx::fitting`] reads them.
    pub fn listed(&self, alias: &str) -> String {
        self.names().chain(["mac"]).map(|name| format!("{alias}{name}")).collect::<Vec<_>>().join(", ")
    }

    fn mac_of(&self, seal: &Seal, values: &[Put<'_>]) -> Mac {
        seal.mac(self.name, self.names().zip(values.iter().map(Put::as_got)))
    }

    /// `token_hash = $1`, for the whole key.
    fn by_key(&self) -> String {
        let parts: Vec<String> = self.key.iter().zip(1..).map(|(name, at)| format!("{name} = ${at}")).collect();
        parts.join(" AND ")
    }

    /// The key of a row as it is told.
    pub fn key_of(&self, row: &Row<'_>, from: usize) -> String {
        let parts = self.key.iter().enumerate().map(|(at, _)| match row.got(from + at) {
            Ok(Got::Int(number)) => number.to_string(),
            Ok(Got::Text(text)) => text.to_owned(),
            Ok(Got::Blob(bytes)) => hex::encode(bytes),
            Ok(Got::Null) | Err(_) => "?".to_owned(),
        });
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// A value that was read, to be written again.
pub(super) enum Kept {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Kept {
    pub fn of(got: Got<'_>) -> Self {
        match got {
            Got::Null => Self::Null,
            Got::Int(value) => Self::Int(value),
            Got::Text(text) => Self::Text(text.to_owned()),
            Got::Blob(bytes) => Self::Blob(bytes.to_vec()),
        }
    }

    pub fn put(&self) -> Put<'_> {
        match self {
            Self::Null => Put::Null,
            Self::Int(value) => Put::Int(*value),
            Self::Text(text) => text.into(),
            Self::Blob(bytes) => Put::Blob(bytes),
        }
    }
}

/// What stands under a key.
struct Old {
    /// None where the row is not as it was written.
    mac: Option<Mac>,
    columns: Vec<Kept>,
}

impl<'a> Tx<'a> {
    pub(super) fn seal(&self) -> Result<&'a Seal, StoreError> {
        self.1.get().ok_or(StoreError::NoSeal)
    }

    /// Tells that a row, or a table, is not as it was written here.
    pub(super) fn forged(&self, table: &'static str, key: impl Into<String>) {
        self.1.note(Forged { table, key: key.into() });
    }

    /// The MAC of a row that is as it was written; none where it is not, which is told. The columns begin at `from`.
    pub(super) fn fitting(&self, of: &Sealed, row: &Row<'_>, from: usize) -> Result<Option<Mac>, StoreError> {
        let seal = self.seal()?;
        let values = of.names().enumerate().map(|(at, name)| (name, row.got(from + at).unwrap_or(Got::Null)));
        let mac = seal.mac(of.name, values);
        match row.got(from + of.width()) {
            Ok(Got::Blob(there)) if mac.is(there) => Ok(Some(mac)),
            _ => {
                self.forged(of.name, of.key_of(row, from));
                Ok(None)
            }
        }
    }

    /// Makes something of each row that fits: key and columns in the order of the declaration.
    pub(super) fn sealed<T>(
        &self,
        of: &Sealed,
        condition: &str,
        values: &[Put<'_>],
        mut make: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {condition}", of.listed(""), of.name);
        let mut made = Vec::new();
        self.0.query(&sql, values, &mut |row| {
            if self.fitting(of, row, 0)?.is_some() {
                made.push(make(row)?);
            }
            Ok(true)
        })?;
        Ok(made)
    }

    /// The same of the row that is meant, where there is one that fits.
    pub(super) fn sealed_one<T>(
        &self,
        of: &Sealed,
        condition: &str,
        values: &[Put<'_>],
        make: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.sealed(of, condition, values, make)?.pop())
    }

    /// Writes a row, whole, over what stood under its key.
    pub(super) fn put_sealed(&self, of: &Sealed, values: &[Put<'_>]) -> Result<(), StoreError> {
        let before = self.old(of, &values[..of.key.len()])?;
        self.write_sealed(of, values, before.map(|old| old.mac))
    }

    /// Writes some columns of a row that is there as it was written; tells whether it is.
    pub(super) fn change_sealed(&self, of: &Sealed, key: &[Put<'_>], columns: &[(&str, Put<'_>)]) -> Result<bool, StoreError> {
        let Some(Old { mac: Some(mac), columns: kept }) = self.old(of, key)? else { return Ok(false) };
        let mut values = key.to_vec();
        for (name, kept) in of.columns.iter().zip(&kept) {
            let set = columns.iter().find(|(set, _)| set == name).map(|(_, value)| value.clone());
            values.push(set.unwrap_or_else(|| kept.put()));
        }
        self.write_sealed(of, &values, Some(Some(mac)))?;
        Ok(true)
    }

    /// Writes a row where none stands under its key, or under what else is one's own alone; tells whether it went in.
    pub(super) fn add_sealed(&self, of: &Sealed, values: &[Put<'_>]) -> Result<bool, StoreError> {
        let mac = of.mac_of(self.seal()?, values);
        let places: Vec<String> = (1..=of.width() + 1).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING", of.name, of.listed(""), places.join(", "));
        let went_in = self.0.execute(&sql, &[values, put![&mac.kept]].concat())? > 0;
        if went_in {
            self.move_end(of, 1, mac.share)?;
        }
        Ok(went_in)
    }

    /// Writes many new rows by few statements.
    pub(super) fn add_all_sealed(&self, of: &Sealed, rows: &[Vec<Put<'_>>]) -> Result<(), StoreError> {
        let seal = self.seal()?;
        let macs: Vec<Mac> = rows.iter().map(|row| of.mac_of(seal, row)).collect();
        let mut values = Vec::with_capacity(rows.len() * (of.width() + 1));
        for (row, mac) in rows.iter().zip(&macs) {
            values.extend(row.iter().cloned());
            values.push(Put::Blob(&mac.kept));
        }
        self.insert(&format!("INSERT INTO {} ({}) VALUES", of.name, of.listed("")), of.width() + 1, "", &values)?;
        let share = macs.iter().fold(0_u128, |sum, mac| sum.wrapping_add(mac.share));
        if rows.is_empty() { Ok(()) } else { self.move_end(of, i64::try_from(rows.len()).unwrap_or(i64::MAX), share) }
    }

    /// Deletes rows; makes something of each that was as it was written.
    pub(super) fn take_sealed<T>(
        &self,
        of: &Sealed,
        condition: &str,
        values: &[Put<'_>],
        mut make: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = format!("DELETE FROM {} WHERE {condition} RETURNING {}", of.name, of.listed(""));
        let (mut made, mut rows, mut share) = (Vec::new(), 0, 0_u128);
        self.0.query(&sql, values, &mut |row| {
            if let Some(mac) = self.fitting(of, row, 0)? {
                (rows, share) = (rows + 1, share.wrapping_add(mac.share));
                made.push(make(row)?);
            }
            Ok(true)
        })?;
        if rows > 0 {
            self.move_end(of, -rows, share.wrapping_neg())?;
        }
        Ok(made)
    }

    fn old(&self, of: &Sealed, key: &[Put<'_>]) -> Result<Option<Old>, StoreError> {
        let sql = format!("SELECT {} FROM {} WHERE {}", of.listed(""), of.name, of.by_key());
        self.one(&sql, key, |row| {
            let columns = (of.key.len()..of.width()).map(|at| row.got(at).map(Kept::of)).collect::<Result<_, _>>()?;
            Ok(Old { mac: self.fitting(of, row, 0)?, columns })
        })
    }

    /// `before`: what stands under the key, and its MAC where it fits. What does not fit leaves its share in the sum, so that it stays told.
    fn write_sealed(&self, of: &Sealed, values: &[Put<'_>], before: Option<Option<Mac>>) -> Result<(), StoreError> {
        let mac = of.mac_of(self.seal()?, values);
        let places: Vec<String> = (1..=of.width() + 1).map(|at| format!("${at}")).collect();
        let sets: Vec<String> = of.columns.iter().chain(&["mac"]).map(|name| format!("{name} = excluded.{name}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}",
            of.name,
            of.listed(""),
            places.join(", "),
            of.key.join(", "),
            sets.join(", ")
        );
        self.0.execute(&sql, &[values, put![&mac.kept]].concat())?;
        let gone = before.flatten().map_or(0, |mac| mac.share);
        self.move_end(of, i64::from(before.is_none()), mac.share.wrapping_sub(gone))
    }

    /// What the end of a table says; none where it is not ours.
    pub(super) fn end_of(&self, name: &'static str) -> Result<Option<End>, StoreError> {
        let sealed: Option<Vec<u8>> = self.value("SELECT sealed FROM table_end WHERE name = $1", put![name])?;
        Ok(sealed.and_then(|sealed| self.1.get()?.open(name, &sealed)))
    }

    pub(super) fn put_end(&self, name: &'static str, end: &End) -> Result<(), StoreError> {
        let sealed = self.seal()?.close(name, end)?;
        self.execute(
            "INSERT INTO table_end (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
            put![name, &sealed],
        )?;
        Ok(())
    }

    /// An end that another hand changed stays as it is: work goes on, and it is told until a person decides.
    fn move_end(&self, of: &Sealed, rows: i64, share: u128) -> Result<(), StoreError> {
        let Some(end) = self.end_of(of.name)? else {
            self.forged(of.name, "");
            return Ok(());
        };
        self.put_end(of.name, &End { version: end.version + 1, rows: end.rows + rows, sum: end.sum.wrapping_add(share) })
    }
}

#[cfg(test)]
mod tests;
