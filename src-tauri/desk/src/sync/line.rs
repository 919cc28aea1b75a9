//! The line to the server: whether it stands, when it is tried next, and the thread that tries.

use crate::desk::Desk;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// After a good sync the server is asked again this soon.
const CALM: Duration = Duration::from_millis(1_500);
/// After a failure: twice as long each time, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// State of the line, shared by the thread and the screens.
#[derive(Debug, Default)]
pub(crate) struct SyncLine {
    online: AtomicBool,
    syncing: AtomicBool,
    started: AtomicBool,
    woken: Mutex<bool>,
    bell: Condvar,
    /// Held while a sync runs: two at once would send the outbox twice.
    pub(super) one_at_a_time: Mutex<()>,
    pause_steps: AtomicU32,
}

impl SyncLine {
    pub(crate) fn online(&self) -> bool {
        self.online.load(Ordering::Relaxed)
    }

    pub(crate) fn syncing(&self) -> bool {
        self.syncing.load(Ordering::Relaxed)
    }

    pub(super) fn set_online(&self, online: bool) {
        self.online.store(online, Ordering::Relaxed);
    }

    pub(super) fn set_syncing(&self, syncing: bool) {
        self.syncing.store(syncing, Ordering::Relaxed);
    }

    /// Rings for the thread: there is something to send. A line that is down keeps its pause.
    pub(crate) fn wake(&self) {
        if self.online() {
            self.ring();
        }
    }

    fn ring(&self) {
        if let Ok(mut woken) = self.woken.lock() {
            *woken = true;
            self.bell.notify_all();
        }
    }

    fn wait(&self, pause: Duration) {
        let Ok(woken) = self.woken.lock() else { return };
        if let Ok((mut woken, _)) = self.bell.wait_timeout_while(woken, pause, |woken| !*woken) {
            *woken = false;
        }
    }

    fn pause(&self, went_well: bool) -> Duration {
        if went_well {
            self.pause_steps.store(0, Ordering::Relaxed);
            return CALM;
        }
        let steps = self.pause_steps.fetch_add(1, Ordering::Relaxed).min(6);
        (CALM * 2u32.pow(steps)).min(LONGEST_PAUSE)
    }
}

impl Desk {
    /// Starts the thread that syncs by itself, once; it ends with the process.
    pub fn start_sync(&self) {
        if self.0.line.started.swap(true, Ordering::Relaxed) {
            return;
        }
        let desk = self.clone();
        let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
            loop {
                let went_well = desk.0.facts().enrolled.is_some() && desk.0.sync_now().is_ok();
                desk.0.line.wait(desk.0.line.pause(went_well));
            }
        });
        if let Err(error) = thread {
            tracing::error!(%error, "the sync thread did not start; syncing by key still works");
        }
    }
}
