//! How the desk stands, in one answer that the screens ask for every few seconds, and what the server did not take.

use crate::look::{Look, SyncState};
use crate::store::{change, concern, conflict, doubt, master, notice, order, photo, quarantine, refused, transfer};
use jiff::ToSpan;
use jiff::civil::DateTime;
use shared::command::{DeskStatus, NextMeal, RefusedEntry};
use shared::division;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::rule::meal_time::{cut_off, next_meal};
use shared::say;
use shared::schema::RecordId;
use shared::wire::RefusedReason;

/// So long it is told that the server was put back.
const TOLD_FOR: i64 = 7;

/// How the desk stands.
pub(crate) fn status(look: &Look<'_>) -> Result<DeskStatus, Fault> {
    let now = look.now;
    let (unsent, refused) = look.read(change::counts)?;
    let SyncState { online, trouble, syncing, copied, last_sync, agrees } = look.sync_state()?;
    let enrolled = look.facts.enrolled.as_ref();
    let code = look.canteen().map(str::to_owned);
    let canteen = match &code {
        Some(code) => look.read(|store| master::canteen(store, code))?,
        None => None,
    };
    let division = enrolled.map(|enrolled| enrolled.division.clone()).unwrap_or_default();
    let office = match (enrolled, &canteen, &code) {
        (None, ..) => String::new(),
        (_, Some(canteen), _) => canteen.name.clone(),
        (_, None, Some(code)) => say!(place::canteen(code)),
        (_, None, None) => division::name(&division).to_owned(),
    };
    let next_meal = canteen.as_ref().map(|canteen| {
        let (date, meal) = next_meal(canteen, now);
        NextMeal { date, meal, cut_off: cut_off(canteen, date, meal) }
    });
    Ok(DeskStatus {
        enrolled: enrolled.is_some(),
        copied,
        shut_out: look.facts.shut_out,
        office,
        canteen: code,
        division,
        device_number: look.device_number().unwrap_or_default(),
        now,
        next_meal,
        online,
        trouble: trouble.map_or_else(|| server_restored(look), |trouble| Ok(Some(trouble)))?,
        syncing,
        unsent,
        unsent_photos: look.read(photo::unsent_count)?,
        refused,
        quarantined: look.read(quarantine::count)?,
        conflicts: look.read(conflict::count)?,
        transfers: look.read(transfer::open_count)?,
        doubts: look.read(doubt::open_count)?,
        concerns: look.read(concern::open_count)?,
        last_sync,
        agrees,
        due: look.read(|store| order::due(store, now.date()))?,
        revision: look.revision(),
        settings: look.facts.settings.clone(),
        ..DeskStatus::default()
    })
}

/// That the server was put back from a backup, for some days.
fn server_restored(look: &Look<'_>) -> Result<Option<Fault>, Fault> {
    let since = look.now.checked_sub(TOLD_FOR.days()).unwrap_or(look.now).to_string();
    let minutes = |moment: &str| moment.parse().map_or_else(|_| moment.to_owned(), |at: DateTime| at.strftime("%m-%d %H:%M").to_string());
    Ok(look.read(|store| notice::restored(store, &since))?.map(|(at, back_to)| {
        let (at, back_to) = (minutes(&at), minutes(back_to.as_deref().unwrap_or(&at)));
        fault!(Code::NotNow, sync::server_restored(&at, &back_to))
    }))
}

/// Changes the server did not take.
pub(crate) fn refused(look: &Look<'_>) -> Result<Vec<RefusedEntry>, Fault> {
    let refused = look.read(refused::all)?;
    let entry = |(name, kind, record, reason): refused::RefusedRow| RefusedEntry {
        hash: hex::encode(name),
        title: look.title(kind, RecordId(uuid::Uuid::from_bytes(record))),
        reason: refused_words(reason),
    };
    Ok(refused.into_iter().map(entry).collect())
}

/// Why the server did not take a change, from what the store keeps: the code word. What an older program left there is a sentence already.
fn refused_words(reason: String) -> String {
    RefusedReason::of_code(&reason).map_or(reason, |reason| say!(sync::refused(reason)).to_owned())
}
