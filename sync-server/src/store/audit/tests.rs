//! The audit log under the hands of somebody with SQL: whatever is changed, cut, exchanged or put in is found, the first bad row is named
//! right, and what can't be noted does not happen. On both engines.

use super::*;
use crate::audit::{HEADS, Wrong, watch};
use crate::store::check::tests::{enrol, on_both};
use crate::store::tests::on_postgres_database;
use crate::{Clock, Server};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use shared::fault::Code;
use shared::kinds::{Meal, Role};
use shared::money::Fen;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const NOON: i64 = 1_795_320_000;
const TOWN: &str = "445381001";
const DAY: i64 = 86_400;

/// Rows of many sorts: with and without device, account, record, values, details.
fn lived_in(server: &Server) -> i64 {
    let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None).unwrap().code;
    enrol(server, Some(&canteen), None);
    server.add_account("shen", Role::Auditor, "4453", "yufan2026x").unwrap();
    server.add_price(&canteen, Meal::Lunch, "软饭", Fen(1_200)).unwrap();
    server.move_canteen(&canteen, "445381106").unwrap();
    server.revoke_device(1).unwrap();
    server.add_operator("康养公司", None, Some("0766-8812345")).unwrap();
    server.name_operator(&canteen, "康养公司").unwrap();
    server.add_canteen("", TOWN, None).unwrap_err();
    server.device_code(Some("C999"), None).unwrap_err();
    for name in ["a1", "b2", "c3"] {
        server.disable_account(name, true).unwrap_err();
        server.city().unwrap();
    }
    server.verify().unwrap();
    server.0.store.read(|tx| tx.last_audit_number()).unwrap()
}

