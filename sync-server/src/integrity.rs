//! Whether the database is as this program wrote it: rows that decide are sealed (`store::seal`), once, when the database comes from a version
//! without seals; what another hand changed is noted in the audit log, and told to auditors until it is settled. A server that serves looks
//! by itself: at what does not grow every minute, at everything when it starts and once a day.

use crate::audit::{Actor, Event};
use crate::fault::{self, Refusal};
use crate::key_provider::KeyProvider;
use crate::private_file;
use crate::store::{Database, Forged, Seal, Store, StoreError};
use crate::{Clock, Parts, Server};
use serde::Serialize;
use shared::crypto::CryptoProvider;
use shared::fault::Fault;
use shared::kinds::{AuditDetail, AuditEvent};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// In the data folder: the tables that were sealed, a line each. Who has only SQL can't have them sealed again.
pub(crate) const FILE: &str = "sealed-tables";
/// It is looked so often.
const PAUSE: Duration = Duration::from_secs(60);
const DAY: i64 = 86_400;

/// What a process knows of its database.
#[derive(Debug, Default)]
pub(crate) struct Integrity {
    /// So much was found to be wrong the last time that it was looked over, or since.
    broken: AtomicU64,
}

impl Integrity {
    /// How much is not as it was written, where something is.
    pub fn broken(&self) -> Option<u64> {
        Some(self.broken.load(Ordering::Relaxed)).filter(|many| *many > 0)
    }
}

/// What is sealed when a database is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealing {
    /// What never was.
    Once,
    /// Everything, as it stands.
    Anew,
}

/// What sealing anew did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SealedAnew {
    /// Rows that are sealed now.
    pub rows: u64,
}

fn known(folder: &Path) -> std::io::Result<BTreeSet<String>> {
    match std::fs::read_to_string(folder.join(FILE)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        text => Ok(text?.lines().map(ToOwned::to_owned).collect()),
    }
}

fn keep(folder: &Path, tables: &BTreeSet<String>) -> std::io::Result<()> {
    let lines: String = tables.iter().map(|table| format!("{table}\n")).collect();
    private_file::write(&folder.join(FILE), lines.as_bytes())
}

/// Gives the store its seals; what was never sealed is sealed now, once, or everything anew. Gives how many rows that were.
pub(crate) fn begin(
    store: &Store,
    folder: &Path,
    crypto: &Arc<dyn CryptoProvider>,
    keys: &dyn KeyProvider,
    sealing: Sealing,
) -> Result<u64, StoreError> {
    store.seal_with(Seal::new(Arc::clone(crypto), keys));
    if sealing == Sealing::Anew {
        return store.write(|tx| tx.seal_all_anew());
    }
    let known = known(folder)?;
    let (rows, sealed) = if store.read(|tx| tx.are_sealed(&known))? {
        store.read(|tx| Ok::<_, StoreError>((0, tx.all_sealed_tables(&known)?)))?
    } else {
        store.write(|tx| tx.seal_tables(&known))?
    };
    if sealed != known {
        keep(folder, &sealed)?;
    }
    Ok(rows)
}

impl Server {
    /// Takes the database as it stands for good, and seals it anew: for who restored it, or looked at what was changed and keeps it. Before
    /// anything else is read of it, since a setting that was changed keeps a server from opening.
    ///
    /// # Errors
    /// A [`Fault`] when the database or the folder can't be used.
    pub fn seal_anew(database: Option<&Database<'_>>, folder: &Path, root_key: &Path, clock: Clock) -> Result<SealedAnew, Fault> {
        Self::open_sealing(database, folder, root_key, clock, Sealing::Anew).map(|(_, rows)| SealedAnew { rows })
    }
}

impl Parts {
    /// Notes what was found to be forged since the last time. Nothing is done where nothing was.
    pub(crate) fn tell_forged(&self) {
        for Forged { table, key } in self.store.forged() {
            self.integrity.broken.fetch_add(1, Ordering::Relaxed);
            let mut event = Event::of(AuditEvent::RowForged);
            let named = if key.is_empty() { table.to_owned() } else { format!("{table} {}", key.get(..32).unwrap_or(&key)) };
            event.object(named);
            if let Err(error) = self.noted(&Actor::itself(), &event) {
                tracing::error!(fault = %error.fault, table, "that a row was changed could not be noted");
            }
        }
    }

    /// Looks the sealed tables over: all of them, or those that do not grow. Gives how much is wrong.
    pub(crate) fn look_tables_over(&self, all: bool) -> Result<u64, StoreError> {
        let found = if all { self.store.read_long(|tx| tx.unsealed(true))? } else { self.store.read(|tx| tx.unsealed(false))? };
        for one in &found {
            tracing::error!(found = ?one, "a table was changed by another hand");
        }
        self.tell_forged();
        Ok(found.len() as u64)
    }
}

/// Looks over, as long as it is asked to.
pub(crate) async fn watch_on(server: Server) {
    let mut looked = None;
    loop {
        // What fails is in the log, and tried again.
        looked = server.run(move |parts| step(parts, looked)).await.unwrap_or(looked);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Looks at what does not grow, and at everything where a day has gone since; gives when that was last done.
pub(crate) fn step(parts: &Parts, looked: Option<i64>) -> Result<Option<i64>, Refusal> {
    let now = parts.clock.seconds();
    parts.keep_mark(parts.behind_mark()?)?;
    if looked.is_some_and(|at| (at..at + DAY).contains(&now)) {
        parts.look_tables_over(false)?;
        return Ok(looked);
    }
    parts.store.forget_forged();
    let found =
        parts.verify_by_itself().inspect_err(|refusal| tracing::error!(fault = %refusal.fault, "the tables could not be looked over"))?;
    parts.integrity.broken.store(found, Ordering::Relaxed);
    Ok(Some(now))
}

/// Notes that rows were sealed as they stood.
pub(crate) fn tell_sealed(parts: &Parts, sealing: Sealing, rows: u64) -> Result<(), Fault> {
    let by = match sealing {
        Sealing::Once if rows == 0 => return Ok(()),
        Sealing::Once => Actor::itself(),
        Sealing::Anew => Actor::at_machine(),
    };
    let mut event = Event::of(AuditEvent::TablesSealed);
    event.made(AuditDetail::Rows, rows);
    parts.store.write(|tx| parts.note(tx, &by, &event)).map_err(fault::cannot_open)
}
