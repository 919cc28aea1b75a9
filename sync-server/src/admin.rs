//! What an administrator does: canteens, prices, devices and their codes. Behind the
//! command line and the console alike; scopes are checked by the console before it comes here.

use crate::audit::{Actor, Place};
use crate::city;
use crate::clock::civil;
use crate::fault::Refusal;
use crate::journal::{Journal, JournalError};
use crate::key_provider::KeyProvider;
use crate::store::{CodeFor, QuarantinedRow, StoreError, Tx};
use crate::sync::doubt;
use crate::{Parts, Server, secret};
use jiff::civil::DateTime;
use serde::Serialize;
use shared::console::CodeGiven;
use shared::crdt::CrdtError;
use shared::division;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent, Canteen, Meal, MenuPrice, NoticeOf, RecordKind};
use shared::money::Fen;
use shared::rule::doubt::is_possible;
use shared::rule::name;
use shared::schema::{Fields, RecordId, Value};
use shared::wire::EnrolCode;
use shared::{fault, say};

/// A record whose changes do not merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// Code word of its kind.
    pub kind: String,
    /// What its kind is called.
    pub kind_name: String,
    /// Its id, in hex.
    pub record: String,
    /// The change with which it began, by its place in the log.
    pub seq: i64,
    /// Since when.
    pub since: DateTime,
    /// What is wrong.
    pub reason: String,
}

/// How long the code of a device can be used, in seconds: seven days.
const CODE_LIVES: i64 = 7 * 86_400;

impl Server {
    /// Adds a canteen in a town or village, run by an operator (by id or name) where one is given; gives its code.
    ///
    /// # Errors
    /// A [`Fault`] names what is wrong.
    pub fn add_canteen(&self, name: &str, division: &str, operator: Option<&str>) -> Result<CodeGiven, Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let code = parts.commanded(AuditEvent::CanteenAdded, |tx, noted| {
            noted.said(AuditDetail::Name, name).at(Place::division(division));
            let operator = operator.map(|meant| parts.operator(tx, meant)).transpose()?;
            let code = parts.add_canteen(tx, name, division, operator, now)?;
            noted.object(&code).at(Place { division: division.to_owned(), canteen: Some(code.clone()) });
            Ok(code)
        })?;
        Ok(CodeGiven { code })
    }

    /// A canteen belongs to another town or village from now on: all that names it is seen there and no longer where it was.
    ///
    /// # Errors
    /// A [`Fault`] when one of them is not known.
    pub fn move_canteen(&self, code: &str, division: &str) -> Result<(), Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let done: Result<(), Refusal> = parts.commanded(AuditEvent::CanteenMoved, |tx, noted| {
            let before = tx.canteen(code)?.map(|site| site.division);
            noted.object(code).values(before.as_deref(), Some(division)).at(Place::division(division));
            check_division(division)?;
            let Some(canteen) = tx.canteen_record(code)? else {
                return Err(fault!(Code::BadInput, place::no_such_canteen(code)).into());
            };
            noted.record(RecordKind::Canteen, canteen.bytes()).at(Place { division: division.to_owned(), canteen: Some(code.to_owned()) });
            let there = Fields::from([("division".into(), Value::Text(division.into()))]);
            let devices = tx.records_at(RecordKind::Device, code)?.into_iter().map(|device| (RecordKind::Device, device));
            for (kind, record) in [(RecordKind::Canteen, *canteen.0.as_bytes())].into_iter().chain(devices) {
                match parts.centre.change(tx, kind, &record, &there, now) {
                    Err(JournalError::Store(StoreError::Crdt(CrdtError::Unchanged))) => {}
                    done => done?,
                }
            }
            // The keys of its elders go along, sealed for the town where they are seen now.
            let mut journal = Journal::open(tx)?;
            for some in tx.records_at(RecordKind::Elder, code)?.chunks(1_024) {
                journal.expect(some.to_vec())?;
                for elder in some {
                    parts.keys().follow(&mut journal, *elder, now)?;
                }
            }
            Ok(journal.flush()?)
        });
        Ok(done?)
    }

    /// A dish of a canteen and its price, from today.
    ///
    /// # Errors
    /// A [`Fault`] names what is wrong.
    pub fn add_price(&self, canteen: &str, meal: Meal, name: &str, price: Fen) -> Result<(), Fault> {
        let parts = &self.0;
        let (now, today) = (parts.clock.seconds(), parts.clock.civil().date());
        let name = name.trim();
        let done: Result<(), Refusal> = parts.commanded(AuditEvent::PriceAdded, |tx, noted| {
            noted.object(format!("{} {name}", meal.code())).values(None, Some(&price.to_string())).at(Place::canteen(canteen));
            if name.is_empty() || !is_possible(price) {
                return Err(fault!(Code::BadInput, menu::BAD_DISH).into());
            }
            check_seen(name)?;
            if tx.canteen(canteen)?.is_none() {
                return Err(fault!(Code::BadInput, place::no_such_canteen(canteen)).into());
            }
            let dish = MenuPrice { canteen: canteen.to_owned(), meal, name: name.to_owned(), price, valid_from: today, valid_to: None };
            let id = parts.centre.create(tx, &dish, now)?;
            noted.record(RecordKind::MenuPrice, id.bytes());
            doubt::list_changed(parts, tx, canteen, today, now)?;
            Ok(())
        });
        Ok(done?)
    }

    /// A one-time code for a device at a canteen or in a division.
    ///
    /// # Errors
    /// A [`Fault`] names what is wrong.
    pub fn device_code(&self, canteen: Option<&str>, division: Option<&str>) -> Result<CodeGiven, Fault> {
        Ok(self.0.device_code(&Actor::at_machine(), canteen, division)?)
    }

    /// Shuts a device out for good.
    ///
    /// # Errors
    /// A [`Fault`] when there is no such device.
    pub fn revoke_device(&self, number: i64) -> Result<(), Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let done: Result<(), Refusal> = parts.commanded(AuditEvent::DeviceRevoked, |tx, noted| {
            noted.object(number);
            let Some(device) = tx.device_by_number(number)? else {
                return Err(fault!(Code::NotFound, device::no_such_number(number)).into());
            };
            noted.record(RecordKind::Device, &device).at(tx.device_scope(&device)?.as_ref().map(Place::from).unwrap_or_default());
            let revoked = tx.row(RecordKind::Device, &device)?.is_some_and(|row| row.get("revoked") == Some(&Value::Bool(true)));
            if !revoked {
                let changes = Fields::from([("revoked".into(), Value::Bool(true))]);
                parts.centre.change(tx, RecordKind::Device, &device, &changes, now)?;
                parts.revoke(tx, NoticeOf::Device, &device)?;
            }
            Ok(())
        });
        Ok(done?)
    }
}

