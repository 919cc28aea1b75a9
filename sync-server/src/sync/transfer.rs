//! 转档申请: nobody fetches a file by claiming it. What a place writes about a person whom another place holds is kept here as it came; the
//! township that holds the file is asked, and only its answer moves the file, merges what was kept and seals the keys anew.

use super::touch;
use crate::Parts;
use crate::audit::{Actor, Event};
use crate::clock::civil;
use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::secret;
use crate::store::{HeldChange, Identity, Scope, StoreError, Tx, scope_keys};
use shared::division;
use shared::fault::Code;
use shared::kinds::{AuditDetail, AuditEvent, Level, RecordKind, Transfer, TransferAnswer, TransferSide};
use shared::schema::{Fields, PLACING, Record, RecordId, Value};
use shared::wire::{RefusedReason, WireChange};
use std::collections::BTreeSet;

/// About so many people a device may ask in a day: who asks for more is guessing.
const PEOPLE_A_DAY: i64 = 50;
const DAY: i64 = 86_400;
/// So many changes are kept of one place about one person.
const CHANGES_A_PERSON: usize = 64;
/// For so long the county leaves the answer to the township, in seconds: five days.
const TOWNSHIP_FIRST: i64 = 5 * 86_400;

/// Who asks, and what stands around the asking.
#[derive(Clone, Copy)]
pub struct Asker<'a, 'c> {
    pub parts: &'a Parts,
    pub tx: &'a Tx<'c>,
    pub device: &'a Identity,
    /// The server's time, in seconds.
    pub at: i64,
}

/// The record of a request at one of its two sides: the same, however often it is asked.
fn request_id(elder: &[u8], scope: &str, side: TransferSide) -> RecordId {
    let name = [b"transfer ", elder, scope.as_bytes(), &[0], side.code().as_bytes()].concat();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&secret::sha256(&name)[..16]);
    RecordId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Keeps a change about somebody whom another place holds, and asks that place once.
///
/// # Errors
/// [`StoreError`]
pub fn ask(asker: Asker<'_, '_>, journal: &mut Journal<'_, '_>, change: &WireChange) -> Result<RefusedReason, StoreError> {
    let Asker { tx, device, at, .. } = asker;
    let scope = device.scope().key();
    let held = tx.held(&change.record, &scope)?;
    if held.iter().any(|held| held.bytes == change.bytes && held.kind == change.kind) {
        return Ok(RefusedReason::Asked);
    }
    if held.len() >= CHANGES_A_PERSON {
        return Ok(RefusedReason::ForeignScope);
    }
    if held.is_empty() && asked_for(asker)? >= PEOPLE_A_DAY {
        return Ok(RefusedReason::ForeignScope);
    }
    let kept = HeldChange { kind: change.kind.clone(), bytes: change.bytes.clone(), device: device.id.clone(), at };
    tx.hold(&change.record, &scope, held.len(), &kept)?;
    if change.kind == RecordKind::Elder.code() {
        tell_both(asker, journal, change.record, &scope)?;
    }
    Ok(RefusedReason::Asked)
}

/// For how many people of other places the device asked in a day.
fn asked_for(Asker { tx, device, at, .. }: Asker<'_, '_>) -> Result<i64, StoreError> {
    tx.held_since(&device.id, at - DAY)
}

/// Notes where the device asked for as many people as it may: whoever goes through a list of numbers stands in the audit log.
///
/// # Errors
/// [`StoreError`]
pub fn tell_of_too_many(asker: Asker<'_, '_>, by: &Actor) -> Result<(), StoreError> {
    if asked_for(asker)? < PEOPLE_A_DAY {
        return Ok(());
    }
    let mut event = Event::of(AuditEvent::AskedForTooMany);
    asker.parts.note(asker.tx, by, event.refused(Code::Refused).made(AuditDetail::Persons, PEOPLE_A_DAY))
}

/// The devices that ask for so many people of other places that somebody should look at them: half of what one may in a day.
///
/// # Errors
/// [`StoreError`]
pub fn who_ask_for_many(tx: &Tx<'_>, now: i64) -> Result<BTreeSet<Vec<u8>>, StoreError> {
    tx.holding_many_since(now - DAY, PEOPLE_A_DAY / 2)
}

/// Whether the device's place asked for that person already.
///
/// # Errors
/// [`StoreError`]
pub fn is_asking(asker: Asker<'_, '_>, elder: [u8; 16]) -> Result<bool, StoreError> {
    Ok(!asker.tx.held(&elder, &asker.device.scope().key())?.is_empty())
}

