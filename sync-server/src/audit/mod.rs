//! The audit log: what is done, refused and read is noted in the transaction that does it, so that what can't be noted does not happen.
//! Here stands the one function that writes a row; how rows are chained stands in `chain`, how they are looked over in `check`, what
//! lies beside the database in `heads`. No SQL, and no rule of who may do what.

mod chain;
mod check;
mod event;
mod heads;
mod prune;
mod watch;

pub(crate) use event::{Actor, Event, Place, noted_filter};
pub(crate) use shared::rule::noted::clean;
pub(crate) use watch::watch_on;

pub use check::AuditChecked;
#[cfg(test)]
pub(crate) use check::Wrong;
#[cfg(test)]
pub(crate) use heads::FILE as HEADS;
pub use prune::AuditPruned;
#[cfg(test)]
pub(crate) use watch::step as watch;

use crate::Parts;
use crate::city;
use crate::fault::Refusal;
use crate::key_provider::KeyProvider;
use crate::store::{EndName, StoreError, Tx};
use chain::{Chain, NOTHING};
use check::Bad;
use shared::crypto::CryptoProvider;
use shared::fault::Code;
use shared::kinds::AuditEvent;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who reads the same again within so many seconds reads on: a page asks anew every few.
const READS_ON: i64 = 15 * 60;
/// So many reads are remembered.
const MOST_READS: usize = 10_000;

/// What a server process knows of its audit log.
#[derive(Debug)]
pub(crate) struct Audit {
    chain: Chain,
    /// What was read last by whom, and when.
    reads: Mutex<HashMap<(String, String), i64>>,
    /// The last row that this process saw: no end lies before it.
    seen: AtomicI64,
    broken: Mutex<Option<Bad>>,
}

impl Audit {
    /// Of a deployment with these keys.
    pub fn new(crypto: &dyn CryptoProvider, keys: &dyn KeyProvider) -> Self {
        Self { chain: Chain::new(crypto, keys), reads: Mutex::default(), seen: AtomicI64::new(0), broken: Mutex::default() }
    }

    /// The first row that is not as it was written, where some is.
    pub fn broken(&self) -> Option<i64> {
        locked(&self.broken).as_ref().map(|bad| bad.row)
    }

    /// A mark for a text that is not to be kept.
    pub fn mark(&self, text: &str) -> String {
        self.chain.mark(text)
    }
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Parts {
    /// Notes an event in the transaction of its act: the only way into the audit log.
    ///
    /// # Errors
    /// [`StoreError`]; then the act is off.
    pub fn note(&self, tx: &Tx<'_>, by: &Actor, event: &Event) -> Result<(), StoreError> {
        let chain = &self.audit.chain;
        let mut row = event.row(by, self.clock.seconds(), placed(tx, event.place(by))?);
        // From here on others wait, so that two servers write one chain.
        let head = tx.take_audit_head()?;
        let before = match head {
            Some((head, last)) if chain.is_ours(EndName::Head, &head) && last.is_none_or(|last| last == head.number) => {
                row.number = head.number + 1;
                if head.number == 0 { NOTHING.to_vec() } else { head.mac }
            }
            // Work goes on, and the chain does not: that it was cut here is found from now on by everybody who looks.
            _ => {
                tracing::error!("the end of the audit log was changed by another hand");
                let known = head.map_or(0, |(head, _)| head.number);
                row.number = known.max(tx.last_audit_number()?).max(self.audit.seen.load(Ordering::Relaxed)) + 1;
                chain.seal("cut", row.number, &NOTHING).to_vec()
            }
        };
        row.mac = chain.mac(&before, &row).to_vec();
        tx.put_audit(&row)?;
        tx.put_audit_end(EndName::Head, &chain.end(EndName::Head, row.number, &row.mac))?;
        tx.bind_to_audit(row.number)
    }

    /// Does an act in one transaction with its row; an act that is refused is noted as that. What can't be noted is not done.
    pub fn audited<T>(
        &self,
        by: &Actor,
        event: AuditEvent,
        mut act: impl FnMut(&Tx<'_>, &mut Event) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut noted = Event::of(event);
        let done = self.store.write(|tx| {
            // Begun anew where the transaction is.
            noted = Event::of(event);
            let done = act(tx, &mut noted)?;
            self.note(tx, by, &noted)?;
            Ok::<_, Refusal>(done)
        });
        if let Err(refusal) = &done
            && !matches!(refusal.fault.code, Code::Broken | Code::Offline)
        {
            noted.refused(refusal.fault.code);
            self.store.write(|tx| self.note(tx, by, &noted))?;
        }
        done
    }

    /// Does what whoever sits at the machine asks for.
    pub fn commanded<T>(&self, event: AuditEvent, act: impl FnMut(&Tx<'_>, &mut Event) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.audited(&Actor::at_machine(), event, act)
    }

    /// From here on the audit log is held against what stands beside the database: that was put back, and somebody at the machine knows.
    pub fn audit_begins_anew(&self) -> Result<(), StoreError> {
        heads::keep_put_back(self)?;
        self.audit.seen.store(0, Ordering::Relaxed);
        *locked(&self.audit.broken) = None;
        Ok(())
    }

    /// Notes something that is no act of the store.
    pub fn noted(&self, by: &Actor, event: &Event) -> Result<(), Refusal> {
        Ok(self.store.write(|tx| self.note(tx, by, event))?)
    }

    /// Notes that something is read, before it is shown; whoever reads on is noted once.
    pub fn noted_read(&self, by: &Actor, what: &str, event: &Event) -> Result<(), Refusal> {
        let now = self.clock.seconds();
        let who = by.account.clone().or_else(|| by.device.as_ref().map(|(id, _)| hex::encode(id))).unwrap_or_default();
        let key = (who, what.to_owned());
        if locked(&self.audit.reads).get(&key).is_some_and(|at| (*at..*at + READS_ON).contains(&now)) {
            return Ok(());
        }
        self.noted(by, event)?;
        let mut reads = locked(&self.audit.reads);
        if reads.len() >= MOST_READS {
            reads.retain(|_, at| (*at..*at + READS_ON).contains(&now));
        }
        if reads.len() < MOST_READS {
            reads.insert(key, now);
        }
        Ok(())
    }
}

/// A place as it stands in a row: a canteen's with its division, and the city's where none is known.
fn placed(tx: &Tx<'_>, place: Place) -> Result<Place, StoreError> {
    if !place.division.is_empty() {
        return Ok(place);
    }
    let of_canteen = match &place.canteen {
        Some(code) => tx.canteen(code)?.map(|site| site.division),
        None => None,
    };
    let division = match of_canteen {
        Some(division) => division,
        None => city::of(tx)?,
    };
    Ok(Place { division, ..place })
}
