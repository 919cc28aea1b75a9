//! 告警: what the server finds by itself, the gravest first. Nothing is kept: each stands as long as what it is about does.

use super::overview::{is_overdue, sees};
use crate::Parts;
use crate::clock::civil;
use crate::fault::Refusal;
use crate::store::{DeviceSummary, Reading, Scope, StoreError, Tx};
use crate::sync::who_ask_for_many;
use jiff::civil::DateTime;
use shared::division;
use shared::kinds::{Alarm, AuditEvent, Level};
use shared::list::{ListPage, ListRow, PAGE};
use shared::say;
use shared::schema::{RecordId, Value};
use std::collections::BTreeSet;

const DAY: i64 = 86_400;

/// Something that somebody has to look at.
struct Found<'a> {
    alarm: Alarm,
    since: Option<DateTime>,
    device: Option<&'a DeviceSummary>,
}

/// A page of the list.
pub fn page(parts: &Parts, tx: &Tx<'_>, reading: &Reading) -> Result<ListPage, Refusal> {
    let mut found = Vec::new();
    if matches!(&reading.own, Scope::Division(code) if division::level(code) == Level::City) {
        of_server(parts, tx, &mut found)?;
    }
    let (devices, asking) = (tx.devices()?, who_ask_for_many(tx, parts.clock.seconds())?);
    let (_, refused) = of_last_day(parts, tx, AuditEvent::EnvelopeRefused)?;
    for device in devices.iter().filter(|device| !device.revoked && sees(&reading.place, device)) {
        let is_in = |devices: &BTreeSet<Vec<u8>>| devices.contains(&device.id);
        of_device(parts, device, &[(Alarm::EnvelopesRefused, is_in(&refused)), (Alarm::AsksForMany, is_in(&asking))], &mut found);
    }
    found.sort_by_key(|one| (Alarm::ALL.iter().position(|alarm| *alarm == one.alarm), one.since));
    let total = found.len() as u64;
    let first = usize::try_from(reading.asked.page.saturating_mul(PAGE)).unwrap_or(usize::MAX);
    let rows = found.iter().skip(first).take(PAGE as usize).map(row).collect();
    Ok(ListPage { rows, total, ..ListPage::default() })
}

fn of_server(parts: &Parts, tx: &Tx<'_>, found: &mut Vec<Found<'_>>) -> Result<(), Refusal> {
    let went_back = parts.unsettled_since(tx)?;
    let (tried, _) = of_last_day(parts, tx, AuditEvent::SignInLocked)?;
    let all = [
        (Alarm::AuditBroken, parts.audit.broken().is_some(), None),
        (Alarm::RowsAltered, parts.integrity.broken().is_some(), None),
        (Alarm::WentBack, went_back.is_some(), went_back),
        (Alarm::PasswordsTried, tried.is_some(), tried.map(civil)),
        // There is no command that makes one.
        (Alarm::NoBackup, true, None),
    ];
    found.extend(all.into_iter().filter(|(_, is, _)| *is).map(|(alarm, _, since)| Found { alarm, since, device: None }));
    Ok(())
}

/// When the audit log noted an event first within a day, and of which devices.
fn of_last_day(parts: &Parts, tx: &Tx<'_>, event: AuditEvent) -> Result<(Option<i64>, BTreeSet<Vec<u8>>), StoreError> {
    tx.audit_of_event_since(event.code(), parts.clock.seconds() - DAY)
}

fn of_device<'a>(parts: &Parts, device: &'a DeviceSummary, known: &[(Alarm, bool)], found: &mut Vec<Found<'a>>) {
    let now = parts.clock.seconds();
    let heard = device.report.as_ref().map_or(device.enrolled_at, |(at, _)| *at);
    let id = <[u8; 16]>::try_from(device.id.as_slice()).unwrap_or_default();
    let all = [
        (Alarm::BudgetUsedUp, parts.budgets.is_used_up(id, now)),
        (Alarm::Differs, device.report.as_ref().is_some_and(|(_, report)| !report.agrees)),
        (Alarm::LostPhotos, device.lost_photos > 0),
        (Alarm::Overdue, is_overdue(device, now)),
    ];
    let since = Some(civil(heard));
    let all = known.iter().chain(&all).filter(|(_, is)| *is);
    found.extend(all.map(|(alarm, _)| Found { alarm: *alarm, since, device: Some(device) }));
}

fn row(found: &Found<'_>) -> ListRow {
    let text = |text: &str| Value::Text(text.into());
    let device = found.device;
    let cells = [
        ("alarm", Some(text(found.alarm.code()))),
        ("since", found.since.map(|at| text(&at.to_string()))),
        ("device", device.map(|device| Value::Int(device.number))),
        ("canteen", device.and_then(|device| device.canteen.as_deref()).map(text)),
        ("division", device.map(|device| text(&device.division))),
        ("todo", Some(text(say!(alarm::todo(found.alarm))))),
    ];
    let id = device.and_then(|device| RecordId::from_bytes(&device.id)).unwrap_or(RecordId(uuid::Uuid::nil()));
    ListRow { id, cells: cells.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect() }
}
