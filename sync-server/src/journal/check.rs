//! The tables held against the log: rows, what projectors made, who is quarantined, what each scope reads and its snapshot.
//! Records pass by one after the other, so that it takes no more memory with the years, but for what projectors sum up. Words
//! stand elsewhere.

use super::repair::Repair;
use super::visibility::{Visibility, placed_by, text};
use super::{Journal, RecordFile};
use crate::projector::{Contributions, Projectors};
use crate::store::{Logged, RecordName, SnapshotPage, StoreError, Tx, Unsealed};
use shared::conflict::{FieldConflict, conflicts};
use shared::crdt::History;
use shared::kinds::RecordKind;
use shared::schema::KindId;
use shared::seal;
use shared::sync::snapshot::MAX_PAGE_CHANGES;
use shared::sync::{SetDigest, set_digest, snapshot};
use std::collections::{BTreeSet, HashMap};

/// Something that is not as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A change that can't be read, by its position in the log.
    Change(RecordName, i64),
    /// A row is missing or differs.
    Row(RecordName),
    /// A row of which the log knows nothing.
    NoChange(RecordName),
    /// What a projector made, in its words.
    Projected(String),
    /// Whether a record is doubtful.
    Doubt(RecordName),
    /// What people have to decide in a record.
    Conflicts(RecordName),
    /// A record is quarantined that merges, or is not and does not.
    Quarantined(RecordName),
    /// The feed of a scope holds other changes than its scope may see.
    Feed(String),
    /// The sum of a scope is not that of its feed.
    Sum(String),
    /// A page of a scope's snapshot, by where it begins.
    Page(String, i64),
    /// The ends lie before what is there.
    Ends,
    /// A push is not signed by its device, by its number.
    Signature(i64),
    /// A change of a device that stands in none of its pushes, by its place in the log.
    Unsigned(i64),
    /// Something was changed by another hand.
    Unsealed(Unsealed),
}

impl Mismatch {
    /// Whether that comes from another hand, and not from a fault of this program or of the disk.
    #[must_use]
    pub fn is_by_another_hand(&self) -> bool {
        matches!(self, Self::Unsealed(_) | Self::Signature(_) | Self::Unsigned(_))
    }
}

/// So much of what differs is named; the rest is counted.
const NAMED: usize = 200;

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub struct VerifyReport {
    /// Changes of the log.
    pub changes: u64,
    /// Records of them.
    pub records: u64,
    /// How much is not as it should be.
    pub found: u64,
    /// The first of it.
    pub mismatches: Vec<Mismatch>,
}

/// What the log makes of all, gathered while its records pass by.
struct Due {
    projectors: Projectors,
    digests: HashMap<String, SetDigest>,
    quarantined: BTreeSet<RecordName>,
}

