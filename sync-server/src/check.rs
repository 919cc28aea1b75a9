//! The server looks its tables over and makes them anew from the log: what `sync-server verify` and `rebuild` tell.

use crate::audit::{Actor, Event};
use crate::fault::Refusal;
use crate::journal::{Mismatch, VerifyReport};
use crate::signatures;
use crate::store::{EVERYBODY, RecordName, StoreError, Tx, Unsealed};
use crate::sync::doubt;
use crate::{Parts, Server};
use serde::Serialize;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::{AuditDetail, AuditEvent, RecordKind};

/// What was looked at, and what is not as the log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Whether all is well.
    pub ok: bool,
    /// Changes of the log.
    pub changes: u64,
    /// Their records.
    pub records: u64,
    /// How much is not as it should be.
    pub mismatches: u64,
    /// Another hand changed something.
    pub altered: bool,
    /// In Chinese, the first of them.
    pub problems: Vec<String>,
}

impl Server {
    /// Holds every table against the log; changes nothing. Beside a serving server it looks at one moment of it.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails.
    pub fn verify(&self) -> Result<Checked, Fault> {
        let parts = &self.0;
        let look = |tx: &Tx<'_>| {
            let mut report = looked_over(tx)?;
            signatures::look_over(&mut report, tx, parts.crypto.as_ref(), 0)?;
            Ok(report)
        };
        let found = parts.store.read_long(look).map_err(|error: StoreError| Refusal::from(error))?;
        parts.commanded(AuditEvent::Verified, |_, noted| {
            noted.made(AuditDetail::Changes, found.changes).made(AuditDetail::Amount, found.found);
            Ok(())
        })?;
        parts.tell_forged();
        Ok(told(&found))
    }

    /// Makes anew what differs from the log, in one transaction; gives what differed. What can't be read stays as it is.
    ///
    /// # Errors
    /// A [`Fault`] when the store fails, or the log itself was changed by another hand; then everything is as it was.
    pub fn rebuild(&self) -> Result<Checked, Fault> {
        let now = self.0.clock.seconds();
        let found = self.0.commanded(AuditEvent::Rebuilt, |tx, noted| {
            if !tx.log_is_whole()? {
                // Rows that are made from a forged log would look as if they were true.
                return Err(Refusal::from(fault!(Code::NotNow, database::LOG_FORGED)));
            }
            let mut report = VerifyReport::and_repaired(tx)?;
            doubts(&mut report, &doubt::look_over(tx, Some((&self.0, now)))?);
            seals(&mut report, tx)?;
            noted.made(AuditDetail::Changes, report.changes).made(AuditDetail::Amount, report.found);
            Ok(report)
        })?;
        self.0.tell_forged();
        Ok(told(&found))
    }
}

impl Parts {
    /// What a serving server does with its tables once a day; gives how much is not as it should be.
    pub(crate) fn verify_by_itself(&self) -> Result<u64, Refusal> {
        let found = self.store.read_long(looked_over)?;
        let mut event = Event::of(AuditEvent::Verified);
        event.made(AuditDetail::Changes, found.changes).made(AuditDetail::Amount, found.found);
        self.noted(&Actor::itself(), &event)?;
        self.tell_forged();
        if found.found > 0 {
            tracing::error!(found = found.found, first = ?found.mismatches.first(), "the tables are not as they should be");
        }
        Ok(found.found + self.look_at_new_signatures()?)
    }
}

fn looked_over(tx: &Tx<'_>) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::over(tx)?;
    doubts(&mut report, &doubt::look_over(tx, None)?);
    seals(&mut report, tx)?;
    Ok(report)
}

/// What was changed by another hand.
fn seals(report: &mut VerifyReport, tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.unsealed(true)?.into_iter().for_each(|found| report.note(Mismatch::Unsealed(found)));
    Ok(())
}

/// Orders that are doubtful and should not be, or the other way round.
fn doubts(report: &mut VerifyReport, orders: &[[u8; 16]]) {
    orders.iter().for_each(|order| report.note(Mismatch::Doubt((RecordKind::Order.into(), *order))));
}

fn told(report: &VerifyReport) -> Checked {
    let mut problems: Vec<String> = report.mismatches.iter().map(words).collect();
    let more = report.found - problems.len() as u64;
    if more > 0 {
        problems.push(format!("另有 {more} 处"));
    }
    let altered = report.mismatches.iter().any(Mismatch::is_by_another_hand);
    Checked { ok: report.found == 0, changes: report.changes, records: report.records, mismatches: report.found, altered, problems }
}

fn words(mismatch: &Mismatch) -> String {
    let record = |(kind, id): &RecordName| {
        let called = kind.known().map_or_else(|| kind.code().to_owned(), |kind| kind.said().to_owned());
        format!("{called} {}", hex::encode(id))
    };
    match mismatch {
        Mismatch::Change(name, seq) => format!("{}的第 {seq} 条变更读不出来，重做也补不回，请从备份恢复或等设备再传", record(name)),
        Mismatch::Row(name) => format!("{}与变更记录对不上", record(name)),
        Mismatch::NoChange(name) => format!("{}没有变更记录", record(name)),
        Mismatch::Projected(words) => words.clone(),
        Mismatch::Doubt(name) => format!("{}该不该存疑与资料对不上", record(name)),
        Mismatch::Conflicts(name) => format!("{}的“两处改过”名单不对", record(name)),
        Mismatch::Quarantined(name) => format!("{}的隔离标记不对", record(name)),
        Mismatch::Feed(scope) => format!("{}的下发目录与应看到的资料对不上", scope_words(scope)),
        Mismatch::Sum(scope) => format!("{}的校验和不对", scope_words(scope)),
        Mismatch::Page(scope, after) => format!("{}的快照第 {after} 位起的一页不对", scope_words(scope)),
        Mismatch::Signature(push) => format!("第 {push} 次上传与设备的签名对不上"),
        Mismatch::Unsigned(seq) => format!("变更记录第 {seq} 条记在一台设备名下，但没有它的签名"),
        Mismatch::Unsealed(Unsealed::Row(table, key)) => format!("表 {table} 的一行 {key} 被改过，或是后来塞进去的：有人动过数据库"),
        Mismatch::Unsealed(Unsealed::Table(table)) => format!("表 {table} 有行被删掉、或被换回旧的：有人动过数据库"),
        Mismatch::Unsealed(Unsealed::PutBack) => "几张表被一起换回了旧的：有人动过数据库".to_owned(),
        Mismatch::Ends => "末尾位置落后于已有的变更".to_owned(),
    }
}

fn scope_words(scope: &str) -> String {
    match scope.split_once(':') {
        Some(("c", code)) => format!("饭堂 {code} "),
        Some((_, code)) => format!("区划 {code} "),
        None if scope == EVERYBODY => "各处共有资料".to_owned(),
        None => scope.to_owned(),
    }
}
