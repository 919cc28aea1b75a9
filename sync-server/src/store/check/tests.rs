//! A world with everything in it, its tables damaged and made anew, on both engines.

use super::*;
use crate::journal::{Incoming, Journal, Writer};
use crate::projector::Projectors;
use crate::store::engine::Put;
use crate::store::tests::on_postgres_database;
use crate::store::{Logged, Range, Scope};
use crate::sync::doubt;
use crate::{Clock, Server};
use shared::crdt::{self, ActorId};
use shared::crypto::{CryptoProvider, SoftProvider};
use shared::schema::{Fields, RecordId, Value};
use shared::wire::EnrolAsk;

const NOON: i64 = 1_795_320_000;

pub(crate) fn on_both(act: impl Fn(&Server)) {
    let clock = || Clock::by(|| NOON);
    let folder = tempfile::tempdir().unwrap();
    act(&Server::open(folder.path(), clock()).unwrap());
    let folder = tempfile::tempdir().unwrap();
    act(&Server::open_at(&on_postgres_database(), folder.path(), clock()).unwrap());
}

pub(crate) fn enrol(server: &Server, canteen: Option<&str>, division: Option<&str>) -> RecordId {
    let crypto = SoftProvider::new();
    let public_key = crypto.public_key(&crypto.new_key().unwrap()).unwrap();
    let code = server.device_code(canteen, division).unwrap().code.parse().unwrap();
    server.enrol(&EnrolAsk::new(&code, "电脑", &public_key, [7; 16])).unwrap().device
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn ids(server: &Server, kind: RecordKind, canteen: &str) -> Vec<[u8; 16]> {
    let mut ids = server.0.store.read(|tx| tx.records_at(kind, canteen)).unwrap();
    ids.sort_unstable();
    ids
}

fn change(server: &Server, kind: RecordKind, record: &[u8], fields: &[(&str, Value)]) {
    let fields: Fields = fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    server.0.store.write(|tx| server.0.centre.change(tx, kind, record, &fields, NOON)).unwrap();
}

/// Edits, moves, withdrawals, an erasure, a canteen that moves, a change that waits, a record quarantined.
fn world(server: &Server) {
    server.demo().unwrap();
    let device = enrol(server, Some("C002"), None);
    enrol(server, Some("C003"), None);
    enrol(server, None, Some("445381106"));
    enrol(server, None, Some("4453"));
    let orders = ids(server, RecordKind::Order, "C002");
    change(server, RecordKind::Order, &orders[0], &[("state", text("cancelled")), ("note", text("退"))]);
    change(server, RecordKind::Order, &orders[1], &[("state", text("not_delivered")), ("note", text("少盐"))]);
    for order in ids(server, RecordKind::Order, "C005") {
        change(server, RecordKind::Order, &order, &[("state", text("cancelled")), ("note", text("停业"))]);
    }
    let receipt = ids(server, RecordKind::Receipt, "C002")[0];
    change(server, RecordKind::Receipt, &receipt, &[(&format!("photos/{}", "ab".repeat(32)), Value::Bool(true))]);
    let elders = ids(server, RecordKind::Elder, "C002");
    change(server, RecordKind::Elder, &elders[0], &[("canteen", text("C003"))]);
    change(server, RecordKind::Elder, &elders[1], &[("canteen", text("C003")), ("division", text("445381001008"))]);
    change(server, RecordKind::Elder, &elders[1], &[("canteen", text("C002"))]);
    server.erase_elder(&RecordId(uuid::Uuid::from_bytes(elders[2])).to_string()).unwrap();
    server.move_canteen("C004", "445302003").unwrap();
    let actor = ActorId::from([9; 16]);
    let first = crdt::first_change(&actor, &Fields::from([("canteen".into(), text("C002"))]), NOON).bytes;
    let next = |history: &[Vec<u8>], name: &str| {
        crdt::next_change(&actor, history, &Fields::from([("note".into(), text(name))]), NOON).unwrap().bytes
    };
    let log = |tx: &Tx<'_>, record: [u8; 16], bytes: &[u8]| {
        let scope = Scope::Canteen("C002".into());
        let mut journal = Journal::open(tx)?;
        let by = Writer { device: Some((device.bytes(), &scope)), at: NOON };
        journal.append(Incoming::read((RecordKind::Order, record), bytes).unwrap(), by).unwrap();
        journal.flush()
    };
    let second = next(std::slice::from_ref(&first), "等前一条");
    server.0.store.write(|tx| log(tx, [0xEE; 16], &second)).unwrap();
    // One order, changed in two places.
    let apart = |office: u8, note: &str| {
        let changes = Fields::from([("note".into(), text(note))]);
        crdt::next_change(&ActorId::from([office; 16]), std::slice::from_ref(&first), &changes, NOON).unwrap().bytes
    };
    for bytes in [&first, &apart(1, "少盐"), &apart(2, "多汤")] {
        server.0.store.write(|tx| log(tx, [0xCC; 16], bytes)).unwrap();
    }
    // Something that this version does not read came into the log, and then another change.
    server.0.store.write(|tx| log(tx, [0xDD; 16], &first)).unwrap();
    let spoil = |tx: &Tx<'_>| {
        let (pos, seq) = tx.ends()?;
        let bad = [&first[..8], &[2], &first[9..]].concat();
        tx.append(&[((RecordKind::Order.into(), [0xDD; 16]), &Logged { seq: seq + 1, bytes: bad, device: None, received_at: NOON })])?;
        let scopes = tx.scopes()?;
        let seen = ["c:C002", "d:445381106", "d:4453"].map(|name| scopes.iter().find(|(known, ..)| known == name).unwrap().clone());
        for (_, id, mut sum) in seen {
            let bad = [&first[..8], &[2], &first[9..]].concat();
            tx.feed(id, &[Range { upto: pos + 1, seq: seq + 1, changes: 1, whole: false, left: None }])?;
            sum.add(&shared::sync::set_digest::id(RecordKind::Order, &[0xDD; 16], &bad));
            tx.put_digest(id, &sum)?;
        }
        tx.put_ends(pos + 1, seq + 1)
    };
    server.0.store.write(spoil).unwrap();
    server.0.store.write(|tx| log(tx, [0xDD; 16], &second)).unwrap();
    // As a push does it.
    assert_eq!(server.0.store.write(|tx| doubt::look_over(tx, Some((&server.0, NOON)))).unwrap(), [[0xCC; 16], [0xDD; 16]]);
    server.compact_in(20_000).unwrap();
}

