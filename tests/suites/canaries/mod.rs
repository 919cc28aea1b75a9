//! A thousand canary persons live a day: imported, fed, photographed, synced, read at another desk and at
//! the console. What is sealed of them is then in no file, no log, no temporary file and not on the line.

mod capture;
mod people;
mod scan;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use capture::{Capture, unpacked};
use people::{Person, list, thousand};
use scan::{Scanner, files, writings};
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use tests::photo;
use tests::program::{DeskHome, Running, ServerHome};

const TOWN: &str = "445381001";
/// Those who eat.
const EATERS: usize = 6;

/// The folders of the day: logs and temporary files of all programs, and what the office brings.
struct Ground {
    root: tempfile::TempDir,
    logs: u32,
}

impl Ground {
    fn new() -> Result<Self> {
        let root = tempfile::tempdir()?;
        for folder in ["logs", "temp", "office"] {
            std::fs::create_dir(root.path().join(folder))?;
        }
        Ok(Self { root, logs: 0 })
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Has a program tell everything, and keep its temporary files here.
    fn watched(&mut self, mut command: Command) -> Result<Command> {
        self.logs += 1;
        let log = File::create(self.folder("logs").join(format!("{}.log", self.logs)))?;
        command.stderr(log).env("RUST_LOG", "trace").env("DESK_LOG", "trace").env("RUST_BACKTRACE", "full");
        command.env("TMPDIR", self.folder("temp")).env("SQLITE_TMPDIR", self.folder("temp"));
        Ok(command)
    }

    fn run(&mut self, desk: &DeskHome, arguments: &[&str]) -> Result<Value> {
        let mut command = self.watched(desk.command())?;
        let output = command.args(arguments).output()?;
        ensure!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    fn serve(&mut self, desk: &DeskHome) -> Result<Screens> {
        let mut command = self.watched(desk.command())?;
        command.arg("serve");
        let program = Running::start(command)?;
        let token = program.first_line["open"].as_str().and_then(|open| open.split_once("token=")).context("a token")?.1.to_owned();
        let http = reqwest::blocking::Client::builder().no_proxy().timeout(None).build()?;
        Ok(Screens { address: program.listening()?, token, http, program })
    }
}

/// The screens of a desk: its commands over loopback.
struct Screens {
    program: Running,
    address: String,
    token: String,
    http: reqwest::blocking::Client,
}

impl Screens {
    fn post(&self, path: &str, body: impl Into<reqwest::blocking::Body>) -> Result<Value> {
        let request = self.http.post(format!("{}/{path}", self.address)).header("x-desk-token", &self.token);
        let answer = request.header("content-type", "application/json").body(body).send()?;
        let (status, text) = (answer.status(), answer.text()?);
        ensure!(status.is_success(), "{path}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    fn call(&self, name: &str, ask: &Value) -> Result<Value> {
        self.post(&format!("call/{name}"), ask.to_string())
    }

    fn hand_over(&self, file: &Path) -> Result<Value> {
        self.post("hand-over", std::fs::read(file)?)
    }
}

/// A day at the canteen; gives raw pieces of the photos that were taken.
fn day(screens: &Screens, people: &[Person], ground: &Ground) -> Result<(Vec<String>, Vec<Vec<u8>>)> {
    let (mut hashes, mut pieces) = (Vec::new(), Vec::new());
    for (at, person) in (0u8..).zip(&people[..EATERS]) {
        let found = screens.call("find_elders", &json!({ "text": person.phone, "limit": 5 }))?;
        let elder = &found[0]["id"];
        ensure!(found[0]["name"] == person.name.as_str(), "found by phone: {found}");
        let card = screens.call("elder_card", &json!({ "elder": elder }))?;
        ensure!(card["form"]["address"] == person.address.as_str());
        let mut form = card["form"].clone();
        form["address"] = json!(format!("{}，铁门", person.address));
        screens.call("save_elder", &json!({ "elder": elder, "form": form }))?;
        let order = screens.call("take_order", &json!({ "elder": elder, "mode": "own_delivery", "confirmed": true }))?["id"].clone();
        let door = photo::door(&ground.folder("office"), at)?;
        pieces.extend(middles(&std::fs::read(&door)?));
        let kept = screens.call("keep_photo", &json!({ "file": screens.hand_over(&door)?, "order": order }))?;
        let hash = kept["hash"].as_str().context("a hash")?.to_owned();
        for thumbnail in [false, true] {
            pieces.extend(middles(&seen(screens, &hash, thumbnail)?));
        }
        let now = screens.call("status", &json!({}))?["now"].clone();
        let receipt = json!({ "order": order, "arrived_at": now, "state": "delivered", "photos": [hash] });
        screens.call("save_receipt", &receipt)?;
        hashes.push(hash);
    }
    screens.call("list", &json!({ "list": "elders" }))?;
    screens.call("today", &json!({}))?;
    screens.call("export", &json!({ "list": "orders" }))?;
    Ok((hashes, pieces))
}

/// A photo as a screen shows it.
fn seen(screens: &Screens, hash: &str, thumbnail: bool) -> Result<Vec<u8>> {
    let url = screens.call("photo_data", &json!({ "hash": hash, "thumbnail": thumbnail }))?;
    let data = url.as_str().and_then(|url| url.strip_prefix("data:image/jpeg;base64,")).context("a picture")?;
    Ok(base64::engine::general_purpose::STANDARD.decode(data)?)
}

/// Pieces from the inside of a JPEG, where it is like no other.
fn middles(jpeg: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    [2, 3, 5].into_iter().map(|part| jpeg[jpeg.len() / part..][..32].to_vec())
}

/// Everything that lies about.
fn everything(folders: &[&Path], capture: &Capture) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for folder in folders {
        files(folder, &mut found)?;
    }
    let mut all: Vec<(String, Vec<u8>)> = found.into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)).collect();
    for (at, stream) in capture.streams().into_iter().enumerate() {
        all.extend(unpacked(&stream).into_iter().map(|message| (format!("stream {at}, unpacked"), message)));
        all.push((format!("stream {at}"), stream));
    }
    Ok(all)
}

