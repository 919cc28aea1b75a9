//! Ordering ahead: a month for five hundred elders in one go, taken back in one go, and a day of standing meals that the desk makes by itself.

use crate::{office_list, row};
use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use serde_json::json;
use std::time::Instant;
use tests::program::{DeskHome, Screen, ServerHome};

const ELDERS: usize = 500;
/// What is asked of a month for them, in milliseconds.
const MOST: f64 = 3_000.0;

pub fn measure() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    let list = desk.path().join("五百人.xlsx");
    office_list(&list, ELDERS)?;
    desk.json(&["import", "elders", list.to_str().context("path")?, "--json"])?;
    let mut serve = desk.command();
    serve.arg("serve");
    let screen = Screen::open(serve)?;
    let timed = |name: &str, ask: &serde_json::Value| {
        let begun = Instant::now();
        let answer = screen.call(name, ask)?;
        Ok::<_, anyhow::Error>((answer, begun.elapsed().as_secs_f64() * 1e3))
    };
    // A release build goes by the machine's clock; today's lunch may have closed.
    let today = jiff::Zoned::now().date();
    let days: Vec<String> = (1..=30).map(|ahead| today.checked_add(ahead.days()).map(|day| day.to_string())).collect::<Result<_, _>>()?;
    let ask = |commit: bool| json!({ "group": "everybody", "days": days, "meal": "lunch", "commit": commit });
    let (would, look) = timed("plan_orders", &ask(false))?;
    row("a month for 500 elders: what it would make (ms)", look, None);
    let (made, commit) = timed("plan_orders", &ask(true))?;
    ensure!(would["new"] == made["new"] && made["new"] == ELDERS * days.len(), "{} {}", would["new"], made["new"]);
    row("the same, made: 15,000 orders (ms)", commit, Some(MOST));
    let (undone, undo) = timed("undo_batch", &json!({ "batch": made["batch"], "confirmed": true }))?;
    ensure!(undone["cancelled"] == made["new"], "{undone}");
    row("the same, taken back (ms)", undo, None);
    Ok(())
}
