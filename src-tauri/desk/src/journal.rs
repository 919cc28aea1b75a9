//! The journal: the one way in which records change. An act becomes changes; changes and rows are
//! committed in one fsynced transaction, and only then is anybody told. What waits for the server
//! follows from the log itself.

use crate::desk::{Elders, Inner};
use crate::fault::{OrBroken, broken};
use crate::features::SEARCHED;
use crate::search::SearchEntry;
use crate::store::{StoreError, change, conflict, number, row};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use shared::conflict::conflicts;
use shared::crdt::{self, CrdtError, History};
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::schema::{Fields, Record, RecordId};
use std::sync::PoisonError;

/// What records are looked for by: of all that search finds, or of one.
pub(crate) type Searched = fn(&Connection, Option<RecordId>) -> Result<Vec<SearchEntry>, StoreError>;

/// One change of one record, before it is one.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) kind: RecordKind,
    pub(crate) record: RecordId,
    pub(crate) change: MutationKind,
}

/// A new record, new values of a known one, or values that a person decides on, said anew even where they stand.
#[derive(Debug)]
pub(crate) enum MutationKind {
    Create(Fields),
    Edit(Fields),
    Decide(Fields),
}

impl Mutation {
    /// A new record.
    pub(crate) fn create<R: Record>(record: RecordId, value: &R) -> Self {
        Self { kind: R::KIND, record, change: MutationKind::Create(value.to_fields()) }
    }

    /// A new record of a kind that is known at run time only.
    pub(crate) fn first(kind: RecordKind, record: RecordId, fields: Fields) -> Self {
        Self { kind, record, change: MutationKind::Create(fields) }
    }

    /// New values of a known record; a `Null` clears.
    pub(crate) fn edit(kind: RecordKind, record: RecordId, changes: Fields) -> Self {
        Self { kind, record, change: MutationKind::Edit(changes) }
    }

    /// The same act as a decision, where it is about that record.
    pub(crate) fn decided(mut self, kind: RecordKind, record: RecordId) -> Self {
        if let (true, MutationKind::Edit(changes)) = ((self.kind, self.record) == (kind, record), &mut self.change) {
            self.change = MutationKind::Decide(std::mem::take(changes));
        }
        self
    }
}

impl Inner {
    /// Commits acts in one transaction.
    pub(crate) fn commit(&self, mutations: &[Mutation]) -> Result<(), Fault> {
        self.commit_made(|transaction| mutations.iter().try_for_each(|mutation| self.write(transaction, mutation)))
    }

    /// Commits what `make` writes: an act that depends on the store as it stands in its own transaction.
    pub(crate) fn commit_made<T>(&self, make: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        let done = self.transact_and_show(make)?;
        self.connection.wake();
        Ok(done)
    }

