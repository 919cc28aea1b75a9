//! What two offices said differently at once, as the console lists it.

use super::kit::*;
use reqwest::StatusCode;
use shared::crdt::{ActorId, History, next_change};
use shared::kinds::*;
use shared::list::ListPage;
use shared::schema::*;
use shared::wire::WireChange;

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
const VILLAGE: &str = "445381001008";

/// An author of a device.
fn of_device(number: u8) -> ActorId {
    ActorId::from([0, 0, 0, number, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
}

pub fn edit(device: u8, history: &[&WireChange], fields: &[(&str, Value)], at: i64) -> WireChange {
    let bytes: Vec<&[u8]> = history.iter().map(|change| change.bytes.as_slice()).collect();
    let fields = fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    let kind = RecordKind::of_code(&history[0].kind).unwrap();
    let record = RecordId::from_bytes(&history[0].record).unwrap();
    wire_of(kind, record, next_change(&of_device(device), &bytes, &fields, at).unwrap())
}

pub fn text(value: &str) -> Value {
    Value::Text(value.into())
}

/// Site, title, field, and what is said there, the value that is shown first.
type Told = [String; 5];
const NOTHING: [Told; 0] = [];

async fn listed(clerk: &Clerk) -> Vec<Told> {
    let page: ListPage = clerk.read("/api/list/conflicts").await;
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.iter().map(|row| ["site", "title", "field", "shown", "others"].map(|column| row.text(column).to_owned())).collect()
}

fn row(site: &str, title: &str, label: &str, shown: &str, other: &str) -> Told {
    [site, title, label, shown, other].map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn f24_what_two_offices_said_apart_is_listed_until_somebody_decides() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, town) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    let clerks = [house.clerk("town", Level::Town, LUOCHENG).await, house.clerk("canteen", Level::Canteen, &code).await];
    let stranger = house.clerk("stranger", Level::Town, SUBIN).await;

    let file = first(1, id(1), &elder(Some(&code), VILLAGE));
    let placed = first(1, id(2), &order(&code, id(1)));
    assert_eq!(desk.push(vec![file.clone(), placed.clone()]).await, []);
    let sealed = |byte: u8| Value::Bytes([vec![1], vec![byte; 60]].concat());
    let one = edit(1, &[&file], &[("birth_date", text("1944-03-05")), ("phone", sealed(1))], NOON + 60);
    let other =
        edit(2, &[&file], &[("birth_date", text("1945-03-05")), ("phone", sealed(2)), ("living_alone", Value::Bool(false))], NOON + 120);
    let delivered = edit(1, &[&placed], &[("state", text("delivered")), ("state_at", text("2026-11-22T12:01:00"))], NOON);
    let cancelled = edit(2, &[&placed], &[("state", text("cancelled")), ("state_at", text("2026-11-22T12:02:00"))], NOON);
    assert_eq!(desk.push(vec![one.clone(), delivered.clone()]).await, []);
    for clerk in &clerks {
        assert_eq!(listed(clerk).await, NOTHING, "one after the other is no conflict");
    }
    assert_eq!(town.push(vec![other.clone(), cancelled.clone()]).await, []);

    let (site, elder) = ("罗城街道长者饭堂", "长者 王桂英");
    let closed = "“已加密，请在饭堂或镇街办公端处理”";
    let (first_said, then) = ("前台电脑（1号） 11-22 12:01", "前台电脑（2号） 11-22 12:02");
    let expect = [
        row(site, elder, "出生日期", &format!("“1945-03-05” {then}"), &format!("“1944-03-05” {first_said}")),
        row(site, elder, "电话", &format!("{closed} {then}"), &format!("{closed} {first_said}")),
        row(
            site,
            "订单 1-0010 · 王桂英 · 11月22日午餐",
            "状态",
            "“已取消” 前台电脑（2号） 11-22 12:00",
            "“已送达” 前台电脑（1号） 11-22 12:00",
        ),
    ];
    for clerk in &clerks {
        assert_eq!(listed(clerk).await, expect);
    }
    assert_eq!(listed(&stranger).await, NOTHING);
    assert_eq!(stranger.get(&format!("/api/list/conflicts?canteen={code}")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(clerks[0].read::<ListPage>(&format!("/api/list/conflicts?canteen={code}&page=1")).await.rows, []);
    let unsigned = house.http.get(format!("{}/api/list/conflicts", house.url)).send().await.unwrap();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);

    // The decision of a person at a desk is an ordinary change on top of all.
    let decided = edit(2, &[&file, &one, &other], &[("birth_date", text("1944-03-05"))], NOON + 180);
    assert_eq!(town.push(vec![decided]).await, []);
    assert_eq!(listed(&clerks[0]).await, expect[1..]);
    let merged = History::of(&[&placed.bytes, &delivered.bytes, &cancelled.bytes]).unwrap();
    let kept = Fields::from([("state".into(), merged.fields()["state"].clone())]);
    let kept = wire_of(RecordKind::Order, id(2), merged.next(&of_device(1), &kept, NOON + 180).unwrap());
    assert_eq!(desk.push(vec![kept]).await, []);
    assert_eq!(listed(&clerks[1]).await, expect[1..2]);
    assert_eq!(house.server.conflicts(None, None).unwrap().len(), 1);
    house.server.erase_elder(&id(1).to_string()).unwrap();
    assert_eq!(listed(&clerks[0]).await, NOTHING, "what is sealed for ever nobody is asked about");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_whatever_pieces_changes_come_the_list_is_the_same() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    for number in 1..=3u128 {
        let file = first(1, id(number), &elder(Some(&code), VILLAGE));
        let said = [1, 2, 3]
            .map(|device| edit(device, &[&file], &[("birth_date", text(&format!("1944-03-0{device}")))], NOON + i64::from(device)));
        let mut all = vec![file];
        all.extend(said);
        let pieces: &[&[usize]] = match number {
            1 => &[&[0, 1, 2, 3]],
            2 => &[&[0], &[3], &[1, 2], &[3, 1]],
            _ => &[&[0, 2], &[3, 1, 2]],
        };
        for piece in pieces {
            assert_eq!(desk.push(piece.iter().map(|at| all[*at].clone()).collect()).await, []);
        }
    }
    let listed = house.server.conflicts(Some(&code), None).unwrap();
    let words: Vec<Vec<&str>> = listed.iter().map(|line| line.choices.iter().map(|choice| choice.words.as_str()).collect()).collect();
    assert_eq!(words, [["1944-03-03", "1944-03-02", "1944-03-01"]; 3]);
}
