//! Lists of persons as workbooks: asked for with a reason, given once and within a day, and above a measure after a second account agreed.
//! What is written into the workbook stands in `list`.

use super::clerk::{Clerk, signed_in};
use super::scope_of;
use crate::audit::{Actor, Event, Place};
use crate::clock::civil;
use crate::fault::Refusal;
use crate::store::{ExportAsked, Reading, Scope, StoreError, Tx};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use rand::RngExt;
use schemars::JsonSchema;
use serde::Deserialize;
use shared::console::{ExportAsk, ExportGiven};
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent, DisclosureReason, ExportState};
use shared::list::{End, ListPage, ListRow, ListSpec};
use shared::rights::console::reads;
use shared::rule::disclosure::{ReasonProblem, needs_second, number, stated};
use shared::schema::{Fields, RecordId, Value};
use shared::{fault, say};

/// A request is good for so many hours.
const HOURS: i64 = 24;
const DAY: i64 = HOURS * 3600;
/// What became of a request is shown for so long.
const SHOWN: i64 = 30 * DAY;

/// The words of an address, in an order of their own.
pub(super) fn in_order(words: &[(String, String)]) -> String {
    let mut words: Vec<&(String, String)> = words.iter().filter(|(name, word)| name != "page" && !word.is_empty()).collect();
    words.sort();
    serde_json::to_string(&words).unwrap_or_default()
}

/// A number for a workbook.
pub(super) fn new_number() -> String {
    number(rand::rng().random())
}

fn no_such() -> Refusal {
    fault!(Code::NotFound, disclosure::NO_SUCH_ASK).into()
}

fn waits(asked: &ExportAsked) -> Refusal {
    let persons = u64::try_from(asked.persons).unwrap_or(0);
    fault!(Code::Confirm, disclosure::waits_for_second(&asked.number, persons, HOURS)).into()
}

/// Asks for a workbook: it is given by the address of the list, at once or after a second account agreed.
pub async fn ask(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Query<ExportAsk>, QueryRejection>,
) -> Result<Json<ExportGiven>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Query(ask) = ask?;
        let list = ListSpec::at(End::Console).find(|list| list.name == ask.list && list.about.is_some()).ok_or_else(no_such)?;
        if !reads(clerk.account.role, list.name) {
            return Err(fault!(Code::Forbidden, account::NOT_THIS_ROLE).into());
        }
        let address = format!("/?{}", ask.words).parse().map_err(|_| fault!(Code::BadInput, request::wrong_in_address("words", None)))?;
        let Query(words) = Query::<Vec<(String, String)>>::try_from_uri(&address)?;
        let stated = stated(ask.reason, &ask.note).map_err(|problem| match problem {
            ReasonProblem::Missing => fault!(Code::BadInput, disclosure::NOT_ASKED),
            ReasonProblem::Unexplained => fault!(Code::BadInput, disclosure::UNEXPLAINED),
        })?;
        let reading = super::list::reading(parts, &clerk.account, list, &words)?;
        let persons = super::list::persons(parts, &reading)?;
        let (now, words) = (parts.clock.seconds(), in_order(&words));
        let asked = parts.store.write(|tx| {
            if let Some(known) = tx.export_asked(&clerk.account.id, list.name, &words, now - DAY)? {
                return Ok(known);
            }
            tx.forget_export_asks(now - SHOWN)?;
            let alone = tx.exported_alone(&clerk.account.id, now - DAY)?;
            let asked = ExportAsked {
                number: new_number(),
                account: clerk.account.id.clone(),
                name: clerk.account.name.clone(),
                role: clerk.account.role,
                division: clerk.account.division.clone(),
                list: list.name.to_owned(),
                words: words.clone(),
                reason: stated.reason.code().to_owned(),
                note: stated.note.clone(),
                persons,
                asked_at: now,
                second: needs_second(u64::try_from(alone.saturating_add(persons)).unwrap_or(u64::MAX)),
                agreed_by: None,
                taken_at: None,
            };
            tx.put_export_ask(&asked)?;
            let mut event = Event::of(AuditEvent::ExportAsked);
            parts.note(tx, &clerk.actor, told(&mut event, &asked))?;
            Ok::<_, Refusal>(asked)
        })?;
        if asked.second && asked.agreed_by.is_none() {
            return Err(waits(&asked));
        }
        Ok(Json(ExportGiven { number: asked.number }))
    })
    .await
}

/// What a row says of a request.
fn told<'e>(event: &'e mut Event, asked: &ExportAsked) -> &'e mut Event {
    event
        .at(Place::from(&asked.place()))
        .object(&asked.number)
        .said(AuditDetail::List, &asked.list)
        .made(AuditDetail::Persons, asked.persons);
    because(event, asked)
}

/// The reason, what was said beside it, and who agreed.
pub(super) fn because<'e>(event: &'e mut Event, asked: &ExportAsked) -> &'e mut Event {
    event.said(AuditDetail::Reason, &asked.reason);
    for (what, said) in [(AuditDetail::Note, &asked.note), (AuditDetail::Second, &asked.agreed_by)] {
        if let Some(said) = said {
            event.said(what, said);
        }
    }
    event
}

