//! The two languages of the server: a fault carries both, and what is put in words comes in the language of whoever asks.

use super::conflicts::{edit, text};
use super::kit::*;
use calamine::{Reader, Xlsx};
use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use shared::fault::Fault;
use shared::kinds::*;
use shared::list::{End, ListPage, ListRecord};
use shared::say;
use shared::schema::*;
use shared::workbook::exported;
use std::io::Cursor;

const TOWN: &str = "445381001";

/// The same clerk at a page with that cookie.
fn with_cookie(clerk: &Clerk, cookie: &str) -> Clerk {
    Clerk { url: clerk.url.clone(), http: clerk.http.clone(), cookie: format!("{}; {cookie}", clerk.cookie) }
}

fn is_chinese(words: &str) -> bool {
    words.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_carries_both_languages_whoever_asks() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let at = |path: &str| format!("{}{path}", house.url);
    let refused = [
        house.http.get(at("/api/session")),
        house.http.get(at("/api/session")).header("cookie", "yinling-language=en"),
        house.http.get(at("/api/nothing")),
        house.http.post(at("/api/session")).json(&serde_json::json!({ "name": "nobody", "password": "wrong2026x" })),
        house.http.post(at("/api/session")).json(&serde_json::json!({ "name": 7 })),
        house.http.post(at("/v1/push")),
        house.http.post(at("/v2/sync")).body("nonsense"),
        house.http.get(at("/api/overview?division=4401")).header("cookie", &clerk.cookie),
        house.http.get(at("/api/list/orders?colour=red")).header("cookie", &clerk.cookie),
    ];
    for request in refused {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_client_error());
        let fault: Fault = answer.json().await.unwrap();
        assert!(is_chinese(&fault.happened) && is_chinese(&fault.next_step), "{fault:?}");
        for words in [&fault.english.happened, &fault.english.next_step] {
            assert!(words.ends_with('.') && !is_chinese(words), "{fault:?}");
        }
    }
    let wrong: Fault = clerk.get("/api/list/orders?meal=brunch").await.json().await.unwrap();
    assert_eq!((wrong.happened.as_str(), wrong.english.happened.as_str()), ("地址里的“meal”写得不对。", "“meal” in the address is wrong."));
    assert!(wrong.next_step.starts_with("可以写：breakfast（早餐）") && wrong.next_step.contains("。请刷新页面再试；"), "{wrong:?}");
    assert!(
        wrong.english.next_step.starts_with("One of: breakfast (Breakfast)") && wrong.english.next_step.contains(". Refresh"),
        "{wrong:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_in_words_is_in_the_language_of_the_page() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", TOWN);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(TOWN).await);
    let file = first(1, id(1), &elder(Some(&code), "445381001008"));
    let placed = first(1, id(2), &order(&code, id(1)));
    let sealed = |byte: u8| Value::Bytes([vec![1], vec![byte; 60]].concat());
    let delivered = edit(1, &[&placed], &[("state", text("delivered")), ("state_at", text("2026-11-22T12:01:00"))], NOON + 60);
    let one = edit(1, &[&file], &[("birth_date", text("1944-03-05")), ("phone", sealed(1))], NOON + 60);
    let other = edit(2, &[&file], &[("birth_date", text("1945-03-05")), ("phone", sealed(2))], NOON + 120);
    assert_eq!(desk.push(vec![file, placed, delivered, one]).await, []);
    assert_eq!(town.push(vec![other]).await, []);

    let chinese = house.clerk("chen", Level::Town, TOWN).await;
    let (named, english) = (with_cookie(&chinese, "yinling-language=zh-CN"), with_cookie(&chinese, "yinling-language=en"));
    let in_chinese = (
        "状态 已下单 → 已送达",
        [
            ["长者 王桂英", "出生日期", "“1945-03-05” 前台电脑（2号） 11-22 12:02"],
            ["长者 王桂英", "电话", "“已加密，请在饭堂或镇街办公端处理” 前台电脑（2号） 11-22 12:02"],
        ],
        "就餐台账（全部）",
    );
    let in_english = (
        "State Placed → Delivered",
        [
            ["Elder 王桂英", "Date of birth", "“1945-03-05” 前台电脑 (no. 2) 11-22 12:02"],
            ["Elder 王桂英", "Phone", "“Sealed; decide it at the canteen or the township office” 前台电脑 (no. 2) 11-22 12:02"],
        ],
        "Ledger (all)",
    );
    // One after the other, so that each finds the threads as another left them.
    for (clerk, language, (step, conflicts, title)) in [
        (&chinese, Language::Zh, in_chinese),
        (&english, Language::En, in_english),
        (&named, Language::Zh, in_chinese),
        (&english, Language::En, in_english),
        (&chinese, Language::Zh, in_chinese),
    ] {
        let record: ListRecord = clerk.read(&format!("/api/list/orders/{}", id(2))).await;
        assert!(record.history[1].words.iter().any(|word| word == step), "{:?}", record.history);
        let listed: ListPage = clerk.read("/api/list/conflicts").await;
        assert_eq!(listed.rows.iter().map(|row| ["title", "field", "shown"].map(|cell| row.text(cell))).collect::<Vec<_>>(), conflicts);

        let answer = clerk.export("orders", "").await;
        let called = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert_eq!(called.ends_with("''Ledger.xlsx"), language == Language::En, "{called}");
        let mut book = Xlsx::new(Cursor::new(answer.bytes().await.unwrap())).unwrap();
        let sheet = book.worksheet_range(ORDERS.title.of(language)).unwrap();
        let heads = exported(&ORDERS, End::Console).map(|column| match (ORDERS.label(column), ORDERS.ty(column)) {
            (label, FieldType::Money) => speaking(language, || say!(form::in_yuan(label))),
            (label, _) => label.of(language).to_owned(),
        });
        let row = |at: usize| sheet.rows().nth(at).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!((row(0)[0].as_str(), row(2)), (title, heads.collect::<Vec<_>>()));
        let state = exported(&ORDERS, End::Console).position(|column| column.name() == "state").unwrap();
        assert_eq!(row(3)[state], OrderState::Delivered.label().of(language));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_is_none_is_chinese_and_no_error() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", TOWN);
    let desk = house.desk_at(&code).await;
    assert_eq!(desk.push(vec![first(1, id(1), &elder(Some(&code), TOWN)), first(1, id(2), &order(&code, id(1)))]).await, []);
    let clerk = house.clerk("chen", Level::Town, TOWN).await;
    let long = [b'e'; 4_000];
    let nonsense: [&[u8]; 9] = [b"", b"klingon", b"EN", b"en-US", b"\"en\"", b"=en", "中文".as_bytes(), b"\xff\xfe", &long];
    for value in nonsense {
        let cookies = [b"yinling-language=", value, b"; ", clerk.cookie.as_bytes()].concat();
        let request = house.http.get(format!("{}/api/list/orders/{}", house.url, id(2)));
        let answer = request.header("cookie", HeaderValue::from_bytes(&cookies).unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{value:?}");
        let record: ListRecord = answer.json().await.unwrap();
        assert!(record.history[0].words.iter().any(|word| word == "状态 已下单"), "{value:?}: {:?}", record.history);
    }
}
