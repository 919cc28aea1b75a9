//! 送餐顺序: in which order elders are driven to.

use crate::schema::RecordId;
use jiff::civil::DateTime;

/// By what the stops of a meal are sorted: as somebody put them, the others behind by address, and so the same tomorrow.
#[must_use]
pub fn place<'a>(
    run: &[RecordId],
    elder: RecordId,
    address: &'a str,
    taken_at: DateTime,
    number: &'a str,
) -> (usize, &'a str, DateTime, &'a str) {
    (run.iter().position(|one| *one == elder).unwrap_or(usize::MAX), address, taken_at, number)
}
