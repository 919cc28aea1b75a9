//! Compaction: the old part of what each scope reads is packed in pages, once, so that a first pull neither reads the log change
//! by change nor packs anything. Nothing is taken away by it. A page is put in by a transaction of its own after it was packed
//! without any lock; so it may be cut off anywhere, run beside syncs, and in several processes at once.

use crate::fault::Refusal;
use crate::store::{EVERYBODY, SnapshotPage, StoreError};
use crate::{Parts, Server};
use serde::Serialize;
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent};
use shared::sync::snapshot::{self, MAX_PAGE_CHANGES, PAGE_FILL};
use std::time::Duration;

/// While serving it is asked this often whether it is time.
const PAUSE: Duration = Duration::from_secs(60);
/// The hours of the night in which a server compacts by itself, once.
const NIGHT: std::ops::Range<i8> = 1..5;
/// The night in which it was last done, known to all servers on one database.
const DONE_ON: &str = "compacted_on";

/// What a compaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compacted {
    /// Scopes that devices read.
    pub scopes: u64,
    /// Pages that are there.
    pub pages: u64,
    /// Of these, new ones.
    pub packed: u64,
    /// Bytes of the new ones.
    pub bytes: u64,
}

/// A compaction under way, page by page.
#[derive(Debug, Default)]
struct Compaction {
    /// So many bytes of changes make a page.
    fill: usize,
    /// Scopes that are left.
    scopes: Vec<i64>,
    everybody: i64,
    after: i64,
    done: Compacted,
}

impl Server {
    /// Packs what is old enough to fill pages.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails; pages packed by then are there.
    pub fn compact(&self) -> Result<Compacted, Fault> {
        self.compact_in(PAGE_FILL)
    }

    /// Packs into pages of about so many bytes of changes, where those of [`Server::compact`] are too large.
    ///
    /// # Errors
    /// As [`Server::compact`].
    pub fn compact_in(&self, fill: usize) -> Result<Compacted, Fault> {
        let done = self.compact_all(fill).map_err(Refusal::from)?;
        self.0.commanded(AuditEvent::Compacted, |_, noted| {
            noted.made(AuditDetail::Amount, done.packed);
            Ok(())
        })?;
        Ok(done)
    }

    fn compact_all(&self, fill: usize) -> Result<Compacted, StoreError> {
        let mut compaction = Compaction::begin(&self.0, fill.min(PAGE_FILL))?;
        while compaction.step(&self.0)? {}
        Ok(compaction.done)
    }
}

impl Compaction {
    fn begin(parts: &Parts, fill: usize) -> Result<Self, StoreError> {
        let scopes = parts.store.read(|tx| tx.scopes())?;
        let everybody = scopes.iter().find(|(name, ..)| name == EVERYBODY).map_or(0, |(_, id, _)| *id);
        let scopes: Vec<i64> = scopes.into_iter().map(|(_, id, _)| id).filter(|id| *id != everybody).collect();
        let done = Compacted { scopes: scopes.len() as u64, ..Compacted::default() };
        Ok(Self { fill, scopes, everybody, after: 0, done })
    }

    /// Packs a page, or passes by one that is there; tells whether there is more to do.
    fn step(&mut self, parts: &Parts) -> Result<bool, StoreError> {
        let Some(scope) = self.scopes.last().copied() else { return Ok(false) };
        let (scopes, after) = ([scope, self.everybody], self.after);
        if let Some(upto) = parts.store.read(|tx| tx.snapshot_upto(scope, after))? {
            self.done.pages += 1;
            self.after = upto;
            return Ok(true);
        }
        let (page, held) = parts.store.read(|tx| {
            let until = tx.next_snapshot(scope, after)?;
            let page = tx.page(scopes, (after, until), (self.fill, MAX_PAGE_CHANGES), None)?;
            let held = tx.held_between(scopes, after, upto(page.next))?;
            Ok::<_, StoreError>((page, held))
        })?;
        if !page.more {
            // What does not fill a page yet is read from the feeds.
            self.scopes.pop();
            self.after = 0;
            return Ok(true);
        }
        let upto = upto(page.next);
        let packed = snapshot::pack(&page.changes);
        if let Err(error) = &packed {
            tracing::error!(%error, scope, after, "a page of a snapshot can't be packed; it is read from the feeds");
        }
        if let Ok(packed) = packed
            && !page.changes.is_empty()
        {
            let bytes = packed.len() as u64;
            let new = SnapshotPage { after, upto, page: packed };
            // Something may have left since it was read; then this page is not right, and the next time makes a better one.
            let put = |tx: &crate::store::Tx<'_>| {
                Ok::<_, StoreError>(tx.held_between(scopes, after, upto)? == held && tx.put_snapshot(scope, &new)?)
            };
            if parts.store.write(put)? {
                self.done.pages += 1;
                self.done.packed += 1;
                self.done.bytes += bytes;
            }
        }
        self.after = upto;
        Ok(true)
    }
}

fn upto(next: u64) -> i64 {
    i64::try_from(next).unwrap_or(i64::MAX)
}

/// Compacts in the night, once, as long as it is asked to; a server that starts in the night begins with it. A page at a
/// time, so that an end does not wait for all of it.
pub async fn compact_on(server: Server) {
    loop {
        // What fails is in the log, and tried again in the next night.
        let mut compaction = server.run(|parts| Ok(tonight(parts)?)).await.ok().flatten();
        while let Some(mut going) = compaction.take() {
            compaction = server.run(move |parts| Ok(going.step(parts)?.then_some(going))).await.ok().flatten();
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Begins where it is night and nobody else has begun in this one.
fn tonight(parts: &Parts) -> Result<Option<Compaction>, StoreError> {
    let now = parts.clock.civil();
    let today = now.date().to_string();
    let due = |tx: &crate::store::Tx<'_>| Ok::<_, StoreError>(tx.setting(DONE_ON)?.as_deref() != Some(today.as_str()));
    if !NIGHT.contains(&now.hour()) || !parts.store.read(due)? {
        return Ok(None);
    }
    let mine = parts.store.write(|tx| {
        let mine = due(tx)?;
        tx.set(DONE_ON, &today)?;
        Ok::<_, StoreError>(mine)
    })?;
    if mine { Compaction::begin(parts, PAGE_FILL).map(Some) } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// 2026-11-22 00:00 in China.
    const MIDNIGHT: i64 = 1_795_276_800;
    const HOUR: i64 = 3_600;

    #[test]
    fn a_server_packs_once_a_night() {
        let folder = tempfile::tempdir().unwrap();
        let hand = Arc::new(AtomicI64::new(MIDNIGHT));
        let clock = || {
            let hand = Arc::clone(&hand);
            Clock::by(move || hand.load(Ordering::Relaxed))
        };
        let [one, other] = [0, 1].map(|_| Server::open(folder.path(), clock()).unwrap());
        let begins = |server: &Server, hour: i64| {
            hand.store(MIDNIGHT + hour * HOUR, Ordering::Relaxed);
            tonight(&server.0).unwrap().is_some()
        };
        assert!(!begins(&one, 0) && !begins(&one, 12), "not by day");
        assert!(begins(&one, 25) && !begins(&one, 26) && !begins(&other, 27), "one of the servers, once");
        assert!(begins(&other, 51), "and in the next night");
    }
}
