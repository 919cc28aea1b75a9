//! The main job by the command line, as scripts do it: an office's list, a phone order while the
//! server is away, a receipt, the ledger, and the county's view when the server is back.

use anyhow::{Context, Result};
use calamine::Reader;
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;
use tests::canteen::Canteen;
use tests::photo;
use tests::program::{DeskHome, ServerHome, binary, sample};

const LUOCHENG: &str = "445381001";

fn port_of(address: &str) -> String {
    address.trim_start_matches("http://").to_owned()
}

#[test]
fn the_main_job_from_the_list_to_the_countys_view() -> Result<()> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", LUOCHENG)?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let desk = DeskHome::enrolled(&address, &code)?;
    server.kill()?;

    // The office's list, without a server.
    let list = sample("elders_luocheng.xlsx");
    let list = list.to_str().context("path")?;
    let dry = desk.json(&["import", "elders", list, "--dry-run", "--json"])?;
    assert_eq!((&dry["new"], &dry["error"]), (&Value::from(532), &Value::from(33)), "{}", dry["rows"][0]);
    assert_eq!(desk.json(&["elder", "find", "王冬梅", "--json"])?, Value::Array(vec![]), "a dry run writes nothing");
    let errors = desk.path().join("错误.xlsx");
    let done = desk.json(&["import", "elders", list, "--errors", errors.to_str().context("path")?, "--json"])?;
    assert_eq!(done["new"], 532);
    let wrong = done["rows"].as_array().context("rows")?.iter().find(|row| row["bucket"] == "error").context("no error row")?;
    assert!(wrong["row"].as_u64() > Some(3) && wrong["message"].as_str().is_some_and(|text| !text.is_ascii()), "{wrong}");
    let mut workbook = calamine::open_workbook_auto(&errors)?;
    let sheet = workbook.worksheet_range_at(0).context("a sheet")??;
    assert!(sheet.rows().any(|row| row.iter().any(|cell| cell.to_string().contains("错误原因"))));
    let again = desk.json(&["import", "elders", list, "--dry-run", "--json"])?;
    assert_eq!((&again["new"], &again["same"]), (&Value::from(0), &Value::from(532)), "the same file changes nothing");

    // A phone order by pinyin initials, and its receipt.
    let hits = desk.json(&["elder", "find", "wdm", "--json"])?;
    let elder = hits.as_array().context("hits")?.iter().find(|hit| hit["name"] == "王冬梅").context("王冬梅 by initials")?;
    assert_eq!((&elder["village"], &elder["delivery_need"]), (&Value::from("细坑社区"), &Value::from(true)));
    let elder = elder["id"].as_str().context("id")?;
    let today = desk.json(&["status", "--json"])?["now"].as_str().context("now")?[..10].to_owned();
    let take =
        ["order", "take", "--elder", elder, "--date", &today, "--meal", "lunch", "--mode", "own_delivery", "--reason", "测试", "--json"];
    let taken = desk.json(&take)?;
    let (order, number) = (taken["id"].as_str().context("id")?, taken["number"].as_str().context("number")?);
    assert!(number.len() <= 8 && number.contains('-'), "{number}");
    let second = desk.run(&["order", "take", "--elder", elder, "--date", &today, "--meal", "lunch", "--mode", "own_delivery", "--json"])?;
    assert_eq!(second.status.code(), Some(1), "a second order for the same meal is asked back");
    assert!(String::from_utf8_lossy(&second.stderr).contains(number));
    desk.json(&["order", "outcome", "--order", order, "--outcome", "delivered", "--json"])?;
    let door = photo::door(desk.path(), 1)?;
    let now = desk.json(&["status", "--json"])?["now"].as_str().context("now")?.to_owned();
    desk.json(&["receipt", "add", "--order", order, "--photo", door.to_str().context("path")?, "--arrived-at", &now, "--json"])?;

    let export = desk.path().join("台账.xlsx");
    let ledger = desk.json(&["ledger", "--from", &today, "--to", &today, "--out", export.to_str().context("path")?, "--json"])?;
    let row = &ledger["rows"][0];
    assert_eq!((&row["number"], &row["outcome"], &row["elder"]), (&Value::from(number), &Value::from("delivered"), &Value::from("王冬梅")));
    // The same by its name, as every list is asked.
    let listed = desk.json(&["list", "orders", &format!("from={today}"), "meal=lunch", "sort=-price", "--json"])?;
    assert_eq!((&listed["total"], &listed["rows"][0]["cells"]["number"]), (&Value::from(1), &Value::from(number)));
    let refused = desk.run(&["list", "orders", "colour=red", "--json"])?;
    assert!(refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("colour"), "{refused:?}");
    let hash = row["receipt"]["photos"][0].as_str().context("photo")?.to_owned();
    assert_eq!(hash.len(), 64);
    let mut workbook = calamine::open_workbook_auto(&export)?;
    let sheet = workbook.worksheet_range_at(0).context("a sheet")??;
    assert!(sheet.rows().any(|row| row.iter().any(|cell| matches!(cell, calamine::Data::String(text) if text == number))));

    // Without the server a sync says so, and nothing is lost.
    let offline = desk.run(&["sync", "--json"])?;
    assert_eq!(offline.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&offline.stderr).contains("连不上"));

    // The server is back: everything goes up, once.
    let server = home.serve(&port_of(&address))?;
    let synced = desk.json(&["sync", "--json"])?;
    assert_eq!((&synced["unsent"], &synced["agrees"], &synced["refused"]), (&Value::from(0), &Value::from(true), &Value::Array(vec![])));
    assert!(synced["pushed"].as_u64() > Some(532));
    let idle = desk.json(&["sync", "--json"])?;
    assert_eq!((&idle["pushed"], &idle["pulled"], &idle["agrees"]), (&Value::from(0), &Value::from(0), &Value::from(true)));

    // The township office sees the same order.
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let town = DeskHome::enrolled(&address, code["code"].as_str().context("code")?)?;
    assert_eq!(town.json(&["sync", "--json"])?["agrees"], true);
    let seen = town.json(&["ledger", "--from", &today, "--to", &today, "--json"])?;
    assert_eq!(seen, ledger);
    let open = desk::Desk::open(town.path()).unwrap();
    let picture = open.ask(&shared::command::PhotoData { hash: hash.clone(), thumbnail: true }).unwrap();
    assert!(picture.starts_with("data:image/jpeg;base64,"), "the photo comes from the server when it is looked at");
    drop(open);

    // The county sees it in the console, down to the photo.
    home.account("lu_county", "county", "445381", "yufan2026")?;
    let client = reqwest::blocking::Client::builder().cookie_store(true).no_proxy().build()?;
    let signed =
        client.post(format!("{address}/api/session")).json(&serde_json::json!({ "name": "lu_county", "password": "yufan2026" })).send()?;
    assert!(signed.status().is_success(), "{}", signed.text()?);
    let get = |path: &str| -> Result<Value> { Ok(client.get(format!("{address}/api/{path}")).send()?.error_for_status()?.json()?) };
    let overview = get(&format!("overview?division=445381&from={today}&to={today}"))?;
    assert_eq!((&overview["totals"]["meals"], &overview["totals"]["receipts"]), (&Value::from(1), &Value::from(1)));
    let rows = get(&format!("list/orders?canteen={canteen}&from={today}&to={today}"))?;
    assert_eq!(rows["rows"][0]["cells"]["number"], number);
    assert_eq!(rows["rows"][0]["cells"]["phone"], Value::Null, "phones are sealed, the console has none");
    let picture = client.get(format!("{address}/api/photo/{hash}")).send()?.error_for_status()?.bytes()?;
    let picture = image::load_from_memory(&picture)?;
    assert_eq!((picture.width(), picture.height()), (1600, 1200));
    drop(server);
    Ok(())
}

