//! What a feature is given: what this desk knows, at one moment. A look changes no record; what is to be written, a feature says
//! in its plan. No noun of the office stands here: a feature names the record or the query.

use crate::desk::Inner;
use crate::export::NewFile;
use crate::fault::{OrBroken, broken, of_store};
use crate::sealing::erased;
use crate::store::{self, StoreError, change, key, row};
use crate::title::Named;
use jiff::civil::DateTime;
use rusqlite::Connection;
use shared::command::TimelineEntry;
use shared::crdt::PersonMark;
use shared::division;
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::rule::disclosure::number;
use shared::schema::{Field, Fields, KindId, Names, Record, RecordId, Sentence, Value, in_words};
use shared::timeline::{LoggedChange, timeline};
use shared::wire::Enrolled;
use shared::words::language;
use std::path::{Path, PathBuf};

/// A look at a desk.
pub(crate) struct Look<'a> {
    pub(crate) now: DateTime,
    pub(crate) facts: crate::facts::Facts,
    desk: &'a Inner,
    /// The connection through which it looks: a transaction, or one of its own; else the one for reading, for a moment each time.
    through: Option<&'a Connection>,
}

/// How the desk stands with the server.
pub(crate) struct SyncState {
    pub(crate) online: bool,
    /// Why the server is not spoken to, where somebody has to do something about it.
    pub(crate) trouble: Option<Fault>,
    pub(crate) syncing: bool,
    /// The server knows another copy of this desk at work.
    pub(crate) copied: bool,
    pub(crate) last_sync: Option<DateTime>,
    pub(crate) agrees: Option<bool>,
}

impl Inner {
    /// A look at what stands now.
    pub(crate) fn look(&self) -> Look<'_> {
        Look { now: self.clock.now(), facts: self.facts(), desk: self, through: None }
    }
}

impl<'a> Look<'a> {
    /// A look through a connection: from a transaction at what it wrote, too.
    pub(crate) fn through(desk: &'a Inner, connection: &'a Connection) -> Self {
        Self { through: Some(connection), ..desk.look() }
    }

    /// A long look, through a connection of its own: nobody waits for it.
    pub(crate) fn apart<T>(&self, read: impl FnOnce(&Look<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let connection = store::open_reader(&self.desk.dir, &self.desk.file_key).or_broken()?;
        read(&Look::through(self.desk, &connection))
    }

    /// Who this desk is; a fault where it is nobody yet.
    pub(crate) fn enrolled(&self) -> Result<&Enrolled, Fault> {
        self.facts.enrolled.as_ref().ok_or_else(Fault::not_enrolled)
    }

    /// The code of this desk's canteen; none at an office of a division, or before it is enrolled.
    pub(crate) fn canteen(&self) -> Option<&str> {
        self.facts.enrolled.as_ref()?.canteen.as_deref()
    }

    /// The key by which desks of the county make the same of the same; a desk that never synced has none.
    pub(crate) fn county_key(&self) -> Result<Vec<u8>, Fault> {
        let keys = self.facts.person_keys.as_ref().ok_or_else(Fault::not_synced)?;
        Ok(keys.of(&self.enrolled()?.division).to_vec())
    }

    /// Asks the store.
    pub(crate) fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, Fault> {
        match self.through {
            Some(connection) => query(connection).map_err(of_store),
            None => self.desk.read(query),
        }
    }

    /// Asks the store for something that should be there, and else is told to be `absent`.
    pub(crate) fn find<T>(
        &self,
        absent: fn() -> Fault,
        query: impl FnOnce(&Connection) -> Result<Option<T>, StoreError>,
    ) -> Result<T, Fault> {
        self.read(query)?.ok_or_else(absent)
    }

    /// A record as it stands; none where there is none, or it is too broken to show.
    pub(crate) fn record<R: Record>(&self, id: RecordId) -> Result<Option<R>, Fault> {
        let fields = self.read(|store| row::read(store, R::KIND, id))?;
        Ok(fields.and_then(|fields| R::from_fields(&fields).ok()))
    }

    /// Records that fit what somebody typed, the best first.
    pub(crate) fn typed(&self, text: &str, limit: usize) -> Result<Vec<RecordId>, Fault> {
        Ok(self.desk.elders.read().map_err(broken)?.index.find(text, limit))
    }

    /// What a record is called in front of people.
    pub(crate) fn title(&self, kind: impl Into<KindId>, record: RecordId) -> String {
        self.desk.title(Some(kind.into()), record)
    }

    /// What happened to all that lies under an id, in words.
    pub(crate) fn history(&self, record: RecordId) -> Result<Vec<TimelineEntry>, Fault> {
        self.read(|store| {
            let changes = change::under_id(store, record)?;
            let logged: Vec<LoggedChange<'_>> =
                changes.iter().map(|(kind, bytes, unsent)| LoggedChange { kind: *kind, bytes, unsent: *unsent }).collect();
            Ok(timeline(&logged, language(), &Named(store))?)
        })
    }

    /// What stands in the place of what is sealed under somebody's keys and can't be read here; none where there is nothing of it.
    pub(crate) fn instead(&self, owner: RecordId) -> Result<Option<&'static str>, Fault> {
        self.read(|store| self.desk.instead(store, owner))
    }

