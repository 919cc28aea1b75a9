//! The ledger of a year as a township reads it: its first and its last page, and what an order waits while ten people have it open.

use super::million::{Place, TOWN};
use super::row;
use anyhow::{Context, Result, ensure};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::sync::{Ask, envelope};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Instant;
use sync_server::Clock;
use tests::device;

/// What forty canteens write in a hundred days, or nine in a year.
const ORDERS: u32 = 400_000;
const PEOPLE: usize = 10;
const ROUNDS: usize = 20;
const PASSWORD: &str = "luocheng-2026-lunch";

/// Prints the rows.
pub(super) fn measure() -> Result<()> {
    let place = Place::holding(ORDERS)?;
    // What it looks over when it starts is not measured here.
    place.is_idle()?;
    // One account has a share of the server, so each of the ten has their own.
    let names: Vec<String> = (0..PEOPLE).map(|at| format!("liang_town_{at}")).collect();
    let readers: Vec<Reader> = names
        .iter()
        .map(|name| {
            place.home.account(name, "town", TOWN, PASSWORD)?;
            Reader::signed_in(&place, name)
        })
        .collect::<Result<_>>()?;
    let reader = &readers[0];
    let first = reader.middle("page=0")?;
    row("ledger of 400,000 orders, its first page (ms)", first, None);
    let last = u32::try_from(reader.page("page=0")?.1 / 50)? - 1;
    row("its last page by number (ms; the first)", reader.middle(&format!("page={last}"))?, Some(first));
    let behind = reader.page(&format!("page={}", last - 1))?.2;
    row("its last page by key (ms; the first)", reader.middle(&format!("page={last}&after={behind}"))?, Some(first));

    let alone = orders(&place)?;
    let over = AtomicBool::new(false);
    let beside = std::thread::scope(|scope| {
        let readers: Vec<_> = readers.iter().map(|reader| scope.spawn(|| reader.reads_on(last, &over))).collect();
        let beside = orders(&place);
        over.store(true, Relaxed);
        for reader in readers {
            reader.join().map_err(|_| anyhow::anyhow!("a reader fell over"))??;
        }
        beside
    })?;
    row("one order up and down while ten read late pages (ms; alone)", beside, Some(alone));

    let flood = Flood::of_the_town(&place)?;
    over.store(false, Relaxed);
    let (page, beside) = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| {
                let (flood, over) = (&flood, &over);
                scope.spawn(move || flood.asks_on(lane, over))
            })
            .collect();
        let told = (reader.middle("page=0"), orders(&place));
        over.store(true, Relaxed);
        for lane in lanes {
            lane.join().map_err(|_| anyhow::anyhow!("a lane fell over"))??;
        }
        Ok::<_, anyhow::Error>((told.0?, told.1?))
    })?;
    row("first page while a computer asks for sums in eight lanes (ms; alone)", page, Some(first));
    row("one order up and down beside the same (ms; alone)", beside, Some(alone));
    row(
        "its questions that were answered, and turned away",
        flood.answered.load(Relaxed).into(),
        Some(flood.turned_away.load(Relaxed).into()),
    );
    Ok(())
}

/// So many questions a hostile computer has under way at once.
const LANES: usize = 8;

/// A computer of the township that asks for all that costs the server a walk through its feed, as fast as it can.
struct Flood {
    crypto: SoftProvider,
    key: StoredKey,
    device: [u8; 16],
    url: String,
    answered: AtomicU32,
    turned_away: AtomicU32,
}

impl Flood {
    fn of_the_town(place: &Place) -> Result<Self> {
        let (crypto, url) = (SoftProvider::new(), place.server.listening()?);
        let key = crypto.new_key()?;
        let code = place.home.admin(&["device", "code", "--division", TOWN])?;
        let ask = device::enrol_ask(&crypto, &key, code["code"].as_str().context("code")?, "电脑")?;
        let enrolled = device::enrol(&Client::builder().no_proxy().timeout(None).build()?, &crypto, &url, &ask)?;
        let device = *enrolled.device.0.as_bytes();
        Ok(Self { crypto, key, device, url, answered: AtomicU32::new(0), turned_away: AtomicU32::new(0) })
    }

    fn asks_on(&self, lane: usize, over: &AtomicBool) -> Result<()> {
        let http = Client::builder().no_proxy().timeout(None).build()?;
        for round in 0_u8.. {
            if over.load(Relaxed) {
                break;
            }
            let ask = match (lane + usize::from(round)) % 3 {
                0 => Ask::Buckets,
                1 => Ask::ChangeIds((0..=255).collect()),
                _ => Ask::Fetch((0..=255).map(|first| [first; 16]).collect()),
            };
            let envelope = envelope::enclose(&self.crypto, &self.key, &self.device, Clock::system().seconds(), &ask)?;
            let answer = http.post(format!("{}/v2/sync", self.url)).body(envelope).send()?;
            let counted = if answer.status().is_success() { &self.answered } else { &self.turned_away };
            counted.fetch_add(1, Relaxed);
            answer.bytes()?;
        }
        Ok(())
    }
}

/// Milliseconds of one order, in the middle of some.
fn orders(place: &Place) -> Result<f64> {
    let mut told = (0..ROUNDS).map(|_| Ok(place.one_order()?.0)).collect::<Result<Vec<_>>>()?;
    told.sort_by(f64::total_cmp);
    Ok(told[ROUNDS / 2])
}

struct Reader {
    http: Client,
    url: String,
}

impl Reader {
    fn signed_in(place: &Place, name: &str) -> Result<Self> {
        let url = place.server.listening()?;
        let http = Client::builder().cookie_store(true).no_proxy().timeout(None).build()?;
        http.post(format!("{url}/api/session")).json(&json!({ "name": name, "password": PASSWORD })).send()?.error_for_status()?;
        Ok(Self { http, url })
    }

    /// Milliseconds of a page, how many rows there are in all, and the id of the page's last row.
    fn page(&self, words: &str) -> Result<(f64, u64, String)> {
        let begun = Instant::now();
        let page: Value = self.http.get(format!("{}/api/list/orders?{words}", self.url)).send()?.error_for_status()?.json()?;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        let rows = page["rows"].as_array().context("rows")?;
        ensure!(!rows.is_empty(), "{words}: nothing");
        let id = rows.last().and_then(|row| row["id"].as_str()).unwrap_or_default();
        Ok((took, page["total"].as_u64().context("total")?, id.to_owned()))
    }

    fn middle(&self, words: &str) -> Result<f64> {
        let mut told = (0..5).map(|_| Ok(self.page(words)?.0)).collect::<Result<Vec<_>>>()?;
        told.sort_by(f64::total_cmp);
        Ok(told[2])
    }

    /// Reads one late page after the other.
    fn reads_on(&self, last: u32, over: &AtomicBool) -> Result<()> {
        let mut back = 2;
        while !over.load(Relaxed) {
            let behind = self.page(&format!("page={}", last - back))?.2;
            self.page(&format!("page={}&after={behind}", last - back + 1))?;
            back = back % 50 + 2;
        }
        Ok(())
    }
}
