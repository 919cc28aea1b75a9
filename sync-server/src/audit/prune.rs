//! Old rows of the audit log go, from the front and never from within; the last one that went stays as the anchor of the chain. What is
//! younger than the law asks for no command deletes.

use super::check::Walk;
use crate::store::EndName;
use crate::{Parts, Server};
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent};

/// Days for which every row is kept, whatever is asked: six months (网络安全法 21).
const SHORTEST: i64 = 180;
const DAY: i64 = 86_400;

/// What pruning did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditPruned {
    /// Rows that went.
    pub rows: u64,
    /// The first row that is there.
    pub first: i64,
}

impl Server {
    /// Deletes rows older than so many days, once they were found to be as they were written.
    ///
    /// # Errors
    /// A [`Fault`] when that is too short a time, or the log was changed by another hand: then the evidence stays.
    pub fn prune_audit(&self, keep: i64) -> Result<AuditPruned, Fault> {
        Ok(self.0.prune_audit(keep)?)
    }
}

impl Parts {
    fn prune_audit(&self, keep: i64) -> Result<AuditPruned, crate::fault::Refusal> {
        let chain = &self.audit.chain;
        let found = self.look_audit_over()?.1;
        self.commanded(AuditEvent::AuditPruned, |tx, noted| {
            noted.made(AuditDetail::Keep, keep);
            if keep < SHORTEST {
                return Err(fault!(Code::BadInput, audit::kept_too_short(SHORTEST)).into());
            }
            if let Some(bad) = &found {
                noted.made(AuditDetail::BadRow, bad.row);
                return Err(fault!(Code::NotNow, audit::broken_and_kept(bad.row)).into());
            }
            let head = tx.audit_end(EndName::Head)?.unwrap_or_default().number;
            let first = tx.first_audit_since(self.clock.seconds().saturating_sub(keep.saturating_mul(DAY)))?.unwrap_or(head + 1);
            let last = first - 1;
            let rows = match tx.audit_mac(last)? {
                Some(mac) => {
                    tx.put_audit_end(EndName::Anchor, &chain.end(EndName::Anchor, last, &mac))?;
                    tx.delete_audit_upto(last)?
                }
                None => 0,
            };
            // What stays hangs together as well, or nothing goes.
            if let Err(bad) = Walk::new().step(tx, chain, 1)? {
                return Err(fault!(Code::NotNow, audit::broken_and_kept(bad.row)).into());
            }
            noted.made(AuditDetail::Rows, rows).made(AuditDetail::First, first);
            Ok(AuditPruned { rows, first })
        })
    }
}
