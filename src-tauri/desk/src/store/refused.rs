//! `refused_change`: changes of this desk that the server does not take, with the code word of the reason; an older program wrote
//! a sentence there. They stay in the log.

use super::StoreError;
use super::change::StoredChange;
use jiff::civil::DateTime;
use rusqlite::{Connection, params};
use shared::kinds::RecordKind;
use shared::schema::KindId;
use shared::sync::ChangeId;
use shared::wire::RefusedReason;

/// Sets a change aside, with the reason.
pub(crate) fn put(connection: &Connection, seq: i64, reason: RefusedReason, at: DateTime) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO refused_change (seq, reason, at) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![seq, reason.code(), at.to_string()])?;
    Ok(())
}

/// Takes changes back from those set aside, since the server has them after all.
pub(crate) fn accept_after_all(connection: &Connection, seq: i64) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("DELETE FROM refused_change WHERE seq = ?1")?.execute([seq])? > 0)
}

/// Puts what was written about elders whom another place held into the outbox again, where the file is here by now, or where no request shows
/// that the place was asked: a restored server does not know of it.
pub(crate) fn ask_again(connection: &Connection) -> Result<(), StoreError> {
    const ASKED: &str = "FROM refused_change r JOIN change_log l ON l.seq = r.seq WHERE r.reason = 'asked'";
    let elder = RecordKind::Elder.number;
    let due = format!(
        "SELECT r.seq {ASKED} AND l.record IN (SELECT l.record {ASKED} AND l.kind = {elder}) \
         AND (NOT EXISTS (SELECT 1 FROM transfer t WHERE t.elder = l.record AND t.side = 'asking') \
              OR EXISTS (SELECT 1 FROM change_log o WHERE o.record = l.record AND o.kind = {elder} \
                         AND o.seq NOT IN (SELECT seq FROM refused_change)))"
    );
    connection.prepare_cached(&format!("INSERT INTO send_again (seq) {due} ON CONFLICT DO NOTHING"))?.execute([])?;
    connection.prepare_cached("DELETE FROM refused_change WHERE reason = 'asked' AND seq IN (SELECT seq FROM send_again)")?.execute([])?;
    Ok(())
}

/// Name, kind, record and reason of a refused change.
pub(crate) type RefusedRow = (ChangeId, KindId, [u8; 16], String);

/// Of these: what this desk wrote, and what is not told as a request. From the few that are refused, and never from all that was ever written: without
/// statistics SQLite holds `own` for the narrower condition.
const OWN: &str = "FROM refused_change r CROSS JOIN change_log l ON l.seq = r.seq WHERE r.reason <> 'asked' AND l.own = 1";

/// How many [`all`] would give.
pub(crate) fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached(&format!("SELECT count(*) {OWN}"))?.query_row([], |row| row.get(0))?)
}

/// Refused changes of this desk, the latest first. What waits for another place's answer is none: that is told as a request. Nor is what others
/// wrote and a restored server lost: only they may say it again.
pub(crate) fn all(connection: &Connection) -> Result<Vec<RefusedRow>, StoreError> {
    let sql = format!("SELECT l.seq, l.kind, l.record, l.packed, r.reason {OWN} ORDER BY r.seq DESC LIMIT 500");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut refused = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = StoredChange::of(row)?;
        refused.push((stored.name(), stored.kind, stored.record, row.get(4)?));
    }
    Ok(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each sync and each look of a screen counts them.
    #[test]
    fn what_is_refused_is_counted_without_a_look_at_the_whole_log() {
        let dir = tempfile::tempdir().unwrap();
        let store = crate::store::open_writer(dir.path(), &[7; 32]).unwrap();
        let mut statement = store.prepare(&format!("EXPLAIN QUERY PLAN SELECT count(*) {OWN}")).unwrap();
        let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap().map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(steps, ["SCAN r", "SEARCH l USING INTEGER PRIMARY KEY (rowid=?)"]);
        assert_eq!(count(&store).unwrap(), 0);
    }
}
