//! The screens as people use them: the desk in Chromium over loopback, the console, the courier's phone, the real window.
//! Every step saves a picture; no screen may load anything from elsewhere.

mod accounts;
mod apart;
mod audit;
mod console;
mod copied;
mod delivery;
mod dialogs;
mod doubt;
mod english;
mod exports;
mod first_account;
mod forms;
mod import;
mod key;
mod kitchen;
mod look;
mod markup;
mod menu;
mod morning;
mod moved;
mod narrow;
mod own_account;
mod phone;
mod refused;
mod restored;
mod shut_out;
mod staff;
mod standing;
mod transfer;
mod window;

use anyhow::{Context, Result};
use serde_json::Value;
use tests::browser::{Session, chromium};
use tests::program::{DeskHome, NOW, Running, ServerHome, sample};
use thirtyfour::prelude::*;

const LUOCHENG: &str = "445381001";

/// A server with one canteen and its prices, an enrolled desk, a city account.
struct Town {
    home: ServerHome,
    server: Running,
    desk: DeskHome,
    canteen: String,
}

fn town() -> Result<Town> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", LUOCHENG)?;
    home.account("hezhang", "city", "4453", "yufan2026")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    Ok(Town { home, server, desk, canteen })
}

fn run<F: Future<Output = Result<()>>>(work: F) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

/// The link to the first account of a new server, from the file that it names.
fn first_link(server: &Running) -> Result<String> {
    let file = server.next_line()?["first_account"].as_str().context("no link")?.to_owned();
    Ok(std::fs::read_to_string(file)?.trim().to_owned())
}

async fn nothing_foreign(page: &Session) -> Result<()> {
    let foreign = page.foreign_requests().await?;
    anyhow::ensure!(foreign.is_empty(), "foreign requests: {foreign:?}");
    Ok(())
}

/// An order for today's lunch by command; gives its number.
fn order(desk: &DeskHome, name: &str, mode: &str) -> Result<String> {
    let found = desk.json(&["elder", "find", name, "--json"])?;
    let elder = found[0]["id"].as_str().with_context(|| format!("no {name}"))?;
    let taken = desk.json(&["order", "take", "--elder", elder, "--date", &NOW[..10], "--meal", "lunch", "--mode", mode, "--json"])?;
    Ok(taken["number"].as_str().context("no number")?.to_owned())
}
