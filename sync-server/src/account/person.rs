//! Whose account it is: the person's name and telephone. Accounts with one telephone are one person's: of administrators' duties such a person has
//! one (`rule::apart`), and confirms nothing that another account of theirs asked for. Who has two telephones is two persons here.

use super::account_named;
use crate::fault::Refusal;
use crate::store::{AccountRow, Tx};
use crate::{Parts, Server};
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditEvent, RecordKind, Role};
use shared::rule::apart::{DutyRefused, may_be_of_one_person};
use shared::rule::phone::PhoneNumber;
use shared::schema::{Fields, Value};

/// A person, as whoever invites names them.
pub struct Person {
    pub name: String,
    pub phone: PhoneNumber,
}

impl Person {
    /// Reads a name and a telephone.
    pub fn read(name: &str, phone: &str) -> Result<Self, Refusal> {
        let bad = || Refusal::from(fault!(Code::BadInput, accounts::BAD_PERSON));
        let name = super::good_name(name).map_err(|_| bad())?.to_owned();
        // A landline is an office's, and many people's.
        let phone = PhoneNumber::parse(phone).ok().filter(|phone| phone.as_str().len() == 11 && phone.as_str().starts_with('1'));
        Ok(Self { name, phone: phone.ok_or_else(bad)? })
    }
}

/// Refuses an account of that role to a person who has one of another duty; `but` is the account itself.
pub fn one_duty(tx: &Tx<'_>, phone: Option<&str>, but: &[u8], role: Role) -> Result<(), Refusal> {
    let Some(phone) = phone else { return Ok(()) };
    let parted = tx.accounts_of_person(phone)?.into_iter().any(|(id, other)| id != but && !may_be_of_one_person(role, other));
    if parted { Err(Fault::from(DutyRefused::OtherDuty).into()) } else { Ok(()) }
}

/// Whether the account of that id is `by`, or of the same person.
pub fn is_of_same_person(tx: &Tx<'_>, by: &AccountRow, id: Option<&[u8]>) -> Result<bool, Refusal> {
    let Some(id) = id else { return Ok(false) };
    if id == by.id {
        return Ok(true);
    }
    let other = tx.account_kept(id)?.and_then(|(account, _)| account.phone);
    Ok(other.is_some() && other == by.phone)
}

impl Server {
    /// Says whose an account is.
    ///
    /// # Errors
    /// A [`Fault`] when there is no such account, or the person has one of another duty.
    pub fn name_person(&self, name: &str, person: &str, phone: &str) -> Result<(), Fault> {
        let parts: &Parts = &self.0;
        let named: Result<(), Refusal> = parts.commanded(AuditEvent::AccountPerson, |tx, noted| {
            noted.object(name);
            let (id, _) = account_named(tx, name)?;
            noted.record(RecordKind::Account, &id);
            let person = Person::read(person, phone)?;
            if let Some((account, _)) = tx.account_kept(&id)? {
                one_duty(tx, Some(person.phone.as_str()), &id, account.role)?;
            }
            let text = |text: &str| Value::Text(text.into());
            let changes = Fields::from([("person".into(), text(&person.name)), ("phone".into(), text(person.phone.as_str()))]);
            Ok(parts.centre.change(tx, RecordKind::Account, &id, &changes, parts.clock.seconds())?)
        });
        Ok(named?)
    }
}
