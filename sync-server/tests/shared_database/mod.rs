//! PostgreSQL alone: several servers on one database, one killed under load; and the database away.

use crate::cluster::{Cluster, ask};
use crate::postgres::kit::*;
use crate::postgres::program::Running;
use reqwest::{Client, StatusCode};
use shared::console::{Overview, SignIn};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::fault::{Code, Fault};
use shared::kinds::*;
use shared::money::Fen;
use shared::sync::{Answer, Ask, Exchange};
use shared::wire::WireChange;
use std::process::Command;
use sync_server::{Clock, Server};

const LUOCHENG: &str = "445381001";

async fn enrol(url: &str, server: &Server, canteen: &str) -> Desk {
    Desk::enrol(url, &server.device_code(Some(canteen), None).unwrap().code).await
}

fn new_key() -> StoredKey {
    SoftProvider::new().new_key().unwrap()
}

async fn serve(server: &Server) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(sync_server::serve(listener, server.clone(), None));
    url
}

fn orders(canteen: &str, from: u128) -> Vec<WireChange> {
    let person = |number: u128| id(number + (1 << 64));
    let files = (from..from + 20).map(|number| first(1, person(number), &elder(Some(canteen), LUOCHENG)));
    files.chain((from..from + 20).map(|number| first(1, id(number), &order(canteen, person(number))))).collect()
}

/// Pushes piece after piece until the server is gone; gives what was acknowledged and what was tried.
async fn push_on(desk: &Desk, canteen: &str, from: u128, pieces: u128) -> (Vec<WireChange>, Vec<WireChange>) {
    let (mut acknowledged, mut tried) = (Vec::new(), Vec::new());
    for piece in 0..pieces {
        let changes = orders(canteen, from + piece * 100);
        tried.extend(changes.clone());
        match desk.try_exchange(Exchange { changes: changes.clone(), ..Exchange::default() }).await {
            Some(exchanged) => {
                assert_eq!(exchanged.refused, []);
                acknowledged.extend(changes);
            }
            None => break,
        }
    }
    (acknowledged, tried)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_a_database_and_one_is_killed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let database = Cluster::of_all().database();
    let (here, mut there) = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| Running::start(program(folder.path(), Some(&database)))));
        let [here, there] = both.map(|one| one.join().unwrap());
        (here, there)
    });
    let office = Server::open_at(&database, folder.path(), Clock::by(|| NOON)).unwrap();
    let codes = ["罗城街道长者饭堂", "第二饭堂"].map(|name| office.add_canteen(name, LUOCHENG, None).unwrap().code);
    assert_eq!(codes, ["C001", "C002"]);
    let (one, two) = (enrol(&here.url, &office, &codes[0]).await, enrol(&there.url, &office, &codes[1]).await);
    assert_eq!((one.enrolled.device_number, two.enrolled.device_number), (1, 2));
    // A key, a code and a session given by one server are good at the other.
    assert_eq!(one.at(&there.url).push(orders(&codes[0], 50_000_000)).await, []);

    let watcher = enrol(&here.url, &office, &codes[1]).await;
    let kill = async {
        // In the middle of the load, whatever the machine: when some of it is in the feed.
        while watcher.pull(0, true).await.next < 200 {}
        there.child.kill().unwrap();
        there.child.wait().unwrap();
    };
    let ((first_sure, _), (second_sure, second_tried), ()) =
        tokio::join!(push_on(&one, &codes[0], 1_000_000, 40), push_on(&two, &codes[1], 2_000_000, 100_000), kill);
    assert_eq!(first_sure.len(), 1_600);
    assert!(second_sure.len() < second_tried.len(), "killed under load");

    // What was not acknowledged goes to the server that is left; what was there already does nothing.
    let two_here = two.at(&here.url);
    let (before, _, _) = two_here.pull_all().await;
    for change in &second_sure {
        assert!(before.contains(change), "acknowledged, then lost");
    }
    for piece in second_tried.chunks(40) {
        assert_eq!(two_here.push(piece.to_vec()).await, []);
    }
    let (pulled, _, sum) = two_here.pull_all().await;
    assert_eq!(pulled.iter().filter(|change| change.kind == "meal_order").count(), second_tried.len() / 2);
    assert_eq!(sum, sum_of(&pulled));

    // The figures are those of a recount.
    office.add_account("chen", Level::City, "4453", "yufan2026x").unwrap();
    let sign_in = SignIn { name: "chen".into(), password: "yufan2026x".into(), ..SignIn::default() };
    let answer = Client::new().post(format!("{}/api/session", here.url)).json(&sign_in).send().await.unwrap();
    let clerk = Clerk { url: here.url.clone(), http: Client::new(), cookie: cookie_of(&answer) };
    let shown: Overview = clerk.read("/api/overview?from=2026-11-22&to=2026-11-22").await;
    let (meals, amount) = recount(&database);
    assert_eq!((shown.totals.meals, shown.totals.amount), (meals, Fen(amount)));
    assert_eq!(meals as usize, (first_sure.len() + second_tried.len()) / 2 + 20);
}

