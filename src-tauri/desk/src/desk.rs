//! The desk as a handle: its folder, its two connections, the search index and the connection to the server. It
//! holds the parts together; the acts themselves stand in their own modules.

use crate::clock::Clock;
use crate::facts::Facts;
use crate::fault::{OrBroken, broken, is_full};
use crate::inbox::Inbox;
use crate::progress::Progress;
use crate::routine::KeptUp;
use crate::search::ElderIndex;
use crate::seat::Seat;
use crate::store::{self, StoreError, number::Given};
use crate::sync::{LastSync, ServerConnection};
use crate::vault::{self, FileKey, Keyring, SystemKeyring};
use rusqlite::Connection;
use shared::crdt::{ActorId, author};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::words::Language;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// One office on one data folder. Cheap to clone; all clones are the same desk.
#[derive(Clone)]
pub struct Desk(pub(crate) Arc<Inner>);

/// The parts of a desk.
pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    /// Opens the desk's file.
    pub(crate) file_key: FileKey,
    pub(crate) inbox: Inbox,
    pub(crate) clock: Clock,
    pub(crate) crypto: Arc<dyn CryptoProvider>,
    /// Fresh at every start, never stored: two copies of one folder are two authors.
    /// And fresh whenever elders have left: who enrols one anew says the first word of the file a second time.
    author: Mutex<[u8; 8]>,
    /// Who sits at this desk.
    pub(crate) seat: Seat,
    pub(crate) writer: Mutex<Connection>,
    /// The order numbers that were given, as far as this program counted.
    pub(crate) given: Mutex<Option<Given>>,
    reader: Mutex<Connection>,
    pub(crate) facts: RwLock<Facts>,
    pub(crate) elders: RwLock<Elders>,
    /// The positions in the log and among those who left up to which search and screens have caught up.
    pub(crate) seen: Mutex<(i64, i64)>,
    pub(crate) progress: Progress,
    pub(crate) connection: ServerConnection,
    pub(crate) last_sync: Mutex<LastSync>,
    revision: AtomicU64,
    pub(crate) kept_up: Mutex<KeptUp>,
}

/// What search finds, in memory.
#[derive(Default)]
pub(crate) struct Elders {
    pub(crate) index: ElderIndex,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("dir", &self.0.dir).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens the desk in `dir` with the machine's clock. A new file's key goes into the system's keyring; in debug
    /// builds, whose folders come and go, it is sealed in the folder.
    ///
    /// # Errors
    /// When the folder can't be made, its key can't be had, or the store does not open.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let keyring: Option<&dyn Keyring> = if cfg!(debug_assertions) { None } else { Some(&SystemKeyring) };
        Self::open_by(dir, Clock::system(), Arc::new(SoftProvider::new()), keyring)
    }

    /// Opens the desk with another clock and another suite: that of a certified module, or a seeded one in a simulation.
    /// A new file's key is sealed in the folder.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn open_with(dir: &Path, clock: Clock, crypto: Arc<dyn CryptoProvider>) -> Result<Self, Fault> {
        Self::open_by(dir, clock, crypto, None)
    }

    fn open_by(dir: &Path, clock: Clock, crypto: Arc<dyn CryptoProvider>, keyring: Option<&dyn Keyring>) -> Result<Self, Fault> {
        let inbox = Inbox::open(dir).map_err(|error| unopened(&error))?;
        let file_key = vault::key(dir, store::is_there(dir), crypto.as_ref(), keyring).map_err(|error| locked(&error))?;
        let writer = store::open_writer(dir, &file_key).map_err(|error| unopened_store(&error))?;
        let reader = store::open_reader(dir, &file_key).map_err(|error| unopened_store(&error))?;
        let facts = Facts::load(&reader).or_broken()?;
        let inner = Inner {
            dir: dir.to_owned(),
            file_key,
            inbox,
            clock,
            crypto,
            author: Mutex::default(),
            seat: Seat::default(),
            writer: Mutex::new(writer),
            given: Mutex::new(None),
            reader: Mutex::new(reader),
            facts: RwLock::new(facts),
            elders: RwLock::default(),
            seen: Mutex::default(),
            progress: Progress::default(),
            connection: ServerConnection::default(),
            last_sync: Mutex::default(),
            revision: AtomicU64::new(1),
            kept_up: Mutex::default(),
        };
        inner.new_author();
        inner.follow_declarations()?;
        inner.learn_anew()?;
        inner.sweep_exports();
        Ok(Self(Arc::new(inner)))
    }
}

