//! The audit log and the ends of its chain. What a row holds and how it is chained is said in `crate::audit`.

use super::engine::{Put, Row, put};
use super::{Scope, StoreError, Tx};
use std::collections::BTreeSet;

/// A row of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// The server's time, in seconds since 1970.
    pub at: i64,
    /// Code word of what happened.
    pub event: String,
    /// Code word of how it ended.
    pub result: String,
    /// Name of the account.
    pub account: Option<String>,
    /// Id of the device.
    pub device: Option<Vec<u8>>,
    /// Its number.
    pub device_number: Option<i64>,
    /// From where it was asked.
    pub source: String,
    /// Where it is seen.
    pub division: String,
    /// The canteen, where it is one's.
    pub canteen: Option<String>,
    /// Kind of the record.
    pub kind: Option<String>,
    /// The record.
    pub record: Option<Vec<u8>>,
    /// What else it is about.
    pub object: Option<String>,
    /// What stood there before.
    pub old_value: Option<String>,
    /// What stands there now.
    pub new_value: Option<String>,
    /// What else is said of it.
    pub detail: Option<String>,
    /// The request.
    pub request: i64,
    /// Over this row and the one before.
    pub mac: Vec<u8>,
}

/// An end of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEnd {
    /// The number of its row.
    pub number: i64,
    /// The MAC of that row.
    pub mac: Vec<u8>,
    /// Over both.
    pub seal: Vec<u8>,
}

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndName {
    /// The last row.
    Head,
    /// The last row that was pruned.
    Anchor,
    /// The row that was last written beside the database.
    Day,
}

impl EndName {
    /// As it stands in the table and under the seal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Anchor => "anchor",
            Self::Day => "day",
        }
    }
}

/// By what the rows that an auditor sees are narrowed.
#[derive(Clone, Debug, Default)]
pub struct AuditAsk {
    /// Rows before this one.
    pub before: Option<i64>,
    /// From this second on.
    pub from: Option<i64>,
    /// Before this second.
    pub until: Option<i64>,
    /// Of this event.
    pub event: Option<String>,
    /// What was refused.
    pub refused: bool,
    /// About this account, address or object.
    pub text: Option<String>,
}

const COLUMNS: &str = "number, at, event, result, account, device, device_number, source, division, canteen, kind, record, object, \
     old_value, new_value, detail, request, mac";

