//! One sync, start to end: the outbox goes up, the feed comes down, photos follow, totals are
//! compared and the device reports itself. Any step may be cut; the next sync goes on from there.

use super::client::Client;
use crate::desk::Inner;
use crate::fault::{OrBroken, broken};
use crate::store::{change, fact, photo};
use shared::command::{Enrol, RefusedEntry, SyncReport};
use shared::fault::{Code, Fault};
use shared::record::{RecordId, RecordKind};
use shared::wire::{self, Batch, DeviceReport, EnrolAsk};
use shared::zh;
use std::time::Instant;

/// Changes a push carries at most; packed they stay far below the limit of a batch.
const PUSH_CHANGES: usize = 2_000;
const PUSH_BYTES: usize = 3 * 1024 * 1024;
const CURSOR: &str = "cursor";
const LAST_SYNC: &str = "last_sync";
const AGREES: &str = "agrees";

impl Inner {
    /// Enrols this desk at a server by a one-time code.
    pub(crate) fn enrol(&self, ask: &Enrol) -> Result<(), Fault> {
        if self.facts().enrolled.is_some() {
            return Err(Fault::new(Code::NotNow, "这台电脑已经登记过。", "要换饭堂或镇街，请联系上级停用后重新登记。"));
        }
        let name = if ask.device_name.trim().is_empty() { "饭堂电脑" } else { ask.device_name.trim() };
        let wanted = EnrolAsk { code: ask.code.trim().to_owned(), name: name.to_owned() };
        let enrolled = runtime()?.block_on(async { Client::new(&ask.server, None)?.enrol(&wanted).await })?;
        self.change_facts(|facts| {
            facts.enrolled = Some(enrolled);
            facts.settings.server = ask.server.trim().trim_end_matches('/').to_owned();
        })
    }

    /// Syncs now.
    pub(crate) fn sync_now(&self) -> Result<SyncReport, Fault> {
        let _one = self.line.one_at_a_time.lock().map_err(broken)?;
        self.line.set_syncing(true);
        let result = runtime().and_then(|runtime| runtime.block_on(self.sync()));
        self.line.set_syncing(false);
        self.line.set_online(result.is_ok());
        result
    }

    async fn sync(&self) -> Result<SyncReport, Fault> {
        let facts = self.facts();
        let enrolled = facts.enrolled.ok_or_else(zh::not_enrolled)?;
        let mut client = Client::new(&facts.settings.server, Some(enrolled.token))?;
        let mut report = SyncReport::default();
        let begun = Instant::now();
        self.push(&mut client, &mut report).await?;
        report.push_ms = elapsed(begun);
        let begun = Instant::now();
        let cursor = self.pull(&mut client, &mut report).await?;
        report.pull_ms = elapsed(begun);
        self.send_photos(&mut client, &mut report).await?;
        let theirs = client.totals(cursor).await?;
        let (count, digest) = self.read(change::totals)?;
        let (unsent, refused) = self.read(change::counts)?;
        // What waits in the outbox counts at neither end.
        report.agrees = theirs.changes == count && theirs.digest == hex::encode(digest);
        report.unsent = unsent;
        (report.bytes_up, report.bytes_down) = (client.bytes_up, client.bytes_down);
        self.remember(&report)?;
        let unsent_photos = self.read(photo::unsent_count)?;
        let version = env!("CARGO_PKG_VERSION").to_owned();
        client.report(&DeviceReport { unsent, unsent_photos, refused, version, agrees: report.agrees }).await?;
        Ok(report)
    }

