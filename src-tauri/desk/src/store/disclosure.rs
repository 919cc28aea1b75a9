//! Disclosures as rows: the end of a chain, and what left in a time.

use super::{StoreError, fact};
use rusqlite::{Connection, OptionalExtension, params};
use shared::kinds::Disclosure;
use shared::schema::{Record, RecordId};

/// The last place of the chain, and the MAC that stands there.
const HEAD: &str = "disclosure_head";
/// Up to this place rows may be missing: this desk was shut out, and forgot what the server knows.
pub(super) const FORGOTTEN: &str = "disclosure_forgotten";

/// The last place of a chain and its MAC; nothing of one in which nothing stands yet.
pub(crate) fn head(store: &Connection, chain: &str) -> Result<Option<(i64, String)>, StoreError> {
    let kept = fact::get(store, HEAD)?.and_then(|kept| {
        let (sequence, mac) = kept.split_once(' ')?;
        Some((sequence.parse().ok()?, mac.to_owned()))
    });
    let mut last = store.prepare_cached("SELECT sequence, mac FROM disclosure WHERE chain = ?1 ORDER BY sequence DESC LIMIT 1")?;
    let last = last.query_row([chain], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    // A file that was recovered may have lost either.
    Ok([kept, last].into_iter().flatten().max())
}

/// Keeps the end of the chain.
pub(crate) fn keep_head(store: &Connection, sequence: i64, mac: &str) -> Result<(), StoreError> {
    fact::set(store, HEAD, &format!("{sequence} {mac}"))
}

/// Up to which place of the chain rows may be missing.
pub(crate) fn forgotten(store: &Connection) -> Result<i64, StoreError> {
    Ok(fact::get(store, FORGOTTEN)?.and_then(|place| place.parse().ok()).unwrap_or(0))
}

/// From here on the rows up to the end may be missing.
pub(super) fn forget(store: &Connection) -> Result<(), StoreError> {
    match fact::get(store, HEAD)?.as_deref().and_then(|kept| kept.split_once(' ')) {
        Some((sequence, _)) => fact::set(store, FORGOTTEN, sequence),
        None => Ok(()),
    }
}

/// Of how many people the full numbers left since then, but for what an office's own list brought.
pub(crate) fn persons_since(store: &Connection, chain: &str, at: &str) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(sum(persons), 0) FROM disclosure WHERE chain = ?1 AND at >= ?2 AND unmasked = 1 AND list IS NOT 'errors'";
    let persons: i64 = store.prepare_cached(sql)?.query_row(params![chain, at], |row| row.get(0))?;
    Ok(u64::try_from(persons).unwrap_or(0))
}

/// All rows of a chain that are here, in their order.
pub(crate) fn of_chain(store: &Connection, chain: &str) -> Result<Vec<Disclosure>, StoreError> {
    let mut ids = store.prepare_cached("SELECT id FROM disclosure WHERE chain = ?1 ORDER BY sequence")?;
    let ids = ids.query_map([chain], |row| row.get(0))?.collect::<Result<Vec<[u8; 16]>, _>>()?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let fields = super::row::read(store, Disclosure::KIND, RecordId(uuid::Uuid::from_bytes(id)))?;
        found.extend(fields.and_then(|fields| Disclosure::from_fields(&fields).ok()));
    }
    Ok(found)
}

/// Changes or loses the row at a place, past the journal.
#[cfg(test)]
pub(crate) fn harm(store: &Connection, place: i64, loses: bool) -> Result<(), StoreError> {
    let sql = if loses { "DELETE FROM disclosure WHERE sequence = ?1" } else { "UPDATE disclosure SET persons = 0 WHERE sequence = ?1" };
    store.execute(sql, [place])?;
    Ok(())
}