    /// One transaction after which search and screens show what it wrote.
    pub(crate) fn transact_and_show<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        self.show_after(|transaction| Ok(write(transaction)?))
    }

    /// The same for what may be refused in the midst of it: then it is taken back.
    pub(crate) fn show_after<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut seen = self.seen.lock().map_err(broken)?;
        let (done, news) = self.take_back_or(|transaction| {
            let done = write(transaction)?;
            Ok((done, News::since(transaction, *seen)?))
        })?;
        self.show(&mut seen, news)?;
        Ok(done)
    }

    /// One transaction on the writing connection.
    pub(crate) fn transact<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, Fault> {
        self.take_back_or(|transaction| Ok(write(transaction)?))
    }

    /// One transaction on the writing connection, taken back with any fault.
    fn take_back_or<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut writer = self.writer.lock().map_err(broken)?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).or_broken()?;
        let done = write(&transaction).and_then(|done| transaction.commit().or_broken().map(|()| done));
        if done.is_err() {
            *self.given.lock().map_err(broken)? = None;
        }
        done
    }

    /// The next number of a device, in the transaction of what it is given to.
    pub(crate) fn next_sequence(&self, transaction: &Connection, device: u32) -> Result<u32, StoreError> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        number::next_sequence(transaction, device, &mut given)
    }

    /// Leaves nothing of what was deleted in the store's log.
    pub(crate) fn checkpoint(&self) -> Result<(), Fault> {
        crate::store::checkpoint(&*self.writer.lock().map_err(broken)?).or_broken()
    }

    /// Writes an act: its change and its row.
    pub(crate) fn write(&self, transaction: &Connection, mutation: &Mutation) -> Result<(), StoreError> {
        let time = self.clock.timestamp().as_second();
        let history = change::history(transaction, mutation.kind, mutation.record)?;
        let (made, fields) = match &mutation.change {
            MutationKind::Create(fields) if history.is_empty() => {
                let sealed = self.sealed(transaction, mutation.kind, mutation.record, &Fields::new(), fields)?;
                let kept = fields.iter().filter(|(name, _)| sealed.contains_key(name));
                let kept = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
                (crdt::first_change(&self.actor(), &sealed, time), kept)
            }
            MutationKind::Create(fields) | MutationKind::Edit(fields) | MutationKind::Decide(fields) => {
                let mut known = History::of(&history)?;
                let standing = known.fields();
                let effective = self.effective(transaction, mutation.kind, mutation.record, standing.clone(), fields)?;
                let sealed = self.sealed(transaction, mutation.kind, mutation.record, &standing, &effective)?;
                let made = match &mutation.change {
                    MutationKind::Decide(_) => known.say(&self.actor(), &sealed, time),
                    _ => known.next(&self.actor(), &sealed, time),
                };
                let made = match made {
                    Err(CrdtError::Unchanged) => return Ok(()),
                    made => made?,
                };
                known.add(&crdt::decode(&made.bytes)?)?;
                if known.forked() {
                    conflict::put(transaction, mutation.kind, mutation.record, &conflicts(mutation.kind, &known))?;
                }
                (made, self.opened(transaction, mutation.kind, mutation.record, known.fields())?)
            }
        };
        let seq = change::append(transaction, mutation.kind, mutation.record, &made.bytes, true)?;
        row::write(transaction, mutation.kind, mutation.record, history.is_empty().then_some(seq), &fields)
    }

    /// Search and screens learn all anew, after the rows changed otherwise than by the log's growing.
    pub(crate) fn learn_anew(&self) -> Result<(), Fault> {
        let mut seen = self.seen.lock().map_err(broken)?;
        let mut known = Elders::default();
        let upto = self.read(|store| {
            SEARCHED(store, None)?.into_iter().for_each(|entry| known.index.insert(entry));
            change::last(store)
        })?;
        *self.elders.write().map_err(broken)? = known;
        *seen = upto;
        self.touched();
        Ok(())
    }

    /// Brings search and screens up to what the log holds, whoever wrote it: this process or another
    /// one on the same folder.
    pub(crate) fn catch_up(&self) -> Result<(), Fault> {
        let mut seen = self.seen.lock().map_err(broken)?;
        let news = News::since(&*self.reader()?, *seen).or_broken()?;
        self.show(&mut seen, news)
    }

    fn show(&self, seen: &mut (i64, i64), news: News) -> Result<(), Fault> {
        if news.upto == *seen {
            return Ok(());
        }
        if !news.entries.is_empty() {
            let index = &mut self.elders.write().map_err(broken)?.index;
            for (id, entry) in news.entries {
                match entry {
                    Some(entry) => index.insert(entry),
                    None => index.remove(id),
                }
            }
        }
        if news.upto.1 != seen.1 {
            self.new_author();
        }
        *seen = news.upto;
        self.touched();
        Ok(())
    }

    /// A new record id.
    pub(crate) fn new_id(&self) -> RecordId {
        let millis = u64::try_from(self.clock.timestamp().as_millisecond()).unwrap_or_default();
        let mut random = [0; 10];
        self.crypto.random(&mut random);
        RecordId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

/// What search has to learn: records as they stand, or that nobody looks for them any more.
struct News {
    upto: (i64, i64),
    entries: Vec<(RecordId, Option<SearchEntry>)>,
}

impl News {
    fn since(store: &Connection, seen: (i64, i64)) -> Result<Self, StoreError> {
        let upto = change::last(store)?;
        let mut entries = Vec::new();
        if upto != seen {
            for id in change::searched_since(store, seen)? {
                entries.push((id, SEARCHED(store, Some(id))?.pop()));
            }
        }
        Ok(Self { upto, entries })
    }
}
