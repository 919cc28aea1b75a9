//! Compaction beside work, and what the program says of its repair commands.

use super::kit::*;
use super::program::Place;
use shared::record::*;
use shared::sync::Exchange;
use shared::wire::WireChange;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const LUOCHENG: &str = "445381001";

fn orders(canteen: &str, from: u128, many: u128) -> Vec<WireChange> {
    (from..from + many).map(|number| first(7, id(number), &order(canteen, id(1)))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_desks_push_and_begin_while_the_server_packs() {
    let house = House::new().await;
    let canteen = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, reader, town) = (house.desk_at(&canteen).await, house.desk_at(&canteen).await, house.desk_in(LUOCHENG).await);
    assert_eq!(desk.push(orders(&canteen, 1_000, 40)).await, []);
    let over = Arc::new(AtomicBool::new(false));
    let packing: Vec<_> = [2_000, 7_000]
        .map(|fill| {
            let (server, over) = (house.server.clone(), Arc::clone(&over));
            tokio::task::spawn_blocking(move || {
                let mut packed = 0;
                while !over.load(Ordering::Relaxed) {
                    packed += server.compact_in(fill).unwrap().packed;
                }
                packed
            })
        })
        .into();
    for round in 0..12 {
        assert_eq!(desk.push(orders(&canteen, 2_000 + round * 30, 30)).await, []);
        if round % 4 == 1 {
            let there = if round % 8 == 1 { "445381106" } else { LUOCHENG };
            let (server, canteen) = (house.server.clone(), canteen.clone());
            tokio::task::spawn_blocking(move || server.move_canteen(&canteen, there).unwrap()).await.unwrap();
        }
        for who in [&reader, &town] {
            held_by(who).await;
        }
    }
    over.store(true, Ordering::Relaxed);
    let mut packed = 0;
    for one in packing {
        packed += one.await.unwrap();
    }
    assert!(packed > 10, "{packed} pages");
    let server = house.server.clone();
    let found = tokio::task::spawn_blocking(move || {
        server.compact_in(3_000).unwrap();
        server.verify().unwrap()
    });
    let found = found.await.unwrap();
    assert!(found.ok, "{:?}", found.problems);
    let late = house.desk_at(&canteen).await;
    let begins = late.exchanged(Exchange { own_too: true, ..Exchange::default() }).await;
    assert!(!begins.page.is_empty() && begins.changes.is_empty() && begins.more);
    assert_eq!(held_by(&late).await.iter().filter(|change| change.kind == RecordKind::Order.code()).count(), 400);
}

#[test]
fn what_is_damaged_is_told_made_anew_and_packed() {
    let place = Place::new();
    place.answer("demo");
    let (exit, whole) = place.answer("verify --json");
    assert_eq!((exit, &whole["ok"], &whole["unlike"]), (Some(0), &true.into(), &0.into()), "{whole}");
    assert!(whole["changes"].as_u64().is_some_and(|changes| changes > 500));
    place.damage("UPDATE meal_order SET price = 1 WHERE canteen = 'C002'");
    let (exit, found) = place.answer("verify --json");
    assert_eq!((exit, &found["ok"]), (Some(1), &false.into()));
    assert!(found["unlike"].as_u64().is_some_and(|unlike| unlike > 5), "{found}");
    let told = place.program().arg("verify").output().unwrap();
    let (out, err) = (String::from_utf8(told.stdout).unwrap(), String::from_utf8(told.stderr).unwrap());
    assert!(out.contains("与变更记录对不上") && err.contains("sync-server rebuild"), "{out} {err}");
    let (exit, mended) = place.answer("rebuild --json");
    assert_eq!((exit, &mended["unlike"]), (Some(0), &found["unlike"]));
    assert_eq!(place.answer("verify --json").0, Some(0));
    let (_, code) = place.answer("admin device code --division 4453 --json");
    assert!(code["code"].is_string());
    let (exit, packed) = place.answer("compact --page 5000 --json");
    assert_eq!((exit, &packed["packed"]), (Some(0), &packed["pages"]), "{packed}");
}
