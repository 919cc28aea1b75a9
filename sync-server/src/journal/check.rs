//! The tables held against the log: rows, photos of receipts, figures, who is put aside, what each place reads and its
//! snapshot. Records pass by one after the other, so that it takes no more memory with the years, but for a line a canteen
//! and day. Words stand elsewhere.

use super::mend::Mend;
use super::seen::{Seen, placed_by, text};
use super::{Journal, RecordFile, photos};
use crate::store::{FIGURES, Logged, RecordName, SnapshotPage, StoreError, Tx};
use shared::conflict::{FieldConflict, conflicts};
use shared::crdt::History;
use shared::kinds::RecordKind;
use shared::schema::{Fields, KindId};
use shared::seal;
use shared::sync::snapshot::MAX_PAGE_CHANGES;
use shared::sync::{SetSum, set_sum, snapshot};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Something that is not as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// A change that can't be read, by its place in the log.
    Change(RecordName, i64),
    /// A row is missing or differs.
    Row(RecordName),
    /// A row of which the log knows nothing.
    NoChange(RecordName),
    /// The photos of a receipt.
    Photos([u8; 16]),
    /// What people have to decide in a record.
    Conflicts(RecordName),
    /// The figures of a canteen and a day.
    Day(String, String),
    /// A record is put aside that merges, or is not and does not.
    Aside(RecordName),
    /// The feed of a place holds other changes than its place may see.
    Feed(String),
    /// The sum of a place is not that of its feed.
    Sum(String),
    /// A page of a place's snapshot, by where it begins.
    Page(String, i64),
    /// The ends lie before what is there.
    Ends,
}

/// So much of what differs is named; the rest is counted.
const NAMED: usize = 200;

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub struct Looked {
    /// Changes of the log.
    pub changes: u64,
    /// Records of them.
    pub records: u64,
    /// How much is not as it should be.
    pub found: u64,
    /// The first of it.
    pub unlike: Vec<Unlike>,
}

/// What the log makes of all, gathered while its records pass by.
struct Due {
    days: BTreeMap<(String, String), [i64; FIGURES]>,
    sums: HashMap<String, SetSum>,
    aside: BTreeSet<RecordName>,
}

impl Looked {
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
    pub fn and_mended(tx: &Tx<'_>) -> Result<Self, StoreError> {
        Self::through(tx, Some(Mend::default()))
    }

    fn note(&mut self, unlike: Unlike) {
        self.found += 1;
        if self.unlike.len() < NAMED {
            self.unlike.push(unlike);
        }
    }

    fn through(tx: &Tx<'_>, mut mend: Option<Mend>) -> Result<Self, StoreError> {
        let mut looked = Self::default();
        let mut journal = if mend.is_some() { Journal::open(tx)? } else { Journal::looking(tx)? };
        let sums = journal.places.keys().map(|place| (place.clone(), SetSum::default())).collect();
        let aside = tx.all_aside()?.into_iter().filter_map(|one| Some((KindId::of_code(&one.kind)?, one.record.try_into().ok()?)));
        let mut due = Due { days: BTreeMap::new(), sums, aside: aside.collect() };
        journal.learn_canteens()?;
        journal.each_record(|journal, record| looked.record(journal, record, &mut due, mend.as_mut()))?;
        looked.left_over(tx, &due, mend.as_mut())?;
        looked.days(tx, due.days, mend.as_mut())?;
        let (pos, seq) = tx.last_places()?;
        if pos > journal.pos || seq > journal.seq {
            looked.note(Unlike::Ends);
            if mend.is_some() {
                (journal.pos, journal.seq) = (journal.pos.max(pos), journal.seq.max(seq));
                tx.put_ends(journal.pos, journal.seq)?;
            }
        }
        looked.feeds(&mut journal, &due.sums, mend.as_mut())?;
        if let Some(mend) = mend.as_mut() {
            mend.feeds(&mut journal)?;
        }
        looked.pages(&journal, mend.as_mut())?;
        Ok(looked)
    }

