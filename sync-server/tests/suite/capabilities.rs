//! What devices say that they speak: the server keeps to it, and a device that lies harms itself alone.

use super::kit::*;
use reqwest::StatusCode;
use serde::ser::SerializeTuple;
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::kinds::*;
use shared::sync::capability::MAX_CAPABILITIES;
use shared::sync::{Answer, Ask, Capabilities, Exchange, Named, NamedDigest, message};
use shared::wire::WireChange;

const LUOCHENG: &str = "445381001";

/// Bytes that are packed as they are.
struct Plain<'a>(&'a [u8]);

impl serde::Serialize for Plain<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| bytes.serialize_element(byte))?;
        bytes.end()
    }
}

fn names(list: &[&str]) -> Capabilities {
    serde_json::from_value(json!(list)).unwrap()
}

async fn tell(desk: &Desk, names: &Capabilities) {
    assert_eq!(desk.ask(&Ask::Capabilities(names.clone())).await, Answer::Capabilities(Capabilities::own()));
}

/// What the server says beside an exchange: the digest of what both ends named, if the device named anything.
async fn said_beside(desk: &Desk) -> Option<NamedDigest> {
    match desk.exchange(Exchange::default()).await {
        Answer::Exchanged(_) => None,
        Answer::ExchangedAs(digest, _) => Some(digest),
        other => panic!("{other:?}"),
    }
}

fn with(desk: &Capabilities) -> Option<NamedDigest> {
    Some(Named { desk: desk.clone(), server: Capabilities::own() }.digest())
}

