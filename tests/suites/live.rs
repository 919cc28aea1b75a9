//! News while online: desks wait at the server, and what the server is asked and answers is written down in its order. A
//! wait that nobody ends is answered "nothing" after its while; so the order of what was said shows who rang, not a watch.

use anyhow::{Context, Result, bail, ensure};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use desk::Desk;
use shared::command::{DeskStatus, ElderForm, Enrol, SaveElder, Status, SyncNow};
use shared::kinds::Meal;
use shared::money::Fen;
use shared::schema::RecordId;
use shared::sync::reply::Question;
use shared::sync::{Answer, Ask, Capability, message};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use sync_server::{Clock, Server};
use tempfile::TempDir;
use tests::crowd::Crowd;
use tests::lacking::{Lacking, Version, opened};
use tests::program::ServerHome;
use tests::records::lunch;

const TOWN: &str = "445381001";
/// 2026-11-22 09:48 in China.
const NOW: i64 = 1_795_312_080;

/// What a device said, or was told.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Asked([u8; 16], Ask),
    Told([u8; 16], Answer),
}

/// A server whose line is listened to, and its runtime.
struct House {
    server: Server,
    address: String,
    said: Arc<Mutex<Vec<Said>>>,
    canteen: String,
    runtime: tokio::runtime::Runtime,
    root: TempDir,
}

/// Who stands between: what it has heard, how the server is made older, and the server itself.
type Between = (Arc<Mutex<Vec<Said>>>, Arc<Mutex<Lacking>>, Server);

async fn listened((said, version, server): Between, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let Some((device, ask)) = opened(&body) else { return next.run(Request::from_parts(head, Body::from(body))).await };
    said.lock().unwrap().push(Said::Asked(device, ask));
    let heard = version.lock().unwrap().hear(&body);
    if let Err(fault) = heard {
        return (StatusCode::BAD_REQUEST, axum::Json(fault)).into_response();
    }
    let (head, answer) = next.run(Request::from_parts(head, Body::from(body.clone()))).await.into_parts();
    let mut answer: Bytes = axum::body::to_bytes(answer, usize::MAX).await.unwrap();
    if let Ok(told) = message::unpack(unsigned(&answer)) {
        let told = version.lock().unwrap().say(&body, told);
        answer = server.sign(&Question::of(&body).unwrap(), &told).unwrap().into();
        said.lock().unwrap().push(Said::Told(device, told));
    }
    let mut response = Response::from_parts(head, Body::from(answer));
    response.headers_mut().remove("content-length");
    response
}

/// The packed message of an answer (PROTOCOL.md); nothing of a refusal.
fn unsigned(answer: &[u8]) -> &[u8] {
    answer.get(36..answer.len().saturating_sub(64)).unwrap_or_default()
}

impl House {
    fn new() -> Result<Self> {
        Self::of(Version::Own)
    }