/// The request, told where the file is and where it is asked for.
fn tell_both(asker: Asker<'_, '_>, journal: &mut Journal<'_, '_>, elder: [u8; 16], scope: &str) -> Result<(), StoreError> {
    let Asker { parts, tx, device, at } = asker;
    let Some(file) = journal.fields((RecordKind::Elder, elder))? else { return Ok(()) };
    let place = |name: &str| match file.get(name) {
        Some(Value::Text(code)) if !code.is_empty() => Some(code.to_string()),
        _ => None,
    };
    let asked_by = match &device.canteen {
        Some(code) => tx.canteen(code)?.map(|canteen| canteen.name).unwrap_or_default(),
        None => division::name(&device.division).to_owned(),
    };
    let sides = [
        (TransferSide::Holding, place("canteen"), place("division").unwrap_or_default()),
        (TransferSide::Asking, device.canteen.clone(), device.division.clone()),
    ];
    for (side, canteen, division) in sides {
        let id = request_id(&elder, scope, side);
        if let Some(known) = read(journal, *id.0.as_bytes())? {
            // The file was handed over, and has left since: an answer is good for one time.
            if known.answer == Some(TransferAnswer::Agreed) {
                let now = Value::Text(civil(at).to_string().as_str().into());
                let anew = Fields::from([("answer".into(), Value::Null), ("reason".into(), Value::Null), ("asked_at".into(), now)]);
                change(parts, journal, RecordKind::Transfer, *id.0.as_bytes(), &anew, at)?;
            }
            continue;
        }
        let request = Transfer {
            elder: RecordId(uuid::Uuid::from_bytes(elder)),
            side,
            canteen,
            division,
            asked_by: asked_by.clone(),
            asked_at: civil(at),
            answer: None,
            reason: None,
        };
        logged(parts.centre.append_first(journal, id, &request, at))?;
    }
    Ok(())
}

/// Whether a device may answer a request: at the side that holds the file, by who sees the file, and the county not before its time.
///
/// # Errors
/// [`StoreError`]
pub fn may_answer(device: &Identity, journal: &mut Journal<'_, '_>, request: [u8; 16], at: i64) -> Result<bool, StoreError> {
    // A restored server may not know it yet, nor the file: then nothing follows from the answer.
    let Some(request) = read(journal, request)? else { return Ok(true) };
    if request.side != TransferSide::Holding {
        return Ok(false);
    }
    let above = |level: Level| matches!(level, Level::County | Level::City);
    if above(device.level()) && !above(division::level(&request.division)) && request.asked_at > civil(at - TOWNSHIP_FIRST) {
        return Ok(false);
    }
    match journal.fields((RecordKind::Elder, *request.elder.0.as_bytes()))? {
        Some(file) => touch::sees(journal, device, RecordKind::Elder, &file),
        None => Ok(true),
    }
}

fn read(journal: &mut Journal<'_, '_>, request: [u8; 16]) -> Result<Option<Transfer>, StoreError> {
    Ok(journal.fields((RecordKind::Transfer, request))?.and_then(|fields| Transfer::from_fields(&fields).ok()))
}

/// Does what was answered: who asked is told, and a file that is handed over moves. Gives the answer, where somebody waited for it.
///
/// # Errors
/// [`StoreError`]
pub fn answered(
    parts: &Parts,
    tx: &Tx<'_>,
    journal: &mut Journal<'_, '_>,
    request: [u8; 16],
    at: i64,
) -> Result<Option<TransferAnswer>, StoreError> {
    let Some(holding) = read(journal, request)? else { return Ok(None) };
    let (Some(answer), elder) = (holding.answer, *holding.elder.0.as_bytes()) else { return Ok(None) };
    let mut told_to = None;
    for scope in tx.holders(&elder)? {
        if *request_id(&elder, &scope, TransferSide::Holding).0.as_bytes() != request {
            continue;
        }
        let asking = *request_id(&elder, &scope, TransferSide::Asking).0.as_bytes();
        let Some(asked) = read(journal, asking)? else { continue };
        told_to = Some(answer);
        let told = Fields::from([
            ("answer".into(), Value::Text(answer.code().into())),
            ("reason".into(), holding.reason.as_deref().map_or(Value::Null, |reason| Value::Text(reason.into()))),
        ]);
        change(parts, journal, RecordKind::Transfer, asking, &told, at)?;
        if answer == TransferAnswer::Agreed && journal.fields((RecordKind::Elder, elder))?.is_some() {
            let there = placed(tx, &asked, &tx.held(&elder, &scope)?)?;
            change(parts, journal, RecordKind::Elder, elder, &there, at)?;
            merge(tx, journal, elder, &scope)?;
            // What was merged says where the file is as well: the answer counts.
            change(parts, journal, RecordKind::Elder, elder, &there, at)?;
            parts.keys().follow(journal, elder, at)?;
            end_bindings(parts, tx, journal, elder, asked.canteen.as_deref().unwrap_or_default(), at)?;
        }
    }
    Ok(told_to)
}

