//! Rows of lists, by the statements that follow from their specs. What stands beside a row is shown where the account sees it itself.

use super::engine::{Got, Put, Row};
use super::{Scope, StoreError, Tx};
use jiff::civil::Date;
use shared::kinds::RecordKind;
use shared::list::sql::{self, OWN, QueryContext, Rows, ScopeCondition, Statement};
use shared::list::{End, ListQuery, ListRow, ListSpec, PAGE, Side, StoredValue};
use shared::schema::{Fields, RecordId, Value};

/// A list as an account asks for it.
#[derive(Debug)]
pub struct Reading {
    /// Which.
    pub list: &'static ListSpec,
    /// How it is narrowed.
    pub asked: ListQuery,
    /// The place that is asked for: its rows stand there.
    pub place: Scope,
    /// All that the account may see.
    pub own: Scope,
    /// The day of ages.
    pub today: Date,
}

impl Reading {
    fn made<T>(&self, make: impl FnOnce(&QueryContext<'_>) -> T) -> T {
        let seen = |kind: RecordKind, alias: &'static str| {
            let scope = if alias == OWN { &self.place } else { &self.own };
            scope.condition_on(kind, alias, "$1")?;
            let (code, scope) = (scope.code().to_owned(), scope.clone());
            let condition = move |place: &str| scope.condition_on(kind, alias, place).unwrap_or_default();
            Some(ScopeCondition { condition: Box::new(condition), code })
        };
        make(&QueryContext {
            end: End::Console,
            seen: &seen,
            is_row_of: &|_, id| format!("{OWN}.id = {id}"),
            unsent: "1 = 0",
            persons: None,
        })
    }

    fn row(&self, row: &Row<'_>) -> Result<ListRow, StoreError> {
        let mut cells = Fields::new();
        for (at, column) in sql::columns(self.list, End::Console).enumerate() {
            let found = match row.got(at + 1)? {
                Got::Null => StoredValue::Null,
                Got::Int(number) => StoredValue::Int(number),
                Got::Text(text) => StoredValue::Text(text),
                Got::Blob(bytes) => StoredValue::Bytes(bytes),
            };
            if let Some(value) = self.list.cell(column, found, self.today) {
                cells.insert(column.name(), value);
            }
        }
        Ok(ListRow { id: RecordId(uuid::Uuid::from_bytes(row.get(0)?)), cells })
    }
}

impl Tx<'_> {
    /// The page of a list that is asked for.
    pub fn list_page(&self, reading: &Reading) -> Result<Vec<ListRow>, StoreError> {
        let some = |which: Rows<'_>| {
            let made = reading.made(|ground| sql::rows(reading.list, &reading.asked, ground, which));
            self.all(&made.sql, &values(&made), |row| reading.row(row))
        };
        let beside = reading.asked.beside.map(|(side, record)| Ok::<_, StoreError>((side, self.place(reading, record)?))).transpose()?;
        match beside {
            Some((Side::After, Some(place))) => some(Rows::Beside(PAGE, Side::After, &place)),
            Some((Side::Before, Some(place))) => {
                let mut rows = some(Rows::Beside(PAGE, Side::Before, &place))?;
                rows.reverse();
                Ok(rows)
            }
            Some((_, None)) | None => some(Rows::Page(PAGE, reading.asked.page.saturating_mul(PAGE))),
        }
    }

    /// Where the row of a record stands in the order; none where the account sees no such row.
    fn place(&self, reading: &Reading, record: RecordId) -> Result<Option<Vec<Value>>, StoreError> {
        let (made, width) = reading.made(|ground| sql::place(reading.list, &reading.asked, ground, record));
        self.one(&made.sql, &values(&made), |row| {
            let value = |at| {
                Ok::<_, StoreError>(match row.got(at)? {
                    Got::Null => Value::Null,
                    Got::Int(number) => Value::Int(number),
                    Got::Text(text) => Value::Text(text.into()),
                    Got::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                })
            };
            (0..width).map(value).collect()
        })
    }

    /// The row of one record.
    pub fn list_one(&self, reading: &Reading, record: RecordId) -> Result<Option<ListRow>, StoreError> {
        let made = reading.made(|ground| sql::rows(reading.list, &reading.asked, ground, Rows::One(record)));
        self.one(&made.sql, &values(&made), |row| reading.row(row))
    }

    /// All rows of a list, one after the other.
    pub fn list_each<E: From<StoreError>>(&self, reading: &Reading, see: &mut dyn FnMut(ListRow) -> Result<(), E>) -> Result<(), E> {
        let made = reading.made(|ground| sql::rows(reading.list, &reading.asked, ground, Rows::All));
        let mut refused = None;
        self.0.stream(&made.sql, &values(&made), &mut |row| match see(reading.row(row)?) {
            Ok(()) => Ok(true),
            Err(error) => {
                refused = Some(error);
                Ok(false)
            }
        })?;
        refused.map_or(Ok(()), Err)
    }

    /// Of how many persons the rows of a list speak.
    pub fn list_persons(&self, reading: &Reading) -> Result<i64, StoreError> {
        let made = reading.made(|ground| sql::persons(reading.list, &reading.asked, ground));
        Ok(self.value(&made.sql, &values(&made))?.unwrap_or(0))
    }

    /// How many rows a list has, and what is added up.
    pub fn list_totals(&self, reading: &Reading) -> Result<(u64, Fields), StoreError> {
        let made = reading.made(|ground| sql::totals(reading.list, &reading.asked, ground));
        let totals = self.one(&made.sql, &values(&made), |row| {
            let mut sums = Fields::new();
            for (at, (column, _)) in sql::sums(reading.list, End::Console).enumerate() {
                sums.insert(column.name(), Value::Int(row.get(at + 1)?));
            }
            Ok((u64::try_from(row.get::<i64>(0)?).unwrap_or(0), sums))
        })?;
        Ok(totals.unwrap_or_default())
    }
}

/// What people typed, codes, and ids.
fn values(made: &Statement) -> Vec<Put<'_>> {
    let put = |value| match value {
        &Value::Null => Put::Null,
        &Value::Bool(yes) => i64::from(yes).into(),
        &Value::Int(number) => number.into(),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => bytes.into(),
    };
    made.values.iter().map(put).collect()
}
