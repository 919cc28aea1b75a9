//! 回单: until when it may be changed freely, and which arrival times can't be (requirement A7).

use jiff::civil::DateTime;

/// Most photos on one receipt.
pub const MAX_PHOTOS: usize = 9;

/// Why a receipt is not taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// It says that the meal arrived later than now.
    #[error("arrived in the future")]
    Future,
    /// It says that the meal arrived before its day began.
    #[error("arrived before the day of the meal")]
    BeforeTheMeal,
    /// More than [`MAX_PHOTOS`].
    #[error("too many photos")]
    TooManyPhotos,
    /// The free window is over; a change wants a reason and the town's approval.
    #[error("the window for changes is over")]
    WindowOver,
}

/// Whether the arrival can be: on the day of the meal or later, and not after `now` (five minutes
/// are granted to the clocks of phones).
///
/// # Errors
/// [`ReceiptRefusal`]
pub fn arrival(meal_day: jiff::civil::Date, arrived_at: DateTime, now: DateTime) -> Result<(), ReceiptRefusal> {
    if arrived_at > now.saturating_add(jiff::Span::new().minutes(5)) {
        return Err(ReceiptRefusal::Future);
    }
    if arrived_at.date() < meal_day {
        return Err(ReceiptRefusal::BeforeTheMeal);
    }
    Ok(())
}

/// Whether a receipt written at `recorded_at` may still be changed freely.
///
/// # Errors
/// [`ReceiptRefusal::WindowOver`]
pub fn change(recorded_at: DateTime, free_hours: i64, now: DateTime) -> Result<(), ReceiptRefusal> {
    let end = recorded_at.saturating_add(jiff::Span::new().hours(free_hours.clamp(0, 24 * 366)));
    if now <= end { Ok(()) } else { Err(ReceiptRefusal::WindowOver) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn arrivals_that_can_be() {
        let day = date(2026, 11, 22);
        let now = day.at(12, 0, 0, 0);
        for (at, expect) in [
            (day.at(11, 58, 0, 0), Ok(())),
            (day.at(12, 5, 0, 0), Ok(())),
            (day.at(12, 6, 0, 0), Err(ReceiptRefusal::Future)),
            (date(2026, 11, 21).at(23, 0, 0, 0), Err(ReceiptRefusal::BeforeTheMeal)),
        ] {
            assert_eq!(arrival(day, at, now), expect, "{at}");
        }
    }

    #[test]
    fn the_free_window_ends() {
        let written = date(2026, 11, 22).at(12, 0, 0, 0);
        assert_eq!(change(written, 24, date(2026, 11, 23).at(12, 0, 0, 0)), Ok(()));
        assert_eq!(change(written, 24, date(2026, 11, 23).at(12, 0, 1, 0)), Err(ReceiptRefusal::WindowOver));
        assert_eq!(change(written, 0, written), Ok(()));
    }
}