/// Meals and their price, from the orders instead of the roll-ups.
fn recount(database: &str) -> (u64, i64) {
    ask(database, |client| {
        let row = client.query_one("SELECT count(*), CAST(sum(price) AS BIGINT) FROM meal_order WHERE state <> 'cancelled'", &[]).unwrap();
        (u64::try_from(row.get::<_, i64>(0)).unwrap(), row.get(1))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_server_knows_the_other_knows() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Cluster::of_all().database());
    let [one, two] = [0, 1].map(|_| Server::open_at(&database, folder.path(), Clock::by(|| NOON)).unwrap());
    let [here, there] = [serve(&one).await, serve(&two).await];
    let _both_serve = (one.claim().unwrap(), two.claim().unwrap());

    let ask = |code| SignIn { name: "chen".into(), password: "yufan2026x".into(), code };
    let (token, other) = (one.first_link().unwrap().unwrap(), two.first_link().unwrap().unwrap());
    let made = Client::new().post(format!("{there}/api/first-account")).json(&ask(token)).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::OK);
    let again = Client::new().post(format!("{there}/api/first-account")).json(&ask(other)).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::FORBIDDEN, "there is a first one");
    let clerk = Clerk { url: here.clone(), http: Client::new(), cookie: cookie_of(&made) };
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK);

    for at in 0..10 {
        let url = if at % 2 == 0 { &here } else { &there };
        assert_eq!(enrol_with(url, "0000-0000", &new_key()).await.status(), StatusCode::FORBIDDEN);
    }
    for url in [&here, &there] {
        assert_eq!(enrol_with(url, "0000-0000", &new_key()).await.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_at_one_server_hears_what_another_wrote() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Cluster::of_all().database());
    let [one, two] = [0, 1].map(|_| Server::open_at(&database, folder.path(), Clock::by(|| NOON)).unwrap());
    let [here, there] = [serve(&one).await, serve(&two).await];
    let code = one.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let (desk, reader) = (enrol(&here, &one, &code).await, enrol(&there, &two, &code).await);
    let (_, after, _) = reader.pull_all().await;
    let waits = reader.later(&Ask::Wait { after });
    until_waiting(&two, 1).await;
    assert_eq!(desk.push(orders(&code, 100)).await, []);
    assert_eq!(answer_of(waits).await, Answer::News(true));
    assert_eq!(reader.pull(after, false).await.changes, orders(&code, 100));
}

#[tokio::test(flavor = "multi_thread")]
async fn f35_a_restart_of_the_database_is_not_noticed_and_its_absence_is_told() {
    let cluster = Cluster::start();
    let (folder, database) = (tempfile::tempdir().unwrap(), cluster.database());
    let office = Server::open_at(&database, folder.path(), Clock::by(|| NOON)).unwrap();
    let code = office.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let url = serve(&office).await;
    let desk = enrol(&url, &office, &code).await;
    assert_eq!(desk.push(orders(&code, 100)).await, []);

    tokio::task::block_in_place(|| cluster.control("restart"));
    assert_eq!(desk.push(orders(&code, 200)).await, [], "done again on a new connection");
    tokio::task::block_in_place(|| cluster.control("stop"));
    for _ in 0..2 {
        let ask = Ask::Exchange(Exchange { changes: orders(&code, 300), ..Exchange::default() });
        let answer = desk.send(desk.envelope(&ask)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let fault: Fault = answer.json().await.unwrap();
        assert_eq!(fault.code, Code::Offline);
    }
    tokio::task::block_in_place(|| cluster.control("start"));
    // It is known to be away for a second; desks come again by themselves.
    while desk.status(&Ask::Wait { after: 0 }).await == StatusCode::SERVICE_UNAVAILABLE {}
    assert_eq!(desk.push(orders(&code, 300)).await, []);
    let (pulled, _, sum) = desk.pull_all().await;
    assert_eq!(pulled.iter().filter(|change| change.kind == "meal_order").count(), 60);
    assert_eq!(sum, sum_of(&pulled));
}

#[test]
fn a_database_that_can_not_be_had_is_told_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = folder.path().display();
    let gone = format!("postgres:///none?host={nobody}&user=chen&password=geheim99");
    let missing = Cluster::of_all().database().replacen("/t", "/no_such_t", 1);
    for (address, words) in [(gone.as_str(), "连不上 PostgreSQL"), ("postgres//chen", "写法不对"), (&missing, "没有这个库")] {
        let output = program(folder.path(), Some(address)).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("geheim99") && output.stdout.is_empty(), "{told}");
    }
}

#[test]
fn the_option_says_the_same_as_the_environment() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Cluster::of_all().database());
    let mut command: Command = program(folder.path(), None);
    command.args(["admin", "canteen", "add", "--name", "罗城街道长者饭堂", "--division", LUOCHENG, "--database", &database]);
    assert!(command.status().unwrap().success());
    let found = ask(&database, |client| client.query_one("SELECT count(*) FROM canteen", &[]).unwrap().get::<_, i64>(0));
    assert_eq!(found, 1);
    assert!(!folder.path().join("server.sqlite").exists());
}
