//! Photos: in pieces and in scope, within what a device may send, and asked for again when they are lost.

use super::kit::*;
use reqwest::StatusCode;
use sha2::{Digest, Sha256};
use shared::kinds::Level;
use shared::list::ListPage;
use shared::sync::{Answer, Ask};

const LUOCHENG: &str = "445381001";
const SUBIN: &str = "445381106";
const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn f38_photos_go_up_in_pieces_and_down_in_scope() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let picture = [&[1][..], &[7; 5000]].concat();
    let hash: [u8; 32] = Sha256::digest(&picture).into();
    let size = picture.len();
    let put = async |at: usize, bytes: &[u8]| {
        let ask = Ask::PutPhoto { hash, size: u32::try_from(size).unwrap(), at: u32::try_from(at).unwrap(), bytes: bytes.to_vec() };
        desk.ask(&ask).await
    };
    assert_eq!(put(0, &picture[..100]).await, Answer::PhotoHeld(100));
    assert_eq!(put(0, &picture[..100]).await, Answer::PhotoHeld(100), "again is fine");
    assert_eq!(put(300, &picture[300..400]).await, Answer::PhotoHeld(100), "a gap is not filled with nothing");
    assert_eq!(put(0, &[]).await, Answer::PhotoHeld(100), "how far is it?");
    assert_eq!(desk.put_photo(hash, size, size - 1, &[1, 2]).await, StatusCode::BAD_REQUEST, "longer than it says");
    assert_eq!(desk.put_photo(hash, 3 << 20, 0, &[1]).await, StatusCode::BAD_REQUEST, "larger than a photo may be");
    assert_eq!(put(100, &picture[100..]).await, Answer::PhotoHeld(u32::try_from(size).unwrap()));
    assert_eq!(put(0, &picture[..100]).await, Answer::PhotoHeld(u32::try_from(size).unwrap()), "here already");
    // What does not have the hash it says is thrown away, and can be sent again.
    assert_eq!(desk.put_photo([1; 32], 4, 0, &[1, 2, 3, 4]).await, StatusCode::BAD_REQUEST);
    assert_eq!(desk.ask(&Ask::PutPhoto { hash: [1; 32], size: 4, at: 0, bytes: vec![] }).await, Answer::PhotoHeld(0));

    assert_eq!(desk.photo(hash).await, Answer::NoPhoto, "no receipt names it yet");
    let changes = vec![first(1, id(2), &order(&here, id(1))), first(1, id(2), &receipt(&here, id(2), &[&hex::encode(hash)]))];
    assert_eq!(desk.push(changes).await, []);
    assert_eq!(desk.photo(hash).await, Answer::Photo { size: u32::try_from(size).unwrap(), bytes: picture });
    assert_eq!(other.photo(hash).await, Answer::NoPhoto);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_the_hash_of_a_foreign_photo_into_a_receipt_of_its_own_has_no_photo() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "第二饭堂", LUOCHENG));
    let (desk, other, office) = (house.desk_at(&here).await, house.desk_at(&there).await, house.desk_in(LUOCHENG).await);
    let picture = [&[1][..], &[7; 5000]].concat();
    let (hash, size): ([u8; 32], usize) = (Sha256::digest(&picture).into(), picture.len());
    let whole = Answer::Photo { size: u32::try_from(size).unwrap(), bytes: picture.clone() };
    let named = |record: u128, canteen: &str| {
        vec![first(1, id(record), &order(canteen, id(1))), first(1, id(record), &receipt(canteen, id(record), &[&hex::encode(hash)]))]
    };
    // Before the photo came, and after.
    assert_eq!(other.push(named(7, &there)).await, []);
    assert_eq!(desk.push(named(2, &here)).await, []);
    assert_eq!(desk.ask(&Ask::PutPhoto { hash, size: u32::try_from(size).unwrap(), at: 0, bytes: picture }).await, Answer::PhotoHeld(5001));
    assert_eq!(other.push(named(8, &there)).await, []);
    assert_eq!((desk.photo(hash).await, office.photo(hash).await), (whole.clone(), whole));
    assert_eq!(other.photo(hash).await, Answer::NoPhoto);
    let clerk = house.clerk("second", Level::Canteen, &there).await;
    assert_eq!(clerk.get(&format!("/api/photo/{}", hex::encode(hash))).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_may_leave_so_many_photos_unfinished_and_they_are_given_up_in_the_end() {
    let house = House::new().await;
    let code = canteen_of(&house, "罗城街道长者饭堂", LUOCHENG);
    let (desk, other) = (house.desk_at(&code).await, house.desk_at(&code).await);
    let begin = async |desk: &Desk, number: u8| desk.ask(&Ask::PutPhoto { hash: [number; 32], size: 9, at: 0, bytes: vec![0xFF] }).await;
    for number in 0..32 {
        assert_eq!(begin(&desk, number).await, Answer::PhotoHeld(1));
    }
    assert_eq!(begin(&desk, 32).await, Answer::PhotoLater);
    assert_eq!(begin(&desk, 31).await, Answer::PhotoHeld(1), "what was begun goes on");
    assert_eq!(begin(&other, 32).await, Answer::PhotoHeld(1), "each device for itself");
    house.later(4 * DAY);
    assert_eq!(begin(&desk, 7).await, Answer::PhotoHeld(1));
    house.later(3 * DAY + 1);
    assert_eq!(house.server.scrub().unwrap().given_up, 32, "but the one that got a piece since");
    assert!(!house.photo_file([3; 32]).with_file_name("").read_dir().unwrap().any(|_| true), "its beginning is gone");
    assert_eq!(begin(&desk, 32).await, Answer::PhotoHeld(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn f39_a_lost_photo_is_found_missing_and_asked_for_in_its_scope() {
    let house = House::new().await;
    let (here, there) = (canteen_of(&house, "罗城街道长者饭堂", LUOCHENG), canteen_of(&house, "𬜯塘镇长者饭堂", SUBIN));
    let (desk, other) = (house.desk_at(&here).await, house.desk_at(&there).await);
    let clerk = house.clerk("chen", Level::City, "4453").await;
    let picture = [&[1][..], &[7; 5000]].concat();
    let (hash, size): ([u8; 32], _) = (Sha256::digest(&picture).into(), picture.len());
    let put = async || desk.ask(&Ask::PutPhoto { hash, size: u32::try_from(size).unwrap(), at: 0, bytes: picture.clone() }).await;
    let whole = Answer::PhotoHeld(u32::try_from(size).unwrap());
    assert_eq!(put().await, whole);
    let changes = vec![first(1, id(2), &order(&here, id(1))), first(1, id(2), &receipt(&here, id(2), &[&hex::encode(hash)]))];
    assert_eq!(desk.push(changes).await, []);
    let scrub = || house.server.scrub().map(|found| (found.checked, found.lost, found.found, found.missing)).unwrap();
    let asked_for = async |desk: &Desk| desk.pull(0, true).await.lost_photos;
    let counted = async || clerk.read::<ListPage>("/api/list/devices").await.rows[0].number("lost_photos").unwrap();
    assert_eq!(scrub(), (1, 0, 0, 0));
    assert!(asked_for(&desk).await.is_empty());

    let damaged = [&picture[..4000], &[8; 1004]].concat();
    for damage in [None, Some(damaged)] {
        let file = house.photo_file(hash);
        match damage {
            None => std::fs::remove_file(&file).unwrap(),
            Some(damaged) => std::fs::write(&file, damaged).unwrap(),
        }
        assert_eq!((scrub(), scrub()), ((1, 1, 0, 1), (1, 0, 0, 1)), "found once");
        assert_eq!((asked_for(&desk).await, asked_for(&other).await), (vec![hash], vec![]));
        assert_eq!((desk.photo(hash).await, counted().await), (Answer::NoPhoto, 1));
        assert_eq!(put().await, whole);
        assert_eq!((asked_for(&desk).await, counted().await, scrub()), (vec![], 0, (1, 0, 0, 0)));
        assert!(matches!(desk.photo(hash).await, Answer::Photo { bytes, .. } if bytes == picture));
    }
    // A disk that was away and is back.
    let (file, away) = (house.photo_file(hash), house.photo_file([1; 32]));
    std::fs::create_dir_all(away.parent().unwrap()).unwrap();
    std::fs::rename(&file, &away).unwrap();
    assert_eq!(scrub(), (1, 1, 0, 1));
    std::fs::rename(&away, &file).unwrap();
    assert_eq!(scrub(), (1, 0, 1, 0));
    assert!(asked_for(&desk).await.is_empty());
}
