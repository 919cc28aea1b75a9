//! Admission: whether a desk may author a change. Only what is foreign or malformed is refused; a
//! refusal says nothing about whether the record exists.

use crate::Parts;
use crate::journal::declared::may_write;
use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::store::{Identity, Scope, StoreError, Tx};
use shared::crdt::CrdtError;
use shared::division;
use shared::kinds::{Level, RecordKind};
use shared::schema::{Fields, IdFrom, KindId, Value};
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
    let (scope, level) = (device.scope(), device.level());
    let by = Writer { device: Some((&device.id, &scope)), at };
    let mut refused = Vec::new();
    let is_key = |change: &WireChange| change.kind == RecordKind::ElderKey.code();
    let others = (0u32..).zip(changes).filter(|(_, change)| !is_key(change)).collect();
    read_ahead(
        others,
        |(index, change)| (index, read(change, level)),
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

/// What can be said of a change without the store. One of a kind that this program does not know is kept and passed on where its
/// fields place it, and judged when the kind is known.
fn read(change: &WireChange, level: Level) -> Result<Incoming<'_>, RefusedReason> {
    let kind = KindId::of_code(&change.kind).ok_or(RefusedReason::ForeignKind)?;
    if kind.is_set_aside() || kind.known().is_some_and(|kind| !kind.has_row()) {
        return Err(RefusedReason::ForeignKind);
    }
    let incoming = Incoming::read((kind, change.record), &change.bytes).map_err(|error| match error {
        CrdtError::TooLarge => RefusedReason::TooLarge,
        _ => RefusedReason::Malformed,
    });
    match kind.known() {
        // Who may not write the kind at all is told so whatever the bytes are.
        Some(kind) if !may_write(kind, level, &Fields::new()) => Err(RefusedReason::ForeignKind),
        Some(kind) => {
            let incoming = incoming?;
            match () {
                () if !may_write(kind, level, incoming.touched()) => Err(RefusedReason::ForeignKind),
                () if !seal::keeps_sealed(kind, incoming.touched()) => Err(RefusedReason::Malformed),
                () => Ok(incoming),
            }
        }
        None => incoming,
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

/// Both the record as it stands and as the change would have it lie in the device's scope. Three
/// exceptions: an elder whom two offices enrol apart meets in one file, so a first change of an elder
/// is judged by itself; so is a first change that is logged already, since a desk sends again what a restored server lost, and the record
/// may have gone elsewhere before its turn came; and a change that came before the one it builds on is judged by what it claims.
fn in_scope(journal: &mut Journal<'_, '_>, device: &Identity, change: &Incoming<'_>) -> Result<bool, StoreError> {
    let ((kind, record), touched) = (change.name(), change.touched());
    // What belongs to another record goes only with one that the device may write too.
    if let Some(IdFrom::Kind(owner)) = kind.known().map(|kind| kind.id)
        && let Some(owned) = journal.fields((owner, record))?
        && !may_author(journal, device, owner.into(), &owned)?
    {
        return Ok(false);
    }
    // Two offices that enter the same person apart meet in one record.
    let meets = kind.known().is_some_and(|kind| matches!(kind.id, IdFrom::Field(_)));
    match journal.fields((kind, record))? {
        None if !change.is_first() && !touched.contains_key("canteen") && !touched.contains_key("division") => Ok(true),
        None => may_author(journal, device, kind, touched),
        Some(_) if change.is_first() && (meets || journal.holds(change)?) => may_author(journal, device, kind, touched),
        Some(present) if !may_author(journal, device, kind, &present)? => Ok(false),
        Some(mut present) => {
            present.extend(touched.clone());
            may_author(journal, device, kind, &present)
        }
    }
}

fn may_author(journal: &mut Journal<'_, '_>, device: &Identity, kind: KindId, fields: &Fields) -> Result<bool, StoreError> {
    let scope = device.scope();
    let neighbours = match (&scope, kind.known()) {
        (Scope::Canteen(_), Some(kind)) if kind.of_the_town => {
            let town = division::town_of(&device.division);
            matches!(fields.get("division"), Some(Value::Text(code)) if division::within(code, town))
        }
        _ => false,
    };
    Ok(neighbours || journal.audiences(kind, fields)?.iter().any(|audience| scope.sees(audience)))
}
