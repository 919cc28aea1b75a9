//! The clock, handed in from outside so that tests turn it. Civil time is China's everywhere.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::sync::Arc;

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock. A debug build may be set to another time by `YINLING_NOW`
    /// (`2026-11-22T09:48:00`, China) and runs on from there, so that tests never depend on the hour.
    #[must_use]
    pub fn system() -> Self {
        let set = if cfg!(debug_assertions) { std::env::var("YINLING_NOW").ok() } else { None };
        let instant = set.and_then(|text| Offset::constant(8).to_timestamp(text.parse().ok()?).ok());
        let Some(begun) = instant else { return Self(Arc::new(Timestamp::now)) };
        let running = std::time::Instant::now();
        Self(Arc::new(move || begun.saturating_add(running.elapsed()).unwrap_or(begun)))
    }

    /// Another source of time.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The instant.
    #[must_use]
    pub fn timestamp(&self) -> Timestamp {
        (self.0)()
    }

    /// Date and time of day in China, to the second.
    #[must_use]
    pub fn now(&self) -> DateTime {
        let china = TimeZone::fixed(Offset::constant(8));
        let now = self.timestamp().to_zoned(china).datetime();
        now.date().at(now.hour(), now.minute(), now.second(), 0)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use jiff::Timestamp;
    use jiff::civil::date;

    #[test]
    fn the_day_begins_at_midnight_in_china() {
        let clock = Clock::from_fn(|| Timestamp::from_second(1_795_305_600 - 8 * 3600).unwrap());
        assert_eq!(clock.now(), date(2026, 11, 22).at(0, 0, 0, 0));
    }
}
