//! Admission: whether a desk may author a change. Only what is foreign or malformed is refused; a
//! refusal says nothing about whether the record exists.

use crate::Parts;
use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::store::{Identity, Scope, StoreError, Tx};
use shared::crdt::CrdtError;
use shared::division;
use shared::record::{Author, Fields, RecordKind, Value};
use shared::seal;
use shared::sync::ahead::read_ahead;
use shared::wire::{RefusedChange, RefusedReason, WireChange};
use std::collections::BTreeSet;

/// Admits and logs changes one after the other; gives those that are refused.
///
/// # Errors
/// [`StoreError`]; then the whole batch is off.
pub fn take(
    parts: &Parts,
    tx: &Tx<'_>,
    journal: &mut Journal<'_, '_>,
    device: &Identity,
    changes: &[WireChange],
    at: i64,
) -> Result<Vec<RefusedChange>, StoreError> {
    journal.expect(changes.iter().map(|change| change.record).collect())?;
    let scope = device.scope();
    let by = Writer { device: Some((&device.id, &scope)), at };
    let mut refused = Vec::new();
    let is_key = |change: &WireChange| change.kind == RecordKind::ElderKey.code();
    let others = (0u32..).zip(changes).filter(|(_, change)| !is_key(change)).collect();
    read_ahead(
        others,
        |(index, change)| (index, read(change)),
        |(index, change)| {
            let taken = match change {
                Ok(change) => take_one(journal, device, change, by)?,
                Err(reason) => Err(reason),
            };
            refused.extend(taken.err().map(|reason| RefusedChange { index, reason }));
            Ok::<_, StoreError>(())
        },
    )?;
    // Keys last: where they are seen follows from their elders.
    for (index, change) in (0u32..).zip(changes).filter(|(_, change)| is_key(change)) {
        if let Err(reason) = parts.keys().take(parts, tx, journal, device, change, by)? {
            refused.push(RefusedChange { index, reason });
        }
    }
    let elders = changes.iter().filter(|change| change.kind == RecordKind::Elder.code()).map(|change| change.record);
    for elder in elders.collect::<BTreeSet<_>>() {
        parts.keys().follow(journal, elder, at)?;
    }
    refused.sort_unstable_by_key(|refused| refused.index);
    Ok(refused)
}

/// What can be said of a change without the store.
fn read(change: &WireChange) -> Result<Incoming<'_>, RefusedReason> {
    let kind = match RecordKind::of_code(&change.kind) {
        Some(kind) if kind.author() == Author::Desk && kind.has_row() => kind,
        _ => return Err(RefusedReason::ForeignKind),
    };
    match Incoming::read((kind, change.record), &change.bytes) {
        Ok(incoming) if kind == RecordKind::Elder && !keeps_sealed(incoming.touched()) => Err(RefusedReason::Malformed),
        Ok(incoming) => Ok(incoming),
        Err(CrdtError::TooLarge) => Err(RefusedReason::TooLarge),
        Err(_) => Err(RefusedReason::Malformed),
    }
}

fn take_one(
    journal: &mut Journal<'_, '_>,
    device: &Identity,
    change: Incoming<'_>,
    by: Writer<'_>,
) -> Result<Result<(), RefusedReason>, StoreError> {
    // Sent again since the answer was lost. What somebody else brought is judged as if it were new: the answer must not tell that it is here.
    if journal.brought(&change, by)? {
        return Ok(Ok(()));
    }
    if !in_scope(journal, device, &change)? {
        return Ok(Err(RefusedReason::ForeignScope));
    }
    match journal.append(change, by) {
        Ok(()) => Ok(Ok(())),
        Err(JournalError::Unmergeable) => Ok(Err(RefusedReason::Malformed)),
        Err(JournalError::Store(error)) => Err(error),
    }
}

/// Whether everything that is to be sealed is sealed, or empty: nothing else of it may lie here.
fn keeps_sealed(touched: &Fields) -> bool {
    touched.iter().filter(|(name, _)| seal::is_sealed(name)).all(|(_, value)| match value {
        Value::Null => true,
        Value::Bytes(bytes) => seal::looks_sealed(bytes),
        Value::Text(text) => text.is_empty(),
        _ => false,
    })
}

/// Both the record as it stands and as the change would have it lie in the device's scope. Two
/// exceptions: an elder whom two offices enrol apart meets in one file, so a first change of an elder
/// is judged by itself; and a change that came before the one it builds on is judged by what it claims.
fn in_scope(journal: &mut Journal<'_, '_>, device: &Identity, change: &Incoming<'_>) -> Result<bool, StoreError> {
    let ((kind, record), touched) = (change.name(), change.touched());
    if kind == RecordKind::Receipt
        && let Some(order) = journal.fields((RecordKind::Order, record))?
        && !may_author(journal, device, RecordKind::Order, &order)?
    {
        return Ok(false);
    }
    match journal.fields((kind, record))? {
        None if !change.is_first() && !touched.contains_key("canteen") && !touched.contains_key("division") => Ok(true),
        None => may_author(journal, device, kind, touched),
        Some(_) if change.is_first() && kind == RecordKind::Elder => may_author(journal, device, kind, touched),
        Some(present) if !may_author(journal, device, kind, &present)? => Ok(false),
        Some(mut present) => {
            present.extend(touched.clone());
            may_author(journal, device, kind, &present)
        }
    }
}

fn may_author(journal: &mut Journal<'_, '_>, device: &Identity, kind: RecordKind, fields: &Fields) -> Result<bool, StoreError> {
    let scope = device.scope();
    let neighbours = match (&scope, kind) {
        // A canteen writes the files of its town's elders, wherever in the town they eat.
        (Scope::Canteen(_), RecordKind::Elder) => {
            let town = division::town_of(&device.division);
            matches!(fields.get("division"), Some(Value::Text(code)) if division::within(code, town))
        }
        _ => false,
    };
    Ok(neighbours || journal.grants(kind, fields)?.iter().any(|grant| scope.sees(grant)))
}