impl Tx<'_> {
    /// Takes the next number of the chain, and keeps everybody else from it until the transaction ends; gives the end as it stood, and the
    /// number of the last row that is there. None where the table was robbed of its end.
    pub fn take_audit_head(&self) -> Result<Option<(AuditEnd, Option<i64>)>, StoreError> {
        let sql = "UPDATE audit_end SET number = number + 1 WHERE name = 'head' \
             RETURNING number - 1, mac, seal, (SELECT a.number FROM audit a ORDER BY a.number DESC LIMIT 1)";
        self.one(sql, put![], |row| Ok((end_of(row)?, row.get(3)?)))
    }

    /// An end of the chain.
    pub fn audit_end(&self, name: EndName) -> Result<Option<AuditEnd>, StoreError> {
        self.one("SELECT number, mac, seal FROM audit_end WHERE name = $1", put![name.code()], end_of)
    }

    /// Sets an end of the chain.
    pub fn put_audit_end(&self, name: EndName, end: &AuditEnd) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO audit_end (name, number, mac, seal) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (name) DO UPDATE SET number = excluded.number, mac = excluded.mac, seal = excluded.seal",
            put![name.code(), end.number, &end.mac, &end.seal],
        )?;
        Ok(())
    }

    /// Puts a row into the log.
    pub fn put_audit(&self, row: &AuditRow) -> Result<(), StoreError> {
        let places: Vec<String> = (1..=18).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO audit ({COLUMNS}) VALUES ({})", places.join(", "));
        self.execute(
            &sql,
            put![
                row.number,
                row.at,
                &row.event,
                &row.result,
                row.account.as_ref(),
                row.device.as_ref(),
                row.device_number,
                &row.source,
                &row.division,
                row.canteen.as_ref(),
                row.kind.as_ref(),
                row.record.as_ref(),
                row.object.as_ref(),
                row.old_value.as_ref(),
                row.new_value.as_ref(),
                row.detail.as_ref(),
                row.request,
                &row.mac,
            ],
        )?;
        Ok(())
    }

    /// The number of the last row that is there, whatever the ends say.
    pub fn last_audit_number(&self) -> Result<i64, StoreError> {
        Ok(self.value("SELECT number FROM audit ORDER BY number DESC LIMIT 1", put![])?.unwrap_or(0))
    }

    /// When the last row was written.
    pub fn last_audit_at(&self) -> Result<Option<i64>, StoreError> {
        self.value("SELECT at FROM audit ORDER BY number DESC LIMIT 1", put![])
    }

    /// Rows behind a number in their order, at most so many; of one that can't be read, its number.
    pub fn audit_after(&self, number: i64, most: i64) -> Result<Vec<Result<AuditRow, i64>>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE number > $1 ORDER BY number LIMIT $2");
        self.all(&sql, put![number, most], |row| {
            let number = row.get(0)?;
            Ok(row_of(row).map_err(|_| number))
        })
    }

    /// The MAC of a row.
    pub fn audit_mac(&self, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.value("SELECT mac FROM audit WHERE number = $1", put![number])
    }

    /// The first row from a moment on.
    pub fn first_audit_since(&self, at: i64) -> Result<Option<i64>, StoreError> {
        self.value("SELECT number FROM audit WHERE at >= $1 ORDER BY number LIMIT 1", put![at])
    }

    /// When an event was noted first since a moment, and of which devices it was since then.
    pub fn audit_of_event_since(&self, event: &str, at: i64) -> Result<(Option<i64>, BTreeSet<Vec<u8>>), StoreError> {
        let Some(first) = self.first_audit_since(at)? else { return Ok(Default::default()) };
        let since = self.value("SELECT at FROM audit WHERE event = $1 AND number >= $2 ORDER BY number LIMIT 1", put![event, first])?;
        let sql = "SELECT DISTINCT device FROM audit WHERE event = $1 AND number >= $2 AND device IS NOT NULL";
        Ok((since, self.all(sql, put![event, first], |row| row.get(0))?.into_iter().collect()))
    }

    /// Deletes the rows up to a number; gives how many. Only pruning asks, behind its anchor.
    pub fn delete_audit_upto(&self, number: i64) -> Result<u64, StoreError> {
        self.execute("DELETE FROM audit WHERE number <= $1", put![number])
    }

    /// The rows of a scope, the newest first, at most so many.
    pub fn audit_page(&self, scope: &Scope, ask: &AuditAsk, most: i64) -> Result<Vec<AuditRow>, StoreError> {
        let (mut values, mut conditions): (Vec<Put<'_>>, Vec<String>) = (vec![scope.code().into()], Vec::new());
        conditions.push(match scope {
            Scope::Division(_) => "substr(division, 1, length($1)) = $1".to_owned(),
            Scope::Canteen(_) => "canteen = $1".to_owned(),
        });
        let mut holds = |value: Put<'static>, condition: &dyn Fn(String) -> String| {
            values.push(value);
            conditions.push(condition(format!("${}", values.len())));
        };
        for (bound, sign) in [(ask.before, "number <"), (ask.from, "at >="), (ask.until, "at <")] {
            if let Some(bound) = bound {
                holds(bound.into(), &|place| format!("{sign} {place}"));
            }
        }
        if let Some(event) = &ask.event {
            holds(event.clone().into(), &|place| format!("event = {place}"));
        }
        if let Some(text) = &ask.text {
            holds(text.clone().into(), &|place| format!("(account = {place} OR source = {place} OR object = {place})"));
        }
        if ask.refused {
            conditions.push("result <> 'done'".to_owned());
        }
        values.push(most.into());
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE {} ORDER BY number DESC LIMIT ${}", conditions.join(" AND "), values.len());
        self.all(&sql, &values, row_of)
    }
}

fn end_of(row: &Row<'_>) -> Result<AuditEnd, StoreError> {
    Ok(AuditEnd { number: row.get(0)?, mac: row.get(1)?, seal: row.get(2)? })
}

fn row_of(row: &Row<'_>) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        number: row.get(0)?,
        at: row.get(1)?,
        event: row.get(2)?,
        result: row.get(3)?,
        account: row.get(4)?,
        device: row.get(5)?,
        device_number: row.get(6)?,
        source: row.get(7)?,
        division: row.get(8)?,
        canteen: row.get(9)?,
        kind: row.get(10)?,
        record: row.get(11)?,
        object: row.get(12)?,
        old_value: row.get(13)?,
        new_value: row.get(14)?,
        detail: row.get(15)?,
        request: row.get(16)?,
        mac: row.get(17)?,
    })
}

#[cfg(test)]
impl Tx<'_> {
    /// As a hand with SQL does it.
    pub(crate) fn set_audit_mac(&self, number: i64, mac: &[u8]) -> Result<(), StoreError> {
        self.execute("UPDATE audit SET mac = $1 WHERE number = $2", put![mac, number])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