#[test]
fn a_whole_import_is_taken_back_but_for_those_who_were_served() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    let list = sample("elders_luocheng.xlsx");
    let done = desk.json(&["import", "elders", list.to_str().context("path")?, "--json"])?;
    let hits = desk.json(&["elder", "find", "梁婷婷", "--json"])?;
    let served = hits[0]["id"].as_str().context("梁婷婷")?;
    desk.json(&["order", "take", "--elder", served, "--reason", "测试", "--confirm", "--json"])?;
    let undone = desk.json(&["import", "undo", &done["import"].to_string(), "--json"])?;
    assert_eq!((&undone["withdrawn"], &undone["kept"]), (&Value::from(531), &serde_json::json!(["梁婷婷"])));
    assert_eq!(desk.json(&["elder", "find", "王冬梅", "--json"])?, Value::Array(vec![]));
    assert_eq!(desk.json(&["elder", "find", "梁婷婷", "--json"])?.as_array().map(Vec::len), Some(1));
    let twice = desk.run(&["import", "undo", &done["import"].to_string(), "--json"])?;
    assert_eq!(twice.status.code(), Some(1));
    Ok(())
}

#[test]
fn what_the_field_changed_is_not_overwritten_by_the_next_list() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    // The later list has a new phone for 王冬梅; the counter learnt another one meanwhile.
    let open = desk::Desk::open(desk.path()).unwrap();
    let hit = open.ask(&shared::command::FindElders { text: "王冬梅".into(), limit: 5 }).unwrap();
    let elder = hit.first().context("王冬梅")?.id;
    let card = open.ask(&shared::command::ElderCard { elder: Some(elder) }).unwrap();
    let form = shared::command::ElderForm { phone: "13911112222".into(), ..card.form };
    open.ask(&shared::command::SaveElder { elder: Some(elder), form }).unwrap();
    drop(open);
    let later = desk.json(&["import", "elders", sample("elders_luocheng_later_gbk.csv").to_str().context("path")?, "--json"])?;
    let row = later["rows"].as_array().context("rows")?.iter().find(|row| row["name"] == "王冬梅").context("王冬梅")?;
    assert_eq!(row["code"], "field_kept", "{row}");
    let open = desk::Desk::open(desk.path()).unwrap();
    let card = open.ask(&shared::command::ElderCard { elder: Some(elder) }).unwrap();
    assert_eq!(card.form.phone.split(' ').next(), Some("139****2222"));
    Ok(())
}

