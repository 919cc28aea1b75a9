//! Who may touch what: the one judgement of what a device writes, by the record as it stands and by what the change makes of it. Where
//! records are seen stands in `journal/visibility.rs` and `store/scope.rs`.

use super::transfer::{self, Asker};
use crate::journal::{Incoming, Journal};
use crate::store::{Audience, Identity, Scope, StoreError};
use shared::division;
use shared::kinds::RecordKind;
use shared::schema::{Fields, IdFrom, KindId, PLACING, Value};

/// What comes of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// It is taken.
    Granted,
    /// It is about somebody whose file another place holds: that place is asked, and nothing moves before it answers.
    Asks,
    /// It is foreign.
    Refused,
}

/// The field that takes a file out of use.
const IN_USE: &str = "status";

impl Touch {
    fn granted_if(granted: bool) -> Self {
        if granted { Self::Granted } else { Self::Refused }
    }
}

/// Judges a change. A record that is not here is judged by what is claimed of it; so is a change that came before the one it builds on.
/// A first change that is logged already is known: a desk sends again what a restored server lost, and the record may have gone elsewhere
/// before its turn came.
///
/// # Errors
/// [`StoreError`]
pub fn judge(journal: &mut Journal<'_, '_>, device: &Identity, change: &Incoming<'_>) -> Result<Touch, StoreError> {
    let ((kind, record), touched) = (change.name(), change.touched());
    // What belongs to another record goes only with one that the device may write too.
    if let Some(IdFrom::Kind(owner)) = kind.known().map(|kind| kind.id)
        && let Some(owned) = journal.fields((owner, record))?
        && !may_author(journal, device, owner.into(), &owned)?
    {
        return Ok(Touch::Refused);
    }
    let Some(mut present) = journal.fields((kind, record))? else {
        let claims = change.is_first() || PLACING.iter().any(|name| touched.contains_key(name));
        return Ok(Touch::granted_if(!claims || may_author(journal, device, kind, touched)?));
    };
    // Two offices that enter the same person apart would meet in one record.
    let meets = kind.known().is_some_and(|kind| matches!(kind.id, IdFrom::Field(_)));
    if stands_within(journal, device, kind, &present)? {
        if change.is_first() && meets {
            return Ok(Touch::granted_if(may_author(journal, device, kind, touched)?));
        }
        present.extend(touched.clone());
        return Ok(Touch::granted_if(may_author(journal, device, kind, &present)?));
    }
    if change.is_first() && journal.holds(change)? {
        return Ok(Touch::granted_if(may_author(journal, device, kind, touched)?));
    }
    let said = |name: &str| touched.get(name).map(|value| (value, present.get(name).unwrap_or(&Value::Null)));
    let moves = PLACING.iter().chain(&[IN_USE]).filter_map(|name| said(name)).any(|(said, stands)| said != stands);
    match change.is_first() {
        // Who knew the file still says what concerns it, and it follows the elder within the town; but nobody fetches or closes it so.
        false if is_near(device, kind, &present) => Ok(if moves { Touch::Asks } else { Touch::Granted }),
        true if meets => Ok(Touch::Asks),
        _ => Ok(Touch::Refused),
    }
}

/// Whether the device sees a record with these fields.
///
/// # Errors
/// [`StoreError`]
pub fn sees(journal: &mut Journal<'_, '_>, device: &Identity, kind: impl Into<KindId>, fields: &Fields) -> Result<bool, StoreError> {
    let scope = device.scope();
    Ok(journal.audiences(kind, fields)?.iter().any(|audience| scope.sees(audience)))
}

/// Whether the device may write a record with these fields.
///
/// # Errors
/// [`StoreError`]
pub fn may_author(journal: &mut Journal<'_, '_>, device: &Identity, kind: KindId, fields: &Fields) -> Result<bool, StoreError> {
    Ok(is_near(device, kind, fields) || stands_within(journal, device, kind, fields)?)
}

/// Whether a record with these fields stands where the device does, or below, and names no place elsewhere, which would see it as well. What may be
/// named beside it: the divisions in which the device stands, which see what stands below them, and those of its town, all of which a canteen serves.
/// Files of elders are placed by two offices, where she lives and where she eats.
fn stands_within(journal: &mut Journal<'_, '_>, device: &Identity, kind: KindId, fields: &Fields) -> Result<bool, StoreError> {
    let (scope, of_two_offices) = (device.scope(), kind.known().is_none_or(|kind| kind.of_the_town));
    let places = journal.places(kind, fields)?;
    let near = |code: &str| division::within(&device.division, code) || division::within(code, division::town_of(&device.division));
    let elsewhere = |place: &Audience| !scope.sees(place) && (!place.canteen.is_empty() || !near(&place.division));
    Ok(places.iter().any(|place| scope.sees(place)) && (of_two_offices || !places.iter().any(elsewhere)))
}

/// Judges a key of an elder, as a change of the file. A neighbour in the town may bring one, for it reads the file with the town's key anyway.
/// One of a file that is not here yet waits for it.
///
/// # Errors
/// [`StoreError`]
pub fn judge_key(asker: Asker<'_, '_>, journal: &mut Journal<'_, '_>, elder: [u8; 16]) -> Result<Touch, StoreError> {
    let Some(fields) = journal.fields((RecordKind::Elder, elder))? else { return Ok(Touch::Granted) };
    if sees(journal, asker.device, RecordKind::Elder, &fields)? {
        return Ok(Touch::Granted);
    }
    // Who asks for a file leaves its key with what else is kept.
    let near = is_near(asker.device, RecordKind::Elder.into(), &fields) && !transfer::is_asking(asker, elder)?;
    Ok(if near { Touch::Granted } else { Touch::Asks })
}

/// A canteen writes some kinds in its whole town.
fn is_near(device: &Identity, kind: KindId, fields: &Fields) -> bool {
    let of_the_town = kind.known().is_some_and(|kind| kind.of_the_town) && matches!(device.scope(), Scope::Canteen(_));
    let town = division::town_of(&device.division);
    of_the_town && matches!(fields.get("division"), Some(Value::Text(code)) if division::within(code, town))
}
