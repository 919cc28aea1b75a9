//! The change log: every change once, in the order of its commit.

use super::engine::{Put, put};
use super::{StoreError, Tx};
use shared::schema::KindId;

/// A logged change of one record.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its place in the log.
    pub seq: i64,
    /// Its automerge bytes.
    pub bytes: Vec<u8>,
    /// The device that brought it; none for the centre.
    pub device: Option<Vec<u8>>,
    /// When the server got it, in seconds.
    pub received_at: i64,
}

impl AsRef<[u8]> for Logged {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A record by kind and id.
pub type RecordName = (KindId, [u8; 16]);

/// So many records are asked for at a time.
const RECORDS_AT_ONCE: usize = 64;

impl Tx<'_> {
    /// Puts changes behind the end; who writes gives the places.
    pub fn append(&self, changes: &[(RecordName, &Logged)]) -> Result<(), StoreError> {
        let mut values = Vec::with_capacity(changes.len() * 6);
        for ((kind, record), logged) in changes {
            values.extend([
                logged.seq.into(),
                kind.code().into(),
                Put::Blob(record),
                Put::Blob(&logged.bytes),
                logged.device.as_ref().into(),
                logged.received_at.into(),
            ]);
        }
        self.insert("INSERT INTO log (seq, kind, record, bytes, device, received_at) VALUES", 6, "", &values)
    }

    /// The changes of a record, oldest first.
    pub fn history(&self, kind: impl Into<KindId>, record: &[u8]) -> Result<Vec<Logged>, StoreError> {
        let kind = kind.into();
        self.all(
            "SELECT seq, bytes, device, received_at FROM log WHERE record = $1 AND kind = $2 ORDER BY seq",
            put![record, kind.code()],
            |row| Ok(Logged { seq: row.get(0)?, bytes: row.get(1)?, device: row.get(2)?, received_at: row.get(3)? }),
        )
    }

    /// A change stands in the log as one of another kind from now on.
    pub fn call_otherwise(&self, seq: i64, kind: &str) -> Result<(), StoreError> {
        self.execute("UPDATE log SET kind = $1 WHERE seq = $2", put![kind, seq])?;
        Ok(())
    }

    /// Shows the changes of all records of these ids, of every kind, oldest first.
    pub fn histories(&self, records: &[[u8; 16]], visit: &mut dyn FnMut(RecordName, Logged)) -> Result<(), StoreError> {
        let positions: Vec<String> = (1..=RECORDS_AT_ONCE).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT record, kind, seq, bytes, device, received_at FROM log WHERE record IN ({}) ORDER BY seq",
            positions.join(", ")
        );
        for some in records.chunks(RECORDS_AT_ONCE) {
            // The statement asks for a full round: the last record stands for those that are missing.
            let last = some.last().into_iter().cycle();
            let values: Vec<Put<'_>> = some.iter().chain(last).take(RECORDS_AT_ONCE).map(|record| Put::Blob(record)).collect();
            self.0.query(&sql, &values, &mut |row| {
                if let Some(kind) = KindId::of_code(&row.get::<String>(1)?) {
                    let logged = Logged { seq: row.get(2)?, bytes: row.get(3)?, device: row.get(4)?, received_at: row.get(5)? };
                    visit((kind, row.get(0)?), logged);
                }
                Ok(true)
            })?;
        }
        Ok(())
    }
}
