//! The connection to the server: whether it stands, when it is tried next, and the thread that tries.

use super::client::{PATIENCE, Wire};
use crate::clock::Clock;
use crate::desk::{Desk, Inner};
use crate::store::change;
use shared::fault::Fault;
use shared::sync::client_store::ClientStore;
use shared::sync::{Answer, Ask, Capability};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// A server that does not hold a wait is asked again after this, and this often it is looked whether another program
/// wrote into the folder.
const CALM: Duration = Duration::from_millis(1_500);
/// Two rounds that the server's news begins are at least this far apart.
const BREATH: Duration = Duration::from_millis(400);
/// A server that does not speak waits at all is asked for changes this often.
const WITHOUT_WAITS: Duration = Duration::from_secs(5);
/// After a failure: twice as long each time, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// State of the connection, shared by the thread and the screens.
#[derive(Debug, Default)]
pub(crate) struct ServerConnection {
    online: AtomicBool,
    syncing: AtomicBool,
    started: AtomicBool,
    /// The server refused to say what it speaks, on the connection that stands.
    says_no_capabilities: AtomicBool,
    wakeup: Notify,
    wire: OnceLock<Wire>,
    /// Why the last sync did not go through.
    why: Mutex<Option<Fault>>,
    /// The server's clock is so many seconds ahead of this one, as it told.
    server_ahead: AtomicI64,
    /// Held while a sync runs, and never while the server is waited for: two at once would send the outbox twice.
    pub(super) one_at_a_time: Mutex<()>,
    pause_steps: AtomicU32,
}

/// How a wait for news ended.
enum Waited {
    /// There is something to send.
    Notified,
    /// The server answered: there is news, or none.
    Answered(bool),
    /// The server does not speak waits.
    NotSpoken,
}

impl Waited {
    /// The pause after a wait that took so long. A server that holds none answers at once, and is asked no faster for that.
    fn pause_after(&self, took: Duration) -> Duration {
        match self {
            Self::Notified => Duration::ZERO,
            Self::Answered(true) => BREATH.saturating_sub(took),
            Self::Answered(false) => CALM.saturating_sub(took),
            Self::NotSpoken => WITHOUT_WAITS,
        }
    }
}

impl ServerConnection {
    /// What carries requests, made with the first one.
    pub(super) fn wire(&self, clock: &Clock) -> Result<&Wire, Fault> {
        if self.wire.get().is_none() {
            // Two at once: the first one counts.
            let _ = self.wire.set(Wire::new(PATIENCE, clock)?);
        }
        self.wire.get().ok_or_else(Fault::broken)
    }

    pub(crate) fn online(&self) -> bool {
        self.online.load(Ordering::Relaxed)
    }

    pub(crate) fn syncing(&self) -> bool {
        self.syncing.load(Ordering::Relaxed)
    }

    /// A connection that was lost may lead to another version of the server once it is back.
    pub(super) fn set_online<T>(&self, synced: &Result<T, Fault>) {
        self.online.store(synced.is_ok(), Ordering::Relaxed);
        *self.why.lock().unwrap_or_else(PoisonError::into_inner) = synced.as_ref().err().cloned();
        if synced.is_err() {
            self.set_may_ask_capabilities(true);
        }
    }

    /// Why the server is not spoken to, where that is more than that it can't be reached.
    pub(crate) fn trouble(&self) -> Option<Fault> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|fault| *fault != Fault::offline())
    }

    pub(super) fn server_ahead(&self) -> i64 {
        self.server_ahead.load(Ordering::Relaxed)
    }

    pub(super) fn set_server_ahead(&self, seconds: i64) {
        self.server_ahead.store(seconds, Ordering::Relaxed);
    }

    pub(super) fn may_ask_capabilities(&self) -> bool {
        !self.says_no_capabilities.load(Ordering::Relaxed)
    }

    pub(super) fn set_may_ask_capabilities(&self, may: bool) {
        self.says_no_capabilities.store(!may, Ordering::Relaxed);
    }

    pub(super) fn set_syncing(&self, syncing: bool) {
        self.syncing.store(syncing, Ordering::Relaxed);
    }

    /// Notifies the thread: there is something to send. A connection that is down keeps its pause.
    pub(crate) fn wake(&self) {
        if self.online() {
            self.notify();
        }
    }

    pub(super) fn notify(&self) {
        self.wakeup.notify_one();
    }

    /// The pause after a failure.
    fn pause(&self) -> Duration {
        let steps = self.pause_steps.fetch_add(1, Ordering::Relaxed).min(6);
        (CALM * 2u32.pow(steps)).min(LONGEST_PAUSE)
    }
}

