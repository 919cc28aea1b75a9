//! The store: all SQL of the server, one file a table or view. A `Store` gives transactions, a `Tx`
//! the statements, written once for both engines; no type of an engine leaves this folder. Nothing
//! here knows HTTP, rules or Chinese.

mod account;
mod audit;
mod binding;
mod check;
mod code;
mod conflict;
mod device;
mod doubt;
mod engine;
mod erased;
mod export_ask;
mod factor;
mod feed;
mod held;
mod invitation;
mod list;
mod log;
mod operator;
mod photo;
mod push;
mod quarantine;
mod rollup;
mod row;
mod scope;
mod seal;
mod sealed;
mod session;
mod setting;
mod site;
mod snapshot;
mod staff;
mod standing;
mod table;
mod tries;
mod whole;

pub use account::{AccountRow, NextRights};
pub use audit::{AuditAsk, AuditEnd, AuditRow, EndName};
pub use code::CodeFor;
pub use device::{DeviceSummary, Identity};
pub use doubt::{ListedPrice, MealOrder};
pub use engine::{Distrust, PgConnectionError};
pub use export_ask::ExportAsked;
pub use factor::{ChallengeRow, FactorRow, KeyRow};
pub use feed::{EVERYBODY, Range, scope_keys};
pub use held::HeldChange;
pub use list::Reading;
pub use log::{Logged, RecordName};
pub use push::{Brought, Pushed, PushedPart};
pub use quarantine::QuarantinedRow;
pub use rollup::{TOTALS, totals};
pub use scope::{Audience, Scope, kinds_at_canteens};
pub use seal::Forged;
pub(crate) use seal::Seal;
pub use session::SessionRow;
pub use setting::SIGNATURES_CHECKED;
pub use site::CanteenSite;
pub use snapshot::SnapshotPage;
pub use tries::{Tries, TryKey};
pub use whole::Unsealed;

#[cfg(test)]
mod newer;
#[cfg(test)]
mod older;
#[cfg(test)]
pub(crate) use seal::tests::with_keys;
#[cfg(test)]
mod tests;

use engine::postgres::Postgres;
use engine::sqlite::Sqlite;
use engine::{Engine, FromGot, Put, Row};
use seal::Seals;
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

/// The engine failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement did not go on SQLite.
    #[error("the database failed")]
    Sql(#[from] rusqlite::Error),
    /// A statement did not go on PostgreSQL, or its server could not be reached at the start.
    #[error("the database failed")]
    Postgres(#[from] ::postgres::Error),
    /// The database is away; what was asked may be asked again.
    #[error("the database can't be reached")]
    Away,
    /// Too many wait already.
    #[error("the database is busy")]
    Busy,
    /// The address of the database can't be read.
    #[error("no address of a PostgreSQL database")]
    Address,
    /// The connection to the database is not to be had as its address asks.
    #[error("the connection to the database")]
    Connection(#[from] PgConnectionError),
    /// The database keeps another encoding than UTF-8.
    #[error("the database keeps {0}")]
    Encoding(String),
    /// A column holds something else than it is there for.
    #[error("column {0} holds something else")]
    Column(usize),
    /// A statement failed and nobody minded.
    #[error("a failed statement was overlooked")]
    Overlooked,
    /// Another version of the program wrote here kinds of record that this one does not know.
    #[error("the database was written by a newer version of the program")]
    Newer,
    /// The tables could not be brought up to date.
    #[error("the migration failed")]
    Migration(#[from] refinery::Error),
    /// The folder or a photo could not be written or read.
    #[error("the disk failed")]
    Disk(#[from] std::io::Error),
    /// A key could not be sealed.
    #[error("a key could not be sealed")]
    Crypto(#[from] shared::crypto::CryptoError),
    /// The keys of the seals are not known yet.
    #[error("the rows can't be sealed yet")]
    NoSeal,
    /// Something was changed by another hand.
    #[error("table {0} was changed by another hand")]
    Forged(&'static str),
    /// Stored bytes are no longer what was stored.
    #[error("stored changes do not read back")]
    Crdt(#[from] shared::crdt::CrdtError),
}

impl StoreError {
    /// Whether there is no room left for the database.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Sql(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Postgres(error) => error.code() == Some(&::postgres::error::SqlState::DISK_FULL),
            _ => false,
        }
    }

    /// Whether the same may go well a little later.
    #[must_use]
    pub fn passes(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        match self {
            Self::Away | Self::Busy => true,
            Self::Sql(error) => matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked)),
            _ => false,
        }
    }
}

/// A PostgreSQL database: `postgres://user:password@host/name`, and the file of the authority that signs its certificate, where
/// the address does not name it.
#[derive(Clone, Copy)]
pub struct Database<'a> {
    /// Its address, mostly with a password.
    pub address: &'a str,
    /// Certificates of authorities, PEM.
    pub authority: Option<&'a Path>,
}

impl<'a> From<&'a str> for Database<'a> {
    fn from(address: &'a str) -> Self {
        Self { address, authority: None }
    }
}

impl std::fmt::Debug for Database<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database")
    }
}

