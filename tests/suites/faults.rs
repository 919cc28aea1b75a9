//! Faults: kill -9 of desk and server while work goes on. What was confirmed is there afterwards.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::program::{DeskHome, ServerHome, sample};

/// Orders confirmed over `desk serve` until the process is killed in the middle of the next one.
fn orders_until_killed(desk: &DeskHome, elder: &str, many: usize) -> Result<BTreeSet<String>> {
    let served = desk.serve()?;
    let open = served.first_line["open"].as_str().context("open")?.to_owned();
    let (address, token) = open.split_once("/#token=").context("token")?;
    let client = reqwest::blocking::Client::builder().no_proxy().build()?;
    let take = json!({ "elder": elder, "confirmed": true, "supplement_reason": "测试" });
    let mut confirmed = BTreeSet::new();
    let ask = || client.post(format!("{address}/call/take_order")).header("x-desk-token", token).json(&take).send();
    for _ in 0..many {
        let taken: Value = ask()?.error_for_status()?.json()?;
        confirmed.insert(taken["number"].as_str().context("number")?.to_owned());
    }
    // One more is under way when the process dies: it may be there or not.
    let last = std::thread::scope(|scope| {
        let last = scope.spawn(|| ask().and_then(reqwest::blocking::Response::json::<Value>));
        std::thread::yield_now();
        served.kill().map(|()| last.join())
    })?;
    if let Ok(Ok(taken)) = last {
        confirmed.insert(taken["number"].as_str().context("number")?.to_owned());
    }
    Ok(confirmed)
}

fn numbers(ledger: &Value) -> BTreeSet<String> {
    ledger["rows"].as_array().into_iter().flatten().filter_map(|row| Some(row["number"].as_str()?.to_owned())).collect()
}

#[test]
fn f03_kill_of_the_desk_loses_nothing_that_was_confirmed() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    let hits = desk.json(&["elder", "find", "乔建", "--json"])?;
    let elder = hits[0]["id"].as_str().context("乔建")?;
    let mut confirmed = BTreeSet::new();
    for round in 0..5 {
        confirmed.extend(orders_until_killed(&desk, elder, 7 + round)?);
        let found = numbers(&desk.json(&["ledger", "--json"])?);
        assert!(found.is_superset(&confirmed), "lost: {:?}", confirmed.difference(&found).collect::<Vec<_>>());
    }
    assert_eq!(desk.json(&["sync", "--json"])?["agrees"], true);
    Ok(())
}

#[test]
fn kill_of_the_server_loses_nothing_that_was_acknowledged() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let listen = address.trim_start_matches("http://").to_owned();
    let desk = DeskHome::enrolled(&address, &code)?;
    let mut running = Some(server);
    for round in 0..4 {
        desk.json(&["bench", "--records", "400", "--json"])?;
        if round % 2 == 0 {
            // Killed while the push is under way; whatever was acknowledged left the outbox, the rest goes again.
            let syncing =
                desk.command().args(["sync", "--json"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()?;
            running.take().context("server")?.kill()?;
            let mut syncing = syncing;
            syncing.wait()?;
            running = Some(home.serve(&listen)?);
        }
        let report = desk.json(&["sync", "--json"])?;
        assert_eq!((&report["unsent"], &report["agrees"]), (&Value::from(0), &Value::from(true)), "round {round}: {report}");
    }
    let code = home.admin(&["device", "code", "--division", "4453"])?;
    let city = DeskHome::enrolled(&address, code["code"].as_str().context("code")?)?;
    assert_eq!(city.json(&["sync", "--json"])?["agrees"], true);
    Ok(())
}
