//! The first account of a new server, by a one-time link that lies in a file of the data folder: whoever may read that has the server anyway,
//! and neither a terminal nor a journal keeps it.

use super::{good_name, hash_strong};
use crate::audit::Actor;
use crate::fault::Refusal;
use crate::hashing::Seat;
use crate::store::Tx;
use crate::{Parts, Server, city, private_file, secret};
use shared::console::FIRST_PLACE;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditEvent, RecordKind, Role};
use shared::schema::RecordId;
use std::path::PathBuf;

const LIVES: i64 = 86_400;
/// In the data folder.
const FILE: &str = "first-account-link";

/// Where the hash of a link's token stands, with the time it ends: in the store, so that any server on
/// one database knows the links of the others.
const SETTING: &str = "first_link/";

fn setting_of(token: &str) -> String {
    format!("{SETTING}{}", hex::encode(secret::hash(token)))
}

impl Server {
    /// While there is no account: the token of a one-time link to the first one.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn first_link(&self) -> Result<Option<String>, Fault> {
        let parts = &self.0;
        let token = secret::token();
        let until = (parts.clock.seconds() + LIVES).to_string();
        let given: Result<bool, Refusal> = parts.store.write(|tx| {
            let first = !tx.any_account()?;
            if first {
                tx.set_once(&setting_of(&token), &until)?;
            }
            Ok(first)
        });
        Ok(given?.then_some(token))
    }

    /// While there is no account: the file in which a new link to the first one lies, of a server that is reached at `address`.
    ///
    /// # Errors
    /// A [`Fault`] when the store or the folder fails.
    pub fn first_link_file(&self, address: &str) -> Result<Option<PathBuf>, Fault> {
        let Some(token) = self.first_link()? else { return Ok(None) };
        let path = self.0.folder.join(FILE);
        private_file::write(&path, format!("{address}{FIRST_PLACE}#{token}\n").as_bytes()).map_err(|error| {
            tracing::error!(%error, "the link to the first account could not be kept");
            Fault::broken()
        })?;
        Ok(Some(path))
    }
}

impl Parts {
    /// Makes the first account of the city, once, for who holds the link.
    pub fn add_first_account(&self, by: &Actor, seat: &Seat, token: &str, name: &str, password: &str) -> Result<RecordId, Refusal> {
        let now = self.clock.seconds();
        let link = setting_of(token);
        let check = |tx: &Tx<'_>| -> Result<(), Refusal> {
            let until = tx.setting(&link)?.and_then(|until| until.parse::<i64>().ok());
            if until.is_some_and(|until| until > now) && !tx.any_account()? {
                return Ok(());
            }
            Err(fault!(Code::Forbidden, account::FIRST_LINK_OVER).into())
        };
        // Looked at before as well: hashing a password is dear, and not for strangers.
        self.store.read(check)?;
        let name = good_name(name)?;
        let password_hash = hash_strong(seat, name, password)?;
        let made = self.audited(by, AuditEvent::FirstAccount, |tx, noted| {
            check(tx)?;
            let id = self.put_account(tx, name, Role::City, &city::of(tx)?, &password_hash, now)?;
            noted.record(RecordKind::Account, id.bytes()).object(name);
            tx.unset_all(SETTING)?;
            Ok(id)
        })?;
        // What it holds opens nothing any more.
        drop(std::fs::remove_file(self.folder.join(FILE)));
        Ok(made)
    }
}