    fn of(version: Version) -> Result<Self> {
        let root = tempfile::tempdir()?;
        let server = Server::open(&root.path().join("server"), Clock::by(|| NOW))?;
        let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None)?.code;
        server.add_price(&canteen, Meal::Lunch, "午餐", Fen(1200))?;
        let said = Arc::new(Mutex::new(Vec::new()));
        let runtime = tokio::runtime::Runtime::new()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = format!("http://{}", listener.local_addr()?);
        let (to, version) = (Arc::clone(&said), Arc::new(Mutex::new(Lacking::of(version))));
        let signs = server.clone();
        let listened = move |request, next| listened((Arc::clone(&to), Arc::clone(&version), signs.clone()), request, next);
        let router = sync_server::router(server.clone()).layer(from_fn(listened));
        runtime.spawn(async { axum::serve(listener, router).await });
        Ok(Self { server, address, said, canteen, runtime, root })
    }

    fn desk(&self, name: &str, canteen: bool) -> Result<Desk> {
        let clock = desk::Clock::from_fn(|| jiff::Timestamp::from_second(NOW).unwrap());
        let crypto = Arc::new(shared::crypto::SoftProvider::new());
        let desk = Desk::open_with(&self.root.path().join(name), clock, crypto)?;
        let (canteen, division) = if canteen { (Some(self.canteen.as_str()), None) } else { (None, Some(TOWN)) };
        let code = self.server.device_code(canteen, division)?.code;
        desk.ask(&Enrol { server: self.address.clone(), code, device_name: name.to_owned() })?;
        Ok(desk)
    }

    /// Starts what a desk does by itself, and comes back when it waits at the server.
    fn let_wait(&self, desk: &Desk, others: usize) {
        desk.start_sync();
        until(|| Ok(self.server.waiting() == others + 1)).unwrap();
    }

    fn mark(&self) -> usize {
        self.said.lock().unwrap().len()
    }

    /// What a device said and was told since then.
    fn since(&self, mark: usize, desk: [u8; 16]) -> Vec<Said> {
        let said = self.said.lock().unwrap();
        said.iter().skip(mark).filter(|said| matches!(said, Said::Asked(who, _) | Said::Told(who, _) if *who == desk)).cloned().collect()
    }

    /// Who waits.
    fn who_waits(&self) -> Result<[u8; 16]> {
        let said = self.said.lock().unwrap();
        let last = said.iter().rev().find_map(|said| if let Said::Asked(who, Ask::Wait { .. }) = said { Some(*who) } else { None });
        last.context("somebody waits")
    }
}

/// Until it is so. What is looked for comes by itself; the end is for a test that would look in vain for ever.
fn until(mut look: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !look()? {
        ensure!(begun.elapsed() < Duration::from_secs(120), "it does not come");
        std::thread::yield_now();
    }
    Ok(())
}

fn elder(desk: &Desk) -> Result<RecordId> {
    let form = ElderForm { name: "王桂英".into(), division: "445381001008".into(), delivery_need: true, ..ElderForm::default() };
    Ok(desk.ask(&SaveElder { elder: None, form })?)
}

fn take(desk: &Desk, elder: RecordId) -> Result<String> {
    Ok(desk.ask(&lunch(elder))?.id.to_string().replace('-', ""))
}

fn status(desk: &Desk) -> Result<DeskStatus> {
    Ok(desk.ask(&Status {})?)
}

