//! Records whose changes are logged and fed and do not merge. Their rows stay as they were; all others go on.

use super::engine::put;
use super::{StoreError, Tx};
use shared::schema::KindId;

/// A record that is quarantined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// Code word of its kind.
    pub kind: String,
    /// Its id.
    pub record: Vec<u8>,
    /// The change with which it began, by its place in the log.
    pub seq: i64,
    /// What is wrong, a code word of [`shared::crdt::CrdtError::code`]; an older server noted it in Chinese.
    pub reason: String,
    /// Since when, in seconds.
    pub at: i64,
}

impl Tx<'_> {
    /// Puts a record aside, since the change at `seq`; one that is there stays with its first reason.
    pub fn put_quarantined(&self, kind: KindId, record: &[u8], seq: i64, reason: &str, at: i64) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO quarantine (record, kind, seq, reason, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            put![record, kind.code(), seq, reason, at],
        )?;
        Ok(())
    }

    /// The record merges again.
    pub fn release(&self, kind: KindId, record: &[u8]) -> Result<(), StoreError> {
        self.execute("DELETE FROM quarantine WHERE record = $1 AND kind = $2", put![record, kind.code()])?;
        Ok(())
    }

    /// All that are quarantined, the oldest first.
    pub fn all_quarantined(&self) -> Result<Vec<QuarantinedRow>, StoreError> {
        self.all("SELECT kind, record, seq, reason, at FROM quarantine ORDER BY seq", put![], |row| {
            Ok(QuarantinedRow { kind: row.get(0)?, record: row.get(1)?, seq: row.get(2)?, reason: row.get(3)?, at: row.get(4)? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Incoming, Journal, Writer};
    use crate::store::tests::on_both;
    use crate::store::{EVERYBODY, Logged, Store};
    use shared::crdt::{self, ActorId};
    use shared::kinds::{Canteen, RecordKind};
    use shared::schema::{Fields, Record, Value};

    fn canteen(code: &str) -> Fields {
        let text = String::new;
        let canteen = Canteen {
            code: code.to_owned(),
            name: "罗城街道长者饭堂".to_owned(),
            division: "445381001".to_owned(),
            operator: None,
            cut_off_breakfast: text(),
            cut_off_lunch: text(),
            cut_off_dinner: text(),
            receipt_free_hours: 24,
        };
        canteen.to_fields()
    }

    #[test]
    fn f30_a_record_that_does_not_merge_is_quarantined_and_the_rest_goes_on() {
        on_both(put_aside_and_back);
    }

    fn put_aside_and_back(store: &Store) {
        let (ill, well, author) = ([1; 16], [2; 16], ActorId::from([7; 16]));
        let next = |history: &[Vec<u8>], name: &str, by: u8| {
            let changes = Fields::from([("name".into(), Value::Text(name.into()))]);
            crdt::next_change(&ActorId::from([by; 16]), history, &changes, 6).unwrap().bytes
        };
        let first = crdt::first_change(&author, &canteen("C1"), 5).bytes;
        let second = next(std::slice::from_ref(&first), "甲", 7);
        let third = next(&[first.clone(), second.clone()], "乙", 8);
        let other = crdt::first_change(&author, &canteen("C2"), 5).bytes;
        let log = |changes: &[(&[u8; 16], &Vec<u8>)]| {
            store.write::<_, StoreError>(|tx| {
                let mut journal = Journal::open(tx)?;
                for (record, bytes) in changes {
                    let by = Writer { device: None, at: 9 };
                    journal.append(Incoming::read((RecordKind::Canteen, **record), bytes).unwrap(), by).unwrap();
                }
                journal.flush()
            })
        };
        let seen = || {
            store.read::<_, StoreError>(|tx| {
                let name = |record| tx.row(RecordKind::Canteen, record).map(|row| row.and_then(|row| row.get("name").cloned()));
                let fed = tx.scope_of(EVERYBODY)?.map(|(_, sum)| sum.changes);
                Ok((name(&ill)?, name(&well)?, fed, tx.all_quarantined()?))
            })
        };
        let text = |name: &str| Some(Value::Text(name.into()));
        let house = text("罗城街道长者饭堂");
        log(&[(&ill, &first)]).unwrap();
        let spoil = |tx: &Tx<'_>| {
            let (pos, seq) = tx.ends()?;
            let logged = Logged { seq: seq + 1, bytes: b"no change".to_vec(), device: None, received_at: 9 };
            tx.append(&[((RecordKind::Canteen.into(), ill), &logged)])?;
            tx.put_ends(pos, logged.seq)?;
            Ok::<_, StoreError>(logged.seq)
        };
        let bad = store.write(spoil).unwrap();

        log(&[(&ill, &second), (&well, &other)]).unwrap();
        let (of_ill, of_well, fed, quarantined) = seen().unwrap();
        assert_eq!((of_ill, of_well, fed), (house.clone(), house, Some(3)), "its row stays; all is logged and fed");
        assert_eq!(quarantined.iter().map(|one| (one.record.as_slice(), one.seq, one.at)).collect::<Vec<_>>(), [(&ill[..], bad + 1, 9)]);
        assert_eq!(quarantined[0].reason, "damaged_change");

        // Once the log is repaired, the next change of the record brings it back.
        store.write::<_, StoreError>(|tx| tx.forget(bad)).unwrap();
        log(&[(&ill, &third)]).unwrap();
        let (of_ill, _, fed, quarantined) = seen().unwrap();
        assert_eq!((of_ill, fed, quarantined), (text("乙"), Some(4), vec![]));
    }
}
