//! SQLite in the data folder: one writer, and readers beside it.

use super::{Dialect, Each, Engine, Got, Put, Row};
use crate::store::StoreError;
use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

mod migrations {
    refinery::embed_migrations!("../migrations/server/sqlite");
}

pub(in crate::store) const DIALECT: Dialect = Dialect {
    tables: "SELECT t.name, coalesce(c.name, ''), coalesce(c.type, '') FROM sqlite_schema t LEFT JOIN pragma_table_info(t.name) c \
         WHERE t.type IN ('table', 'index')",
    id: "BLOB",
    whole: "INTEGER",
    text: "TEXT",
    collation: "",
};

pub(in crate::store) struct Sqlite {
    file: PathBuf,
    writer: Mutex<Connection>,
    readers: Readers,
}

/// Looks at once; one more waits.
const READERS: usize = 6;

/// Connections that look, each a consistent view.
struct Readers {
    all: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Readers {
    fn open(file: &Path) -> Result<Self, StoreError> {
        let all = (0..READERS).map(|_| connect(file).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Self { all, next: AtomicUsize::new(0) })
    }

    /// One that is free; where none is, the one whose turn it is, when it is free again.
    fn one(&self) -> MutexGuard<'_, Connection> {
        let free = self.all.iter().find_map(|reader| match reader.try_lock() {
            Ok(reader) => Some(reader),
            Err(TryLockError::Poisoned(reader)) => Some(reader.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        });
        free.unwrap_or_else(|| held(&self.all[self.next.fetch_add(1, Ordering::Relaxed) % READERS]))
    }
}

impl Sqlite {
    pub(in crate::store) fn open(file: &Path) -> Result<Self, StoreError> {
        Self::open_by(file, migrations::migrations::runner())
    }

    /// As the next version would: with one more migration.
    #[cfg(test)]
    pub(in crate::store) fn open_as_newer(file: &Path, more: &str) -> Result<Self, StoreError> {
        Self::open_by(file, super::with_one_more(&migrations::migrations::runner(), more)?)
    }

    fn open_by(file: &Path, migrations: refinery::Runner) -> Result<Self, StoreError> {
        let mut writer = connect(file)?;
        migrations.set_grouped(true).run(&mut writer)?;
        Ok(Self { file: file.to_owned(), writer: Mutex::new(writer), readers: Readers::open(file)? })
    }

    pub(in crate::store) fn write<T, E: From<StoreError>>(&self, mut act: impl FnMut(&dyn Engine) -> Result<T, E>) -> Result<T, E> {
        let mut connection = held(&self.writer);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let value = act(&*transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Brings the log of the engine into the file and empties it; a reader under way keeps it for a while.
    pub(in crate::store) fn checkpoint(&self) -> Result<(), StoreError> {
        Ok(held(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    pub(in crate::store) fn read<T, E: From<StoreError>>(&self, mut look: impl FnMut(&dyn Engine) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.readers.one();
        let transaction = connection.transaction().map_err(StoreError::from)?;
        look(&*transaction)
    }
}

impl Sqlite {
    /// A long look, on a connection of its own: nobody waits for it.
    pub(in crate::store) fn read_long<T, E: From<StoreError>>(&self, mut look: impl FnMut(&dyn Engine) -> Result<T, E>) -> Result<T, E> {
        let mut connection = connect(&self.file)?;
        let transaction = connection.transaction().map_err(StoreError::from)?;
        look(&*transaction)
    }
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
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

impl Engine for Connection {
    fn execute(&self, sql: &str, values: &[Put<'_>]) -> Result<u64, StoreError> {
        let touched = self.prepare_cached(sql)?.execute(params_from_iter(values))?;
        Ok(u64::try_from(touched).unwrap_or(u64::MAX))
    }

    fn query(&self, sql: &str, values: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if !each(&Row::Sqlite(row))? {
                break;
            }
        }
        Ok(())
    }

    /// It steps from row to row anyhow.
    fn stream(&self, sql: &str, values: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError> {
        self.query(sql, values, each)
    }
}

impl ToSql for Put<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Put::Null => ToSqlOutput::from(Null),
            Put::Int(value) => ToSqlOutput::from(*value),
            Put::Text(text) => ToSqlOutput::from(&**text),
            Put::Blob(bytes) => ToSqlOutput::from(*bytes),
            Put::Id(id) => ToSqlOutput::from(id.bytes()),
        })
    }
}

pub(super) fn got<'r>(row: &'r rusqlite::Row<'_>, at: usize) -> Result<Got<'r>, StoreError> {
    match row.get_ref(at)? {
        ValueRef::Null => Ok(Got::Null),
        ValueRef::Integer(value) => Ok(Got::Int(value)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Got::Text).map_err(|_| StoreError::Column(at)),
        ValueRef::Blob(bytes) => Ok(Got::Blob(bytes)),
        ValueRef::Real(_) => Err(StoreError::Column(at)),
    }
}
