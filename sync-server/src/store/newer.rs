//! A server of the next version on the same database: it has one migration more, with a new table and new columns that the old
//! statements know nothing of. Old and new answer side by side, as while servers are upgraded one after the other.

use super::engine::{postgres::Postgres, sqlite::Sqlite};
use super::tests::cluster::Cluster;
use super::{Base, Store};
use crate::integrity::Sealing;
use crate::{Clock, KEEPER, Server};
use shared::crdt::{ActorId, first_change, next_change};
use shared::crypto::{CryptoProvider, SoftProvider, StoredKey};
use shared::kinds::RecordKind;
use shared::schema::{Fields, RecordId, Value};
use shared::sync::{Answer, Ask, Exchange, Exchanged, SessionToken, envelope};
use shared::wire::{EnrolAsk, WireChange};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

const LATER: &str = "CREATE TABLE later_note (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
    ALTER TABLE log ADD COLUMN later TEXT NOT NULL DEFAULT '';
    ALTER TABLE feed ADD COLUMN later TEXT NOT NULL DEFAULT '';
    ALTER TABLE meal_order ADD COLUMN later INTEGER;
    ALTER TABLE device_key ADD COLUMN later INTEGER NOT NULL DEFAULT 7;
    ALTER TABLE rollup_day ADD COLUMN later INTEGER NOT NULL DEFAULT 0";

/// The old program and the new one.
struct Two {
    database: Option<String>,
    folder: tempfile::TempDir,
}

impl Two {
    fn old_program(&self) -> Server {
        match &self.database {
            Some(database) => Server::open_at(database, self.folder.path(), Clock::by(|| 0)).unwrap(),
            None => Server::open(self.folder.path(), Clock::by(|| 0)).unwrap(),
        }
    }

    fn new_program(&self) -> Server {
        let folder: &Path = self.folder.path();
        let base = match &self.database {
            Some(database) => Base::Postgres(Postgres::open_as_newer(database, LATER).unwrap()),
            None => Base::Sqlite(Sqlite::open_as_newer(&folder.join("server.sqlite"), LATER).unwrap()),
        };
        let (store, crypto) = (Store::on(base).with_tables(), Arc::new(SoftProvider::new()));
        Server::on(store, folder, &folder.join(KEEPER), Clock::by(|| 0), crypto, Sealing::Once).unwrap().0
    }
}

/// A desk that goes to whichever server it is sent to.
struct Device {
    key: StoredKey,
    id: RecordId,
    token: SessionToken,
    after: u64,
    held: BTreeSet<[u8; 16]>,
}

impl Device {
    fn enrolled(server: &Server, canteen: &str) -> Self {
        let crypto = SoftProvider::new();
        let key = crypto.new_key().unwrap();
        let code = server.device_code(Some(canteen), None).unwrap().code.parse().unwrap();
        let id = server.enrol(&EnrolAsk::new(&code, "电脑", &crypto.public_key(&key).unwrap(), [7; 16])).unwrap().device;
        Self { key, id, token: SessionToken::default(), after: 0, held: BTreeSet::new() }
    }

    fn exchange(&mut self, server: &Server, changes: Vec<WireChange>) -> Exchanged {
        let exchange = Exchange { presents: self.token, after: self.after, changes, ..Exchange::default() };
        let envelope =
            envelope::enclose(&SoftProvider::new(), &self.key, self.id.0.as_bytes(), server.0.clock.seconds(), &Ask::Exchange(exchange))
                .unwrap();
        let Answer::Exchanged(exchanged) = server.receive(&envelope).unwrap() else { panic!("no exchange") };
        assert_eq!(exchanged.refused, []);
        (self.token, self.after) = (exchanged.token, exchanged.next);
        for order in exchanged.changes.iter().filter(|change| change.kind == "meal_order") {
            self.held.insert(order.record);
        }
        exchanged
    }
}

