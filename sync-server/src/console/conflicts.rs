//! What was said differently in two places at once, as the console lists it. The decision is made at a desk; what is
//! sealed the server opens for no list.

use super::names::Named;
use crate::Server;
use crate::audit::Place;
use crate::city;
use crate::fault::Refusal;
use crate::store::{Reading, Scope, StoreError, Tx};
use shared::command::{ConflictChoice, ConflictRow};
use shared::conflict::{ConflictedRecord, FieldConflict};
use shared::fault::Fault;
use shared::kinds::{AuditEvent, RecordKind};
use shared::list::{ListPage, ListRow};
use shared::say;
use shared::schema::{IdFrom, PLACING, RecordId, Value, in_words, language, title};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A page of the list of conflicts.
pub fn page(tx: &Tx<'_>, reading: &Reading) -> Result<ListPage, StoreError> {
    let (found, total) = conflicts(tx, &reading.place, reading.asked.page)?;
    let row = |(conflict, site): (ConflictRow, String)| {
        let words: Vec<String> = conflict.choices.iter().map(ConflictChoice::in_words).collect();
        let (shown, others) = words.split_at(words.len().min(1));
        let cells = [
            ("site", site),
            ("title", conflict.title),
            ("field", conflict.label),
            ("shown", shown.concat()),
            ("others", say!(conflict::others(others))),
        ];
        let filled = cells.into_iter().filter(|(_, words)| !words.is_empty());
        ListRow { id: conflict.record, cells: filled.map(|(name, words)| (name.into(), Value::Text(words.into()))).collect() }
    };
    Ok(ListPage { rows: found.into_iter().map(row).collect(), total, ..ListPage::default() })
}

impl Server {
    /// Everything that waits for a person at a canteen, in a division, or in the whole city.
    ///
    /// # Errors
    /// A [`Fault`] when the database fails.
    pub fn conflicts(&self, canteen: Option<&str>, division: Option<&str>) -> Result<Vec<ConflictRow>, Fault> {
        let all = self.0.commanded(AuditEvent::ConflictsListed, |tx, noted| {
            noted.at(canteen.map_or_else(|| Place::division(division.unwrap_or_default()), Place::canteen));
            let scope = match (canteen, division) {
                (Some(code), _) => Scope::Canteen(code.to_owned()),
                (None, Some(code)) => Scope::Division(code.to_owned()),
                (None, None) => Scope::Division(city::of(tx)?),
            };
            let mut lines = Vec::new();
            for number in 0.. {
                let found = conflicts(tx, &scope, number)?.0;
                if found.is_empty() {
                    break;
                }
                lines.extend(found.into_iter().map(|(conflict, _)| conflict));
            }
            Ok::<_, Refusal>(lines)
        });
        Ok(all?)
    }
}

/// A page of conflicts with the site of each: name of the canteen, or of the village of an elder who eats at none.
fn conflicts(tx: &Tx<'_>, scope: &Scope, number: u32) -> Result<(Vec<(ConflictRow, String)>, u64), StoreError> {
    let (found, total) = tx.conflicts(scope, number)?;
    let (mut rows, mut records, mut devices) = (Vec::with_capacity(found.len()), HashMap::new(), HashMap::new());
    for (name, field) in found {
        let (conflicted, title, site) = match records.entry(name) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let record = RecordId(uuid::Uuid::from_bytes(name.1));
                let conflicted = ConflictedRecord::of(name.0, record, &tx.history(name.0, &name.1)?)?;
                let (title, site) = titled(tx, scope, name.0, &name.1)?;
                vacant.insert((conflicted, title, site))
            }
        };
        let Some(conflict) = conflicted.conflict(&field) else { continue };
        let device = |number| {
            let name = match devices.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(tx.device_name(number)?),
            };
            Ok::<_, StoreError>(say!(device::called(number, name.as_deref())))
        };
        let line = conflicted.row(conflict, title.clone(), |value| Ok(value_in_words(tx, scope, conflict, value)), device)?;
        rows.push((line, site.clone()));
    }
    Ok((rows, total))
}

fn value_in_words(tx: &Tx<'_>, scope: &Scope, conflict: &FieldConflict, value: &Value) -> Result<String, String> {
    match value {
        Value::Bytes(_) => Err(say!(conflict::SEALED_HERE).to_owned()),
        value => Ok(in_words(conflict.field, value, language(), &Named(tx, scope))),
    }
}

/// What the record is called, and where it is: the canteen, or the village of one that is at none.
fn titled(tx: &Tx<'_>, scope: &Scope, kind: RecordKind, record: &[u8; 16]) -> Result<(String, String), StoreError> {
    let by = match kind.id {
        IdFrom::Kind(owner) => owner,
        _ => kind,
    };
    let Some(fields) = tx.row(by, record)? else { return Ok((kind.said().to_owned(), String::new())) };
    let placed = PLACING.iter().find_map(|name| match (by.field(name), fields.get(name)) {
        (Some(field), Some(value @ Value::Text(code))) if !code.is_empty() => Some(in_words(field, value, language(), &Named(tx, scope))),
        _ => None,
    });
    Ok((title(&by, kind.title, &fields, language(), &Named(tx, scope)), placed.unwrap_or_default()))
}
