//! The ledger of a year as a township reads it: its first and its last page, and what an order waits while ten people have it open.

use super::million::{Place, TOWN};
use super::row;
use anyhow::{Context, Result, ensure};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

/// What forty canteens write in a hundred days, or nine in a year.
const ORDERS: u32 = 400_000;
const PEOPLE: usize = 10;
const ROUNDS: usize = 20;
const PASSWORD: &str = "luocheng-2026-lunch";

/// Prints the rows.
pub(super) fn measure() -> Result<()> {
    let place = Place::holding(ORDERS)?;
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
    Ok(())
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