fn clean(scanner: &Scanner, all: &[(String, Vec<u8>)]) -> Result<()> {
    for (place, bytes) in all {
        let hits = scanner.hits(bytes);
        ensure!(hits.is_empty(), "{place} holds {hits:?}");
    }
    Ok(())
}

#[test]
fn canaries_are_found_nowhere() -> Result<()> {
    let (people, mut ground) = (thousand(), Ground::new()?);
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", TOWN)?;
    let town_code = home.admin(&["device", "code", "--division", TOWN])?;
    home.account("lu_county", "county", "445381", "yufan2026")?;
    let mut serving = ground.watched(home.command())?;
    serving.args(["serve", "--listen", "127.0.0.1:0"]);
    let server = Running::start(serving)?;
    let capture = Capture::before(&server.listening()?)?;

    // The canteen: half of the list through the screens, half by a script on the same folder.
    let (canteen, town) = (DeskHome::new()?, DeskHome::new()?);
    ground.run(&canteen, &["enrol", "--server", &capture.address, "--code", &code, "--json"])?;
    let screens = ground.serve(&canteen)?;
    let lists = [ground.folder("office").join("名单一.xlsx"), ground.folder("office").join("名单二.xlsx")];
    list(&people[..500], &lists[0])?;
    list(&people[500..], &lists[1])?;
    let ask = json!({ "file": screens.hand_over(&lists[0])?, "file_name": "名单一.xlsx" });
    ensure!(screens.call("preview_import", &ask)?["new"] == 500);
    ensure!(screens.call("commit_import", &ask)?["new"] == 500);
    let done = ground.run(&canteen, &["import", "elders", lists[1].to_str().context("path")?, "--json"])?;
    ensure!(done["new"] == 500, "{done}");
    let (hashes, pieces) = day(&screens, &people, &ground)?;
    let synced = screens.call("sync_now", &json!({}))?;
    ensure!(synced["agrees"] == true && synced["unsent"] == 0 && synced["refused"] == json!([]), "{synced}");

    // The township reads all of it, the county its orders at the console.
    ground.run(&town, &["enrol", "--server", &capture.address, "--code", town_code["code"].as_str().context("code")?, "--json"])?;
    let office = ground.serve(&town)?;
    ensure!(office.call("sync_now", &json!({}))?["agrees"] == true);
    let last = people.last().context("people")?;
    for text in [&last.phone, &last.emergency_phone, &last.name] {
        ensure!(office.call("find_elders", &json!({ "text": text, "limit": 5 }))?[0]["name"] == last.name.as_str(), "{text}");
    }
    // Who has the keys sees all of it, in the file and beside an order.
    let found = office.call("find_elders", &json!({ "text": last.phone, "limit": 5 }))?;
    let form = office.call("elder_card", &json!({ "elder": found[0]["id"] }))?["form"].clone();
    ensure!([&form["emergency_name"], &form["diet"], &form["note"]] == [&last.emergency_name, &last.diet, &last.note], "{form}");
    ensure!(form["id_number"] == "", "the number is masked, and in no form");
    let today = screens.call("today", &json!({}))?.to_string();
    ensure!(people[..EATERS].iter().all(|person| today.contains(&person.diet)), "{today}");
    for hash in &hashes {
        seen(&office, hash, true)?;
    }
    let console = reqwest::blocking::Client::builder().cookie_store(true).no_proxy().build()?;
    let signed = json!({ "name": "lu_county", "password": "yufan2026" });
    console.post(format!("{}/api/session", server.listening()?)).json(&signed).send()?.error_for_status()?;
    let one = reqwest::Url::parse_with_params("http://desk", [("text", &people[0].name)])?;
    let one = one.query().context("a query")?;
    let ask = [("list", "elders"), ("words", one), ("reason", "inspection")];
    let ask = reqwest::Url::parse_with_params(&format!("{}/api/export", server.listening()?), ask)?;
    console.post(ask).send()?.error_for_status()?;
    let lists = ["list/orders".to_owned(), "list/elders".to_owned(), format!("list/elders/workbook?{one}"), "list/conflicts".to_owned()];
    for path in lists.into_iter().chain([format!("photo/{}", hashes[0])]) {
        console.get(format!("{}/api/{path}", server.listening()?)).send()?.error_for_status()?;
    }

    // One of them is erased, by the administrator's command beside the running server.
    let erased = &people[0];
    ensure!(home.erase(&erased.number)?["wrapped_keys"] == 1);
    for desk in [&screens, &office] {
        ensure!(desk.call("sync_now", &json!({}))?["agrees"] == true);
        ensure!(desk.call("find_elders", &json!({ "text": erased.phone, "limit": 5 }))? == json!([]));
        let left = &desk.call("find_elders", &json!({ "text": erased.name, "limit": 5 }))?[0];
        ensure!(left["phone"] == "已删除", "{left}");
    }

    let scanner = Scanner::new(people.iter().flat_map(Person::sealed), &pieces)?;
    let (logs, temp) = (ground.folder("logs"), ground.folder("temp"));
    let folders = [canteen.path(), town.path(), home.path(), &logs, &temp];
    let alive = everything(&folders, &capture)?;
    clean(&scanner, &alive)?;

    // The scan sees what it looks at: names are open, and are there, on the line only when it is unpacked.
    let open = Scanner::new(people.iter().map(|person| person.name.as_str()), &[])?;
    let place_of = |word: &str| alive.iter().any(|(place, bytes)| place.contains(word) && !open.hits(bytes).is_empty());
    ensure!(place_of("unpacked") && place_of("server.sqlite") && !place_of("desk.sqlite"));
    ensure!(alive.iter().any(|(place, bytes)| place.ends_with(".log") && bytes.len() > 10_000), "the programs told nothing");

    // What a program leaves that is killed.
    screens.program.kill()?;
    office.program.kill()?;
    server.kill()?;
    clean(&scanner, &everything(&folders, &capture)?)
}

