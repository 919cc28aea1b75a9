//! Totals of a site over a period, by site one level below and by day, from roll-ups.

use super::clerk::{Clerk, signed_in};
use super::{asked_scope, scope_of};
use crate::fault::{Refusal, not_found};
use crate::store::{AccountRow, CanteenSite, DeviceSummary, Scope};
use crate::{Parts, Server};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::ToSpan;
use jiff::civil::Date;
use shared::console::{Counts, Overview, OverviewQuery, Site};
use shared::division;
use shared::fault;
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
        return Err(fault!(Code::BadInput, overview::BAD_PERIOD).into());
    }
    Ok((from, to))
}

pub async fn show(
    State(server): State<Server>,
    clerk: Clerk,
    ask: Result<Query<OverviewQuery>, QueryRejection>,
) -> Result<Json<Overview>, Refusal> {
    signed_in(&server, clerk, move |parts, clerk| {
        let Query(ask) = ask?;
        overview(parts, &clerk.account, &ask)
    })
    .await
    .map(Json)
}

fn overview(parts: &Parts, account: &AccountRow, ask: &OverviewQuery) -> Result<Overview, Refusal> {
    let now = parts.clock.seconds();
    let (from, to) = period(ask.from, ask.to, parts.clock.civil().date())?;
    let scope = asked_scope(parts, account, ask.division.as_deref(), ask.canteen.as_deref())?;
    let own = scope_of(account);
    parts.store.read_page(|tx| {
        let canteens = tx.canteens(&scope)?;
        let site = site_of(&scope, &canteens).ok_or_else(not_found)?;
        let totals = tx.by_canteen(from, to)?;
        let by_canteen: Vec<(&CanteenSite, Counts)> = canteens
            .iter()
            .map(|canteen| {
                let found = totals.binary_search_by(|(code, _)| code.cmp(&canteen.code)).ok();
                let counts = found.map(|at| totals[at].1).unwrap_or_default();
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
            trail: trail(&own, &site, canteens.first()),
            children: children(&site, &by_canteen),
            site,
            from,
            to,
            totals,
            days,
            devices: (devices.len() as u64, overdue as u64),
        })
    })
}

/// Whether a device has not been heard of for a day.
pub fn is_overdue(device: &DeviceSummary, now: i64) -> bool {
    now - device.report.as_ref().map_or(device.enrolled_at, |(at, _)| *at) > OVERDUE
}

/// The devices in use of a site.
fn devices_in(scope: &Scope, devices: Vec<DeviceSummary>) -> Vec<DeviceSummary> {
    devices.into_iter().filter(|device| !device.revoked && sees(scope, device)).collect()
}

/// Whether a device stands in the site.
pub fn sees(scope: &Scope, device: &DeviceSummary) -> bool {
    match scope {
        Scope::Canteen(code) => device.canteen.as_deref() == Some(code),
        Scope::Division(code) => division::within(&device.division, code),
    }
}

fn division_site(code: &str) -> Site {
    Site { code: code.to_owned(), name: division::name(code).to_owned(), level: division::level(code) }
}

fn canteen_site(canteen: &CanteenSite) -> Site {
    Site { code: canteen.code.clone(), name: canteen.name.clone(), level: Level::Canteen }
}

fn site_of(scope: &Scope, canteens: &[CanteenSite]) -> Option<Site> {
    match scope {
        Scope::Division(code) => Some(division_site(code)),
        Scope::Canteen(_) => canteens.first().map(canteen_site),
    }
}

/// From the account's own site down to the one shown.
fn trail(own: &Scope, site: &Site, canteen: Option<&CanteenSite>) -> Vec<Site> {
    let Scope::Division(top) = own else { return vec![site.clone()] };
    let lowest = match (site.level, canteen) {
        (Level::Canteen, Some(canteen)) => canteen.division.as_str(),
        _ => site.code.as_str(),
    };
    let mut trail: Vec<Site> =
        [4, 6, 9].into_iter().filter_map(|length| lowest.get(..length)).filter(|code| code.len() >= top.len()).map(division_site).collect();
    if trail.last() != Some(site) {
        trail.push(site.clone());
    }
    trail
}

/// The sites one level below: divisions that stand or have canteens, or a town's canteens.
fn children(site: &Site, by_canteen: &[(&CanteenSite, Counts)]) -> Vec<(Site, Counts)> {
    match site.level {
        Level::Canteen => Vec::new(),
        Level::Town => by_canteen.iter().map(|(canteen, counts)| (canteen_site(canteen), *counts)).collect(),
        Level::City | Level::County => division::children(&site.code)
            .filter_map(|entry| {
                let mut sum = Counts::default();
                let inside = by_canteen.iter().filter(|(canteen, _)| division::within(&canteen.division, entry.code));
                inside.for_each(|(_, counts)| sum.add(counts));
                (entry.valid_to.is_none() || sum.canteens > 0).then(|| (division_site(entry.code), sum))
            })
            .collect(),
    }
}