/// What a transaction came to before it was taken back.
enum Undone {
    Found(Option<(i64, Wrong)>),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Lets somebody at the tables, looks, and takes it all back.
fn found_after(server: &Server, piece: i64, hand: impl Fn(&Tx<'_>) -> Result<(), StoreError>) -> Option<(i64, Wrong)> {
    let done: Result<(), Undone> = server.0.store.write(|tx| {
        hand(tx)?;
        Err(Undone::Found(server.0.wrong_in_audit(tx, piece)?))
    });
    match done {
        Err(Undone::Found(found)) => found,
        Err(Undone::Failed(error)) => panic!("{error:?}"),
        Ok(()) => None,
    }
}

fn rows(server: &Server) -> Vec<AuditRow> {
    server.0.store.read(|tx| Ok::<_, StoreError>(tx.audit_after(0, i64::MAX)?.into_iter().flatten().collect())).unwrap()
}

/// One bit of a text, or whether it is there at all.
fn flip_text(text: &mut Option<String>, rng: &mut StdRng) {
    *text = match text.take() {
        None => Some(["", "x"][rng.random_range(0..2)].to_owned()),
        Some(_) if rng.random_range(0..8) == 0 => None,
        Some(text) if text.is_empty() => Some("x".to_owned()),
        Some(text) => {
            let at = rng.random_range(0..text.chars().count());
            let bit = |letter: char| char::from_u32(u32::from(letter) ^ 1).filter(|letter| *letter != '\0').unwrap_or('x');
            Some(text.chars().enumerate().map(|(place, letter)| if place == at { bit(letter) } else { letter }).collect())
        }
    };
}

fn flip_sure(text: &mut String, rng: &mut StdRng) {
    let mut some = Some(std::mem::take(text));
    flip_text(&mut some, rng);
    *text = some.unwrap_or_else(|| "gone".to_owned());
}

fn flip_bytes(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    match rng.random_range(0..bytes.len() + 1) {
        0 => bytes.push(rng.random()),
        at => bytes[at - 1] ^= 1 << rng.random_range(0..8),
    }
}

fn flip_some(bytes: &mut Option<Vec<u8>>, rng: &mut StdRng) {
    match bytes {
        None => *bytes = Some(Vec::new()),
        Some(_) if rng.random_range(0..8) == 0 => *bytes = None,
        Some(bytes) => flip_bytes(bytes, rng),
    }
}

/// One bit of one value of a row.
fn flipped(row: &AuditRow, rng: &mut StdRng) -> AuditRow {
    let mut row = row.clone();
    match rng.random_range(0..18) {
        0 => row.number ^= 1 << rng.random_range(16..62),
        1 => row.at ^= 1 << rng.random_range(0..62),
        2 => flip_sure(&mut row.event, rng),
        3 => flip_sure(&mut row.result, rng),
        4 => flip_text(&mut row.account, rng),
        5 => flip_some(&mut row.device, rng),
        6 => row.device_number = row.device_number.map_or(Some(0), |number| Some(number ^ (1 << rng.random_range(0..62)))),
        7 => flip_sure(&mut row.source, rng),
        8 => flip_sure(&mut row.division, rng),
        9 => flip_text(&mut row.canteen, rng),
        10 => flip_text(&mut row.kind, rng),
        11 => flip_some(&mut row.record, rng),
        12 => flip_text(&mut row.object, rng),
        13 => flip_text(&mut row.old_value, rng),
        14 => flip_text(&mut row.new_value, rng),
        15 => flip_text(&mut row.detail, rng),
        16 => row.request ^= 1 << rng.random_range(0..62),
        _ => flip_bytes(&mut row.mac, rng),
    }
    row
}

fn cut(tx: &Tx<'_>, from: i64, to: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM audit WHERE number BETWEEN $1 AND $2", put![from, to])?;
    Ok(())
}

fn renumber(tx: &Tx<'_>, from: i64, to: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE audit SET number = $1 WHERE number = $2", put![to, from])?;
    Ok(())
}

/// One deed of somebody with SQL, drawn by chance; gives the first row that is bad after it.
fn deed(tx: &Tx<'_>, server: &Server, known: &[AuditRow], rng: &mut StdRng) -> Result<i64, StoreError> {
    let last = known.last().unwrap().number;
    let any = |rng: &mut StdRng| rng.random_range(1..=last);
    let of = |number: i64| &known[usize::try_from(number - 1).unwrap()];
    match rng.random_range(0..12) {
        0..5 => {
            let at = any(rng);
            let bent = flipped(of(at), rng);
            cut(tx, at, at)?;
            tx.put_audit(&bent)?;
            Ok(at)
        }
        5 => {
            let (one, other) = (any(rng), any(rng));
            cut(tx, one.min(other), one.max(other))?;
            Ok(one.min(other))
        }
        6 => {
            let at = any(rng);
            cut(tx, at, last)?;
            if rng.random() {
                // And sets the end as it can be read in the last row that stays.
                let mac = tx.audit_mac(at - 1)?.unwrap_or_default();
                let end = tx.audit_end(EndName::Head)?.unwrap();
                tx.put_audit_end(EndName::Head, &AuditEnd { number: at - 1, mac, ..end })?;
            }
            Ok(at)
        }
        7 => {
            let one = rng.random_range(1..last);
            let other = rng.random_range(one + 1..=last);
            renumber(tx, one, -1)?;
            renumber(tx, other, one)?;
            renumber(tx, -1, other)?;
            Ok(one)
        }
        8 => {
            // A row of another place once more: behind the end, before the beginning, or within, where the others make room.
            let (at, from) = (rng.random_range(-1..=last + 1), any(rng));
            for number in (at.max(1)..=last).rev() {
                renumber(tx, number, number + 1)?;
            }
            tx.put_audit(&AuditRow { number: at, ..of(from).clone() })?;
            // Where the row itself was doubled, the first of the two is as it was.
            Ok(if at == from { at + 1 } else { at })
        }
        9 => {
            let at = any(rng);
            tx.execute("UPDATE audit SET result = 'done', account = 'nobody' WHERE number = $1", put![at])?;
            server.0.rechain_as_a_stranger(tx, at)?;
            Ok(at)
        }
        10 => {
            let mut end = tx.audit_end(EndName::Head)?.unwrap();
            match rng.random_range(0..3) {
                0 => end.number ^= 1 << rng.random_range(0..62),
                1 => flip_bytes(&mut end.mac, rng),
                _ => flip_bytes(&mut end.seal, rng),
            }
            tx.put_audit_end(EndName::Head, &end)?;
            Ok(last + 1)
        }
        _ => {
            tx.execute("DELETE FROM audit_end WHERE name = 'head'", put![])?;
            Ok(last + 1)
        }
    }
}

fn all_deeds_are_found(server: &Server, many: u64) {
    let last = lived_in(server);
    let known = rows(server);
    assert_eq!((known.len() as i64, server.verify_audit().unwrap().ok), (last, true));
    let known = rows(server);
    let seed: u64 = rand::random();
    println!("seed {seed}");
    for round in 0..many {
        let (expected, piece) = (AtomicI64::new(0), 1 + i64::try_from(round % 40).unwrap());
        let found = found_after(server, piece, |tx| {
            let mut rng = StdRng::seed_from_u64(seed.wrapping_add(round));
            expected.store(deed(tx, server, &known, &mut rng)?, Ordering::Relaxed);
            Ok(())
        });
        assert_eq!(found.map(|(row, _)| row), Some(expected.into_inner()), "seed {seed}, round {round}");
    }
    assert_eq!(found_after(server, 3, |_| Ok(())), None);
}

#[test]
fn f55_ten_thousand_deeds_with_sql_are_found_and_the_first_bad_row_is_named() {
    let folder = tempfile::tempdir().unwrap();
    all_deeds_are_found(&Server::open(folder.path(), Clock::by(|| NOON)).unwrap(), 10_000);
}

#[test]
fn deeds_with_sql_are_found_on_postgres_too() {
    let folder = tempfile::tempdir().unwrap();
    all_deeds_are_found(&Server::open_at(&on_postgres_database(), folder.path(), Clock::by(|| NOON)).unwrap(), 1_000);
}

#[test]
fn f82_what_can_not_be_noted_does_not_happen() {
    on_both(|server| {
        let canteen = server.add_canteen("罗城街道长者饭堂", TOWN, None).unwrap().code;
        let count = || server.0.store.read(|tx| tx.value::<i64>("SELECT count(*) FROM canteen", put![])).unwrap().unwrap();
        server.0.store.write(|tx| tx.execute("ALTER TABLE audit RENAME TO away", put![])).unwrap();
        assert_eq!(server.add_canteen("第二饭堂", TOWN, None).unwrap_err().code, Code::Broken);
        assert_eq!(server.device_code(Some(&canteen), None).unwrap_err().code, Code::Broken);
        assert_eq!(server.move_canteen(&canteen, "445381106").unwrap_err().code, Code::Broken);
        assert_eq!(count(), 1);
        let there = server.0.store.read(|tx| tx.canteen(&canteen)).unwrap().unwrap();
        assert_eq!(there.division, TOWN);
        server.0.store.write(|tx| tx.execute("ALTER TABLE away RENAME TO audit", put![])).unwrap();
        server.add_canteen("第二饭堂", TOWN, None).unwrap();
        assert!(server.verify_audit().unwrap().ok);
    });
}

#[test]
fn f82_a_chain_whose_end_was_changed_goes_on_and_never_looks_whole_again() {
    on_both(|server| {
        let last = lived_in(server);
        let end = server.0.store.read(|tx| tx.audit_end(EndName::Head)).unwrap().unwrap();
        for number in 1..=3 {
            server.city().unwrap();
            assert_eq!(rows(server).len() as i64, last + number);
        }
        // The last three are cut, and the end is put back as it stood before them: an honest one, seal and all.
        server.0.store.write(|tx| cut(tx, last + 1, last + 3).and_then(|()| tx.put_audit_end(EndName::Head, &end))).unwrap();
        assert_eq!(found_after(server, 7, |_| Ok(())), None, "the tables alone do not tell");
        // And with an end that does not fit what is there.
        server.0.store.write(|tx| cut(tx, last, last)).unwrap();
        server.city().unwrap();
        server.city().unwrap();
        let found = server.verify_audit().unwrap();
        assert_eq!((found.ok, found.first_bad_row), (false, Some(last)));
        assert_eq!(server.prune_audit(180).unwrap_err().code, Code::NotNow, "the evidence stays");
        assert_eq!(server.0.audit.broken(), Some(last));
    });
}

#[test]
fn what_was_put_back_or_cut_whole_is_found_beside_the_database() {
    let (now, folder) = (Arc::new(AtomicI64::new(NOON)), tempfile::tempdir().unwrap());
    let open = |folder: &Path| {
        let hand = Arc::clone(&now);
        Server::open(folder, Clock::by(move || hand.load(Ordering::Relaxed))).unwrap()
    };
    let server = open(folder.path());
    server.city().unwrap();
    assert_eq!(watch(&server.0, None).unwrap(), Some(NOON));
    server.0.store.checkpoint().unwrap();
    let (file, beside) = (folder.path().join("server.sqlite"), folder.path().join(HEADS));
    let early = std::fs::read(&file).unwrap();
    let last = lived_in(&server);
    now.fetch_add(DAY, Ordering::Relaxed);
    assert_eq!(watch(&server.0, Some(NOON)).unwrap(), Some(NOON + DAY));
    assert_eq!(watch(&server.0, Some(NOON + DAY)).unwrap(), Some(NOON + DAY), "once a day");
    let lines = std::fs::read_to_string(&beside).unwrap();
    assert_eq!((lines.lines().count(), lines.lines().all(|line| line.contains("\"day\":\"2026-11-2"))), (2, true), "{lines}");
    assert!(server.verify_audit().unwrap().ok);
    const SIGNED: &str = "\"signature\":\"";
    let signed = |line: &str| line.split(SIGNED).nth(1).is_some_and(|rest| rest.find('"') == Some(128));
    assert!(lines.lines().all(signed), "each day's end is signed with SM2");
    server.0.store.checkpoint().unwrap();
    let late = std::fs::read(&file).unwrap();
    drop(server);

    let looked = |what: &str, expected: Option<i64>| {
        let _ = std::fs::remove_file(file.with_extension("sqlite-wal"));
        let _ = std::fs::remove_file(file.with_extension("sqlite-shm"));
        let found = open(folder.path()).verify_audit().unwrap();
        assert_eq!(found.first_bad_row, expected, "{what}: {found:?}");
    };
    std::fs::write(&file, &early).unwrap();
    // One row behind its end: that it went back was noted.
    looked("a database of the day before", Some(3));
    std::fs::write(&file, &late).unwrap();
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch("DELETE FROM audit; DELETE FROM audit_end; INSERT INTO audit_end VALUES ('head', 0, X'', X'')")
        .unwrap();
    looked("all rows cut, and the table as new", Some(1));
    std::fs::write(&file, &late).unwrap();
    looked("as it was", None);
    for (what, text, row) in [
        ("the file cut", lines.lines().next().unwrap().to_owned() + "\n", last),
        ("the file gone", String::new(), last),
        ("a line bent", lines.replacen("\"number\":1,", "\"number\":2,", 1), 2),
        (
            "a signature that is another one's",
            lines.split_once(SIGNED).map_or_else(String::new, |(head, rest)| format!("{head}{SIGNED}{}{}", "5a".repeat(64), &rest[128..])),
            1,
        ),
    ] {
        std::fs::write(&file, &late).unwrap();
        std::fs::write(&beside, text).unwrap();
        looked(what, Some(row));
    }
    std::fs::write(&file, &late).unwrap();
    std::fs::write(&beside, format!("{lines}{{\"day\":\"2026-1")).unwrap();
    looked("a line that a crash cut off is none", None);
}

#[test]
fn two_servers_write_one_chain() {
    let (folder, database) = (tempfile::tempdir().unwrap(), on_postgres_database());
    let open = || Server::open_at(&database, folder.path(), Clock::by(|| NOON)).unwrap();
    let servers = [open(), open()];
    std::thread::scope(|scope| {
        for server in &servers {
            scope.spawn(|| (0..40).for_each(|_| drop(server.city().unwrap())));
        }
    });
    let found = servers[1].verify_audit().unwrap();
    assert_eq!((found.ok, found.rows), (true, 80), "{found:?}");
    assert!(servers[0].verify_audit().unwrap().ok);
}

#[test]
fn nothing_young_is_pruned_and_what_stays_hangs_together() {
    let (now, folder) = (Arc::new(AtomicI64::new(NOON)), tempfile::tempdir().unwrap());
    let hand = Arc::clone(&now);
    let server = Server::open(folder.path(), Clock::by(move || hand.load(Ordering::Relaxed))).unwrap();
    let old = lived_in(&server);
    now.fetch_add(179 * DAY, Ordering::Relaxed);
    for keep in [i64::MIN, -1, 0, 1, 179] {
        assert_eq!(server.prune_audit(keep).unwrap_err().code, Code::BadInput, "{keep}");
    }
    assert_eq!(server.prune_audit(180).unwrap().rows, 0, "all of it is young");
    now.fetch_add(2 * DAY, Ordering::Relaxed);
    let pruned = server.prune_audit(180).unwrap();
    assert_eq!((pruned.rows, pruned.first), (u64::try_from(old).unwrap(), old + 1));
    let (left, found) = (rows(&server), server.verify_audit().unwrap());
    assert_eq!((left[0].number, found.ok), (old + 1, true), "{found:?}");
    // What was pruned is not put back, and the anchor is not moved on.
    let back = |tx: &Tx<'_>| tx.put_audit(&AuditRow { number: 3, ..left[0].clone() });
    assert_eq!(found_after(&server, 5, back), Some((3, Wrong::Changed)));
    let further = |tx: &Tx<'_>| {
        cut(tx, old + 1, old + 1)?;
        let anchor = tx.audit_end(EndName::Anchor)?.unwrap();
        tx.put_audit_end(EndName::Anchor, &AuditEnd { number: old + 1, mac: left[0].mac.clone(), ..anchor })
    };
    assert!(found_after(&server, 5, further).is_some());
}
