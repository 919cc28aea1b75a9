//! Bad lines: cut anywhere, slow and lossy, or not the server at all.

use anyhow::{Context, Result, ensure};
use desk::Desk;
use serde_json::Value;
use shared::command::{Enrol, SaveReceipt, Status, SyncNow};
use shared::fault::{Code, Fault};
use shared::schema::RecordId;
use shared::sync::{Answer, message};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tests::fuzz::Dice;
use tests::photo;
use tests::program::{DeskHome, ServerHome, in_memory, sample};
use tests::proxy::{Fate, Proxy};
use tests::records::lunch;

/// A desk in this process whose line to the server goes through a proxy.
struct Far {
    desk: Desk,
    elder: RecordId,
    proxy: Proxy,
    server_home: ServerHome,
    server: tests::program::Running,
    folder: tempfile::TempDir,
}

impl Far {
    fn new() -> Result<Self> {
        let server_home = ServerHome::new()?;
        let (_, code) = server_home.canteen_with_code("罗城街道长者饭堂", "445381001")?;
        let server = server_home.serve("127.0.0.1:0")?;
        let proxy = Proxy::before(server.listening()?.trim_start_matches("http://"))?;
        let folder = in_memory()?;
        let clock = super::kit::turned_by(&Arc::new(AtomicI64::new(super::kit::NOW)));
        let desk = Desk::open_with(&folder.path().join("desk"), clock, Arc::new(shared::crypto::SoftProvider::new()))?;
        desk.ask(&Enrol { server: proxy.url(), code, device_name: "电脑".into() })?;
        desk.import_file(&sample("elders_small.xls"), false, None)?;
        let hits = desk.ask(&shared::command::FindElders { text: "𠮷田".into(), limit: 1 })?;
        let elder = hits.first().context("an elder")?.id;
        desk.ask(&SyncNow {})?;
        Ok(Self { desk, elder, proxy, server_home, server, folder })
    }

    fn order(&self) -> Result<RecordId> {
        Ok(self.desk.ask(&lunch(self.elder))?.id)
    }

    fn ids(ledger: &Value) -> BTreeSet<String> {
        ledger["rows"].as_array().into_iter().flatten().filter_map(|row| Some(row["id"].as_str()?.to_owned())).collect()
    }

    /// On a good line everything is there, once, also at the township.
    fn all_is_well(&self) -> Result<()> {
        self.proxy.set(Fate::GOOD);
        let report = self.desk.ask(&SyncNow {})?;
        ensure!(report.agrees && report.unsent == 0, "{report:?}");
        let code = self.server_home.admin(&["device", "code", "--division", "445381001"])?;
        let town = DeskHome::enrolled(&self.server.listening()?, code["code"].as_str().context("code")?)?;
        let there = town.json(&["ledger", "--json"])?;
        let here = self.desk.ledger_json(None, None)?;
        ensure!(Self::ids(&there) == Self::ids(&here));
        ensure!(there["rows"].as_array().map(Vec::len) == here["rows"].as_array().map(Vec::len), "an order is there twice");
        Ok(())
    }
}

#[test]
fn f31_a_connection_cut_at_any_byte_of_push_or_answer_loses_and_doubles_nothing() -> Result<()> {
    let far = Far::new()?;
    let carried = |far: &Far| -> Result<usize> {
        let before = far.proxy.carried();
        far.order()?;
        far.desk.ask(&SyncNow {})?;
        Ok(far.proxy.carried() - before)
    };
    let length = carried(&far)?;
    let seed = Dice(u64::try_from(length)?).below(7);
    let mut failed = 0;
    for at in (seed..length).step_by(11) {
        for fate in [Fate { up: at, ..Fate::GOOD }, Fate { down: at, ..Fate::GOOD }] {
            far.order()?;
            far.proxy.set(fate);
            match far.desk.ask(&SyncNow {}) {
                Ok(report) => ensure!(report.agrees && report.unsent == 0),
                Err(fault) => {
                    failed += 1;
                    ensure!(fault.code == Code::Offline || fault.code == Code::Refused, "{fault:?}");
                }
            }
        }
        far.proxy.set(Fate::GOOD);
        let report = far.desk.ask(&SyncNow {})?;
        ensure!(report.agrees && report.unsent == 0, "after a cut at {at}: {report:?}");
    }
    ensure!(failed > 40, "{failed} cuts were felt");
    far.all_is_well()
}

