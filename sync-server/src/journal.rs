//! The one way into the log: append, row, feeds and what projectors make of a change, all in the caller's
//! transaction. Desks' changes come here after admission, the centre's own directly. What a transaction
//! adds is gathered here and written in bulk by [`Journal::flush`]. No kind is named: what one needs
//! follows from its declaration.

mod check;
pub mod declared;
mod incoming;
mod keys;
mod repair;
mod visibility;

pub use check::{Mismatch, VerifyReport};
pub use incoming::Incoming;
pub use visibility::Writer;

use crate::projector::{Contributions, Projectors};
use crate::store::{EVERYBODY, Logged, Range, RecordName, StoreError, Tx};
use shared::conflict::{FieldConflict, conflicts};
use shared::crdt::{self, CrdtError, History};
use shared::kinds::RecordKind;
use shared::schema::{Fields, KindId, Value};
use shared::sync::SetDigest;
use shared::wire::WireChange;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Why a change was not logged.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The change does not go with those of its record, which go well without it.
    #[error("the change does not merge")]
    Unmergeable,
    /// The engine failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The log, open for a transaction.
pub struct Journal<'a, 'c> {
    tx: &'a Tx<'c>,
    scopes: HashMap<String, ScopeFeed>,
    /// Divisions of canteens by code.
    canteens: HashMap<String, String>,
    /// The scopes of the last record that was looked at, and the kind and fields that they follow from: most have the same.
    last_visibility: Option<((KindId, [Value; 3]), visibility::Visibility)>,
    /// What is known of records, by id: an order and its receipt share theirs.
    files: HashMap<[u8; 16], Vec<RecordFile>>,
    projectors: Projectors,
    pos: i64,
    seq: i64,
    /// Where the log ended when this began.
    began: i64,
    logged: bool,
    some_quarantined: bool,
}

/// A record as it is known.
#[derive(Clone, Copy, Debug)]
pub struct KnownRecord<'a> {
    /// As it stands.
    pub fields: &'a Fields,
    /// Where its first change stands in the log, and when it came.
    pub came: (i64, i64),
    /// There is no other one.
    pub alone: bool,
}

/// A scope that devices read.
struct ScopeFeed {
    id: i64,
    digest: SetDigest,
    touched: bool,
    new: Vec<Range>,
}

/// Whether the changes of a kind are those of documents; of kinds that this program does not know, only such come from desks.
fn is_document(kind: KindId) -> bool {
    kind.known().is_none_or(|kind| kind.has_row())
}

/// What is known of a record, and what this transaction adds to it.
#[derive(Clone, Debug)]
struct RecordFile {
    kind: KindId,
    changes: Vec<Logged>,
    fields: Fields,
    /// So many of the changes stand in the store.
    kept: usize,
    /// The changes do not merge: the record is quarantined, its fields are those of its row.
    quarantined: bool,
    /// A change of it was altered by another hand: nothing is made of the others, and its row stays as it was.
    forged: bool,
    /// What people have to decide in it, to be written; `None` where nothing was ever said in two places at once.
    open: Option<Vec<FieldConflict>>,
}

impl RecordFile {
    fn of(kind: KindId) -> Self {
        Self { kind, changes: Vec::new(), fields: Fields::new(), kept: 0, quarantined: false, forged: false, open: None }
    }
}

/// A transaction gathers about so many records at most before it writes them.
const GATHERED: usize = 8_192;

