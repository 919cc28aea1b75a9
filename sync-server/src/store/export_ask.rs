//! `export_ask`: who asked for a list of persons as a workbook, and who agreed.

use super::engine::{Put, Row, put};
use super::sealed::EXPORT_ASK;
use super::{Scope, StoreError, Tx};
use shared::kinds::Role;

/// A request for a workbook.
#[derive(Clone, Debug)]
pub struct ExportAsked {
    /// Its number, which stands in the file and in the audit log.
    pub number: String,
    /// Id of the account that asks.
    pub account: Vec<u8>,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Division of its scope, or the canteen's code.
    pub division: String,
    /// Name of the list.
    pub list: String,
    /// How it is narrowed: the words of the address in their order.
    pub words: String,
    /// Code word of the reason.
    pub reason: String,
    /// What was said beside it.
    pub note: Option<String>,
    /// Of how many persons it speaks.
    pub persons: i64,
    /// When it was asked for, in seconds.
    pub asked_at: i64,
    /// A second account has to agree.
    pub second: bool,
    /// The name of the one that did.
    pub agreed_by: Option<String>,
    /// When the workbook was given.
    pub taken_at: Option<i64>,
}

impl Tx<'_> {
    /// Keeps a request.
    pub fn put_export_ask(&self, ask: &ExportAsked) -> Result<(), StoreError> {
        self.put_sealed(
            &EXPORT_ASK,
            put![
                ask.number.as_str(),
                ask.account.as_slice(),
                ask.name.as_str(),
                ask.role.code(),
                ask.division.as_str(),
                ask.list.as_str(),
                ask.words.as_str(),
                ask.reason.as_str(),
                ask.note.as_deref(),
                ask.persons,
                ask.asked_at,
                i64::from(ask.second),
                ask.agreed_by.as_deref(),
                ask.taken_at
            ],
        )
    }

    /// Requests, as long as none went, came back or was changed by another hand: else none is good.
    fn asks(&self, condition: &str, values: &[Put<'_>]) -> Result<Vec<ExportAsked>, StoreError> {
        if self.is_whole(&EXPORT_ASK)? { self.sealed(&EXPORT_ASK, condition, values, asked) } else { Ok(Vec::new()) }
    }

    /// The request of that number since then, not used yet.
    pub fn export_ask(&self, number: &str, since: i64) -> Result<Option<ExportAsked>, StoreError> {
        Ok(self.asks("number = $1 AND asked_at > $2 AND taken_at IS NULL", put![number, since])?.pop())
    }

    /// The request of an account for just that since then, not used yet.
    pub fn export_asked(&self, account: &[u8], list: &str, words: &str, since: i64) -> Result<Option<ExportAsked>, StoreError> {
        let condition =
            "account = $1 AND list = $2 AND words = $3 AND asked_at > $4 AND taken_at IS NULL ORDER BY asked_at DESC, number LIMIT 1";
        Ok(self.asks(condition, put![account, list, words, since])?.pop())
    }

    /// All requests since then, the latest first.
    pub fn export_asks(&self, since: i64) -> Result<Vec<ExportAsked>, StoreError> {
        self.sealed(&EXPORT_ASK, "asked_at > $1 ORDER BY asked_at DESC, number", put![since], asked)
    }

    /// Of how many persons an account asked for lists since then without a second one; of all there are, where that can't be known.
    pub fn exported_alone(&self, account: &[u8], since: i64) -> Result<i64, StoreError> {
        if !self.is_whole(&EXPORT_ASK)? {
            return Ok(i64::MAX);
        }
        let alone = self.sealed(&EXPORT_ASK, "account = $1 AND asked_at > $2 AND second = 0", put![account, since], asked)?;
        Ok(alone.iter().fold(0, |sum, ask| sum.saturating_add(ask.persons)))
    }

    /// A second account agrees; tells whether it was the first to do so.
    pub fn agree_to_export(&self, number: &str, name: &str) -> Result<bool, StoreError> {
        let waits = self.asks("number = $1 AND agreed_by IS NULL AND taken_at IS NULL", put![number])?.pop().is_some();
        Ok(waits && self.change_sealed(&EXPORT_ASK, put![number], &[("agreed_by", name.into())])?)
    }

    /// Uses a request; tells whether nobody did before.
    pub fn take_export(&self, number: &str, at: i64) -> Result<bool, StoreError> {
        let waits = self.asks("number = $1 AND taken_at IS NULL", put![number])?.pop().is_some();
        Ok(waits && self.change_sealed(&EXPORT_ASK, put![number], &[("taken_at", at.into())])?)
    }

    /// Forgets the requests from before.
    pub fn forget_export_asks(&self, before: i64) -> Result<(), StoreError> {
        self.take_sealed(&EXPORT_ASK, "asked_at < $1", put![before], |_| Ok(()))?;
        Ok(())
    }
}

impl ExportAsked {
    /// The place of who asks.
    #[must_use]
    pub fn place(&self) -> Scope {
        match self.role {
            Role::Canteen => Scope::Canteen(self.division.clone()),
            _ => Scope::Division(self.division.clone()),
        }
    }
}

fn asked(row: &Row<'_>) -> Result<ExportAsked, StoreError> {
    let role: String = row.get(3)?;
    Ok(ExportAsked {
        number: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        role: Role::of_code(&role).unwrap_or(Role::Canteen),
        division: row.get(4)?,
        list: row.get(5)?,
        words: row.get(6)?,
        reason: row.get(7)?,
        note: row.get(8)?,
        persons: row.get(9)?,
        asked_at: row.get(10)?,
        second: row.get::<i64>(11)? != 0,
        agreed_by: row.get(12)?,
        taken_at: row.get(13)?,
    })
}