pub(crate) fn unopened(error: &(dyn std::error::Error + 'static)) -> Fault {
    tracing::error!(%error, "the desk does not open");
    if is_full(error) {
        return Fault::disk_full();
    }
    fault!(Code::Broken, database::FOLDER_DOES_NOT_OPEN)
}

pub(crate) fn unopened_store(error: &StoreError) -> Fault {
    match error {
        StoreError::WrongKey => locked(&vault::VaultError::Foreign),
        StoreError::Newer => fault!(Code::NotNow, database::FOLDER_OF_A_NEWER_PROGRAM),
        error => unopened(error),
    }
}

/// The file stays closed and as it is: nothing is made anew over records that a key may still open.
pub(crate) fn locked(error: &vault::VaultError) -> Fault {
    use vault::VaultError::{Crypto, Disk, Foreign, Gone, Keyring, Missing};
    tracing::error!(%error, "the desk's file stays closed");
    match error {
        Disk(_) | Crypto(_) => unopened(error),
        Keyring => fault!(Code::Broken, key_file::KEYRING_CLOSED),
        Gone => fault!(Code::Broken, key_file::LEFT_THE_KEYRING),
        Foreign => fault!(Code::Broken, key_file::OPENS_NOTHING),
        Missing => fault!(Code::Broken, key_file::MISSING_BESIDE),
    }
}

impl Inner {
    /// The connection for reading.
    pub(crate) fn reader(&self) -> Result<MutexGuard<'_, Connection>, Fault> {
        self.reader.lock().map_err(broken)
    }

    /// Reads with a closure; store errors become faults.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, Fault> {
        read(&*self.reader()?).or_broken()
    }

    /// A copy of what the desk knows of itself.
    pub(crate) fn facts(&self) -> Facts {
        self.facts.read().map(|facts| facts.clone()).unwrap_or_default()
    }

    /// In which language the desk speaks with its people.
    pub(crate) fn language(&self) -> Language {
        self.facts.read().map(|facts| facts.settings.language).unwrap_or_default()
    }

    /// Changes what the desk knows of itself, durably.
    pub(crate) fn change_facts(&self, change: impl FnOnce(&mut Facts)) -> Result<(), Fault> {
        let mut facts = self.facts();
        change(&mut facts);
        let mut writer = self.writer.lock().map_err(broken)?;
        let transaction = writer.transaction().or_broken()?;
        facts.save(&transaction).or_broken()?;
        transaction.commit().or_broken()?;
        *self.facts.write().map_err(broken)? = facts;
        self.touched();
        Ok(())
    }

    /// Counts a change of the records, so that screens fetch again.
    pub(crate) fn touched(&self) {
        self.revision.fetch_add(1, Ordering::Relaxed);
    }

    /// The count.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }
}

impl Inner {
    /// The author of what this program writes, for people to see who it was: the device's number, who sits there, and random bytes.
    pub(crate) fn actor(&self) -> ActorId {
        let random = *self.author.lock().unwrap_or_else(PoisonError::into_inner);
        author(self.device_number().unwrap_or(0), self.seat.person(), random)
    }

    /// The number of this device, once it is enrolled.
    pub(crate) fn device_number(&self) -> Option<u32> {
        self.facts.read().ok()?.enrolled.as_ref().map(|enrolled| enrolled.device_number)
    }

    /// From now on somebody else writes.
    pub(crate) fn new_author(&self) {
        let mut author = [0; 8];
        self.crypto.random(&mut author);
        *self.author.lock().unwrap_or_else(PoisonError::into_inner) = author;
    }
}