/// Every table that follows from the log, value by value.
fn dump(server: &Server, feeds: bool) -> Vec<String> {
    let mut tables: Vec<(String, Vec<String>)> = RecordKind::ALL
        .iter()
        .filter(|kind| kind.has_row())
        .map(|kind| {
            let columns = kind.fields.iter().map(|field| format!("\"{}\"", field.name));
            (kind.code().to_owned(), ["id".to_owned()].into_iter().chain(columns).collect())
        })
        .collect();
    let mut add = |table: &str, columns: &str| tables.push((table.into(), columns.split(' ').map(ToOwned::to_owned).collect()));
    Projectors::TABLES.iter().for_each(|table| add(table, "*"));
    add("quarantine", "record kind seq reason at");
    add("conflict", "record kind field at");
    add("scope", "id name digest");
    if feeds {
        add("feed", "scope upto seq changes whole kind record");
        add("snapshot", "scope after upto page");
    }
    let mut lines = Vec::new();
    for (table, columns) in tables {
        let sql = format!("SELECT {} FROM {table} ORDER BY 1, 2", columns.join(", "));
        let rows = server.0.store.read(|tx| {
            tx.all(&sql, put![], |row| Ok((0..).map_while(|at| row.got(at).ok().map(|value| format!("{value:?}"))).collect::<Vec<_>>()))
        });
        lines.extend(rows.unwrap().into_iter().map(|row| format!("{table} {}", row.join(" "))));
    }
    lines
}

