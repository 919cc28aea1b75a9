//! PostgreSQL: one session, its prepared statements, and what a failure of it means.

use super::connection::PgConnection;
use super::{Each, Engine, Got, Put, Row};
use crate::store::StoreError;
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, SimpleQueryMessage, Statement};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error;

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The statement is at fault.
    Own,
    /// Others were in the way: the same work may go at another time.
    InTheWay,
    /// The session is lost, or its server is going down or may not be written.
    Lost,
}

/// A connection, used by one transaction at a time.
pub(super) struct Session {
    client: RefCell<Option<Client>>,
    known: RefCell<HashMap<String, Statement>>,
    trouble: Cell<Option<Trouble>>,
}

/// More statements than the store has; those of long pages of choices go round.
const MOST_KNOWN: usize = 256;

/// So many rows of a stream are in memory at a time.
const PIECE: usize = 500;

/// A hung process must not keep the others out, a hung server not keep its askers.
pub(super) const MANNERS: &str = "SET idle_in_transaction_session_timeout = '20s'; SET lock_timeout = '5s'; SET statement_timeout = '120s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')";

impl Session {
    pub(super) fn open(connection: &PgConnection) -> Result<Self, StoreError> {
        let mut client = connection.open()?;
        client.batch_execute(MANNERS)?;
        Ok(Self { client: RefCell::new(Some(client)), known: RefCell::default(), trouble: Cell::new(None) })
    }

    /// What happened since it was asked last.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble.take()
    }

    /// Whether another transaction can begin here.
    pub(super) fn is_open(&self) -> bool {
        self.client.borrow().as_ref().is_some_and(|client| !client.is_closed())
    }

    /// Runs statements without values; gives the last thing they answer.
    pub(super) fn run(&self, sql: &str) -> Result<Option<String>, StoreError> {
        let answers = self.with(|client, _| client.simple_query(sql))?;
        Ok(answers.iter().rev().find_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    /// Does something with the client that the store does not need every day.
    pub(super) fn client<T>(&self, act: impl FnOnce(&mut Client) -> Result<T, StoreError>) -> Result<T, StoreError> {
        act(self.client.borrow_mut().as_mut().ok_or(StoreError::Away)?)
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&mut Client, &mut HashMap<String, Statement>) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        let mut client = self.client.borrow_mut();
        let done = act(client.as_mut().ok_or(StoreError::Away)?, &mut self.known.borrow_mut());
        done.map_err(|error| {
            // The first failure tells why; what follows it only says that the transaction is off.
            match (self.trouble.get(), trouble(&error)) {
                (None, told) | (_, told @ Trouble::Lost) => self.trouble.set(Some(told)),
                _ => {}
            }
            StoreError::from(error)
        })
    }
}

impl Drop for Session {
    /// Saying goodbye blocks, which a carrier's thread may not.
    fn drop(&mut self) {
        if let Some(client) = self.client.take()
            && let Err(error) = std::thread::Builder::new().spawn(move || drop(client))
        {
            tracing::warn!(%error, "a connection ends without a word");
        }
    }
}

/// What a failure means. 25006: the server became a standby; 57P0x: it is going down or coming up.
fn trouble(error: &postgres::Error) -> Trouble {
    match error.code().map(postgres::error::SqlState::code) {
        Some("40001" | "40P01" | "55P03") => Trouble::InTheWay,
        Some("25006" | "25P03" | "53300" | "57P01" | "57P02" | "57P03") => Trouble::Lost,
        Some(code) if code.starts_with("08") => Trouble::Lost,
        Some(_) => Trouble::Own,
        None => {
            let carrier = error.source().is_some_and(|source| source.is::<std::io::Error>());
            if error.is_closed() || carrier { Trouble::Lost } else { Trouble::Own }
        }
    }
}

fn statement(client: &mut Client, known: &mut HashMap<String, Statement>, sql: &str) -> Result<Statement, postgres::Error> {
    if let Some(statement) = known.get(sql) {
        return Ok(statement.clone());
    }
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    let statement = client.prepare(sql)?;
    known.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

fn values<'a>(of: &'a [Put<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    of.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Engine for Session {
    fn execute(&self, sql: &str, put: &[Put<'_>]) -> Result<u64, StoreError> {
        self.with(|client, known| {
            let statement = statement(client, known, sql)?;
            client.execute(&statement, &values(put))
        })
    }

    fn query(&self, sql: &str, put: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError> {
        let rows = self.with(|client, known| {
            let statement = statement(client, known, sql)?;
            client.query(&statement, &values(put))
        })?;
        for row in &rows {
            if !each(&Row::Postgres(row))? {
                break;
            }
        }
        Ok(())
    }

    /// By a cursor: between two pieces the session serves other questions of the same transaction.
    fn stream(&self, sql: &str, put: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError> {
        self.with(|client, _| client.execute(&format!("DECLARE stream NO SCROLL CURSOR FOR {sql}"), &values(put)))?;
        loop {
            // Prepared anew: what it gives is another thing with each list.
            let rows = self.with(|client, _| client.query(&format!("FETCH {PIECE} FROM stream"), &[]))?;
            for row in &rows {
                if !each(&Row::Postgres(row))? {
                    return self.run("CLOSE stream").map(drop);
                }
            }
            if rows.len() < PIECE {
                return self.run("CLOSE stream").map(drop);
            }
        }
    }
}

impl ToSql for Put<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Put::Null => Ok(IsNull::Yes),
            Put::Int(value) if *kind == Type::INT8 => value.to_sql(kind, out),
            Put::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Put::Text(text) if *kind == Type::TEXT => (&**text).to_sql(kind, out),
            Put::Blob(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            Put::Id(id) if *kind == Type::BYTEA => id.bytes().to_sql(kind, out),
            _ => Err(format!("a statement asks for {kind} where the store has something else").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Got<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Got::Int),
            Type::INT4 => i32::from_sql(kind, raw).map(|value| Got::Int(value.into())),
            Type::BOOL => bool::from_sql(kind, raw).map(|value| Got::Int(value.into())),
            Type::BYTEA => Ok(Got::Blob(raw)),
            _ => <&str>::from_sql(kind, raw).map(Got::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Got::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::BOOL | Type::BYTEA) || <&str as FromSql>::accepts(kind)
    }
}