    /// A value of a record as people read it; an error says what stands instead of one that is sealed and can't be opened here.
    pub(crate) fn in_words(
        &self,
        (kind, record): (RecordKind, RecordId),
        standing: &Fields,
        field: &Field,
        value: &Value,
    ) -> Result<Result<String, String>, Fault> {
        self.read(|store| {
            let opened = match value {
                Value::Bytes(_) => self.desk.opened_value(store, (kind, record), standing, field.name, value)?,
                value => Ok(value.clone()),
            };
            Ok(opened.map(|value| in_words(field, &value, language(), &Named(store))).map_err(str::to_owned))
        })
    }

    /// Refuses to write down again what was erased.
    pub(crate) fn not_erased(&self, owner: RecordId) -> Result<(), Fault> {
        if self.read(|store| key::is_erased(store, owner))? { Err(erased()) } else { Ok(()) }
    }

    /// How the desk stands with the server.
    pub(crate) fn sync_state(&self) -> Result<SyncState, Fault> {
        let ((last_sync, agrees), line) = (self.desk.last_sync()?, &self.desk.connection);
        let (online, trouble, syncing) = (line.online(), line.trouble(), line.syncing());
        Ok(SyncState { online, trouble, syncing, copied: self.desk.is_copy()?, last_sync, agrees })
    }

    /// How often what screens show was changed.
    pub(crate) fn revision(&self) -> u64 {
        self.desk.revision()
    }

    /// Tells how far a long act is.
    pub(crate) fn tell(&self, label: Sentence, done: u64, total: u64) {
        self.desk.progress.set(label, done, total);
    }

    /// The path of what a screen handed over.
    pub(crate) fn handed_over(&self, handle: &str) -> Result<PathBuf, Fault> {
        self.desk.handed_over(handle)
    }

    /// Where files for the office go.
    pub(crate) fn export_folder(&self) -> Result<PathBuf, Fault> {
        self.desk.export_folder()
    }

    /// A new file that is to lie there, for this user alone.
    pub(crate) fn new_file(&self, place: &Path) -> Result<NewFile, Fault> {
        NewFile::begin(place, self.desk.clock.timestamp())
    }

    /// A file that somebody says where to put: never over one that is there.
    pub(crate) fn another_file(&self, place: &Path) -> Result<NewFile, Fault> {
        NewFile::beside_others(place, self.desk.clock.timestamp())
    }

    /// Whether a photo of that name lies here.
    pub(crate) fn has_photo(&self, hash: &str) -> bool {
        self.desk.photo_path(hash, false).is_some_and(|path| path.is_file())
    }

    /// Who sits at the desk.
    pub(crate) fn seated(&self) -> Option<RecordId> {
        self.desk.seated()
    }

    /// What who sits there is called; whoever is written in the settings where nobody has signed in.
    pub(crate) fn clerk(&self) -> Option<String> {
        let person = self.seated().map(PersonMark::of);
        let called = person.and_then(|mark| self.read(|store| Ok(Named(store).person(mark.bytes(), self.seconds()))).ok()?);
        called.or_else(|| Some(self.facts.settings.clerk.clone())).filter(|name| !name.is_empty())
    }

    /// The clock of the desk in seconds since 1970.
    pub(crate) fn seconds(&self) -> i64 {
        self.desk.clock.timestamp().as_second()
    }

    /// The number of this device, once it is enrolled.
    pub(crate) fn device_number(&self) -> Option<u32> {
        self.facts.enrolled.as_ref().map(|enrolled| enrolled.device_number)
    }

    /// The MAC of some bytes under a key that only this desk's file has.
    pub(crate) fn mac(&self, bytes: &[u8]) -> [u8; 32] {
        let key = self.desk.crypto.mac(&self.desk.file_key[..], b"yinling desk chain key 1");
        self.desk.crypto.mac(&key, bytes)
    }

    /// What this desk's office is called.
    pub(crate) fn office(&self) -> String {
        let Some(enrolled) = &self.facts.enrolled else { return String::new() };
        let named = |code: &String| self.read(|store| Ok(Named(store).canteen(code))).ok().flatten().unwrap_or_else(|| code.clone());
        enrolled.canteen.as_ref().map_or_else(|| division::short_name(&enrolled.division).to_owned(), named)
    }

    /// A number for a file that leaves.
    pub(crate) fn next_number(&self) -> String {
        let mut bits = [0; 8];
        self.desk.crypto.random(&mut bits);
        number(u64::from_le_bytes(bits))
    }

    /// The id of a record that is to be.
    pub(crate) fn new_id(&self) -> RecordId {
        self.desk.new_id()
    }
}
