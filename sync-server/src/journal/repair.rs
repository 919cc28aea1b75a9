//! What differs from the log is made anew. A feed is no table that could be: its positions were given to devices, which stay
//! where they are. So what is missing in it is fed at its end, and what has no business there is taken out and told to have left.

use super::{Journal, RecordFile};
use crate::store::{RecordName, StoreError, Tx};
use shared::crdt;
use shared::sync::{SetDigest, set_digest};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be repaired in the end.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// Scopes whose feeds hold something else than they should, and whether their order can be read.
    feeds: BTreeMap<String, bool>,
}

/// The changes that a feed holds, by their scopes in the log, a bit each.
#[derive(Default)]
struct Held(Vec<u64>);

impl Held {
    fn bit(seq: i64) -> (usize, u64) {
        let seq = u64::try_from(seq).unwrap_or(0);
        (usize::try_from(seq / 64).unwrap_or(usize::MAX), 1 << (seq % 64))
    }

    /// Notes a change; tells whether it was there already.
    fn put(&mut self, seq: i64) -> bool {
        let (at, bit) = Self::bit(seq);
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        let was = self.0[at] & bit != 0;
        self.0[at] |= bit;
        was
    }

    /// Takes a change out; tells whether it was there.
    fn take(&mut self, seq: i64) -> bool {
        let (at, bit) = Self::bit(seq);
        let Some(bits) = self.0.get_mut(at) else { return false };
        let was = *bits & bit != 0;
        *bits &= !bit;
        was
    }

    fn all(&self) -> impl Iterator<Item = i64> {
        let bits = self.0.iter().enumerate().filter(|(_, bits)| **bits != 0);
        bits.flat_map(|(at, bits)| (0..64).filter(move |bit| bits & (1 << bit) != 0).map(move |bit| at as i64 * 64 + bit))
    }
}

impl Repair {
    pub(super) fn note(&mut self, scope: &str, in_order: bool) {
        self.feeds.insert(scope.to_owned(), in_order);
    }

    /// Puts a record aside that does not merge, or takes it back.
    pub(super) fn quarantined(&mut self, tx: &Tx<'_>, name: RecordName, file: &RecordFile) -> Result<(), StoreError> {
        match (crdt::fields(&file.changes).err(), file.changes.last()) {
            (Some(error), Some(last)) => tx.put_quarantined(name.0, &name.1, last.seq, error.code(), last.received_at),
            _ => tx.release(name.0, &name.1),
        }
    }

    /// Mends the feeds that were noted.
    pub(super) fn feeds(&self, journal: &mut Journal<'_, '_>) -> Result<(), StoreError> {
        for (scope, in_order) in &self.feeds {
            feed(journal, scope, *in_order)?;
        }
        Ok(())
    }
}

fn feed(journal: &mut Journal<'_, '_>, scope: &str, in_order: bool) -> Result<(), StoreError> {
    let Some(id) = journal.scopes.get(scope).map(|scope| scope.id) else { return Ok(()) };
    let tx = journal.tx;
    let (mut held, mut twice) = (Held::default(), Vec::new());
    if in_order {
        let mut again = |(_, seq, changes): (i64, i64, i64)| twice.extend((seq..seq + changes).filter(|seq| held.put(*seq)));
        tx.pieces(id, &mut again)?;
        for seq in twice {
            tx.take_out(id, seq)?;
        }
    } else {
        tx.empty_feed(id)?;
    }
    let mut digest = SetDigest::default();
    journal.each_record(|journal, record| {
        for name in journal.kinds_of(record)? {
            let Some(file) = journal.file(name)?.cloned() else { continue };
            if !journal.visibility_of(name, &file)?.contains(scope) {
                continue;
            }
            for logged in &file.changes {
                let change = set_digest::id(name.0, &record, &logged.bytes);
                digest.add(&change);
                if !held.take(logged.seq) {
                    journal.pos += 1;
                    let pos = journal.pos;
                    journal.feed(scope, pos, logged.seq, true, &change);
                }
            }
        }
        Ok(())
    })?;
    let mut strangers = BTreeSet::new();
    for seq in held.all() {
        tx.take_out(id, seq)?;
        strangers.extend(tx.record_at(seq)?);
    }
    for name in strangers {
        journal.retract(scope, name);
    }
    if let Some(scope) = journal.scopes.get_mut(scope) {
        (scope.digest, scope.touched) = (digest, true);
    }
    journal.logged = true;
    journal.flush()
}
