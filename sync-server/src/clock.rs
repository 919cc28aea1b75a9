//! The server's clock, handed down from `main` so that tests can fix it. The only place that asks
//! the operating system for the time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::sync::Arc;

/// Gives seconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// The clock of the machine. A debug build may be set to another time by `YINLING_NOW`
    /// (`2026-11-22T09:48:00`, China) and runs on from there, so that tests never depend on the hour.
    #[must_use]
    pub fn system() -> Self {
        let set = if cfg!(debug_assertions) { std::env::var("YINLING_NOW").ok() } else { None };
        if let Some(begun) = set.and_then(|text| Offset::constant(8).to_timestamp(text.parse().ok()?).ok()) {
            let running = std::time::Instant::now();
            return Self::by(move || begun.as_second().saturating_add_unsigned(running.elapsed().as_secs()));
        }
        Self::by(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
        })
    }

    /// Any other source, as in tests.
    pub fn by(source: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        (self.0)()
    }

    /// Civil time of China.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        civil(self.seconds())
    }
}

/// Civil time of China (UTC+8, no daylight saving) at `seconds` since 1970.
#[must_use]
pub fn civil(seconds: i64) -> DateTime {
    let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::fixed(Offset::constant(8))).datetime()
}

#[cfg(test)]
mod tests {
    #[test]
    fn china_is_eight_hours_ahead() {
        assert_eq!(super::civil(0).to_string(), "1970-01-01T08:00:00");
    }
}
