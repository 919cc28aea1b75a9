//! Signing in under attack: many at once, many wrong tries from one place or from many, a clock that is set.

use super::kit::*;
use reqwest::{Response, StatusCode};
use shared::console::SignIn;
use shared::fault::{Code, Fault};
use shared::kinds::Level;
use shared::sync::{Answer, Ask, Exchange};

const RIGHT: &str = "yufan2026x";
const WRONG: &str = "wrong2026x";

/// Signs in from an address, as the proxy of the machine tells it.
async fn from(house: &House, address: &str, name: &str, password: &str) -> Response {
    let ask = SignIn { name: name.into(), password: password.into(), ..SignIn::default() };
    house.http.post(format!("{}/api/session", house.url)).header("x-forwarded-for", address).json(&ask).send().await.unwrap()
}

async fn status(house: &House, address: &str, name: &str, password: &str) -> u16 {
    from(house, address, name, password).await.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_logins_takes_no_more_memory_than_there_are_processors() {
    let house = House::new().await;
    let desk = house.desk_at(&canteen_of(&house, "罗城街道长者饭堂", "445381001")).await;
    let asked: Vec<_> = (0..64)
        .map(|number| {
            let ask = SignIn { name: format!("stranger{number}"), password: WRONG.into(), ..SignIn::default() };
            let request = house.http.post(format!("{}/api/session", house.url)).header("x-forwarded-for", format!("10.0.0.{number}"));
            tokio::spawn(request.json(&ask).send())
        })
        .collect();
    assert!(matches!(desk.ask(&Ask::Exchange(Exchange::default())).await, Answer::Exchanged(_)), "desks go on meanwhile");
    let mut turned_away = 0;
    for asked in asked {
        let answer = asked.await.unwrap().unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
            let fault: Fault = answer.json().await.unwrap();
            assert_eq!(fault.code, Code::NotNow);
            assert!(fault.happened.contains("登录的人太多") && fault.english.happened.contains("too many"), "{fault:?}");
            turned_away += 1;
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        }
    }
    let hashing = house.server.hashing();
    assert!((1..=hashing.seats).contains(&hashing.most), "{hashing:?}");
    assert!(turned_away > 0 || hashing.seats * 9 >= 64, "{hashing:?}");
    assert_eq!(from(&house, "10.1.0.1", "stranger", WRONG).await.status(), StatusCode::UNAUTHORIZED, "and then there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_wrong_tries_do_not_lock_the_owner_out() {
    let house = House::new().await;
    house.server.add_account("chen", Level::City, "4453", RIGHT).unwrap();
    for round in 0..6 {
        let answer = from(&house, "203.0.113.9", "chen", WRONG).await;
        assert_eq!(answer.status().as_u16(), if round < 5 { 401 } else { 429 });
        assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned()), (round == 5).then(|| "900".into()));
    }
    assert_eq!(status(&house, "203.0.113.9", "chen", RIGHT).await, 429, "right, but locked from there");
    assert_eq!(status(&house, "198.51.100.7", "chen", RIGHT).await, 200, "the owner comes from elsewhere");
    house.later(15 * 60);
    assert_eq!(status(&house, "203.0.113.9", "chen", RIGHT).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn spraying_one_name_from_many_places_is_slowed_and_a_known_place_goes_on() {
    let house = House::new().await;
    house.server.add_account("chen", Level::City, "4453", RIGHT).unwrap();
    assert_eq!(status(&house, "198.51.100.7", "chen", RIGHT).await, 200);
    let mut checked = 0;
    for place in 0..60 {
        checked += usize::from(status(&house, &format!("203.0.113.{place}"), "chen", WRONG).await == 401);
    }
    assert_eq!(checked, 20, "within one moment");
    for minute in 0..10 {
        house.later(60);
        for place in 0..5 {
            checked += usize::from(status(&house, &format!("192.0.2.{}", minute * 5 + place), "chen", WRONG).await == 401);
        }
    }
    assert_eq!(checked, 30, "then one a minute");
    assert_eq!(status(&house, "198.51.100.7", "chen", WRONG).await, 401, "known places are not slowed, and may mistype");
    assert_eq!(status(&house, "198.51.100.7", "chen", RIGHT).await, 200);
    // A whole network of six is one place.
    for host in 0..6 {
        let expect = if host < 5 { 401 } else { 429 };
        assert_eq!(status(&house, &format!("2001:db8:1:2::{host}"), "nobody", WRONG).await, expect, "{host}");
    }
    assert_eq!(status(&house, "2001:db8:1:3::1", "nobody", WRONG).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_place_that_tries_many_names_is_slowed() {
    let house = House::new().await;
    house.server.add_account("own", Level::City, "4453", RIGHT).unwrap();
    let mut checked = 0;
    for name in 0..60 {
        checked += usize::from(status(&house, "203.0.113.9", &format!("name{name}"), WRONG).await == 401);
        // An account of one's own does not buy more of them.
        if name == 25 {
            assert_eq!(status(&house, "203.0.113.9", "own", RIGHT).await, 429);
        }
    }
    assert_eq!(checked, 20);
    house.later(60);
    assert_eq!(status(&house, "203.0.113.9", "own", RIGHT).await, 200, "the next minute's try");
    assert_eq!(status(&house, "203.0.113.9", "own", RIGHT).await, 200, "known from now on");
    assert_eq!(status(&house, "203.0.113.9", "name99", WRONG).await, 401, "what went well was no wrong try");
    assert_eq!(status(&house, "203.0.113.9", "own", RIGHT).await, 200);
    assert_eq!(status(&house, "203.0.113.9", "name98", WRONG).await, 429);
    assert_eq!(status(&house, "198.51.100.7", "name98", WRONG).await, 401, "other places are not concerned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_forward_leaves_no_account_locked_for_years() {
    let house = House::new().await;
    house.server.add_account("chen", Level::City, "4453", RIGHT).unwrap();
    const YEARS: i64 = 3 * 365 * 86_400;
    house.later(YEARS);
    for _ in 0..6 {
        from(&house, "203.0.113.9", "chen", WRONG).await;
    }
    assert_eq!(status(&house, "203.0.113.9", "chen", RIGHT).await, 429);
    house.later(-YEARS);
    assert_eq!(status(&house, "203.0.113.9", "chen", RIGHT).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_a_stranger_writes_is_not_believed() {
    let house = House::new().await;
    // What stands before the proxy's own entry, the stranger wrote.
    for round in 0..6 {
        let told = format!("192.0.2.{round}, 203.0.113.9");
        assert_eq!(status(&house, &told, "chen", WRONG).await, if round < 5 { 401 } else { 429 });
    }
}
