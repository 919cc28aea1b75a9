//! Figures of a place over a period, by place one level below and by day, from roll-ups.

use super::{asked_scope, scope_of, signed_in};
use crate::fault::{Refusal, not_found};
use crate::route::SessionCookie;
use crate::store::{AccountRow, CanteenPlace, DeviceLine, Scope};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::console::{Counts, Overview, OverviewQuery, Place};
use shared::division;
use shared::fault::Code;
use shared::kinds::Level;

/// A device not heard of for so long is overdue, in seconds.
pub const OVERDUE: i64 = 24 * 3600;

/// The days asked for; today where none are.
pub fn period(from: Option<Date>, to: Option<Date>, today: Date) -> Result<(Date, Date), Refusal> {
    let to = to.or(from).unwrap_or(today);
    let from = from.unwrap_or(to);
    let years = i32::from(to.year()) - i32::from(from.year());
    if from > to || years > 3 {
        return Err(Refusal::new(Code::BadInput, "起止日期不对。", "请让开始日期不晚于结束日期，并且不超过三年。"));
    }
    Ok((from, to))
}

pub async fn show(
    State(server): State<Server>,
    cookie: SessionCookie,
    ask: Result<Query<OverviewQuery>, QueryRejection>,
) -> Result<Json<Overview>, Refusal> {
    signed_in(&server, cookie, move |parts, account| {
        let Query(ask) = ask?;
        overview(parts, &account, &ask)
    })
    .await
    .map(Json)
}

fn overview(parts: &Parts, account: &AccountRow, ask: &OverviewQuery) -> Result<Overview, Refusal> {
    let now = parts.clock.seconds();
    let (from, to) = period(ask.from, ask.to, parts.clock.civil().date())?;
    let scope = asked_scope(parts, account, ask.division.as_deref(), ask.canteen.as_deref())?;
    let own = scope_of(account);
    parts.store.read(|tx| {
        let canteens = tx.canteens(&scope)?;
        let place = place_of(&scope, &canteens).ok_or_else(not_found)?;
        let figures = tx.by_canteen(from, to)?;
        let by_canteen: Vec<(&CanteenPlace, Counts)> = canteens
            .iter()
            .map(|canteen| {
                let found = figures.binary_search_by(|(code, _)| code.cmp(&canteen.code)).ok();
                let counts = found.map(|at| figures[at].1).unwrap_or_default();
                (canteen, Counts { canteens: 1, ..counts })
            })
            .collect();
        let mut totals = Counts::default();
        by_canteen.iter().for_each(|(_, counts)| totals.add(counts));
        let first = to.checked_sub(13.days()).unwrap_or(to);
        let known = tx.by_day(&canteens, first, to)?;
        let day = |day: Date| known.iter().find(|(known, _)| *known == day).map(|(_, counts)| *counts).unwrap_or_default();
        let days = first.series(1.day()).take_while(|at| *at <= to).map(|at| (at, day(at))).collect();
        let devices = devices_in(&scope, tx.devices()?);
        let overdue = devices.iter().filter(|device| is_overdue(device, now)).count();
        Ok(Overview {
            trail: trail(&own, &place, canteens.first()),
            children: children(&place, &by_canteen),
            place,
            from,
            to,
            totals,
            days,
            devices: (devices.len() as u64, overdue as u64),
        })
    })
}

/// Whether a device has not been heard of for a day.
pub fn is_overdue(device: &DeviceLine, now: i64) -> bool {
    now - device.report.as_ref().map_or(device.enrolled_at, |(at, _)| *at) > OVERDUE
}

/// The devices in use of a place.
fn devices_in(scope: &Scope, devices: Vec<DeviceLine>) -> Vec<DeviceLine> {
    devices.into_iter().filter(|device| !device.revoked && sees(scope, device)).collect()
}

/// Whether a device stands in the place.
pub fn sees(scope: &Scope, device: &DeviceLine) -> bool {
    match scope {
        Scope::Canteen(code) => device.canteen.as_deref() == Some(code),
        Scope::Division(code) => division::within(&device.division, code),
    }
}

fn division_place(code: &str) -> Place {
    Place { code: code.to_owned(), name: division::name(code).to_owned(), level: division::level(code) }
}

fn canteen_place(canteen: &CanteenPlace) -> Place {
    Place { code: canteen.code.clone(), name: canteen.name.clone(), level: Level::Canteen }
}

fn place_of(scope: &Scope, canteens: &[CanteenPlace]) -> Option<Place> {
    match scope {
        Scope::Division(code) => Some(division_place(code)),
        Scope::Canteen(_) => canteens.first().map(canteen_place),
    }
}

/// From the account's own place down to the one shown.
fn trail(own: &Scope, place: &Place, canteen: Option<&CanteenPlace>) -> Vec<Place> {
    let Scope::Division(top) = own else { return vec![place.clone()] };
    let lowest = match (place.level, canteen) {
        (Level::Canteen, Some(canteen)) => canteen.division.as_str(),
        _ => place.code.as_str(),
    };
    let mut trail: Vec<Place> = [4, 6, 9]
        .into_iter()
        .filter_map(|length| lowest.get(..length))
        .filter(|code| code.len() >= top.len())
        .map(division_place)
        .collect();
    if trail.last() != Some(place) {
        trail.push(place.clone());
    }
    trail
}

/// The places one level below: divisions that stand or have canteens, or a town's canteens.
fn children(place: &Place, by_canteen: &[(&CanteenPlace, Counts)]) -> Vec<(Place, Counts)> {
    match place.level {
        Level::Canteen => Vec::new(),
        Level::Town => by_canteen.iter().map(|(canteen, counts)| (canteen_place(canteen), *counts)).collect(),
        Level::City | Level::County => division::children(&place.code)
            .filter_map(|entry| {
                let mut sum = Counts::default();
                let inside = by_canteen.iter().filter(|(canteen, _)| division::within(&canteen.division, entry.code));
                inside.for_each(|(_, counts)| sum.add(counts));
                (entry.valid_to.is_none() || sum.canteens > 0).then(|| (division_place(entry.code), sum))
            })
            .collect(),
    }
}
