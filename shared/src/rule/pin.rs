//! What a PIN of the desk has to be, how long a desk waits after wrong ones, and when it locks itself. A PIN stays on the computer where it
//! was chosen; it says who of the staff sits there, not which computer this is.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

/// Characters a PIN has at least.
pub const SHORTEST: usize = 6;
/// Bytes a PIN has at most.
pub const LONGEST: usize = 200;
/// So many wrong ones in a row are let pass.
pub const TRIES: u32 = 5;
/// Seconds to wait after the last of them; each further one doubles it.
const WAIT: i64 = 60;
/// It is never longer than that, in seconds.
pub const LONGEST_WAIT: i64 = 30 * 60;
/// A desk at which nobody does anything locks itself after so many seconds.
pub const IDLE: i64 = 10 * 60;
/// Who is new, or whose PIN was reset, may choose one for so many hours.
pub const TO_CHOOSE: i64 = 7 * 24;

/// Who agrees to what another one does has had the PIN for so many hours: nobody makes up a second person on the spot.
pub const TO_AGREE: i64 = 24;

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinProblem {
    /// Fewer than [`SHORTEST`] characters.
    Short,
    /// More than [`LONGEST`] bytes.
    Long,
    /// Others guess it: the same digit, digits in a row, one pair again and again.
    Guessed,
}

/// Whether somebody may have this PIN.
///
/// # Errors
/// The first [`PinProblem`].
pub fn check(pin: &str) -> Result<(), PinProblem> {
    let signs: Vec<u32> = pin.chars().map(u32::from).collect();
    if signs.len() < SHORTEST {
        return Err(PinProblem::Short);
    }
    if pin.len() > LONGEST {
        return Err(PinProblem::Long);
    }
    let steps = |by: u32| signs.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(by));
    let again = |many: usize| signs.iter().zip(&signs[many..]).all(|(one, other)| one == other);
    if steps(0) || steps(1) || steps(u32::MAX) || again(2) || again(3) {
        return Err(PinProblem::Guessed);
    }
    Ok(())
}

/// How many seconds to wait after so many wrong ones in a row.
#[must_use]
pub fn wait(wrong: u32) -> i64 {
    match wrong.checked_sub(TRIES) {
        None => 0,
        Some(beyond) => 2i64.checked_pow(beyond).and_then(|times| WAIT.checked_mul(times)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
    }
}

/// Until when nothing is tried, for a clock that shows `now`. One that was set back does not make the wait longer than it ever is.
#[must_use]
pub fn waits_until(until: Option<i64>, now: i64) -> Option<i64> {
    until.filter(|until| (now..=now + LONGEST_WAIT).contains(until) && *until > now)
}

/// Whether somebody who is new since `made`, or whose PIN was reset at `reset`, may choose one now.
#[must_use]
pub fn may_choose(made: Option<DateTime>, reset: Option<DateTime>, now: DateTime) -> bool {
    let lately = |at: DateTime| (SignedDuration::from_hours(-24)..=SignedDuration::from_hours(TO_CHOOSE)).contains(&now.duration_since(at));
    made.into_iter().chain(reset).any(lately)
}

/// Whether a PIN chosen at `chosen` still counts after a reset.
#[must_use]
pub fn counts(chosen: DateTime, reset: Option<DateTime>) -> bool {
    reset.is_none_or(|reset| chosen > reset)
}

/// Whether somebody whose PIN was chosen at `chosen` may agree to what another one does.
#[must_use]
pub fn may_agree(chosen: DateTime, now: DateTime) -> bool {
    now.duration_since(chosen) >= SignedDuration::from_hours(TO_AGREE)
}

/// Whether a desk at which something was done last at `last` locks itself now; seconds of one clock.
#[must_use]
pub fn is_idle(last: Timestamp, now: Timestamp) -> bool {
    now.duration_since(last) > SignedDuration::from_secs(IDLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn pins_that_everybody_tries_first_are_named() {
        for (pin, problem) in [
            ("", Some(PinProblem::Short)),
            ("27194", Some(PinProblem::Short)),
            ("271943", None),
            ("000000", Some(PinProblem::Guessed)),
            ("123456", Some(PinProblem::Guessed)),
            ("987654", Some(PinProblem::Guessed)),
            ("121212", Some(PinProblem::Guessed)),
            ("123123", Some(PinProblem::Guessed)),
            ("123457", None),
            ("饭堂二零二六", None),
            (&"71".repeat(LONGEST), Some(PinProblem::Long)),
        ] {
            assert_eq!(check(pin).err(), problem, "{pin}");
        }
    }

    #[test]
    fn who_tries_wrongly_waits_longer_each_time_and_never_for_good() {
        assert_eq!((0..9).map(wait).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 60, 120, 240, 480]);
        assert_eq!((wait(40), wait(u32::MAX)), (LONGEST_WAIT, LONGEST_WAIT));
        assert_eq!(waits_until(Some(100), 40), Some(100));
        assert_eq!((waits_until(Some(100), 100), waits_until(None, 0)), (None, None));
        assert_eq!(waits_until(Some(100_000_000), 40), None, "the clock was set back");
    }

    #[test]
    fn a_pin_is_chosen_by_who_is_new_or_was_given_leave_lately() {
        let at = |day: i8| date(2026, 11, day).at(9, 0, 0, 0);
        assert!(may_choose(Some(at(20)), None, at(26)) && !may_choose(Some(at(20)), None, at(28)));
        assert!(may_choose(Some(at(1)), Some(at(27)), at(28)) && !may_choose(None, None, at(28)));
        assert!(!may_choose(Some(at(28)), None, at(20)), "made in days to come");
        assert!(may_agree(at(20), at(21)) && !may_agree(at(20), date(2026, 11, 21).at(8, 59, 59, 0)) && !may_agree(at(21), at(20)));
        assert!(counts(at(20), None) && counts(at(20), Some(at(19))) && !counts(at(20), Some(at(20))));
    }
}
