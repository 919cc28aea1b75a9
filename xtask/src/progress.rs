//! How far a long task is: which step of how many, and the seconds so far. What cargo says of itself goes on beside it.

use std::cell::Cell;
use std::io::{IsTerminal as _, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Between two words during one step.
const EVERY: Duration = Duration::from_secs(30);

/// The steps of a task, told as they begin.
#[derive(Debug)]
pub struct Steps {
    all: u32,
    begun: Cell<u32>,
    since: Instant,
}

impl Steps {
    /// A task of so many steps, from now on.
    pub fn of(all: u32) -> Self {
        Self { all, begun: Cell::new(0), since: Instant::now() }
    }

    /// The next step; it is under way until what comes back is dropped.
    pub fn next(&self, title: &str) -> UnderWay {
        self.begun.set(self.begun.get() + 1);
        let place = format!("第 {} 步，共 {} 步：{title}", self.begun.get(), self.all);
        println!("\n==> {place}（已用 {} 秒）", self.since.elapsed().as_secs());
        UnderWay::tell(place, self.since)
    }

    /// Seconds since the task began.
    pub fn seconds(&self) -> u64 {
        self.since.elapsed().as_secs()
    }
}

/// A step under way: every half minute it says that it still is.
#[derive(Debug)]
pub struct UnderWay {
    end: Option<Sender<()>>,
    voice: Option<JoinHandle<()>>,
}

impl UnderWay {
    fn tell(place: String, task: Instant) -> Self {
        let (end, ended) = channel();
        let step = Instant::now();
        let voice = std::thread::spawn(move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // Cargo's bar stands in the last line of a terminal; it draws it again by itself.
                let clear = if stderr().is_terminal() { "\r\x1b[K" } else { "" };
                eprintln!("{clear}    {place}：还在进行，这一步 {} 秒，一共 {} 秒", step.elapsed().as_secs(), task.elapsed().as_secs());
            }
        });
        Self { end: Some(end), voice: Some(voice) }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(voice) = self.voice.take() {
            // It ends at once, and has nothing to say that would matter.
            let _ = voice.join();
        }
    }
}
