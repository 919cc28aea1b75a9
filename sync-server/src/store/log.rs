//! The change log: every change once, in the order of its commit.

use super::engine::{Put, Row, put};
use super::sealed::LOG;
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

/// A row that fits, from the columns that begin at `from`: its kind as it is called there, its record, and the rest.
pub(super) fn logged_of(row: &Row<'_>, from: usize) -> Result<(String, [u8; 16], Logged), StoreError> {
    let logged = Logged { seq: row.get(from)?, bytes: row.get(from + 3)?, device: row.get(from + 4)?, received_at: row.get(from + 5)? };
    Ok((row.get(from + 1)?, row.get(from + 2)?, logged))
}

impl Tx<'_> {
    /// Puts changes behind the end; who writes gives the places.
    pub fn append(&self, changes: &[(RecordName, &Logged)]) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(changes.len());
        for ((kind, record), logged) in changes {
            rows.push(put![logged.seq, kind.code(), record, &logged.bytes, logged.device.as_ref(), logged.received_at].to_vec());
        }
        self.add_all_sealed(&LOG, &rows)
    }

    /// The changes of a record, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Forged`] where one of them was changed by another hand: nothing is to be built on it.
    pub fn history(&self, kind: impl Into<KindId>, record: &[u8]) -> Result<Vec<Logged>, StoreError> {
        let (kind, mut there, mut forged) = (kind.into(), Vec::new(), false);
        let sql = format!("SELECT {} FROM log WHERE record = $1 AND kind = $2 ORDER BY seq", LOG.listed(""));
        self.0.query(&sql, put![record, kind.code()], &mut |row| {
            match self.fitting(&LOG, row, 0)? {
                Some(_) => there.push(logged_of(row, 0)?.2),
                None => forged = true,
            }
            Ok(true)
        })?;
        if forged { Err(StoreError::Forged(LOG.name)) } else { Ok(there) }
    }

    /// A change stands in the log as one of another kind from now on.
    pub fn call_otherwise(&self, seq: i64, kind: &str) -> Result<(), StoreError> {
        if let Some((known, record, logged)) = self.sealed_one(&LOG, "seq = $1", put![seq], |row| logged_of(row, 0))? {
            self.note_moved(&known, &record, &logged)?;
        }
        self.change_sealed(&LOG, put![seq], &[("kind", kind.into())])?;
        Ok(())
    }

    /// Shows the changes of all records of these ids, of every kind, oldest first; of one that was changed by another hand, that there is one.
    pub fn histories(&self, records: &[[u8; 16]], visit: &mut dyn FnMut(RecordName, Option<Logged>)) -> Result<(), StoreError> {
        let positions: Vec<String> = (1..=RECORDS_AT_ONCE).map(|at| format!("${at}")).collect();
        let sql = format!("SELECT {} FROM log WHERE record IN ({}) ORDER BY seq", LOG.listed(""), positions.join(", "));
        for some in records.chunks(RECORDS_AT_ONCE) {
            // The statement asks for a full round: the last record stands for those that are missing.
            let last = some.last().into_iter().cycle();
            let values: Vec<Put<'_>> = some.iter().chain(last).take(RECORDS_AT_ONCE).map(|record| Put::Blob(record)).collect();
            self.0.query(&sql, &values, &mut |row| {
                let fits = self.fitting(&LOG, row, 0)?.is_some();
                let (kind, record, logged) = logged_of(row, 0)?;
                if let Some(kind) = KindId::of_code(&kind) {
                    visit((kind, record), fits.then_some(logged));
                }
                Ok(true)
            })?;
        }
        Ok(())
    }
}