/// She eats nowhere else any more.
fn end_bindings(
    parts: &Parts,
    tx: &Tx<'_>,
    journal: &mut Journal<'_, '_>,
    elder: [u8; 16],
    canteen: &str,
    at: i64,
) -> Result<(), StoreError> {
    journal.flush()?;
    let today = Fields::from([("until".into(), Value::Text(civil(at).date().to_string().as_str().into()))]);
    for binding in tx.open_bindings(&elder, canteen)? {
        change(parts, journal, RecordKind::Binding, binding, &today, at)?;
    }
    Ok(())
}

/// Files that moved by themselves to where they were asked for: what was kept of that place is merged.
///
/// # Errors
/// [`StoreError`]
pub fn meet(parts: &Parts, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, elder: [u8; 16], at: i64) -> Result<(), StoreError> {
    for scope in tx.holders(&elder)? {
        let Some(file) = journal.fields((RecordKind::Elder, elder))? else { return Ok(()) };
        let audiences = journal.audiences(RecordKind::Elder, &file)?;
        if !scope_keys(&audiences).contains(&scope) {
            continue;
        }
        for side in [TransferSide::Holding, TransferSide::Asking] {
            let request = *request_id(&elder, &scope, side).0.as_bytes();
            if read(journal, request)?.is_some() {
                let told = Fields::from([("answer".into(), Value::Text(TransferAnswer::Agreed.code().into()))]);
                change(parts, journal, RecordKind::Transfer, request, &told, at)?;
            }
        }
        let placing = PLACING.map(|name| (name, file.get(name).cloned().unwrap_or(Value::Null)));
        merge(tx, journal, elder, &scope)?;
        change(parts, journal, RecordKind::Elder, elder, &placing.into_iter().map(|(name, value)| (name.into(), value)).collect(), at)?;
        parts.keys().follow(journal, elder, at)?;
    }
    Ok(())
}

/// Where the file goes: the asking canteen, and the village that was typed there, as far as it lies in its town.
fn placed(tx: &Tx<'_>, asked: &Transfer, held: &[HeldChange]) -> Result<Fields, StoreError> {
    let elder = (RecordKind::Elder, *asked.elder.0.as_bytes());
    let said = held.iter().filter(|held| held.kind == RecordKind::Elder.code()).filter_map(|held| Incoming::read(elder, &held.bytes).ok());
    let said: Fields = said.flat_map(|change| change.touched().clone()).collect();
    let text = |name: &str| match said.get(name) {
        Some(Value::Text(code)) => Some(code.to_string()),
        _ => None,
    };
    let town = division::town_of(&asked.division);
    let division = text("division").filter(|code| division::within(code, town)).unwrap_or_else(|| town.to_owned());
    let canteen = match &asked.canteen {
        Some(own) => Some(own.clone()),
        None => match text("canteen") {
            Some(code) => tx.canteen(&code)?.filter(|site| division::within(&site.division, &asked.division)).map(|site| site.code),
            None => None,
        },
    };
    Ok(Fields::from([
        ("canteen".into(), canteen.map_or(Value::Null, |code| Value::Text(code.as_str().into()))),
        ("division".into(), Value::Text(division.as_str().into())),
    ]))
}

/// Merges what a place wrote into the file, which it sees by now.
fn merge(tx: &Tx<'_>, journal: &mut Journal<'_, '_>, elder: [u8; 16], scope: &str) -> Result<(), StoreError> {
    for held in tx.held(&elder, scope)? {
        let bearer = tx.device_scope(&held.device)?;
        let by = Writer { device: bearer.as_ref().map(|bearer: &Scope| (held.device.as_slice(), bearer)), at: held.at };
        if held.kind == RecordKind::KEYS.code() {
            journal.append_key(elder, &held.bytes, by)?;
            continue;
        }
        let Ok(change) = Incoming::read((RecordKind::Elder, elder), &held.bytes) else { continue };
        match journal.append(change, by) {
            Ok(()) => {}
            Err(JournalError::Unmergeable) => {
                tracing::error!(record = hex::encode(elder), "what was kept of a file does not merge with it")
            }
            Err(JournalError::Store(error)) => return Err(error),
        }
    }
    tx.let_go(&elder, scope)
}

/// Changes a record as the centre; nothing where it says so already.
fn change(
    parts: &Parts,
    journal: &mut Journal<'_, '_>,
    kind: RecordKind,
    record: [u8; 16],
    fields: &Fields,
    at: i64,
) -> Result<(), StoreError> {
    let present = journal.fields((kind, record))?.unwrap_or_default();
    let mut changes = fields.clone();
    changes.retain(|name, value| present.get(name).unwrap_or(&Value::Null) != value);
    if changes.is_empty() { Ok(()) } else { logged(parts.centre.append_next(journal, kind, record, &changes, at)) }
}

fn logged(done: Result<(), JournalError>) -> Result<(), StoreError> {
    match done {
        Ok(()) => Ok(()),
        Err(JournalError::Store(error)) => Err(error),
        Err(JournalError::Unmergeable) => Err(StoreError::Overlooked),
    }
}
