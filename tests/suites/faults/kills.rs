//! Faults: kill -9 of desk and server while work goes on. What was confirmed is there afterwards.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::sync::Answer;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tests::canteen::Canteen;
use tests::photo;
use tests::program::DeskHome;

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
    let town = Canteen::new()?;
    let desk = &town.desk;
    let elder = desk.elder_of("elders_luocheng.xlsx", "乔建")?;
    let mut confirmed = BTreeSet::new();
    for round in 0..5 {
        confirmed.extend(orders_until_killed(desk, &elder, 7 + round)?);
        let found = numbers(&desk.json(&["ledger", "--json"])?);
        assert!(found.is_superset(&confirmed), "lost: {:?}", confirmed.difference(&found).collect::<Vec<_>>());
    }
    assert_eq!(desk.json(&["sync", "--json"])?["agrees"], true);
    Ok(())
}

#[test]
fn f34_kill_of_the_server_loses_nothing_that_was_acknowledged() -> Result<()> {
    let Canteen { home, server, address, desk } = Canteen::new()?;
    let listen = address.trim_start_matches("http://").to_owned();
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

/// A lid is closed and opened again, on either side of the line.
#[cfg(unix)]
#[test]
fn f09_programs_that_slept_go_on() -> Result<()> {
    use tests::program::signal;
    let Canteen { server, desk, .. } = &Canteen::new()?;
    let elder = desk.elder_of("elders_small.xls", "𠮷田")?;
    let mut serve = desk.command();
    serve.arg("serve");
    let screen = tests::program::Screen::open(serve)?;
    let take = json!({ "elder": elder, "confirmed": true, "supplement_reason": "测试" });
    let mut taken = BTreeSet::new();
    for sleeper in [screen.served.id(), server.id(), screen.served.id()] {
        signal("STOP", sleeper)?;
        // What is asked meanwhile is answered when it wakes.
        let order = std::thread::scope(|scope| {
            let waking = scope.spawn(move || signal("CONT", sleeper));
            let order = screen.call("take_order", &take)?;
            screen.call("sync_now", &json!({}))?;
            waking.join().map_err(|_| anyhow::anyhow!("the waking"))??;
            Ok::<_, anyhow::Error>(order)
        })?;
        taken.insert(order["number"].as_str().context("number")?.to_owned());
    }
    screen.kill()?;
    assert!(numbers(&desk.json(&["ledger", "--json"])?).is_superset(&taken) && taken.len() == 3);
    assert_eq!(desk.json(&["sync", "--json"])?["agrees"], true);
    Ok(())
}

/// When `receipt add` is killed, by what can be seen of it from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Started,
    FileBegun,
    PhotoThere,
    ThumbnailThere,
    Answered,
}

/// What lies in the desk's photo folders.
fn photo_files(desk: &Path) -> BTreeSet<PathBuf> {
    let below = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    below(&desk.join("photos")).iter().flat_map(|folder| below(folder)).collect()
}

/// Adds a receipt and kills the program at that moment. Gives whether it had answered.
fn add_killed(desk: &DeskHome, order: &str, photo: &Path, at: &str, moment: Moment) -> Result<bool> {
    let before = photo_files(desk.path());
    let mut command = desk.command();
    command.args(["receipt", "add", "--order", order, "--arrived-at", at, "--json", "--photo"]).arg(photo);
    let mut adding = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut out = BufReader::new(adding.stdout.take().context("its output")?);
    let mut answer = String::new();
    if moment == Moment::Answered {
        out.read_line(&mut answer)?;
    }
    let ends = |end: &str| photo_files(desk.path()).difference(&before).any(|path| path.to_string_lossy().ends_with(end));
    let reached = || match moment {
        Moment::Started | Moment::Answered => true,
        Moment::FileBegun => photo_files(desk.path()) != before,
        Moment::PhotoThere => ends(".sealed"),
        Moment::ThumbnailThere => ends(".small.sealed"),
    };
    while !reached() && adding.try_wait()?.is_none() {
        std::thread::yield_now();
    }
    adding.kill()?;
    adding.wait()?;
    out.read_line(&mut answer)?;
    Ok(!answer.is_empty())
}

/// The photos of every receipt in the ledger, by order; each has to lie in the folder as it is named.
fn receipts(desk: &DeskHome) -> Result<BTreeMap<String, Vec<String>>> {
    let ledger = desk.json(&["ledger", "--json"])?;
    let mut found = BTreeMap::new();
    for row in ledger["rows"].as_array().into_iter().flatten().filter(|row| !row["receipt"].is_null()) {
        let photos: Vec<String> = serde_json::from_value(row["receipt"]["photos"].clone())?;
        for hash in &photos {
            let bytes = std::fs::read(desk.path().join("photos").join(&hash[..2]).join(format!("{hash}.sealed")))
                .with_context(|| format!("a receipt names {hash}"))?;
            assert_eq!(hex::encode(Sha256::digest(&bytes)), *hash);
        }
        found.insert(row["id"].as_str().context("id")?.to_owned(), photos);
    }
    Ok(found)
}

