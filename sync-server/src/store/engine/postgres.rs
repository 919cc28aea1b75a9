//! A PostgreSQL database that several server processes share: transactions, tried again where the
//! fault is not theirs.
//!
//! Writing transactions take one lock of the database before they look at anything, so that one
//! writes at a time in all processes together, as on SQLite. Numbers, totals and admission are judged
//! on what is, no two can deadlock, and the places of the log become visible in their order:
//! PostgreSQL lets go of such a lock only after the commit can be seen, so who sees a place sees every
//! place before it, and no feed skips a change that was committed late.

use super::connection::PgConnection;
use super::session::{MANNERS, Session, Trouble};
use super::{Dialect, Engine};
use crate::store::{Database, StoreError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

mod migrations {
    refinery::embed_migrations!("../migrations/server/postgres");
}

/// The keys of the database's locks: any numbers, as long as they stay.
const ONE_WRITES: i64 = 4_453_001;
const ONE_MIGRATES: i64 = 4_453_002;

const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// Readers beside the one writer.
const READERS: usize = 8;
/// How long a reader waits for a free session.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pauses before other tries: in all under two seconds, then the asker is told to come again.
const PAUSES: [u64; 4] = [20, 100, 400, 1000];
/// Once the database is known to be away, nobody else waits for it that long.
const STAYS_AWAY: Duration = Duration::from_secs(1);

pub(in crate::store) const DIALECT: Dialect = Dialect {
    tables: "SELECT CAST(t.relname AS TEXT), CAST(c.attname AS TEXT), format_type(c.atttypid, NULL) FROM pg_class t \
         JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped \
         WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND t.relkind IN ('r', 'i')",
    id: "bytea",
    whole: "bigint",
    text: "text",
    collation: " COLLATE \"C\"",
};

pub(in crate::store) struct Postgres {
    connection: PgConnection,
    writer: Mutex<Option<Session>>,
    readers: Mutex<Readers>,
    freed: Condvar,
    away_until: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Readers {
    idle: Vec<Session>,
    out: usize,
}

/// How a transaction ended.
enum Ended<T, E> {
    Done(T),
    Failed(E),
    /// Not done, through no fault of the work.
    Again,
    /// The connection broke while it was committed.
    Unknown(T),
}

impl Postgres {
    pub(in crate::store) fn open(database: &Database<'_>) -> Result<Self, StoreError> {
        Self::open_by(database, &migrations::migrations::runner().set_grouped(true))
    }

    /// As the next version would: with one more migration.
    #[cfg(test)]
    pub(in crate::store) fn open_as_newer(address: &str, more: &str) -> Result<Self, StoreError> {
        Self::open_by(&address.into(), &super::with_one_more(&migrations::migrations::runner(), more)?.set_grouped(true))
    }

    fn open_by(database: &Database<'_>, migrations: &refinery::Runner) -> Result<Self, StoreError> {
        let connection = PgConnection::to(database)?;
        let writer = off_the_carriers(|| up_to_date(Session::open(&connection)?, migrations))?;
        let writer = Mutex::new(Some(writer));
        Ok(Self { connection, writer, readers: Mutex::default(), freed: Condvar::new(), away_until: Mutex::new(None) })
    }

    pub(in crate::store) fn write<T, E: From<StoreError>>(&self, mut act: impl FnMut(&dyn Engine) -> Result<T, E>) -> Result<T, E> {
        off_the_carriers(|| {
            let mut held = locked(&self.writer);
            let write =
                format!("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({ONE_WRITES}); SELECT pg_current_xact_id()");
            self.persist(|| {
                let session = match held.take().filter(Session::is_open) {
                    Some(session) => session,
                    None => self.connect()?,
                };
                let (ended, transaction) = transact(&session, &write, &mut act);
                *held = Some(session);
                match ended {
                    Ended::Unknown(value) => self.settle(&mut held, value, &transaction),
                    ended => Ok(ended),
                }
            })
        })
    }

    pub(in crate::store) fn read<T, E: From<StoreError>>(&self, mut look: impl FnMut(&dyn Engine) -> Result<T, E>) -> Result<T, E> {
        off_the_carriers(|| {
            self.persist(|| {
                let reader = self.reader()?;
                let ended = transact(reader.session()?, READ, &mut look).0;
                if matches!(ended, Ended::Again) {
                    // The others that wait were open before, so they have most likely ended with it.
                    locked(&self.readers).idle.clear();
                }
                Ok(ended)
            })
        })
    }

    /// Does `once` until it is done or fails by itself, at most a few times.
    fn persist<T, E: From<StoreError>>(&self, mut once: impl FnMut() -> Result<Ended<T, E>, StoreError>) -> Result<T, E> {
        if locked(&self.away_until).is_some_and(|until| Instant::now() < until) {
            return Err(StoreError::Away.into());
        }
        for pause in PAUSES.map(Some).into_iter().chain([None]) {
            match once() {
                Ok(Ended::Done(value)) => {
                    *locked(&self.away_until) = None;
                    return Ok(value);
                }
                Ok(Ended::Failed(error)) => return Err(error),
                Err(StoreError::Busy) => return Err(StoreError::Busy.into()),
                Err(error) => tracing::warn!(error = ?error, "the database can't be reached"),
                Ok(Ended::Again | Ended::Unknown(_)) => tracing::warn!("a transaction is tried again"),
            }
            if let Some(pause) = pause {
                std::thread::sleep(Duration::from_millis(pause));
            }
        }
        *locked(&self.away_until) = Some(Instant::now() + STAYS_AWAY);
        Err(StoreError::Away.into())
    }

    /// The connection broke while a transaction was committed: asks the database how it ended.
    fn settle<T, E: From<StoreError>>(&self, held: &mut Option<Session>, value: T, transaction: &str) -> Result<Ended<T, E>, StoreError> {
        for pause in PAUSES {
            std::thread::sleep(Duration::from_millis(pause));
            let Ok(session) = self.connect() else { continue };
            let status = session.run(&format!("SELECT pg_xact_status('{transaction}'::xid8)"));
            *held = Some(session);
            match status?.as_deref() {
                Some("committed") => return Ok(Ended::Done(value)),
                Some("aborted") => return Ok(Ended::Again),
                _ => {}
            }
        }
        Ok(Ended::Failed(StoreError::Away.into()))
    }

    fn connect(&self) -> Result<Session, StoreError> {
        Session::open(&self.connection)
    }

    fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let mut readers = locked(&self.readers);
        let until = Instant::now() + PATIENCE;
        loop {
            let idle = readers.idle.pop();
            if idle.is_some() || readers.out < READERS {
                readers.out += 1;
                drop(readers);
                let mut reader = Reader { of: self, session: None };
                reader.session = Some(match idle.filter(Session::is_open) {
                    Some(session) => session,
                    None => self.connect()?,
                });
                return Ok(reader);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StoreError::Busy);
            }
            readers = self.freed.wait_timeout(readers, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A session for reading, given back at the end.
struct Reader<'a> {
    of: &'a Postgres,
    session: Option<Session>,
}

impl Reader<'_> {
    fn session(&self) -> Result<&Session, StoreError> {
        self.session.as_ref().ok_or(StoreError::Away)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = locked(&self.of.readers);
        readers.out -= 1;
        // A panic left its transaction open.
        if !std::thread::panicking() {
            readers.idle.extend(self.session.take().filter(Session::is_open));
        }
        self.of.freed.notify_one();
    }
}

/// One try of a transaction, and its number in the database.
fn transact<T, E: From<StoreError>>(
    session: &Session,
    begin: &str,
    act: &mut impl FnMut(&dyn Engine) -> Result<T, E>,
) -> (Ended<T, E>, String) {
    session.trouble();
    let (done, number) = match session.run(begin) {
        Ok(number) => (act(session), number.unwrap_or_default()),
        Err(error) => (Err(error.into()), String::new()),
    };
    let ended = match (done, session.trouble()) {
        (Ok(value), None) => match (session.run("COMMIT"), session.trouble()) {
            (Ok(_), _) => Ended::Done(value),
            (Err(_), Some(Trouble::Lost)) => Ended::Unknown(value),
            (Err(_), Some(Trouble::InTheWay)) => Ended::Again,
            (Err(error), _) => Ended::Failed(error.into()),
        },
        (done, trouble) => {
            let rolled_back = session.run("ROLLBACK");
            session.trouble();
            match (done, trouble) {
                (_, Some(Trouble::Lost | Trouble::InTheWay)) => Ended::Again,
                (Ok(_), _) => Ended::Failed(StoreError::Overlooked.into()),
                (Err(error), _) => {
                    if let Err(error) = rolled_back {
                        tracing::warn!(error = ?error, "a transaction ends with its session");
                    }
                    Ended::Failed(error)
                }
            }
        }
    };
    (ended, number)
}

/// Brings the tables up to date; another process that starts at the same time waits.
fn up_to_date(session: Session, migrations: &refinery::Runner) -> Result<Session, StoreError> {
    session.client(|client| {
        let encoding: String = client.query_one("SHOW server_encoding", &[])?.try_get(0)?;
        if encoding != "UTF8" {
            return Err(StoreError::Encoding(encoding));
        }
        client.batch_execute(&format!("SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({ONE_MIGRATES})"))?;
        migrations.run(client)?;
        Ok(client.batch_execute(&format!("SELECT pg_advisory_unlock({ONE_MIGRATES}); {MANNERS}"))?)
    })?;
    Ok(session)
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The client blocks, which a thread of the carriers may do only when its other work is taken over.
fn off_the_carriers<T>(act: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current() {
        Ok(carriers) if carriers.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(act),
        _ => act(),
    }
}
