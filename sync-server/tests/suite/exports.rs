//! Lists of persons as workbooks: for a reason, once, within a day, and above a measure after a second account agreed. What a desk took out
//! is told by it once and changed by nobody.

use super::audit::Eyes;
use super::kit::*;
use calamine::{Reader, Xlsx};
use reqwest::{Response, StatusCode};
use serde_json::json;
use shared::console::ExportAsk;
use shared::crdt::History;
use shared::fault::{Code, Fault};
use shared::kinds::*;
use shared::list::{ListPage, ListRow};
use shared::rule::disclosure::ALONE;
use shared::schema::{Fields, Record, Value};
use shared::wire::RefusedReason;
use std::io::Cursor;

const LUOCHENG: &str = "445381001";
const AFAR: &str = "445322";
const HERE: &str = "/api/list/elders/workbook";

async fn fault(answer: Response) -> (StatusCode, Fault) {
    (answer.status(), answer.json().await.unwrap())
}

/// A canteen with so many elders, half of them in one village.
async fn peopled(house: &House, many: u64) -> (String, Desk) {
    let code = canteen_of(house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    assert_eq!(desk.push(people(&code, many)).await, []);
    (code, desk)
}

struct Auditor(Clerk);

impl Auditor {
    /// What was noted of an event, the oldest first.
    async fn noted(&self, event: &str) -> Vec<ListRow> {
        let page: ListPage = self.0.read(&format!("/api/list/audit?event={event}")).await;
        page.rows.into_iter().rev().collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_persons_is_given_for_a_reason_once_within_a_day_and_leads_to_its_row() {
    let house = House::new().await;
    let auditor = Auditor(house.clerk("shen", Role::Auditor, "4453").await);
    peopled(&house, 3).await;
    let (clerk, other) = (house.clerk("lu", Level::Town, LUOCHENG).await, house.clerk("chen", Level::Town, LUOCHENG).await);
    let (status, told) = fault(clerk.get(HERE).await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, Code::Confirm));
    for (reason, note) in [(None, "核对"), (Some(DisclosureReason::Other), " ")] {
        let ask = ExportAsk { list: "elders".into(), words: String::new(), reason, note: note.into() };
        assert_eq!(fault(clerk.asks(&ask).await).await.0, StatusCode::BAD_REQUEST);
    }
    let reason = Some(DisclosureReason::Other);
    let ask =
        ExportAsk { list: "elders".into(), words: "delivery_need=&status=active".into(), reason, note: "社保局 13912345678".into() };
    let given: serde_json::Value = clerk.asks(&ask).await.json().await.unwrap();
    let number = given["number"].as_str().unwrap();
    assert_eq!(other.get(&format!("{HERE}?status=active")).await.status(), StatusCode::CONFLICT, "it is somebody else's");
    assert_eq!(clerk.get(HERE).await.status(), StatusCode::CONFLICT, "and for other rows");
    let answer = clerk.get(&format!("{HERE}?status=active")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut book = Xlsx::new(Cursor::new(answer.bytes().await.unwrap())).unwrap();
    let mark = book.worksheet_range("长者").unwrap().get_value((1, 0)).unwrap().to_string();
    assert_eq!(mark, format!("编号 {number} · 2026-11-22 12:00 · lu · 其他（社保局 ***） · 3 行"));
    assert_eq!(clerk.get(&format!("{HERE}?status=active")).await.status(), StatusCode::CONFLICT, "once");
    let rows = auditor.noted("list_exported").await;
    assert_eq!((rows.len(), rows[0].text("object"), rows[0].text("who")), (1, number, "lu"));
    assert!(rows[0].text("detail").ends_with("条件 status:active，人数 3，原因 其他，说明 社保局 ***"), "{}", rows[0].text("detail"));
    assert_eq!(auditor.noted("export_asked").await[0].text("object"), number);

    assert_eq!(clerk.ask_export("elders", "").await.status(), StatusCode::OK);
    house.later(24 * 3600);
    let clerk = house.clerk("lu2", Level::Town, LUOCHENG).await;
    assert_eq!(clerk.get(HERE).await.status(), StatusCode::CONFLICT, "nor after a day, nor by the next account");
}

#[tokio::test(flavor = "multi_thread")]
async fn above_the_measure_a_second_account_of_the_same_or_a_higher_place_agrees() {
    let house = House::new().await;
    let auditor = Auditor(house.clerk("shen", Role::Auditor, "4453").await);
    let (code, _) = peopled(&house, ALONE + 1).await;
    let clerk = house.clerk("lu", Level::Town, LUOCHENG).await;
    let (status, told) = fault(clerk.ask_export("elders", "").await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, Code::Confirm));
    let page: ListPage = clerk.read("/api/list/exports").await;
    let (number, state) = (page.rows[0].text("number").to_owned(), page.rows[0].text("state"));
    assert!(told.happened.contains(&number) && told.happened.contains("201 人") && state == "waiting", "{told:?} {state}");
    assert_eq!(fault(clerk.get(HERE).await).await.1.code, Code::Confirm, "not before");
    assert_eq!(fault(clerk.ask_export("elders", "").await).await.1.happened, told.happened, "asked again, it is the same request");

    let agree = format!("/api/export/{number}");
    // Who has SQL agrees for nobody, and meanwhile nobody does.
    house.by_sql("UPDATE export_ask SET agreed_by = 'wen'");
    assert_eq!(clerk.get(HERE).await.status(), StatusCode::CONFLICT);
    let city = house.clerk("shi", Level::City, "4453").await;
    assert_eq!(city.post(&agree, &json!({})).await.status(), StatusCode::NOT_FOUND);
    house.by_sql("UPDATE export_ask SET agreed_by = NULL");
    let own = house.clerk("own", Level::Canteen, &code).await;
    let afar = house.clerk("afar", Level::County, AFAR).await;
    for nobody in [&clerk, &own, &afar] {
        assert_eq!(nobody.post(&agree, &json!({})).await.status(), StatusCode::FORBIDDEN);
    }
    assert!(afar.read::<ListPage>("/api/list/exports").await.rows.is_empty(), "nor is it told there");
    assert_eq!(auditor.0.post(&agree, &json!({})).await.status(), StatusCode::FORBIDDEN);
    let county = house.clerk("wen", Level::County, "445381").await;
    assert_eq!(county.post(&agree, &json!({})).await.status(), StatusCode::OK);
    assert_eq!(county.post(&agree, &json!({})).await.status(), StatusCode::NOT_FOUND, "once");
    assert_eq!(county.get(HERE).await.status(), StatusCode::CONFLICT, "who agrees is given nothing");
    assert_eq!(clerk.ask_export("elders", "").await.status(), StatusCode::OK);
    let answer = clerk.get(HERE).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut book = Xlsx::new(Cursor::new(answer.bytes().await.unwrap())).unwrap();
    let mark = book.worksheet_range("长者").unwrap().get_value((1, 0)).unwrap().to_string();
    assert!(mark.contains(&format!("编号 {number} · ")) && mark.contains("wen 同意"), "{mark}");
    assert_eq!(clerk.get(HERE).await.status(), StatusCode::CONFLICT);
    let rows = auditor.noted("list_exported").await;
    assert!(rows[0].text("detail").contains("人数 201，原因 核对补贴，第二人 wen"), "{}", rows[0].text("detail"));
    let rows = auditor.noted("export_agreed").await;
    let kept: Vec<_> = rows.iter().map(|row| (row.text("who"), row.text("result"), row.text("object"))).collect();
    let refused = |who| (who, "forbidden", number.as_str());
    assert_eq!(
        kept,
        [
            ("shi", "not_found", &*number),
            refused("lu"),
            refused("own"),
            refused("afar"),
            ("wen", "done", &number),
            ("wen", "not_found", &number)
        ]
    );
    let page: ListPage = clerk.read("/api/list/exports").await;
    assert_eq!((page.rows[0].text("state"), page.rows[0].text("second")), ("taken", "wen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_around_the_second_in_slices() {
    let house = House::new().await;
    peopled(&house, ALONE + 1).await;
    let clerk = house.clerk("lu", Level::Town, LUOCHENG).await;
    assert_eq!(clerk.ask_export("elders", "village=445381001008").await.status(), StatusCode::OK);
    assert_eq!(clerk.ask_export("elders", "village=445381001001").await.status(), StatusCode::CONFLICT, "more than alone in a day");
    assert_eq!(clerk.get(&format!("{HERE}?village=445381001008")).await.status(), StatusCode::OK);
    assert_eq!(clerk.get(&format!("{HERE}?village=445381001001")).await.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_took_out_is_noted_once_and_changed_by_nobody() {
    let house = House::new().await;
    let auditor = Auditor(house.clerk("shen", Role::Auditor, "4453").await);
    let (code, desk) = peopled(&house, 1).await;
    let told = Disclosure { note: Some("县里 ".into()), ..disclosure(&code) };
    let change = first(1, id(900), &told);
    assert_eq!(desk.push(vec![change.clone()]).await, []);
    assert_eq!(desk.push(vec![change.clone()]).await, [], "sent again");
    let rows = auditor.noted("disclosed").await;
    assert!(rows.len() == 1 && rows[0].text("object").contains("7K3M-92QF") && rows[0].number("device") == Some(1), "{rows:?}");
    let detail = format!(
        "导出表格，列表 长者，原因 上级检查，说明 县里，第二人 阿强，行数 12，人数 12，完整号码 1，文件 SHA-256 {}",
        "ab".repeat(32)
    );
    assert_eq!(rows[0].text("detail"), detail);
    let known = History::of(std::slice::from_ref(&change.bytes)).unwrap();
    let edited = known.next(&actor(1), &Fields::from([("persons".into(), Value::Int(0))]), NOON).unwrap();
    let refused = desk.push(vec![wire_of(RecordKind::Disclosure, id(900), edited)]).await;
    assert_eq!(refused.iter().map(|one| one.reason).collect::<Vec<_>>(), [RefusedReason::ForeignKind]);
    let anew = first(2, id(900), &Disclosure { persons: 0, ..told });
    assert_eq!(desk.push(vec![anew]).await.len(), 1, "nor said a second time");
    let town = house.clerk("lu", Level::Town, LUOCHENG).await;
    let page: ListPage = town.read("/api/list/disclosures").await;
    assert_eq!((page.total, page.rows[0].number("persons")), (1, Some(12)));
    assert_eq!(Disclosure::KIND.code(), "disclosure");
}

#[tokio::test(flavor = "multi_thread")]
async fn f74_nothing_of_a_person_gets_into_a_row_and_no_line_of_its_own() {
    let house = House::new().await;
    let eyes = Eyes::of(&house).await;
    let canaries = ["441234195003050011", "13912345678", "Passw0rd-of-somebody"];
    for canary in canaries {
        house.server.erase_elder(canary).unwrap_err();
        house.server.add_canteen(canary, canary, None).ok();
        house.server.device_code(Some(canary), None).unwrap_err();
        house.server.disable_account(canary, true).unwrap_err();
        house.sign_in(canary, canary).await;
        house.sign_in("shen", canary).await;
        house.enrol(canary).await;
        let clerk = house.clerk(&format!("lu{}", canary.len()), Level::City, "4453").await;
        clerk.export("orders", &format!("text={canary}")).await;
        clerk.get(&format!("/api/overview?canteen={canary}")).await;
    }
    house.server.add_canteen("饭堂\r\n2026-11-22 ERROR", LUOCHENG, None).unwrap_err();
    let rows = eyes.rows("").await;
    let text = serde_json::to_string(&rows).unwrap();
    for canary in &canaries[..2] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    // What was typed as the name of a canteen or of an account in a command is no secret; where a password may be, it is.
    let typed_in_secret = rows.iter().filter(|row| ["wrong_password", "list_exported", "elder_erased"].contains(&row.text("event")));
    assert!(typed_in_secret.clone().count() >= 3);
    assert!(typed_in_secret.into_iter().all(|row| !serde_json::to_string(row).unwrap().contains(canaries[2])));
    assert!(!text.contains("\\r") && !text.contains("\\n"));
}
