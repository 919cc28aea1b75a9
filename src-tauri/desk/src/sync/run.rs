//! The real carrier behind the sync core: enrolment, one sync from start to end, a photo of another desk.

use super::client::{Wire, certificate_not_good, unknown_answer};
use super::one::OneSync;
use crate::desk::Inner;
use crate::fault::{OrBroken, broken};
use crate::store::{change, fact};
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};
use shared::command::{RefusedEntry, SyncReport};
use shared::crypto::PublicKey;
use shared::fault::{Code, Fault};
use shared::schema::{KindId, RecordId};
use shared::seal::DeviceKeys;
use shared::sync::client_store::{ClientSession, ClientStore};
use shared::sync::desk::Summary;
use shared::sync::{Answer, Ask};
use shared::wire::{EnrolAsk, EnrolCode, Enrolled, Fingerprint, MAX_PHOTO_BYTES};
use shared::words::zh;
use shared::{both, fault, say};
use std::time::Instant;

const LAST_SYNC: &str = "last_sync";
const AGREES: &str = "agrees";
/// The time of the last sync is written again after so many seconds; in between it is kept in memory.
const WRITTEN_AGAIN: i64 = 60;

/// When the last sync went through, and whether both ends agreed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LastSync {
    pub(crate) at: Option<DateTime>,
    pub(crate) agrees: Option<bool>,
    written: Option<DateTime>,
}

impl Inner {
    /// Enrols this desk. One that the server knows as a copy enrols anew, under a new key.
    pub(super) fn enrol_by(
        &self,
        server: &str,
        code: &str,
        name: &str,
        carry: impl FnOnce(&EnrolAsk) -> Result<Enrolled, Fault>,
    ) -> Result<(), Fault> {
        // A sync under way would write the old line over the new one.
        let _one = self.connection.one_at_a_time.lock().map_err(broken)?;
        // What an older program enrolled can't tell the server from others: it enrols anew as well.
        if self.facts().server_key().is_some() && !self.is_copy()? {
            return Err(fault!(Code::NotNow, enrolment::ENROLLED_ALREADY));
        }
        let code: EnrolCode = code.parse().map_err(|_| fault!(Code::BadInput, enrolment::CODE_NOT_WHOLE))?;
        // A name that all read, whoever enrols: it is kept in the first language.
        let name = if name.trim().is_empty() { zh::enrolment::COMPUTER_WITHOUT_NAME } else { name.trim() };
        // A fresh key for every enrolment: one that was copied is of no more use.
        let key = self.crypto.new_key().or_broken()?;
        let public_key = self.crypto.public_key(&key).or_broken()?;
        let mut nonce = [0; 16];
        self.crypto.random(&mut nonce);
        let enrolled = carry(&EnrolAsk::new(&code, name, &public_key, nonce))?;
        let server_key = hex::decode(&enrolled.server_key).ok().and_then(|key| key.try_into().ok()).map(PublicKey);
        if server_key.is_none_or(|key| Fingerprint::of(self.crypto.as_ref(), &key) != code.server) {
            return Err(unknown_answer());
        }
        let wrapped = hex::decode(&enrolled.keys).map_err(|_| unknown_answer())?;
        let keys = DeviceKeys::unwrap(self.crypto.as_ref(), &key, &wrapped).map_err(|_| unknown_answer())?;
        // From here on everything is read anew, the desk's own changes too: they may come from a restored folder.
        self.transact(|transaction| {
            self.keep_keys(transaction, &keys)?;
            change::put_session(transaction, &ClientSession { own_too: true, ..ClientSession::default() })
        })?;
        self.learn_anew()?;
        self.change_facts(|facts| {
            facts.enrolled = Some(enrolled);
            facts.device_key = Some(key);
            facts.person_keys = Some(keys.person_keys);
            facts.shut_out = false;
            facts.settings.server = server.trim().trim_end_matches('/').to_owned();
        })?;
        self.connection.set_may_ask_capabilities(true);
        // The thread may rest for a while, or wait for the device that this was.
        self.connection.notify();
        Ok(())
    }

    /// Syncs since somebody wants it. When the connection stands again, the thread need not sit out its pause.
    pub(crate) fn sync_by_hand(&self) -> Result<SyncReport, Fault> {
        let was_online = self.connection.online();
        let report = self.sync_now()?;
        if !was_online {
            self.connection.notify();
        }
        Ok(report)
    }

