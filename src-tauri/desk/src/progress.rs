//! How far a long act is, for the progress bar.

use shared::command::ProgressNow;
use shared::schema::Sentence;
use std::sync::Mutex;

/// The act under way, if any. Dropping the guard ends it.
#[derive(Debug, Default)]
pub(crate) struct Progress(Mutex<Option<UnderWay>>);

/// How far an act is; told in the language of whoever asks, not of the thread that does it.
#[derive(Debug)]
struct UnderWay {
    label: Sentence,
    done: u64,
    total: u64,
}

impl Progress {
    /// Where it stands.
    pub(crate) fn now(&self) -> Option<ProgressNow> {
        let now = self.0.lock().ok()?;
        now.as_ref().map(|act| ProgressNow { label: act.label.said().to_owned(), done: act.done, total: act.total })
    }

    /// Begins or moves on.
    pub(crate) fn set(&self, label: Sentence, done: u64, total: u64) {
        if let Ok(mut now) = self.0.lock() {
            *now = Some(UnderWay { label, done, total });
        }
    }

    /// Does an act, and clears the bar when it ends.
    pub(crate) fn during<T>(&self, act: impl FnOnce() -> T) -> T {
        let _running = self.until_done();
        act()
    }

    /// A guard that clears the bar when the act ends, however it ends.
    pub(crate) fn until_done(&self) -> Running<'_> {
        Running(self)
    }
}

/// Clears the bar when dropped.
pub(crate) struct Running<'a>(&'a Progress);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Ok(mut now) = self.0.0.lock() {
            *now = None;
        }
    }
}
