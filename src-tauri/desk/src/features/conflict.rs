//! What was said differently in two places at once: the list for people, and their decision. It is an ordinary change
//! on top of all that stands, so that the conflicted is settled at every end; the rules of the ordinary edits hold, which the record's
//! own feature knows.

use super::DECIDED;
use crate::decision::Decision;
use crate::fault::missing;
use crate::journal::Mutation;
use crate::look::Look;
use crate::plan::Plan;
use crate::store::{change, conflict, master};
use shared::command::{ConflictPage, ConflictRow, Conflicts, Decide};
use shared::conflict::{ConflictedRecord, FieldConflict};
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::schema::{RecordId, Value};
use shared::seal::{is_sealed, key_owner};
use shared::{label, say};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

const PAGE: u32 = 50;

/// A record with what is to be decided in it; none where its changes do not merge.
fn conflicted(look: &Look<'_>, kind: RecordKind, record: RecordId) -> Result<Option<ConflictedRecord>, Fault> {
    Ok(ConflictedRecord::of(kind, record, &look.read(|store| change::history(store, kind, record))?).ok())
}

/// A page of what waits for a person, the latest first.
pub(crate) fn page(look: &Look<'_>, ask: &Conflicts) -> Result<ConflictPage, Fault> {
    let (rows, total) = look.read(|store| Ok((conflict::page(store, PAGE, ask.page.saturating_mul(PAGE))?, conflict::count(store)?)))?;
    let devices = look.read(master::devices)?;
    let (mut lines, mut records) = (Vec::with_capacity(rows.len()), HashMap::new());
    for (kind, record, field, _) in rows {
        let conflicted = match records.entry((kind, record)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(conflicted(look, kind, record)?),
        };
        if let Some((conflicted, conflict)) = conflicted.as_ref().and_then(|conflicted| Some((conflicted, conflicted.conflict(&field)?))) {
            lines.push(told(look, conflicted, conflict, &devices)?);
        }
    }
    Ok(ConflictPage { rows: lines, total })
}

fn told(
    look: &Look<'_>,
    conflicted: &ConflictedRecord,
    conflict: &FieldConflict,
    devices: &HashMap<u32, String>,
) -> Result<ConflictRow, Fault> {
    let own = look.device_number();
    let device = |number: u32| match Some(number) == own {
        true => Ok(say!(device::this_one(number))),
        false => Ok(say!(device::called(number, devices.get(&number).map(String::as_str)))),
    };
    let (named, standing) = ((conflicted.kind, conflicted.record), conflicted.history.fields());
    let in_words = |value: &Value| look.in_words(named, &standing, conflict.field, value);
    let mut line = conflicted.row(conflict, look.title(conflicted.kind, conflicted.record), in_words, device)?;
    for choice in &mut line.choices {
        choice.refused = match conflict.versions.iter().find(|version| version.name() == choice.name) {
            Some(chosen) => follows(look, &Decision { of: conflicted, conflict, chosen }).err().map(|fault| fault.to_string()),
            None => None,
        };
    }
    Ok(line)
}

/// A person decides.
pub(crate) fn decide(look: &Look<'_>, ask: Decide) -> Result<Plan<()>, Fault> {
    let kind = ask.kind.ok_or_else(|| missing(label!(record::KIND_ASKED)))?;
    let record = ask.record.ok_or_else(|| missing(label!(record::RECORD_ASKED)))?;
    let conflicted = conflicted(look, kind, record)?.ok_or_else(Fault::decided_meanwhile)?;
    let conflict = as_seen(&conflicted, &ask).ok_or_else(Fault::decided_meanwhile)?;
    let chosen = conflict.versions.iter().find(|version| version.name() == ask.choice).ok_or_else(Fault::decided_meanwhile)?;
    let mutations = follows(look, &Decision { of: &conflicted, conflict, chosen })?;
    Ok(Plan::within(move |writing| {
        // What came in since the look stands as well; nobody has seen it.
        let now = self::conflicted(&writing.look(), kind, record)?;
        now.and_then(|now| as_seen(&now, &ask).map(drop)).ok_or_else(Fault::decided_meanwhile)?;
        mutations.into_iter().try_for_each(|mutation| writing.write(&mutation.decided(kind, record)))
    }))
}

/// What is decided about, if it stands as the person saw it.
fn as_seen<'a>(conflicted: &'a ConflictedRecord, ask: &Decide) -> Option<&'a FieldConflict> {
    conflicted.conflict(&ask.field).filter(|conflict| conflict.stands() == ask.stands)
}

/// What it takes to let the chosen value stand, as the rules of the ordinary edits allow it.
fn follows(look: &Look<'_>, decision: &Decision<'_>) -> Result<Vec<Mutation>, Fault> {
    look.enrolled()?;
    let (kind, record) = (decision.of.kind, decision.of.record);
    if is_sealed(kind, decision.field()) {
        let owner = key_owner(kind, record, &decision.of.history.fields());
        owner.map_or(Ok(()), |owner| look.not_erased(owner))?;
    }
    match DECIDED.iter().find(|(decided, _)| *decided == kind) {
        Some((_, decide)) => decide(look, decision),
        None => Ok(decision.alone()),
    }
}