impl Server {
    /// Records that are quarantined since their changes do not merge, the oldest first.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn quarantine(&self) -> Result<Vec<Quarantined>, Fault> {
        let all = self.0.commanded(AuditEvent::QuarantineListed, |tx, _| Ok(tx.all_quarantined()?))?;
        let told = |one: QuarantinedRow| Quarantined {
            kind_name: RecordKind::of_code(&one.kind).map_or_else(|| say!(record::OF_A_LATER_KIND), RecordKind::said).to_owned(),
            kind: one.kind,
            record: hex::encode(one.record),
            seq: one.seq,
            since: civil(one.at),
            reason: in_words(one.reason),
        };
        Ok(all.into_iter().map(told).collect())
    }
}

/// Why a record is put aside. What an older program noted stands there in words already.
fn in_words(reason: String) -> String {
    match reason.as_str() {
        "does_not_merge" => say!(record::DOES_NOT_MERGE).to_owned(),
        "damaged_change" => say!(record::DAMAGED_CHANGE).to_owned(),
        _ => reason,
    }
}

/// Whether a name is seen as it is.
pub(crate) fn check_seen(name: &str) -> Result<(), Refusal> {
    if name::is_plain(name) { Ok(()) } else { Err(fault!(Code::BadInput, form::UNSEEN_IN_NAME).into()) }
}

fn check_division(division: &str) -> Result<(), Refusal> {
    if division::find(division).is_none_or(|entry| entry.code.len() < 9) {
        return Err(fault!(Code::BadInput, place::no_such_town(division)).into());
    }
    Ok(())
}

impl Parts {
    /// Adds a canteen inside a transaction; gives its code.
    pub fn add_canteen(&self, tx: &Tx<'_>, name: &str, division: &str, operator: Option<RecordId>, now: i64) -> Result<String, Refusal> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 60 {
            return Err(fault!(Code::BadInput, place::BAD_CANTEEN_NAME).into());
        }
        check_seen(name)?;
        check_division(division)?;
        let number = tx.canteen_count()? + 1;
        let code = format!("C{number:03}");
        let canteen = Canteen {
            code: code.clone(),
            name: name.to_owned(),
            division: division.to_owned(),
            operator,
            cut_off_breakfast: "07:00".into(),
            cut_off_lunch: "10:30".into(),
            cut_off_dinner: "16:30".into(),
            receipt_free_hours: 24,
        };
        self.centre.create(tx, &canteen, now)?;
        Ok(code)
    }

    /// A one-time code for a device.
    pub fn device_code(&self, by: &Actor, canteen: Option<&str>, division: Option<&str>) -> Result<CodeGiven, Refusal> {
        let now = self.clock.seconds();
        self.audited(by, AuditEvent::DeviceCode, |tx, noted| {
            noted.at(canteen.map_or_else(|| Place::division(division.unwrap_or_default()), Place::canteen));
            let site = match (canteen, division) {
                (Some(code), None) => {
                    let Some(canteen) = tx.canteen(code)? else {
                        return Err(fault!(Code::BadInput, place::no_such_canteen(code)).into());
                    };
                    CodeFor { canteen: Some(canteen.code), division: canteen.division }
                }
                (None, Some(code)) => {
                    if division::find(code).is_none() {
                        let city = city::of(tx)?;
                        return Err(fault!(Code::BadInput, place::no_such_division(code, &city)).into());
                    }
                    CodeFor { canteen: None, division: code.to_owned() }
                }
                _ => return Err(fault!(Code::BadInput, device::WITHOUT_A_PLACE).into()),
            };
            let code = EnrolCode { digits: secret::digits(), server: self.server_key.fingerprint() };
            tx.put_code(&self.code_mark(&code.digits), &site, now + CODE_LIVES)?;
            Ok(CodeGiven { code: code.to_string() })
        })
    }

    /// How a code stands in the table: eight digits are soon tried out, so they are hashed under a key that is not in the database.
    pub(crate) fn code_mark(&self, digits: &str) -> [u8; 32] {
        self.crypto.mac(&self.key_provider.derive("enrolment codes"), digits.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_record_is_put_aside_is_told_in_words() {
        for (noted, told) in [
            (CrdtError::Merge.code(), "修改记录互相冲突，合不到一起"),
            (CrdtError::NotFlat.code(), "有一条修改记录已损坏，读不出来"),
            ("有一条修改记录已损坏，读不出来", "有一条修改记录已损坏，读不出来"),
            ("of_a_later_server", "of_a_later_server"),
        ] {
            assert_eq!(in_words(noted.to_owned()), told);
        }
    }
}
