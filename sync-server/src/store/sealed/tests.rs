//! What a hand with SQL does to each sealed table is found, on both engines; a serving server finds it by itself; and nobody, not even who has
//! the keys, says something in the name of a device.

use super::*;
use crate::Server;
use crate::integrity;
use crate::journal::{Incoming, Journal, Writer};
use crate::store::check::tests::on_both;
use crate::store::{ChallengeRow, ExportAsked, HeldChange, KeyRow, PushedPart, Scope, SnapshotPage, Unsealed};
use shared::crdt::{ActorId, first_change};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::kinds::{AuditEvent, RecordKind, Role};
use shared::schema::{Fields, RecordId, Value};
use shared::sync::{Answer, Ask, Exchange, envelope};
use shared::wire::{EnrolAsk, WireChange};

fn run(server: &Server, sql: &str, values: &[Put<'_>]) {
    assert!(server.0.store.write(|tx| tx.execute(sql, values)).unwrap() > 0, "{sql}");
}

fn unsealed(server: &Server) -> Vec<Unsealed> {
    server.0.store.read(|tx| tx.unsealed(true)).unwrap()
}

/// A device that pushed something.
struct Desk {
    id: RecordId,
    key: StoredKey,
}

impl Desk {
    fn at(server: &Server, canteen: &str) -> Self {
        let crypto = SoftProvider::new();
        let key = crypto.new_key().unwrap();
        let code = server.device_code(Some(canteen), None).unwrap().code.parse().unwrap();
        let id = server.enrol(&EnrolAsk::new(&code, "电脑", &crypto.public_key(&key).unwrap(), [7; 16])).unwrap().device;
        Self { id, key }
    }

    fn push(&self, server: &Server, changes: Vec<WireChange>) {
        let ask = Ask::Exchange(Exchange { changes, ..Exchange::default() });
        let at = server.0.clock.seconds();
        let sent = envelope::enclose(&SoftProvider::new(), &self.key, self.id.0.as_bytes(), at, &ask).unwrap();
        assert!(matches!(server.receive(&sent).unwrap(), Answer::Exchanged(_) | Answer::ExchangedAs(..)));
    }
}

fn change(record: u8, canteen: &str) -> WireChange {
    let text = |text: &str| Value::Text(text.into());
    let fields = Fields::from([("canteen".into(), text(canteen)), ("name".into(), text("王桂英"))]);
    let bytes = first_change(&ActorId::from([record; 16]), &fields, 5).bytes;
    WireChange { kind: RecordKind::Elder.code().into(), record: [record; 16], bytes }
}

/// A desk that pushed something.
fn pushed(server: &Server) -> Desk {
    let canteen = server.add_canteen("罗城街道长者饭堂", "445381001", None).unwrap().code;
    server.add_account("chen", Role::City, "4453", "yufan2026x").unwrap();
    let desk = Desk::at(server, &canteen);
    desk.push(server, vec![change(1, &canteen), change(2, &canteen)]);
    desk
}

/// Rows in every sealed table, right or not.
fn world(server: &Server) {
    pushed(server);
    server
        .0
        .store
        .write::<_, StoreError>(|tx| {
            tx.put_session(&[1; 32], &[2; 16], "127.0.0.1", 5)?;
            tx.put_invitation(&[2; 16], &[8; 32], 7)?;
            tx.begin_factor(&[2; 16], &[7; 20])?;
            tx.use_factor(&[2; 16], 6)?;
            let key = KeyRow { public_key: vec![9; 64], name: "U 盘".into(), since: 5 };
            tx.put_factor_key(&[2; 16], &key)?;
            let challenge = ChallengeRow { nonce: vec![7; 32], origin: "http://127.0.0.1:1".into(), expires_at: 9 };
            tx.put_challenge(&[2; 16], &[8; 32], &challenge, 5)?;
            tx.hold(&[3; 16], "c:C9", 0, &HeldChange { kind: "elder".into(), bytes: vec![1], device: vec![2; 16], at: 3 })?;
            tx.put_export_ask(&ExportAsked {
                number: "Z4JF-P1P0".into(),
                account: vec![2; 16],
                name: "chen".into(),
                role: Role::City,
                division: "4453".into(),
                list: "elders".into(),
                words: "from=2026-11-22".into(),
                reason: "inspection".into(),
                note: Some("县里要的".into()),
                persons: 201,
                asked_at: 5,
                second: true,
                agreed_by: Some("lin".into()),
                taken_at: Some(6),
            })?;
            tx.put_erasure(&[4; 16], 5)?;
            tx.put_snapshot(99, &SnapshotPage { after: 0, upto: 5, page: vec![1, 2] })?;
            let last = tx.ends()?.1;
            tx.forget(last)
        })
        .unwrap();
}

fn write(server: &Server, sql: &str, values: &[Put<'_>]) {
    server.0.store.write(|tx| tx.execute(sql, values)).unwrap();
}

#[test]
fn f55_each_column_of_each_sealed_table_tells_that_it_was_changed() {
    on_both(|server| {
        world(server);
        assert_eq!(unsealed(server), []);
        for of in ALL {
            let name = of.name;
            // The last row, by its key; settings that are not sealed stand aside.
            let rows = if name == "setting" { "setting WHERE name IN ('city', 'server_key')" } else { name };
            let kept = server
                .0
                .store
                .read(|tx| {
                    tx.all(&format!("SELECT {} FROM {rows}", of.listed("")), put![], |row| {
                        (0..=of.width()).map(|at| row.got(at).map(Kept::of)).collect::<Result<Vec<_>, _>>()
                    })
                })
                .unwrap();
            let row = kept.last().unwrap_or_else(|| panic!("no row in {name}"));
            let key: Vec<Put<'_>> = row[..of.key.len()].iter().map(Kept::put).collect();
            let by_key: Vec<String> = of.key.iter().zip(2..).map(|(name, at)| format!("{name} = ${at}")).collect();
            for (column, value) in of.columns.iter().zip(&row[of.key.len()..]).chain([(&"mac", &row[of.width()])]) {
                let other = match (value, *column) {
                    (Kept::Int(value), _) => Kept::Int(value + 1),
                    (Kept::Text(text), _) => Kept::Text(format!("{text}x")),
                    (Kept::Blob(bytes), _) => Kept::Blob([&bytes[..], &[1]].concat()),
                    (Kept::Null, "canteen" | "next_role" | "next_division") => Kept::Text("C9".into()),
                    (Kept::Null, "device" | "asked_by" | "next_by" | "next_secret") => Kept::Blob(vec![1; 16]),
                    (Kept::Null, _) => Kept::Int(1),
                };
                let set = |value: &Kept| {
                    let values: Vec<Put<'_>> = [value.put()].into_iter().chain(key.iter().cloned()).collect();
                    run(server, &format!("UPDATE {name} SET {column} = $1 WHERE {}", by_key.join(" AND ")), &values);
                };
                set(&other);
                let found = unsealed(server);
                assert!(matches!(&found[..], [Unsealed::Row(table, _)] if *table == name), "{name} {column}: {found:?}");
                set(value);
                assert_eq!(unsealed(server), [], "{name} {column}");
            }
            // A row that went, and one that came back.
            write(server, &format!("DELETE FROM {name} WHERE {}", of.by_key()), &key);
            assert_eq!(unsealed(server), [Unsealed::Table(name)], "{name}");
            let places: Vec<String> = (1..=of.width() + 1).map(|at| format!("${at}")).collect();
            let back = format!("INSERT INTO {name} ({}) VALUES ({})", of.listed(""), places.join(", "));
            let values: Vec<Put<'_>> = row.iter().map(Kept::put).collect();
            write(server, &back, &values);
            assert_eq!(unsealed(server), [], "{name}");
            server.0.store.write(|tx| tx.take_sealed(of, &of.by_key(), &key, |_| Ok(()))).unwrap();
            assert_eq!(unsealed(server), [], "{name}");
            write(server, &back, &values);
            assert_eq!(unsealed(server), [Unsealed::Table(name)], "{name}");
            write(server, &format!("DELETE FROM {name} WHERE {}", of.by_key()), &key);
            // And the end of the table itself.
            run(server, "UPDATE table_end SET sealed = $1 WHERE name = $2", put![&[1_u8; 60], name]);
            assert!(unsealed(server).contains(&Unsealed::Table(name)), "{name}");
            server.0.store.write(|tx| tx.seal_all_anew()).unwrap();
            assert_eq!(unsealed(server), [], "{name}");
        }
    });
}

#[test]
fn f55_a_serving_server_finds_by_itself_what_was_changed() {
    on_both(|server| {
        pushed(server);
        let parts = &server.0;
        let events = || -> Vec<String> { server.audit_listed(3).unwrap().iter().skip(1).map(|row| row.event.clone()).collect() };
        let looked = integrity::step(parts, None).unwrap();
        assert_eq!((looked, parts.integrity.broken()), (Some(parts.clock.seconds()), None));
        assert_eq!(server.audit_listed(1).unwrap()[0].event, AuditEvent::Verified.code(), "the whole is looked at when it starts");
        run(server, "UPDATE device_key SET public_key = $1", put![&[5_u8; 64]]);
        // A minute later, though nobody asked for that device.
        assert_eq!(integrity::step(parts, looked).unwrap(), looked);
        assert!(parts.integrity.broken().is_some());
        assert!(events().contains(&AuditEvent::RowForged.code().to_owned()), "{:?}", events());
        let many = parts.integrity.broken();
        integrity::step(parts, looked).unwrap();
        assert_eq!(parts.integrity.broken(), many, "told once");
        // What grows with the years is looked at once a day.
        server.0.store.write(|tx| tx.seal_all_anew()).unwrap();
        assert!(integrity::step(parts, None).is_ok() && parts.integrity.broken().is_some(), "the device's signatures fit its key no more");
        run(server, "UPDATE log SET received_at = received_at + 1 WHERE seq = 1", put![]);
        integrity::step(parts, looked.map(|at| at - 86_400)).unwrap();
        assert!(parts.integrity.broken() >= many);
    });
}

#[test]
fn f55_what_a_device_did_not_sign_is_told_though_all_macs_are_right() {
    on_both(|server| {
        let desk = pushed(server);
        assert!(server.verify().unwrap().ok);
        // Who has the keys of the server writes in the name of the device.
        let forged = change(8, "C001");
        let scope = Scope::Canteen("C001".into());
        let log = |tx: &Tx<'_>| {
            let mut journal = Journal::open(tx)?;
            let by = Writer { device: Some((desk.id.bytes(), &scope)), at: 5 };
            journal.append(Incoming::read((RecordKind::Elder, forged.record), &forged.bytes)?, by).map_err(|_| StoreError::Overlooked)?;
            journal.flush()?;
            tx.ends()
        };
        let seq = server.0.store.write::<_, StoreError>(log).unwrap().1;
        let found = server.verify().unwrap();
        assert!(found.altered && found.problems.iter().any(|words| words.contains(&format!("第 {seq} 条记在一台设备名下"))), "{found:?}");
        // And says that a push brought it.
        let vouch = |tx: &Tx<'_>| {
            let mut push = tx.pushes_after(0, 1)?.remove(0);
            push.parts.push(PushedPart::Logged(seq, 1));
            tx.put_push(&push)
        };
        server.0.store.write::<_, StoreError>(vouch).unwrap();
        let found = server.verify().unwrap();
        assert!(found.altered && found.problems.iter().any(|words| words.contains("签名对不上")), "{found:?}");
    });
}