#[test]
fn f32_a_slow_and_lossy_connection_gets_on_without_beginning_anew() -> Result<()> {
    let far = Far::new()?;
    let mut dice = Dice(32);
    let order = far.order()?;
    let door = photo::door(far.folder.path(), 1)?;
    let kept = far.desk.keep_photo_file(&door, order)?;
    let now = far.desk.ask(&Status {})?.now;
    far.desk.ask(&SaveReceipt { order: Some(order), arrived_at: Some(now), photos: vec![kept.hash], ..SaveReceipt::default() })?;
    let mut tries = 0;
    loop {
        tries += 1;
        ensure!(tries < 120, "it gets nowhere");
        // Three in ten connections break somewhere, all of them hand on little at once.
        let breaks = dice.below(10) < 3;
        let fate = Fate { piece: 1 + dice.below(1_400), up: if breaks { dice.below(200_000) } else { 300_000 }, ..Fate::GOOD };
        far.proxy.set(fate);
        let _ = far.desk.ask(&SyncNow {});
        let status = far.desk.ask(&Status {})?;
        if status.unsent == 0 && status.unsent_photos == 0 {
            break;
        }
        if tries % 10 == 0 {
            far.order()?;
        }
    }
    far.all_is_well()
}

/// Answers every request with the same bytes, whoever asks.
fn portal(answer: Vec<u8>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut asked = [0; 64 * 1024];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(&answer);
        }
    });
    Ok(url)
}

fn http(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn f33_a_portal_that_answers_for_the_server_is_not_believed() -> Result<()> {
    let packed = |answer: &Answer| message::pack(answer);
    let login = "<html><title>欢迎使用免费 WiFi</title></html>".as_bytes();
    let answers = [
        http("200 OK", "text/html", login),
        http("200 OK", "text/html", b""),
        http("200 OK", "application/json", b"{}"),
        http("200 OK", "application/json", br#"{"code":"not_now","happened":"x","next_step":"y"}"#),
        http("204 No Content", "text/plain", b""),
        http("302 Found\r\nlocation: http://127.0.0.1:9/login", "text/html", login),
        http("401 Unauthorized", "text/html", login),
        http("511 Network Authentication Required", "text/html", login),
        http("200 OK", "application/octet-stream", &packed(&Answer::NoPhoto)?),
        http("200 OK", "application/octet-stream", &packed(&Answer::Buckets(Vec::new()))?),
        http("200 OK", "application/octet-stream", &vec![0x28; 3 << 20]),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        Vec::new(),
    ];
    for answer in answers {
        let start = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        let town = super::kit::Town::new()?;
        let server = town.server()?;
        let clock = super::kit::turned_by(&Arc::new(AtomicI64::new(super::kit::NOW)));
        let desk = Desk::open_with(&town.folder("desk"), clock, Arc::new(shared::crypto::SoftProvider::new()))?;
        desk.enrol_by(&portal(answer)?, &town.code(false)?, "电脑", |ask| server.enrol(ask))?;
        let form = shared::command::ElderForm { name: "王桂英".into(), division: super::kit::VILLAGE.into(), ..Default::default() };
        desk.ask(&shared::command::SaveElder { elder: None, form })?;
        let unsent = desk.ask(&Status {})?.unsent;
        ensure!(unsent > 0);
        for _ in 0..2 {
            let fault: Fault = desk.ask(&SyncNow {}).err().with_context(|| format!("{start}: taken for the server"))?;
            ensure!(matches!(fault.code, Code::Offline | Code::Refused | Code::NotNow), "{start}: {fault:?}");
        }
        let status = desk.ask(&Status {})?;
        ensure!(status.unsent == unsent && !status.online && status.last_sync.is_none(), "{start}: {status:?}");
    }
    Ok(())
}