/// The database of a server, and the statements that go on it.
pub struct Store {
    base: Base,
    pages: Turns,
    seals: Seals,
}

/// Pages that are read at once.
const PAGES: usize = 2;

/// Turns that are taken and given back; who finds none waits for one.
struct Turns {
    left: Mutex<usize>,
    back: Condvar,
}

/// A turn, until it is dropped.
struct Turn<'a>(&'a Turns);

impl Turns {
    fn of(many: usize) -> Self {
        Self { left: Mutex::new(many), back: Condvar::new() }
    }

    fn take(&self) -> Turn<'_> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = self.back.wait_while(left, |left| *left == 0).unwrap_or_else(PoisonError::into_inner);
        *left -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.left.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.back.notify_one();
    }
}

enum Base {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// So many rows go in by one statement, where there are as many: each is a way to PostgreSQL and back.
const ROWS_AT_ONCE: [usize; 3] = [128, 8, 1];

/// A transaction under way; the statements are spread over the files of this folder.
pub struct Tx<'a>(&'a dyn Engine, &'a Seals);

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Store {
    fn on(base: Base) -> Self {
        Self { base, pages: Turns::of(PAGES), seals: Seals::default() }
    }

    /// Opens the database of a data folder and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_private(folder)?;
        Self::on(Base::Sqlite(Sqlite::open(&folder.join("server.sqlite"))?)).with_tables()
    }

