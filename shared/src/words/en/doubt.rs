//! Doubtful orders.

use super::count as counted;

pub const NOTE_MISSING: &str = "say in a line why it counts or does not";

#[must_use]
pub fn count(orders: u64) -> String {
    counted(orders, "doubtful order", "doubtful orders")
}
