//! The engines below the store. Statements are written once, in the dialect that both engines share
//! (`$1`, in the order in which they first appear, since SQLite counts them so; ON CONFLICT, RETURNING,
//! BIGINT for whole numbers, no booleans in tables); here stands what
//! goes in, what comes out, and the narrow trait that an engine fills.

mod connection;
pub(super) mod postgres;
mod session;
pub(super) mod sqlite;
mod trust;

pub use connection::PgConnectionError;
pub use trust::Distrust;

use super::StoreError;
use shared::schema::{Column, RecordId};
use std::borrow::Cow;

/// How an engine tells what tables it has, and what it calls the types of their columns.
pub(super) struct Dialect {
    /// Gives table, column and type; an index stands among the tables.
    pub(super) tables: &'static str,
    id: &'static str,
    whole: &'static str,
    text: &'static str,
    /// Follows the type of a text, so that both engines compare and order alike: by bytes.
    pub(super) collation: &'static str,
}

impl Dialect {
    /// The type of a column, as the engine tells it.
    pub(super) const fn told(&self, column: Column) -> &'static str {
        match column {
            Column::Integer | Column::YesNo => self.whole,
            Column::Text | Column::Set => self.text,
            Column::Id => self.id,
        }
    }
}

/// What a transaction of an engine does.
pub(super) trait Engine {
    /// Runs a statement; gives the number of rows touched.
    fn execute(&self, sql: &str, values: &[Put<'_>]) -> Result<u64, StoreError>;

    /// Shows each row of the answer until `each` says no. PostgreSQL holds the whole answer in
    /// memory: what can grow without end is asked for piece by piece, or by [`Engine::stream`].
    fn query(&self, sql: &str, values: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError>;

    /// As [`Engine::query`], with a few rows in memory at a time, however long the answer is.
    fn stream(&self, sql: &str, values: &[Put<'_>], each: Each<'_>) -> Result<(), StoreError>;
}

/// Looks at a row; says whether to go on.
pub(super) type Each<'a> = &'a mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>;

/// A value on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Put<'a> {
    Null,
    Int(i64),
    /// Without U+0000, which PostgreSQL keeps in no text.
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
    /// Its sixteen bytes.
    Id(RecordId),
}

impl Put<'_> {
    /// As it is read again.
    pub(super) fn as_got(&self) -> Got<'_> {
        match self {
            Self::Null => Got::Null,
            Self::Int(value) => Got::Int(*value),
            Self::Text(text) => Got::Text(text),
            Self::Blob(bytes) => Got::Blob(bytes),
            Self::Id(id) => Got::Blob(id.bytes()),
        }
    }
}

impl From<RecordId> for Put<'_> {
    fn from(value: RecordId) -> Self {
        Self::Id(value)
    }
}

impl From<i64> for Put<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<&'a str> for Put<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(if value.contains('\0') { value.replace('\0', "\u{FFFD}").into() } else { value.into() })
    }
}

impl<'a> From<&'a String> for Put<'a> {
    fn from(value: &'a String) -> Self {
        value.as_str().into()
    }
}

impl From<String> for Put<'_> {
    fn from(value: String) -> Self {
        Self::Text(if value.contains('\0') { value.replace('\0', "\u{FFFD}").into() } else { value.into() })
    }
}

impl<'a> From<&'a [u8]> for Put<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Put<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Put<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<Put<'a>>> From<Option<T>> for Put<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// `put![a, b]`: the values of a statement, in the order of `$1`, `$2`.
macro_rules! put {
    ($($value:expr),* $(,)?) => { &[$($crate::store::engine::Put::from($value)),*] };
}
pub(super) use put;

/// A row on its way out.
#[derive(Debug)]
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r ::postgres::Row),
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Got<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Blob(&'r [u8]),
}

impl Row<'_> {
    /// The value of a column, from 0; yes and no are 1 and 0.
    pub(super) fn got(&self, at: usize) -> Result<Got<'_>, StoreError> {
        match self {
            Self::Sqlite(row) => sqlite::got(row, at),
            Self::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    /// The value of a column as what it is there for.
    pub(super) fn get<T: FromGot>(&self, at: usize) -> Result<T, StoreError> {
        T::from_got(self.got(at)?).ok_or(StoreError::Column(at))
    }
}

/// What a column can be read as.
pub(super) trait FromGot: Sized {
    fn from_got(got: Got<'_>) -> Option<Self>;
}

impl FromGot for i64 {
    fn from_got(got: Got<'_>) -> Option<Self> {
        if let Got::Int(value) = got { Some(value) } else { None }
    }
}

impl FromGot for bool {
    fn from_got(got: Got<'_>) -> Option<Self> {
        i64::from_got(got).map(|value| value != 0)
    }
}

impl FromGot for String {
    fn from_got(got: Got<'_>) -> Option<Self> {
        if let Got::Text(text) = got { Some(text.to_owned()) } else { None }
    }
}

impl FromGot for Vec<u8> {
    fn from_got(got: Got<'_>) -> Option<Self> {
        if let Got::Blob(bytes) = got { Some(bytes.to_vec()) } else { None }
    }
}

impl<const N: usize> FromGot for [u8; N] {
    fn from_got(got: Got<'_>) -> Option<Self> {
        if let Got::Blob(bytes) = got { bytes.try_into().ok() } else { None }
    }
}

impl<T: FromGot> FromGot for Option<T> {
    fn from_got(got: Got<'_>) -> Option<Self> {
        if got == Got::Null { Some(None) } else { T::from_got(got).map(Some) }
    }
}

/// The migrations of this version and one more.
#[cfg(test)]
fn with_one_more(these: &refinery::Runner, more: &str) -> Result<refinery::Runner, refinery::Error> {
    let mut all = these.get_migrations().clone();
    all.push(refinery::Migration::unapplied("V99__later", more)?);
    Ok(refinery::Runner::new(&all))
}
