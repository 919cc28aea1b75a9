//! The desk looks itself over, whether the file is whole and every row is what the log makes of it, and makes its rows
//! anew from the log.

use crate::desk::{Desk, Inner};
use crate::fault::{OrBroken, broken};
use crate::store::{StoreError, change, check, conflict, fact};
use rusqlite::Connection;
use shared::conflict::conflicts;
use shared::crdt::History;
use shared::fault::Fault;
use shared::kinds::RecordKind;
use shared::say;
use shared::schema::{RecordId, digests};
use std::collections::BTreeSet;

impl Desk {
    /// What is damaged or does not fit, in words; nothing where all is well. Changes nothing.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn check(&self) -> Result<Vec<String>, Fault> {
        self.0.check()
    }

    /// Makes all rows anew from the log, in one transaction; gives how many did not fit.
    ///
    /// # Errors
    /// When the store can't be read or written; then it is as it was.
    pub fn rebuild(&self) -> Result<u64, Fault> {
        self.0.rebuild()
    }
}

impl Inner {
    fn check(&self) -> Result<Vec<String>, Fault> {
        let mut writer = self.writer.lock().map_err(broken)?;
        if check::log_is_in_the_file(&writer) {
            let rotten = check::rotten_pages(&writer).or_broken()?;
            // Nothing else is looked at then: it would stumble over them.
            if !rotten.is_empty() {
                return Ok(rotten.iter().map(|page| say!(database::rotten_page(page))).collect());
            }
        }
        // Taken back in the end: the rows are written anew only to be compared.
        let transaction = writer.transaction().or_broken()?;
        let mut found: Vec<String> =
            check::damage(&transaction).or_broken()?.into_iter().map(|line| say!(database::damaged(&line))).collect();
        let mismatches = self.project_all(&transaction).or_broken()?;
        drop(transaction);
        drop(writer);
        found.extend(mismatches.into_iter().map(|(kind, record)| say!(database::row_differs(&self.title(Some(kind.into()), record)))));
        Ok(found)
    }

    fn rebuild(&self) -> Result<u64, Fault> {
        let mismatches = self.transact(|transaction| self.project_all(transaction))?;
        self.learn_anew()?;
        Ok(mismatches.len() as u64)
    }

    /// Writes every row as its changes make it and takes away rows of which the log knows nothing; gives those that
    /// were not as they should be. A record whose changes do not merge is quarantined already: its row stays.
    pub(crate) fn project_all(&self, connection: &Connection) -> Result<BTreeSet<(RecordKind, RecordId)>, StoreError> {
        let mut mismatches = BTreeSet::from_iter(change::remove_strays(connection)?);
        let open = conflict::all(connection)?;
        conflict::clear(connection)?;
        let known = change::records(connection)?.into_iter().filter_map(|(kind, record)| Some((kind.with_row()?, record)));
        for (kind, record) in known {
            let before = check::row(connection, kind, record)?;
            self.project_record(connection, kind, record)?;
            if check::row(connection, kind, record)? != before {
                mismatches.insert((kind, record));
            }
        }
        mismatches.extend(open.symmetric_difference(&conflict::all(connection)?).map(|(kind, record, ..)| (*kind, *record)));
        Ok(mismatches)
    }
    /// Writes the row of a record as its changes make it, and what people have to decide in it. Where they do not merge it is quarantined
    /// already, and stays as it was.
    fn project_record(&self, connection: &Connection, kind: RecordKind, record: RecordId) -> Result<(), StoreError> {
        let Ok(history) = History::of(&change::history(connection, kind, record)?) else { return Ok(()) };
        let fields = history.fields();
        // Nothing but changes that wait for others: there is nothing to show.
        if fields.is_empty() {
            return Ok(());
        }
        self.project(connection, kind, record, None, fields)?;
        if history.forked() { conflict::put(connection, kind, record, &conflicts(kind, &history)) } else { Ok(()) }
    }

    /// Makes the rows of those kinds anew whose declaration is another one than when this folder was written last: what an older
    /// program kept without knowing it is shown from now on.
    pub(crate) fn follow_declarations(&self) -> Result<(), Fault> {
        let now = digests();
        let last = self.read(fact::declared)?;
        if last == now {
            return Ok(());
        }
        self.transact(|transaction| {
            let other = |kind: &RecordKind| last.get(kind.code()) != now.get(kind.code());
            for kind in RecordKind::ALL.iter().copied().filter(|kind| kind.has_row() && kind.leaves_the_server()).filter(other) {
                change::know(transaction, kind)?;
                for record in change::records_of(transaction, kind)? {
                    self.project_record(transaction, kind, record)?;
                }
            }
            fact::set_declared(transaction, &now)
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::features::status::status;
    use shared::crdt::{ActorId, first_change};
    use shared::kinds::{Meal, MenuPrice};
    use shared::money::Fen;
    use shared::schema::Record;
    use shared::sync::client_store::{Arrived, ClientStore};
    use shared::sync::set_digest;
    use shared::wire::WireChange;

    pub(crate) fn apply(desk: &Desk, change: &WireChange) {
        desk.0.apply(&Arrived { sent: &[], refused: &[], changes: std::slice::from_ref(change), session: None }).unwrap();
    }

    /// A price as the centre writes it.
    pub(crate) fn price() -> (RecordId, Vec<u8>) {
        let price = MenuPrice {
            canteen: "C001".into(),
            meal: Meal::Lunch,
            name: "软饭".into(),
            price: Fen(1200),
            valid_from: "2026-11-01".parse().unwrap(),
            valid_to: None,
        };
        (RecordId(uuid::Uuid::from_bytes([5; 16])), first_change(&ActorId::from([7; 16]), &price.to_fields(), 1).bytes)
    }

    #[test]
    fn what_this_program_does_not_know_is_kept_counted_and_let_go_like_all_else() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path()).unwrap();
        let record = RecordId(uuid::Uuid::from_bytes([3; 16]));
        let later = |bytes: &[u8]| WireChange { kind: "menu_of_2031".into(), record: *record.0.as_bytes(), bytes: bytes.to_vec() };
        // Whatever it says: a later kind need not be a document.
        for bytes in [price().1, b"a key of some other make, say".to_vec()] {
            apply(&desk, &later(&bytes));
            apply(&desk, &later(&bytes));
        }
        let (status, digest) = (status(&desk.0.look()).unwrap(), desk.0.digest().unwrap());
        assert_eq!((status.refused, status.quarantined, status.conflicts, digest.changes), (0, 0, 0, 2));
        let mut names = Vec::new();
        desk.0.walk(&mut |name| names.push(name)).unwrap();
        let kind = shared::schema::KindId::of_code("menu_of_2031").unwrap();
        assert!(names.contains(&set_digest::id(kind, record.bytes(), &price().1)));
        assert_eq!((desk.check().unwrap(), desk.rebuild().unwrap()), (Vec::new(), 0));
        apply(&desk, &later(&[]));
        assert_eq!(desk.0.digest().unwrap().changes, 0, "it left");
        assert_eq!(desk.check().unwrap(), Vec::<String>::new());
    }
}
