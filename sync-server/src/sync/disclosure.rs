//! What was taken out of a desk in plain, told by the desk: a row of its own in the audit log, so that auditors see it and a file leads there.

use crate::Parts;
use crate::audit::{Actor, Event, Place};
use crate::journal::Journal;
use crate::store::{StoreError, Tx};
use shared::kinds::{AuditDetail, AuditEvent, Disclosure, RecordKind};
use shared::schema::Record;
use shared::wire::WireChange;
use std::collections::BTreeSet;

/// The disclosures among some changes that are not here yet.
///
/// # Errors
/// [`StoreError`]
pub fn new_ones(journal: &mut Journal<'_, '_>, changes: &[WireChange]) -> Result<BTreeSet<[u8; 16]>, StoreError> {
    let mut new = BTreeSet::new();
    for change in changes.iter().filter(|change| change.kind == RecordKind::Disclosure.code()) {
        if journal.fields((RecordKind::Disclosure, change.record))?.is_none() {
            new.insert(change.record);
        }
    }
    Ok(new)
}

/// Notes a disclosure that came.
///
/// # Errors
/// [`StoreError`]
pub fn note(parts: &Parts, tx: &Tx<'_>, journal: &mut Journal<'_, '_>, record: [u8; 16], by: &Actor) -> Result<(), StoreError> {
    let Some(fields) = journal.fields((RecordKind::Disclosure, record))? else { return Ok(()) };
    // What does not read stands in the log of changes all the same.
    let Ok(told) = Disclosure::from_fields(&fields) else { return Ok(()) };
    let mut event = Event::of(AuditEvent::Disclosed);
    let place = told.canteen.as_deref().map_or_else(|| Place::division(&told.division), Place::canteen);
    event.at(place).record(RecordKind::Disclosure, &record).object(&told.number).values(None, Some(told.act.code()));
    for (what, said) in [
        (AuditDetail::List, told.list.as_deref()),
        (AuditDetail::Reason, told.reason.map(|reason| reason.code())),
        (AuditDetail::Note, told.note.as_deref()),
        (AuditDetail::Second, told.second.as_deref()),
    ] {
        if let Some(said) = said {
            event.said(what, said);
        }
    }
    event.made(AuditDetail::Rows, told.rows).made(AuditDetail::Persons, told.persons);
    if told.unmasked {
        event.made(AuditDetail::Unmasked, 1);
    }
    if let Some(sha256) = told.sha256.filter(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        event.made(AuditDetail::Sha256, sha256);
    }
    parts.note(tx, by, &event)
}
