//! News while a device waits. A wait that nobody ends is answered "nothing" after its while, so an answer "news" shows that
//! it was rung, without a look at a watch.

use super::kit::*;
use reqwest::StatusCode;
use shared::sync::{Answer, Ask};

const LUOCHENG: &str = "445381001";

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_one_desk_rings_the_other_that_waits() {
    let house = House::new().await;
    let (code, other) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, town, elsewhere) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await, house.desk_at(&other).await);
    assert_eq!(desk.push(vec![first(1, id(1), &elder(Some(&code), LUOCHENG)), first(1, id(4), &elder(Some(&code), LUOCHENG))]).await, []);
    let (_, after, _) = town.pull_all().await;
    let (_, after_elsewhere, _) = elsewhere.pull_all().await;
    let waits = town.later(&Ask::Wait { after });
    let waits_elsewhere = elsewhere.later(&Ask::Wait { after: after_elsewhere });
    until_waiting(&house.server, 2).await;

    let changes = vec![first(1, id(2), &order(&code, id(1)))];
    assert_eq!(desk.push(changes.clone()).await, []);
    assert_eq!(answer_of(waits).await, Answer::News(true));
    assert_eq!(town.pull(after, false).await.changes, changes);
    assert!(!waits_elsewhere.is_finished(), "another canteen is told nothing");
    until_waiting(&house.server, 1).await;
    waits_elsewhere.abort();
    until_waiting(&house.server, 0).await;
    // What is there already is told at once, and one's own change is no news.
    assert_eq!(town.ask(&Ask::Wait { after }).await, Answer::News(true));
    let (_, after, _) = desk.pull_all().await;
    let waits = desk.later(&Ask::Wait { after });
    until_waiting(&house.server, 1).await;
    assert_eq!(desk.push(vec![first(1, id(3), &order(&code, id(4)))]).await, []);
    assert_eq!(town.ask(&Ask::Wait { after }).await, Answer::News(true), "it is written");
    assert!(!waits.is_finished());
    waits.abort();
    // A server that was restored knows less than the device: it should come.
    assert_eq!(desk.ask(&Ask::Wait { after: 1 << 40 }).await, Answer::News(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_of_a_device_that_is_shut_out_ends() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, stays) = (house.desk_at(&code).await, house.desk_in(LUOCHENG).await);
    let (_, after, _) = desk.pull_all().await;
    let waits = desk.later(&Ask::Wait { after });
    until_waiting(&house.server, 1).await;
    house.server.revoke_device(1).unwrap();
    assert_eq!(waits.await.unwrap().0, StatusCode::UNAUTHORIZED);
    assert_eq!(stays.status(&Ask::Wait { after: 0 }).await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_waits_once_at_a_time() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let (_, after, _) = desk.pull_all().await;
    let older = desk.later(&Ask::Wait { after });
    until_waiting(&house.server, 1).await;
    let newer = desk.later(&Ask::Wait { after });
    assert_eq!(answer_of(older).await, Answer::News(false));
    assert_eq!(house.server.waiting(), 1);
    assert!(!newer.is_finished());
    newer.abort();
}
