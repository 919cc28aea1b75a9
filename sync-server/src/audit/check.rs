//! The audit log is looked over: row by row from the last one that was pruned to the end, each against the one before, the ends against
//! their seals, and all against what lies beside the database. In pieces, so that nobody waits. The first row that is not as it was
//! written is named.

use super::chain::{NOTHING, same};
use super::{Chain, heads, locked};
use crate::fault::Refusal;
use crate::store::{EndName, StoreError, Tx};
use crate::{Parts, Server};
use serde::Serialize;
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent};
use shared::say;
use std::path::Path;
use std::sync::atomic::Ordering;

/// So many rows are read in one transaction.
const PIECE: i64 = 2_000;

/// What was found first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// The first row that is not as it was written, by its number.
    pub row: i64,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What can be wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It, or its MAC, was changed, or it was put in.
    Changed,
    /// It is gone.
    Missing,
    /// The end of the chain was changed, so nobody knows what stood from here on.
    End,
    /// It is otherwise than was written beside the database: the database was put back or cut.
    Beside,
}

/// What the audit log looked like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditChecked {
    /// Whether all is as it was written.
    pub ok: bool,
    /// Rows looked at.
    pub rows: u64,
    /// The number of the first row that is not.
    pub first_bad_row: Option<i64>,
    /// What is wrong, in words.
    pub problem: Option<String>,
}

/// A look under way.
#[derive(Debug)]
pub struct Walk {
    number: i64,
    mac: Vec<u8>,
    rows: u64,
    begun: bool,
}

impl Walk {
    /// From the beginning.
    pub fn new() -> Self {
        Self { number: 0, mac: NOTHING.to_vec(), rows: 0, begun: false }
    }

    /// Begins behind what was pruned; also again where that moved on meanwhile.
    fn begin(&mut self, tx: &Tx<'_>, chain: &Chain) -> Result<Option<Bad>, StoreError> {
        let anchor = tx.audit_end(EndName::Anchor)?;
        if let Some(anchor) = anchor.as_ref().filter(|anchor| !self.begun || anchor.number > self.number) {
            if !chain.is_ours(EndName::Anchor, anchor) {
                return Ok(Some(Bad { row: 1, what: Wrong::End }));
            }
            (self.number, self.mac) = (anchor.number, anchor.mac.clone());
        }
        self.begun = true;
        let before = anchor.map_or(0, |anchor| anchor.number);
        let first = tx.audit_after(i64::MIN, 1)?.into_iter().next().map(|row| row.map_or_else(|number| number, |row| row.number));
        Ok(first.filter(|first| *first <= before).map(|row| Bad { row, what: Wrong::Changed }))
    }

    /// Looks at some rows; tells what is wrong, or whether all was seen.
    pub fn step(&mut self, tx: &Tx<'_>, chain: &Chain, most: i64) -> Result<Result<bool, Bad>, StoreError> {
        if let Some(bad) = self.begin(tx, chain)? {
            return Ok(Err(bad));
        }
        let rows = tx.audit_after(self.number, most)?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|many| many < most);
        for row in rows {
            let expected = self.number + 1;
            let row = match row {
                Ok(row) if row.number == expected => row,
                Err(number) if number == expected => return Ok(Err(Bad { row: expected, what: Wrong::Changed })),
                _ => return Ok(Err(Bad { row: expected, what: Wrong::Missing })),
            };
            if !same(&row.mac, &chain.mac(&self.mac, &row)) {
                return Ok(Err(Bad { row: expected, what: Wrong::Changed }));
            }
            (self.number, self.mac) = (row.number, row.mac);
            self.rows += 1;
        }
        if !is_last {
            return Ok(Ok(false));
        }
        let ours = tx.audit_end(EndName::Head)?.filter(|head| chain.is_ours(EndName::Head, head));
        let next = self.number + 1;
        Ok(match ours {
            Some(head) if head.number > self.number => Err(Bad { row: next, what: Wrong::Missing }),
            Some(head) if head.number < self.number => Err(Bad { row: head.number + 1, what: Wrong::Changed }),
            Some(head) if head.number == 0 || same(&head.mac, &self.mac) => Ok(true),
            _ => Err(Bad { row: next, what: Wrong::End }),
        })
    }
}

