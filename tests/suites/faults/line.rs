//! The line in a stranger's hands: who answers for the server, listens at the enrolment, or sets a clock, gets nothing and spoils nothing.

use super::kit::{NOW, Town, VILLAGE, turned_by};
use anyhow::{Context, Result, bail, ensure};
use desk::Desk;
use serde_json::Value;
use shared::command::{ElderForm, Enrol, FindElders, SaveElder, Status, SyncNow};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::fault::Fault;
use shared::sync::Answer;
use shared::sync::reply::{self, Question};
use shared::wire::{Hello, HelloAsk, SignedHello};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use tests::program::{DeskHome, ServerHome};

/// Paths and bodies of requests.
type Heard = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Somebody on the line who has read this source: says what it likes to each request, and keeps what it heard.
struct Stranger {
    url: String,
    heard: Heard,
}

impl Stranger {
    fn new(say: impl Fn(&str, &[u8]) -> Vec<u8> + Send + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let heard = Heard::default();
        let keep = Arc::clone(&heard);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let Ok((path, body)) = request(&mut stream) else { continue };
                let said = say(&path, &body);
                if let Ok(mut heard) = keep.lock() {
                    heard.push((path, body));
                }
                let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n", said.len());
                let _ = stream.write_all(&[head.as_bytes(), b"connection: close\r\n\r\n", &said].concat());
            }
        });
        Ok(Self { url, heard })
    }

    fn paths(&self) -> Vec<String> {
        self.heard.lock().map(|heard| heard.iter().map(|(path, _)| path.clone()).collect()).unwrap_or_default()
    }
}

/// The path and the body of one request.
fn request(stream: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let (mut read, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        let more = stream.read(&mut piece)?;
        ensure!(more > 0, "it ended early");
        read.extend_from_slice(&piece[..more]);
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok()).unwrap_or(0);
        if read.len() >= end + 4 + length {
            let path = head.split(' ').nth(1).context("a path")?.to_owned();
            return Ok((path, read[end + 4..end + 4 + length].to_vec()));
        }
    }
}

/// A hello of a key, to a question.
fn hello(crypto: &SoftProvider, key: &StoredKey, body: &[u8]) -> Result<Vec<u8>> {
    let ask: HelloAsk = serde_json::from_slice(body)?;
    let hello = Hello { nonce: ask.nonce, key: hex::encode(crypto.public_key(key)?.0), authority: None, at: NOW };
    Ok(serde_json::to_vec(&SignedHello::sign(crypto, key, &hello)?)?)
}

/// A desk with an elder, enrolled at a server in this process, whose address is the stranger's.
fn desk_at(town: &Town, stranger: &Stranger) -> Result<Desk> {
    let server = town.server()?;
    let desk = Desk::open_with(&town.folder("desk"), turned_by(&Arc::new(AtomicI64::new(NOW))), Arc::new(SoftProvider::new()))?;
    desk.enrol_by(&stranger.url, &town.code(false)?, "电脑", |ask| server.enrol(ask))?;
    let form = ElderForm { name: "王桂英".into(), division: VILLAGE.into(), ..Default::default() };
    desk.ask(&SaveElder { elder: None, form })?;
    Ok(desk)
}

fn has_all(desk: &Desk) -> Result<()> {
    let status = desk.ask(&Status {})?;
    ensure!(status.enrolled && !status.shut_out && status.unsent > 0, "{status:?}");
    ensure!(desk.ask(&FindElders { text: "王桂英".into(), limit: 5 })?.len() == 1, "her file is gone");
    Ok(())
}