/// The reason in words.
pub(super) fn why(asked: &ExportAsked) -> String {
    let reason = DisclosureReason::of_code(&asked.reason).map_or(asked.reason.as_str(), |reason| reason.said());
    let note = [asked.note.clone(), asked.agreed_by.as_ref().map(|name| say!(disclosure::agreed_by(name)))];
    say!(disclosure::because(reason, &note.into_iter().flatten().collect::<Vec<_>>().join(" ")))
}

#[derive(Deserialize, JsonSchema)]
pub struct NumberPath {
    /// 导出申请的编号
    number: String,
}

/// A second account agrees.
pub async fn agree(
    State(server): State<Server>,
    clerk: Clerk,
    path: Result<Path<NumberPath>, PathRejection>,
) -> Result<Json<ExportGiven>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Path(NumberPath { number }) = path?;
        let since = parts.clock.seconds() - DAY;
        parts.audited(&clerk.actor, AuditEvent::ExportAgreed, |tx, event| {
            event.object(&number);
            let mut asked = tx.export_ask(&number, since)?.filter(|asked| asked.second).ok_or_else(no_such)?;
            if asked.account == clerk.account.id || !reaches(tx, &scope_of(&clerk.account), &asked.place())? {
                return Err(fault!(Code::Forbidden, disclosure::NOT_YOURS_TO_DECIDE).into());
            }
            if !tx.agree_to_export(&number, &clerk.account.name)? {
                return Err(no_such());
            }
            asked.agreed_by = None;
            told(event, &asked).said(AuditDetail::Name, &asked.name);
            Ok(Json(ExportGiven { number: asked.number }))
        })
    })
    .await
}

/// Whether a place is another one, or lies in it.
fn reaches(tx: &Tx<'_>, own: &Scope, place: &Scope) -> Result<bool, StoreError> {
    Ok(match (own, place) {
        (Scope::Canteen(own), Scope::Canteen(code)) => own == code,
        (Scope::Canteen(_), Scope::Division(_)) => false,
        (Scope::Division(own), Scope::Division(code)) => shared::division::within(code, own),
        (own, Scope::Canteen(code)) => tx.canteens(own)?.iter().any(|site| site.code == *code),
    })
}

/// The request by which somebody may have a list now.
pub(super) fn granted(parts: &Parts, account: &[u8], reading: &Reading, words: &[(String, String)]) -> Result<ExportAsked, Refusal> {
    let since = parts.clock.seconds() - DAY;
    let asked = parts.store.read(|tx| tx.export_asked(account, reading.list.name, &in_order(words), since))?;
    let asked = asked.ok_or_else(|| Refusal::from(fault!(Code::Confirm, disclosure::NOT_ASKED)))?;
    if asked.second && asked.agreed_by.is_none() {
        return Err(waits(&asked));
    }
    // What was agreed to was a number of persons: a few come by the hour, not another twentieth.
    if super::list::persons(parts, reading)? * 20 > asked.persons * 21 + 20 {
        return Err(no_such());
    }
    Ok(asked)
}

/// Notes that a workbook goes out, and uses the request for it: once.
pub(super) fn taken(parts: &Parts, by: &Actor, asked: Option<&ExportAsked>, event: &Event) -> Result<(), Refusal> {
    let now = parts.clock.seconds();
    parts.store.write(|tx| {
        if let Some(asked) = asked
            && !tx.take_export(&asked.number, now)?
        {
            return Err(no_such());
        }
        Ok(parts.note(tx, by, event)?)
    })
}

/// A page of the list of requests: of the reader's place and below.
pub fn page(tx: &Tx<'_>, reading: &Reading) -> Result<ListPage, StoreError> {
    let mut rows = Vec::new();
    for asked in tx.export_asks(i64::MIN)? {
        if reaches(tx, &reading.own, &asked.place())? {
            rows.push(row(&asked));
        }
    }
    let total = rows.len() as u64;
    let first = (reading.asked.page * shared::list::PAGE) as usize;
    Ok(ListPage { rows: rows.into_iter().skip(first).take(shared::list::PAGE as usize).collect(), total, ..ListPage::default() })
}

fn row(asked: &ExportAsked) -> ListRow {
    let text = |text: &str| Some(Value::Text(text.into())).filter(|_| !text.is_empty());
    let state = match (&asked.agreed_by, asked.taken_at) {
        (_, Some(_)) => ExportState::Taken,
        (None, None) if asked.second => ExportState::Waiting,
        _ => ExportState::Ready,
    };
    let title = ListSpec::find(&asked.list).map_or(asked.list.as_str(), |list| list.title.said());
    let cells = [
        ("number", text(&asked.number)),
        ("state", text(state.code())),
        ("at", text(&civil(asked.asked_at).to_string())),
        ("until", text(&civil(asked.asked_at + DAY).to_string())),
        ("who", text(&asked.name)),
        ("what", text(title)),
        ("persons", Some(Value::Int(asked.persons))),
        ("reason", text(&asked.reason)),
        ("note", asked.note.as_deref().and_then(text)),
        ("second", asked.agreed_by.as_deref().and_then(text)),
    ];
    let filled = cells.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
    let id = asked.number.bytes().fold(0u128, |id, byte| id << 8 | u128::from(byte));
    ListRow { id: RecordId(uuid::Uuid::from_u128(id)), cells: filled.collect::<Fields>() }
}