impl Parts {
    /// Looks the whole log over; what is found stays known to this process until all is well.
    pub fn look_audit_over(&self) -> Result<(u64, Option<Bad>), StoreError> {
        let chain = &self.audit.chain;
        let mut walk = Walk::new();
        let mut found = loop {
            match self.store.read_long(|tx| walk.step(tx, chain, PIECE))? {
                Ok(true) => break None,
                Ok(false) => {}
                Err(bad) => break Some(bad),
            }
        };
        if found.is_none() && self.audit.seen.fetch_max(walk.number, Ordering::Relaxed) > walk.number {
            found = Some(Bad { row: walk.number + 1, what: Wrong::Missing });
        }
        if found.is_none() {
            found = self.store.read(|tx| heads::compare(tx, self))?;
        }
        if let Some(bad) = &found {
            tracing::error!(row = bad.row, what = ?bad.what, "the audit log was changed by another hand");
        }
        locked(&self.audit.broken).clone_from(&found);
        Ok((walk.rows, found))
    }
}

#[cfg(test)]
impl Parts {
    /// What is wrong with the chain as a transaction sees it, in pieces of so many rows.
    pub(crate) fn wrong_in_audit(&self, tx: &Tx<'_>, piece: i64) -> Result<Option<(i64, Wrong)>, StoreError> {
        let mut walk = Walk::new();
        loop {
            match walk.step(tx, &self.audit.chain, piece)? {
                Ok(true) => return Ok(None),
                Ok(false) => {}
                Err(bad) => return Ok(Some((bad.row, bad.what))),
            }
        }
    }

    /// Writes the chain anew from a row on, under a key that is not ours: what somebody does who has read the source.
    pub(crate) fn rechain_as_a_stranger(&self, tx: &Tx<'_>, from: i64) -> Result<(), StoreError> {
        let crypto = std::sync::Arc::clone(&self.crypto);
        let stranger = Chain::new(self.crypto.as_ref(), &crate::key_provider::Master::draw(crypto));
        let mut before = tx.audit_mac(from - 1)?.unwrap_or_else(|| NOTHING.to_vec());
        let mut last = from - 1;
        for mut row in tx.audit_after(from - 1, i64::MAX)?.into_iter().flatten() {
            row.mac = stranger.mac(&before, &row).to_vec();
            (before, last) = (row.mac.clone(), row.number);
            tx.set_audit_mac(row.number, &row.mac)?;
        }
        tx.put_audit_end(EndName::Head, &stranger.end(EndName::Head, last, &before))
    }
}

impl Server {
    /// Looks the audit log over now.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn verify_audit(&self) -> Result<AuditChecked, Fault> {
        let parts = &self.0;
        let (rows, found) = parts.look_audit_over().map_err(Refusal::from)?;
        parts.commanded(AuditEvent::AuditVerified, |_, noted| {
            noted.made(AuditDetail::Rows, rows);
            if let Some(bad) = &found {
                noted.made(AuditDetail::BadRow, bad.row);
            }
            Ok(())
        })?;
        let problem = found.as_ref().map(|bad| words(bad, &parts.folder));
        Ok(AuditChecked { ok: found.is_none(), rows, first_bad_row: found.map(|bad| bad.row), problem })
    }
}

fn words(bad: &Bad, folder: &Path) -> String {
    match bad.what {
        Wrong::Changed => say!(audit::row_changed(bad.row)),
        Wrong::Missing => say!(audit::row_missing(bad.row)),
        Wrong::End => say!(audit::end_changed(bad.row)),
        Wrong::Beside => say!(audit::otherwise_beside(bad.row, &folder.join(heads::FILE).display().to_string())),
    }
}
