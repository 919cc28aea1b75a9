//! `quarantine`: records whose changes are logged and do not merge. Their rows stay as they were; all others go on.

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, params};
use shared::kinds::RecordKind;
use shared::schema::RecordId;

/// Puts a record aside, since the change at `seq`; one that is there stays with its first reason.
pub(crate) fn put(
    connection: &Connection,
    kind: RecordKind,
    record: RecordId,
    seq: i64,
    reason: &str,
    at: DateTime,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("INSERT INTO quarantine (record, kind, seq, reason, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?;
    statement.execute(params![record.bytes(), kind.code(), seq, reason, at.to_string()])?;
    Ok(())
}

/// The record merges again.
pub(crate) fn release(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM quarantine WHERE record = ?1 AND kind = ?2")?.execute(params![record.bytes(), kind.code()])?;
    Ok(())
}

/// Whether a record is quarantined.
pub(crate) fn holds(connection: &Connection, kind: RecordKind, record: RecordId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM quarantine WHERE record = ?1 AND kind = ?2")?;
    Ok(statement.exists(params![record.bytes(), kind.code()])?)
}

/// How many records are quarantined.
pub(crate) fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT count(*) FROM quarantine")?.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, Inner};
    use crate::features::status::status;
    use crate::journal::Mutation;
    use crate::store::change;
    use shared::crdt::{self, ActorId};
    use shared::fault::Code;
    use shared::kinds::Operator;
    use shared::schema::{Fields, Record, Value};
    use shared::sync::client_store::{Arrived, ClientStore};
    use shared::wire::{Enrolled, WireChange};

    fn operator(name: &str) -> Fields {
        Operator { name: name.to_owned(), licence: None, phone: None }.to_fields()
    }

    fn named(desk: &Inner, record: RecordId) -> Option<String> {
        let row =
            |store: &Connection| Ok(store.query_row("SELECT name FROM operator WHERE id = ?1", [record.bytes()], |row| row.get(0)).ok());
        desk.read(row).unwrap()
    }

    #[test]
    fn f30_a_record_that_does_not_merge_is_quarantined_and_the_rest_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let open = Desk::open(folder.path()).unwrap();
        let desk = &*open.0;
        let (ill, well) = (desk.new_id(), desk.new_id());
        let first = crdt::first_change(&ActorId::from([7; 16]), &operator("康养"), 5).bytes;
        let renamed = Fields::from([("name".into(), Value::Text("新康养".into()))]);
        let second = crdt::next_change(&ActorId::from([7; 16]), std::slice::from_ref(&first), &renamed, 6).unwrap().bytes;
        let other = crdt::first_change(&ActorId::from([8; 16]), &operator("另一家"), 5).bytes;
        let wire =
            |record: RecordId, bytes: &[u8]| WireChange { kind: "operator".into(), record: *record.0.as_bytes(), bytes: bytes.to_vec() };
        let apply = |changes: &[WireChange]| desk.apply(&Arrived { sent: &[], refused: &[], changes, session: None }).unwrap();
        assert_eq!(apply(&[wire(ill, &first)]), 1);
        let poisoned = desk.transact(|transaction| change::append(transaction, RecordKind::Operator, ill, b"no change", false)).unwrap();

        let before = desk.digest().unwrap();
        assert_eq!(apply(&[wire(ill, &second), wire(well, &other)]), 2, "both are logged");
        assert_eq!(desk.digest().unwrap().changes, before.changes + 2, "and counted");
        assert_eq!(
            (named(desk, ill).as_deref(), named(desk, well).as_deref()),
            (Some("康养"), Some("另一家")),
            "its row stays, the rest goes on"
        );
        assert_eq!(status(&desk.look()).unwrap().quarantined, 1);
        let fault = desk.commit(&[Mutation::edit(RecordKind::Operator, ill, renamed)]).unwrap_err();
        assert_eq!(fault.code, Code::NotNow, "{fault}");

        // Once the log is repaired, the next change of the record brings it back.
        desk.transact(|transaction| Ok(transaction.execute("DELETE FROM change_log WHERE seq = ?1", [poisoned])?)).unwrap();
        let third = Fields::from([("phone".into(), Value::Text("0766".into()))]);
        let third = crdt::next_change(&ActorId::from([9; 16]), &[first, second], &third, 7).unwrap().bytes;
        apply(&[wire(ill, &third)]);
        assert_eq!((named(desk, ill).as_deref(), status(&desk.look()).unwrap().quarantined), (Some("新康养"), 0));
    }

    #[test]
    fn f30_a_list_is_imported_but_for_the_elder_who_is_quarantined() {
        let folder = tempfile::tempdir().unwrap();
        let open = Desk::open(folder.path()).unwrap();
        let desk = &*open.0;
        let enrolled = Enrolled {
            device: desk.new_id(),
            device_number: 1,
            canteen: None,
            division: "445381001".to_owned(),
            keys: String::new(),
            server_key: String::new(),
        };
        desk.change_facts(|facts| {
            facts.enrolled = Some(enrolled);
            facts.person_keys = Some(shared::seal::PersonKeys(vec![("4453".to_owned(), vec![0; 32])]));
        })
        .unwrap();
        let town_key = shared::crypto::SecretKey::from_bytes([7; 16]);
        desk.transact(|transaction| crate::store::key::keep_town(transaction, "445381001", &town_key)).unwrap();
        let list = folder.path().join("名单.csv");
        let import = |phones: [&str; 2]| {
            let rows = format!(
                "姓名,身份证号,联系电话,村居\n王桂英,445381195001010029,{},细坑社区\n李木生,445381195102030010,{},细坑社区\n",
                phones[0], phones[1]
            );
            std::fs::write(&list, rows).unwrap();
            let done = open.import_file(&list, false, None).unwrap();
            (done.new, done.update, done.error, done.rows.into_iter().map(|row| row.code).collect::<Vec<_>>())
        };
        assert_eq!(import(["13800138000", "13800138001"]), (2, 0, 0, vec!["new".to_owned(); 2]));
        let ill = desk.read(|store| Ok(store.query_row("SELECT id FROM elder WHERE name = '王桂英'", [], |row| row.get(0))?)).unwrap();
        let ill = RecordId(uuid::Uuid::from_bytes(ill));
        desk.transact(|transaction| {
            let seq = change::append(transaction, RecordKind::Elder, ill, b"no change", false)?;
            put(transaction, RecordKind::Elder, ill, seq, "已损坏", desk.clock.now())
        })
        .unwrap();
        assert_eq!(import(["13800138002", "13800138003"]), (0, 1, 1, vec!["quarantined".to_owned(), "update".to_owned()]));
    }
}
