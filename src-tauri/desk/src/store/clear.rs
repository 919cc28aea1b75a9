//! Forgetting: everything that came from the server or is there already goes; what has not gone up stays.

use super::{StoreError, change, checkpoint, disclosure};
use rusqlite::{Connection, Transaction};
use shared::kinds::RecordKind;

/// Forgets it all, in the caller's transaction; gives the hashes of photos that can go.
pub(crate) fn clear(store: &Transaction<'_>) -> Result<Vec<String>, StoreError> {
    for kind in RecordKind::ALL.iter().filter(|kind| kind.has_row() && kind.leaves_the_server()) {
        store.execute(&format!("DELETE FROM {}", kind.code()), [])?;
    }
    change::keep_unsent(store)?;
    disclosure::forget(store)?;
    for table in ["former_elder", "import_elder", "import", "quarantine", "conflict", "pin"] {
        store.execute(&format!("DELETE FROM {table}"), [])?;
    }
    store.execute("DELETE FROM desk_fact WHERE name = 'run'", [])?;
    // The keys of what waits stay with it.
    store.execute("DELETE FROM elder_key WHERE elder NOT IN (SELECT record FROM change_log)", [])?;
    store.execute("DELETE FROM town_key", [])?;
    let mut sent = store.prepare("DELETE FROM photo WHERE sent = 1 RETURNING hash")?;
    let hashes = sent.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// Leaves nothing of it in free pages and in the log of writes.
pub(crate) fn vacuum(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("VACUUM")?;
    checkpoint(connection)
}
