//! The calendar of working days.

pub const ENDS_BEFORE_IT_BEGINS: &str = "The last day is before the first one";

#[must_use]
pub fn too_long(days: i64) -> String {
    format!("At most {days} days in one go")
}

#[must_use]
pub fn rests(name: &str) -> String {
    format!("Rests: {name}")
}

/// Orders that stand on days on which the canteen rests.
#[must_use]
pub fn ordered(orders: u32) -> String {
    format!(
        "{orders} orders stand on days on which the canteen rests, and are not cancelled by themselves. Cancel those that are not served, and tell the elders"
    )
}

/// A day and how many orders stand on it.
#[must_use]
pub fn ordered_on(day: &str, name: &str, orders: u32) -> String {
    format!("{day} ({name}): {orders}")
}

/// Beside a day of a month.
pub const MARK: &str = "rest";
pub const WORKING_DAYS: &str = "Working days";
