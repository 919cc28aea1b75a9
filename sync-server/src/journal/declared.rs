//! Declarations that are others than when the database was written last: what an older program kept without knowing it is
//! shown and placed from now on.

use super::Journal;
use super::check::conflicts_of;
use super::visibility::Visibility;
use crate::projector::Projectors;
use crate::store::{Logged, RecordName, Scope, StoreError, Tx};
use shared::kinds::{Level, RecordKind};
use shared::schema::{Fields, IdFrom, KindId, Scope as Placed, digests};
use shared::{crdt, division, seal};
use std::collections::BTreeSet;

/// So many records are read at a time.
const AT_ONCE: usize = 1_024;

/// Whether the database was written by other declarations than this program's.
///
/// # Errors
/// [`StoreError`]
pub fn is_behind(tx: &Tx<'_>) -> Result<bool, StoreError> {
    Ok(tx.declared()? != digests())
}

/// Makes the rows of those kinds anew whose declaration is another one. A kind that was not known moves from where its fields
/// alone placed it to where it is declared to be seen.
///
/// # Errors
/// [`StoreError`]
pub fn follow(tx: &Tx<'_>) -> Result<(), StoreError> {
    let (last, now) = (tx.declared()?, digests());
    let mut journal = Journal::open(tx)?;
    let was_unknown = |kind: &RecordKind| !last.is_empty() && !last.contains_key(kind.code());
    let mut unknown: BTreeSet<RecordKind> = RecordKind::ALL.iter().copied().filter(was_unknown).collect();
    for kind in RecordKind::ALL.iter().copied().filter(|kind| last.get(kind.code()) != now.get(kind.code())) {
        let was_unknown = unknown.remove(&kind);
        for some in tx.records_of(kind)?.chunks(AT_ONCE) {
            journal.expect(some.to_vec())?;
            for record in some {
                if was_unknown {
                    journal.place_anew(kind, *record)?;
                    journal.count_anew(kind, *record, &unknown)?;
                }
                journal.project_anew(kind, *record)?;
            }
        }
    }
    journal.flush()?;
    tx.set_declared(&now)
}

/// Whether a desk of that level may write the kind, and all that is said in it.
#[must_use]
pub fn may_write(kind: RecordKind, level: Level, touched: &Fields) -> bool {
    let said = |name: &str| touched.keys().any(|key| key.split('/').next() == Some(name));
    let own = |field: &shared::schema::Field| field.author.is_none_or(|author| author.has(level)) || !said(field.name);
    kind.leaves_the_server() && kind.author.has(level) && kind.fields.iter().all(own)
}

impl Journal<'_, '_> {
    fn project_anew(&mut self, kind: RecordKind, record: [u8; 16]) -> Result<(), StoreError> {
        let tx = self.tx;
        let Some(file) = self.file((kind.into(), record))?.cloned().filter(|file| kind.has_row() && !file.quarantined) else {
            return Ok(());
        };
        tx.put_rows(kind, &[(&record, &file.fields)])?;
        tx.put_conflicts((kind.into(), record), &conflicts_of(kind.into(), &file.changes))?;
        Projectors::follow_rows(tx, kind, &[(&record, &file.fields)])
    }

    /// Sums to which records of this kind did not contribute are made with them; those of kinds that are `unknown` yet do not count.
    fn count_anew(&mut self, kind: RecordKind, record: [u8; 16], unknown: &BTreeSet<RecordKind>) -> Result<(), StoreError> {
        if Projectors::read(kind.into()) {
            self.expect(vec![record])?;
            let before = self.contributions_of(record, |counted| counted != kind && !unknown.contains(&counted));
            let after = self.contributions_of(record, |counted| !unknown.contains(&counted));
            self.projectors.gather(before, after);
            self.logged = true;
        }
        Ok(())
    }

    /// Moves a record from the scopes where a program puts it that does not know its kind. What a device wrote that may not write it is
    /// judged only now: it leaves all feeds and lies in the log under another name, where nothing counts it.
    fn place_anew(&mut self, kind: RecordKind, record: [u8; 16]) -> Result<(), StoreError> {
        let name: RecordName = (kind.into(), record);
        let (Some(file), Some(unknown)) = (self.file(name)?.cloned(), KindId::unknown(kind.code())) else { return Ok(()) };
        let mut seen_before = self.visibility(unknown, &file.fields, &file.changes)?;
        let mut foreign = Vec::new();
        for logged in &file.changes {
            if !self.is_entitled(kind, record, logged)? {
                foreign.push(logged.seq);
            }
        }
        if !foreign.is_empty() {
            tracing::error!(
                kind = kind.code(),
                record = hex::encode(record),
                "changes of devices that may not write this kind do not count"
            );
            self.backfill(name, &seen_before, &Visibility::default(), &file.changes)?;
            for seq in foreign {
                self.tx.call_otherwise(seq, &unknown.set_aside())?;
            }
            self.files.remove(&record);
            seen_before = Visibility::default();
        }
        let Some(file) = self.file(name)?.cloned() else { return Ok(()) };
        let seen_now = self.visibility_of(name, &file)?;
        if seen_before == seen_now { Ok(()) } else { self.backfill(name, &seen_before, &seen_now, &file.changes) }
    }

    /// Whether a logged change is one that its bearer may write, as admission judges it. What belongs to another record is nobody's
    /// who does not see that one: a program that did not know the kind could not ask.
    fn is_entitled(&mut self, kind: RecordKind, record: [u8; 16], logged: &Logged) -> Result<bool, StoreError> {
        let Some(device) = &logged.device else { return Ok(true) };
        let Some(scope) = self.tx.device_scope(device)? else { return Ok(false) };
        let level = match &scope {
            Scope::Canteen(_) => Level::Canteen,
            Scope::Division(code) => division::level(code),
        };
        if let IdFrom::Kind(owner) = kind.id
            && let Some(owned) = self.fields((owner, record))?
            && !self.audiences(owner, &owned)?.iter().any(|audience| scope.sees(audience))
        {
            return Ok(false);
        }
        let Ok(touched) = crdt::decode(&logged.bytes).map(|decoded| decoded.touched()) else { return Ok(false) };
        // Where it was placed by whatever it names, it now stands at one place.
        let elsewhere =
            kind.scope == Placed::Everybody && self.places(kind.into(), &touched)?.first().is_some_and(|place| !scope.sees(place));
        Ok(may_write(kind, level, &touched) && !elsewhere && seal::keeps_sealed(kind, &touched))
    }
}
