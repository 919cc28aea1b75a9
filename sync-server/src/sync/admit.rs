//! Admission: changes are read, judged (`touch.rs`) and logged. Only what is foreign or malformed is refused; what concerns somebody whose
//! file another place holds is kept, and that place is asked (`transfer.rs`).

use super::disclosure;
use super::doubt::{self, Watch};
use super::touch::{self, Touch};
use super::transfer::{self, Asker};
use crate::Parts;
use crate::audit::{Actor, Event};
use crate::journal::declared::may_write;
use crate::journal::{Incoming, Journal, JournalError, Writer};
use crate::store::{HeldChange, Identity, Logged, StoreError, Tx};
use shared::crdt::CrdtError;
use shared::kinds::{AuditEvent, Level, RecordKind};
use shared::schema::{Fields, KindId};
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
    (at, by_whom): (i64, &Actor),
) -> Result<Vec<RefusedChange>, StoreError> {
    journal.expect(changes.iter().map(|change| change.record).collect())?;
    let (scope, level) = (device.scope(), device.level());
    let by = Writer { device: Some((&device.id, &scope)), at };
    let (mut refused, mut requests) = (Vec::new(), BTreeSet::new());
    let taken_out = disclosure::new_ones(journal, changes)?;
    let is_key = |change: &WireChange| change.kind == RecordKind::ElderKey.code();
    let is_notice = |change: &WireChange| change.kind == RecordKind::Notice.code();
    let asker = Asker { parts, tx, device, at };
    let mut watch = Watch::over(journal, changes)?;
    let elders = changes.iter().filter(|change| change.kind == RecordKind::Elder.code()).map(|change| change.record);
    let elders: BTreeSet<[u8; 16]> = elders.collect();
    let mut new = Vec::new();
    for elder in &elders {
        if journal.fields((RecordKind::Elder, *elder))?.is_none() {
            new.push(*elder);
        }
    }
    let others = (0u32..).zip(changes).filter(|(_, change)| !is_key(change) && !is_notice(change)).collect();
    read_ahead(
        others,
        |(index, change)| (index, read(change, level).map(|change| (doubt::read_ahead(&change), change))),
        |(index, change)| {
            let taken = match change {
                Ok((order, change)) => {
                    let name = change.name();
                    let taken = take_one(journal, device, &mut watch, change, by)?;
                    // What is refused says nothing of the order that stands under its id.
                    if taken.is_ok() {
                        watch.ahead(name, order);
                    }
                    taken
                }
                Err(reason) => Err(reason),
            };
            let taken = match (taken, &changes[index as usize]) {
                (Err(RefusedReason::Asked), asking) => Err(transfer::ask(asker, journal, asking)?),
                // Who asked already goes on writing.
                (Err(RefusedReason::ForeignScope), asking)
                    if asking.kind == RecordKind::Elder.code() && transfer::is_asking(asker, asking.record)? =>
                {
                    Err(transfer::ask(asker, journal, asking)?)
                }
                (taken, _) => taken,
            };
            if taken.is_ok() && changes[index as usize].kind == RecordKind::Transfer.code() {
                requests.insert(changes[index as usize].record);
            }
            refused.extend(taken.err().map(|reason| RefusedChange { index, reason }));
            Ok::<_, StoreError>(())
        },
    )?;
    let is_person = |refused: &RefusedChange| changes[refused.index as usize].kind == RecordKind::Elder.code();
    if refused.iter().any(|refused| refused.reason == RefusedReason::ForeignScope && is_person(refused)) {
        transfer::tell_of_too_many(asker, by_whom)?;
    }
    for elder in new {
        set_foreign_keys_aside(asker, journal, elder)?;
    }
    // Keys last: where they are seen follows from their elders.
    for (index, change) in (0u32..).zip(changes).filter(|(_, change)| is_key(change)) {
        if let Err(reason) = parts.keys().take(asker, journal, change, by)? {
            refused.push(RefusedChange { index, reason });
        }
    }
    for (index, change) in (0u32..).zip(changes).filter(|(_, change)| is_notice(change)) {
        if let Err(reason) = parts.hear_notice(tx, journal, change, at)? {
            refused.push(RefusedChange { index, reason });
        }
    }
    let asked = tx.held_records()?;
    for elder in elders {
        parts.keys().follow(journal, elder, at)?;
        if asked.contains(&elder) {
            transfer::meet(parts, tx, journal, elder, at)?;
        }
    }
    for request in requests {
        if let Some(answer) = transfer::answered(parts, tx, journal, request, at)? {
            let mut event = Event::of(AuditEvent::TransferAnswered);
            event.record(RecordKind::Transfer, &request).values(None, Some(answer.code()));
            parts.note(tx, by_whom, &event)?;
        }
    }
    for record in taken_out {
        disclosure::note(parts, tx, journal, record, by_whom)?;
    }
    watch.settle(parts, tx, journal, at)?;
    refused.sort_unstable_by_key(|refused| refused.index);
    Ok(refused)
}

/// Keys that waited for a file, and were brought by devices that may not write in it: nothing is to be sealed under them.
fn set_foreign_keys_aside(asker: Asker<'_, '_>, journal: &mut Journal<'_, '_>, elder: [u8; 16]) -> Result<(), StoreError> {
    let Asker { tx, device, .. } = asker;
    let others = journal.keys(elder)?.into_iter().filter_map(|logged| logged.device.filter(|bearer| *bearer != device.id));
    for bearer in others.collect::<BTreeSet<_>>() {
        if let Some((bearer, _)) = tx.device(&bearer)?
            && touch::judge_key(Asker { device: &bearer, ..asker }, journal, elder)? == Touch::Granted
        {
            continue;
        }
        let scope = tx.device_scope(&bearer)?.map(|scope| scope.key()).unwrap_or_default();
        let gone = journal.forget_keys(elder, |logged| logged.device.as_ref() == Some(&bearer))?;
        let before = tx.held(&elder, &scope)?.len();
        for (number, Logged { bytes, received_at, .. }) in (before..).zip(gone) {
            let kept = HeldChange { kind: RecordKind::KEYS.code().into(), bytes, device: bearer.clone(), at: received_at };
            tx.hold(&elder, &scope, number, &kept)?;
        }
    }
    Ok(())
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
    watch: &mut Watch,
    change: Incoming<'_>,
    by: Writer<'_>,
) -> Result<Result<(), RefusedReason>, StoreError> {
    // Sent again since the answer was lost. What somebody else brought is judged as if it were new: the answer must not tell that it is here.
    if journal.brought(&change, by)? {
        return Ok(Ok(()));
    }
    match touch::judge(journal, device, &change)? {
        Touch::Granted => {}
        Touch::Asks => return Ok(Err(RefusedReason::Asked)),
        Touch::Refused => return Ok(Err(RefusedReason::ForeignScope)),
    }
    let (name, answers) = (change.name(), change.name().0 == RecordKind::Transfer && change.touched().contains_key("answer"));
    if answers && !transfer::may_answer(device, journal, name.1, by.at)? {
        return Ok(Err(RefusedReason::ForeignScope));
    }
    if name.0.known().is_some_and(|kind| kind.written_once) && journal.fields(name)?.is_some() {
        return Ok(Err(RefusedReason::ForeignKind));
    }
    watch.decision(journal, &change)?;
    match journal.append(change, by) {
        Ok(()) => Ok(Ok(())),
        Err(JournalError::Unmergeable) => Ok(Err(RefusedReason::Malformed)),
        Err(JournalError::Store(error)) => Err(error),
    }
}