fn orders(canteen: &str, many: u128) -> Vec<WireChange> {
    (1_000..1_000 + many).map(|number| first(7, id(number), &order(canteen, id(1)))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_named_is_kept_for_it_alone_also_what_the_server_does_not_know() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, other) = (house.desk_at(&code).await, house.desk_at(&code).await);
    assert_eq!(said_beside(&desk).await, None, "who named nothing is answered as ever");
    let told = names(&["wait", "of_2031"]);
    for told in [&told, &told, &Capabilities::own(), &Capabilities::default(), &told] {
        tell(&desk, told).await;
        assert_eq!(said_beside(&desk).await, with(told));
        assert_eq!(desk.push(orders(&code, 3)).await, [], "and exchanges go on");
        assert_eq!(said_beside(&desk).await, with(told), "kept beside its tokens");
    }
    assert_eq!(said_beside(&other).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_snapshot_go_to_whom_takes_them_and_all_the_others_get_the_same_as_changes() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let writer = house.desk_at(&code).await;
    assert_eq!(writer.push(orders(&code, 60)).await, []);
    let server = house.server.clone();
    assert!(tokio::task::spawn_blocking(move || server.compact_in(2_000).unwrap()).await.unwrap().pages > 1);
    let begin = || Exchange { own_too: true, ..Exchange::default() };
    let mut held = Vec::new();
    for (told, pages) in [
        (None, true),
        (Some(Capabilities::own()), true),
        (Some(names(&["snapshot_pages"])), true),
        (Some(names(&["wait", "snapshot_pages_2"])), false),
        (Some(Capabilities::default()), false),
    ] {
        let desk = house.desk_at(&code).await;
        if let Some(told) = &told {
            tell(&desk, told).await;
        }
        let begun = desk.exchanged(begin()).await;
        assert_eq!((!begun.page.is_empty(), begun.changes.is_empty()), (pages, pages), "{told:?}");
        let mut all: Vec<WireChange> = held_by(&desk).await.into_iter().filter(|change| change.kind == RecordKind::Order.code()).collect();
        all.sort_by_key(|change| change.record);
        held.push(all);
    }
    assert!(held[0].len() == 60 && held.iter().all(|one| *one == held[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_photo_is_asked_of_whom_can_send_it_again() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, older) = (house.desk_at(&code).await, house.desk_at(&code).await);
    let picture = [&[1][..], &[7; 500]].concat();
    let (hash, size): ([u8; 32], _) = (Sha256::digest(&picture).into(), u32::try_from(picture.len()).unwrap());
    assert_eq!(desk.ask(&Ask::PutPhoto { hash, size, at: 0, bytes: picture }).await, Answer::PhotoHeld(size));
    let changes = vec![first(1, id(2), &order(&code, id(1))), first(1, id(2), &receipt(&code, id(2), &[&hex::encode(hash)]))];
    assert_eq!(desk.push(changes).await, []);
    std::fs::remove_file(house.photo_file(hash)).unwrap();
    assert_eq!(house.server.scrub().unwrap().lost, 1);
    tell(&older, &names(&["snapshot_pages"])).await;
    assert_eq!(older.pull(0, true).await.lost_photos, [[0; 32]; 0]);
    assert_eq!(desk.pull(0, true).await.lost_photos, [hash], "what the older one says does not hide it from others");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_names_are_refused_and_nothing_of_them_is_kept() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let desk = house.desk_at(&code).await;
    let told = names(&["wait"]);
    tell(&desk, &told).await;
    let many: Vec<String> = (0..=MAX_CAPABILITIES).map(|number| format!("n{number}")).collect();
    let list = |names: &[&str]| {
        let mut plain = vec![8, u8::try_from(names.len()).unwrap()];
        names.iter().for_each(|name| plain.extend([&[u8::try_from(name.len()).unwrap()], name.as_bytes()].concat()));
        plain
    };
    let say = async |plain: &[u8]| {
        let envelope = desk.enclosed(&message::pack(&Plain(plain)).unwrap());
        desk.send(envelope).await.map(|answer| answer.status())
    };
    let mut millions = vec![8, 0xff, 0xff, 0xff, 0x03];
    millions.resize(8_000_000, 0);
    for plain in [
        list(&many.iter().map(String::as_str).collect::<Vec<_>>()),
        list(&["wait"; MAX_CAPABILITIES + 1]),
        list(&["a".repeat(25).as_str()]),
        list(&["Wait"]),
        list(&["wait", ""]),
        list(&["wait\0"]),
        list(&["'; DROP TABLE device_key"]),
        [list(&["wait"]), vec![0]].concat(),
        vec![8, 1, 2, 0xff, 0xfe],
        vec![8],
        millions,
    ] {
        assert_eq!(say(&plain).await, Some(StatusCode::BAD_REQUEST), "{:?}", &plain[..plain.len().min(40)]);
        assert_eq!(said_beside(&desk).await, with(&told));
    }
    assert_eq!(say(&list(&["keys"])).await, Some(StatusCode::OK));
    assert_eq!(said_beside(&desk).await, with(&names(&["keys"])));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_told_again_by_a_stranger_or_in_another_session_change_nothing_else() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, other) = (house.desk_at(&code).await, house.desk_at(&code).await);
    let (old, now) = (names(&["wait"]), Capabilities::own());
    let recorded = desk.envelope(&Ask::Capabilities(old.clone()));
    assert_eq!(desk.send(recorded.clone()).await.unwrap().status(), StatusCode::OK);
    let exchange = desk.envelope(&Ask::Exchange(Exchange { changes: orders(&code, 1), ..Exchange::default() }));
    assert_eq!(desk.send(exchange.clone()).await.unwrap().status(), StatusCode::OK);
    tell(&desk, &now).await;
    assert_eq!(desk.send(exchange.clone()).await.unwrap().status(), StatusCode::CONFLICT, "a replay stays one");
    // Who plays old names again can't make the server fall back to them.
    assert_eq!(desk.send(recorded).await.unwrap().status(), StatusCode::CONFLICT);
    assert_eq!(desk.send(exchange).await.unwrap().status(), StatusCode::CONFLICT);
    assert_eq!(said_beside(&desk).await, with(&now));
    // In another device's name it is not heard at all.
    let mut foreign = other.envelope(&Ask::Capabilities(old));
    foreign[4..20].copy_from_slice(desk.enrolled.device.0.as_bytes());
    assert_eq!(desk.send(foreign).await.unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(said_beside(&desk).await, with(&now));
    house.server.revoke_device(1).unwrap();
    assert_eq!(desk.ask(&Ask::Capabilities(now)).await, Answer::ShutOut, "who is shut out hears no names");
}
