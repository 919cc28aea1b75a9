//! Admission: whether a desk may author a change. Only what is foreign or malformed is refused; a
//! refusal says nothing about whether the record exists.

use crate::journal::{Bearer, Journal, JournalError, grants_of};
use crate::store::{Grant, Identity, Logged, Scope, StoreError, Tx};
use shared::crdt::{self, CrdtError};
use shared::division;
use shared::record::{Author, Fields, RecordKind, Value};
use shared::wire::{RefusedReason, WireChange};

/// Admits and logs one change, or says why not.
///
/// # Errors
/// [`StoreError`]; then the whole batch is off.
pub fn take(
    tx: &Tx<'_>,
    journal: &mut Journal<'_, '_>,
    device: &Identity,
    change: &WireChange,
    at: i64,
) -> Result<Result<(), RefusedReason>, StoreError> {
    let kind = match RecordKind::of_code(&change.kind) {
        Some(kind) if kind.author() == Author::Desk => kind,
        _ => return Ok(Err(RefusedReason::ForeignKind)),
    };
    match crdt::admit(&change.bytes) {
        Ok(_) => {}
        Err(CrdtError::TooLarge) => return Ok(Err(RefusedReason::TooLarge)),
        Err(_) => return Ok(Err(RefusedReason::Malformed)),
    }
    // Sent again since the answer was lost. What somebody else brought is judged as if it were new: the answer must not tell that it is here.
    let own = |logged: &Logged| logged.bytes == change.bytes && logged.device.as_deref() == Some(&*device.id);
    if tx.history(kind, &change.record)?.iter().any(own) {
        return Ok(Ok(()));
    }
    let Ok(touched) = crdt::touched(&change.bytes) else { return Ok(Err(RefusedReason::Malformed)) };
    if !in_scope(tx, device, kind, change, touched)? {
        return Ok(Err(RefusedReason::ForeignScope));
    }
    let own = device.canteen.as_ref().map(|canteen| Grant { canteen: canteen.clone(), division: device.division.clone() });
    let bearer = Bearer { device: Some(&device.id), grant: own.as_ref(), at };
    match journal.append(kind, &change.record, &change.bytes, bearer) {
        Ok(()) => Ok(Ok(())),
        Err(JournalError::Unmergeable) => Ok(Err(RefusedReason::Malformed)),
        Err(JournalError::Store(error)) => Err(error),
    }
}

/// Both the record as it stands and as the change would have it lie in the device's scope. Two
/// exceptions: an elder whom two offices enrol apart meets in one file, so a first change of an elder
/// is judged by itself; and a change that came before the one it builds on is judged by what it claims.
fn in_scope(tx: &Tx<'_>, device: &Identity, kind: RecordKind, change: &WireChange, touched: Fields) -> Result<bool, StoreError> {
    let known = |kind| -> Result<Option<Fields>, StoreError> { Ok(tx.row(kind, &change.record)?.filter(|fields| !fields.is_empty())) };
    if kind == RecordKind::Receipt
        && let Some(order) = known(RecordKind::Order)?
        && !may_author(tx, device, RecordKind::Order, &order)?
    {
        return Ok(false);
    }
    let present = known(kind)?;
    let is_first = crdt::fields(std::slice::from_ref(&change.bytes)).is_ok_and(|fields| !fields.is_empty());
    let claimed = match present {
        None if !is_first && !touched.contains_key("canteen") && !touched.contains_key("division") => return Ok(true),
        None => touched,
        Some(_) if is_first && kind == RecordKind::Elder => touched,
        Some(present) => {
            if !may_author(tx, device, kind, &present)? {
                return Ok(false);
            }
            present.into_iter().chain(touched).collect()
        }
    };
    may_author(tx, device, kind, &claimed)
}

fn may_author(tx: &Tx<'_>, device: &Identity, kind: RecordKind, fields: &Fields) -> Result<bool, StoreError> {
    let grants = grants_of(tx, kind, fields)?;
    let scope = device.scope();
    let town = division::town_of(&device.division).to_owned();
    let neighbours = match (&scope, kind) {
        // A canteen writes the files of its town's elders, wherever in the town they eat.
        (Scope::Canteen(_), RecordKind::Elder) => {
            matches!(fields.get("division"), Some(Value::Text(code)) if division::within(code, &town))
        }
        _ => false,
    };
    Ok(neighbours || grants.iter().any(|grant| scope.sees(grant)))
}