    /// Opens a PostgreSQL database and brings its tables up to date; the folder keeps the photos.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open_at(database: &Database<'_>, folder: &Path) -> Result<Self, StoreError> {
        make_private(folder)?;
        Self::on(Base::Postgres(Postgres::open(database)?)).with_tables()
    }

    /// Gives the keys of the seals, once the master key is open.
    pub(crate) fn seal_with(&self, seal: Seal) {
        self.seals.give(seal);
    }

    /// What was found so far is told again where it is still so.
    pub(crate) fn forget_forged(&self) {
        self.seals.forget();
    }

    /// What was found to be forged since it was asked last.
    pub(crate) fn forged(&self) -> Vec<Forged> {
        self.seals.untold()
    }

    /// Whether other processes may serve from the same database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.base, Base::Postgres(_))
    }

    /// Does `act` in one writing transaction, one at a time; an error takes everything back. Where
    /// others or the connection were at fault the same work is done again from the beginning.
    ///
    /// # Errors
    /// Those of `act`, and the engine's.
    pub fn write<T, E: From<StoreError>>(&self, mut act: impl FnMut(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &self.base {
            Base::Sqlite(base) => base.write(|engine| act(&Tx(engine, &self.seals))),
            Base::Postgres(base) => base.write(|engine| act(&Tx(engine, &self.seals))),
        }
    }

    /// Does `look` on one consistent view; where the connection was at fault, again on another.
    ///
    /// # Errors
    /// Those of `look`, and the engine's.
    pub fn read<T, E: From<StoreError>>(&self, mut look: impl FnMut(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &self.base {
            Base::Sqlite(base) => base.read(|engine| look(&Tx(engine, &self.seals))),
            Base::Postgres(base) => base.read(|engine| look(&Tx(engine, &self.seals))),
        }
    }
}

impl Store {
    /// As [`Store::read`], for pages that people look at: as few at once as leave readers for the questions of desks.
    ///
    /// # Errors
    /// Those of `look`, and the engine's.
    pub fn read_page<T, E: From<StoreError>>(&self, look: impl FnMut(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let _turn = self.pages.take();
        self.read(look)
    }

    /// As [`Store::read`], for looks that take long: those of every moment do not wait for it.
    ///
    /// # Errors
    /// Those of `look`, and the engine's.
    pub fn read_long<T, E: From<StoreError>>(&self, mut look: impl FnMut(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        match &self.base {
            Base::Sqlite(base) => base.read_long(|engine| look(&Tx(engine, &self.seals))),
            // It has several readers.
            Base::Postgres(base) => base.read(|engine| look(&Tx(engine, &self.seals))),
        }
    }

    /// Leaves nothing of what was deleted in free pages or in the log of the engine, as far as it lets itself be told.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        match &self.base {
            Base::Sqlite(base) => base.checkpoint(),
            // Dead rows go with the next vacuum; logs and standbys are the operator's.
            Base::Postgres(_) => Ok(()),
        }
    }
}

impl Tx<'_> {
    /// Runs a statement; gives the number of rows touched.
    fn execute(&self, sql: &str, values: &[Put<'_>]) -> Result<u64, StoreError> {
        self.0.execute(sql, values)
    }

    /// Inserts rows of `width` values each, many by one statement.
    fn insert(&self, head: &str, width: usize, tail: &str, values: &[Put<'_>]) -> Result<(), StoreError> {
        let mut rest = values;
        for many in ROWS_AT_ONCE {
            let row = |at: usize| (1..=width).map(|column| format!("${}", at * width + column)).collect::<Vec<_>>().join(", ");
            let rows: Vec<String> = (0..many).map(|at| format!("({})", row(at))).collect();
            let sql = format!("{head} {}{tail}", rows.join(", "));
            while rest.len() >= many * width && !rest.is_empty() {
                let (some, more) = rest.split_at(many * width);
                self.0.execute(&sql, some)?;
                rest = more;
            }
        }
        Ok(())
    }

    /// Makes something of each row.
    fn all<T>(&self, sql: &str, values: &[Put<'_>], mut make: impl FnMut(&Row<'_>) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
        let mut made = Vec::new();
        self.0.query(sql, values, &mut |row| {
            made.push(make(row)?);
            Ok(true)
        })?;
        Ok(made)
    }

    /// Makes something of the first row, where there is one.
    fn one<T>(&self, sql: &str, values: &[Put<'_>], make: impl FnOnce(&Row<'_>) -> Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        let (mut make, mut made) = (Some(make), None);
        self.0.query(sql, values, &mut |row| {
            made = make.take().map(|make| make(row)).transpose()?;
            Ok(false)
        })?;
        Ok(made)
    }

    /// The first value of the first row, where there is one.
    fn value<T: FromGot>(&self, sql: &str, values: &[Put<'_>]) -> Result<Option<T>, StoreError> {
        self.one(sql, values, |row| row.get(0))
    }

    /// Whether there is a row.
    fn exists(&self, sql: &str, values: &[Put<'_>]) -> Result<bool, StoreError> {
        Ok(self.one(sql, values, |_| Ok(()))?.is_some())
    }
}

/// Makes the folder where there is none, for nobody else's eyes.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