impl<'a, 'c> Journal<'a, 'c> {
    /// Opens the log.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(tx: &'a Tx<'c>) -> Result<Self, StoreError> {
        let mut journal = Self::looking(tx)?;
        journal.open_scope(EVERYBODY)?;
        Ok(journal)
    }

    /// Opens the log for looking only.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn looking(tx: &'a Tx<'c>) -> Result<Self, StoreError> {
        let scope = |(name, id, digest)| (name, ScopeFeed { id, digest, touched: false, new: Vec::new() });
        let scopes = tx.scopes()?.into_iter().map(scope).collect();
        let (pos, seq) = tx.ends()?;
        let (canteens, files, projectors) = (HashMap::new(), HashMap::new(), Projectors::default());
        let some_quarantined = !tx.all_quarantined()?.is_empty();
        Ok(Self { tx, scopes, canteens, last_visibility: None, files, projectors, pos, seq, began: seq, logged: false, some_quarantined })
    }

    /// The first and the last place of the log that this wrote; the last lies before the first where it wrote nothing.
    pub fn written(&self) -> (i64, i64) {
        (self.began + 1, self.seq)
    }

    /// Reads what is known of these records at once, instead of one by one when they are asked for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn expect(&mut self, mut records: Vec<[u8; 16]>) -> Result<(), StoreError> {
        records.retain(|record| !self.files.contains_key(record));
        records.sort_unstable();
        records.dedup();
        if self.files.len() + records.len() > GATHERED {
            self.flush()?;
            self.files.clear();
        }
        for record in &records {
            self.files.insert(*record, Vec::new());
        }
        let files = &mut self.files;
        self.tx.histories(&records, &mut |(kind, record), logged| {
            let of_record = files.entry(record).or_default();
            let at = of_record.iter().position(|file| file.kind == kind).unwrap_or_else(|| {
                of_record.push(RecordFile::of(kind));
                of_record.len() - 1
            });
            match logged {
                Some(logged) => of_record[at].changes.push(logged),
                None => of_record[at].forged = true,
            }
        })?;
        for record in &records {
            for file in files.get_mut(record).into_iter().flatten() {
                file.kept = file.changes.len();
                if !is_document(file.kind) {
                    continue;
                }
                match crdt::fields(&file.changes) {
                    Ok(fields) if !file.forged => file.fields = fields,
                    _ => {
                        let row = file.kind.with_row().map(|kind| self.tx.row(kind, record)).transpose()?;
                        (file.fields, file.quarantined) = (row.flatten().unwrap_or_default(), true);
                    }
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, (kind, record): RecordName) -> Result<Option<&RecordFile>, StoreError> {
        if !self.files.contains_key(&record) {
            self.expect(vec![record])?;
        }
        Ok(self.files.get(&record).and_then(|files| files.iter().find(|file| file.kind == kind)))
    }

    /// The fields of a record as it stands; none where nothing is known of it, or nothing but changes that wait for others.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn fields<K: Into<KindId>>(&mut self, (kind, record): (K, [u8; 16])) -> Result<Option<Fields>, StoreError> {
        Ok(self.file((kind.into(), record))?.map(|file| file.fields.clone()).filter(|fields| !fields.is_empty()))
    }

    /// What is logged of a record, in the order in which it came.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn logged<K: Into<KindId>>(&mut self, (kind, record): (K, [u8; 16])) -> Result<Vec<Logged>, StoreError> {
        Ok(self.file((kind.into(), record))?.map(|file| file.changes.clone()).unwrap_or_default())
    }

    /// A record as it stands, where its first change stands in the log and when that came, and whether it is the only one; none where
    /// [`Journal::fields`] gives none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn known<K: Into<KindId>>(&mut self, (kind, record): (K, [u8; 16])) -> Result<Option<KnownRecord<'_>>, StoreError> {
        let file = self.file((kind.into(), record))?.filter(|file| !file.fields.is_empty());
        Ok(file.and_then(|file| {
            let first = file.changes.first()?;
            Some(KnownRecord { fields: &file.fields, came: (first.seq, first.received_at), alone: file.changes.len() == 1 })
        }))
    }

    /// Whether whoever wrote a change knew all that the centre says of its record.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn follows_the_centre(&mut self, change: &Incoming<'_>) -> Result<bool, StoreError> {
        let (mut builds_on, mut unseen) = (HashMap::new(), BTreeSet::new());
        for logged in self.file(change.name)?.map_or(&[][..], |file| &file.changes) {
            let decoded = crdt::decode(&logged.bytes)?;
            unseen.extend(logged.device.is_none().then_some(decoded.hash));
            builds_on.insert(decoded.hash, decoded.builds_on().to_vec());
        }
        let mut seen = change.decoded.builds_on().to_vec();
        while let Some(hash) = seen.pop() {
            unseen.remove(&hash);
            seen.extend(builds_on.remove(&hash).unwrap_or_default());
        }
        Ok(unseen.is_empty())
    }

    /// Whether that very change is logged, whoever brought it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn holds(&mut self, change: &Incoming<'_>) -> Result<bool, StoreError> {
        Ok(self.file(change.name)?.is_some_and(|file| file.changes.iter().any(|known| known.bytes == change.bytes)))
    }

    /// Whether that device brought that very change before; it is told once more whether it may keep it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn brought(&mut self, change: &Incoming<'_>, by: Writer<'_>) -> Result<bool, StoreError> {
        let Some((device, _)) = by.device else { return Ok(false) };
        let own = |logged: &Logged| logged.bytes == change.bytes && logged.device.as_deref() == Some(device);
        let known = self.file(change.name)?.is_some_and(|file| file.changes.iter().any(own));
        if known {
            self.notify_again(change.name, by)?;
        }
        Ok(known)
    }

    /// Where a change stands in the log that this transaction wrote in its bearer's name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn wrote(&mut self, change: &WireChange) -> Result<Option<i64>, StoreError> {
        let (Some(kind), began) = (KindId::of_code(&change.kind), self.began) else { return Ok(None) };
        let own = |logged: &&Logged| logged.seq > began && logged.device.is_some() && logged.bytes == change.bytes;
        Ok(self.file((kind, change.record))?.and_then(|file| file.changes.iter().find(own)).map(|logged| logged.seq))
    }

    /// Logs a change and all that follows from it. A known change only tells its bearer whether it sees the record.
    ///
    /// # Errors
    /// [`JournalError`]; nothing of an unmergeable change is kept.
    pub fn append(&mut self, incoming: Incoming<'_>, by: Writer<'_>) -> Result<(), JournalError> {
        let Incoming { name, bytes, decoded, change, touched, alone } = incoming;
        let (kind, record) = name;
        if self.file(name)?.is_some_and(|file| file.changes.iter().any(|known| known.bytes == bytes)) {
            return Ok(self.notify_again(name, by)?);
        }
        let contributed = self.contributions(name);
        let mut file = self.take_file(name);
        let seen_before = self.visibility(kind, &file.fields, &file.changes)?;
        let seq = self.seq + 1;
        file.changes.push(Logged { seq, bytes: bytes.to_vec(), device: by.device.map(|(id, _)| id.to_vec()), received_at: by.at });
        let merged = match file.changes.len() {
            _ if file.forged => Err(CrdtError::Merge),
            1 => Ok((decoded.alone(touched), None)),
            _ => History::of(&file.changes).map(|history| {
                (history.fields(), history.forked().then(|| kind.known().map(|kind| conflicts(kind, &history)).unwrap_or_default()))
            }),
        };
        let before = match merged {
            Ok((after, open)) => {
                (file.quarantined, file.open) = (false, open);
                std::mem::replace(&mut file.fields, after)
            }
            // What is logged did not merge before: it concerns this record alone. Its row stays, the change goes on to all who see it.
            Err(error) if file.quarantined => {
                tracing::error!(%error, kind = kind.code(), record = hex::encode(record), "a record is quarantined, its changes do not merge");
                self.tx.put_quarantined(kind, &record, seq, error.code(), by.at)?;
                file.open = Some(Vec::new());
                file.fields.clone()
            }
            Err(_) => {
                file.changes.pop();
                self.put_file(record, file);
                return Err(JournalError::Unmergeable);
            }
        };
        if self.some_quarantined && !file.quarantined {
            self.tx.release(kind, &record)?;
        }
        (self.seq, self.logged) = (seq, true);
        let moves = kind.known().is_some_and(|kind| kind.is_site())
            && ["code", "division"].iter().any(|field| before.get(field) != file.fields.get(field));
        let seen_now = self.visibility(kind, &file.fields, &file.changes)?;
        let is_new = file.changes.len() == 1;
        self.put_file(record, file);
        let is_alone = is_new && self.files.get(&record).is_some_and(|files| files.len() == 1);
        let contributes = if is_alone { alone } else { self.contributions(name) };
        self.projectors.gather(contributed, contributes);
        if moves {
            self.canteen_moves(name, &before)?;
        }
        self.publish(name, &seen_before, &seen_now, (seq, change))?;
        if seen_before != seen_now {
            self.others_follow(name, &before)?;
        }
        self.notify_writer(name, &seen_now, by);
        Ok(())
    }

    /// Takes a record's file in hand; who takes it puts it back. A new one where nothing is known yet.
    fn take_file(&mut self, (kind, record): RecordName) -> RecordFile {
        let files = self.files.entry(record).or_default();
        let known = files.iter().position(|file| file.kind == kind).map(|at| files.swap_remove(at));
        known.unwrap_or_else(|| RecordFile::of(kind))
    }

    fn put_file(&mut self, record: [u8; 16], file: RecordFile) {
        if !file.changes.is_empty() || file.forged {
            self.files.entry(record).or_default().push(file);
        }
    }

    /// What the records of that id contribute to what projectors of this kind make of them.
    fn contributions(&self, (kind, record): RecordName) -> Contributions {
        if Projectors::read(kind) { self.contributions_of(record, |_| true) } else { Contributions::default() }
    }

    /// What those records of an id contribute whose kind counts.
    fn contributions_of(&self, record: [u8; 16], counts: impl Fn(RecordKind) -> bool) -> Contributions {
        let files = self.files.get(&record).map_or(&[][..], Vec::as_slice);
        let file = |kind| files.iter().find(|file| file.kind == kind && counts(kind));
        Projectors::contributions(|kind| file(kind).map(|file| &file.fields))
    }

    /// Writes what is gathered.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn flush(&mut self) -> Result<(), StoreError> {
        if !self.logged {
            return Ok(());
        }
        let (mut new, mut rows) = (Vec::new(), BTreeMap::<RecordKind, Vec<(&[u8; 16], &Fields)>>::new());
        for (record, files) in &self.files {
            for file in files.iter().filter(|file| file.kept < file.changes.len()) {
                new.extend(file.changes[file.kept..].iter().map(|logged| ((file.kind, *record), logged)));
                if let Some(kind) = file.kind.with_row().filter(|_| !file.quarantined) {
                    rows.entry(kind).or_default().push((record, &file.fields));
                }
            }
        }
        new.sort_unstable_by_key(|(_, logged)| logged.seq);
        let open = new.iter().map(|((kind, _), _)| *kind).filter(|kind| kind.known().is_none());
        self.note_open(open.collect())?;
        self.tx.append(&new)?;
        for (record, files) in &self.files {
            for file in files.iter().filter(|file| file.kept < file.changes.len()) {
                if let Some(open) = &file.open {
                    self.tx.put_conflicts((file.kind, *record), open)?;
                }
            }
        }
        for (kind, rows) in &mut rows {
            rows.sort_unstable_by_key(|(record, _)| **record);
            self.tx.put_rows(*kind, rows)?;
            Projectors::follow_rows(self.tx, *kind, rows)?;
        }
        self.projectors.write(self.tx)?;
        for scope in self.scopes.values_mut().filter(|scope| scope.touched) {
            self.tx.feed(scope.id, &std::mem::take(&mut scope.new))?;
            self.tx.put_digest(scope.id, &scope.digest)?;
            scope.touched = false;
        }
        for file in self.files.values_mut().flatten() {
            file.kept = file.changes.len();
        }
        self.logged = false;
        self.tx.put_ends(self.pos, self.seq)
    }
}