impl Inner {
    /// One round: a sync, and where it went through the wait for news. Gives the pause before the next one.
    fn round(&self) -> Duration {
        if self.facts().enrolled.is_none() {
            return self.connection.pause();
        }
        // What was rung for until now goes up with this sync.
        pin!(self.connection.wakeup.notified()).enable();
        let Ok(report) = self.sync_now() else { return self.connection.pause() };
        self.connection.pause_steps.store(0, Ordering::Relaxed);
        if report.photos > 0 && self.unsent_photos(1).is_ok_and(|waiting| !waiting.is_empty()) {
            return Duration::ZERO;
        }
        let begun = Instant::now();
        match self.connection.wire(&self.clock).and_then(|wire| wire.run(self.wait_for_news(wire))) {
            Ok(waited) => waited.pause_after(begun.elapsed()),
            // Whether the connection is broken the next sync finds out.
            Err(_) => CALM,
        }
    }

    /// Waits on the server until there is news for this desk, or something to send here.
    async fn wait_for_news(&self, wire: &Wire) -> Result<Waited, Fault> {
        let session = self.session()?;
        if !session.server_speaks(Capability::Wait) {
            return Ok(Waited::NotSpoken);
        }
        let mut client = wire.to(self.crypto.as_ref(), self.server()?)?;
        let envelope = self.enclose(&Ask::Wait { after: session.after })?;
        tokio::select! {
            answer = client.ask_for_news(envelope) => match answer? {
                Answer::News(news) => Ok(Waited::Answered(news)),
                _ => Err(super::client::unknown_answer()),
            },
            () = self.connection.wakeup.notified() => Ok(Waited::Notified),
            written = self.written_beside() => written.map(|()| Waited::Notified),
        }
    }

    /// Until another program on this folder leaves something to send: nobody notifies that.
    async fn written_beside(&self) -> Result<(), Fault> {
        let mut seen = None;
        loop {
            let last = self.read(change::last)?;
            if seen != Some(last) && !self.unsent(0, 1, 1)?.is_empty() {
                return Ok(());
            }
            seen = Some(last);
            tokio::time::sleep(CALM).await;
        }
    }

    /// Lets time pass, until something is to be sent.
    fn rest(&self, wire: &Wire, pause: Duration) {
        if !pause.is_zero() {
            let notified = async { Ok(tokio::time::timeout(pause, self.connection.wakeup.notified()).await.is_ok()) };
            let _ = wire.run(notified);
        }
    }
}

impl Desk {
    /// Starts the thread that syncs by itself, once; it ends with the process.
    pub fn start_sync(&self) {
        if self.0.connection.started.swap(true, Ordering::Relaxed) {
            return;
        }
        let desk = self.clone();
        let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
            let Ok(wire) = desk.0.connection.wire(&desk.0.clock) else { return };
            loop {
                if let Err(fault) = desk.keep_up() {
                    tracing::error!(%fault, "what the desk does by itself was not done");
                }
                desk.0.rest(wire, desk.0.round());
            }
        });
        if let Err(error) = thread {
            tracing::error!(%error, "the sync thread did not start; syncing by key still works");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_hold_a_wait_is_not_asked_in_a_loop() {
        for (waited, at_once, later) in [
            (Waited::Notified, Duration::ZERO, Duration::ZERO),
            (Waited::Answered(true), BREATH, Duration::ZERO),
            (Waited::Answered(false), CALM, Duration::ZERO),
            (Waited::NotSpoken, WITHOUT_WAITS, WITHOUT_WAITS),
        ] {
            assert_eq!(waited.pause_after(Duration::ZERO), at_once);
            assert_eq!(waited.pause_after(Duration::from_secs(25)), later);
        }
    }

    #[test]
    fn pauses_after_failures_grow_up_to_a_minute() {
        let connection = ServerConnection::default();
        let pauses: Vec<u128> = (0..8).map(|_| connection.pause().as_millis()).collect();
        assert_eq!(pauses, [1_500, 3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
    }
}
