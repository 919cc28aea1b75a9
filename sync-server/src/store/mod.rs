//! The store: all SQL of the server, one file a table or view. A `Store` gives transactions, a `Tx`
//! the statements; no type of the engine leaves this folder, so that a second engine can stand
//! behind the same names. Nothing here knows HTTP, rules or Chinese.

mod account;
mod code;
mod device;
mod feed;
mod ledger;
mod log;
mod operator;
mod photo;
mod place;
mod rollup;
mod row;
mod scope;
mod session;
mod setting;

pub use account::{AccountRow, Tries};
pub use code::CodeFor;
pub use device::{DeviceLine, Identity};
pub use feed::{EVERYBODY, places_of};
pub use ledger::LedgerAsk;
pub use place::CanteenPlace;
pub use rollup::{Contribution, contribution};
pub use scope::{Grant, Scope};

use rusqlite::Connection;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

mod migrations {
    refinery::embed_migrations!("../migrations/server/sqlite");
}

/// The engine failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement did not go.
    #[error("the database failed")]
    Sql(#[from] rusqlite::Error),
    /// The tables could not be brought up to date.
    #[error("the migration failed")]
    Migration(#[from] refinery::Error),
    /// The folder or a photo could not be written or read.
    #[error("the disk failed")]
    Disk(#[from] std::io::Error),
    /// Stored bytes are no longer what was stored.
    #[error("stored changes do not read back")]
    Crdt(#[from] shared::crdt::CrdtError),
}

/// One data folder: a single writer and a reader beside it.
pub struct Store {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// A transaction under way; the statements are spread over the files of this folder.
#[derive(Debug)]
pub struct Tx<'a>(&'a Connection);

impl Store {
    /// Opens the database of a data folder and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_private(folder)?;
        let file = folder.join("server.sqlite");
        let mut writer = connect(&file)?;
        migrations::migrations::runner().run(&mut writer)?;
        let reader = connect(&file)?;
        Ok(Self { writer: Mutex::new(writer), reader: Mutex::new(reader) })
    }

    /// Does `act` in one writing transaction; an error takes everything back.
    ///
    /// # Errors
    /// Those of `act`, and the engine's.
    pub fn write<T, E: From<StoreError>>(&self, act: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = held(&self.writer);
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let value = act(&Tx(&transaction))?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Does `look` on one consistent view.
    ///
    /// # Errors
    /// Those of `look`, and the engine's.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = held(&self.reader);
        let transaction = connection.transaction().map_err(StoreError::from)?;
        look(&Tx(&transaction))
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

/// A panic in one request leaves the connection usable: its transaction was rolled back.
fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
