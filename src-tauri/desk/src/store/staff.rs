//! `staff`, and their PINs on this computer (`pin`).

use super::StoreError;
use jiff::civil::DateTime;
use rusqlite::{Connection, OptionalExtension, params};
use shared::schema::RecordId;

/// What is kept of somebody's PIN.
#[derive(Clone, Debug)]
pub(crate) struct KeptPin {
    pub(crate) verifier: String,
    pub(crate) chosen_at: DateTime,
    pub(crate) wrong: u32,
    /// In seconds.
    pub(crate) wait_until: Option<i64>,
}

/// The PIN of somebody.
pub(crate) fn pin(connection: &Connection, staff: RecordId) -> Result<Option<KeptPin>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT verifier, chosen_at, wrong, wait_until FROM pin WHERE staff = ?1")?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?));
    let found = statement.query_row([staff.bytes()], read).optional()?;
    Ok(found.map(|(verifier, chosen_at, wrong, wait_until)| KeptPin {
        verifier,
        // One that can't be read is older than any reset.
        chosen_at: chosen_at.parse().unwrap_or(DateTime::MIN),
        wrong,
        wait_until,
    }))
}

/// Keeps a PIN that was chosen now.
pub(crate) fn put_pin(connection: &Connection, staff: RecordId, verifier: &str, now: DateTime) -> Result<(), StoreError> {
    let sql = "INSERT INTO pin (staff, verifier, chosen_at) VALUES (?1, ?2, ?3)
               ON CONFLICT (staff) DO UPDATE SET verifier = excluded.verifier, chosen_at = excluded.chosen_at, wrong = 0, wait_until = NULL";
    connection.prepare_cached(sql)?.execute(params![staff.bytes(), verifier, now.to_string()])?;
    Ok(())
}

/// Counts the tries since the last right one, and says until when nothing is tried.
pub(crate) fn set_wrong(connection: &Connection, staff: RecordId, wrong: u32, wait_until: Option<i64>) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE pin SET wrong = ?2, wait_until = ?3 WHERE staff = ?1")?.execute(params![
        staff.bytes(),
        wrong,
        wait_until
    ])?;
    Ok(())
}

/// Whether anybody ever chose a PIN here.
pub(crate) fn any_pin(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM pin LIMIT 1")?.exists([])?)
}

/// Whether anybody who is still among the staff did.
pub(crate) fn any_of_the_staff(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM pin JOIN staff ON staff.id = pin.staff LIMIT 1")?.exists([])?)
}

/// The name of who bears that mark, among those who were entered before.
pub(crate) fn called(connection: &Connection, mark: &[u8; 4], made_at: i64) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, name FROM staff WHERE substr(id, 13) = ?1")?;
    let found = statement.query_map([&mark[..]], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get(1)?)))?;
    for found in found {
        let (id, name) = found?;
        if RecordId(uuid::Uuid::from_bytes(id)).made_at().is_none_or(|made| made <= made_at) {
            return Ok(name);
        }
    }
    Ok(None)
}