#[test]
fn nobody_but_the_server_shuts_a_desk_out() -> Result<()> {
    let (crypto, town) = (SoftProvider::new(), Town::new()?);
    let key = crypto.new_key()?;
    // Ten bytes did it once; then signed, by a key that is not the server's; then signed by the server itself, to another question.
    let plain = shared::sync::message::pack(&Answer::ShutOut)?;
    let signed = {
        let (crypto, key) = (SoftProvider::new(), key.clone());
        move |body: &[u8]| {
            let question = Question::of(body).map_err(anyhow::Error::from);
            question.and_then(|question| Ok(reply::enclose(&crypto, &key, &question, &Answer::ShutOut)?)).unwrap_or_default()
        }
    };
    type Says = Box<dyn Fn(&str, &[u8]) -> Vec<u8> + Send>;
    let says: [Says; 2] = [Box::new(move |_, _| plain.clone()), Box::new(move |_, body| signed(body))];
    for (number, say) in says.into_iter().enumerate() {
        let town = Town::new()?;
        let stranger = Stranger::new(say)?;
        let desk = desk_at(&town, &stranger)?;
        for _ in 0..3 {
            let fault: Fault = desk.ask(&SyncNow {}).err().with_context(|| format!("stranger {number} was believed"))?;
            ensure!(fault.happened.contains("回答的不是服务器"), "{fault}");
            has_all(&desk)?;
        }
        ensure!(desk.ask(&Status {})?.trouble.is_some(), "the cashier is told");
        ensure!(!stranger.paths().is_empty());
    }
    drop(town);
    Ok(())
}

#[test]
fn an_answer_of_the_server_that_was_recorded_is_none_to_the_next_question() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = home.serve("127.0.0.1:0")?;
    let office = DeskHome::enrolled(&server.listening()?, &code)?;
    office.json(&["sync", "--json"])?;
    // It is shut out for good, by the true server: what that says to it is recorded.
    let address = server.listening()?.trim_start_matches("http://").to_owned();
    home.admin(&["device", "revoke", "--number", "1"])?;
    let recorded = Arc::<Mutex<Vec<u8>>>::default();
    let keep = Arc::clone(&recorded);
    let between = Stranger::new(move |path, body| {
        let said = forward(&address, path, body).unwrap_or_default();
        if let Ok(mut kept) = keep.lock() {
            kept.clone_from(&said);
        }
        said
    })?;
    let copy = office.copied()?;
    ensure!(via(&copy, &between.url)?["code"] != Value::Null, "the copy was told");
    let kept = recorded.lock().map_err(|_| anyhow::anyhow!("lock"))?.clone();
    ensure!(kept.starts_with(b"YLR2"), "recorded: {kept:?}");
    // Played to the desk that was not told yet.
    let player = Stranger::new(move |_, _| kept.clone())?;
    let fault = via(&office, &player.url)?;
    ensure!(fault["happened"].as_str().is_some_and(|words| words.contains("回答的不是服务器")), "{fault}");
    ensure!(office.json(&["status", "--json"])?["enrolled"] == true);
    Ok(())
}

/// Syncs a desk by another address; gives the fault.
fn via(office: &DeskHome, url: &str) -> Result<Value> {
    let desk = Desk::open(office.path())?;
    let settings = shared::command::Settings { server: url.to_owned(), ..desk.ask(&Status {})?.settings };
    desk.ask(&shared::command::SaveSettings { settings })?;
    match desk.ask(&SyncNow {}) {
        Err(fault) => Ok(serde_json::to_value(&fault)?),
        Ok(report) => bail!("it synced: {report:?}"),
    }
}

fn forward(address: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    let http = reqwest::blocking::Client::builder().no_proxy().build()?;
    Ok(http.post(format!("http://{address}{path}")).body(body.to_vec()).send()?.bytes()?.to_vec())
}

