//! What balancers and monitors ask.

use super::kit::*;
use super::program::{Place, Running};
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::list::{End, ListSpec};

#[tokio::test(flavor = "multi_thread")]
async fn health_says_that_the_process_lives_and_ready_that_the_database_answers() {
    let place = Place::new();
    let running = tokio::task::block_in_place(|| Running::start(place.program()));
    let http = reqwest::Client::new();
    let ask = async |path: &str| {
        let answer = http.get(format!("{}{path}", running.url)).send().await.unwrap();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/json"), "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        (answer.status(), answer.json::<Value>().await.unwrap())
    };
    assert_eq!(ask("/health").await, (StatusCode::OK, json!({ "ok": true })));
    assert_eq!(ask("/ready").await, (StatusCode::OK, json!({ "ok": true })));
    tokio::task::block_in_place(|| place.damage("ALTER TABLE setting RENAME TO setting_away"));
    let (status, fault) = ask("/ready").await;
    assert_eq!((status, fault["code"].as_str()), (StatusCode::SERVICE_UNAVAILABLE, Some("offline")));
    assert!(fault["happened"].as_str().unwrap().contains("数据库"), "{fault}");
    assert_eq!(ask("/health").await.0, StatusCode::OK, "the process lives all the same");
    tokio::task::block_in_place(|| place.damage("ALTER TABLE setting_away RENAME TO setting"));
    assert_eq!(ask("/ready").await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_place_of_the_console_is_not_found() {
    let house = House::new().await;
    let ask = async |path: &str| house.http.get(format!("{}{path}", house.url)).send().await.unwrap();
    for path in ["/metrics", "/healthz", "/status", "/admin", "/ledger/2026", "/list", "/list/nothing", "/list/orders/1/2", "/first/1"] {
        assert_eq!(ask(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let lists = ListSpec::at(End::Console).flat_map(|list| [format!("/list/{}", list.name), format!("/list/{}/{}", list.name, id(1))]);
    let own = ["/", "/first", "/ledger?from=2026-11-01", "/conflicts", "/devices", "/ledger/"].map(str::to_owned);
    for path in own.into_iter().chain(lists) {
        let answer = ask(&path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
    }
}