fn order(number: u8, canteen: &str, note: usize) -> WireChange {
    let text = |value: &str| Value::Text(value.into());
    let fields = [("canteen", text(canteen)), ("date", text("2026-11-22")), ("state", text("placed")), ("note", text(&"软".repeat(note)))];
    let fields: Fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    let bytes = first_change(&ActorId::from([7; 16]), &fields, 1).bytes;
    WireChange { kind: RecordKind::Order.code().to_owned(), record: [number; 16], bytes }
}

fn takes_over(two: &Two) {
    let old = two.old_program();
    let canteen = old.add_canteen("罗城街道长者饭堂", "445381001", None).unwrap().code;
    let (mut writer, mut reader) = (Device::enrolled(&old, &canteen), Device::enrolled(&old, &canteen));
    let orders: Vec<WireChange> = (0..100).map(|number| order(number, &canteen, 6_000)).collect();
    writer.exchange(&old, orders[..50].to_vec());
    writer.exchange(&old, orders[50..].to_vec());
    let first = reader.exchange(&old, Vec::new());
    assert!(first.more && !reader.held.is_empty() && reader.held.len() < 100, "the first page of several");

    // Now the newer program migrates under the running one, and takes the sync over where it stood.
    let new = two.new_program();
    assert!(reader.exchange(&new, Vec::new()).more || reader.held.len() == 100);
    while reader.held.len() < 100 {
        let before = reader.held.len();
        reader.exchange(&old, Vec::new());
        assert!(reader.held.len() > before, "the old one goes on answering");
    }

    // One writes to the one and reads from the other, in turns; both tell the same sums.
    for (number, (here, there)) in (100..).zip([(&old, &new), (&new, &old), (&old, &old), (&new, &new)]) {
        let placed = order(number, &canteen, 1);
        let state = Fields::from([("state".into(), Value::Text("out".into()))]);
        let edit = next_change(&ActorId::from([7; 16]), &[&placed.bytes], &state, 2).unwrap().bytes;
        writer.exchange(here, vec![placed.clone()]);
        let wrote = writer.exchange(there, vec![WireChange { bytes: edit, ..placed }]);
        let read = reader.exchange(there, Vec::new());
        assert_eq!(read.changes.iter().filter(|change| change.kind == RecordKind::Order.code()).count(), 2);
        assert!(reader.held.contains(&[number; 16]) && read.digest.is_some() && read.digest == wrote.digest);
        assert_eq!(reader.exchange(here, Vec::new()).digest, read.digest);
    }
    assert!(old.enrol_now_and_count(&canteen) < new.enrol_now_and_count(&canteen), "numbers are given once");

    // Started again, the old program says what is to be done.
    drop(old);
    let again = match &two.database {
        Some(database) => Server::open_at(database, two.folder.path(), Clock::by(|| 0)),
        None => Server::open(two.folder.path(), Clock::by(|| 0)),
    };
    assert!(again.unwrap_err().next_step.contains("程序版本不低于上次用过的"));
}

impl Server {
    /// Enrols one more device and gives its number.
    fn enrol_now_and_count(&self, canteen: &str) -> u32 {
        let crypto = SoftProvider::new();
        let public_key = crypto.public_key(&crypto.new_key().unwrap()).unwrap();
        let code = self.device_code(Some(canteen), None).unwrap().code.parse().unwrap();
        self.enrol(&EnrolAsk::new(&code, "电脑", &public_key, [7; 16])).unwrap().device_number
    }
}

#[test]
fn f40_a_newer_server_takes_over_mid_sync_and_the_old_one_goes_on_sqlite() {
    takes_over(&Two { database: None, folder: tempfile::tempdir().unwrap() });
}

#[test]
fn f40_a_newer_server_takes_over_mid_sync_and_the_old_one_goes_on_postgres() {
    takes_over(&Two { database: Some(Cluster::of_all().database()), folder: tempfile::tempdir().unwrap() });
}