impl VerifyReport {
    /// Looks at everything; changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn over(tx: &Tx<'_>) -> Result<Self, StoreError> {
        Self::through(tx, None)
    }

    /// Looks at everything and makes anew what differs.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn and_repaired(tx: &Tx<'_>) -> Result<Self, StoreError> {
        Self::through(tx, Some(Repair::default()))
    }

    /// Notes something that is not as it should be.
    pub fn note(&mut self, mismatch: Mismatch) {
        self.found += 1;
        if self.mismatches.len() < NAMED {
            self.mismatches.push(mismatch);
        }
    }

    fn through(tx: &Tx<'_>, mut repair: Option<Repair>) -> Result<Self, StoreError> {
        let mut report = Self::default();
        let mut journal = if repair.is_some() { Journal::open(tx)? } else { Journal::looking(tx)? };
        let digests = journal.scopes.keys().map(|scope| (scope.clone(), SetDigest::default())).collect();
        let quarantined =
            tx.all_quarantined()?.into_iter().filter_map(|one| Some((KindId::of_code(&one.kind)?, one.record.try_into().ok()?)));
        let mut due = Due { projectors: Projectors::default(), digests, quarantined: quarantined.collect() };
        journal.learn_canteens()?;
        journal.each_record(|journal, record| report.record(journal, record, &mut due, repair.as_mut()))?;
        report.left_over(tx, &due.quarantined, repair.as_mut())?;
        due.projectors.verify(tx, repair.is_some())?.into_iter().for_each(|words| report.note(Mismatch::Projected(words)));
        let (pos, seq) = tx.last_positions()?;
        if pos > journal.pos || seq > journal.seq {
            report.note(Mismatch::Ends);
            if repair.is_some() {
                (journal.pos, journal.seq) = (journal.pos.max(pos), journal.seq.max(seq));
                tx.put_ends(journal.pos, journal.seq)?;
            }
        }
        report.feeds(&mut journal, &due.digests, repair.as_mut())?;
        if let Some(repair) = repair.as_mut() {
            repair.feeds(&mut journal)?;
        }
        report.pages(&journal, repair.as_mut())?;
        Ok(report)
    }

    fn record(
        &mut self,
        journal: &mut Journal<'_, '_>,
        record: [u8; 16],
        due: &mut Due,
        mut repair: Option<&mut Repair>,
    ) -> Result<(), StoreError> {
        let tx = journal.tx;
        let names = journal.kinds_of(record)?;
        due.projectors.gather(Contributions::default(), journal.contributions_of(record, |_| true));
        for name in names {
            let Some(file) = journal.file(name)?.cloned() else { continue };
            self.records += 1;
            self.changes += file.changes.len() as u64;
            // A record whose changes merged has had each of them read.
            if file.quarantined || name.0.with_row().is_none() {
                let unread = |logged: &&Logged| seal::admit(name.0, &logged.bytes).is_err();
                file.changes.iter().filter(unread).for_each(|logged| self.note(Mismatch::Change(name, logged.seq)));
            }
            if file.quarantined != due.quarantined.remove(&name) {
                self.note(Mismatch::Quarantined(name));
                if let Some(repair) = repair.as_deref_mut() {
                    repair.quarantined(tx, name, &file)?;
                }
            }
            if let Some(kind) = name.0.with_row().filter(|_| !file.quarantined) {
                let row = (&record, &file.fields);
                if !tx.row_stands(kind, &record, &file.fields)? {
                    self.note(Mismatch::Row(name));
                    if repair.is_some() {
                        tx.put_rows(kind, &[row])?;
                    }
                }
                let differ = Projectors::differ(tx, kind, &record, &file.fields)?;
                if repair.is_some() && !differ.is_empty() {
                    Projectors::follow_rows(tx, kind, &[row])?;
                }
                differ.into_iter().for_each(|words| self.note(Mismatch::Projected(words)));
            }
            let open = if file.quarantined { Vec::new() } else { conflicts_of(name.0, &file.changes) };
            if !tx.conflicts_stand(name, &open)? {
                self.note(Mismatch::Conflicts(name));
                if repair.is_some() {
                    tx.put_conflicts(name, &open)?;
                }
            }
            for scope in journal.visibility_of(name, &file)?.iter() {
                if let Some(sum) = due.digests.get_mut(scope) {
                    file.changes.iter().for_each(|logged| sum.add(&set_digest::id(name.0, &record, &logged.bytes)));
                }
            }
        }
        Ok(())
    }

    /// Rows and marks of which the log knows nothing.
    fn left_over(&mut self, tx: &Tx<'_>, quarantined: &BTreeSet<RecordName>, repair: Option<&mut Repair>) -> Result<(), StoreError> {
        for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row()) {
            for record in tx.rows_without(kind)? {
                self.note(Mismatch::NoChange((kind.into(), record)));
                if repair.is_some() {
                    tx.remove_row(kind, &record)?;
                }
            }
        }
        for name in tx.conflicts_without()? {
            self.note(Mismatch::Conflicts(name));
            if repair.is_some() {
                tx.put_conflicts(name, &[])?;
            }
        }
        for name in quarantined {
            self.note(Mismatch::Quarantined(*name));
            if repair.is_some() {
                tx.release(name.0, &name.1)?;
            }
        }
        Ok(())
    }

    fn feeds(
        &mut self,
        journal: &mut Journal<'_, '_>,
        due: &HashMap<String, SetDigest>,
        mut repair: Option<&mut Repair>,
    ) -> Result<(), StoreError> {
        let tx = journal.tx;
        for (name, scope) in &mut journal.scopes {
            let (mut there, mut ends, mut in_order) = (SetDigest::default(), 0, true);
            tx.walk([scope.id, 0], &mut |change| {
                if let Some(kind) = KindId::of_code(&change.kind) {
                    there.add(&set_digest::id(kind, &change.record, &change.bytes));
                }
            })?;
            tx.pieces(scope.id, &mut |(upto, _, changes)| {
                in_order &= changes > 0 && upto - changes >= ends;
                ends = upto;
            })?;
            let fits = in_order && due.get(name) == Some(&there);
            if !fits {
                self.note(Mismatch::Feed(name.clone()));
                if let Some(repair) = repair.as_deref_mut() {
                    repair.note(name, in_order);
                }
            } else if scope.digest != there {
                self.note(Mismatch::Sum(name.clone()));
                if repair.is_some() {
                    scope.digest = there;
                    tx.put_digest(scope.id, &there)?;
                }
            }
        }
        Ok(())
    }

    fn pages(&mut self, journal: &Journal<'_, '_>, repair: Option<&mut Repair>) -> Result<(), StoreError> {
        let (tx, everybody) = (journal.tx, journal.scopes.get(crate::store::EVERYBODY).map_or(0, |scope| scope.id));
        for (name, scope) in &journal.scopes {
            let mut last = 0;
            for after in tx.snapshots(scope.id)? {
                let Some(page) = tx.snapshot_page(scope.id, after)? else { continue };
                if after >= last && stands(tx, [scope.id, everybody], &page)? {
                    last = page.upto;
                    continue;
                }
                self.note(Mismatch::Page(name.clone(), after));
                if repair.is_some() {
                    tx.drop_snapshot(scope.id, after)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a page holds what the feeds hold where it stands.
fn stands(tx: &Tx<'_>, scopes: [i64; 2], page: &SnapshotPage) -> Result<bool, StoreError> {
    let due = tx.page(scopes, (page.after, Some(page.upto)), (usize::MAX, MAX_PAGE_CHANGES + 1), None)?;
    Ok(page.after < page.upto && snapshot::unpack(&page.page).is_ok_and(|there| there == due.changes))
}

impl Journal<'_, '_> {
    /// Where canteens are, from the log instead of the table: of several under one code the first counts.
    fn learn_canteens(&mut self) -> Result<(), StoreError> {
        self.last_visibility = None;
        for site in RecordKind::ALL.iter().copied().filter(|kind| kind.is_site()) {
            for record in self.tx.records_of(site)? {
                let Some(fields) = self.fields((site, record))? else { continue };
                if let Some(code) = text(&fields, "code") {
                    self.canteens.entry(code).or_insert_with(|| text(&fields, "division").unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    /// Shows every record of the log, in the order of their ids.
    pub(super) fn each_record(&mut self, mut visit: impl FnMut(&mut Self, [u8; 16]) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut after = Vec::new();
        loop {
            let some = self.tx.records_after(&after)?;
            let Some(last) = some.last() else { return Ok(()) };
            after = last.to_vec();
            self.expect(some.clone())?;
            for record in some {
                visit(self, record)?;
            }
            self.flush()?;
            self.files.clear();
        }
    }

    /// The kinds of which something is logged under that id.
    pub(super) fn kinds_of(&mut self, record: [u8; 16]) -> Result<Vec<RecordName>, StoreError> {
        self.expect(vec![record])?;
        Ok(self.files.get(&record).into_iter().flatten().map(|file| (file.kind, record)).collect())
    }

    /// The scopes that see a record, or the one to which it belongs.
    pub(super) fn visibility_of(&mut self, (kind, record): RecordName, file: &RecordFile) -> Result<Visibility, StoreError> {
        let by = placed_by((kind, record));
        let fields = if by == (kind, record) { file.fields.clone() } else { self.fields(by)?.unwrap_or_default() };
        self.visibility(kind, &fields, &file.changes)
    }
}

pub(super) fn conflicts_of(kind: KindId, changes: &[Logged]) -> Vec<FieldConflict> {
    let Some(kind) = kind.known().filter(|kind| kind.is_asked() && changes.len() > 1) else { return Vec::new() };
    History::of(changes).map(|history| conflicts(kind, &history)).unwrap_or_default()
}
