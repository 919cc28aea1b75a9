//! 留样: a sample of each dish of each meal is kept cold, so that a case of poisoning can be traced (《食品安全国家标准 餐饮服务通用卫生规范》 and the rules
//! for canteens of care homes: 125 g, 48 hours).

use jiff::ToSpan;
use jiff::civil::DateTime;

/// The least of a sample, in grams.
pub const MIN_GRAMS: i64 = 125;
/// It is kept for so many hours.
pub const KEEP_HOURS: i64 = 48;
/// So many hours after orders closed a sample that is not taken is late.
pub const LATE_HOURS: i64 = 4;

/// From when a sample may be thrown away.
#[must_use]
pub fn discard_from(taken_at: DateTime) -> DateTime {
    taken_at.saturating_add(KEEP_HOURS.hours())
}

/// Where a dish stands with its sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SampleState {
    /// To be taken.
    Due,
    /// It should have been taken.
    Late,
    /// It is kept.
    Kept,
    /// It has been kept long enough.
    Discard,
    /// It was thrown away.
    Gone,
}

/// Where a dish of a meal stands whose orders closed then; `taken` says when its sample was taken, and whether that was thrown away.
#[must_use]
pub fn state(closed: DateTime, taken: Option<(DateTime, bool)>, now: DateTime) -> SampleState {
    match taken {
        None if now > closed.saturating_add(LATE_HOURS.hours()) => SampleState::Late,
        None => SampleState::Due,
        Some((_, true)) => SampleState::Gone,
        Some((taken_at, false)) if now >= discard_from(taken_at) => SampleState::Discard,
        Some(_) => SampleState::Kept,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_sample_is_due_then_late_and_is_kept_for_two_days() {
        let closed = date(2026, 11, 22).at(10, 30, 0, 0);
        let taken = closed.saturating_add(1.hour());
        for (taken, hours, wanted) in [
            (None, 0, SampleState::Due),
            (None, 4, SampleState::Due),
            (None, 5, SampleState::Late),
            (Some((taken, false)), 2, SampleState::Kept),
            (Some((taken, false)), 48, SampleState::Kept),
            (Some((taken, false)), 49, SampleState::Discard),
            (Some((taken, true)), 60, SampleState::Gone),
        ] {
            assert_eq!(state(closed, taken, closed.saturating_add(hours.hours())), wanted, "{taken:?} {hours}");
        }
    }
}