#[test]
fn f03_kill_while_a_receipt_is_added_loses_no_photo() -> Result<()> {
    let Canteen { home, address, desk, .. } = &Canteen::new()?;
    let elder = desk.elder_of("elders_small.xls", "𠮷田")?;
    let now = desk.json(&["status", "--json"])?["now"].as_str().context("now")?.to_owned();
    let mut cut = Vec::new();
    let moments = [Moment::Started, Moment::FileBegun, Moment::PhotoThere, Moment::ThumbnailThere, Moment::Answered];
    for (seed, moment) in (1_u8..).zip(moments) {
        let order = desk.order_for(&elder)?;
        let door = photo::door(desk.path(), seed)?;
        let answered = add_killed(desk, &order, &door, &now, moment)?;
        let found = receipts(desk)?;
        assert!(answered || moment != Moment::Answered);
        assert!(!answered || found.get(&order).is_some_and(|photos| photos.len() == 1), "{moment:?}: an answered receipt is lost");
        cut.push((order, door, moment));
    }
    // What was cut off is added again: the same photo under the same name, once.
    for (order, door, moment) in &cut {
        let door = door.to_str().context("path")?;
        let added = desk.json(&["receipt", "add", "--order", order, "--photo", door, "--arrived-at", &now, "--json"])?;
        let photos: Vec<String> = serde_json::from_value(added["photos"].clone())?;
        assert_eq!(receipts(desk)?.get(order), Some(&photos), "{moment:?}");
    }
    assert_eq!(desk.json(&["sync", "--json"])?["agrees"], true);
    assert_eq!(desk.json(&["status", "--json"])?["unsent_photos"], 0);
    let code = home.admin(&["device", "code", "--division", "445381001"])?;
    let town = DeskHome::enrolled(address, code["code"].as_str().context("code")?)?;
    town.json(&["sync", "--json"])?;
    let open = desk::Desk::open(town.path()).unwrap();
    for hash in receipts(desk)?.into_values().flatten() {
        let picture = open.ask(&shared::command::PhotoData { hash, thumbnail: true }).unwrap();
        assert!(picture.starts_with("data:image/jpeg;base64,"), "the server has the photo");
    }
    Ok(())
}

/// A canteen whose desk has taken a receipt with one photo, and the photo's hash.
fn with_a_photo() -> Result<(Canteen, String)> {
    let town = Canteen::new()?;
    let desk = &town.desk;
    let order = desk.order_for(&desk.elder_of("elders_small.xls", "𠮷田")?)?;
    let now = desk.json(&["status", "--json"])?["now"].as_str().context("now")?.to_owned();
    let door = photo::door(desk.path(), 1)?;
    let add = ["receipt", "add", "--order", &order, "--photo", door.to_str().context("path")?, "--arrived-at", &now, "--json"];
    let hash = desk.json(&add)?["photos"][0].as_str().context("photo")?.to_owned();
    Ok((town, hash))
}

#[test]
fn f39_a_photo_that_the_server_lost_is_sent_again() -> Result<()> {
    let (town, hash) = with_a_photo()?;
    let (home, desk) = (&town.home, &town.desk);
    assert_eq!(desk.json(&["sync", "--json"])?["photos"], 1);

    let file = home.path().join("photos").join(&hash[..2]).join(format!("{hash}.sealed"));
    let whole = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    let found = home.json(&["scrub"])?;
    assert_eq!((&found["checked"], &found["lost"], &found["missing"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(desk.json(&["sync", "--json"])?["photos"], 1, "sent again");
    assert_eq!(std::fs::read(&file)?, whole);
    assert_eq!(home.json(&["scrub"])?["missing"], 0);

    // The other way round: what the desk lost it fetches when somebody looks at it.
    let own = desk.path().join("photos").join(&hash[..2]);
    std::fs::remove_dir_all(&own)?;
    let open = desk::Desk::open(desk.path()).unwrap();
    let picture = open.ask(&shared::command::PhotoData { hash: hash.clone(), thumbnail: false }).unwrap();
    assert!(picture.starts_with("data:image/jpeg;base64,"));
    assert_eq!(std::fs::read(own.join(format!("{hash}.sealed")))?, whole);
    Ok(())
}

#[test]
fn a_photo_for_which_there_is_no_room_or_that_is_damaged_holds_nothing_up() -> Result<()> {
    let (Canteen { home, server, address: _, desk }, hash) = with_a_photo()?;
    server.kill()?;
    let server = sync_server::Server::open(home.path(), sync_server::Clock::by(|| 1_795_312_080))?;
    let open = desk::Desk::open(desk.path())?;
    // Gives the photos that were asked to be taken; the server says "later" to all.
    let sync = |later: bool| -> Result<(u32, u64)> {
        let (mut sync, mut pieces) = (desk::OneSync::default(), 0);
        while let Some(envelope) = open.next_envelope(&mut sync)? {
            let heard = server.receive(&envelope)?;
            let piece = matches!(heard, Answer::PhotoHeld(_));
            pieces += u32::from(piece);
            open.take_answer(&mut sync, if piece && later { Answer::PhotoLater } else { heard })?;
        }
        open.end_sync(&sync)?;
        assert!(sync.summary().agrees);
        Ok((pieces, open.ask(&shared::command::Status {})?.unsent_photos))
    };
    let file = desk.path().join("photos").join(&hash[..2]).join(format!("{hash}.sealed"));
    let whole = std::fs::read(&file)?;
    std::fs::write(&file, &whole[..whole.len() - 9])?;
    assert_eq!(sync(false)?, (0, 1), "what is damaged is not sent, and waits");
    std::fs::write(&file, &whole)?;
    assert_eq!(sync(true)?, (1, 1), "it keeps");
    assert_eq!(sync(false)?.1, 0, "and goes up another time");
    Ok(())
}
