//! Compaction beside work, and what the program says of its repair commands.

use super::kit::*;
use super::program::{Place, Running};
use shared::kinds::*;
use shared::sync::Exchange;
use shared::wire::WireChange;
use std::process::{Child, Stdio};
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
    assert_eq!((exit, &whole["ok"], &whole["mismatches"]), (Some(0), &true.into(), &0.into()), "{whole}");
    assert!(whole["changes"].as_u64().is_some_and(|changes| changes > 500));
    place.damage("UPDATE meal_order SET price = 1 WHERE canteen = 'C002'");
    let (exit, found) = place.answer("verify --json");
    assert_eq!((exit, &found["ok"]), (Some(1), &false.into()));
    assert!(found["mismatches"].as_u64().is_some_and(|mismatches| mismatches > 5), "{found}");
    let told = place.program().arg("verify").output().unwrap();
    let (out, err) = (String::from_utf8(told.stdout).unwrap(), String::from_utf8(told.stderr).unwrap());
    assert!(out.contains("与变更记录对不上") && err.contains("sync-server rebuild"), "{out} {err}");
    let (exit, repaired) = place.answer("rebuild --json");
    assert_eq!((exit, &repaired["mismatches"]), (Some(0), &found["mismatches"]));
    assert_eq!(place.answer("verify --json").0, Some(0));
    let (_, code) = place.answer("admin device code --division 4453 --json");
    assert!(code["code"].is_string());
    let (exit, packed) = place.answer("compact --page 5000 --json");
    assert_eq!((exit, &packed["packed"]), (Some(0), &packed["pages"]), "{packed}");
}

/// Orders with long notes: about a hundred fill a page.
fn long_orders(canteen: &str, from: u128, many: u128) -> Vec<WireChange> {
    let word = |number: u128| format!("{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let note = |number: u128| (0..25).map(|part| word(number * 100 + part).repeat(10)).collect::<String>();
    let long = |number| Order { note: Some(note(number)), ..order(canteen, id(1)) };
    (from..from + many).map(|number| first(7, id(number), &long(number))).collect()
}

/// What a program that packs says in the end.
fn packed_by(packing: Child) -> u64 {
    let output = packing.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["packed"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_programs_and_servers_of_the_night_that_pack_at_once_leave_what_one_would() {
    let place = Place::new();
    let (_, canteen) = place.answer(&format!("admin canteen add --name 罗城街道长者饭堂 --division {LUOCHENG} --json"));
    let canteen = canteen["code"].as_str().unwrap();
    let code = |of: &str| place.answer(&format!("admin device code {of} --json")).1["code"].as_str().unwrap().to_owned();
    let (for_desk, for_town) = (code(&format!("--canteen {canteen}")), code(&format!("--division {LUOCHENG}")));
    let day = Running::start(place.program());
    let (desk, town) = (Desk::enrol(&day.url, &for_desk).await, Desk::enrol(&day.url, &for_town).await);
    let mut orders = 0;
    while orders < 480 {
        assert_eq!(desk.push(long_orders(canteen, 1_000 + orders, 40)).await, []);
        orders += 40;
    }
    drop(day);
    // Now the programs are up first and now the servers, until both have packed.
    let (mut by_programs, mut by_servers, mut night) = (0, 0, 22);
    while by_programs == 0 || by_servers == 0 {
        night += 1;
        assert!(night < 31, "one of them never packs anything");
        place.damage("DELETE FROM snapshot");
        assert_eq!(place.answer("seal --json").0, Some(0));
        // Each server packs by itself as soon as it is up in the night.
        let serve = || {
            let mut program = place.program();
            program.env("YINLING_NOW", format!("2026-11-{night}T02:00:00"));
            Running::start(program)
        };
        let program = || place.program().args(["compact", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let (servers, mut packing) = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..place.servers()).map(|_| scope.spawn(serve)).collect();
            let early = (night % 2 == 1).then(|| [program(), program()]);
            let servers: Vec<Running> = starting.into_iter().map(|one| one.join().unwrap()).collect();
            (servers, early.unwrap_or_else(|| [program(), program()]))
        });
        let (desk, town) = (desk.at(&servers[0].url), town.at(&servers[servers.len() - 1].url));
        while packing.iter_mut().any(|one| one.try_wait().unwrap().is_none()) {
            assert_eq!(desk.push(long_orders(canteen, 1_000 + orders, 5)).await, []);
            orders += 5;
            let held = held_by(&town).await;
            assert_eq!(held.iter().filter(|change| change.kind == RecordKind::Order.code()).count() as u128, orders);
        }
        let packed: u64 = packing.into_iter().map(packed_by).sum();
        let held = held_by(&town).await;
        // Servers that are killed while they pack leave whole pages or none.
        drop(servers);
        let left = place.pages();
        println!("night {night}: {} pages of {orders} orders, {packed} of them by the two programs", left.len());
        (by_programs, by_servers) = (by_programs + packed, by_servers + left.len() as u64 - packed);
        let (exit, found) = place.answer("verify --json");
        assert_eq!((exit, &found["ok"]), (Some(0), &true.into()), "{found}");
        assert_eq!(place.answer("compact --json").0, Some(0));
        let together = place.pages();
        assert!(left.iter().all(|page| together.contains(page)), "pages that were there are changed");
        place.damage("DELETE FROM snapshot");
        assert_eq!(place.answer("compact --json").0, Some(0));
        assert!(place.pages() == together, "not what one compaction makes");
        let late = Running::start(place.program());
        assert_eq!(held_by(&town.at(&late.url)).await.len(), held.len());
    }
}