fn run(server: &Server, sql: &str, values: &[Put<'_>]) {
    assert!(server.0.store.write(|tx| tx.execute(sql, values)).unwrap() > 0, "{sql}");
}

#[test]
fn tables_made_anew_from_the_log_are_the_same_byte_for_byte() {
    on_both(|server| {
        let empty = server.verify().unwrap();
        assert!(empty.ok, "{:?}", empty.problems);
        world(server);
        let found = server.verify().unwrap();
        // What can't be read stays told.
        assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
        assert!(found.problems[0].contains("读不出来") && found.changes > 500, "{found:?}");
        let whole = dump(server, true);
        assert!(
            ["quarantine", "conflict"].iter().all(|table| whole.iter().any(|line| line.starts_with(table)))
                && whole.iter().any(|line| line.starts_with("snapshot"))
        );
        assert_eq!(server.rebuild().unwrap().mismatches, 1);
        assert!(dump(server, true) == whole, "what is well is left alone");

        let min = |table: &str| format!("(SELECT id FROM {table} ORDER BY id LIMIT 1)");
        let second = |table: &str| format!("(SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET 1)");
        run(server, &format!("UPDATE meal_order SET note = 'x' WHERE id = {}", min("meal_order")), put![]);
        run(server, &format!("UPDATE meal_order SET price = NULL WHERE id = {}", second("meal_order")), put![]);
        run(server, &format!("DELETE FROM receipt WHERE id = {}", min("receipt")), put![]);
        run(server, "INSERT INTO operator (id, name) VALUES ($1, 'x')", put![&[7_u8; 16]]);
        run(server, "DELETE FROM receipt_photo", put![]);
        run(server, "INSERT INTO receipt_photo (hash, receipt) VALUES ('00', $1)", put![&[7_u8; 16]]);
        run(server, "UPDATE rollup_day SET meals = meals + 1 WHERE canteen = 'C002' AND \"date\" = '2026-11-20'", put![]);
        run(server, "DELETE FROM rollup_day WHERE canteen = 'C003' AND \"date\" = '2026-11-20'", put![]);
        run(server, "INSERT INTO rollup_day (canteen, \"date\", meals) VALUES ('C099', '2026-11-20', 3)", put![]);
        run(server, "DELETE FROM quarantine", put![]);
        run(server, "INSERT INTO quarantine (record, kind, seq, reason, at) VALUES ($1, 'elder', 1, 'x', 1)", put![&[7_u8; 16]]);
        run(server, "DELETE FROM conflict", put![]);
        run(server, "INSERT INTO conflict (record, kind, field, at) VALUES ($1, 'elder', 'phone', 1)", put![&[7_u8; 16]]);
        run(server, "UPDATE scope SET digest = $1 WHERE name = 'c:C002'", put![&[0_u8; 24]]);
        run(server, "UPDATE canteen SET division = '4453' WHERE code = 'C003'", put![]);
        let damaged = dump(server, true);
        let found = server.verify().unwrap();
        assert_eq!(found.mismatches, 16, "{:#?}", found.problems);
        assert!(!found.ok && dump(server, true) == damaged, "looking changes nothing");
        assert_eq!(server.rebuild().unwrap().mismatches, 16);
        let repaired = dump(server, true);
        let differ: Vec<_> = repaired.iter().zip(&whole).filter(|(one, other)| one != other).collect();
        assert!(repaired == whole, "{differ:#?}");
        assert_eq!(server.verify().unwrap().mismatches, 1);

        // Nothing is left but log and feeds.
        for kind in RecordKind::ALL.iter().filter(|kind| kind.has_row() && **kind != RecordKind::Order && **kind != RecordKind::Account) {
            server.0.store.write(|tx| tx.execute(&format!("DELETE FROM {}", kind.code()), put![])).unwrap();
        }
        // The row of the one that is quarantined stays as it was: it can't be made from its changes.
        run(server, "DELETE FROM meal_order WHERE id <> $1", put![&[0xDD_u8; 16]]);
        run(server, "DELETE FROM rollup_day", put![]);
        run(server, "DELETE FROM conflict", put![]);
        server.rebuild().unwrap();
        assert!(dump(server, true) == whole, "from nothing");
    });
}

#[test]
fn a_feed_that_differs_is_repaired_at_its_end() {
    on_both(|server| {
        world(server);
        let before = dump(server, false);
        let scope = |name: &str| server.0.store.read(|tx| tx.scope_of(name)).unwrap().unwrap().0;
        let (canteen, town) = (scope("c:C002"), scope("d:445381106"));
        let last = "(SELECT upto FROM feed WHERE scope = $1 AND kind IS NULL ORDER BY changes DESC, upto LIMIT 1)";
        run(server, &format!("DELETE FROM feed WHERE scope = $1 AND upto = {last}"), put![canteen]);
        // An order of another canteen, and a change that stands there twice.
        let foreign = ids(server, RecordKind::Order, "C009")[0];
        let seq = server.0.store.read(|tx| tx.history(RecordKind::Order, &foreign)).unwrap()[0].seq;
        let own = ids(server, RecordKind::Order, "C002")[3];
        let twice = server.0.store.read(|tx| tx.history(RecordKind::Order, &own)).unwrap()[0].seq;
        let ends = server.0.store.read(|tx| tx.ends()).unwrap();
        let extra = |upto, seq| Range { upto, seq, changes: 1, whole: false, left: None };
        server.0.store.write(|tx| tx.feed(town, &[extra(ends.0 + 1, seq), extra(ends.0 + 2, twice)])).unwrap();
        let found = server.verify().unwrap();
        assert!(found.mismatches > 3, "two feeds, the ends, the unread, pages: {:?}", found.problems);
        assert_eq!(server.rebuild().unwrap().mismatches, found.mismatches);
        assert_eq!(server.verify().unwrap().mismatches, 1);
        assert!(dump(server, false) == before, "the sums of all places are again what they were");
        let told = server.0.store.read(|tx| {
            let sql = "SELECT record FROM feed WHERE scope = $1 AND upto > $2 AND kind IS NOT NULL";
            tx.all(sql, put![town, ends.0], |row| row.get::<[u8; 16]>(0))
        });
        assert_eq!(told.unwrap(), [foreign], "who had taken it in is told that it has left");
        let fed = server.0.store.read(|tx| tx.page([canteen, 0], (ends.0, None), (usize::MAX, usize::MAX), None)).unwrap();
        assert!(!fed.changes.is_empty() && fed.changes.iter().all(|change| !change.bytes.is_empty()), "what was missing comes at the end");

        // Positions that can't be right: the whole feed is given anew, behind its end.
        run(server, "UPDATE feed SET changes = changes + 7 WHERE scope = $1 AND kind IS NULL", put![town]);
        server.rebuild().unwrap();
        assert_eq!(server.verify().unwrap().mismatches, 1);
    });
}
