//! Somebody who has the database, and has read the source, but has no key: what is put into a table, changed in it, taken out or put back counts
//! for nothing, and is told.

use super::kit::*;
use reqwest::StatusCode;
use shared::console::Session;
use shared::crdt::first_change;
use shared::kinds::*;
use shared::list::ListPage;
use shared::money::Fen;
use shared::schema::{Record, RecordId};
use shared::sync::Exchange;
use shared::wire::WireChange;

const LUOCHENG: &str = "445381001";
const GOOD: &str = "yufan2026x";
/// The hash of a token that the hand knows.
const TOKEN: &str = "0707";

/// What the audit log says was altered.
async fn told(house: &House) -> Vec<String> {
    let eyes = house.clerk(&format!("shen{}", house.now.load(std::sync::atomic::Ordering::Relaxed)), Role::Auditor, "4453").await;
    let page: ListPage = eyes.read("/api/list/audit?event=row_forged").await;
    let mut told: Vec<String> = page.rows.iter().map(|row| row.text("object").split(' ').next().unwrap_or_default().to_owned()).collect();
    told.sort();
    told.dedup();
    told
}

fn keep(table: &str) -> String {
    format!("CREATE TABLE kept AS SELECT * FROM {table}")
}

fn put_back(table: &str) -> String {
    format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept")
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_password_that_was_put_in_by_sql_opens_nothing() {
    let house = House::new().await;
    house.server.add_account("chen", Role::City, "4453", GOOD).unwrap();
    house.server.add_account("xiao", Role::Town, LUOCHENG, "qita2026mima").unwrap();
    // Her own hash, and its MAC, in the place of that of the city's account.
    let of = |name: &str, column: &str| {
        format!("(SELECT s.{column} FROM account_secret s JOIN account a ON a.id = s.account WHERE a.name = '{name}')")
    };
    let chen = "account = (SELECT id FROM account WHERE name = 'chen')";
    house.by_sql(&format!(
        "UPDATE account_secret SET password_hash = {}, mac = {} WHERE {chen}",
        of("xiao", "password_hash"),
        of("xiao", "mac")
    ));
    assert_eq!(house.sign_in("chen", "qita2026mima").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::UNAUTHORIZED);
    let verified = house.server.verify().unwrap();
    assert!(!verified.ok && verified.altered && verified.problems[0].contains("account_secret"), "{verified:?}");
    // A new password from the machine mends the account; that a row was changed stays told until a person seals anew.
    house.server.reset_password("chen", Some("xinde2026mima")).unwrap();
    assert_eq!(house.sign_in("chen", "xinde2026mima").await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    house.seal_anew();
    assert_eq!(house.sign_in("chen", "xinde2026mima").await.status(), StatusCode::OK);
    assert_eq!(told(&house).await, ["account_secret"]);
    assert!(house.server.verify().unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_an_old_password_that_is_put_back_with_its_mac_opens_nothing() {
    let house = House::new().await;
    house.server.add_account("chen", Role::City, "4453", GOOD).unwrap();
    house.by_sql(&keep("account_secret"));
    house.server.reset_password("chen", Some("xinde2026mima")).unwrap();
    house.by_sql(&put_back("account_secret"));
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(house.server.verify().unwrap().problems.iter().any(|problem| problem.contains("account_secret")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_role_that_was_changed_by_sql_does_not_count() {
    let house = House::new().await;
    let canteen = house.server.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let clerk = house.clerk("xiao", Role::Canteen, &canteen).await;
    let session: Session = clerk.read("/api/session").await;
    assert_eq!(session.role, Role::Canteen);
    for (column, value, back) in [("role", "city", "canteen"), ("division", "4453", canteen.as_str()), ("name", "chen", "xiao")] {
        house.by_sql(&format!("UPDATE account SET {column} = '{value}' WHERE name = 'xiao'"));
        assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED, "{column}");
        house.by_sql(&format!("UPDATE account SET {column} = '{back}' WHERE {column} = '{value}'"));
        assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK, "{column}");
    }
    // Nor does one that was disabled come back.
    house.server.disable_account("xiao", true).unwrap();
    house.by_sql("UPDATE account SET disabled = 0 WHERE name = 'xiao'");
    assert_eq!(house.sign_in("xiao", GOOD).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(told(&house).await, ["account"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_session_that_was_put_in_or_put_back_is_none() {
    let house = House::new().await;
    let clerk = house.clerk("chen", Role::City, "4453").await;
    let other = house.clerk("xiao", Role::County, "445381").await;
    let hash = house.blob(&sha256(TOKEN));
    let city = "(SELECT id FROM account WHERE name = 'chen')";
    house.by_sql(&format!("INSERT INTO session (token_hash, account, started_at, seen_at) VALUES ({hash}, {city}, {NOON}, {NOON})"));
    let mine = Clerk { cookie: format!("session={TOKEN}"), url: house.url.clone(), http: house.http.clone() };
    assert_eq!(mine.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    house.by_sql(&format!("DELETE FROM session WHERE token_hash = {hash}"));
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK);
    // The session of one account as that of another.
    house.by_sql(&format!("UPDATE session SET account = {city}"));
    assert_eq!(other.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    let clerk = Clerk { cookie: cookie_of(&house.sign_in("chen", GOOD).await), ..clerk };
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::OK, "all had to sign in again");
    // One that ended, as it stood.
    house.by_sql(&keep("session"));
    house.http.delete(format!("{}/api/session", house.url)).header("cookie", &clerk.cookie).send().await.unwrap();
    house.by_sql(&put_back("session"));
    assert_eq!(clerk.get("/api/session").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(told(&house).await, ["session"]);
}

fn sha256(text: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_code_that_was_used_or_made_by_sql_enrols_nobody() {
    let house = House::new().await;
    let canteen = house.server.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let code = house.server.device_code(Some(&canteen), None).unwrap().code;
    house.by_sql(&keep("enrol_code"));
    assert_eq!(house.enrol(&code).await.status(), StatusCode::OK);
    house.by_sql("UPDATE enrol_code SET used_at = NULL");
    assert_eq!(house.enrol(&code).await.status(), StatusCode::FORBIDDEN, "made good again");
    house.by_sql(&put_back("enrol_code"));
    assert_eq!(house.enrol(&code).await.status(), StatusCode::FORBIDDEN, "put back as it stood");
    // Codes go on with the next one that is given out.
    let code = house.server.device_code(Some(&canteen), None).unwrap().code;
    house.by_sql("UPDATE enrol_code SET canteen = NULL, division = '4453'");
    assert_eq!(house.enrol(&code).await.status(), StatusCode::FORBIDDEN, "for another place");
    let code = house.server.device_code(Some(&canteen), None).unwrap().code;
    assert_eq!(house.enrol(&code).await.status(), StatusCode::OK);
    assert_eq!(told(&house).await, ["enrol_code"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_device_gets_no_other_key_or_place_by_sql() {
    let house = House::new().await;
    let canteen = house.server.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let (desk, other) = (house.desk_at(&canteen).await, house.desk_at(&canteen).await);
    let exchange = shared::sync::Ask::Exchange(Exchange::default());
    assert_eq!(desk.status(&exchange).await, StatusCode::OK);
    let id = house.blob(desk.enrolled.device.0.as_bytes());
    house.by_sql(&format!("UPDATE device SET canteen = NULL, division = '4453' WHERE id = {id}"));
    assert_eq!(desk.status(&exchange).await, StatusCode::UNAUTHORIZED);
    house.by_sql(&format!("UPDATE device SET canteen = '{canteen}', division = '{LUOCHENG}' WHERE id = {id}"));
    assert_eq!(desk.status(&exchange).await, StatusCode::OK);
    house.server.revoke_device(desk.enrolled.device_number.into()).unwrap();
    house.by_sql(&format!("UPDATE device SET revoked = 0 WHERE id = {id}"));
    assert_eq!(desk.status(&exchange).await, StatusCode::UNAUTHORIZED);
    house.by_sql(&format!("DELETE FROM device_key WHERE device = {id}"));
    let thief = house.blob(other.enrolled.device.0.as_bytes());
    house.by_sql(&format!("UPDATE device_key SET public_key = {} WHERE device = {thief}", house.blob(&[7; 64])));
    assert_eq!(other.status(&exchange).await, StatusCode::UNAUTHORIZED);
    assert_eq!(told(&house).await, ["device", "device_key"]);
}

/// An order of a canteen, pushed, with a price of a menu.
async fn pushed(house: &House) -> (Desk, RecordId, String) {
    let canteen = house.server.add_canteen("罗城街道长者饭堂", LUOCHENG, None).unwrap().code;
    let desk = house.desk_at(&canteen).await;
    assert_eq!(desk.push(vec![first(1, id(1), &elder(Some(&canteen), LUOCHENG))]).await, []);
    assert_eq!(desk.push(vec![first(1, id(2), &order(&canteen, id(1)))]).await, []);
    (desk, id(2), canteen)
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_a_log_that_was_rewritten_is_told_and_nothing_is_made_of_it() {
    let house = House::new().await;
    let (_desk, order_id, canteen) = pushed(&house).await;
    let verified = house.server.verify().unwrap();
    assert!(verified.ok, "{verified:?}");
    // The price in the log, with the right checksum, and in the table.
    let forged = first_change(&actor(1), &Order { price: Fen(120_000), ..order(&canteen, id(1)) }.to_fields(), NOON).bytes;
    let record = house.blob(order_id.0.as_bytes());
    house.by_sql(&keep("log"));
    house.by_sql(&format!(
        "UPDATE log SET bytes = {} WHERE record = {record} AND kind = 'meal_order'; UPDATE meal_order SET price = 120000 WHERE id = {record}",
        house.blob(&forged)
    ));
    let verified = house.server.verify().unwrap();
    assert!(!verified.ok && verified.altered, "{verified:?}");
    assert!(verified.problems.iter().any(|problem| problem.contains("表 log")), "{verified:?}");
    let fault = house.server.rebuild().unwrap_err();
    assert!(fault.next_step.contains("sync-server seal"), "{fault}");
    // No other desk is given it, and what is known of the record stays as it was when the next change of it comes.
    let late = house.desk_at(&canteen).await;
    assert!(late.pull_all().await.0.iter().all(|change| change.record != *order_id.0.as_bytes()));
    assert_eq!(told(&house).await, ["log"]);

    house.by_sql(&format!(
        "UPDATE log SET bytes = (SELECT kept.bytes FROM kept WHERE kept.seq = log.seq) WHERE record = {record} AND kind = 'meal_order'; \
         DROP TABLE kept; UPDATE meal_order SET price = 1200 WHERE id = {record}"
    ));
    assert!(house.server.verify().unwrap().ok, "as it was");
    for gone in ["DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)", "DELETE FROM log WHERE seq = (SELECT min(seq) FROM log)"] {
        house.by_sql(&format!("{}; {gone}", keep("log")));
        let verified = house.server.verify().unwrap();
        assert!(verified.problems.iter().any(|problem| problem.contains("表 log 有行被删掉")), "{gone}: {verified:?}");
        assert!(house.server.rebuild().is_err(), "{gone}");
        house.by_sql(&put_back("log"));
    }
    // All tables at once, as they were before the last push.
    house.by_sql(
        "CREATE TABLE kept_log AS SELECT * FROM log; CREATE TABLE kept_push AS SELECT * FROM push; CREATE TABLE kept_end AS SELECT * FROM table_end",
    );
    let more = first(1, id(3), &order(&canteen, id(1)));
    assert_eq!(house.desk_at(&canteen).await.push(vec![more]).await, []);
    house.by_sql(
        "DELETE FROM log; INSERT INTO log SELECT * FROM kept_log; DELETE FROM push; INSERT INTO push SELECT * FROM kept_push; \
         DELETE FROM table_end; INSERT INTO table_end SELECT * FROM kept_end",
    );
    let verified = house.server.verify().unwrap();
    assert!(verified.problems.iter().any(|problem| problem.contains("一起换回")), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f55_who_blanks_the_macs_has_nothing_sealed_again() {
    let house = House::new().await;
    house.server.add_account("chen", Role::City, "4453", GOOD).unwrap();
    assert!(house.another().is_ok());
    house.by_sql(
        "UPDATE account_secret SET mac = NULL; UPDATE account SET role = 'county'; UPDATE standing SET mac = NULL; \
         DELETE FROM setting WHERE name = 'sealed_tables'; DELETE FROM table_end",
    );
    let server = house.another().unwrap();
    assert!(!server.verify().unwrap().ok, "the file beside the database knows better");
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::UNAUTHORIZED);
    // A setting that decides is none either, and no new one takes its place.
    house.by_sql("UPDATE setting SET value = '00' WHERE name = 'server_key'");
    assert!(house.another().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_version_without_seals_is_sealed_once() {
    let house = House::new().await;
    pushed(&house).await;
    house.server.add_account("chen", Role::City, "4453", GOOD).unwrap();
    let tables = ["log", "account_secret", "session", "device_key", "enrol_code", "held_change", "erased", "setting", "snapshot"];
    let blank = tables.map(|table| format!("UPDATE {table} SET mac = NULL")).join("; ");
    house.by_sql(&format!(
        "{blank}; DELETE FROM standing; DELETE FROM table_end; DELETE FROM push; DELETE FROM moved_change; \
         DELETE FROM setting WHERE name = 'sealed_tables'"
    ));
    std::fs::remove_file(house.folder.path().join("sealed-tables")).unwrap();
    let server = house.another().unwrap();
    let verified = server.verify().unwrap();
    assert!(verified.ok, "{verified:?}");
    assert!(server.audit_listed(3).unwrap().iter().any(|row| row.event == "tables_sealed"));
    assert_eq!(house.sign_in("chen", GOOD).await.status(), StatusCode::OK);
    // Another folder learns it from the database.
    std::fs::remove_file(house.folder.path().join("sealed-tables")).unwrap();
    assert!(house.another().is_ok() && house.folder.path().join("sealed-tables").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_signed_is_kept_and_shown_later() {
    let house = House::new().await;
    let (desk, _, canteen) = pushed(&house).await;
    // What is refused or known is signed as well, and keys that are erased leave their digests.
    let refused = WireChange { kind: "meal_order".into(), record: [9; 16], bytes: vec![1, 2, 3] };
    let known = first(1, id(2), &order(&canteen, id(1)));
    let new = first(1, id(4), &order(&canteen, id(1)));
    assert_eq!(desk.push(vec![refused, known, new]).await.len(), 1);
    let verified = house.server.verify().unwrap();
    assert!(verified.ok, "{verified:?}");
    house.server.erase_elder(&id(1).to_string()).unwrap();
    house.server.compact_in(1_000).unwrap();
    let verified = house.server.verify().unwrap();
    assert!(verified.ok, "{verified:?}");
}