#[test]
fn two_people_who_look_the_same_stay_two() -> Result<()> {
    let Canteen { home, address, desk, .. } = &Canteen::new()?;
    let open = desk::Desk::open(desk.path()).unwrap();
    let form = shared::command::ElderForm { name: "陈大妹".into(), division: "445381001008".into(), ..Default::default() };
    // Without an ID number there is nothing to tell them apart by, not even the second in which they were entered.
    for _ in 0..3 {
        open.ask(&shared::command::SaveElder { elder: None, form: form.clone() }).unwrap();
    }
    drop(open);
    assert_eq!(desk.json(&["sync", "--json"])?["agrees"], true);
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let town = DeskHome::enrolled(address, code["code"].as_str().context("code")?)?;
    town.json(&["sync", "--json"])?;
    assert_eq!(town.json(&["elder", "find", "陈大妹", "--json"])?.as_array().map(Vec::len), Some(3));
    Ok(())
}

#[test]
fn f07_two_programs_on_one_folder_never_give_one_number_twice() -> Result<()> {
    let Canteen { desk, .. } = &Canteen::new()?;
    // The window is open and has given a number; then a script works on the same folder, then the window again.
    let open = desk::Desk::open(desk.path()).unwrap();
    let form = shared::command::ElderForm { name: "陈大妹".into(), division: "445381001008".into(), ..Default::default() };
    let elder = open.ask(&shared::command::SaveElder { elder: None, form }).unwrap();
    let take = || {
        let ask =
            shared::command::TakeOrder { elder: Some(elder), confirmed: true, supplement_reason: "测试".into(), ..Default::default() };
        open.ask(&ask).unwrap().number
    };
    let first = take();
    let script = desk.json(&["order", "take", "--elder", &elder.to_string(), "--reason", "测试", "--confirm", "--json"])?;
    let numbers = [first, script["number"].as_str().context("number")?.to_owned(), take()];
    assert_eq!(numbers.map(|number| shared::rule::order_number::parse(&number)), [Some((1, 1)), Some((1, 2)), Some((1, 3))]);
    // And what the script imports is found in the window.
    desk.json(&["import", "elders", sample("elders_luocheng.xlsx").to_str().context("path")?, "--json"])?;
    open.ask(&shared::command::Status::default()).unwrap();
    let found = open.ask(&shared::command::FindElders { text: "wdm".into(), limit: 5 }).unwrap();
    assert!(found.iter().any(|hit| hit.name == "王冬梅"));
    Ok(())
}

