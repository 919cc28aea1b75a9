//! Accounts as an administrator keeps them: names that can be told apart, passwords that nobody guesses, and a way back in.

use super::kit::*;
use super::program::Place;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::console::SignIn;
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::fault::Code;
use shared::kinds::Level;
use shared::list::ListPage;
use std::io::Write;
use std::process::Stdio;

const GOOD: &str = "yufan2026x";

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_alike_or_hide_something_are_refused() {
    let house = House::new().await;
    house.server.add_account("shi", Level::City, "4453", GOOD).unwrap();
    let add = |name: &str| house.server.add_account(name, Level::City, "4453", GOOD);
    for alike in ["Shi", "SHI", "ｓｈｉ", "sh\u{456}", "𝓼𝓱𝓲"] {
        let fault = add(alike).unwrap_err();
        assert_eq!(
            (fault.code, fault.happened.contains("shi"), fault.english.happened.contains("shi")),
            (Code::BadInput, true, true),
            "{alike:?}"
        );
    }
    for unseen in ["shi\u{200b}", "sh\u{2060}i", "chen\u{202e}gnil", "chen\r\nroot", "chen\u{1b}[31m", "chen\u{0}"] {
        let fault = add(unseen).unwrap_err();
        assert!(fault.code == Code::BadInput && fault.happened.contains("看不见"), "{unseen:?}: {fault:?}");
    }
    assert_eq!(house.server.add_canteen("罗城\u{202e}饭堂", "445381001", None).unwrap_err().code, Code::BadInput);
    assert_eq!(house.server.add_operator("康养\u{200b}公司", None, None).unwrap_err().code, Code::BadInput);
    add("shu").unwrap();
    assert_eq!(house.server.accounts().unwrap().iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["shi", "shu"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_is_called_by_what_is_seen_of_its_name() {
    let house = House::new().await;
    let here = canteen_of(&house, "罗城街道长者饭堂", "445381001");
    let key = SoftProvider::new().new_key().unwrap();
    let public_key = SoftProvider::new().public_key(&key).unwrap();
    let enrol = async |name: &str| {
        let code = house.server.device_code(Some(&here), None).unwrap().code;
        let ask = enrolling(&house.url, &code, name, &public_key).await;
        house.http.post(format!("{}/v2/enrol", house.url)).json(&ask).send().await.unwrap().status()
    };
    assert_eq!(enrol("\u{200b}\r\n\u{202e}").await, StatusCode::BAD_REQUEST, "no name at all");
    assert_eq!(enrol("前台\r\n\u{1b}[31m\u{202e}电脑\u{200b}").await, StatusCode::OK);
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let devices: ListPage = clerk.read("/api/list/devices").await;
    assert_eq!(devices.rows[0].text("name"), "前台[31m电脑");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_that_everybody_tries_first_are_refused_wherever_one_is_chosen() {
    let house = House::new().await;
    let token = house.server.first_link().unwrap().unwrap();
    let link = format!("{}/api/first-account", house.url);
    for common in ["password1", "qwerty123", "Admin123", "aaaaaaa1", "a123456789", "woaini1314", "1qaz2wsx", "罗定饭堂二零二六1"] {
        assert_eq!(house.server.add_account("chen", Level::City, "4453", common).unwrap_err().code, Code::BadInput, "{common}");
        let ask = SignIn { name: "chen".into(), password: common.into(), code: token.clone() };
        assert_eq!(house.http.post(&link).json(&ask).send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{common}");
    }
    house.server.add_account("chen", Level::City, "4453", GOOD).unwrap();
    assert_eq!(house.server.reset_password("chen", Some("password1")).unwrap_err().code, Code::BadInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_and_a_new_password_end_the_sessions() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let other = house.clerk("liang", Level::City, "4453").await;
    house.server.disable_account("chen", true).unwrap();
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::UNAUTHORIZED);
    house.server.disable_account("chen", false).unwrap();
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED, "what has ended does not come back");
    let again = house.sign_in("chen", GOOD).await;
    let clerk = Clerk { cookie: cookie_of(&again), ..clerk };
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK);

    for _ in 0..6 {
        house.sign_in("chen", "wrong2026x").await;
    }
    assert!(house.server.accounts().unwrap()[0].locked);
    let password = house.server.reset_password("chen", None).unwrap().password.unwrap();
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("chen", &password).await.status(), StatusCode::OK, "and the lock is gone with the old one");
    assert_eq!(other.get("/api/session").await.status(), StatusCode::OK, "nobody else is concerned");

    for _ in 0..6 {
        house.sign_in("chen", "wrong2026x").await;
    }
    assert_eq!(house.sign_in("chen", &password).await.status(), StatusCode::TOO_MANY_REQUESTS);
    house.server.unlock_account("chen").unwrap();
    assert_eq!(house.sign_in("chen", &password).await.status(), StatusCode::OK);
    let listed = house.server.accounts().unwrap();
    assert_eq!(
        listed.iter().map(|one| (one.name.as_str(), one.sessions, one.locked)).collect::<Vec<_>>(),
        [("chen", 2, false), ("liang", 1, false)]
    );
}

#[test]
fn accounts_are_kept_on_the_command_line() {
    let place = Place::new();
    let typed = |line: &str, password: &str| {
        let mut child =
            place.program().args(line.split(' ')).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    assert_eq!(typed("admin account add --name liang --role town --division 445381001 --json", GOOD), (Some(0), json!({ "ok": true })));
    let expect = |disabled: bool| json!([{ "name": "liang", "role": "town", "division": "445381001", "disabled": disabled, "locked": false, "waits": false, "sessions": 0 }]);
    assert_eq!(place.answer("admin account list --json"), (Some(0), expect(false)));
    for (act, disabled) in [("disable", true), ("disable", true), ("unlock", true), ("enable", false)] {
        assert_eq!(place.answer(&format!("admin account {act} --name liang --json")), (Some(0), json!({ "ok": true })));
        assert_eq!(place.answer("admin account list --json").1, expect(disabled), "{act}");
    }
    let (exit, given) = place.answer("admin account password --name liang --json");
    assert_eq!((exit, given["password"].as_str().map(str::len)), (Some(0), Some(12)));
    assert_eq!(typed("admin account password --name liang --stdin --json", "kf7qhd2mwp"), (Some(0), json!({ "password": null })));
    assert_eq!(typed("admin account password --name liang --stdin --json", "password1").0, Some(1));
    for act in ["disable", "enable", "unlock", "password"] {
        let (exit, fault) = place.answer(&format!("admin account {act} --name nobody --json"));
        assert_eq!((exit, fault["code"].as_str()), (Some(1), Some("not_found")), "{act}");
    }
    assert_eq!(place.answer("verify --json").0, Some(0));
}
