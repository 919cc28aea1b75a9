//! Rows of lists, by the statements that follow from their specs.

use super::{StoreError, row};
use jiff::civil::Date;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};
use shared::kinds::RecordKind;
use shared::list::{End, ListQuery, ListRow, ListSpec, PAGE, Side, StoredValue, sql};
use shared::schema::{Author, Fields, RecordId, Scope, Value};

const UNSENT: &str = "EXISTS (SELECT 1 FROM outbox x JOIN change_log l ON l.seq = x.seq WHERE l.record = t.id)";

/// A list as it is asked for.
pub(crate) struct Reading {
    pub(crate) list: &'static ListSpec,
    pub(crate) asked: ListQuery,
    /// The persons whom the typed words name.
    pub(crate) persons: Option<Vec<RecordId>>,
    pub(crate) today: Date,
    /// Where this desk stands: the code of its canteen, or of the division of its office.
    pub(crate) place: Option<Place>,
}

/// Where a desk stands.
pub(crate) enum Place {
    Canteen(String),
    Division(String),
}

impl Reading {
    fn with<T>(&self, make: impl FnOnce(&sql::QueryContext<'_>) -> T) -> T {
        // All that lies on a desk it may see; of what offices say to everybody, it is shown what concerns it.
        let seen = |kind: RecordKind, alias| self.place.as_ref().filter(|_| is_said_to_all(kind)).map(|place| concerning(place, alias));
        let ground =
            sql::QueryContext { end: End::Desk, seen: &seen, is_row_of: &is_row_of, unsent: UNSENT, persons: self.persons.clone() };
        make(&ground)
    }

    /// The page that is asked for.
    pub(crate) fn page(&self, connection: &Connection) -> Result<Vec<ListRow>, StoreError> {
        let mut rows = Vec::new();
        let mut some = |which| {
            self.see(connection, which, &mut |row| {
                rows.push(row);
                Ok::<_, StoreError>(())
            })
        };
        match self.asked.beside.map(|(side, record)| Ok::<_, StoreError>((side, self.place(connection, record)?))).transpose()? {
            Some((side, Some(place))) => {
                some(sql::Rows::Beside(PAGE, side, &place))?;
                if side == Side::Before {
                    rows.reverse();
                }
            }
            Some((_, None)) | None => some(sql::Rows::Page(PAGE, self.asked.page.saturating_mul(PAGE)))?,
        }
        Ok(rows)
    }

    /// Where the row of a record stands in the order; none where there is no such row.
    fn place(&self, connection: &Connection, record: RecordId) -> Result<Option<Vec<Value>>, StoreError> {
        let (made, width) = self.with(|ground| sql::place(self.list, &self.asked, ground, record));
        let mut statement = connection.prepare(&made.sql)?;
        let mut rows = statement.query(params_from_iter(made.values.iter().map(Bound)))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let value = |at| {
            Ok(match row.get_ref(at)? {
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Null | ValueRef::Real(_) => Value::Null,
            })
        };
        (0..width).map(value).collect::<Result<_, StoreError>>().map(Some)
    }

    /// The row of one record.
    pub(crate) fn one(&self, connection: &Connection, record: RecordId) -> Result<Option<ListRow>, StoreError> {
        let mut found = None;
        self.see(connection, sql::Rows::One(record), &mut |row| {
            found = Some(row);
            Ok::<_, StoreError>(())
        })?;
        Ok(found)
    }

    /// All rows, one after the other.
    pub(crate) fn each<E: From<StoreError>>(
        &self,
        connection: &Connection,
        see: &mut dyn FnMut(ListRow) -> Result<(), E>,
    ) -> Result<(), E> {
        self.see(connection, sql::Rows::All, see)
    }

    fn see<E: From<StoreError>>(
        &self,
        connection: &Connection,
        which: sql::Rows<'_>,
        see: &mut dyn FnMut(ListRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let made = self.with(|ground| sql::rows(self.list, &self.asked, ground, which));
        let mut statement = connection.prepare(&made.sql).map_err(StoreError::from)?;
        let mut rows = statement.query(params_from_iter(made.values.iter().map(Bound))).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            see(self.row(row)?)?;
        }
        Ok(())
    }

    fn row(&self, row: &Row<'_>) -> Result<ListRow, StoreError> {
        let mut cells = Fields::new();
        for (at, column) in sql::columns(self.list, End::Desk).enumerate() {
            let found = match row.get_ref(at + 1)? {
                ValueRef::Null | ValueRef::Real(_) => StoredValue::Null,
                ValueRef::Integer(number) => StoredValue::Int(number),
                ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_or(StoredValue::Null, StoredValue::Text),
                ValueRef::Blob(bytes) => StoredValue::Bytes(bytes),
            };
            if let Some(value) = self.list.cell(column, found, self.today) {
                cells.insert(column.name(), value);
            }
        }
        Ok(ListRow { id: RecordId(uuid::Uuid::from_bytes(row.get(0)?)), cells })
    }

    /// Of how many persons the rows speak.
    pub(crate) fn persons(&self, connection: &Connection) -> Result<u64, StoreError> {
        let made = self.with(|ground| sql::persons(self.list, &self.asked, ground));
        let mut statement = connection.prepare(&made.sql)?;
        Ok(statement.query_row(params_from_iter(made.values.iter().map(Bound)), |row| row.get(0))?)
    }

    /// How many rows there are, and what is added up.
    pub(crate) fn totals(&self, connection: &Connection) -> Result<(u64, Fields), StoreError> {
        let made = self.with(|ground| sql::totals(self.list, &self.asked, ground));
        let mut statement = connection.prepare(&made.sql)?;
        Ok(statement.query_row(params_from_iter(made.values.iter().map(Bound)), |row| {
            let mut sums = Fields::new();
            for (at, (column, _)) in sql::sums(self.list, End::Desk).enumerate() {
                sums.insert(column.name(), Value::Int(row.get(at + 1)?));
            }
            Ok((row.get(0)?, sums))
        })?)
    }
}

/// Whether offices and canteens write it each for its own place, and everybody reads it.
fn is_said_to_all(kind: RecordKind) -> bool {
    kind.scope == Scope::Everybody && kind.author != Author::Centre
}

/// That a row stands at that place, above it, or below.
fn concerning(place: &Place, alias: &'static str) -> sql::ScopeCondition {
    let above =
        move |division: &str| format!("({alias}.canteen IS NULL AND substr({division}, 1, length({alias}.division)) = {alias}.division)");
    match place {
        Place::Canteen(code) => sql::ScopeCondition {
            condition: Box::new(move |code| {
                let division = format!("(SELECT c.division FROM canteen c WHERE c.code = {code})");
                format!("({alias}.canteen = {code} OR {})", above(&division))
            }),
            code: code.clone(),
        },
        Place::Division(code) => sql::ScopeCondition {
            condition: Box::new(move |code| {
                let below = |division: &str| format!("substr({division}, 1, length({code})) = {code}");
                format!(
                    "({} OR ({alias}.canteen IS NULL AND {}) OR {alias}.canteen IN (SELECT c.code FROM canteen c WHERE {}))",
                    above(code),
                    below(&format!("{alias}.division")),
                    below("c.division")
                )
            }),
            code: code.clone(),
        },
    }
}

/// StoredValue as all rows of the kind are: by the log's index where rows lie as they came.
fn is_row_of(kind: RecordKind, id: &str) -> String {
    let (column, value) = row::key(kind);
    format!("{}.{column} = {}", sql::OWN, value.replace("?1", id))
}

/// What people typed, codes, and ids.
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Value::Null => ValueRef::Null,
        }))
    }
}
