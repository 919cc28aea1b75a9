//! Today: how many meals there are, and what is still to be done.

pub const SHOW_ALL: &str = "All";
pub const TO_DO: &str = "To do";
pub const CHOOSE_ORDER: &str = "Choose";
pub const PICKED_UP_OR_RECEIPT: &str = "Picked up / write receipt";
pub const DETAILS: &str = "Details";
pub const DAY_BEFORE_OR_AFTER: &str = "Previous, next day";
pub const ANOTHER_DAY: &str = "Another day";
pub const ANOTHER_DAY_EXAMPLE: &str = "Another day, e.g. 11-25";
pub const WHICH_ORDERS: &str = "Which";
pub const ADDRESS_AND_INSTRUCTIONS: &str = "Address, instructions";
pub const ORDERS: &str = "Orders of the day";
pub const NO_ORDERS: &str = "No orders here. Press F3 to take one by phone.";
pub const PICKED_UP_NOTED: &str = "Marked as picked up.";

/// Stands behind the number of meals.
pub const PORTIONS: &str = "total";

#[must_use]
pub fn completed(ended: u32, total: u32) -> String {
    format!("Done {ended} / {total}")
}