#[test]
fn the_scanner_finds_what_is_planted() -> Result<()> {
    let people = thousand();
    ensure!(people.iter().flat_map(Person::sealed).collect::<std::collections::HashSet<_>>().len() == 8_000, "all different");
    let photo: Vec<u8> = (0u8..32).collect();
    let scanner = Scanner::new(people.iter().flat_map(Person::sealed), std::slice::from_ref(&photo))?;
    let noise: Vec<u8> = (0..8_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    ensure!(scanner.hits(&noise).is_empty());
    for text in people[617].sealed() {
        for (how, written) in writings(text) {
            let hits = scanner.hits(&[&noise[..1_003], &written, &noise].concat()).join(" ");
            ensure!(hits.contains(text), "{text} in {how} is not found");
        }
    }
    for around in 0..3 {
        let text = base64::engine::general_purpose::STANDARD.encode([&noise[..around + 6], people[617].phone.as_bytes(), b"xy"].concat());
        ensure!(!scanner.hits(text.as_bytes()).is_empty(), "in the middle of base64 at {around}");
    }
    ensure!(!scanner.hits(&[&noise[..7], &photo[..], &noise].concat()).is_empty());
    let message = shared::sync::message::pack(&people[617].address)?;
    let stream = [b"POST /v2/sync HTTP/1.1\r\n\r\nYLS2", &noise[..16], &message, &noise[..64]].concat();
    ensure!(unpacked(&stream).iter().any(|message| !scanner.hits(message).is_empty()), "in a packed message");
    Ok(())
}