    async fn push(&self, client: &mut Client, report: &mut SyncReport) -> Result<(), Fault> {
        loop {
            let mut head = self.read(|store| change::outbox_head(store, PUSH_CHANGES))?;
            if head.is_empty() {
                return Ok(());
            }
            let mut bytes = 0;
            let fitting = head.iter().take_while(|logged| {
                bytes += logged.change.bytes.len() + 64;
                bytes <= PUSH_BYTES
            });
            let fitting = fitting.count().max(1);
            head.truncate(fitting);
            let batch = Batch { changes: head.iter().map(|logged| logged.change.clone()).collect() };
            let answer = client.push(wire::pack(&batch).or_broken()?).await?;
            let now = self.clock.now();
            for refused in &answer.refused {
                if let Some(logged) = usize::try_from(refused.index).ok().and_then(|index| head.get(index)) {
                    let record = RecordId(uuid::Uuid::from_bytes(logged.change.record));
                    let title = self.title(&logged.change.kind, record);
                    report.refused.push(RefusedEntry {
                        hash: hex::encode(&logged.hash),
                        title,
                        reason: zh::refused(refused.reason).to_owned(),
                    });
                }
            }
            self.transact(|transaction| {
                for refused in &answer.refused {
                    if let Some(logged) = usize::try_from(refused.index).ok().and_then(|index| head.get(index)) {
                        change::refuse(transaction, logged.seq, zh::refused(refused.reason), now)?;
                    }
                }
                change::leave_outbox(transaction, head.iter().map(|logged| logged.seq))
            })?;
            report.pushed += (head.len() - answer.refused.len().min(head.len())) as u64;
            self.touched();
        }
    }

    async fn pull(&self, client: &mut Client, report: &mut SyncReport) -> Result<u64, Fault> {
        let mut cursor = self.read(|store| fact::get(store, CURSOR))?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let first = cursor == 0;
        let _running = first.then(|| self.progress.until_done());
        loop {
            // A desk that begins anew, perhaps from a restored folder, takes its own changes back too.
            let page = client.pull(cursor, !first).await?;
            cursor = page.next;
            report.pulled += self.take_in(&page.batch.changes, |transaction| fact::set(transaction, CURSOR, &cursor.to_string()))?;
            if first {
                self.progress.set("第一次同步，正在取回资料", report.pulled, 0);
            }
            if !page.more {
                return Ok(cursor);
            }
        }
    }

    async fn send_photos(&self, client: &mut Client, report: &mut SyncReport) -> Result<(), Fault> {
        for hash in self.read(|store| photo::unsent(store, 50))? {
            let Some(bytes) = self.photo_path(&hash, false).and_then(|path| std::fs::read(path).ok()) else {
                tracing::error!(hash, "a photo is missing on this disk");
                continue;
            };
            client.put_photo(&hash, bytes).await?;
            self.transact(|transaction| photo::mark_sent(transaction, &hash))?;
            report.photos += 1;
            self.touched();
        }
        Ok(())
    }

    /// A photo from the server, by its hash.
    pub(crate) fn fetch_photo(&self, hash: &str) -> Result<Vec<u8>, Fault> {
        let facts = self.facts();
        let token = facts.enrolled.ok_or_else(zh::not_enrolled)?.token;
        runtime()?.block_on(async { Client::new(&facts.settings.server, Some(token))?.get_photo(hash).await })
    }

    fn remember(&self, report: &SyncReport) -> Result<(), Fault> {
        let now = self.clock.now().to_string();
        let agrees = report.agrees.to_string();
        self.transact(|transaction| {
            fact::set(transaction, LAST_SYNC, &now)?;
            fact::set(transaction, AGREES, &agrees)
        })
    }

    /// The last sync that went through, and whether both ends agreed.
    pub(crate) fn last_sync(&self) -> Result<(Option<jiff::civil::DateTime>, Option<bool>), Fault> {
        self.read(|store| {
            let read = |name| fact::get(store, name);
            Ok((read(LAST_SYNC)?.and_then(|at| at.parse().ok()), read(AGREES)?.and_then(|agrees| agrees.parse().ok())))
        })
    }

    /// What a record is called in front of people: 订单 12-0173.
    pub(crate) fn title(&self, kind: &str, record: RecordId) -> String {
        let kind = RecordKind::of_code(kind);
        let name = match kind {
            Some(RecordKind::Order | RecordKind::Receipt) => {
                self.read(|store| crate::store::order::find(store, record)).ok().flatten().map(|line| line.number)
            }
            Some(RecordKind::Elder) => self.elders.read().ok().and_then(|elders| elders.known.get(&record).map(|elder| elder.name.clone())),
            _ => None,
        };
        format!("{} {}", kind.map_or("记录", RecordKind::zh), name.unwrap_or_else(|| record.to_string()))
    }
}

fn elapsed(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().or_broken()
}