    fn record(
        &mut self,
        journal: &mut Journal<'_, '_>,
        record: [u8; 16],
        due: &mut Due,
        mut mend: Option<&mut Mend>,
    ) -> Result<(), StoreError> {
        let tx = journal.tx;
        for name in journal.kinds_of(record)? {
            let Some(file) = journal.file(name)?.cloned() else { continue };
            self.records += 1;
            self.changes += file.changes.len() as u64;
            // A record whose changes merged has had each of them read.
            if file.aside || name.0.with_row().is_none() {
                let unread = |logged: &&Logged| seal::admit(name.0, &logged.bytes).is_err();
                file.changes.iter().filter(unread).for_each(|logged| self.note(Unlike::Change(name, logged.seq)));
            }
            if file.aside != due.aside.remove(&name) {
                self.note(Unlike::Aside(name));
                if let Some(mend) = mend.as_deref_mut() {
                    mend.aside(tx, name, &file)?;
                }
            }
            if let Some(kind) = name.0.with_row()
                && !file.aside
                && !tx.row_stands(kind, &record, &file.fields)?
            {
                self.note(Unlike::Row(name));
                if mend.is_some() {
                    tx.put_rows(kind, &[(&record, &file.fields)])?;
                }
            }
            if name.0 == RecordKind::Receipt && !file.aside && tx.photos_of(&record)? != photos_due(&file.fields) {
                self.note(Unlike::Photos(record));
                if mend.is_some() {
                    tx.put_receipt_photos(&record, photos(&file.fields))?;
                }
            }
            let open = if file.aside { Vec::new() } else { conflicts_of(name.0, &file.changes) };
            if !tx.conflicts_stand(name, &open)? {
                self.note(Unlike::Conflicts(name));
                if mend.is_some() {
                    tx.put_conflicts(name, &open)?;
                }
            }
            if name.0 == RecordKind::Order
                && let Some(part) = journal.figures(name)?
            {
                let day = due.days.entry((part.canteen.clone(), part.date.to_string())).or_default();
                day.iter_mut().zip(part.figures()).for_each(|(sum, figure)| *sum += figure);
            }
            for place in journal.sees(name, &file)?.iter() {
                if let Some(sum) = due.sums.get_mut(place) {
                    file.changes.iter().for_each(|logged| sum.add(&set_sum::name(name.0, &record, &logged.bytes)));
                }
            }
        }
        Ok(())
    }

