//! Desk and server of different versions of the line: a carrier in between writes another version into the path, so that the server
//! hears an older or a newer desk, and says what an older or a newer server would.

use super::kit::{NOW, TOWN, VILLAGE, turned_by};
use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use desk::Desk;
use shared::command::{ElderForm, Enrol, SaveElder, Status, SyncNow};
use shared::crypto::SoftProvider;
use shared::fault::Fault;
use shared::schema::RecordId;
use shared::wire::VERSION;
use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use tests::program::{ServerHome, in_memory};
use tests::records::lunch;
use tokio::net::TcpListener;

/// What the carrier does with a request.
#[derive(Clone)]
enum Bend {
    /// Brings it to the server as of this version.
    To(u32),
    /// Answers in the server's place.
    Answer(u16, Vec<u8>),
}

struct Between {
    server: String,
    bend: Mutex<Bend>,
    http: reqwest::Client,
}

async fn carry(State(between): State<Arc<Between>>, uri: Uri, body: Bytes) -> (StatusCode, Vec<u8>) {
    let bend = between.bend.lock().map_or(Bend::To(VERSION), |bend| bend.clone());
    let version = match bend {
        Bend::To(version) => version,
        Bend::Answer(status, body) => return (StatusCode::from_u16(status).unwrap_or_default(), body),
    };
    let path = uri.path().replacen(&format!("/v{VERSION}/"), &format!("/v{version}/"), 1);
    // Enrolment is JSON, and says so.
    let asked = between.http.post(format!("{}{path}", between.server)).header("content-type", "application/json").body(body);
    let Ok(answer) = asked.send().await else { return (StatusCode::BAD_GATEWAY, Vec::new()) };
    (answer.status(), answer.bytes().await.map(|body| body.to_vec()).unwrap_or_default())
}

fn order(desk: &Desk, elder: RecordId) -> Result<RecordId> {
    Ok(desk.ask(&lunch(elder))?.id)
}

fn opened(folder: &Path) -> Result<Desk> {
    Ok(Desk::open_with(folder, turned_by(&Arc::new(AtomicI64::new(NOW))), Arc::new(SoftProvider::new()))?)
}

fn told<T>(asked: Result<T, Fault>, what: &str, words: &[&str]) -> Result<()> {
    let fault = asked.err().with_context(|| format!("{what}: it went through"))?;
    let said = format!("{} {}", fault.happened, fault.next_step);
    ensure!(words.iter().all(|word| said.contains(word)), "{what}: {said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f40_who_speaks_another_version_is_told_which_end_to_update_and_works_on() -> Result<()> {
    let home = ServerHome::new()?;
    let (canteen, code) = home.canteen_with_code("罗城街道长者饭堂", TOWN)?;
    let server = home.serve("127.0.0.1:0")?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let between = Arc::new(Between { server: server.listening()?, bend: Mutex::new(Bend::To(VERSION)), http });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let router = axum::Router::new().fallback(carry).with_state(Arc::clone(&between));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let bend = move |to: Bend| between.bend.lock().map(|mut bend| *bend = to).map_err(|_| anyhow::anyhow!("the carrier ended"));

    tokio::task::spawn_blocking(move || -> Result<()> {
        let folder = in_memory()?;
        let desk = opened(&folder.path().join("desk"))?;
        let enrol = |desk: &Desk, code: &str| desk.ask(&Enrol { server: url.clone(), code: code.to_owned(), device_name: "电脑".into() });
        let form = ElderForm { name: "王桂英".into(), division: VILLAGE.into(), ..ElderForm::default() };
        let newer = VERSION + 1;
        bend(Bend::To(newer))?;
        told(enrol(&desk, &code), "enrolling with a newer program", &["服务器比这台电脑上的程序旧", "更新服务器"])?;
        bend(Bend::To(VERSION))?;
        enrol(&desk, &code)?;
        let elder = desk.ask(&SaveElder { elder: None, form })?;
        let mut orders = vec![order(&desk, elder)?];
        ensure!(desk.ask(&SyncNow {})?.agrees);

        let unreadable = b"<html>upgrade</html>".to_vec();
        // An answer of a kind that is not known yet: its number, in one packed message.
        let unknown = zstd::bulk::compress(&[120, 1, 2, 3], 3)?;
        for (what, bent, words) in [
            ("an older program", Bend::To(VERSION - 1), ["程序太旧", "请更新本机的程序", "可以继续工作"]),
            ("a newer program", Bend::To(newer), ["服务器比这台电脑上的程序旧", "更新服务器", "可以继续工作"]),
            ("words of another version", Bend::Answer(426, unreadable), ["版本不同", "请更新本机的程序", "可以继续工作"]),
            ("an answer that nobody signed", Bend::Answer(200, unknown), ["回答的不是服务器", "要先登录", "可以继续工作"]),
        ] {
            bend(bent)?;
            orders.push(order(&desk, elder)?);
            let waiting = desk.ask(&Status {})?.unsent;
            told(desk.ask(&SyncNow {}), what, &words)?;
            orders.push(order(&desk, elder)?);
            ensure!(desk.ask(&Status {})?.unsent == waiting + 1 && waiting > 0, "{what}: all of it waits on");
        }
        drop(desk);
        let desk = opened(&folder.path().join("desk"))?;
        bend(Bend::To(VERSION))?;
        let report = desk.ask(&SyncNow {})?;
        ensure!(
            report.pushed as usize == orders.len() - 1 && report.unsent == 0 && report.agrees && report.refused.is_empty(),
            "{report:?}"
        );
        let other = opened(&folder.path().join("other"))?;
        let code = home.admin(&["device", "code", "--canteen", &canteen])?;
        enrol(&other, code["code"].as_str().context("code")?)?;
        ensure!(other.ask(&SyncNow {})?.agrees);
        let ledger = other.ledger_json(None, None)?.to_string().replace('-', "");
        ensure!(orders.iter().all(|order| ledger.contains(&order.to_string())), "an order is lost");
        Ok(())
    })
    .await?
}
