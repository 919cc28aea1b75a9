//! The order numbers that a device gave. They are counted from the orders themselves; what is kept beside them is how far that was
//! done, now and then: a row of its own would cost every order a page.

use super::{StoreError, change, fact};
use rusqlite::{Connection, params};

/// So many positions in the log are counted anew before it is noted how far.
const NOTE_EVERY: i64 = 1_000;

/// No device gives more numbers than that; another office may have written a greater one.
pub(crate) const MOST: u32 = 1 << 30;

/// The last number of a device among the orders up to a position in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    device: u32,
    last: u32,
    upto: i64,
}

impl Given {
    /// As noted in the store.
    fn noted(connection: &Connection, device: u32) -> Result<Option<Self>, StoreError> {
        let noted = fact::get(connection, &name(device))?;
        let parts = noted.as_deref().and_then(|noted| noted.split_once(' '));
        Ok(parts.and_then(|(last, upto)| Some(Self { device, last: last.parse().ok()?, upto: upto.parse().ok()? })))
    }

    fn note(self, connection: &Connection) -> Result<(), StoreError> {
        fact::set(connection, &name(self.device), &format!("{} {}", self.last, self.upto))
    }

    /// As it stands now.
    fn counted(self, connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT coalesce(max(CAST(substr(number, length(?1) + 1) AS INTEGER) / 10), 0) FROM meal_order
             WHERE seq > ?2 AND number >= ?1 AND number < ?3 AND CAST(substr(number, length(?1) + 1) AS INTEGER) / 10 <= ?4",
        )?;
        let (from, behind) = (format!("{}-", self.device), format!("{}.", self.device));
        let last: u32 = statement.query_row(params![from, self.upto, behind, MOST], |row| row.get(0))?;
        Ok(Self { device: self.device, last: self.last.max(last), upto: change::last(connection)?.0 })
    }
}

/// The fact that says how far was counted.
fn name(device: u32) -> String {
    format!("order_sequence {device}")
}

/// The next order sequence of a device, in the transaction of the order itself: two programs on one folder never give the same
/// number. `known` is what this program counted before, to be forgotten when a transaction is taken back.
pub(crate) fn next_sequence(connection: &Connection, device: u32, known: &mut Option<Given>) -> Result<u32, StoreError> {
    let noted = Given::noted(connection, device)?.unwrap_or(Given { device, ..Given::default() });
    let from = known.filter(|known| known.device == device && known.upto >= noted.upto).unwrap_or(noted);
    let now = Given { last: from.last.max(noted.last), ..from }.counted(connection)?;
    if now.upto - noted.upto > NOTE_EVERY {
        now.note(connection)?;
    }
    *known = Some(now);
    Ok(now.last + 1)
}

/// The greatest sequence among the orders of a device that are here.
pub(crate) fn greatest(connection: &Connection, device: u32) -> Result<u32, StoreError> {
    Ok(Given { device, ..Given::default() }.counted(connection)?.last)
}

/// Notes the last number of a device before orders go: what was given is not given again.
pub(crate) fn note(connection: &Connection, device: u32) -> Result<(), StoreError> {
    let noted = Given::noted(connection, device)?.unwrap_or(Given { device, ..Given::default() });
    let now = noted.counted(connection)?;
    if now == noted { Ok(()) } else { now.note(connection) }
}

/// The last number that was noted, and the position in the log up to which orders were counted.
pub(crate) fn noted(connection: &Connection, device: u32) -> Result<Option<(u32, u64)>, StoreError> {
    Ok(Given::noted(connection, device)?.map(|noted| (noted.last, u64::try_from(noted.upto).unwrap_or_default())))
}

/// No sequence up to `given` is given again; the orders up to that position in the log are among them.
pub(crate) fn go_on_behind(connection: &Connection, device: u32, given: u32, upto: i64) -> Result<(), StoreError> {
    Given { device, last: given, upto }.note(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{open_writer, row};
    use shared::kinds::RecordKind;
    use shared::rule::order_number;
    use shared::schema::{Fields, RecordId, Value};

    /// One program on a folder: its connection and what it counted.
    struct Program(Connection, Option<Given>);

    impl Program {
        fn open(folder: &std::path::Path) -> Self {
            Self(open_writer(folder, &[7; 32]).unwrap(), None)
        }

        /// Takes an order; `keep` tells whether its transaction goes through.
        fn order(&mut self, keep: bool) -> u32 {
            let transaction = self.0.unchecked_transaction().unwrap();
            let sequence = next_sequence(&transaction, 3, &mut self.1).unwrap();
            append(&transaction, &order_number::compose(3, sequence));
            if keep {
                transaction.commit().unwrap()
            } else {
                transaction.rollback().unwrap()
            }
            if !keep {
                self.1 = None;
            }
            sequence
        }
    }

    fn append(store: &Connection, number: &str) -> RecordId {
        let (kind, record) = (RecordKind::Order, RecordId(uuid::Uuid::new_v4()));
        let seq = change::append(store, kind, record, number.as_bytes(), true).unwrap();
        row::write(store, kind, record, Some(seq), &Fields::from([("number".into(), Value::Text(number.into()))])).unwrap();
        record
    }

    #[test]
    fn programs_on_one_folder_share_the_numbers_and_leave_none_out() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (Program::open(folder.path()), Program::open(folder.path()));
        assert_eq!(
            [one.order(true), one.order(true), other.order(true), one.order(false), other.order(true), one.order(true)],
            [1, 2, 3, 4, 4, 5]
        );
        append(&one.0, &order_number::compose(33, 70));
        append(&one.0, "3-99999999999");
        append(&one.0, &order_number::compose(3, 40));
        assert_eq!([other.order(true), one.order(true), Program::open(folder.path()).order(true)], [41, 42, 43]);
        assert_eq!(fact::get(&one.0, "order_sequence 3").unwrap(), None, "nothing is noted for so few");
    }

    #[test]
    fn what_was_given_is_not_given_again_when_the_orders_are_gone() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut idle) = (Program::open(folder.path()), Program::open(folder.path()));
        idle.order(true);
        let number = (0..4).map(|_| one.order(true)).last().unwrap();
        note(&one.0, 3).unwrap();
        for (kind, record) in change::records(&one.0).unwrap() {
            row::remove(&one.0, kind.with_row().unwrap(), record).unwrap();
        }
        assert_eq!([idle.order(true), Program::open(folder.path()).order(true), one.order(true)], [number + 1, number + 2, number + 3]);
    }

    #[test]
    fn orders_that_go_one_by_one_are_counted_once_also_where_the_device_gave_none() {
        let folder = tempfile::tempdir().unwrap();
        let one = Program::open(folder.path());
        append(&one.0, &order_number::compose(4, 1));
        note(&one.0, 3).unwrap();
        assert_eq!(noted(&one.0, 3).unwrap(), Some((0, 1)), "the next look begins behind it");
    }

    #[test]
    fn how_far_was_counted_is_noted_now_and_then() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = Program::open(folder.path());
        for _ in 0..=NOTE_EVERY {
            change::append(&one.0, RecordKind::Elder, RecordId(uuid::Uuid::new_v4()), b"x", false).unwrap();
        }
        one.order(true);
        one.order(true);
        assert_eq!(fact::get(&one.0, "order_sequence 3").unwrap(), Some(format!("0 {}", NOTE_EVERY + 1)));
        assert_eq!(Program::open(folder.path()).order(true), 3);
    }
}
