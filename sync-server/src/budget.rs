//! What one device may bring and ask in a day. It runs full again evenly; whoever has used it up is asked to come later, keeps what it has,
//! and is told to the auditors. Measured out so that no office comes near it, and one stolen computer fills no disk and keeps no reader busy.
//! What it may have at once stands in `counted`; how much of photos, in `photo`; for how many people of other places it may ask, in `transfer`.

use shared::kinds::AuditDetail;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const DAY: i64 = 86_400;

/// What there is a budget of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Of {
    /// Bytes of changes, unpacked.
    Bytes,
    Changes,
    /// Changes of files of persons: an import brings many.
    Persons,
    /// Questions that the whole feed of the device is read for.
    Sums,
    /// Requests of all sorts, of a device or an account.
    Requests,
}

impl Of {
    /// How much of it a day.
    pub const fn a_day(self) -> i64 {
        match self {
            Self::Bytes => 256 * 1024 * 1024,
            Self::Changes => 500_000,
            // A county's list, once.
            Self::Persons => 60_000,
            // One a minute.
            Self::Sums => 1_440,
            // More than one a second.
            Self::Requests => 100_000,
        }
    }

    /// How it is noted that somebody used it up.
    pub const fn detail(self) -> AuditDetail {
        match self {
            Self::Bytes => AuditDetail::Bytes,
            Self::Changes => AuditDetail::Changes,
            Self::Persons => AuditDetail::Persons,
            Self::Sums => AuditDetail::Sums,
            Self::Requests => AuditDetail::Requests,
        }
    }
}

/// What each device used, of each thing.
#[derive(Debug, Default)]
pub(crate) struct Budgets(Mutex<HashMap<([u8; 16], Of), Used>>);

/// How much was used, as far as it did not run full again by then.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    much: i64,
    at: i64,
}

impl Used {
    /// What is used of it at a later moment. A clock that was set back gives nothing and takes nothing.
    fn by(self, now: i64, a_day: i64) -> Self {
        let passed = now.saturating_sub(self.at).max(0);
        Self { much: (self.much - a_day.saturating_mul(passed) / DAY).max(0), at: now }
    }
}

impl Budgets {
    fn used(&self) -> MutexGuard<'_, HashMap<([u8; 16], Of), Used>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the device has used up something just now.
    pub fn is_used_up(&self, device: [u8; 16], now: i64) -> bool {
        let of_it = |((whose, of), used): (&([u8; 16], Of), &Used)| *whose == device && used.by(now, of.a_day()).much >= of.a_day();
        self.used().iter().any(of_it)
    }

    /// Uses so much of it, where anything is left; else says after how many seconds there is. What is asked at once is done whole.
    pub fn spend(&self, device: [u8; 16], of: Of, much: usize, now: i64) -> Result<(), i64> {
        let (a_day, mut used) = (of.a_day(), self.used());
        let before = used.get(&(device, of)).copied().unwrap_or_default().by(now, a_day);
        if before.much >= a_day {
            return Err(((before.much - a_day + 1).saturating_mul(DAY) / a_day + 1).min(DAY));
        }
        if much > 0 {
            let much = before.much.saturating_add(i64::try_from(much).unwrap_or(i64::MAX));
            used.insert((device, of), Used { much, at: now });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: [u8; 16] = [7; 16];

    #[test]
    fn a_budget_is_used_up_runs_full_again_and_is_one_s_own() {
        let budgets = Budgets::default();
        let a_day = usize::try_from(Of::Sums.a_day()).unwrap();
        for _ in 0..a_day {
            assert_eq!(budgets.spend(DEVICE, Of::Sums, 1, 1_000), Ok(()));
        }
        let wait = budgets.spend(DEVICE, Of::Sums, 1, 1_000).unwrap_err();
        assert!((DAY / Of::Sums.a_day()..=DAY / Of::Sums.a_day() + 2).contains(&wait), "{wait}");
        assert_eq!(budgets.spend([8; 16], Of::Sums, 1, 1_000), Ok(()), "another device");
        assert_eq!(budgets.spend(DEVICE, Of::Changes, 1, 1_000), Ok(()), "another thing");
        assert!(budgets.spend(DEVICE, Of::Sums, 1, 0).is_err(), "a clock that was set back");
        assert!(budgets.spend(DEVICE, Of::Sums, 1, 1_000 + wait - 5).is_err());
        assert_eq!(budgets.spend(DEVICE, Of::Sums, 1, 1_000 + wait), Ok(()));
        assert_eq!(budgets.spend(DEVICE, Of::Sums, a_day, 1_000 + 3 * DAY), Ok(()), "it runs full and no fuller");
        assert!(budgets.spend(DEVICE, Of::Sums, 1, 1_000 + 3 * DAY).is_err());
    }

    #[test]
    fn what_is_asked_at_once_is_done_whole_and_paid_for_after() {
        let budgets = Budgets::default();
        for of in [Of::Bytes, Of::Changes, Of::Persons, Of::Sums] {
            let a_day = usize::try_from(of.a_day()).unwrap();
            assert_eq!(budgets.spend(DEVICE, of, 3 * a_day, 0), Ok(()));
            assert_eq!(budgets.spend(DEVICE, of, 0, DAY), Err(DAY), "{of:?}: nobody waits longer than a day without asking");
            assert!(budgets.spend(DEVICE, of, 0, DAY + DAY / 2).is_err());
            assert_eq!(budgets.spend(DEVICE, of, 0, 2 * DAY + DAY), Ok(()));
        }
    }
}
