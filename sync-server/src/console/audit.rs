//! The audit log as auditors read it: a page by the number of the row before, in words of the reader's language.

use crate::Server;
use crate::clock::civil;
use crate::store::{AuditAsk, AuditRow, Reading, Scope, StoreError, Tx};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::Serialize;
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent, AuditResult, DisclosureAct, DisclosureReason, RecordKind, Role, TransferAnswer};
use shared::list::{Condition, ListPage, ListRow, ListSpec, PAGE};
use shared::say;
use shared::schema::{Fields, RecordId, Value};
use std::fmt;

/// A page of the list.
pub fn page(tx: &Tx<'_>, reading: &Reading) -> Result<ListPage, StoreError> {
    let mut found = tx.audit_page(&reading.place, &ask(reading), i64::from(PAGE) + 1)?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().map(|last| last.number).filter(|_| more);
    Ok(ListPage { rows: found.iter().map(row).collect(), next, ..ListPage::default() })
}

/// A row of the audit log, for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditListed {
    /// Its number.
    pub number: i64,
    /// When, civil time of China.
    pub at: DateTime,
    /// Code word of what happened.
    pub event: String,
    /// Code word of how it ended.
    pub result: String,
    /// The account.
    pub who: Option<String>,
    /// The number of the device.
    pub device: Option<i64>,
    /// From where.
    pub source: String,
    /// What it is about.
    pub object: String,
    /// What else is said of it.
    pub detail: String,
}

impl fmt::Display for AuditListed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = AuditEvent::of_code(&self.event).map_or(self.event.as_str(), |event| event.said());
        let result = AuditResult::of_code(&self.result).map_or(self.result.as_str(), |result| result.said());
        write!(f, "{} {} {event} {result}", self.number, self.at)?;
        let device = self.device.map(|number| number.to_string()).unwrap_or_default();
        let rest = [self.who.as_deref().unwrap_or_default(), &device, source(&self.source), &self.object, &self.detail];
        rest.into_iter().filter(|words| !words.is_empty()).try_for_each(|words| write!(f, " {words}"))
    }
}

impl Server {
    /// The last rows of the audit log, the newest first.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn audit_listed(&self, last: u32) -> Result<Vec<AuditListed>, Fault> {
        let found = self.0.commanded(AuditEvent::AuditListed, |tx, _| {
            let everywhere = Scope::Division(String::new());
            Ok(tx.audit_page(&everywhere, &AuditAsk::default(), i64::from(last))?)
        })?;
        let listed = |row: AuditRow| AuditListed {
            number: row.number,
            at: civil(row.at),
            object: object(&row),
            detail: details(&row),
            event: row.event,
            result: row.result,
            who: row.account,
            device: row.device_number,
            source: row.source,
        };
        Ok(found.into_iter().map(listed).collect())
    }
}

fn ask(reading: &Reading) -> AuditAsk {
    let mut ask = AuditAsk { before: reading.asked.before, ..AuditAsk::default() };
    for condition in &reading.asked.conditions {
        match condition {
            Condition::From(_, day) => ask.from = seconds(*day),
            Condition::To(_, day) => ask.until = day.checked_add(1.day()).ok().and_then(seconds),
            Condition::Is(_, code) => ask.event = Some(code.clone()),
            Condition::Yes(_) => ask.refused = true,
            Condition::Text(text) => ask.text = Some(text.clone()),
            // The list has no such filter.
            Condition::Within(..) => {}
        }
    }
    ask
}

/// The first second of a day in China.
fn seconds(day: Date) -> Option<i64> {
    let at = Offset::constant(8).to_timestamp(DateTime::from_parts(day, jiff::civil::Time::midnight())).ok()?;
    Some(at.as_second())
}

fn row(row: &AuditRow) -> ListRow {
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(|text| Value::Text(text.into()));
    let cells = [
        ("number", Some(Value::Int(row.number))),
        ("at", text(&civil(row.at).to_string())),
        ("event", text(&row.event)),
        ("refused", Some(Value::Bool(true)).filter(|_| row.result != AuditResult::Done.code())),
        ("result", text(&row.result)),
        ("who", row.account.as_deref().and_then(text)),
        ("device", row.device_number.map(Value::Int)),
        ("source", text(source(&row.source))),
        ("division", text(&row.division)),
        ("canteen", row.canteen.as_deref().and_then(text)),
        ("object", text(&object(row))),
        ("detail", text(&details(row))),
        ("device_id", row.device.as_ref().and_then(|id| text(&hex::encode(id)))),
        ("request", text(&format!("{:016x}", row.request))),
    ];
    let filled = cells.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
    ListRow { id: RecordId(uuid::Uuid::from_u128(u128::from(row.number.unsigned_abs()))), cells: filled.collect::<Fields>() }
}

fn source(source: &str) -> &str {
    match source {
        "machine" => say!(audit::MACHINE),
        "server" => say!(audit::ITSELF),
        address => address,
    }
}

/// A record by its kind and id, and what else it is about.
fn object(row: &AuditRow) -> String {
    let kind = row.kind.as_deref().map(|code| RecordKind::of_code(code).map_or_else(|| code.to_owned(), |kind| kind.said().to_owned()));
    let id = row.record.as_deref().and_then(RecordId::from_bytes).map(|id| id.to_string());
    let parts = [kind, row.object.clone().filter(|object| !object.is_empty()), id];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Before and after, and the details with their labels.
fn details(row: &AuditRow) -> String {
    let word = |value: &Option<String>| value.as_deref().map(in_words).unwrap_or_default();
    let mut words = Vec::new();
    match (word(&row.old_value), word(&row.new_value)) {
        (old, new) if old.is_empty() => words.extend(Some(new).filter(|new| !new.is_empty())),
        (old, new) => words.push(say!(audit::changed(&old, &new))),
    }
    for detail in row.detail.as_deref().unwrap_or_default().split(';').filter(|detail| !detail.is_empty()) {
        let (code, value) = detail.split_once('=').unwrap_or((detail, ""));
        words.push(match AuditDetail::of_code(code) {
            Some(known) => say!(audit::labelled(known.said(), &in_words(value))),
            None => detail.to_owned(),
        });
    }
    say!(audit::together(&words))
}

/// Code words that stand as values.
fn in_words(value: &str) -> String {
    let role = Role::of_code(value).map(Role::said);
    let answer = TransferAnswer::of_code(value).map(TransferAnswer::said);
    let reason = DisclosureReason::of_code(value).map(DisclosureReason::said);
    let act = DisclosureAct::of_code(value).map(DisclosureAct::said);
    let list = ListSpec::find(value).map(|list| list.title.said());
    role.or(answer).or(reason).or(act).or(list).unwrap_or(value).to_owned()
}