#[test]
fn an_elder_moves_to_another_canteen_of_the_town() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", LUOCHENG)?;
    let (east, east_code) = home.canteen_with_code("罗城街道东区长者饭堂", "445381001002")?;
    let (far, _) = home.canteen_with_code("𬜯塘镇长者饭堂", "445381106")?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let (old, new) = (DeskHome::enrolled(&address, &code)?, DeskHome::enrolled(&address, &east_code)?);
    old.json(&["import", "elders", sample("elders_small.xls").to_str().context("path")?, "--json"])?;
    old.json(&["sync", "--json"])?;
    new.json(&["sync", "--json"])?;
    assert_eq!(new.json(&["elder", "find", "𠮷田", "--json"])?, Value::Array(vec![]), "not an elder of this canteen yet");
    let code = home.admin(&["device", "code", "--division", LUOCHENG])?;
    let town = DeskHome::enrolled(&address, code["code"].as_str().context("code")?)?;
    town.json(&["sync", "--json"])?;

    let find = |desk: &desk::Desk| desk.ask(&shared::command::FindElders { text: "𠮷田".into(), limit: 5 }).unwrap();
    let at_town = desk::Desk::open(town.path()).unwrap();
    let elder = find(&at_town).first().context("the elder at the town")?.id;
    let canteens = at_town.ask(&shared::command::Canteens {}).unwrap();
    assert_eq!(canteens.len(), 2, "those of the town: {canteens:?}");
    let to = |canteen: &str| shared::command::MoveElder { elder: Some(elder), canteen: canteen.to_owned() };
    at_town.ask(&to(&far)).expect_err("another town's canteen");
    let at_old = desk::Desk::open(old.path()).unwrap();
    at_old.ask(&to(&east)).expect_err("a canteen moves nobody");
    drop(at_old);
    let bindings = at_town.ask(&to(&east)).unwrap();
    assert_eq!(bindings[0].canteen, "罗城街道东区长者饭堂");
    assert_eq!((bindings.len(), bindings[0].until, bindings[1].until.is_some()), (2, None, true));
    at_town.ask(&to(&east)).expect_err("there already");
    drop(at_town);

    let report = town.json(&["sync", "--json"])?;
    assert_eq!((&report["refused"], &report["agrees"]), (&Value::Array(vec![]), &Value::from(true)));
    assert_eq!(new.json(&["sync", "--json"])?["agrees"], true);
    let at_new = desk::Desk::open(new.path()).unwrap();
    let card = at_new.ask(&shared::command::ElderCard { elder: find(&at_new).first().map(|hit| hit.id) }).unwrap();
    assert_eq!(card.binding.map(|(canteen, _)| canteen).as_deref(), Some("罗城街道东区长者饭堂"));
    assert_eq!(card.form.name, "𠮷田阿婆");
    // The canteen that had her gives her file back.
    assert_eq!(old.json(&["sync", "--json"])?["agrees"], true);
    let at_old = desk::Desk::open(old.path()).unwrap();
    assert!(find(&at_old).is_empty());
    at_old.ask(&shared::command::ElderCard { elder: Some(elder) }).expect_err("no file");
    Ok(())
}

