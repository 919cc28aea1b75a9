//! What leaves a scope and what enters it.

use super::kit::*;
use shared::crdt::next_change;
use shared::kinds::*;
use shared::schema::*;
use shared::sync::{Answer, Ask, Exchange};
use shared::wire::{RefusedReason, WireChange};

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
const VILLAGE: &str = "445381001008";

fn edit(by: u8, history: &[&WireChange], kind: RecordKind, field: &str, value: &str) -> WireChange {
    let bytes: Vec<&[u8]> = history.iter().map(|change| change.bytes.as_slice()).collect();
    let fields = Fields::from([(field.into(), Value::Text(value.into()))]);
    let record = RecordId::from_bytes(&history[0].record).unwrap();
    wire_of(kind, record, next_change(&actor(by), &bytes, &fields, NOON).unwrap())
}

fn has(held: &[WireChange], change: &WireChange) -> bool {
    held.contains(change)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elder_that_leaves_is_withdrawn_and_comes_back_whole() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, town) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await);
    let enrolled = first(1, id(1), &elder(Some(&here), VILLAGE));
    let bystander = first(1, id(9), &elder(Some(&here), VILLAGE));
    assert_eq!(desk.push(vec![enrolled.clone(), bystander.clone()]).await, []);
    let (all, mut seen, _) = desk.pull_all().await;
    let mut held_here = held(Vec::new(), &all);

    let gone = edit(2, &[&enrolled], RecordKind::Elder, "canteen", &there);
    let back = edit(2, &[&enrolled, &gone], RecordKind::Elder, "canteen", &here);
    for (change, is_here) in [(&gone, false), (&back, true)] {
        assert_eq!(town.push(vec![change.clone()]).await, []);
        // An exchange without its own changes, as a desk makes it every day.
        let news = desk.pull(seen, false).await;
        seen = news.next;
        held_here = held(held_here, &news.changes);
        assert_eq!(news.digest, Some(sum_of(&held_here)));
        assert_eq!(has(&held_here, &enrolled), is_here, "its own change comes back with the record");
        assert!(has(&held_here, &bystander));
    }
    assert!(has(&held_here, &gone) && has(&held_here, &back), "whole");
    assert_eq!(held_by(&desk).await.len(), held_here.len());
    assert_eq!(held_by(&town).await.iter().filter(|change| change.record == enrolled.record).count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_what_he_may_not_keep_is_told_so_at_once() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    // A canteen writes the file of an elder of its town who eats elsewhere.
    let file = first(1, id(1), &elder(Some(&there), VILLAGE));
    let told = desk.exchanged(Exchange { changes: vec![file.clone()], ..Exchange::default() }).await;
    assert_eq!(told.refused, []);
    assert!(told.changes.iter().any(|change| change.record == file.record && change.bytes.is_empty()));
    assert!(has(&held_by(&other).await, &file) && !has(&held_by(&desk).await, &file));
    // Once more, as after a lost answer: nothing new comes of it.
    assert_eq!(desk.push(vec![file]).await, []);
    held_by(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_goes_to_another_town_takes_its_figures_along() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let county = house.desk_in("445381").await;
    let (town, other) = (house.desk_in(LUOCHENG).await, house.desk_in(SUBIN).await);
    let placed = first(1, id(2), &order(&here, id(1)));
    assert_eq!(county.push(vec![placed.clone()]).await, []);
    let moved = edit(1, &[&placed], RecordKind::Order, "canteen", &there);
    assert_eq!(county.push(vec![moved.clone()]).await, []);
    assert!(!has(&held_by(&town).await, &placed));
    let whole = held_by(&other).await;
    assert!(has(&whole, &placed) && has(&whole, &moved));
    assert!(has(&held_by(&county).await, &moved));
}

#[tokio::test(flavor = "multi_thread")]
async fn f46_a_canteen_that_changes_its_town_takes_everything_along() {
    let house = House::new().await;
    let (code, stays) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, second) = (house.desk_at(&code).await, house.desk_at(&stays).await);
    let (town, other) = (house.desk_in(LUOCHENG).await, house.desk_in(SUBIN).await);
    let moving = vec![first(1, id(2), &order(&code, id(1))), first(1, id(2), &receipt(&code, id(2), &[]))];
    let staying = first(1, id(3), &order(&stays, id(1)));
    // An elder of a village of the old town stays visible there.
    let elder = first(1, id(1), &elder(Some(&code), VILLAGE));
    assert_eq!(desk.push([moving.clone(), vec![elder.clone()]].concat()).await, []);
    assert_eq!(second.push(vec![staying.clone()]).await, []);
    let before = held_by(&town).await;
    assert!(moving.iter().all(|change| has(&before, change)));
    let at_desk = held_by(&desk).await;

    house.server.move_canteen(&code, SUBIN).unwrap();
    let (left, came) = (held_by(&town).await, held_by(&other).await);
    assert!(moving.iter().all(|change| !has(&left, change) && has(&came, change)));
    assert!(has(&left, &staying) && has(&left, &elder) && has(&came, &elder));
    assert!(at_desk.iter().all(|change| change.kind != "canteen" || has(&left, change)), "the canteen itself keeps its name everywhere");
    assert!(at_desk.iter().all(|change| has(&came, change) || change.kind == "device"));

    // What was made offline before anybody knew lands with the successor.
    let late = edit(1, &[&moving[0]], RecordKind::Order, "state", "out");
    assert_eq!(desk.push(vec![late.clone()]).await, []);
    assert!(has(&held_by(&other).await, &late) && !has(&held_by(&town).await, &late));
    // Moved once more to where it is: nothing happens.
    let (_, end, sum) = other.pull_all().await;
    house.server.move_canteen(&code, SUBIN).unwrap();
    assert_eq!(other.pull_all().await, (other.pull_all().await.0, end, sum));
    assert!(house.server.move_canteen(&code, "999999999").is_err() && house.server.move_canteen("C999", SUBIN).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_desk_can_put_a_name_to_every_canteen_and_to_nothing_else_of_it() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, far) = (house.desk_at(&code).await, house.desk_in(SUBIN).await);
    // One that is opened when the desks are there already.
    let later = canteen_of(&house, "后开的饭堂", LUOCHENG);
    let at_later = house.desk_at(&later).await;
    let made = vec![first(1, id(1), &elder(Some(&code), VILLAGE)), first(1, id(2), &order(&code, id(1)))];
    assert_eq!(desk.push(made.clone()).await, []);
    house.server.add_price(&code, shared::kinds::Meal::Lunch, "午餐", shared::money::Fen(1200)).unwrap();
    for other in [&far, &at_later] {
        let held = held_by(other).await;
        assert_eq!(held.iter().filter(|change| change.kind == "canteen").count(), 2);
        assert!(made.iter().all(|change| !has(&held, change)) && held.iter().all(|change| change.kind != "menu_price"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_device_of_a_place_finds_everything_that_is_there() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let placed = first(1, id(2), &order(&code, id(1)));
    let changes = vec![
        first(1, id(1), &elder(Some(&code), VILLAGE)),
        placed.clone(),
        edit(1, &[&placed], RecordKind::Order, "state", "out"),
        first(1, id(7), &elder(None, VILLAGE)),
    ];
    assert_eq!(desk.push(changes.clone()).await, []);
    for division in [VILLAGE, LUOCHENG, "445381", "4453"] {
        let held = held_by(&house.desk_in(division).await).await;
        let elders_only = division == VILLAGE;
        for change in changes.iter().filter(|change| !elders_only || change.kind == "elder") {
            assert!(has(&held, change), "{division}: {}", change.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f49_a_device_that_was_shut_out_is_told_to_forget_and_nobody_else_is() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, second) = (house.desk_at(&code).await, house.desk_at(&code).await);
    let made = first(1, id(2), &order(&code, id(1)));
    house.server.revoke_device(1).unwrap();
    let ask = Ask::Exchange(Exchange { changes: vec![made.clone()], ..Exchange::default() });
    assert_eq!(desk.ask(&ask).await, Answer::ShutOut);
    assert!(!has(&held_by(&second).await, &made), "what it says is not taken");
    // Only who holds its key is told.
    let mut bent = desk.envelope(&ask);
    *bent.last_mut().unwrap() ^= 1;
    assert_eq!(desk.send(bent).await.unwrap().status(), reqwest::StatusCode::BAD_REQUEST);
}

/// What everybody sees is written by who stands where it does, whatever else it names.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_the_calendar_is_everybodys_to_read_and_its_places_to_write() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, town) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await);
    let (far, county) = (house.desk_in(SUBIN).await, house.desk_in("445381").await);
    let said = |record: u128, canteen: Option<&str>, division: Option<&str>| {
        let day = CalendarDay {
            canteen: canteen.map(str::to_owned),
            division: division.map(str::to_owned),
            date: jiff::civil::date(2026, 10, 1),
            until: None,
            opening: Opening::Rests,
            name: "国庆节".into(),
        };
        first(1, id(record), &day)
    };
    let own = said(1, Some(&here), None);
    assert_eq!(desk.push(vec![own.clone()]).await, []);
    let of_county = said(2, None, Some("445381"));
    assert_eq!(county.push(vec![of_county.clone()]).await, []);
    for (who, change, what) in [
        (&desk, said(3, None, Some(LUOCHENG)), "a canteen for its town"),
        (&desk, said(4, Some(&there), Some(LUOCHENG)), "a canteen for another one"),
        (&far, said(5, Some(&here), Some(SUBIN)), "a town for a canteen of another one, by naming itself"),
        (&town, said(6, None, Some("445381")), "a town for its county"),
        (&town, said(7, None, None), "for nobody"),
        (&town, edit(2, &[&of_county], RecordKind::CalendarDay, "opening", "works"), "a town in what its county said"),
        (&far, edit(3, &[&own], RecordKind::CalendarDay, "name", "别处"), "a town in what a canteen of another one said"),
        (&desk, edit(4, &[&own], RecordKind::CalendarDay, "canteen", &there), "a canteen sends what it said to another one"),
    ] {
        let refused: Vec<RefusedReason> = who.push(vec![change]).await.into_iter().map(|one| one.reason).collect();
        assert_eq!(refused, [RefusedReason::ForeignScope], "{what}");
    }
    let mended = edit(5, &[&own], RecordKind::CalendarDay, "name", "盘点");
    assert_eq!(town.push(vec![mended.clone()]).await, [], "who stands above");
    for reader in [&desk, &town, &far, &county] {
        let held = held_by(reader).await;
        assert!([&own, &of_county, &mended].into_iter().all(|change| has(&held, change)));
        assert_eq!(held.iter().filter(|change| change.kind == "calendar_day").count(), 3);
    }
    let checked = house.server.verify().unwrap();
    assert!(checked.ok, "{checked:?}");
}

/// Whatever names a place is seen there: nobody puts a person among the staff of a canteen elsewhere by naming his own office beside it.
#[tokio::test(flavor = "multi_thread")]
async fn what_names_a_place_elsewhere_beside_ones_own_is_refused() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, town) = (house.desk_at(&here).await, house.desk_in(LUOCHENG).await);
    let staff = |record: u128, canteen: Option<&str>, division: Option<&str>| {
        let person = Staff {
            canteen: canteen.map(str::to_owned),
            division: division.map(str::to_owned),
            name: "梁细妹".into(),
            role: StaffRole::Manager,
            disabled: false,
            pin_reset_at: None,
        };
        first(1, id(record), &person)
    };
    let own = staff(1, Some(&here), None);
    assert_eq!(town.push(vec![own.clone(), staff(2, None, Some(LUOCHENG)), staff(3, Some(&here), Some(LUOCHENG))]).await, []);
    let in_town = vec![staff(4, Some(&here), Some(LUOCHENG)), staff(7, Some(&here), Some("445381001008"))];
    assert_eq!(desk.push(in_town).await, [], "where it stands itself, and a village that it serves");
    for (who, change, what) in [
        (&town, staff(5, Some(&there), Some(LUOCHENG)), "a town at a canteen of another one, by naming itself"),
        (&desk, staff(6, Some(&here), Some(SUBIN)), "a canteen in another town, by naming itself"),
        (&town, edit(2, &[&own], RecordKind::Staff, "division", SUBIN), "a town sends somebody to another one as well"),
    ] {
        let refused: Vec<RefusedReason> = who.push(vec![change]).await.into_iter().map(|one| one.reason).collect();
        assert_eq!(refused, [RefusedReason::ForeignScope], "{what}");
    }
}
