//! 运营商: who runs canteens. Entered by the centre, named on a canteen, read by desks.

use crate::admin::check_seen;
use crate::audit::Place;
use crate::fault::Refusal;
use crate::store::Tx;
use crate::{Parts, Server};
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent, Operator, RecordKind};
use shared::schema::{FieldValue, Fields, RecordId, TextValue, Value};

/// An operator, for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperatorGiven {
    /// Its record.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 统一社会信用代码
    pub licence: Option<String>,
    /// Its phone.
    pub phone: Option<String>,
    /// Codes of the canteens it runs.
    pub canteens: Vec<String>,
}

impl Server {
    /// Adds an operator.
    ///
    /// # Errors
    /// A [`Fault`] names what is wrong.
    pub fn add_operator(&self, name: &str, licence: Option<&str>, phone: Option<&str>) -> Result<OperatorGiven, Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let text = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let operator =
            Operator { name: name.trim().to_owned(), licence: text(licence).map(|code| code.to_uppercase()), phone: text(phone) };
        let done: Result<OperatorGiven, Refusal> = parts.commanded(AuditEvent::OperatorAdded, |tx, noted| {
            noted.said(AuditDetail::Name, &operator.name);
            check(&operator)?;
            if tx.operators()?.iter().any(|line| line.name == operator.name || (line.licence.is_some() && line.licence == operator.licence))
            {
                return Err(fault!(Code::BadInput, operator::known_already(&operator.name)).into());
            }
            let id = parts.centre.create(tx, &operator, now)?;
            noted.record(RecordKind::Operator, id.bytes());
            let Operator { name, licence, phone } = operator.clone();
            Ok(OperatorGiven { id: id.to_string(), name, licence, phone, canteens: Vec::new() })
        });
        Ok(done?)
    }

    /// All operators with the canteens they run.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn operators(&self) -> Result<Vec<OperatorGiven>, Fault> {
        let lines = self.0.commanded(AuditEvent::OperatorsListed, |tx, _| Ok(tx.operators()?))?;
        let given = lines.into_iter().map(|line| OperatorGiven {
            id: line.id.to_string(),
            name: line.name,
            licence: line.licence,
            phone: line.phone,
            canteens: line.canteens,
        });
        Ok(given.collect())
    }

    /// Names the operator (by id or name) that runs a canteen from now on.
    ///
    /// # Errors
    /// A [`Fault`] when one of them is not known.
    pub fn name_operator(&self, canteen: &str, operator: &str) -> Result<(), Fault> {
        let parts = &self.0;
        let now = parts.clock.seconds();
        let done: Result<(), Refusal> = parts.commanded(AuditEvent::CanteenOperator, |tx, noted| {
            noted.object(canteen).at(Place::canteen(canteen)).values(None, Some(operator));
            let Some(record) = tx.canteen_record(canteen)? else {
                return Err(fault!(Code::BadInput, place::no_such_canteen(canteen)).into());
            };
            let operator = parts.operator(tx, operator)?;
            let row = tx.row(RecordKind::Canteen, record.bytes())?.unwrap_or_default();
            let stands = if let Some(Value::Text(text)) = row.get("operator") { RecordId::of_text(text) } else { None };
            let name = |id: Option<RecordId>| id.map(|id| id.to_string());
            noted.record(RecordKind::Canteen, record.bytes()).values(name(stands).as_deref(), name(Some(operator)).as_deref());
            if stands != Some(operator) {
                let mut changes = Fields::new();
                operator.put("operator", &mut changes);
                parts.centre.change(tx, RecordKind::Canteen, record.bytes(), &changes, now)?;
            }
            Ok(())
        });
        Ok(done?)
    }
}

impl Parts {
    /// The operator that somebody means by its id or its name.
    pub fn operator(&self, tx: &Tx<'_>, meant: &str) -> Result<RecordId, Refusal> {
        let meant = meant.trim();
        let found = tx.operators()?.into_iter().find(|line| line.name == meant || RecordId::of_text(meant) == Some(line.id));
        found.map(|line| line.id).ok_or_else(|| fault!(Code::BadInput, operator::no_such_operator(meant)).into())
    }
}

fn check(operator: &Operator) -> Result<(), Refusal> {
    if operator.name.is_empty() || operator.name.chars().count() > 60 {
        return Err(fault!(Code::BadInput, operator::BAD_NAME).into());
    }
    check_seen(&operator.name)?;
    if operator.licence.as_ref().is_some_and(|code| code.len() != 18 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        return Err(fault!(Code::BadInput, operator::BAD_LICENCE).into());
    }
    if operator.phone.as_ref().is_some_and(|phone| shared::rule::phone::PhoneNumber::parse(phone).is_err()) {
        return Err(fault!(Code::BadInput, operator::BAD_PHONE).into());
    }
    Ok(())
}
