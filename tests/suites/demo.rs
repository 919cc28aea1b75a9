//! What `cargo xtask run` shows at the first look: the server's demo, and a canteen's desk with work behind it and before it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use shared::kinds::{Mode, OrderState};
use std::collections::BTreeSet;
use tests::program::{DeskHome, Running, Screen, ServerHome};

struct Demo {
    home: ServerHome,
    /// Serves as long as the demo is looked at.
    server: Running,
    codes: Value,
    desk: DeskHome,
    filled: Value,
}

/// As `cargo xtask run` does it.
fn made() -> Result<Demo> {
    let home = ServerHome::new()?;
    let codes = home.json(&["demo"])?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, codes["device_code"].as_str().context("code")?)?;
    let filled = desk.json(&["demo", "--json"])?;
    Ok(Demo { home, server, codes, desk, filled })
}

fn screen(desk: &DeskHome) -> Result<Screen> {
    let mut serve = desk.command();
    serve.arg("serve");
    Screen::open(serve)
}

fn rows<'a>(page: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    page[name].as_array().with_context(|| format!("no {name} in {page}"))
}

#[test]
fn the_first_look_shows_elders_prices_and_two_days_of_work() -> Result<()> {
    let demo = made()?;
    ensure!(demo.filled["elders"] == 300, "{}", demo.filled);
    let screen = screen(&demo.desk)?;
    let elders = screen.call("list", &json!({ "list": "elders" }))?;
    ensure!(elders["total"] == 300, "{}", elders["total"]);
    let card = screen.call("elder_card", &json!({ "elder": rows(&elders, "rows")?[0]["id"] }))?;
    let (number, phone) = (card["id_number"].as_str(), card["form"]["phone"].as_str());
    ensure!(
        number.is_some_and(|number| number.len() == 18) && phone.is_some_and(|phone| !phone.is_empty()),
        "sealed fields are read here: {card}"
    );
    ensure!(rows(&card["defaults"], "dishes")?.iter().all(|dish| dish["price"].as_i64().is_some_and(|fen| fen > 0)), "{card}");
    ensure!(rows(&card["defaults"], "dishes")?.len() >= 5, "{card}");

    let today = screen.call("status", &json!({}))?["now"].as_str().context("now")?[..10].to_owned();
    let board = screen.call("today", &json!({}))?;
    let orders = rows(&board, "orders")?;
    ensure!(board["date"] == today.as_str() && orders.len() > 100, "{}", orders.len());
    let seen = |field: &str| orders.iter().filter_map(|order| order[field].as_str()).collect::<BTreeSet<_>>();
    ensure!(seen("state") == OrderState::ALL.iter().map(|state| state.code()).collect(), "{:?}", seen("state"));
    ensure!(seen("mode") == Mode::ALL.iter().map(|mode| mode.code()).collect(), "{:?}", seen("mode"));
    ensure!(orders.iter().all(|order| order["price"].as_i64().is_some_and(|fen| fen > 0)), "each order has its price");
    let photo = orders.iter().find_map(|order| order["receipt"]["photos"][0].as_str()).context("a photo of today")?;
    let shown = screen.call("photo_data", &json!({ "hash": photo, "thumbnail": true }))?;
    ensure!(shown.as_str().is_some_and(|url| url.starts_with("data:image/jpeg")), "{shown}");

    let ledger = screen.call("list", &json!({ "list": "orders" }))?;
    ensure!(ledger["total"] == demo.filled["orders"], "{} of {}", ledger["total"], demo.filled);
    let supplements =
        rows(&ledger, "rows")?.iter().map(|row| &row["cells"]).chain(orders).filter(|order| order["supplement"] == true).count();
    ensure!(supplements < 20, "most were taken in time, as on a common day: {supplements}");
    Ok(())
}

#[test]
fn a_second_run_adds_nothing_and_the_town_reads_it_after_its_first_sync() -> Result<()> {
    let demo = made()?;
    let again = demo.desk.json(&["demo", "--json"])?;
    ensure!(again == json!({ "elders": 0, "orders": 0, "receipts": 0, "photos": 0 }), "{again}");
    let synced = demo.desk.json(&["sync", "--json"])?;
    ensure!(synced["unsent"] == 0 && synced["agrees"] == true && synced["refused"] == json!([]), "{synced}");

    let town = DeskHome::enrolled(&demo.server.listening()?, demo.codes["town_device_code"].as_str().context("code")?)?;
    let ledger = town.json(&["ledger", "--json"])?;
    ensure!(rows(&ledger, "rows")?.len() as u64 == demo.filled["orders"].as_u64().context("orders")?, "all orders are there");
    let screen = screen(&town)?;
    let elders = screen.call("list", &json!({ "list": "elders" }))?;
    ensure!(elders["total"] == 300, "{}", elders["total"]);
    let card = screen.call("elder_card", &json!({ "elder": rows(&elders, "rows")?[0]["id"] }))?;
    ensure!(card["id_number"].as_str().is_some_and(|number| number.len() == 18), "{card}");

    let found = demo.home.json(&["verify"])?;
    ensure!(found["ok"] == true, "{found}");
    Ok(())
}