fn shows(desk: &Desk, order: &str) -> Result<bool> {
    Ok(desk.ledger_json(None, None)?["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|row| row["id"].as_str().is_some_and(|id| id.replace('-', "") == order)))
}

#[test]
fn an_order_of_one_desk_rings_the_other_that_waits() -> Result<()> {
    let house = House::new()?;
    let (canteen, town) = (house.desk("canteen", true)?, house.desk("town", false)?);
    house.let_wait(&town, 0);
    let (who, mark) = (house.who_waits()?, house.mark());
    let order = take(&canteen, elder(&canteen)?)?;
    ensure!(canteen.ask(&SyncNow {})?.agrees);
    until(|| shows(&town, &order))?;
    match &house.since(mark, who)[..] {
        [Said::Told(_, Answer::News(true)), Said::Asked(_, Ask::Exchange(_)), ..] => Ok(()),
        other => bail!("{other:?}"),
    }
}

#[test]
fn a_change_made_here_ends_the_wait_and_goes_up() -> Result<()> {
    let house = House::new()?;
    let canteen = house.desk("canteen", true)?;
    let elder = elder(&canteen)?;
    ensure!(canteen.ask(&SyncNow {})?.agrees);
    house.let_wait(&canteen, 0);
    let (who, mark) = (house.who_waits()?, house.mark());
    take(&canteen, elder)?;
    until(|| Ok(status(&canteen)?.unsent == 0))?;
    match &house.since(mark, who)[..] {
        [Said::Asked(_, Ask::Exchange(exchange)), ..] if !exchange.changes.is_empty() => {}
        other => bail!("{other:?}"),
    }
    // It waits again; and who presses 同步 or changes a setting waits for no wait.
    until(|| Ok(matches!(house.since(mark, who).last(), Some(Said::Asked(_, Ask::Wait { .. })))))?;
    let mark = house.mark();
    ensure!(canteen.ask(&SyncNow {})?.agrees);
    let said = house.since(mark, who);
    ensure!(matches!(&said[..], [Said::Asked(_, Ask::Exchange(_)), Said::Told(_, Answer::ExchangedAs(..)), ..]), "{said:?}");
    ensure!(!said.iter().any(|said| matches!(said, Said::Told(_, Answer::News(_)))), "the wait goes on: {said:?}");
    Ok(())
}

#[test]
fn news_comes_also_from_a_server_that_speaks_no_waits_and_it_is_asked_for_none() -> Result<()> {
    let house = House::of(Version::Without(&[Capability::Wait]))?;
    let (canteen, town) = (house.desk("canteen", true)?, house.desk("town", false)?);
    town.start_sync();
    until(|| Ok(status(&town)?.online))?;
    let order = take(&canteen, elder(&canteen)?)?;
    ensure!(canteen.ask(&SyncNow {})?.agrees);
    until(|| shows(&town, &order))?;
    let said = house.said.lock().unwrap();
    ensure!(status(&town)?.online && !said.iter().any(|said| matches!(said, Said::Asked(_, Ask::Wait { .. }))));
    ensure!(said.iter().filter(|said| matches!(said, Said::Asked(_, Ask::Capabilities(_)))).count() == 2, "each desk asks once");
    Ok(())
}

#[test]
fn a_server_that_does_not_know_names_is_asked_once_and_waited_at() -> Result<()> {
    let house = House::of(Version::Unnamed)?;
    let (canteen, town) = (house.desk("canteen", true)?, house.desk("town", false)?);
    house.let_wait(&town, 0);
    let order = take(&canteen, elder(&canteen)?)?;
    for _ in 0..3 {
        ensure!(canteen.ask(&SyncNow {})?.agrees && status(&canteen)?.online);
    }
    until(|| shows(&town, &order))?;
    let said = house.said.lock().unwrap();
    ensure!(said.iter().filter(|said| matches!(said, Said::Asked(_, Ask::Capabilities(_)))).count() == 2, "each desk asks once");
    Ok(())
}

#[test]
fn what_another_program_writes_into_the_folder_goes_up_though_nobody_rings() -> Result<()> {
    let house = House::new()?;
    let canteen = house.desk("canteen", true)?;
    let elder = elder(&canteen)?;
    house.let_wait(&canteen, 0);
    let (who, mark) = (house.who_waits()?, house.mark());
    let beside = Desk::open_with(
        &house.root.path().join("canteen"),
        desk::Clock::from_fn(|| jiff::Timestamp::from_second(NOW).unwrap()),
        Arc::new(shared::crypto::SoftProvider::new()),
    )?;
    take(&beside, elder)?;
    until(|| Ok(status(&canteen)?.unsent == 0))?;
    let said = house.since(mark, who);
    ensure!(matches!(&said[..], [Said::Asked(_, Ask::Exchange(exchange)), ..] if !exchange.changes.is_empty()), "{said:?}");
    Ok(())
}

#[test]
fn a_line_that_breaks_while_a_desk_waits_is_told() -> Result<()> {
    let house = House::new()?;
    let canteen = house.desk("canteen", true)?;
    house.let_wait(&canteen, 0);
    ensure!(status(&canteen)?.online);
    house.runtime.shutdown_background();
    until(|| Ok(!status(&canteen)?.online))
}

#[test]
fn five_hundred_devices_wait_at_once_and_hear_of_one_change() -> Result<()> {
    let home = ServerHome::new()?;
    let crowd = Crowd::enrol(&home, 500, Clock::by(|| tests::device::NOW))?;
    let server = home.serve("127.0.0.1:0")?;
    let address = server.listening()?;
    let heard = tokio::runtime::Runtime::new()?.block_on(crowd.hear_one_change(&address, || {}))?;
    ensure!(heard == 500, "{heard} heard it");
    Ok(())
}
