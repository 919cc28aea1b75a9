//! Of whom a second factor is asked, and whether a key alone will do: a setting of the database, changed at the machine alone. At the start
//! it is asked of administrators, and codes of an app will do as well.

use crate::Server;
use crate::fault::Refusal;
use crate::store::{AccountRow, StoreError, Tx};
use serde::Serialize;
use shared::fault::Fault;
use shared::kinds::AuditEvent;

const SETTING: &str = "second_factor";
const EVERYBODY: &str = "everybody";
const KEYS: &str = "keys";

/// What is asked for beside a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FactorsWanted {
    /// Of every account; else of administrators.
    pub of_everybody: bool,
    /// An SM2 key, and no code of an app.
    pub keys_alone: bool,
}

impl FactorsWanted {
    fn words(self) -> String {
        let all = [(self.of_everybody, EVERYBODY), (self.keys_alone, KEYS)];
        all.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }
}

/// What is set.
pub fn wanted(tx: &Tx<'_>) -> Result<FactorsWanted, StoreError> {
    let set = tx.setting(SETTING)?.unwrap_or_default();
    let is = |word: &str| set.split(' ').any(|one| one == word);
    Ok(FactorsWanted { of_everybody: is(EVERYBODY), keys_alone: is(KEYS) })
}

/// Whether codes of an app count.
pub fn has_app(tx: &Tx<'_>, account: &[u8]) -> Result<bool, StoreError> {
    Ok(tx.factor(account)?.is_some_and(|factor| factor.since.is_some()))
}

/// Whether the account has a second factor that counts: an app or a key.
pub fn has_factor(tx: &Tx<'_>, account: &[u8]) -> Result<bool, StoreError> {
    Ok(has_app(tx, account)? || has_key(tx, account)?)
}

fn has_key(tx: &Tx<'_>, account: &[u8]) -> Result<bool, StoreError> {
    Ok(!tx.keys(account)?.is_empty())
}

/// Whether the account has to have a second factor, or one of another sort, and has none.
pub fn is_wanting(tx: &Tx<'_>, account: &AccountRow) -> Result<bool, StoreError> {
    let wanted = wanted(tx)?;
    if !wanted.of_everybody && !account.role.is_administrator() {
        return Ok(false);
    }
    Ok(!if wanted.keys_alone { has_key(tx, &account.id)? } else { has_factor(tx, &account.id)? })
}

/// Whether a code of an app opens nothing: a key alone does, and the account has one. One that has none yet comes in to make it.
pub fn is_key_wanted(tx: &Tx<'_>, account: &[u8]) -> Result<bool, StoreError> {
    Ok(wanted(tx)?.keys_alone && has_key(tx, account)?)
}

impl Server {
    /// What is asked for beside a password.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn factors_wanted(&self) -> Result<FactorsWanted, Fault> {
        Ok(self.0.commanded(AuditEvent::FactorsShown, |tx, _| Ok(wanted(tx)?))?)
    }

    /// Asks for this from now on. Who has none begins one with the next request.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn want_factors(&self, asked: FactorsWanted) -> Result<FactorsWanted, Fault> {
        let done: Result<FactorsWanted, Refusal> = self.0.commanded(AuditEvent::FactorsSet, |tx, noted| {
            noted.values(Some(&wanted(tx)?.words()), Some(&asked.words()));
            tx.set(SETTING, &asked.words())?;
            Ok(asked)
        });
        Ok(done?)
    }
}