#[test]
fn a_code_is_not_said_to_another_server() -> Result<()> {
    let town = Town::new()?;
    let code = town.code(false)?;
    let stranger = Stranger::new(|path, body| {
        let crypto = SoftProvider::new();
        let hello = crypto.new_key().map_err(anyhow::Error::from).and_then(|key| hello(&crypto, &key, body));
        if path == "/v2/hello" { hello.unwrap_or_default() } else { b"no".to_vec() }
    })?;
    let desk = Desk::open_with(&town.folder("desk"), turned_by(&Arc::new(AtomicI64::new(NOW))), Arc::new(SoftProvider::new()))?;
    let enrol = |server: &str, code: &str| {
        desk.ask(&Enrol { server: server.to_owned(), code: code.to_owned(), device_name: "电脑".into() }).err().context("it enrolled")
    };
    let fault = enrol(&stranger.url, &code)?;
    ensure!(fault.happened.contains("不是发这个登记码的服务器"), "{fault}");
    ensure!(stranger.paths() == ["/v2/hello"], "{:?}", stranger.paths());
    ensure!(
        stranger
            .heard
            .lock()
            .map(|heard| heard.iter().all(|(_, body)| !String::from_utf8_lossy(body).contains(&code[..4])))
            .is_ok_and(|no| no)
    );
    // What can't be the whole code, or a safe way, is told before anything is said.
    ensure!(enrol(&stranger.url, "1234-5678")?.happened.contains("不完整"));
    ensure!(enrol("http://10.1.2.3:8630", &code)?.happened.contains("不加密"));
    ensure!(stranger.paths().len() == 1);
    Ok(())
}

/// A server's program over TLS, at a time of its own.
fn serve_tls(home: &ServerHome, listen: &str, now: &str) -> Result<tests::program::Running> {
    let mut command = home.command();
    command.env("YINLING_NOW", now).args(["serve", "--https", "--listen", listen]);
    tests::program::Running::start(command)
}

#[test]
fn f81_a_desk_goes_by_the_server_through_new_certificates_authorities_and_wrong_clocks() -> Result<()> {
    let home = ServerHome::new()?;
    let (_, code) = home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
    let server = serve_tls(&home, "127.0.0.1:0", tests::program::NOW)?;
    let address = server.listening()?;
    ensure!(address.starts_with("https://"), "{address}");
    let office = DeskHome::new()?;
    // As people type it.
    let typed = address.trim_start_matches("https://");
    office.json(&["enrol", "--server", typed, "--code", &code.to_lowercase(), "--json"])?;
    ensure!(office.json(&["sync", "--json"])?["agrees"] == true);
    drop(server);
    // Ten years on, when certificate and authority are others; the desk's clock goes along.
    let later = "2036-03-01T09:48:00";
    let server = serve_tls(&home, typed, later)?;
    let at = |now: &str| -> Result<Value> {
        let output = office.command().env("YINLING_NOW", now).args(["sync", "--json"]).output()?;
        let told: Value = serde_json::from_slice(&output.stdout)?;
        Ok(told.get("error").cloned().unwrap_or(told))
    };
    ensure!(at(later)?["agrees"] == true, "{}", at(later)?);
    // A battery that is empty, and a calendar that somebody turned: told with both dates, and healed when it is set right.
    for wrong in ["2010-01-01T00:00:00", "2049-07-01T08:00:00"] {
        let told = at(wrong)?;
        let words = told["happened"].as_str().unwrap_or_default().to_owned();
        ensure!(words.contains("日期不对") && words.contains(&wrong[..10]) && words.contains("2036-03-01"), "{told}");
    }
    // An hour is no matter: the server tells its time.
    ensure!(at("2036-03-01T11:03:00")?["agrees"] == true);
    drop(server);
    // Another server at the same address, under a certificate of its own.
    let other = ServerHome::new()?;
    other.canteen_with_code("别处", "445381001")?;
    let _server = serve_tls(&other, typed, later)?;
    let told = at(later)?;
    ensure!(told["happened"].as_str().is_some_and(|words| words.contains("回答的不是服务器")), "{told}");
    ensure!(office.json(&["status", "--json"])?["enrolled"] == true);
    Ok(())
}

#[test]
fn the_desk_reads_no_body_of_whom_it_does_not_know() -> Result<()> {
    let home = DeskHome::new()?;
    let served = home.serve()?;
    let address = served.first_line["listening"].as_str().context("listening")?.trim_start_matches("http://").to_owned();
    for path in ["/call/status", "/hand-over"] {
        let mut stream = TcpStream::connect(&address)?;
        // Of the body that is announced not a byte comes: who waits for it gives no answer.
        stream.write_all(
            format!("POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: 20000000\r\n\r\n")
                .as_bytes(),
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        ensure!(&head == b"HTTP/1.1 401", "{path}: {}", String::from_utf8_lossy(&head));
    }
    Ok(())
}