    /// Rows, photos and marks of which the log knows nothing.
    fn left_over(&mut self, tx: &Tx<'_>, due: &Due, mend: Option<&mut Mend>) -> Result<(), StoreError> {
        for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row()) {
            for record in tx.rows_without(kind)? {
                self.note(Unlike::NoChange((kind.into(), record)));
                if mend.is_some() {
                    tx.remove_row(kind, &record)?;
                }
            }
        }
        for receipt in tx.photos_without()? {
            self.note(Unlike::Photos(receipt));
            if mend.is_some() {
                tx.put_receipt_photos(&receipt, std::iter::empty())?;
            }
        }
        for name in tx.conflicts_without()? {
            self.note(Unlike::Conflicts(name));
            if mend.is_some() {
                tx.put_conflicts(name, &[])?;
            }
        }
        for name in &due.aside {
            self.note(Unlike::Aside(*name));
            if mend.is_some() {
                tx.release(name.0, &name.1)?;
            }
        }
        Ok(())
    }

    fn days(
        &mut self,
        tx: &Tx<'_>,
        mut due: BTreeMap<(String, String), [i64; FIGURES]>,
        mend: Option<&mut Mend>,
    ) -> Result<(), StoreError> {
        let mut wrong = Vec::new();
        for canteen in tx.canteens_with_days()? {
            for (date, there) in tx.days_of(&canteen)? {
                let day = (canteen.clone(), date);
                let figures = due.remove(&day);
                if figures != Some(there) {
                    wrong.push((day, figures));
                }
            }
        }
        wrong.extend(due.into_iter().map(|(day, figures)| (day, Some(figures))));
        for ((canteen, date), figures) in wrong {
            if mend.is_some() {
                tx.remove_day(&canteen, &date)?;
                if let (Some(figures), Ok(date)) = (figures, date.parse()) {
                    tx.add_to_day(&canteen, date, &figures)?;
                }
            }
            self.note(Unlike::Day(canteen, date));
        }
        Ok(())
    }

    fn feeds(
        &mut self,
        journal: &mut Journal<'_, '_>,
        due: &HashMap<String, SetSum>,
        mut mend: Option<&mut Mend>,
    ) -> Result<(), StoreError> {
        let tx = journal.tx;
        for (name, place) in &mut journal.places {
            let (mut there, mut ends, mut in_order) = (SetSum::default(), 0, true);
            tx.walk([place.id, 0], &mut |change| {
                if let Some(kind) = KindId::of_code(&change.kind) {
                    there.add(&set_sum::name(kind, &change.record, &change.bytes));
                }
            })?;
            tx.pieces(place.id, &mut |(upto, _, changes)| {
                in_order &= changes > 0 && upto - changes >= ends;
                ends = upto;
            })?;
            let fits = in_order && due.get(name) == Some(&there);
            if !fits {
                self.note(Unlike::Feed(name.clone()));
                if let Some(mend) = mend.as_deref_mut() {
                    mend.note(name, in_order);
                }
            } else if place.sum != there {
                self.note(Unlike::Sum(name.clone()));
                if mend.is_some() {
                    place.sum = there;
                    tx.put_sum(place.id, &there)?;
                }
            }
        }
        Ok(())
    }

    fn pages(&mut self, journal: &Journal<'_, '_>, mend: Option<&mut Mend>) -> Result<(), StoreError> {
        let (tx, everybody) = (journal.tx, journal.places.get(crate::store::EVERYBODY).map_or(0, |place| place.id));
        for (name, place) in &journal.places {
            let mut last = 0;
            for after in tx.snapshots(place.id)? {
                let Some(page) = tx.snapshot_page(place.id, after)? else { continue };
                if after >= last && stands(tx, [place.id, everybody], &page)? {
                    last = page.upto;
                    continue;
                }
                self.note(Unlike::Page(name.clone(), after));
                if mend.is_some() {
                    tx.drop_snapshot(place.id, after)?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a page holds what the feeds hold where it stands.
fn stands(tx: &Tx<'_>, places: [i64; 2], page: &SnapshotPage) -> Result<bool, StoreError> {
    let due = tx.page(places, (page.after, Some(page.upto)), (usize::MAX, MAX_PAGE_CHANGES + 1), None)?;
    Ok(page.after < page.upto && snapshot::unpack(&page.page).is_ok_and(|there| there == due.changes))
}

fn photos_due(receipt: &Fields) -> Vec<String> {
    photos(receipt).filter(|hash| hash.len() == 64).map(ToOwned::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

impl Journal<'_, '_> {
    /// Where canteens are, from the log instead of the table: of several under one code the first counts.
    fn learn_canteens(&mut self) -> Result<(), StoreError> {
        self.last_seen = None;
        for record in self.tx.records_of(RecordKind::Canteen)? {
            let Some(fields) = self.fields((RecordKind::Canteen, record))? else { continue };
            if let Some(code) = text(&fields, "code") {
                self.canteens.entry(code).or_insert_with(|| text(&fields, "division").unwrap_or_default());
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

    /// The places that see a record; keys are seen where their elder is.
    pub(super) fn sees(&mut self, (kind, record): RecordName, file: &RecordFile) -> Result<Seen, StoreError> {
        let by = placed_by((kind, record));
        let fields = if by == (kind, record) { file.fields.clone() } else { self.fields(by)?.unwrap_or_default() };
        self.seen(kind, &fields, &file.changes)
    }
}

pub(super) fn conflicts_of(kind: KindId, changes: &[Logged]) -> Vec<FieldConflict> {
    let Some(kind) = kind.known().filter(|kind| kind.is_asked() && changes.len() > 1) else { return Vec::new() };
    History::of(changes).map(|history| conflicts(kind, &history)).unwrap_or_default()
}
