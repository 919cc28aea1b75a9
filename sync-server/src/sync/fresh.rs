//! Nobody hears the same envelope twice, nor an old one: each carries the time, by the server's clock, and what was heard of late is
//! remembered. What changes something is told apart for good, in the store; this is for what only reads.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// An envelope may be so many seconds under way: a desk gives up after a minute, a body may take a minute and a half.
const BEHIND: i64 = 180;
/// A clock may be so many seconds ahead.
const AHEAD: i64 = 60;
/// What is remembered is let go in two halves, each as old as an envelope may be.
const HALF: i64 = BEHIND + AHEAD;

/// What was heard of late, by this process.
#[derive(Debug)]
pub(crate) struct Fresh {
    /// What is older may have been heard by the process before.
    started: i64,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    half: i64,
    now: HashSet<[u8; 16]>,
    before: HashSet<[u8; 16]>,
}

/// What is to be done with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    Fresh,
    /// Made at another time than now: its maker is told the time.
    OtherTime,
    /// Heard already.
    Replayed,
}

impl Fresh {
    pub fn since(started: i64) -> Self {
        Self { started, heard: Mutex::default() }
    }

    /// Hears an envelope, whose signature was checked, by its mark and time.
    pub fn hear(&self, mark: [u8; 16], at: i64, now: i64) -> Freshness {
        if at < now.saturating_sub(BEHIND) || at > now.saturating_add(AHEAD) || at < self.started {
            return Freshness::OtherTime;
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let half = now.div_euclid(HALF);
        match half - heard.half {
            0 => {}
            1 => heard.before = std::mem::take(&mut heard.now),
            // A clock that was set back forgets as well: what comes from then on is of another time.
            _ => (heard.now, heard.before) = (HashSet::new(), HashSet::new()),
        }
        heard.half = half;
        if heard.before.contains(&mark) || !heard.now.insert(mark) { Freshness::Replayed } else { Freshness::Fresh }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(of: i64) -> [u8; 16] {
        i128::from(of).to_le_bytes()
    }

    #[test]
    fn nothing_is_heard_twice_and_nothing_of_another_time() {
        let fresh = Fresh::since(1_000);
        assert_eq!(fresh.hear(mark(1), 999, 1_000), Freshness::OtherTime, "from before the start");
        for at in [1_000 + AHEAD + 1, i64::MAX, i64::MIN] {
            assert_eq!(fresh.hear(mark(1), at, 1_000), Freshness::OtherTime);
        }
        assert_eq!(fresh.hear(mark(1), 1_000, 1_000), Freshness::Fresh);
        // As long as its time is good, it is remembered; from then on its time is not.
        for now in 1_000..1_000 + 3 * HALF {
            let again = fresh.hear(mark(1), 1_000, now);
            assert_eq!(again, if now <= 1_000 + BEHIND { Freshness::Replayed } else { Freshness::OtherTime }, "{now}");
            assert_eq!(fresh.hear(mark(now + 9), now, now), Freshness::Fresh);
        }
        let heard = fresh.heard.lock().unwrap();
        assert!(heard.now.len() + heard.before.len() <= 2 * usize::try_from(HALF).unwrap(), "and let go");
    }

    #[test]
    fn a_clock_set_ahead_and_back_lets_nothing_in_again() {
        let fresh = Fresh::since(0);
        assert_eq!(fresh.hear(mark(1), 5_000, 5_000), Freshness::Fresh);
        assert_eq!(fresh.hear(mark(1), 5_000, 5_000 + 9 * HALF), Freshness::OtherTime);
        assert_eq!(fresh.hear(mark(2), 5_000 + HALF, 5_000 + HALF), Freshness::Fresh);
    }
}