    /// Syncs now.
    pub(crate) fn sync_now(&self) -> Result<SyncReport, Fault> {
        let _one = self.connection.one_at_a_time.lock().map_err(broken)?;
        self.sweep_exports();
        self.connection.set_syncing(true);
        let result = self.connection.wire(&self.clock).and_then(|wire| match wire.run(self.sync(wire)) {
            // Another certificate than before: where the server itself says so, once more.
            Err(fault) if fault == certificate_not_good() => self.look_who_answers(wire).and_then(|()| wire.run(self.sync(wire))),
            result => result,
        });
        self.connection.set_syncing(false);
        self.connection.set_online(&result);
        result
    }

    async fn sync(&self, wire: &Wire) -> Result<SyncReport, Fault> {
        let mut client = wire.to(self.crypto.as_ref(), self.server()?)?;
        let mut sync = OneSync::default();
        let mut report = SyncReport::default();
        let first = self.session()?.after == 0;
        let _running = first.then(|| self.progress.until_done());
        let mut begun = Instant::now();
        while let Some(envelope) = sync.next(self)? {
            let goes_up = sync.goes_up();
            let (answer, ahead) = tokio::join!(client.ask(envelope), async { sync.look_ahead(self) });
            ahead?;
            match answer {
                Ok(answer) => sync.receive(self, answer)?,
                Err(fault) => sync.refused(self, fault)?,
            }
            *if goes_up { &mut report.push_ms } else { &mut report.pull_ms } += elapsed(std::mem::replace(&mut begun, Instant::now()));
            if first {
                self.progress.set(both!(sync::FIRST_TIME), sync.summary().pulled, 0);
            }
        }
        sync.end(self)?;
        let Summary { pushed, pulled, photos, refused, agrees, .. } = sync.summary();
        let refused = refused.iter().map(|(unsent, reason)| RefusedEntry {
            hash: hex::encode(shared::crdt::hash_of(&unsent.change.bytes)),
            title: self.title(KindId::of_code(&unsent.change.kind), RecordId(uuid::Uuid::from_bytes(unsent.change.record))),
            reason: say!(sync::refused(*reason)).to_owned(),
        });
        report.refused = refused.collect();
        (report.pushed, report.pulled, report.photos, report.agrees) = (*pushed, *pulled, *photos, *agrees);
        (report.bytes_up, report.bytes_down) = (client.bytes_up, client.bytes_down());
        report.unsent = self.read(change::counts)?.0;
        Ok(report)
    }

    /// A photo from the server, by its hash.
    pub(crate) fn fetch_photo(&self, hash: &str) -> Result<Vec<u8>, Fault> {
        let wanted: [u8; 32] = hex::decode(hash).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(no_photo)?;
        let wire = self.connection.wire(&self.clock)?;
        let mut client = wire.to(self.crypto.as_ref(), self.server()?)?;
        let mut photo = Vec::new();
        wire.run(async {
            loop {
                let at = u32::try_from(photo.len()).unwrap_or(u32::MAX);
                match self.ask(&mut client, &Ask::GetPhoto { hash: wanted, at }).await? {
                    Answer::Photo { size, bytes } if size as usize <= MAX_PHOTO_BYTES && !bytes.is_empty() => {
                        photo.extend(bytes);
                        if photo.len() >= size as usize {
                            return Ok(());
                        }
                    }
                    Answer::NoPhoto => return Err(no_photo()),
                    _ => return Err(unknown_answer()),
                }
            }
        })?;
        if <[u8; 32]>::from(Sha256::digest(&photo)) == wanted { Ok(photo) } else { Err(unknown_answer()) }
    }

    pub(super) fn remember(&self, agrees: bool) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut last = self.last_sync.lock().map_err(broken)?;
        let old = last.written.is_none_or(|written| now.duration_since(written).as_secs().abs() >= WRITTEN_AGAIN);
        if old || last.agrees != Some(agrees) {
            self.transact(|transaction| {
                fact::set(transaction, LAST_SYNC, &now.to_string())?;
                fact::set(transaction, AGREES, &agrees.to_string())
            })?;
            last.written = Some(now);
        }
        (last.at, last.agrees) = (Some(now), Some(agrees));
        Ok(())
    }

    /// The last sync that went through, and whether both ends agreed.
    pub(crate) fn last_sync(&self) -> Result<(Option<DateTime>, Option<bool>), Fault> {
        let mut last = self.last_sync.lock().map_err(broken)?;
        if last.at.is_none() {
            let read = |name| self.read(|store| fact::get(store, name));
            last.at = read(LAST_SYNC)?.and_then(|at| at.parse().ok());
            last.agrees = read(AGREES)?.and_then(|agrees| agrees.parse().ok());
        }
        Ok((last.at, last.agrees))
    }
}

fn no_photo() -> Fault {
    fault!(Code::NotFound, photo::NOT_AT_THE_SERVER)
}

fn elapsed(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
