//! Bringing two ends together whose sums differ: which names to ask for, and what is missing where.

use super::client_store::ClientStore;
use super::desk::SyncError;
use super::set_digest::{self, ChangeId};
use crate::schema::KindId;
use crate::wire::WireChange;
use std::collections::HashSet;

/// Names in one answer: random bytes, they do not shrink.
const MAX_BUCKET_IDS: u64 = 50_000;

/// So many parts as make one answer of names.
pub(super) fn at_once(parts: &[(u8, u64)]) -> Vec<u8> {
    let mut names = 0;
    let fits = parts.iter().take_while(|(_, count)| {
        names += count;
        names <= MAX_BUCKET_IDS
    });
    let fits = fits.count().max(1);
    parts.iter().take(fits).map(|(part, _)| *part).collect()
}

/// What the server has and we don't is missing here; what we have and it has not goes up again.
pub(super) fn compare<O: ClientStore>(store: &O, theirs: Vec<ChangeId>, asked: &[u8]) -> Result<HashSet<ChangeId>, SyncError<O::Error>> {
    let mut missing: HashSet<ChangeId> = theirs.into_iter().filter(|name| asked.contains(&name[0])).collect();
    let mut lost = HashSet::new();
    store.walk(&mut |name| {
        if asked.contains(&name[0]) && !missing.remove(&name) {
            lost.insert(name);
        }
    })?;
    if !lost.is_empty() {
        store.send_again(&lost)?;
    }
    Ok(missing)
}

/// The name of a change; `None` where its kind is none.
pub(super) fn name_of(change: &WireChange) -> Option<ChangeId> {
    let kind = KindId::of_code(&change.kind)?;
    Some(set_digest::id(kind, &change.record, &change.bytes))
}