#[test]
fn a_reader_that_has_heard_enough_is_no_failure_and_logs_in_files_are_plain() -> Result<()> {
    let (server, desk) = (ServerHome::new()?, DeskHome::new()?);
    server.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let mut list = std::process::Command::new(binary("sync-server"));
    list.arg("--data").arg(server.path()).args(["admin", "operator", "list"]);
    let mut help = desk.command();
    help.arg("--help");
    let mut status = desk.command();
    status.args(["status", "--json"]);
    for mut command in [list, help, status] {
        let (nobody, closed) = std::io::pipe()?;
        drop(nobody);
        let output = command.stdout(closed).stderr(std::process::Stdio::piped()).spawn()?.wait_with_output()?;
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mut offline = desk.command();
    offline.env("DESK_LOG", "info").args(["enrol", "--server", "http://127.0.0.1:1", "--code", "0000-0000-0000-0000-0000"]);
    let told = String::from_utf8(offline.output()?.stderr)?;
    assert!(told.contains("the server was not reached") && !told.contains('\u{1b}'), "{told:?}");
    Ok(())
}

#[test]
fn a_folder_is_named_from_where_one_stands() -> Result<()> {
    let here = tempfile::tempdir()?;
    for (program, arguments) in
        [("desk", &["status", "--json"][..]), ("desk", &["verify"]), ("sync-server", &["admin", "operator", "list"])]
    {
        let mut command = std::process::Command::new(binary(program));
        let output =
            command.env("YINLING_NOW", tests::program::NOW).current_dir(here.path()).args(["--data", program]).args(arguments).output()?;
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(here.path().join(program).is_dir(), "{program}");
    }
    Ok(())
}

#[test]
fn f83_a_server_folder_that_is_made_by_a_mistyped_path_is_told() -> Result<()> {
    let here = tempfile::tempdir()?;
    let told = || -> Result<String> {
        let mut command = std::process::Command::new(binary("sync-server"));
        let output = command.arg("--data").arg(here.path().join("mistyped")).args(["admin", "operator", "list"]).output()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stderr)?)
    };
    assert!(told()?.contains("新建了一套空的"), "that it is new");
    assert!(!told()?.contains("新建"), "once");
    Ok(())
}

#[test]
fn scripts_reach_every_command_of_the_screens_by_its_name() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", LUOCHENG)?;
    let server = home.serve("127.0.0.1:0")?;
    let desk = DeskHome::enrolled(&server.listening()?, &code)?;
    let call = |arguments: &[&str], ask: &str| -> Result<(bool, Value)> {
        let mut command = desk.command();
        command.arg("call").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = command.spawn()?;
        program.stdin.take().context("stdin")?.write_all(ask.as_bytes())?;
        let output = program.wait_with_output()?;
        Ok((output.status.success(), serde_json::from_slice(&output.stdout)?))
    };
    let (_, status) = call(&["status", "--json"], "")?;
    assert_eq!(status["office"], "罗城街道长者饭堂");
    let list = sample("elders_luocheng.xlsx");
    let (_, preview) = call(&["preview_import", "--file", list.to_str().context("path")?], "")?;
    assert_eq!(preview["new"], 532);
    let form = r#"{"form": {"name": "王桂英", "division": "445381001008", "phone": "13912345678"}}"#;
    let (saved, elder) = call(&["save_elder"], form)?;
    let (_, found) = call(&["find_elders"], r#"{"text": "wgy", "limit": 5}"#)?;
    assert!(saved && found[0]["id"] == elder, "{found}");
    for (arguments, ask) in
        [(&["save_elder"][..], "{}"), (&["no_such"], "{}"), (&["status"], "[1]"), (&["find_elders"], r#"{"limit": "x"}"#)]
    {
        let (went, told) = call(arguments, ask)?;
        assert!(!went && told["error"]["happened"].as_str().is_some_and(|words| !words.is_ascii()), "{arguments:?} {ask}: {told}");
    }
    let (_, shapes) = call(&["find_elders", "--shapes"], "")?;
    assert_eq!(shapes["ask"]["properties"]["text"]["type"], "string");
    let help = desk.command().args(["call", "--help"]).output()?;
    assert!(String::from_utf8(help.stdout)?.contains("take_order {"));
    Ok(())
}
